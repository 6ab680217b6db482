"""Which drugs a text names, and what is to become of them: given, held, stopped, refused, only spoken of.

A name's standing is told by the nearest word of its clause before it ("hold simvastatin"), else by those right behind it
("simvastatin is held"), else by a dose of its own. Source of the words: ``data/situation.toml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from checkers.dosing.drugs import tokens
from checkers.dosing.names import How, classes
from checkers.dosing.scan import plain
from checkers.tables import table

Standing = Literal[
    "ordered", "current", "held", "stopped", "negated", "contrast", "history", "allergy", "measured", "said"
]
_BEHIND = 48
_OFTEN = re.compile(
    r"\s*(?:DS|SS|XL|XR|SR|ER|LA|PO|IV|SC|IM|by mouth|orally|one tablet|\d tablets?|AUC \d+(?:\.\d+)?|\d+(?:\.\d+)?\s?%"
    r"|cream|ointment|gel|lotion|(?:eye |ear )?drops?|(?:one|two|\d) drops?|spray|patch|applied|thinly|sparingly|[\s,])*\s*"
    r"(?:BID|TID|QID|BD|TDS|QDS|OD|daily|weekly|nightly|once|twice|three times|every \d+|q ?\d+ ?h)\b",
    re.IGNORECASE,
)
"""How often, right behind a name: it is ordered though no amount is stated."""
_HELD_BY_PRONOUN = re.compile(
    r"(?:\s*\d[\d.,]*\s*m?c?g)?(?:\s+(?:daily|once daily|nightly|at night|a day|now))?\s*[;,:.–—-]*\s*"
    r"(?:(?:so|and|but|then|please|should|must|we|you)\s+)*(?:hold|stop|pause|suspend|withhold|discontinue|omit|interrupt)"
    r"\s+(?:it|this|that)\b",
    re.IGNORECASE,
)
_NAMES = 16
"""Names before one that can stand in a list with it."""
_LIST = re.compile(
    r"[\s,/&]*(?:\d[\d.,]*\s*m?c?g\s*)?(?:and|or|nor|with|plus|,|/|&|\s|any|other|the|a|concurrent|concomitant|to)*\s*"
)
_BREAK = re.compile(
    r"[.;:](?=\s|$)|\n|—| – |\bbut\b|\bbecause\b|\bsince\b|\bwhile\b|\bas (?=he|she|the|they|patient)|\band (?=restart|resume)"
)


_ELEMENTS = ("calcium", "potassium", "magnesium", "sodium", "phosphate", "glucose")
_GIVES = re.compile(
    r"\b(?:give|start|add|prescribe|supplement\w*|replace|oral|iv|intravenous|take|with) (?:oral |iv |intravenous )?$",
    re.IGNORECASE,
)
"""Right before the name of what is in blood too: it is to be given."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug, or a whole class of them (``ingredient`` is then ``None``), at ``span`` of the text.

    ``parts`` are the ingredients that it holds, itself if it is no combination; ``classes`` those of all of them.
    """

    span: tuple[int, int]
    ingredient: str | None
    parts: tuple[str, ...]
    classes: tuple[str, ...]
    how: How | Literal["class"]
    standing: Standing

    @property
    def is_given(self) -> bool:
        """Whether the patient has it, or is to have it."""
        return self.standing in ("ordered", "current")


def mentions(text: str, dosed: Sequence[tuple[int, int, Standing]]) -> tuple[Mention, ...]:
    """Every drug that ``text`` names; ``dosed`` are spans of doses with the standing that each gives to its drug's name."""
    flat = plain(text)
    found: list[tuple[int, int, str | None, tuple[str, ...], How | Literal["class"]]] = []
    for token in tokens(text):
        if token.type == "DRUG":
            name = token.value
            parts = name.parts or ((name.ingredient,) if name.ingredient else ())
            found.append((token.start, token.end, name.ingredient or None, parts, name.how))
    taken = [(start, end) for start, end, *_ in found]
    for match in _class_pattern().finditer(flat):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append((*match.span(), None, (), "class"))
    found.sort(key=lambda one: one[0])
    spans = [(one[0], one[1]) for one in found]
    told = []
    for start, end, ingredient, parts, how in found:
        kinds = _classes_of(flat[start:end]) if how == "class" else tuple(dict.fromkeys(_all_classes(parts)))
        told.append(Mention((start, end), ingredient, parts, kinds, how, _standing(flat, start, end, spans, dosed)))
    return tuple(told)


def _all_classes(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        yield from classes(part)


def _standing(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int]], dosed: Sequence[tuple[int, int, Standing]]
) -> Standing:
    behind = "held" if _HELD_BY_PRONOUN.match(text, end) else _behind(text, end)
    if behind in ("allergy", "measured", "negated", "stopped", "held"):
        return behind
    at = bisect_left(spans, (start,))
    before = _before(text, start, spans[max(0, at - _NAMES) : at])
    near = dosed[bisect_left(dosed, (start - 90,)) : bisect_left(dosed, (end + 61,))]
    after = spans[bisect_left(spans, (end,)) : bisect_left(spans, (end + 61,))]
    own = {standing for at, _, standing in near if end <= at <= end + 60 and not _other(after, end, at)}
    own = own or {standing for _, stop, standing in near if stop <= start <= stop + 12}
    if own and own <= {"history", "negated"}:
        return "history" if "history" in own else "negated"
    if before == "ordered" and not own and text[start:end].lower() in _ELEMENTS and not _GIVES.search(text, 0, start):
        return "measured"  # "cinacalcet 30 mg with food, calcium within a week"
    if before is None or before == "current":
        return before or ("ordered" if own or _OFTEN.match(text, end) else "said")
    return before


