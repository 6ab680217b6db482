"""What the rules of ``grammar.lark`` on times are worth. A method has the name of its rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from lark import Transformer, v_args

from checkers.dosing.scan import Token
from checkers.dosing.span import Span, days_of, in_parts
from checkers.dosing.worth import Age, Basis, Divided, Lasting, NotOne, Often, Within

_WEEK = Fraction(7)
_BASES: dict[str, Basis] = {"hour": "hour", "minute": "minute"}

Item = Any


@v_args(inline=True)
class HowOften(Transformer[Token, Any]):
    """How often, in how many parts, for how long; raises ``NotOne`` for what the grammar takes and nobody could mean."""

    # --- how often

    def often(self, often: Often) -> Often:
        return often

    def frequency(self, often: Often) -> Often:
        return often

    def either(self, *items: Item) -> Often:
        times = [item.value if isinstance(item, Token) else item.a_day for item in items if _is_time(item)]
        return Often(max(times))

    def word(self, token: Token) -> Often:
        if token.type == "PERIODLY":
            return Often(1 / token.value, daily=token.value == 1)
        return Often(token.value)

    def interval(self, _: Token, *items: Item) -> Often:
        count, time = (items[0], items[1]) if len(items) == 2 else (None, items[0])
        length = count.low if isinstance(count, Span) else count.value if count else Fraction(1)
        if not length:
            raise NotOne
        days = length * days_of()[time.value]
        return Often(1 / days, daily=days == 1 and count is None)

    def hourly(self, span: Span, period: Token) -> Often:
        """ "6-hourly", "3-monthly"; "2 daily" is no interval."""
        if period.value == 1 or not span.low:
            raise NotOne
        return Often(1 / (span.low * period.value))

    def in_period(self, times: Fraction, *items: Item) -> Often:
        if times == 1 and any(isinstance(item, Token) and str(item.value).startswith("within") for item in items):
            raise NotOne  # "once within 6 hours of birth"
        span = next((item for item in items if isinstance(item, Span)), None)
        period = items[-1]
        if period.type == "FREQ":
            return Often(period.value * times)
        days = period.value if period.type == "PERIODLY" else days_of()[period.value]
        if span:
            days *= span.low
        if not days:
            raise NotOne
        return Often(times / days)

    def times(self, *items: Item) -> Fraction:
        return max(item.high if isinstance(item, Span) else item.value for item in items if _is_count(item))

    def days(self, *items: Item) -> int:
        return sum(item if isinstance(item, int) else item.type == "DAYNAME" for item in items)

    def on_days(self, *items: Item) -> Often:
        return Often(items[-1] / _WEEK)

    def undivided(self, *_: Token) -> Divided:
        return Divided()

    def divided(self, *items: Item) -> Divided:
        worth = next(item for item in items if isinstance(item, (Span, Often)))
        return Divided(worth.high if isinstance(worth, Span) else worth.a_day)

    def division(self, divided: Divided) -> Divided:
        return divided

    # --- how long

    def qualifier(self, token: Token) -> Token:
        return token

    def duration(self, *items: Item) -> Lasting:
        pair = next((item for item in items if isinstance(item, Token) and item.type == "PAIR"), None)
        if pair:
            if days := in_parts(pair.value):
                return Lasting(days)
            raise NotOne
        return Lasting(_length(items))

    def infusion(self, *items: Item) -> Lasting:
        if any(isinstance(item, Token) and item.value == "year" for item in items):
            raise NotOne  # "children over 5 years"
        days = _length(items)
        return Lasting(days, infusion=days < 2, over=True)

    def within(self, *items: Token) -> Within:
        if items[-1].type == "PERIODLY":
            return Within("day") if items[-1].value == 1 else Within(a_day=1 / items[-1].value)
        count = items[1].value if len(items) == 3 else Fraction(1)
        days = count * days_of()[items[-1].value]
        if not days or (items[0].type == "IN" and days != 1):
            raise NotOne
        if days == 1:
            return Within("day")
        if count == 1 and (basis := _BASES.get(items[-1].value)):
            return Within(basis)
        return Within(a_day=1 / days)

    def age(self, *_: Item) -> Age:
        return Age()


def _is_time(item: Item) -> bool:
    return isinstance(item, Often) or (isinstance(item, Token) and item.type == "FREQ")


def _is_count(item: Item) -> bool:
    return isinstance(item, Span) or item.type in ("COUNT", "NUM")


def _length(items: tuple[Item, ...]) -> Fraction:
    span = next((item for item in items if isinstance(item, Span)), None)
    time = next(item for item in items if isinstance(item, Token) and item.type == "TIME")
    return (span.high if span else Fraction(1)) * days_of()[time.value]
