"""AllergyIntolerance: what the patient does not tolerate, in the words that the rules read, or that there is nothing.

Refuted, resolved, inactive and mistaken entries do not count. "No known (drug) allergies" is known to be none; no entry at
all is unknown. Source: hl7.org/fhir/R4/allergyintolerance.html; codes in ``data/conditions_coded.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cdss.fhir.datatypes import CodeableConcept
from cdss.fhir.facts import Gap
from cdss.fhir.resources import AllergyIntolerance
from cdss.fhir.words import cleaned
from cdss.tables import table


@dataclass(frozen=True, slots=True)
class Known:
    """A list of the record: ``None`` is unknown, empty is known to be none."""

    items: tuple[str, ...] | None
    gaps: tuple[Gap, ...] = ()


def read(allergies: Iterable[AllergyIntolerance]) -> Known:
    """The allergies that count, and what could not be read of them."""
    items: list[str] = []
    none_known, unreadable = False, 0
    for allergy in allergies:
        if _is_off(allergy):
            continue
        if _says_none(allergy.code):
            none_known = True
            continue
        if allergy.code and allergy.code.all_codes & set(table("conditions_coded")["allergies"]["no_information"]):
            continue
        words = _words(allergy)
        if words is None:
            unreadable += 1
        elif words not in items:
            items.append(words)
    gaps = []
    if unreadable:
        gaps.append(Gap("allergies", f"{unreadable} recorded without a substance that can be read"))
    if none_known and (items or unreadable):
        gaps.append(Gap("allergies", "the record also says that there are none; what is listed counts"))
    if items:
        return Known(tuple(items), tuple(gaps))
    return Known(() if none_known and not unreadable else None, tuple(gaps))


def _is_off(allergy: AllergyIntolerance) -> bool:
    verification = allergy.verificationStatus.all_codes if allergy.verificationStatus else frozenset()
    clinical = allergy.clinicalStatus.all_codes if allergy.clinicalStatus else frozenset()
    return bool(verification & {"refuted", "entered-in-error"}) or bool(clinical & {"inactive", "resolved"})


def _says_none(concept: CodeableConcept | None) -> bool:
    rows = table("conditions_coded")["allergies"]
    if concept is None:
        return False
    words = cleaned(concept.words).casefold()
    return bool(concept.all_codes & set(rows["none_known"])) or any(
        re.match(rf"{re.escape(phrase)}(?:y|ies|ic|\b)", words) for phrase in rows["phrases"]
    )


def _words(allergy: AllergyIntolerance) -> str | None:
    substances = [cleaned(allergy.code.words)] if allergy.code else []
    substances += [cleaned(one.substance.words) for one in allergy.reaction if one.substance]
    names = [name for name in dict.fromkeys(substances) if name]
    if not names:
        return None
    told = [cleaned(one.words) for reaction in allergy.reaction for one in reaction.manifestation]
    if any(one.severity == "severe" for one in allergy.reaction):
        told.append("severe reaction")
    if allergy.criticality == "high":
        told.append("risk of anaphylaxis" if not told else "high risk")
    if allergy.type == "intolerance":
        told.append("intolerance")
    said = ", ".join(word for word in dict.fromkeys(told) if word)
    return f"{', '.join(names)} ({said})"[:480] if said else ", ".join(names)[:480]