def _other(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(start <= one < end for one, _ in spans)


def _behind(text: str, end: int) -> Standing | None:
    match = _cues("behind").match(text[end : end + _BEHIND])
    return _kind(match) if match else None


def _before(text: str, start: int, spans: Sequence[tuple[int, int]]) -> Standing | None:
    """What the nearest word before the name says, within its clause; other names of a list stand in between for nothing."""
    clause_at = max(
        (match.end() for match in _BREAK.finditer(text, max(0, start - 240), start)), default=max(0, start - 240)
    )
    clause = text[clause_at:start]
    for one, other in reversed([(a, b) for a, b in spans if clause_at <= a and b <= start]):
        clause = clause[: one - clause_at] + "~" * (other - one) + clause[other - clause_at :]
    found = list(_cues("before").finditer(clause.lower()))
    for match in reversed(found):
        kind = _kind(match)
        between = clause[match.end() :]
        if kind not in ("ordered", "current", "said") and (_goes_on(between) or _is_spent(between)):
            continue
        if (
            match[0]
            in (
                "with",
                "to",
                "on",
                "over",
                "like",
                "than",
                "off",
                "such as",
                "switch",
                "switched",
                "plasma",
                "serum",
                "monitor",
                "check",
            )
            and len(between.split()) > 3
        ):
            continue
        if kind == "current" and match[0] == "with" and (earlier := _verb(found, match)) is not None:
            return earlier
        return kind
    return None


def _verb(found: Sequence[re.Match[str]], match: re.Match[str]) -> Standing | None:
    """For "combine x with y" and "do not give x with y": what is said before "with"."""
    earlier = [other for other in found if other.end() <= match.start()]
    return _kind(earlier[-1]) if earlier and _kind(earlier[-1]) in ("negated", "ordered", "current") else None


def _goes_on(between: str) -> bool:
    """Whether the clause goes on with something else behind its negation: "no fever, give x", "not x but y"."""
    return bool(re.search(r",(?!\s*(?:~|or\b|and\b|nor\b))|\)", between)) or len(between.split()) > 9


def _is_spent(between: str) -> bool:
    """Whether the word was said of another drug, and this one is not in a list with it."""
    last = between.rfind("~")
    return last >= 0 and not _LIST.fullmatch(between[last + 1 :])


def _kind(match: re.Match[str]) -> Standing:
    return str(match.lastgroup)  # type: ignore[return-value]


@cache
def _cues(side: str) -> re.Pattern[str]:
    """Words before or behind a name; a longer phrase before the shorter that it begins with."""
    rows = [(word.lower(), kind) for kind, words in table("situation")["standing"][side].items() for word in words]
    rows.sort(key=lambda row: (-len(row[0]), row[0]))
    alternatives = "|".join(
        f"(?P<{kind}>{_words([w for w, k in rows if k == kind])})" for kind in dict.fromkeys(kind for _, kind in rows)
    )
    if side == "before":
        return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])")
    return re.compile(
        rf"(?:\s*\([^)]*\))?[\s-]*(?:therapy |dose |treatment |infusion |use |products? |is |are |was |has been |must "
        rf"be |should be )*?(?:{alternatives})(?!\w)",
        re.IGNORECASE,
    )


def _words(words: Sequence[str]) -> str:
    return "|".join(r"\s+".join(re.escape(part) for part in word.split()) for word in words)


@cache
def _class_names() -> dict[str, tuple[str, ...]]:
    """Names of classes, in lower case, with the classes that they mean."""
    rows = table("drugs")["drugs"]
    found: dict[str, tuple[str, ...]] = {
        name.lower(): (name,) for row in rows.values() for name in row["class"] if len(name) > 3
    }
    for name, forms in table("classes")["names"].items():
        found.update({form.lower(): (name,) for form in forms})
    for plain_word in table("classes")["no_class"]:
        found.pop(plain_word, None)
    return found


@cache
def _class_pattern() -> re.Pattern[str]:
    names = sorted(_class_names(), key=lambda name: (-len(name), name))
    any_of = "|".join(r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", name)) for name in names)
    return re.compile(rf"(?<![\w-])(?:{any_of})s?(?![\w])", re.IGNORECASE)


def _classes_of(said: str) -> tuple[str, ...]:
    word = re.sub(r"[\s-]+", " ", said.lower())
    names = {re.sub(r"[\s-]+", " ", name): kinds for name, kinds in _class_names().items()}
    return names.get(word) or names.get(word.removesuffix("s")) or ()
