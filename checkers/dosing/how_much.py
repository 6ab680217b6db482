"""What the rules of ``grammar.lark`` on amounts are worth. A method has the name of its rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from lark import Transformer, v_args

from checkers.dosing.scan import Token
from checkers.dosing.span import Span, days_of, in_parts
from checkers.dosing.worth import Amount, Basis, Concentration, Lasting, NotOne, Often, Strength
from checkers.units import unit as known

POUND = Fraction(45359237, 100_000_000)
_WIDEST = 100
"""No range of doses runs from one to so many times as much."""
_BASES: dict[str, Basis] = {"hour": "hour", "minute": "minute"}

Item = Any


@dataclass(frozen=True, slots=True)
class _Rate:
    kind: str
    count: Fraction = Fraction(1)
    of: str = ""
    end: int = 0


@v_args(inline=True)
class HowMuch(Transformer[Token, Any]):
    """Numbers, amounts, strengths; raises ``NotOne`` for what the grammar takes and nobody could mean."""

    # --- numbers

    def span(self, number: Token | Span) -> Span:
        return number if isinstance(number, Span) else Span(number, number)

    def range(self, *items: Token) -> Span:
        first, last = (item for item in items if item.type == "NUM")
        if items[1].type == "DASH" and first.value and last.value / first.value >= _WIDEST:
            raise NotOne  # "two-1,000 mg infusions" are two of them
        return Span(first, last, items[1].type)

    # --- how much

    def unit(self, unit: Token) -> Token:
        return unit

    def form(self, *items: Token) -> Token:
        return items[-1]

    def per_kg(self, *items: Token) -> _Rate:
        return _Rate("kg", end=items[-1].end)

    def per_lb(self, *items: Token) -> _Rate:
        return _Rate("lb", end=items[-1].end)

    def per_m2(self, *items: Token) -> _Rate:
        return _Rate("m2", end=items[-1].end)

    def per_time(self, *items: Token) -> _Rate:
        return _Rate("time", Fraction(1), items[-1].value, items[-1].end)

    def per_times(self, *items: Token) -> _Rate:
        number, time = items[-2:]
        if items[0].type == "IN" and number.value * days_of()[time.value] != 1:
            raise NotOne
        return _Rate("time", number.value, time.value, time.end)

    def per_dose(self, *items: Token) -> _Rate:
        return _Rate("dose", end=items[-1].end)

    def per_unit(self, *items: Token) -> _Rate:
        count = next((item.value for item in items if item.type == "NUM"), Fraction(1))
        unit = items[-1].value[0] if items[-1].type == "UNIT" else "m2"
        return _Rate("unit", count, unit, items[-1].end)

    def per_form(self, *items: Token) -> _Rate:
        return _Rate("form", Fraction(1), items[-1].value, items[-1].end)

    def part(self, span: Span, measure: Token, *rates: _Rate) -> Item:
        """An amount, or what turns out to be none: a concentration, a strength."""
        unit, factor = (measure.value, 1) if measure.type == "FORM" else measure.value
        amount = Amount(
            span.first.start,
            rates[-1].end if rates else measure.end,
            span.low * factor,
            span.high * factor,
            unit,
            form=measure.type == "FORM",
        )
        if span.joint and span.first.value > span.last.value:
            first = replace(amount, low=span.first.value * factor, high=span.first.value * factor, end=span.first.end)
            last = replace(amount, start=span.last.start, low=span.last.value * factor, high=span.last.value * factor)
            if span.joint == "DASH" and not rates:
                return Strength((first, last))
            if span.joint == "TO":
                whole = _rated(amount, rates)
                if not isinstance(whole, Amount):
                    return whole
                first, last = (_rated(end, rates) for end in (first, last))
                return replace(whole, ends=(first, last))
        return _rated(amount, rates)

    def amount(self, part: Item) -> Item:
        return part

    def ends(self, *items: Item) -> Amount:
        first, last = (item for item in items if not isinstance(item, Token))
        if not isinstance(first, Amount) or not isinstance(last, Amount) or first.ends or last.ends:
            raise NotOne
        if first.unit != last.unit or (first.per_kg or first.per_m2) != (last.per_kg or last.per_m2):
            raise NotOne
        whole = replace(last, start=first.start, low=min(first.low, last.low), high=max(first.high, last.high))
        return replace(whole, ends=(first, last))

    def mixed(self, *_: Item) -> Concentration:
        return Concentration()

    def pair(self, pair: Token, *behind: Token) -> Strength | Lasting:
        unit = next((item.value for item in behind if item.type == "UNIT"), None)
        form = next((item.value for item in behind if item.type == "FORM"), None)
        if not unit and not form and (days := in_parts(pair.value)):
            return Lasting(days)
        name, factor = unit or ("", 1)
        end = behind[-1].end if behind else pair.end
        return Strength(
            tuple(Amount(pair.start, end, worth * factor, worth * factor, name) for worth in pair.value), form
        )

    def counted(self, *items: Item) -> Strength:
        if any(isinstance(item, Concentration | Strength) for item in items):
            raise NotOne  # "7.9 mL of 400 mg/5 mL" is a volume, and what it holds
        if isinstance(items[0], Token) and any(isinstance(item, Token) and item.type == "PAIR" for item in items):
            return self._counted_pairs(items)
        parts = [item for item in items if isinstance(item, Amount)]
        if len(parts) == 2:
            count, held = parts
            if not count.form or held.form or _is_rated(held):
                raise NotOne
            return Strength((held,), count.unit, count)
        number, form = items[0], items[-1]
        if len(parts) != 1 or parts[0].form or _is_rated(parts[0]):
            raise NotOne
        count = Amount(number.start, form.end, number.value, number.value, form.value, form=True)
        return Strength((parts[0],), form.value, count)

    def _counted_pairs(self, items: tuple[Item, ...]) -> Strength:
        number, form = items[0], items[-1]
        at = next(n for n, item in enumerate(items) if isinstance(item, Token) and item.type == "PAIR")
        held = self.pair(*items[at:])
        if not isinstance(held, Strength):
            raise NotOne
        return Strength(
            held.amounts, form.value, Amount(number.start, form.end, number.value, number.value, form.value, form=True)
        )

    def strength(self, part: Item, behind: Token) -> Strength:
        if not isinstance(part, Amount) or part.form or _is_rated(part):
            raise NotOne
        return Strength((part,), behind.value if behind.type == "FORM" else None)

    def scheduled(self, schedule: Token, measure: Token | None = None) -> Amount | Often:
        """ "8-0-6 units" is 6 to 8 units twice a day, "1-0-1" twice a day; "2-0-1" counts what the drug comes in."""
        parts = [part for part in schedule.value if part]
        if not parts:
            raise NotOne
        often = Fraction(len(parts))
        if measure is None and max(parts) == min(parts) == 1:
            return Often(often)
        unit, factor = ("", 1) if measure is None else (measure.value, 1) if measure.type == "FORM" else measure.value
        end, form = (measure or schedule).end, measure is None or measure.type == "FORM"
        return Amount(schedule.start, end, min(parts) * factor, max(parts) * factor, unit, form=form, a_day=often)


def _rated(amount: Amount, rates: Any) -> Item:
    """``amount`` with what it is per: an amount, a concentration, a strength."""
    for rate in rates:
        if rate.kind == "kg":
            amount = replace(amount, per_kg=True)
        elif rate.kind == "lb":
            amount = replace(amount, per_kg=True, low=amount.low / POUND, high=amount.high / POUND)
        elif rate.kind == "m2":
            amount = replace(amount, per_m2=True)
        elif rate.kind == "dose":
            amount = replace(amount, basis="dose")
        elif rate.kind == "time":
            amount = _timed(amount, rate)
        elif rate.kind == "form":
            return Strength((amount,), rate.of)
        elif len(rates) == 1 and _is_alike(amount.unit, rate.of):
            return Strength((amount, replace(amount, low=rate.count, high=rate.count, unit=rate.of)))
        else:
            return Concentration()
    if amount.unit in ("dL", "µL", "pg"):
        return Concentration()
    return amount


def _is_alike(unit: str, other: str) -> bool:
    """Whether both are masses, "875 mg/125 mg"; "1 mg per 100 units" of another drug is a ratio, "4 mg/mL" a concentration."""
    try:
        return known(unit).dimension == known(other).dimension != "volume"
    except KeyError:
        return False


def _timed(amount: Amount, rate: _Rate) -> Amount:
    days = rate.count * days_of()[rate.of]
    if not days:
        raise NotOne
    if days == 1:
        return replace(amount, basis="day")
    if rate.count == 1 and (basis := _BASES.get(rate.of)):
        return replace(amount, basis=basis)
    return replace(amount, a_day=1 / days)


def _is_rated(amount: Amount) -> bool:
    return amount.per_kg or amount.per_m2 or amount.basis is not None or amount.a_day is not None
