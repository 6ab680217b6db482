"""Quantities in prose: a number or range, its unit, what it is per, and how far it reaches.

Two quantities mean the same if they share a key. Conversion is exact (``Fraction``): 0.5 g is 500 mg, 38 °C is 100.4 °F,
twice daily is every 12 hours, one week is 7 days. Nothing is multiplied out: "500 mg twice daily" is not "1 g a day".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from checkers.frequencies import MASK, Frequency, frequencies
from checkers.numerals import MIXED, NUMBER, WORDS, value
from checkers.reach import reach
from checkers.remember import remembered
from checkers.units import DAY, HOUR, MINUTE, Unit, unit, unit_pattern
from checkers.words import stem

FREQUENCY = "frequency"
PER_DAY = f"/time {DAY}"

Key = tuple[Fraction | str, Fraction | str, str]
"""Low, high, and the dimension with what it is per. A label ("120/80", "1200.4.1") has its own text for low and high."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """``text`` at ``[start, end)``, and everything it may be read as: ``keys`` is never empty.

    ``reach`` is a class of ``data/comparators.toml`` or "". A list such as "5, 10 or 15 mg" lends its unit to every number.
    ``noun`` is the stem of the word behind a number without a unit, ``in_words`` says that such a number has no digits.
    """

    text: str
    start: int
    end: int
    keys: frozenset[Key]
    reach: str = ""
    noun: str = ""
    in_words: bool = False

    @property
    def dimensions(self) -> frozenset[str]:
        """What it may be measured in."""
        return frozenset(dimension for _, _, dimension in self.keys)

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return any(low != high for low, high, _ in self.keys)

    def end_of(self, other: Quantity) -> bool:
        """Whether this is one end of the range ``other``."""
        ends = {(end, dimension) for low, high, dimension in other.keys if low != high for end in (low, high)}
        return any((low, dimension) in ends for low, high, dimension in self.keys if low == high)


@dataclass(frozen=True, slots=True)
class _Term:
    """A number with what is written behind it, before it is turned into keys."""

    start: int
    end: int
    low: Fraction | str
    high: Fraction | str
    unit: Unit | None
    per: str
    word: bool = False


@remembered()
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity in folded ``text``, in order. A "one" without a unit is a pronoun and left out."""
    how_often, masked = frequencies(text)
    masked = _unit_before_dash().sub(r"\1–", masked)
    days = list(_DAY.finditer(masked))
    masked = _DAY.sub(lambda match: MASK * len(match[0]), masked)
    terms = _joined(_terms(masked), masked)
    found = [_quantity(terms, at, text, masked, how_often) for at in range(len(terms))]
    found += [_of_frequency(frequency, text) for frequency in how_often]
    found += [_of_day(match) for match in days]
    return tuple(sorted((quantity for quantity in found if quantity), key=lambda quantity: quantity.start))


_FIRST = "first second third fourth fifth sixth seventh".split()
_DAY = re.compile(
    rf"\bday (?P<number>\d{{1,2}}|{'|'.join(WORDS)})(?!\w|\.\d|\s?[-–/]|,? (?:to|and|or) (?:day )?\d)"
    rf"|\b(?:(?P<word>{'|'.join(_FIRST)})|(?P<nth>\d{{1,2}})(?:st|nd|rd|th)) day\b",
    re.IGNORECASE,
)
"""One day of a treatment or an illness: "day 1", "the first day"."""


def _of_day(match: re.Match[str]) -> Quantity:
    first = match["word"]
    number = Fraction(_FIRST.index(first.lower()) + 1) if first else value(match["number"] or match["nth"])
    return Quantity(match[0], *match.span(), frozenset({(number, number, "day of a course")}))


_LABEL = r"\d+(?:\.\d+)?(?:[/:]\d+(?:\.\d+)?)+|\d+(?:\.\d+){2,}|\d{1,4}(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,4}"
"""Digits that are no quantity of their own: "120/80", "1:1000", a section number, a date."""


