"""What has to be said at every door, before or beside the claims."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

DOSE_NOT_CHECKED = (
    "dose not checked: no dosing rules ran on the doses in this answer; verify them before you prescribe."
)
EMPTY_LIBRARY = "The library is empty. Add documents with: cdss-ingest add PATH"
ABSTAINED = (
    "Nothing in the library answers this closely enough. The nearest sections listed may be about something else."
)
EXTRACTIVE = "No model wrote this: the claims are sentences of the guidelines, chosen for the question."

_DOSE = re.compile(
    r"(?i)(?<![\w.])\d[\d.,]*\s*(?:(?:to|or|[-–])\s*\d[\d.,]*\s*)?"
    r"(?:mg|mcg|µg|μg|micrograms?|milligrams?|ng|g|grams?|kg|ml|millilit\w+|mmol|meq|i\.?u\.?|units?|mu|tab(?:let)?s?|caps(?:ule)?s?"
    r"|puffs?|drops?|ampoules?|vials?|sprays?|suppositor\w+|million units)\b(?!\s*/?\s*(?:dl|l)\b)"
)


@cache
def _emergencies() -> tuple[re.Pattern[str], str]:
    table = tomllib.loads(files("cdss").joinpath("data/emergencies.toml").read_text("utf-8"))
    return re.compile(rf"(?i)\b(?:{'|'.join(table['patterns'])})\b"), str(table["notice"])


def emergency(question: str) -> str | None:
    """The notice to call for help, if the question describes an emergency."""
    pattern, notice = _emergencies()
    return notice if pattern.search(question) else None


def mentions_dose(text: str) -> bool:
    """Whether an amount of something that could be given stands in ``text``."""
    return _DOSE.search(text) is not None
