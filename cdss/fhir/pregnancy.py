"""Pregnancy and breast-feeding: from what was asked, tested, dated and put on the problem list.

A pregnancy is believed for as long as one lasts; "not pregnant" holds for a month. Where sources contradict each other nothing
is believed and the reader is told to ask. Source of codes: ``data/loinc.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from cdss.fhir import conditions, observations
from cdss.fhir.dates import first_day
from cdss.fhir.facts import Fact, Gap
from cdss.fhir.resources import Condition, Observation
from cdss.tables import table


def read(
    seen: list[Observation],
    problems: list[Condition],
    as_of: date,
    sex: str | None,
    facts: list[Fact],
    gaps: list[Gap],
) -> None:
    """Whether the patient is pregnant and since when: the newest statement counts, a due date tells the weeks."""
    if sex == "male":
        facts[:] = [fact for fact in facts if fact.name != "gestation_weeks"]
        return
    rows = table("loinc")["pregnancy"]
    told = _newest_answer(
        seen, (*rows["status"], *rows["test"]), rows["yes"] + rows["positive"], rows["no"] + rows["negative"]
    )
    ongoing = conditions.pregnancy(problems, as_of=as_of)
    weeks = _weeks(seen, rows["due"], as_of, facts)
    if weeks is None and isinstance(ongoing, conditions.Pregnancy) and ongoing.weeks is not None:
        weeks = Fact("gestation_weeks", ongoing.weeks, "weeks", ongoing.since, ongoing.source)
    pregnant: Fact | None = None
    if told is not None:
        answer, on, source = told
        days = (as_of - on).days if on else None
        holds = rows["days_pregnant"] if answer else rows["days_not_pregnant"]
        if days is not None and 0 <= days <= holds:
            pregnant = Fact("pregnant", answer, None, on, source)
        else:
            when = f"of {on.isoformat()}" if on else "without a date"
            gaps.append(Gap("pregnant", f"'{'pregnant' if answer else 'not pregnant'}' {when} is stale; ask again"))
    if isinstance(ongoing, conditions.Pregnancy):
        denied = pregnant is not None and not pregnant.value
        if denied and (ongoing.since is None or pregnant is None or (pregnant.on or date.min) >= ongoing.since):
            gaps.append(
                Gap("pregnant", "the problem list tells of a pregnancy and a test or a question denies it; ask")
            )
            facts[:] = [fact for fact in facts if fact.name != "gestation_weeks"]
            return
        pregnant = Fact("pregnant", True, None, ongoing.since, ongoing.source)
    elif isinstance(ongoing, Gap) and pregnant is None and weeks is None:
        gaps.append(ongoing)
    facts[:] = [fact for fact in facts if fact.name != "gestation_weeks"]
    if weeks is not None and (pregnant is None or pregnant.value):
        facts.append(weeks)
        pregnant = pregnant or Fact("pregnant", True, None, weeks.on, weeks.source)
    if pregnant is not None:
        gaps[:] = [gap for gap in gaps if gap.fact != "pregnant"]
        facts.append(pregnant)


def _weeks(seen: list[Observation], due: Iterable[str], as_of: date, facts: list[Fact]) -> Fact | None:
    """Weeks of gestation on the day to judge by, from a due date (40 weeks) or from weeks measured earlier."""
    dated = [one for one in seen if observations.coded(one, due) and one.valueDateTime]
    for observation in sorted(dated, key=lambda one: observations.taken_on(one) or date.min, reverse=True):
        day = first_day(observation.valueDateTime)
        weeks = round(40 - (day - as_of).days / 7, 1) if day is not None else 0.0
        if 0 < weeks <= 43:
            on, source = observations.taken_on(observation), observations.named(observation)
            return Fact("gestation_weeks", weeks, "weeks", on, source)
    measured = next((fact for fact in facts if fact.name == "gestation_weeks"), None)
    if measured is None or measured.on is None:
        return None
    weeks = round(float(measured.value) + (as_of - measured.on).days / 7, 1)
    return Fact("gestation_weeks", weeks, "weeks", measured.on, measured.source) if weeks <= 43 else None


def read_lactation(seen: list[Observation], as_of: date, facts: list[Fact]) -> None:
    rows = table("loinc")["lactation"]
    told = _newest_answer(seen, rows["status"], rows["yes"], rows["no"])
    if told is not None and told[1] is not None and timedelta() <= as_of - told[1] <= timedelta(days=rows["days"]):
        facts.append(Fact("lactating", told[0], None, told[1], told[2]))


def _newest_answer(
    seen: list[Observation], codes: Iterable[str], yes: Iterable[str], no: Iterable[str]
) -> tuple[bool, date | None, str | None] | None:
    """The newest coded answer that is a yes or a no."""
    wanted, found = tuple(codes), None
    for observation in seen:
        if not observations.coded(observation, wanted):
            continue
        given = observation.valueCodeableConcept.all_codes if observation.valueCodeableConcept else frozenset()
        answer = True if given & set(yes) else False if given & set(no) else observation.valueBoolean
        on = observations.taken_on(observation)
        if answer is not None and (found is None or (on or date.min) >= (found[1] or date.min)):
            found = (answer, on, observations.named(observation))
    return found
