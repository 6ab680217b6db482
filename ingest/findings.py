"""What the rules on medicines say of a document's own sentences, before anybody is shown one of them.

Each sentence is judged as it reads alone, for nobody in particular. Its headings may name the drug, or what it is given for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checkers.rules import MEDICATION
from checkers.run import judge
from checkers.types import Claim, ClaimReport, Finding, Severity, Subject
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
    for sentence in told_alone(title, passages):
        if found := tuple(one for one in sentence.judged().findings if one.severity is not Severity.INFO):
            yield Flagged(sentence.passage, sentence.number, sentence.text, found)


@dataclass(frozen=True, slots=True)
class Alone:
    """A sentence with the words it leans on, and the ``place`` it stands in: the document's title and the headings."""

    passage: Passage
    number: int
    text: str
    place: str

    def judged(self) -> ClaimReport:
        """What the rules on medicines say of it, whoever the patient is."""
        claim = Claim(id=self.passage.id, text=self.text)
        return judge(Subject(claim=claim, question=self.place, passages={}), MEDICATION)


def told_alone(title: str, passages: Iterable[Passage]) -> Iterator[Alone]:
    """Every sentence of a document that says something by itself, in its order."""
    passages = tuple(passages)
    by_id = {passage.id: passage for passage in passages}
    for passage in passages:
        place = " ".join((title, *passage.section))
        for number, sentence in enumerate(passage.sentences):
            if sentence.kind not in (SentenceKind.HEADER, SentenceKind.CAPTION):
                yield Alone(passage, number, alone(passage, number, by_id), place)
