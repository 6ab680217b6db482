"""The shape of rows about two drugs, or a drug and an allergy: ``data/pairs/*.toml``.

A party is an ingredient of ``data/drugs.toml``, or ``class:NSAID`` for all that have this class there.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from checkers.formulary.fields import Band, Positive, Routes, Sourced, Words
from checkers.types import Severity


class Interaction(Sourced):
    """``a`` and ``b`` together (any of each). Either may be the one that is ordered.

    ``mitigated`` are words that, standing in the text, say that the pair is being handled ("reduce", "separate", "hold"): the
    finding is then ``review`` at most. ``up_to_daily`` (of ``limited``, in mg): below it the pair is no finding, and from
    ``from_daily`` on neither (a dose that is raised for the other drug); ``unsized`` is the severity where nobody says how much
    of ``limited`` is taken.
    ``washout_days``: the finding also counts for a drug stopped within so many days. ``when`` are words of which one must
    stand in the text for the row to count ("start").
    """

    a: Words = Field(min_length=1)
    b: Words = Field(min_length=1)
    severity: Severity
    says: str = Field(min_length=10, max_length=200)
    instead: str | None = None
    mitigated: Words = ()
    when: Words = ()
    limited: str | None = None
    up_to_daily: Positive | None = None
    from_daily: Positive | None = None
    unsized: Severity | None = None
    unit: str = "mg"
    washout_days: Positive | None = None
    crcl: Band | None = None
    route: Routes = ()


class Allergy(Sourced):
    """An allergy ``to`` (words of the record, ingredients, classes) bars ``drugs``.

    ``severity`` is that of a severe or undescribed reaction; ``mild`` (if given) that of a reaction recorded as remote or mild
    (the words are in ``data/pairs/reactions.toml``).
    """

    to: Words = Field(min_length=1)
    drugs: Words = Field(min_length=1)
    without: Words = ()
    severity: Severity
    mild: Severity | None = None
    kind: Literal["same", "class", "cross"]
    says: str = Field(min_length=10, max_length=200)
    instead: str | None = None


class Duplicate(Sourced):
    """Two different drugs of ``drug_class`` at once; ``without`` are pairs that belong together after all.

    A row that is ``shared`` is about two products of one ingredient, one ordered and one that is taken already.
    """

    drug_class: str
    shared: bool = False
    without: tuple[tuple[str, str], ...] = ()
    severity: Severity
    says: str = Field(min_length=10, max_length=200)
