"""What a copy may not do to a sentence: another figure, unit, comparator, drug, or a word less that matters."""

from __future__ import annotations

import random
import re

from checkers.tables import table
from tests.bench.rewriting import Rewriting, one_replaced


def digit_changed(text: str, chance: random.Random) -> str | None:
    return one_replaced(
        text, chance, r"\d", lambda match: chance.choice([digit for digit in "0123456789" if digit != match[0]])
    )


def digit_dropped(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, r"\d", lambda _: "")


def digit_added(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, r"\d", lambda match: match[0] + chance.choice("0123456789"))


def point_moved(text: str, chance: random.Random) -> str | None:
    def moved(match: re.Match[str]) -> str:
        return chance.choice(
            (match[1] + match[2], f"{match[1]}{match[2][0]}.{match[2][1:] or '0'}", f"0.{match[1]}{match[2]}")
        )

    return one_replaced(text, chance, r"(?<![\d.])(\d+)\.(\d+)(?![\d.])", moved)


def point_added(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, r"(?<![\d.,])\d\d+(?![\d.,])", lambda match: f"{match[0][:-1]}.{match[0][-1]}")


_UNITS = {
    written: others.split()
    for row in """
    mg: g mcg mL; g: mg kg; mcg: mg; kg: g lb; mL: L dL mg; ml: l mg; L: mL; mg/kg: mg mcg/kg g/kg; mcg/kg: mg/kg;
    mg/dL: mg/L g/dL; mg/day: mg;
    mg/kg/day: mg/kg; mg/m 2: mg; units: mg; %: mg; mEq: mmol; mmHg: cmH2O; minutes: hours seconds; hour: day;
    hours: days minutes; days: weeks hours; weeks: days months; months: weeks years; years: months
    """.split(";")
    for written, others in [map(str.strip, row.split(":"))]
}


def unit_changed(text: str, chance: random.Random) -> str | None:
    names = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    return one_replaced(text, chance, rf"(?<=\d)(\s?)({names})(?![\w/])", lambda m: m[1] + chance.choice(_UNITS[m[2]]))


_COMPARATORS = {
    written: [other.strip() for other in others.split(",")]
    for row in """
    ≥: ≤, >, <; ≤: ≥, <, >; >: <, ≥; <: >, ≤; at least: at most; at most: at least; more than: less than; less than: more than;
    greater than: less than; up to: at least; above: below; below: above; over: under; under: over; minimum: maximum;
    maximum: minimum
    """.split(";")
    for written, others in [map(str.strip, row.split(":"))]
}


def comparator_flipped(text: str, chance: random.Random) -> str | None:
    names = "|".join(sorted(_COMPARATORS, key=len, reverse=True))
    return one_replaced(
        text,
        chance,
        rf"(?<!\w)({names})(?!\w)",
        lambda m: chance.choice(_COMPARATORS[m[1]]),
    )


def range_joined(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, r"(\d)\s?(?:[-–−]|to)\s?(\d)", lambda m: m[1] + m[2])


def negation_dropped(text: str, chance: random.Random) -> str | None:
    turned = {
        "without": "with",
        "contraindicated": "indicated",
        "avoid": "use",
        "avoided": "used",
        "never": "always",
        "cannot": "can",
    }
    return one_replaced(
        text,
        chance,
        r"\b(?:not |no |never |without|contraindicated|avoided|avoid|cannot)",
        lambda m: turned.get(m[0].strip(), ""),
        re.IGNORECASE,
    )


def negation_added(text: str, chance: random.Random) -> str | None:
    return one_replaced(
        text, chance, r"\b(?:should|may|must|can|is|are|was|were|will|has|have) (?!not\b)", lambda m: f"{m[0]}not "
    )


_STRONGER = {
    "may": "must",
    "can": "must",
    "could": "should",
    "might": "will",
    "should": "must",
    "consider": "give",
    "considered": "given",
    "suggested": "recommended",
}


def modality_raised(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, rf"\b({'|'.join(_STRONGER)})\b", lambda m: _STRONGER[m[1].lower()], re.IGNORECASE)


def qualifier_cut(text: str, chance: random.Random) -> str | None:
    """The sentence stops before its condition, or begins behind it."""
    words = " ".join(text.split())
    tails = [
        match.start()
        for match in re.finditer(
            r",? \b(?:unless|except|if|when|only|provided|until|but|although|however|without)\b", words
        )
    ]
    heads = [
        match.end()
        for match in re.finditer(r"\A(?:If|When|Unless|Except|In patients|For patients|Although)\b[^,.]*, ", words)
    ]
    ways = [words[:at] for at in tails if at > 30] + [words[at:] for at in heads if len(words) - at > 30]
    return chance.choice(ways) if ways else None


def drug_swapped(text: str, chance: random.Random) -> str | None:
    groups = {name: group for group in table("sound_alikes")["groups"] for name in group}
    names = "|".join(sorted(map(re.escape, groups), key=len, reverse=True))
    return one_replaced(
        text,
        chance,
        rf"\b({names})\b",
        lambda m: chance.choice([n for n in groups[m[1].lower()] if n != m[1].lower()]),
        re.IGNORECASE,
    )


def homoglyph(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, r"[aeocp]", lambda m: "аеоср"["aeocp".index(m[0])])


def hidden_in_number(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, r"(?<=\d)(?=\d)", lambda _: chance.choice("\u200b\u200d\u2060\u00ad\u202e"))


def other_digits(text: str, chance: random.Random) -> str | None:
    return one_replaced(
        text, chance, r"\d", lambda m: chance.choice(("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹"))[int(m[0])]
    )


_BARS: dict[float, tuple[Rewriting, ...]] = {
    0.999: (
        digit_changed,
        digit_dropped,
        digit_added,
        point_moved,
        point_added,
        unit_changed,
        comparator_flipped,
        range_joined,
        negation_dropped,
        negation_added,
        hidden_in_number,
        other_digits,
    ),
    0.99: (modality_raised, qualifier_cut, drug_swapped, homoglyph),
}
DISHONEST: dict[str, tuple[Rewriting, float]] = {
    mutation.__name__.replace("_", " "): (mutation, bar) for bar, mutations in _BARS.items() for mutation in mutations
}
"""Each mutation with the share of it that must be detected."""
