"""Headings in text that marks none: capitals, numbers, short lines that open something."""

from __future__ import annotations

import re

_CONNECTIVES = frozenset(
    "or and plus then either with also nor but alternatively note notes and/or followed by do not".split()
    + ["followed by", "do not", "or:", "and:", "plus:", "contact base", "yes", "no", "yes no"]
)
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?P<title>[A-Z][^.;:!?]{2,110}[:]?)$")
_CHAPTER = re.compile(
    r"(?:chapter|section|part|annex|appendix|box|step)\s+[\dA-Z]{1,4}\b[.:–—-]?\s*.{0,90}$", re.IGNORECASE
)
_DOSE = re.compile(r"\d\s*(?:mg|mcg|µg|μg|g|kg|mL|ml|L|IU|units?|mmol|%|min|hours?|doses?)\b")
_TERMINAL = (".", ";", ",", "!", "?", "…")
_SECTIONS = re.compile(
    r"(?:introduction|definitions?|background|classification|epidemiology|a?etiology|causes|risk factors|pathophysiology"
    r"|(?:differential )?diagnos[ie]s|(?:relevant )?(?:investigations?|history|examination)|clinical features"
    r"|(?:signs|symptoms)(?: and (?:signs|symptoms))?|complications|treatment(?: (?:goals|objectives))?|management"
    r"|(?:non-? ?drug|drug|pharmacological|surgical|supportive|definitive|specific|general) (?:treatment|measures|management)"
    r"|(?:non-? ?)?pharmacological treatment|supportive (?:measures|care)|prevention|prophylaxis|prognosis|follow-? ?up|referral"
    r"|notable adverse (?:drug )?reactions.*|adverse (?:drug )?(?:reactions|effects).*|side effects|(?:drug )?interactions"
    r"|contra-?indications.*|cautions?|warnings?(?: and precautions)?|precautions|indications?(?: and usage)?.*"
    r"|(?:adult|p(?:a)?ediatric|neonatal|usual|maintenance|loading)? ?(?:dose|dosage|dosing)(?: and administration)?"
    r"|mechanism of action|pharmacokinetics|pregnancy|lactation|overdos(?:e|age)|monitoring|references|summary|special considerations"
    r"|principles|guidelines|procedures?|policy|purpose|scope|key points|recommendations?)\s*:?",
    re.IGNORECASE,
)
MAX_HEADING = 110


def is_capitals(line: str) -> bool:
    """Whether a line is written in capitals, and long enough for that to mean something."""
    letters = [c for c in re.sub(r"\([^)]*\)", "", line) if c.isalpha()]
    return len(letters) >= 4 and all(c.isupper() for c in letters)


def is_section_name(line: str) -> bool:
    """Whether a line is one of the section names that guidelines share ("Drug Treatment", "Adult Dose")."""
    return bool(_SECTIONS.fullmatch(line.strip()))


def numbered(line: str) -> int | None:
    """The level of a numbered heading ("5.1 Hepatotoxicity" is 2), or ``None``."""
    found = _NUMBERED.fullmatch(line.strip())
    return found["number"].count(".") + 1 if found else None


def reads_like_heading(line: str) -> bool:
    """Whether the words alone could be a heading: short, begun with a capital, not ended, no dose, no mere connective."""
    line = line.strip()
    if not 3 <= len(line) <= MAX_HEADING or line.casefold().rstrip(":") in _CONNECTIVES:
        return False
    if line.endswith(_TERMINAL) or not (line[0].isupper() or line[0] in "<≥≤>(" or line[0].isdigit()):
        return False
    return not _DOSE.search(line) and line.count("(") == line.count(")")
