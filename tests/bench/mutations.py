"""What a copy may do to a sentence without changing a word, and what it may not.

A mutation takes a sentence and a source of chance and returns the changed sentence, or ``None`` where it does not apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from unicodedata import normalize

from checkers.tables import table

Mutation = Callable[[str, random.Random], str | None]


def _at_spaces(text: str, chance: random.Random, made: Callable[[str], str], share: float = 0.3) -> str:
    return re.sub(r" (?=\S)", lambda match: made(match[0]) if chance.random() < share else match[0], text)


def folded(text: str, _: random.Random) -> str:
    return " ".join(text.split())


def joined(text: str, _: random.Random) -> str | None:
    """Line-break hyphens taken out, as a careful copyist would."""
    made = re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", text)
    return " ".join(made.split())


def wrapped(text: str, chance: random.Random) -> str:
    return _at_spaces(" ".join(text.split()), chance, lambda _: "\n", 0.15)


def indented(text: str, chance: random.Random) -> str:
    return _at_spaces(
        " ".join(text.split()), chance, lambda _: chance.choice(("\r\n    ", " \n\t", "  ", "   \n")), 0.15
    )


def other_spaces(text: str, chance: random.Random) -> str:
    return _at_spaces(" ".join(text.split()), chance, lambda _: chance.choice("\u00a0\u2009\u202f\u2002\u2003\t"))


def zero_width(text: str, chance: random.Random) -> str:
    return _at_spaces(text, chance, lambda _: chance.choice(("\u200b ", " \ufeff", "\u2060 ")))


def hyphenated(text: str, chance: random.Random) -> str | None:
    """A long word broken at a line's end."""
    words = list(re.finditer(r"[a-z]{7,}", text))
    if not words:
        return None
    word = chance.choice(words)
    at = chance.randrange(word.start() + 2, word.end() - 2)
    return text[:at] + chance.choice(("-\n", "-\n  ", "\u2010\n", "\u00ad\n", "\u00ad", "- ")) + text[at:]


def compound_broken(text: str, chance: random.Random) -> str | None:
    """A compound broken behind its own hyphen."""
    found = list(re.finditer(r"(?<=[a-z])-(?=[a-z])", text))
    if not found:
        return None
    at = chance.choice(found).end()
    return text[:at] + "\n" + text[at:]


def range_broken(text: str, chance: random.Random) -> str | None:
    found = list(re.finditer(r"(?<=\d)[-–](?=\d)", text))
    if not found:
        return None
    at = chance.choice(found).end()
    return text[:at] + "\n" + text[at:]


