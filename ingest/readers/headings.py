"""Headings in text that marks none: capitals, decimal numbers, the section names that guidelines share, short lines."""

from __future__ import annotations

import re

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
    "(?:.{1,24} )?(?:treatment|management|measures|therapy)|treatment (?:goals|objectives)|supportive care|first aid",
    "(?:notable )?adverse (?:drug )?(?:reactions?|effects)(?:[, ].{1,40})?|side[ -]effects|(?:drug )?interactions|toxicity",
    "(?:.{1,24} )?contra-?indications(?:[, ].{1,40})?|cautions?|warnings?(?: and precautions)?|precautions|overdos(?:e|age)",
    "(?:.{1,24} )?indications(?: and usage)?(?: \\(.{1,60}\\))?|(?:.{1,24} )?(?:considerations|instructions|recommendations?)",
    "(?:.{1,24} )?(?:dose|dosage|dosing|dosages)(?: and administration| regimen)?|mechanism of action|pharmacokinetics",
    "pregnancy|lactation|breastfeeding|monitoring|follow-? ?up|referral|prevention|prophylaxis|prognosis|counselling",
    "references|summary|principles|guidelines|procedures?|policy|purpose|scope|key points|objectives?|recommendations?",
)
_SECTIONS = re.compile(rf"(?:{'|'.join(_NAMES)})\s*:?", re.IGNORECASE)


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
    return len(line) <= MAX_HEADING and line[:1].isupper() and bool(_SECTIONS.fullmatch(line))


def numbered(line: str) -> int | None:
    """The level of a heading with a decimal number ("5.1 Hepatotoxicity" is 2), or ``None``."""
    found = _NUMBERED.fullmatch(line.strip())
    return found["number"].count(".") + 1 if found else None


def numbered_depth(line: str) -> int | None:
    """Like ``numbered``, for text that is set as a heading: "2 Dosage" is 1, "5.1 Hepatotoxicity" 2."""
    found = re.match(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\S", line.strip())
    return found[1].count(".") + 1 if found else None


def reads_like_heading(line: str) -> bool:
    """Whether the words alone could be a heading: short, begun with a capital or number, not ended, no dose in it."""
    line = line.strip()
    if not 3 <= len(line) <= MAX_HEADING or is_connective(line) or line.casefold().rstrip(":") in _NO_HEADINGS:
        return False
    if line.endswith(_TERMINAL) or not (line[0].isupper() or line[0].isdigit() or line[0] in "("):
        return False
    return not has_dose(line) and line.count("(") == line.count(")")
