"""What the rules on medicines say of a document's own sentences, before anybody is shown one of them.

Each sentence is judged as it reads alone, for nobody in particular. Its headings may name the drug, or what it is given for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checkers.rules import MEDICATION
from checkers.run import judge
from checkers.types import Claim, Finding, Severity, Subject
from guidelines.alone import alone
from guidelines.types import Passage, SentenceKind


@dataclass(frozen=True, slots=True)
class Flagged:
    """A sentence with what was found in it; ``text`` is the sentence with the words it leans on."""

    passage: Passage
    number: int
    text: str
    findings: tuple[Finding, ...]


def findings(title: str, passages: Iterable[Passage]) -> Iterator[Flagged]:
    """Every sentence of a document in which a rule sees something to look at, in its order."""
    passages = tuple(passages)
    by_id = {passage.id: passage for passage in passages}
    for passage in passages:
        place = " ".join((title, *passage.section))
        for number, sentence in enumerate(passage.sentences):
            if sentence.kind in (SentenceKind.HEADER, SentenceKind.CAPTION):
                continue
            text = alone(passage, number, by_id)
            report = judge(Subject(claim=Claim(id=passage.id, text=text), question=place, passages={}), MEDICATION)
            found = tuple(finding for finding in report.findings if finding.severity is not Severity.INFO)
            if found:
                yield Flagged(passage, number, text, found)
