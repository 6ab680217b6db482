"""The shape of a row. Every row says where it is from; one that was taken from no opened source says ``verified = false``.

Units are those of the row (``mg``, ``mcg``, ``units``, ``mEq``, ``mmol``, ``mL`` ...).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from checkers.formulary.fields import AgeBand, Amounts, Band, Fact, Positive, Routes, Row, Sourced, Words, listed
from checkers.types import Severity


class Rate(Row):
    """How fast at most: ``value`` of ``unit``, per kilogram if said, per minute or hour."""

    value: Positive
    unit: str
    per_kg: bool = False
    per: Literal["minute", "hour"]


class Regimen(Sourced):
    """A way in which the drug is given. A dose is within limits if it fits one that applies to the patient.

    ``dose`` low and high in ``unit``, per ``per`` (per kilogram, per square metre). ``every_hours`` is the shortest and the
    longest interval (weekly 168, monthly 730, twice a year 4383, yearly 8766), none for what is given once or runs on.
    ``indication`` narrows it to patients or texts that speak of one of these; ``only`` says that nothing but them will do, so
    that a dose fits only where one is named. ``form`` are words, one of which must stand in the text. ``max_single`` and
    ``max_daily`` are absolute, in ``unit``, whatever the weight. ``at_least_minutes`` is the shortest infusion of one dose.
    """

    route: Routes = Field(min_length=1)
    form: Words = ()
    indication: Words = ()
    only: bool = False
    age: AgeBand | None = None
    weight_kg: Band | None = None
    sex: Literal["female", "male"] | None = None
    role: Literal["dose", "initial", "loading", "single"] = "dose"
    dose: Amounts
    unit: str
    per: Literal["dose", "day", "hour", "minute"] = "dose"
    per_kg: bool = False
    per_m2: bool = False
    every_hours: Amounts | None = None
    max_single: Positive | None = None
    max_daily: Positive | None = None
    max_days: Positive | None = None
    at_least_minutes: Positive | None = None
    max_rate: Rate | None = None
    max_mg_per_ml: Positive | None = None
    round_to: Positive | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.dose[0] > self.dose[1] or (self.every_hours and self.every_hours[0] > self.every_hours[1]):
            raise ValueError("a range runs from low to high")
        if self.only and not self.indication:
            raise ValueError("only needs an indication")
        if self.role in ("dose", "initial") and self.per in ("dose", "day") and self.every_hours is None:
            raise ValueError("a dose that is repeated says every_hours; otherwise its role is single or loading")
        return self


class Maximum(Sourced):
    """A ceiling on the ingredient, whatever the product: one dose, a day (all products together), a course or a lifetime."""

    route: Routes = ()
    form: Words = ()
    indication: Words = ()
    age: AgeBand | None = None
    weight_kg: Band | None = None
    single: Positive | None = None
    daily: Positive | None = None
    total: Positive | None = None
    unit: str
    per_kg: bool = False
    per_m2: bool = False
    note: str | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.single is None and self.daily is None and self.total is None:
            raise ValueError("a maximum needs single, daily or total")
        return self


class Guard(Sourced):
    """For whom the drug is not, or only within a narrower limit: the patient's facts, then what follows.

    All facts that are stated must hold. Without a limit the drug itself is the finding; with one, a dose beyond it is:
    ``max_single``/``max_daily`` in ``unit`` (``max_single`` of a rate with ``per``), ``min_every_hours``, ``max_days``.
    ``says`` is the finding's reason in our words, ``instead`` what would be right. ``role = "initial"`` is an order that the
    text starts. ``taken`` are drugs or classes of which the patient has one, ``not_taken`` those of which a known list of
    medicines has none; ``gap_days`` says that this one was not taken for so long. ``condition``, ``genotype`` and ``form`` are
    words, any of which will do; ``lab`` is a name of the laboratory
    catalogue with its band in ``value``. ``asks`` is false for what need not be asked for where it is not known.
    """

    route: Routes = ()
    form: Words = ()
    indication: Words = ()
    role: Literal["dose", "initial", "loading", "single"] | None = None
    crcl: Band | None = None
    egfr: Band | None = None
    dialysis: bool | None = None
    child_pugh: Annotated[tuple[Literal["A", "B", "C"], ...], BeforeValidator(listed)] = ()
    pregnant: bool | None = None
    gestation_weeks: Band | None = None
    lactating: bool | None = None
    age: AgeBand | None = None
    weight_kg: Band | None = None
    sex: Literal["female", "male"] | None = None
    condition: Words = ()
    without_condition: Words = ()
    genotype: Words = ()
    taken: Words = ()
    not_taken: Words = ()
    gap_days: Positive | None = None
    lab: str | None = None
    value: Band | None = None
    max_single: Positive | None = None
    max_daily: Positive | None = None
    unit: str | None = None
    per: Literal["dose", "hour", "minute"] = "dose"
    per_kg: bool = False
    per_m2: bool = False
    min_every_hours: Positive | None = None
    max_days: Positive | None = None
    severity: Severity
    says: str = Field(min_length=10, max_length=200)
    instead: str | None = None
    asks: bool = True

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.max_single is not None or self.max_daily is not None) and self.unit is None:
            raise ValueError("a limit says its unit")
        if (self.lab is None) != (self.value is None):
            raise ValueError("lab and value go together")
        return self

    @property
    def has_limit(self) -> bool:
        """Whether only a dose beyond a limit is the finding."""
        limits = (self.max_single, self.max_daily, self.min_every_hours, self.max_days)
        return any(limit is not None for limit in limits)


class Need(Sourced):
    """A patient fact without which a dose of this drug cannot be judged: its absence is a review. ``why`` in our words.

    ``age`` says for whom: renal function decides an adult's gentamicin, age and weight that of a newborn.
    """

    fact: Fact
    route: Routes = ()
    form: Words = ()
    indication: Words = ()
    age: AgeBand | None = None
    per_kg: bool | None = None
    why: str


class Salt(Sourced):
    """Words that name another product: doses of the one are not doses of the other."""

    words: Words
    not_for: Words
    severity: Severity
    says: str


class Potency(Sourced):
    """How many units a milligram of the drug has, where doses are written both ways."""

    units_per_mg: Positive


class Pace(Sourced):
    """How any dose may go into a vein, whichever way of giving it is: at least so long, at most so fast, at most so strong.

    It holds from ``from_dose`` of ``unit`` on, and not for what ``unless`` names ("cardiac arrest").
    """

    route: Routes = ("intravenous", "intraosseous")
    unless: Words = ()
    from_dose: Positive | None = None
    unit: str = "mg"
    at_least_minutes: Positive | None = None
    max_rate: Rate | None = None
    max_mg_per_ml: Positive | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.at_least_minutes is None and self.max_rate is None and self.max_mg_per_ml is None:
            raise ValueError("a pace needs at_least_minutes, max_rate or max_mg_per_ml")
        return self


GUARDS = (
    "renal", "hepatic", "pregnancy", "lactation", "geriatric", "age", "condition", "laboratory", "genotype", "qt", "route",
    "duration",
)  # fmt: skip
"""The kinds of guard; each has a rule of its own."""


class Medicine(Row):
    """All that is known of one ingredient (the key of ``data/drugs.toml``).

    ``measured_in`` are the kinds of unit that its doses may have ("mass", "units", "amount" for mmol and mEq, "volume",
    "activity" for MBq and mCi, "percent"): a dose in another kind is a mistake.
    """

    name: str
    measured_in: Words = ("mass",)
    high_alert: bool = False
    qt_risk: Literal["known", "possible", "conditional"] | None = None
    renal_measure: Literal["crcl", "egfr"] | None = None
    regimen: tuple[Regimen, ...] = ()
    maximum: tuple[Maximum, ...] = ()
    need: tuple[Need, ...] = ()
    salt: tuple[Salt, ...] = ()
    potency: tuple[Potency, ...] = Field((), max_length=1)
    pace: tuple[Pace, ...] = ()
    renal: tuple[Guard, ...] = ()
    hepatic: tuple[Guard, ...] = ()
    pregnancy: tuple[Guard, ...] = ()
    lactation: tuple[Guard, ...] = ()
    geriatric: tuple[Guard, ...] = ()
    age: tuple[Guard, ...] = ()
    condition: tuple[Guard, ...] = ()
    laboratory: tuple[Guard, ...] = ()
    genotype: tuple[Guard, ...] = ()
    qt: tuple[Guard, ...] = ()
    route: tuple[Guard, ...] = ()
    duration: tuple[Guard, ...] = ()

    def guards(self, kind: str) -> tuple[Guard, ...]:
        """Its guards of one of the kinds in ``GUARDS``."""
        found: tuple[Guard, ...] = getattr(self, kind)
        return found

    def rows(self) -> tuple[Sourced, ...]:
        """Every row that has a source."""
        guarded = tuple(row for kind in GUARDS for row in self.guards(kind))
        return (*self.regimen, *self.maximum, *self.need, *self.salt, *self.potency, *self.pace, *guarded)


def medicine(name: str, given: dict[str, Any]) -> Medicine:
    """The medicine of one TOML table."""
    return Medicine.model_validate({"name": name, **given})
