"""Which rows are about this order for this patient: route, form, indication, age, weight, sex."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from checkers.formulary.fields import Band
from checkers.formulary.rows import Regimen
from checkers.situation.amounts import measure
from checkers.situation.conditions import any_named, named, plain
from checkers.situation.facts import Facts
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.tables import table

_SYSTEMIC = frozenset(("oral", "intravenous", "intramuscular", "subcutaneous", "rectal", "transdermal"))
_MEASURED = ("mass", "units", "amount", "equivalents")
_GROWN = 12
_LIGHT_KG = 35


class Placed(Protocol):
    """A row that says to whom and how."""

    @property
    def route(self) -> Sequence[str]: ...
    @property
    def form(self) -> tuple[str, ...]: ...
    @property
    def indication(self) -> tuple[str, ...]: ...


Row = TypeVar("Row", bound=Placed)


def by_route(row: Placed, route: str | None) -> bool:
    """Whether ``row`` is about ``route``; one that is not stated may be any."""
    if route is None or not row.route:
        return True
    return route in row.route or any(other in row.route for other in table("thresholds")["routes"].get(route, ()))


def by_form(row: Placed, situation: Situation) -> bool:
    """Whether a word of the form stands in the text, if the row asks for one."""
    return not row.form or named(row.form, plain(situation.text)) is not None


def by_age(band: Band | None, facts: Facts) -> bool | None:
    """Whether the age is in ``band``; ``None`` if it is not known. A light patient of no known age is no adult."""
    if band is None:
        return True
    if facts.age_years is not None:
        return band.holds(facts.age_years)
    if facts.weight_kg is not None and facts.weight_kg < _LIGHT_KG and band.from_ is not None and band.from_ >= _GROWN:
        return False
    return None


def by_weight(band: Band | None, facts: Facts) -> bool | None:
    """Whether the weight is in ``band``; ``None`` if it is not known."""
    if band is None:
        return True
    return None if facts.weight_kg is None else band.holds(facts.weight_kg)


def indicated(row: Placed, situation: Situation) -> str | None:
    """ "text" or "record", by where one of the row's indications is named; ``None`` if nowhere."""
    if not row.indication:
        return None
    if named(row.indication, situation.facts.said) or named(row.indication, situation.around):
        return "text"
    return "record" if any_named(row.indication, situation.facts.conditions or ()) else None


def for_patient(row: Placed, situation: Situation) -> bool:
    """Whether age, weight and sex allow the row; what is not known does not forbid it."""
    facts = situation.facts
    sex = getattr(row, "sex", None)
    if sex is not None and facts.sex is not None and sex != facts.sex:
        return False
    if isinstance(row, Regimen) and _is_for_the_grown(row) and _is_small(facts):
        return False
    return by_age(getattr(row, "age", None), facts) is not False and (
        by_weight(getattr(row, "weight_kg", None), facts) is not False
    )


def _is_for_the_grown(row: Regimen) -> bool:
    """Whether a way of giving has one amount for everybody, and names no age or weight: it is a grown person's."""
    sized = row.per_kg or row.per_m2 or row.weight_kg is not None
    return row.age is None and not sized and bool(_SYSTEMIC & set(row.route)) and measure(row.unit)[0] in _MEASURED


def _is_small(facts: Facts) -> bool:
    if facts.age_years is not None:
        return facts.age_years < _GROWN
    return facts.weight_kg is not None and facts.weight_kg < _LIGHT_KG


def applying(rows: Iterable[Row], situation: Situation, order: Order) -> list[Row]:
    """Rows about this order: of those with an indication that the text names, no other indication's.

    An indication that only the record names narrows nothing: the order may be for something else that the patient has.
    """
    near = [
        row for row in rows if by_route(row, order.route) and by_form(row, situation) and for_patient(row, situation)
    ]
    named_here = [row for row in near if indicated(row, situation) == "text"]
    if named_here:
        return [row for row in near if not row.indication or row in named_here]
    return near