@cache
def _number() -> re.Pattern[str]:
    """A number that is not part of a name ("B12", "COVID-19") nor an ordinal. A minus stands where no range can."""
    start = r"(?:(?<![\w.·])(?<![^\W\d_][-_])|(?<=\Wx)|(?<=\Ax))"
    minus = r"(?:(?<![\w)\]%.-])(?<![\d)\]%] )-(?=[\d.]))?"
    return re.compile(rf"{start}{minus}(?>{MIXED}|(?P<label>{_LABEL})|{NUMBER})(?!(?<=\d)(?:st|nd|rd|th)\b)")


@cache
def _unit_before_dash() -> re.Pattern[str]:
    return re.compile(rf"(?<=\d)([ ]?{unit_pattern()})-(?=\d)")


@cache
def _unit() -> re.Pattern[str]:
    shared = r"(?:(?:equally |equal )?(?:divided|single|separate|additional|further) (?=doses?\b))?"
    return re.compile(rf"[ -]?{shared}({unit_pattern()})")


@cache
def _per() -> re.Pattern[str]:
    joint = r" ?(?:/|(?i:(?:per|each|every|a) |in (?=24 ?h|a day|1 day)(?:a )?))"
    amount = r"(?:(\d+(?:[.,]\d+)?) ?)?"
    of_body = r"(?i:(?: of)?(?: ?body ?weight|(?: |/)bw\b)?)"
    return re.compile(rf"{joint}{amount}({unit_pattern()}){of_body}")


def _terms(masked: str) -> list[_Term]:
    terms: list[_Term] = []
    at = 0
    while match := _number().search(masked, at):
        written, end, of = match[0], match.end(), None
        if found := _unit().match(masked, end):
            of, end = unit(found[1]), found.end()
        per: list[str] = []
        while (of or match["label"] or _SCIENTIFIC.search(written)) and (found := _per().match(masked, end)):
            if not _divides(unit(found[2])):
                break
            per.append(_of_what(found))
            end = found.end()
        worth = _worth(written)
        terms.append(_Term(match.start(), end, worth, worth, of, "".join(sorted(per)), written.lower() in WORDS))
        at = end
    return terms


_SCIENTIFIC = re.compile(r"10[\^⁰¹²³⁴⁵⁶⁷⁸⁹]|\d{4}")


def _worth(written: str) -> Fraction | str:
    try:
        return -value(written[1:]) if written[0] == "-" else value(written)
    except ValueError:
        return written


def _divides(of: Unit) -> bool:
    """Whether something can be per this unit. "25 °C/77 °F" and "5 mg/10 mg" are two quantities each."""
    if of.dimension == "mass":
        return of.per >= 1
    return of.dimension not in (
        "temperature",
        "percent",
        "pressure",
        "water column",
        "pascals",
        "energy",
        "angle",
        "beats",
    )


def _of_what(match: re.Match[str]) -> str:
    """What a quantity is per, in base units: "/kg" of body weight is "/mass 1000"."""
    of = unit(match[2])
    return f"/{of.dimension} {of.per * value(match[1] or '1')}"


_JOINT = re.compile(r" ?[-–] ?(?:to )?| (to|or|and) ")


def _joined(terms: list[_Term], masked: str) -> list[_Term]:
    """Neighbours that are the two ends of one range, made one: "2-3 days", "2 mg to 4 mg", "2 or 3 days", "between 2 and 3"."""
    joined: list[_Term] = []
    for term in terms:
        if joined and (last := joined[-1]).low == last.high and _are_ends(last, term, masked):
            joined[-1] = replace(term, start=last.start, low=_in(last, term), word=False)
        else:
            joined.append(term)
    return joined


def _are_ends(first: _Term, second: _Term, masked: str) -> bool:
    joint = _JOINT.fullmatch(masked, first.end, second.start)
    if joint is None or isinstance(first.low, str) or isinstance(second.low, str):
        return False
    if first.unit and (second.unit is None or (first.unit.dimension, first.per) != (second.unit.dimension, second.per)):
        return False
    if _in(first, second) >= second.low or (joint[1] == "to" and _CHANGES.search(masked[: first.start][-_WINDOW:])):
        return False
    if joint[1] == "or":
        return second.low - _in(first, second) == 1 and second.low.denominator == 1
    return joint[1] != "and" or masked[: first.start].lower().endswith(("between ", "between the "))


