"""Plain questions on the corpus: is the right section found, and is the figure or instruction in a claim that was released?

    python -m tests.bench.questions [--home DIR] [--set forty|heldout] [--verbose]

Ingests the corpus first if the home has no library. Prints one line a question and the two counts; the questions were
written before any tuning (``tests/eval``), and the held-out set was never tuned on.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdss.pipeline import Service, ask
from cdss.server import open_service
from cdss.settings import Settings
from cdss.types import Answer, AnswerStatus, Question
from checkers.types import Verdict

EVAL = Path(__file__).parents[1] / "eval"
FIRST = 3


@dataclass(frozen=True)
class Outcome:
    """What became of one question."""

    id: str
    section_found: bool
    figure_given: bool
    status: AnswerStatus
    milliseconds: float
    answer: Answer


def questions(name: str) -> list[dict[str, Any]]:
    """The questions of a set: ``forty``, ``heldout`` or ``out_of_scope``."""
    loaded: list[dict[str, Any]] = tomllib.loads((EVAL / f"questions_{name}.toml").read_text("utf-8"))["question"]
    return loaded


def outcomes(service: Service, name: str) -> Iterator[Outcome]:
    """Ask every question of a set and judge its answer by what was written down beside it."""
    today = datetime.now(UTC).date()
    live = service.library.live()
    if live is None:
        raise SystemExit("The library is empty: run cdss-ingest add on the corpus first.")
    paths = {head.id: head.source for head in live.heads.values()}
    for item in questions(name):
        answer = Answer.model_validate_json(ask(Question(question=item["text"]), service, actor="bench", today=today))
        files = {Path(path).name for path in (item.get("file", ""), *item.get("also", []))}
        places: dict[tuple[str, str], list[str]] = {}
        for quote in (quote for claim in answer.claims for quote in claim.quotes):
            places.setdefault((quote.document, quote.section), []).append(quote.passage_id)
        first = list(places.items())[:FIRST]
        released = [fold(claim.text) for claim in answer.claims if claim.text and claim.verdict is Verdict.RELEASE]
        yield Outcome(
            id=item["id"],
            section_found=any(
                paths[document] in files and (_is_section(section, item) or _holds(service, passages, item))
                for (document, section), passages in first
            ),
            figure_given=bool(item.get("must"))
            and all(any(re.search(p, text, re.I) for p in group for text in released) for group in item["must"]),
            status=answer.status,
            milliseconds=answer.timings_ms["total"],
            answer=answer,
        )


def fold(text: str) -> str:
    """White space collapsed, as the patterns expect it."""
    return " ".join(text.split())


def _is_section(section: str, item: dict[str, Any]) -> bool:
    """Any of the headings that were written down beside the question; a question without any is judged by its file."""
    words = [_plain(word) for word in item.get("section", [])]
    return not words or any(word in _plain(section) or _plain(section) in word for word in words)


def _holds(service: Service, passage_ids: list[str], item: dict[str, Any]) -> bool:
    """Whether the cited passages themselves hold all that must be said: copies of a page have other headings."""
    text = fold(" ".join(passage.text for passage in service.library.passages(passage_ids).values()))
    return bool(item.get("must")) and all(any(re.search(p, text, re.I) for p in group) for group in item["must"])


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def main() -> int:
    """Exit code 1 when the counts that must hold do not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--set", dest="name", default="forty", choices=("forty", "heldout", "out_of_scope"))
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    service = open_service(Settings(home=args.home) if args.home else Settings())
    service.library.embed_query("warm up")
    got = list(outcomes(service, args.name))
    service.close()
    if args.json:
        print(json.dumps([{"id": o.id, "section": o.section_found, "figure": o.figure_given} for o in got]))
        return 0
    texts = {item["id"]: item["text"] for item in questions(args.name)}
    for outcome in got:
        print(
            f"{'S' if outcome.section_found else '-'}{'F' if outcome.figure_given else '-'} {outcome.status:16} {outcome.id}"
        )
        if args.verbose:
            print(f"      ? {texts[outcome.id]}")
            for claim in outcome.answer.claims:
                place = claim.quotes[-1] if claim.quotes else None
                print(f"      {claim.verdict:8} {fold(claim.text or '')[:300]}")
                print(
                    f"               [{place.title} > {place.section}]" if place else f"               {claim.findings}"
                )
    answered = sum(o.status is not AnswerStatus.ABSTAINED for o in got)
    sections, figures = sum(o.section_found for o in got), sum(o.figure_given for o in got)
    print(f"{len(got)} questions, {answered} answered")
    print(f"right section among the first {FIRST}: {sections}; figure or instruction in a released claim: {figures}")
    print(f"median {statistics.median(o.milliseconds for o in got):.0f} ms, without HTTP")
    return 0 if args.name != "forty" or (sections >= 34 and figures >= 30) else 1


if __name__ == "__main__":
    sys.exit(main())
