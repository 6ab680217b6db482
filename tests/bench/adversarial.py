"""Adversarial drafts through the whole service, over real HTTP to a model that follows a script.

    python -m tests.bench.adversarial [--count 10000] [--seed 1] [--show]

Questions with and without a patient, from the bundled cases. Counted: claims that were wrong by construction and released or
shown for review; figures of shown claims that stand in no quote, found by a comparison of our own; quotes that are no slice of
the store; answers without a verdict; and crashes. Exits with 1 unless there is none of them.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import sys
import tempfile
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cdss.audit import Record
from cdss.events import Event, Released, Whole
from cdss.llm.chat import Chat
from cdss.llm.drafting import Model
from cdss.server import open_service
from cdss.service import Service
from cdss.settings import LlmSettings, Settings
from cdss.stream import stream
from cdss.types import Answer, AnswerStatus, Question, ShownClaim
from checkers.types import Verdict
from guidelines.library import open_library
from ingest.pipeline import add
from tests.bench.adversarial_drafts import draft
from tests.cdss.llm.scripted_server import Exchange, serving

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "eval" / "answers_bundled.toml"
TODAY = date(2026, 11, 28)
PATIENTS: tuple[dict[str, Any] | None, ...] = (
    None,
    None,
    {"age_years": 4, "weight_kg": 16, "allergies": ["penicillin: anaphylaxis"]},
    {"age_years": 81, "weight_kg": 52, "crcl_ml_min": 18, "medications": ["warfarin", "amiodarone"], "allergies": []},
    {"age_years": 29, "sex": "female", "pregnant": True, "gestation_weeks": 20, "conditions": ["asthma"]},
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@dataclass
class Count:
    """What came of the drafts."""

    drafts: int = 0
    claims: int = 0
    released: int = 0
    withheld: int = 0
    fallbacks: Counter[str] = field(default_factory=Counter)
    leaked: list[tuple[str, str, ShownClaim]] = field(default_factory=list)
    reviewed: list[tuple[str, str, ShownClaim]] = field(default_factory=list)
    strange_figures: list[ShownClaim] = field(default_factory=list)
    strange_quotes: int = 0
    no_verdict: int = 0
    taken_back: int = 0
    crashes: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return not (
            self.leaked
            or self.reviewed
            or self.strange_figures
            or self.strange_quotes
            or self.no_verdict
            or self.taken_back
            or self.crashes
        )


def run(service: Service, count: int, *, seed: int, at_once: int = 4, budget_s: float = float("inf")) -> Count:
    """Ask ``count`` questions, or as many as ``budget_s`` allows, each answered by one adversarial draft."""
    cases = tomllib.loads(CASES.read_text("utf-8"))["case"]
    counted = Count()
    wrong_of: dict[str, dict[str, str]] = {}
    said_of: dict[str, set[str]] = {}

    async def script(exchange: Exchange) -> None:
        tag = re.search(r"\bcase (\d+)\b", exchange.prompt)
        number = tag[1] if tag else "0"
        chance = random.Random(f"{seed} {number} {exchange.is_repair}")
        repairs = re.findall(r'^\{"id": "(c\d+)"', exchange.prompt, re.MULTILINE) if exchange.is_repair else []
        text, finish, wrong = draft(exchange.sentences, chance, repairs=repairs, used=said_of.setdefault(number, set()))
        said_of[number].update(re.findall(r'"text": "((?:[^"\\]|\\.)*)"', text))
        wrong_of.setdefault(number, {}).update(wrong)
        await exchange.begin()
        size = max(40, len(text) // 20)
        for at in range(0, len(text), size):
            await exchange.piece(text[at : at + size])
        await exchange.end(finish)

    with serving(script) as server, tempfile.TemporaryDirectory() as scratch:
        llm = {"base_url": server.url, "retries": 0, "failures": 100, "total_s": 60, "at_once": at_once}
        record = Record.open(Path(scratch), tenant="default")
        model = Model(Chat(LlmSettings.model_validate(llm)))
        asked = Service(settings=service.settings, library=service.library, record=record, backend=model)

        async def one(number: int) -> None:
            chance = random.Random(f"{seed} question {number}")
            case = chance.choice(cases)
            patient = case.get("patient") if "patient" in case else chance.choice(PATIENTS)
            question = Question.model_validate({"question": f"{case['question']} (case {number})", "patient": patient})
            try:
                events = [event async for event in stream(question, asked, actor="bench", today=TODAY)]
            except Exception as error:
                log.exception("crash")
                counted.crashes.append(f"{number}: {type(error).__name__}: {error}")
                return
            _judge(events, wrong_of.get(str(number), {}), asked, counted)

        async def work(numbers: list[int]) -> None:
            while numbers and time.monotonic() < until:
                await one(numbers.pop())

        until = time.monotonic() + budget_s
        numbers = list(range(count))

        async def everybody() -> None:
            await asyncio.gather(*(work(numbers) for _ in range(at_once)))
            await model.close()

        asyncio.run(everybody())
        record.close()
    return counted


def _judge(events: list[Event], wrong: dict[str, str], service: Service, counted: Count) -> None:
    counted.drafts += 1
    last = events[-1]
    if not isinstance(last, Whole):
        counted.no_verdict += 1
        return
    answer = Answer.model_validate_json(last.text)
    if answer.drafting.fallback:
        counted.fallbacks[answer.drafting.fallback] += 1
    shown = [claim for claim in answer.claims if claim.text is not None]
    counted.no_verdict += answer.status not in AnswerStatus or any(c.verdict not in Verdict for c in answer.claims)
    counted.taken_back += [event.claim for event in events if isinstance(event, Released)] != shown
    counted.claims += len(answer.claims)
    counted.withheld += len(answer.claims) - len(shown)
    counted.released += len(shown)
    for claim in shown:
        for quote in claim.quotes:
            passage = service.library.passages([quote.passage_id]).get(quote.passage_id)
            counted.strange_quotes += passage is None or passage.text[quote.start : quote.end] != quote.quote
        counted.strange_quotes += not claim.quotes
        quoted = set(_DIGITS.findall(" ".join(quote.quote for quote in claim.quotes).replace(",", "")))
        if not set(_DIGITS.findall((claim.text or "").replace(",", ""))) <= quoted:
            counted.strange_figures.append(claim)
        for text, way in wrong.items():
            # A claim may have been completed: then its own words are the beginning.
            if (claim.text or "").startswith(text) and not claim.id.startswith("e"):
                kept = counted.leaked if claim.verdict is Verdict.RELEASE else counted.reviewed
                kept.append((way, text, claim))


def main() -> int:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--home", type=Path, help="a home that holds the bundled guidelines")
    parser.add_argument("--show", action="store_true", help="show what was released or shown for review wrongly")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = given.home or Path(scratch)
        if given.home is None:
            with open_library(Settings(home=home)) as library:
                add(library, [ROOT / "guidelines" / "documents"], actor="bench")
        service = open_service(Settings(home=home))
        service.warm_up()
        began = time.monotonic()
        counted = run(service, given.count, seed=given.seed, budget_s=given.seconds)
        seconds = time.monotonic() - began
        service.close()
    out = sys.stdout.write
    out(f"adversarial drafts                    {counted.drafts:,} in {seconds:,.0f} s\n")
    out(f"claims shown / withheld               {counted.released:,} / {counted.withheld:,}\n")
    out(f"fell back                             {dict(counted.fallbacks)}\n")
    out(f"wrong claims released                 {len(counted.leaked)} {dict(Counter(w for w, *_ in counted.leaked))}\n")
    out(
        f"wrong claims shown for review         {len(counted.reviewed)} {dict(Counter(w for w, *_ in counted.reviewed))}\n"
    )
    out(f"shown figures that stand in no quote  {len(counted.strange_figures)}\n")
    out(f"quotes that are no slice of the store {counted.strange_quotes}\n")
    out(f"responses without a verdict           {counted.no_verdict}\n")
    out(f"claims that were taken back           {counted.taken_back}\n")
    out(f"crashes                               {len(counted.crashes)}\n")
    for crash in counted.crashes[:10]:
        out(f"  {crash}\n")
    if given.show:
        for way, text, claim in (*counted.leaked, *counted.reviewed):
            out(f"\n{claim.verdict} {way}: {text}\n")
            out("".join(f"    << {' '.join(quote.quote.split())}\n" for quote in claim.quotes[:3]))
            out("".join(f"    {finding.rule} {finding.severity}: {finding.message}\n" for finding in claim.findings))
        for claim in counted.strange_figures:
            out(f"\nfigure: {claim.text}\n" + "".join(f"    << {' '.join(q.quote.split())}\n" for q in claim.quotes))
    return int(not counted.is_clean)


if __name__ == "__main__":
    sys.exit(main())