def ligatures(text: str, _: random.Random) -> str | None:
    made = text
    for letters, sign in (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")):
        made = made.replace(letters, sign)
    return made if made != text else None


def quote_marks(text: str, _: random.Random) -> str | None:
    made = re.sub(r"(?<=\w)['’](?=\w)", lambda match: "’" if match[0] == "'" else "'", text)
    made = re.sub(r'"([^"]*)"', r"“\1”", made)
    return made if made != text else None


def dashes(text: str, chance: random.Random) -> str | None:
    made = re.sub(r"[-‐‑–—−]", lambda match: chance.choice("-‐‑–") if match[0] in "-‐‑" else chance.choice("-–—"), text)
    return made if made != text else None


def range_dashes(text: str, chance: random.Random) -> str | None:
    made = re.sub(r"(?<=\d)[-–−](?=\d)", lambda _: chance.choice("-–−‑"), text)
    return made if made != text else None


def decomposed(text: str, _: random.Random) -> str | None:
    made = normalize("NFD", text)
    return made if made != text else None


def page_break(text: str, chance: random.Random) -> str | None:
    """A page ended in the middle of the sentence."""
    gaps = [match.start() for match in re.finditer(r"(?<=[a-z,]) (?=[a-z])", text)]
    if not gaps:
        return None
    at = chance.choice(gaps)
    page = chance.randrange(2, 400)
    sign = chance.choice(
        (f"\n\nPage {page} of 412\n\n", f"\n- {page} -\n", f"\n\n{page}\n\n\f", f"\nPage {page}\n", f"\f{page}\n\n")
    )
    return text[:at] + sign + text[at + 1 :]


def noise(text: str, chance: random.Random) -> str:
    """Several at once, as a bad PDF does it."""
    made = text
    for mutation in chance.sample((wrapped, other_spaces, hyphenated, ligatures, quote_marks, range_dashes), 4):
        made = mutation(made, chance) or made
    return made


HONEST: dict[str, Mutation] = {
    mutation.__name__.replace("_", " "): mutation
    for mutation in (
        folded,
        joined,
        wrapped,
        indented,
        other_spaces,
        zero_width,
        hyphenated,
        compound_broken,
        range_broken,
        ligatures,
        quote_marks,
        dashes,
        range_dashes,
        decomposed,
        page_break,
        noise,
    )
}


def _one(
    text: str, chance: random.Random, pattern: str, made: Callable[[re.Match[str]], str | None], flags: int = 0
) -> str | None:
    found = list(re.finditer(pattern, text, flags))
    if not found:
        return None
    match = chance.choice(found)
    new = made(match)
    return None if new is None or new == match[0] else text[: match.start()] + new + text[match.end() :]


def digit_changed(text: str, chance: random.Random) -> str | None:
    return _one(
        text, chance, r"\d", lambda match: chance.choice([digit for digit in "0123456789" if digit != match[0]])
    )


def digit_dropped(text: str, chance: random.Random) -> str | None:
    return _one(text, chance, r"\d", lambda _: "")


def digit_added(text: str, chance: random.Random) -> str | None:
    return _one(text, chance, r"\d", lambda match: match[0] + chance.choice("0123456789"))


def point_moved(text: str, chance: random.Random) -> str | None:
    def moved(match: re.Match[str]) -> str:
        return chance.choice(
            (match[1] + match[2], f"{match[1]}{match[2][0]}.{match[2][1:] or '0'}", f"0.{match[1]}{match[2]}")
        )

    return _one(text, chance, r"(?<![\d.])(\d+)\.(\d+)(?![\d.])", moved)


def point_added(text: str, chance: random.Random) -> str | None:
    return _one(text, chance, r"(?<![\d.,])\d\d+(?![\d.,])", lambda match: f"{match[0][:-1]}.{match[0][-1]}")


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
    return _one(text, chance, rf"(?<=\d)(\s?)({names})(?![\w/])", lambda m: m[1] + chance.choice(_UNITS[m[2]]))


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
    return _one(
        text,
        chance,
        rf"(?<!\w)({names})(?!\w)",
        lambda m: chance.choice(_COMPARATORS[m[1]]),
    )


def range_joined(text: str, chance: random.Random) -> str | None:
    return _one(text, chance, r"(\d)\s?(?:[-–−]|to)\s?(\d)", lambda m: m[1] + m[2])


def negation_dropped(text: str, chance: random.Random) -> str | None:
    turned = {
        "without": "with",
        "contraindicated": "indicated",
        "avoid": "use",
        "avoided": "used",
        "never": "always",
        "cannot": "can",
    }
    return _one(
        text,
        chance,
        r"\b(?:not |no |never |without|contraindicated|avoided|avoid|cannot)",
        lambda m: turned.get(m[0].strip(), ""),
        re.IGNORECASE,
    )


def negation_added(text: str, chance: random.Random) -> str | None:
    return _one(
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
    return _one(text, chance, rf"\b({'|'.join(_STRONGER)})\b", lambda m: _STRONGER[m[1].lower()], re.IGNORECASE)


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
    return _one(
        text,
        chance,
        rf"\b({names})\b",
        lambda m: chance.choice([n for n in groups[m[1].lower()] if n != m[1].lower()]),
        re.IGNORECASE,
    )


def homoglyph(text: str, chance: random.Random) -> str | None:
    return _one(text, chance, r"[aeocp]", lambda m: "аеоср"["aeocp".index(m[0])])


def hidden_in_number(text: str, chance: random.Random) -> str | None:
    return _one(text, chance, r"(?<=\d)(?=\d)", lambda _: chance.choice("\u200b\u200d\u2060\u00ad\u202e"))


def other_digits(text: str, chance: random.Random) -> str | None:
    return _one(
        text, chance, r"\d", lambda m: chance.choice(("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹"))[int(m[0])]
    )


_BARS: dict[float, tuple[Mutation, ...]] = {
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
DISHONEST: dict[str, tuple[Mutation, float]] = {
    mutation.__name__.replace("_", " "): (mutation, bar) for bar, mutations in _BARS.items() for mutation in mutations
}
"""Each mutation with the share of it that must be detected."""
