"""What a model is told of the patient: values with a type and words of our own tables, never a string from a record.

A record's text could hold a name or a command. What is not recognised is counted and not sent; the rules, which no text can
command, read all of it.
"""

from __future__ import annotations

from checkers.dosing.drugs import find_drugs
from checkers.situation.conditions import recognised
from checkers.situation.labs import catalogued
from checkers.situation.mentions import mentions
from checkers.tables import table
from checkers.types import Patient

LISTS = ("allergies", "medications", "conditions")
NAMES = tuple(name for name in Patient.model_fields if name != "labs")
"""Facts that a model may ask for."""

Fact = int | float | str | bool


def facts(patient: Patient | None) -> dict[str, Fact | list[str] | dict[str, float]]:
    """The known facts, by the names of ``Patient``; what is unknown is left out. An empty list is known to be none."""
    if patient is None:
        return {}
    known: dict[str, Fact | list[str] | dict[str, float]] = {
        name: value
        for name in Patient.model_fields
        if isinstance(value := getattr(patient, name), int | float | str | bool)
    }
    for name in LISTS:
        if (texts := getattr(patient, name)) is None:
            continue
        named = [_conditions(text) if name == "conditions" else _drugs(text) for text in texts]
        known[name] = list(dict.fromkeys(word for words in named for word in words))
        if unknown := sum(not words for words in named):
            known[f"{name}_not_recognised"] = unknown
    if patient.labs is not None:
        values, _ = catalogued(patient.labs)
        known["labs"] = {name: value for name, value in values.items() if name in table("labs")["labs"]}
    return known


def _drugs(text: str) -> tuple[str, ...]:
    found = mentions(text, ())
    named = [part for mention in found for part in (*mention.parts, *(() if mention.parts else mention.classes))]
    return tuple(named) or tuple(drug.ingredient for drug in find_drugs(text) if drug.ingredient)


def _conditions(text: str) -> tuple[str, ...]:
    return recognised(text)
