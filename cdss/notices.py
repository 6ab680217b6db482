"""What has to be said at every door, before or beside the claims."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

DOSE_NOT_CHECKED = (
    "dose not checked: a dose in this answer could not be set against the dosing tables; verify it before you "
    "prescribe."
)
EMPTY_LIBRARY = "The library is empty. Add documents with: cdss-ingest add PATH"
ABSTAINED = (
    "Nothing in the library answers this closely enough. The nearest sections listed may be about something else."
)
EXTRACTIVE = "No model wrote this: the claims are sentences of the guidelines, chosen for the question."
FALLBACK = {
    "down": "The model could not be reached",
    "resting": "The model could not be reached",
    "slow": "The model did not answer in time",
    "nonsense": "The model did not answer as it has to",
    "cut short": "The model's draft broke off",
    "withheld": "Nothing that the model drafted passed the rules",
}
"""Why sentences of the guidelines stand where a model's claims were to stand."""
NONE_FOUND = "The model finds no answer in what the library holds on this."
IN_PART = "As the model sees it, the library answers only a part of this."
DROPPED = "Not every passage that was found had room in what the model was shown; those that fit least were left out: "

_DOSE = re.compile(
    r"(?i)(?<![\w.])\d[\d.,]*\s*(?:(?:to|or|[-–])\s*\d[\d.,]*\s*)?"
    r"(?:mg|mcg|µg|μg|micrograms?|milligrams?|ng|g|grams?|kg|ml|millilit\w+|mmol|meq|i\.?u\.?|units?|mu"
    r"|tab(?:let)?s?|caps(?:ule)?s?"
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


def fallback(why: str, *, kept: int) -> str:
    """What is said when sentences chosen without a model take the place of a draft, of which ``kept`` claims stand."""
    rest = f"The first {kept} of the claims are the model's; the others are" if kept else "The claims are"
    return f"{FALLBACK[why]}. {rest} sentences of the guidelines, chosen for the question."


def mentions_dose(text: str) -> bool:
    """Whether an amount of something that could be given stands in ``text``."""
    return _DOSE.search(text) is not None
