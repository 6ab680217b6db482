"""What happens to a question, in the order in which it happens. One class an event; ``cdss.api.ask_stream`` sends them."""

from __future__ import annotations

from typing import ClassVar, Literal

from cdss.retrieve import Retrieval
from cdss.sources import SECTION_SEPARATOR
from cdss.types import Conflict, Nearest, ShownClaim
from checkers.types import Finding
from guidelines.types import Frozen


class Stage(Frozen):
    """What is done next. ``id`` is that of the answer to be; a stage may come again: a draft, then its repair."""

    event: ClassVar[str] = "stage"

    id: str
    stage: Literal["retrieve", "draft", "repair", "fall back", "decide"]


class FoundPassage(Nearest):
    """A passage as it was found, before anything was drafted from it."""

    text: str


class Passages(Frozen):
    """What was found, the best first."""

    event: ClassVar[str] = "passages"

    generation: str | None
    confidence: float
    passages: tuple[FoundPassage, ...]

    @classmethod
    def of(cls, found: Retrieval) -> Passages:
        """Everything that the draft may rest on."""
        return cls(
            generation=found.generation,
            confidence=round(found.confidence, 3),
            passages=tuple(
                FoundPassage(
                    passage_id=item.passage.id,
                    document=item.head.id,
                    title=item.head.title,
                    section=SECTION_SEPARATOR.join(item.passage.section),
                    page=item.passage.page,
                    edition=item.head.metadata.edition,
                    text=item.passage.text,
                )
                for item in found.found
            ),
        )


class Released(Frozen):
    """A claim that passed the rules, together with those before it, and is on record. It is never taken back."""

    event: ClassVar[str] = "claim"

    claim: ShownClaim
    conflicts: tuple[Conflict, ...] = ()


class Told(Frozen):
    """Something that a rule found about a claim, released or withheld."""

    event: ClassVar[str] = "finding"

    claim: str
    finding: Finding


class Whole(Frozen):
    """The answer, as it is on record: ``text`` is its JSON."""

    event: ClassVar[str] = "answer"

    text: str


Event = Stage | Passages | Released | Told | Whole
