"""Headings in text that marks none: capitals, decimal numbers, the section names that guidelines share, short lines."""

from __future__ import annotations

import re

from ingest.readers.wrapping import hangs

MAX_HEADING = 110
_CONNECTIVES = frozenset(
    (
        "or",
        "and",
        "plus",
        "then",
        "either",
        "also",
        "nor",
        "but",
        "with",
        "and/or",
        "and then",
        "followed by",
        "alternatively",
    )
)
_NO_HEADINGS = frozenset(
    ("do not", "contact base", "yes", "no", "yes no", "note", "notes", "stop", "none", "name", "date")
)
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+[A-Z][^.;!?]{2,110}")
_DOSE = re.compile(r"\d\s*(?:mg|mcg|µg|μg|g|kg|mL|ml|L|IU|units?|mmol|mEq|%|min|hours?|hrs?|days?|doses?|times)\b")
_TERMINAL = (".", ";", ",", "!", "?", "…", "-", "–", "/")
_NAMES = (
    "introduction|background|definitions?|classification|epidemiology|a?etiology|(?:common )?causes|risk factors|types",
    "pathophysiology|pathogenesis|transmission|clinical (?:features|presentation|manifestations|assessment|findings)",
    "(?:relevant )?(?:history|examination|investigations?|laborator(?:y|ies)|imaging)|physical examination|laboratory tests",
    "(?:differential )?diagnos[ie]s|signs|symptoms|signs and symptoms|symptoms and signs|complications|initial assessment",
    "(?:non-? ?)?(?:drug|pharmacological) (?:treatment|management|measures)",
    "(?:initial|general|supportive|specific) (?:treatment|measures)",
    "treatment|management|treatment (?:goals|objectives)|supportive care|first aid",
    "(?:notable )?adverse (?:drug )?(?:reactions?|effects)(?:[, ].{1,40})?|side[ -]effects|(?:drug )?interactions|toxicity",
    "contra-?indications(?:[, ].{1,40})?|cautions?|warnings?(?: and precautions)?|precautions|overdos(?:e|age)",
    "indications(?: and usage)?|dos(?:e|age|ing|ages)(?: and administration| regimen)?|mechanism of action|pharmacokinetics",
    "pregnancy|lactation|breastfeeding|monitoring|follow-? ?up|referral|prevention|prophylaxis|prognosis|counselling",
    "references|summary|principles|guidelines|procedures?|policy|purpose|scope|key points|objectives?|recommendations?",
)
_SECTIONS = re.compile(rf"(?:{'|'.join(_NAMES)})\s*:?", re.IGNORECASE)
_NARROWED = re.compile(
    r"(?:[A-Z][\w-]*(?: (?:and|or|of))?[ /]){1,4}(?:Dos(?:e|age|ages|ing)|Treatment|Management|Measures|Considerations"
    r"|Instructions|Indications|Contraindications|Recommendations|Effects|Precautions)(?: \(.{1,60}\))?\s*:?"
)
"""A section name with capitalised words before it ("Adult Dose"); in small letters it is an entry of a list."""


def is_connective(line: str) -> bool:
    """Whether a line only joins what stands before and after it ("Or:", "Plus")."""
    return line.strip().casefold().rstrip(":") in _CONNECTIVES


def without_brackets(line: str) -> str:
    """A line without what it says in brackets."""
    return re.sub(r"\s*\([^)]*\)", "", line)


def opens_with_dose(line: str) -> bool:
    """Whether a line begins with an amount ("0.5 mg IM")."""
    return line[:1].isdigit() and bool(_DOSE.search(line[:16]))


def has_dose(line: str) -> bool:
    """Whether a line gives an amount: such a line is never a heading and never page furniture."""
    return bool(_DOSE.search(line))


def is_capitals(line: str) -> bool:
    """Whether a line is written in capitals, and long enough for that to mean something."""
    letters = [character for character in without_brackets(line) if character.isalpha()]
    return len(letters) >= 4 and all(character.isupper() for character in letters)


def is_section_name(line: str) -> bool:
    """Whether a line is one of the section names that guidelines share ("Drug Treatment", "Adult Dose")."""
    line = line.strip()
    named = _SECTIONS.fullmatch(line) or _NARROWED.fullmatch(line)
    return len(line) <= MAX_HEADING and line[:1].isupper() and bool(named)


def decimal_number(line: str) -> tuple[int, ...] | None:
    """The number of a heading like "5.1 Hepatotoxicity"."""
    found = _NUMBERED.fullmatch(line.strip())
    return tuple(int(part) for part in found["number"].split(".")) if found else None


def counts_on(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """Whether a heading's number comes after the ``last`` one: 5.2 or 5.1.1 or 6.1 after 5.1. A weight of 6.5 kg does not."""
    if number[-1] == 1:
        return number[:-1] >= last[: len(number) - 1]
    return (
        number[:-1] == last[: len(number) - 1]
        and len(last) >= len(number)
        and 0 < number[-1] - last[len(number) - 1] < 4
    )


def numbered_depth(line: str) -> int | None:
    """How deep a number says that text set as a heading is: "2 Dosage" is 1, "5.1 Hepatotoxicity" 2, no number ``None``."""
    found = re.match(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\S", line.strip())
    return found[1].count(".") + 1 if found else None


def reads_like_heading(line: str) -> bool:
    """Whether the words alone could be a heading: short, begun with a capital or number, not ended, no dose in it."""
    line = line.strip()
    if not 3 <= len(line) <= MAX_HEADING or is_connective(line) or line.casefold().rstrip(":") in _NO_HEADINGS:
        return False
    if line.endswith(_TERMINAL) or hangs(line) or not (line[0].isupper() or line[0].isdigit() or line[0] in "("):
        return False
    return not has_dose(line) and line.count("(") == line.count(")")
