"""Condition: problems in words, and pregnancy where a code tells it.

What is over is told as history, for the rules know what is for life. Refuted and mistaken entries do not count. Source:
hl7.org/fhir/R4/condition.html; codes in ``data/conditions_coded.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cdss.fhir.allergies import Known
from cdss.fhir.datatypes import CodeableConcept
from cdss.fhir.dates import first_day, last_day
from cdss.fhir.facts import Gap
from cdss.fhir.resources import Condition
from cdss.fhir.words import cleaned
from cdss.tables import table

SNOMED = ("http://snomed.info/sct",)
ICD10 = (
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-gm",
    "urn:oid:2.16.840.1.113883.6.90",
    "urn:oid:2.16.840.1.113883.6.3",
)
_TERM_DAYS = 301
"""43 weeks: no pregnancy lasts longer, whatever the problem list says."""


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """An ongoing pregnancy that the problem list tells of; ``weeks`` on the day to judge by, where known."""

    since: date | None
    weeks: float | None
    source: str | None


def read(conditions: Iterable[Condition], *, as_of: date) -> Known:
    """The conditions that count, in words."""
    items: list[str] = []
    none_known, unreadable = False, 0
    for condition in conditions:
        if _is_wrong(condition):
            continue
        if condition.code and condition.code.all_codes & set(table("conditions_coded")["conditions"]["none_known"]):
            none_known = True
            continue
        name = _name(condition.code)
        if not name:
            unreadable += condition.code is None or not _says_nothing(condition.code)
            continue
        words = f"history of {name}" if _is_over(condition, as_of) else name
        if _verified(condition) == "differential":
            words = f"possible {name}"
        if words not in items:
            items.append(words)
    gaps = (Gap("conditions", f"{unreadable} recorded without a name that can be read"),) if unreadable else ()
    return Known(tuple(items) or (() if none_known and not unreadable else None), gaps)


def pregnancy(conditions: Iterable[Condition], *, as_of: date) -> Pregnancy | Gap | None:
    """What the problem list tells of a pregnancy: ongoing, too old to be believed, or nothing."""
    rows = table("conditions_coded")["pregnancy"]
    stale: Gap | None = None
    weeks: float | None = None
    found: Pregnancy | None = None
    for condition in conditions:
        if condition.code is None or _is_wrong(condition) or _is_over(condition, as_of):
            continue
        since = first_day(condition.onsetDateTime, condition.recordedDate)
        icd = condition.code.codes(*ICD10)
        age = (as_of - since).days if since else None
        week = next((code[4:] for code in icd if code.startswith(rows["weeks_icd10"]) and code[4:].isdigit()), None)
        if week and age is not None and 8 <= int(week) <= 42 and int(week) + age / 7 <= 43:
            weeks = round(int(week) + age / 7, 1)
        tells = condition.code.codes(*SNOMED) & set(rows["snomed"]) or any(
            code == one or code.startswith(one) for code in icd for one in rows["icd10"]
        )
        if not tells and not week:
            continue
        if age is not None and age > _TERM_DAYS:
            stale = Gap("pregnant", f"a pregnancy of {since} still stands on the problem list; ask")
        elif age is None:
            stale = Gap("pregnant", "a pregnancy without a date stands on the problem list; ask")
        else:
            found = Pregnancy(since, None, f"Condition/{condition.id}" if condition.id else None)
    if found is not None:
        return Pregnancy(found.since, weeks, found.source)
    return stale


def _verified(condition: Condition) -> str:
    codes = condition.verificationStatus.all_codes if condition.verificationStatus else frozenset()
    return next(iter(sorted(codes)), "")


def _is_wrong(condition: Condition) -> bool:
    return _verified(condition) in ("refuted", "entered-in-error")


def _is_over(condition: Condition, as_of: date) -> bool:
    codes = condition.clinicalStatus.all_codes if condition.clinicalStatus else frozenset()
    if codes & {"resolved", "remission", "inactive"}:
        return True
    period = condition.abatementPeriod
    ended = last_day(condition.abatementDateTime, period.end if period else None)
    return not codes and (condition.abatementString is not None or (ended is not None and ended <= as_of))


def _says_nothing(concept: CodeableConcept) -> bool:
    return bool(concept.all_codes & set(table("conditions_coded")["conditions"]["no_information"]))


def _name(concept: CodeableConcept | None) -> str:
    if concept is None or _says_nothing(concept):
        return ""
    rows = table("conditions_coded")["names"]
    words = cleaned(concept.words)
    coded = next((str(rows[code]) for code in sorted(concept.codes(*ICD10)) if code in rows), "")
    if coded and words and coded.casefold() not in words.casefold() and "stage" in coded:
        return f"{words} ({coded})"
    return words or coded
