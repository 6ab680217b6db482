"""Questions to a real vLLM with a small real model: verified claims, an honest fall back, or an abstention, and nothing else.

    python -m tests.bench.vllm_answers [--count 50] [--home DIR] [--seconds 7200]

Asks the questions of the evaluation set on the corpus if it stands beside the repository, else on the bundled guidelines. It
prints how many of each. Exits with 1 when an answer is anything else.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

from cdss.llm.chat import Chat
from cdss.llm.drafting import Model
from cdss.pipeline import answer
from cdss.server import open_service
from cdss.service import Service
from cdss.settings import LlmSettings, Settings
from cdss.types import Answer, AnswerStatus, Question
from checkers.types import Verdict
from guidelines.library import open_library
from ingest.pipeline import add
from tests.vllm.server import serving

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


def outcome(got: Answer, service: Service) -> str:
    """What kind of answer it is; "WRONG" if it is none that may be."""
    for claim in got.claims:
        if (claim.text is None) != (claim.verdict is Verdict.WITHHOLD) or (claim.text and not claim.quotes):
            return "WRONG"
        for quote in claim.quotes:
            passage = service.library.passages([quote.passage_id])[quote.passage_id]
            if passage.text[quote.start : quote.end] != quote.quote:
                return "WRONG"
    if got.drafting.fallback is not None:
        said = any("chosen for the question" in notice for notice in got.notices)
        return f"fell back: {got.drafting.fallback}" if said else "WRONG"
    if got.status is AnswerStatus.ABSTAINED:
        return "abstained by the model" if got.drafting.prompts else "abstained before the model"
    return f"verified claims: {got.status}"


async def ask_all(questions: list[str], service: Service, seconds: float) -> Counter[str]:
    """Ask two at a time, as many as there is time for."""
    until = time.monotonic() + seconds
    found: Counter[str] = Counter()
    waiting = list(questions)

    async def work() -> None:
        while waiting and time.monotonic() < until:
            question = Question(question=waiting.pop())
            got = Answer.model_validate_json(await answer(question, service, actor="bench", today=date(2026, 11, 28)))
            found[outcome(got, service)] += 1
            sys.stderr.write(".")

    await asyncio.gather(work(), work())
    return found


def main() -> int:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=7200)
    parser.add_argument("--home", type=Path, help="a home that holds the documents")
    given = parser.parse_args()
    name = "answers_corpus" if CORPUS.is_dir() else "answers_bundled"
    cases = tomllib.loads((ROOT / "tests" / "eval" / f"{name}.toml").read_text("utf-8"))["case"]
    questions = [case["question"] for case in cases][: given.count]
    with tempfile.TemporaryDirectory() as scratch:
        home = given.home or Path(scratch) / "home"
        if given.home is None:
            with open_library(Settings(home=home)) as library:
                add(library, [CORPUS if CORPUS.is_dir() else ROOT / "guidelines" / "documents"], actor="bench")
        with serving(log=Path(scratch) / "log", context=4096) as server:
            settings = Settings.model_validate({"home": home, "retrieval": {"passages": 3}})
            llm = {
                "base_url": server.url,
                "context_tokens": 4096,
                "draft_tokens": 320,
                "first_token_s": 120,
                "total_s": 240,
            }
            opened = open_service(settings)
            model = Model(Chat(LlmSettings.model_validate(llm)))
            service = Service(settings=settings, library=opened.library, record=opened.record, backend=model)
            service.warm_up()
            found = asyncio.run(ask_all(questions, service, given.seconds))
            opened.close()
    sys.stdout.write(f"\n{found.total()} questions of {name}\n")
    for kind, number in found.most_common():
        sys.stdout.write(f"{kind:40} {number}\n")
    return int(bool(found["WRONG"]) or not found.total())


if __name__ == "__main__":
    sys.exit(main())