_CHANGES = re.compile(
    r"\b(?:increas|rais|reduc|decreas|lower|titrat|chang|taper|fall|fell|drop|ris|rose|step)\w*\s(?:[^.;:]{0,40}\s)?from\s$",
    re.IGNORECASE,
)
"""Before two amounts of which the second takes the place of the first: "increased from 5 mg to 10 mg"."""


def _in(first: _Term, second: _Term) -> Fraction:
    """The first end of a range in the unit of the second."""
    assert isinstance(first.low, Fraction)
    if first.unit and second.unit:
        return (first.unit.base(first.low) - second.unit.zero) / second.unit.per
    return first.low


_MOST_IN_LIST = 20
"""Numbers of which the last may lend its unit to the first."""
_LIST = re.compile(r" ?(?:,|/|-)? ?(?:and|or|to|then|&)? ?")


def _quantity(terms: list[_Term], at: int, text: str, masked: str, how_often: list[Frequency]) -> Quantity | None:
    term = terms[at]
    keys = {_key(term)}
    lent = at
    most = min(len(terms), at + _MOST_IN_LIST)
    while terms[lent].unit is None and lent + 1 < most and 0 < terms[lent + 1].start - terms[lent].end <= 6:
        if not _LIST.fullmatch(masked, terms[lent].end, terms[lent + 1].start):
            break
        lent += 1
    if lent != at and terms[lent].unit is not None:
        keys.add(_key(replace(term, unit=terms[lent].unit, per=terms[lent].per)))
    elif term.word and term.low == 1 and term.unit is None:
        return None
    keys |= {
        (low, high, dimension + PER_DAY)
        for low, high, dimension in keys
        for frequency in how_often
        if frequency.daily and dimension and 0 <= frequency.start - term.end <= 1 and "/time" not in dimension
    }
    if term.unit is not None and term.unit.dimension == _DOSES and _OF_A_DAY.search(text[: term.start][-_WINDOW:]):
        keys |= {(low, high, f"{FREQUENCY} a day") for low, high, _ in keys}
    of_time = term.unit is not None and term.unit.dimension == "time"
    noun = _NOUN.match(text, term.end) if term.unit is None else None
    return Quantity(
        text[term.start : term.end],
        term.start,
        term.end,
        frozenset(keys),
        reach(text, term.start, term.end, of_time=of_time),
        stem(noun[1]) if noun else "",
        term.word and term.unit is None and lent == at,
    )


_DOSES, _WINDOW = "doses", 80
_OF_A_DAY = re.compile(
    r"(?:/\s?d(?:ay)?|/24\s?h|\b(?:per|a) day|\bdaily)\b[^.;]*\b(?:in(?:to)?|as|over)\s(?:\w+\s)?$", re.IGNORECASE
)
"""Before the doses that the amount of a day is divided into: so many times a day."""
_NOUN = re.compile(r" ([A-Za-z-]+)")


def _key(term: _Term) -> Key:
    if isinstance(term.low, str) or isinstance(term.high, str):
        return str(term.low), str(term.high), (term.unit.name if term.unit else "") + term.per
    low, high, per = term.low, term.high, term.per
    if term.unit:
        low, high = term.unit.base(low), term.unit.base(high)
    for match in re.finditer(r"/(time|volume) (\d+(?:/\d+)?)", per):
        amount = Fraction(match[2])
        if match[1] == "volume" or amount <= HOUR:
            base = Fraction(1) if match[1] == "volume" else MINUTE
            low, high = low * base / amount, high * base / amount
            per = per.replace(match[0], f"/{match[1]} {base}", 1)
    return low, high, (term.unit.dimension if term.unit else "") + per


def _of_frequency(frequency: Frequency, text: str) -> Quantity:
    dimension = f"{FREQUENCY} a {frequency.period}"
    keys = {(frequency.low, frequency.high, dimension)}
    if frequency.daily:
        keys.add((Fraction(1), Fraction(1), PER_DAY))
    return Quantity(
        text[frequency.start : frequency.end],
        frequency.start,
        frequency.end,
        frozenset(keys),
        reach(text, frequency.start, frequency.end, of_time=False),
    )
