"""What the rows of the tables are made of: exact numbers, bands, ages, routes, and where a row is from.

Numbers are exact decimals; bands are half-open (``from`` belongs to them, ``below`` does not), so that tiers that meet neither
overlap nor leave a gap.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from guidelines.types import Frozen

Route = Literal[
    "oral", "intravenous", "intramuscular", "subcutaneous", "inhaled", "sublingual", "buccal", "intranasal", "rectal",
    "vaginal", "intrathecal", "epidural", "intradermal", "transdermal", "topical", "ophthalmic", "otic", "intraosseous",
    "infiltration", "intraarticular", "endotracheal", "intracavernosal", "intravesical", "intravitreal",
]  # fmt: skip
Fact = Literal[
    "age_years", "weight_kg", "height_cm", "sex", "renal", "pregnant", "child_pugh", "dialysis", "allergies", "conditions",
    "medications", "potassium", "qtc_ms", "inr", "level",
]  # fmt: skip

_AGES = {
    "d": Decimal(1) / Decimal("365.25"),
    "wk": Decimal(7) / Decimal("365.25"),
    "mo": Decimal(1) / 12,
    "y": Decimal(1),
}


def _years(value: object) -> object:
    """``"28 d"``, ``"6 wk"``, ``"3 mo"``, ``"12 y"`` in years."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?) (d|wk|mo|y)", value) if isinstance(value, str) else None
    return Decimal(match[1]) * _AGES[match[2]] if match else value


def listed(value: object) -> object:
    """One word as a list of one."""
    return [value] if isinstance(value, str) else value


def _ranged(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value, value]


Exact = Annotated[Decimal, BeforeValidator(lambda value: str(value) if isinstance(value, float | int) else value)]
Positive = Annotated[Exact, Field(gt=0)]
Words = Annotated[tuple[str, ...], BeforeValidator(listed)]
Amounts = Annotated[tuple[Positive, Positive], BeforeValidator(_ranged)]
Routes = Annotated[tuple[Route, ...], BeforeValidator(listed)]


class Row(Frozen):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Band(Row):
    """``from_ <= value < below``."""

    from_: Exact | None = Field(None, alias="from")
    below: Exact | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.from_ is None and self.below is None:
            raise ValueError("a band needs from, below or both")
        if self.from_ is not None and self.below is not None and self.from_ >= self.below:
            raise ValueError("a band runs from its lower end to below its higher end")
        return self

    def holds(self, value: Decimal | float) -> bool:
        """Whether ``value`` is inside."""
        exact = Decimal(str(value))
        return (self.from_ is None or exact >= self.from_) and (self.below is None or exact < self.below)


def _aged(value: object) -> object:
    return {key: _years(end) for key, end in value.items()} if isinstance(value, dict) else value


AgeBand = Annotated[Band, BeforeValidator(_aged)]


class Source(Row):
    """A document that was opened. ``edition`` is what it calls itself: a revision, a set id, "2022"."""

    title: str
    publisher: str
    edition: str
    date: date


class Sourced(Row):
    source: str | None = None
    section: str | None = None
    verified: bool = True

    @model_validator(mode="after")
    def _is_from_somewhere(self) -> Self:
        if self.verified and not (self.source and self.section):
            raise ValueError("a verified row names its source and section; otherwise it says verified = false")
        if not self.verified and (self.source or self.section):
            raise ValueError("a row that is not verified cites nothing")
        return self
