"""The other side of what a claim says: statements of other sources that disagree with it, side by side with its own."""

from __future__ import annotations

from collections.abc import Iterable

from cdss.retrieve import Retrieval
from cdss.sources import cite, fold
from cdss.types import Conflict, Statement
from checkers import conflict as found_conflict
from checkers.rules.conflict import cited
from checkers.types import Claim
from guidelines.editions import DocumentHead


def disagreements(claims: Iterable[Claim], retrieval: Retrieval) -> tuple[Conflict, ...]:
    """Every conflict between a sentence that one of ``claims`` quotes and a retrieved sentence of another document.

    ``claims`` are those that are shown. A withheld claim has no side.
    """
    heads = {found.passage.document_id: found.head for found in retrieval.found}
    shown: dict[tuple[str, str, frozenset[found_conflict.Side]], tuple[found_conflict.Conflict, list[str]]] = {}
    for claim in claims:
        for conflict in found_conflict.conflicts(retrieval.passages.values(), cited=cited(claim, retrieval.passages)):
            key = conflict.drug, conflict.parameter, frozenset(conflict.sides)  # the same from either side
            shown.setdefault(key, (conflict, []))[1].append(claim.id)
    return tuple(
        Conflict(
            kind="editions" if conflict.editions else "sources",
            drug=conflict.drug,
            parameter=conflict.parameter,
            claims=tuple(ids),
            statements=tuple(_statement(side, retrieval, heads[side.document]) for side in conflict.sides),
        )
        for conflict, ids in shown.values()
        if all(side.document in heads for side in conflict.sides)
    )


def _statement(side: found_conflict.Side, retrieval: Retrieval, head: DocumentHead) -> Statement:
    passage = retrieval.passages[side.passage_id]
    sentence = passage.sentences[side.number]
    place = cite(passage, head, sentence.start, sentence.end, retrieval.as_of)
    return Statement.of(fold(passage.sentence_text(side.number)), side.figure, place)
