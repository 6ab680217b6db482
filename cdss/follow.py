"""A question that goes on from earlier ones: "and in children?" is understood alone before anything is looked for.

Only what was released is ever fed back, with the earlier questions as they stand on record, without identifiers. The model may
put them together; what it adds (a figure that nobody asked about, a drug that nobody named) is not believed, and then the
questions are put side by side as they are. The rules always see the asker's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cdss.errors import NotFound
from cdss.service import Service
from cdss.types import MAX_QUESTION_CHARS, FollowUp
from checkers.dosing.drugs import find_drugs
from checkers.fold import fold
from checkers.quantities import quantities
from checkers.types import Verdict

MAX_TURNS = 4
MAX_CLAIMS = 3
MAX_CLAIM_CHARS = 300
_PSEUDONYM = re.compile(r"\[([A-Z]+)-\d+\]")

Turn = tuple[str, tuple[str, ...]]
"""An earlier question, and what was released for it."""


@dataclass(frozen=True, slots=True)
class Understood:
    """``text`` is what is answered, ``words`` are the asker's own, ``prompt`` the hash of a prompt if one was used."""

    text: str
    words: str
    follow_up: FollowUp | None = None
    prompt: str | None = None


async def understand(question: str, follows: str | None, service: Service, *, actor: str) -> Understood:
    """``question``, without identifiers, as it reads alone. Raises ``NotFound`` when ``actor`` was given no such answer."""
    if follows is None:
        return Understood(question, question)
    turns = await service.work(_turns, follows, service, actor)
    words = _side_by_side([*(earlier for earlier, _ in turns), question])
    made = await service.backend.standalone(question, turns)
    if made is not None and _adds_nothing(made[0], turns, question):
        return Understood(made[0], words, FollowUp(follows=follows, question=made[0], by="model"), made[1])
    return Understood(words, words, FollowUp(follows=follows, question=words, by="words"))


def _turns(follows: str, service: Service, actor: str) -> list[Turn]:
    """The last turns, the oldest first."""
    turns: list[Turn] = []
    at: str | None = follows
    while at is not None and len(turns) < MAX_TURNS:
        try:
            earlier = service.record.earlier(at, actor=actor)
        except NotFound:
            if not turns:
                raise
            break
        released = [c.text for c in earlier.answer.claims if c.text is not None and c.verdict is Verdict.RELEASE]
        # Pseudonyms of another question stand for other people than those of this one.
        question = _PSEUDONYM.sub(r"[\1]", earlier.question)
        turns.append((question, tuple(text[:MAX_CLAIM_CHARS] for text in released[:MAX_CLAIMS])))
        before = earlier.answer.drafting.follow_up
        at = before.follows if before else None
    return turns[::-1]


def _side_by_side(questions: Sequence[str]) -> str:
    """The questions one after the other, the oldest left out where there is no room."""
    kept: list[str] = []
    room = MAX_QUESTION_CHARS
    for question in reversed(questions):
        room -= len(question) + 1
        if kept and room < 0:
            break
        kept.append(question)
    return "\n".join(reversed(kept))


def _adds_nothing(made: str, turns: Sequence[Turn], question: str) -> bool:
    """Whether every figure of ``made`` stands in a question, and every drug in a question or in what was released."""
    if not 0 < len(made.strip()) <= MAX_QUESTION_CHARS:
        return False
    asked = " \n".join([*(earlier for earlier, _ in turns), question])
    said = " \n".join([asked, *(claim for _, claims in turns for claim in claims)])
    figures = {key for quantity in quantities(fold(asked).text) for key in quantity.keys}
    if any(not quantity.keys & figures for quantity in quantities(fold(made).text)):
        return False
    return _drugs(made) <= _drugs(said)


def _drugs(text: str) -> set[str]:
    return {drug.ingredient or text[slice(*drug.span)].lower() for drug in find_drugs(text)}
