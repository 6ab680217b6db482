"""How often the dose rules flag what guidelines and labels say, and with which rule: every one is to be read by a person.

python -m tests.bench.precision           the counts
python -m tests.bench.precision --list    and every flagged sentence, with its findings
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from checkers.dosing import read_doses
from checkers.types import ClaimReport, Severity
from guidelines.types import Passage
from ingest.findings import told_alone
from ingest.prepare import Task, prepare
from ingest.types import NotAGuidelineError, UnreadableError

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LABELS = 60


def judged(name: str) -> Iterator[tuple[str, str, ClaimReport]]:
    """The place, the sentence as it reads alone and its report, for every sentence with a dose of one of the two corpora."""
    for document, passages in _documents(name):
        for sentence in told_alone(document, passages):
            if read_doses(sentence.text):
                yield sentence.place, sentence.text, sentence.judged()


def _documents(name: str) -> Iterator[tuple[str, tuple[Passage, ...]]]:
    folder, pattern = ("who-pocketbook", "*.html") if name == "WHO pocket book" else ("fda-labels-openfda", "*.json")
    for path in sorted((CORPUS / folder).glob(pattern))[:LABELS]:
        data = path.read_bytes()
        task = Task(data=data, name=path.name, content_hash="0" * 64, stated={}, work_before=None, tenant="default")
        try:
            made = prepare(task)
        except (UnreadableError, NotAGuidelineError):
            continue
        yield made.document.title, made.passages


def main(listed: bool) -> None:
    if not CORPUS.is_dir():
        print(f"not measured: {CORPUS} is absent")
        return
    for name in ("WHO pocket book", "FDA labels"):
        rules: Counter[str] = Counter()
        total = wrong = held = 0
        for place, sentence, report in judged(name):
            total += 1
            found = [finding for finding in report.findings if finding.severity is not Severity.INFO]
            wrong += bool(found)
            held += any(finding.severity is Severity.BLOCK for finding in found)
            rules.update({f"{finding.rule} {finding.severity}" for finding in found})
            if listed and found:
                print(f"[{place}] {sentence}")
                for finding in found:
                    print(f"    {finding.severity} {finding.rule}: {finding.message}")
        print(f"{name}: {wrong} of {total} sentences with a dose flagged ({held} withheld)")
        for rule, count in rules.most_common():
            print(f"    {count:4} {rule}")


if __name__ == "__main__":
    main("--list" in sys.argv)
