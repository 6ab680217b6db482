"""The patient: what the record says, what the text adds, and what can be computed from both.

A fact that the text tells is taken where the record has none. Where the two differ the record's value stands and the
contradiction is kept, for a rule to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from checkers import calculators
from checkers.calculators import Sex
from checkers.situation.conditions import any_named, plain
from checkers.situation.labs import Doubt, catalogued, completed
from checkers.situation.same import is_same
from checkers.situation.single_value import Told
from checkers.situation.told import told_by_condition
from checkers.tables import table
from checkers.types import Patient

Origin = Literal["record", "text", "computed", "estimated"]
_ADULT = 18
_YOUNGEST_MOTHER = 9
_MEASURES = ("creatinine_mg_dl", "crcl_ml_min", "egfr")
_IMPAIRED: tuple[tuple[Literal["A", "B", "C"], tuple[str, ...]], ...] = (
    (
        "C",
        (
            "child pugh class c",
            "child pugh c",
            "decompensated cirrhosis",
            "acute liver failure",
            "severe hepatic impairment",
        ),
    ),
    (
        "B",
        (
            "child pugh class b",
            "child pugh b",
            "moderate hepatic impairment",
            "moderate liver impairment",
            "cirrhosis with ascites",
        ),
    ),
    (
        "A",
        (
            "child pugh class a",
            "child pugh a",
            "mild hepatic impairment",
            "mild liver impairment",
            "compensated cirrhosis",
        ),
    ),
)
"""Conditions by the Child-Pugh class that labels mean by them."""
_STAGE = re.compile(
    r"(?:\^?ckd|chronic kidney disease)[ ,(]*(?:stage|grade|g)?[ ]*(?P<n>[1-5][ab]?)\b"
    r"|stage (?P<n2>[1-5][ab]?) (?:\^?ckd|chronic kidney)"
)
_STAGES = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fact that the text tells otherwise than the record."""

    fact: str
    record: float | str | bool
    text: float | str | bool
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """``None`` is unknown. ``origins`` tells where a fact is from; "estimated" is one kidney measure used for another.

    ``is_quoted`` says that the text is a guideline's, which speaks of nobody in particular: what it names is not the patient's.
    ``conditions`` and ``said`` (the text, without its doses) are made ``plain``; ``record_conditions`` are as recorded.
    """

    is_patient: bool = False
    is_quoted: bool = False
    age_years: float | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    bsa_m2: float | None = None
    sex: Sex | None = None
    creatinine_mg_dl: float | None = None
    crcl_ml_min: float | None = None
    egfr: float | None = None
    unstable: bool = False
    pregnant: bool | None = None
    gestation_weeks: float | None = None
    lactating: bool | None = None
    child_pugh: Literal["A", "B", "C"] | None = None
    dialysis: bool | None = None
    allergies: tuple[str, ...] | None = None
    conditions: tuple[str, ...] | None = None
    record_conditions: tuple[str, ...] = ()
    medications: tuple[str, ...] | None = None
    labs: Mapping[str, float] = field(default_factory=dict)
    said: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    told: frozenset[str] = frozenset()

    @property
    def is_child(self) -> bool:
        """Whether the patient is known to be no adult."""
        return self.age_years is not None and self.age_years < _ADULT


def facts(
    patient: Patient | None, told: Iterable[Told], said: str, lone_level: str | None, *, is_quoted: bool = False
) -> Facts:
    """What is known of ``patient``, with what the text tells; ``lone_level`` is the laboratory name of a lone "trough"."""
    record = patient or Patient()
    values: dict[str, float | str | bool] = {}
    spans: dict[str, tuple[int, int]] = {}
    for one in told:
        name = lone_level if one.fact == "lone_level" else one.fact
        if name and name not in values:
            values[name], spans[name] = one.value, one.span
    origins: dict[str, Origin] = {}
    contradictions: list[Contradiction] = []

    def joined(name: str, recorded: float | str | bool | None) -> float | str | bool | None:
        if recorded is not None:
            origins[name] = "record"
            if name in values and not is_same(name, recorded, values[name]):
                contradictions.append(Contradiction(name, recorded, values[name], spans[name]))
            return recorded
        if name in values:
            origins[name] = "text"
        return values.get(name)

    conditions = None if record.conditions is None else tuple(map(plain, record.conditions))
    if "age_years" not in values and "newborn" in values and record.age_years is None:
        values["age_years"] = values["newborn"]
        spans["age_years"] = spans["newborn"]
    if "gestation_weeks" not in values and "trimester_weeks" in values and record.gestation_weeks is None:
        values["gestation_weeks"], spans["gestation_weeks"] = values["trimester_weeks"], spans["trimester_weeks"]
    age = _number(joined("age_years", record.age_years))
    known = _by_conditions(record.conditions or ())
    grown = age is None or age > _YOUNGEST_MOTHER
    may_bear = grown and record.sex != "male"
    pregnant = record.pregnant if record.pregnant is not None else True if may_bear and "pregnant" in known else None
    weeks = record.gestation_weeks if record.gestation_weeks is not None else _number(known.get("gestation_weeks"))
    lactating = (
        record.lactating if record.lactating is not None else _flag(known.get("lactating")) if may_bear else None
    )
    child_pugh = record.child_pugh or known.get("child_pugh") or _class_of(conditions)
    labs, doubts = catalogued(record.labs or {})
    of_record = {name: labs.pop(name, None) for name in _MEASURES}
    for name in table("labs")["labs"]:
        if name not in _MEASURES and (value := joined(name, labs.get(name))) is not None:
            labs[name] = float(value)
    of_record = {
        name: getattr(record, name) if getattr(record, name) is not None else of_record[name] for name in _MEASURES
    }
    found = {
        "weight_kg": _number(joined("weight_kg", record.weight_kg)),
        "height_cm": record.height_cm,
        **{name: _number(joined(name, of_record[name])) for name in _MEASURES},
    }
    recorded_dialysis = record.dialysis if record.dialysis is not None else _dialysis(conditions, known)
    dialysis = joined("dialysis", recorded_dialysis)
    is_corrected = "calcium" in values or any("corrected" in name or "adjusted" in name for name in record.labs or {})
    labs = completed(labs, is_corrected=is_corrected, dialysis=bool(dialysis))
    bsa = _number(values.get("bsa_m2"))
    if bsa is None and found["weight_kg"] and found["height_cm"]:
        bsa = calculators.body_surface_m2(weight_kg=found["weight_kg"], height_cm=found["height_cm"])
    _kidneys(found, origins, age, record.sex)
    _stage(found, origins, conditions)
    unstable = bool(values.get("unstable")) or any_named(("acute kidney injury",), conditions or ()) is not None
    return Facts(
        is_patient=patient is not None,
        is_quoted=is_quoted,
        age_years=age,
        sex=record.sex,
        bsa_m2=bsa,
        unstable=unstable,
        pregnant=_flag(joined("pregnant", pregnant)),
        gestation_weeks=_number(joined("gestation_weeks", weeks)) if grown else None,
        lactating=_flag(joined("lactating", lactating)),
        child_pugh=joined("child_pugh", child_pugh),  # type: ignore[arg-type]
        dialysis=_flag(dialysis),
        allergies=record.allergies,
        conditions=conditions,
        record_conditions=record.conditions or (),
        medications=record.medications,
        labs=labs,
        said=said,
        origins=origins,
        contradictions=tuple(contradictions),
        doubts=doubts,
        told=frozenset(values),
        **found,
    )


def _kidneys(found: dict[str, float | None], origins: dict[str, Origin], age: float | None, sex: Sex | None) -> None:
    """Compute what is missing of clearance and filtration rate, else let the one stand for the other, and say so."""
    creatinine, weight = found["creatinine_mg_dl"], found["weight_kg"]
    adult = age is not None and age >= _ADULT
    if adult and age and creatinine and sex:
        if found["crcl_ml_min"] is None and weight:
            found["crcl_ml_min"] = calculators.creatinine_clearance_ml_min(
                age_years=age, weight_kg=weight, creatinine_mg_dl=creatinine, sex=sex
            )
            origins["crcl_ml_min"] = "computed"
        if found["egfr"] is None:
            found["egfr"] = calculators.egfr_ml_min_173m2(age_years=age, creatinine_mg_dl=creatinine, sex=sex)
            origins["egfr"] = "computed"
    if not adult and found["egfr"] is None and creatinine and found["height_cm"] and age is not None and age >= 1:
        found["egfr"] = calculators.egfr_bedside_schwartz_ml_min_173m2(
            height_cm=found["height_cm"], creatinine_mg_dl=creatinine
        )
        origins["egfr"] = "computed"
    if creatinine and found["egfr"] is None and found["crcl_ml_min"] is None and adult and age:
        found["egfr"] = calculators.egfr_ml_min_173m2(age_years=age, creatinine_mg_dl=creatinine, sex="male")
        origins["egfr"] = "estimated"
    for name, other in (("crcl_ml_min", "egfr"), ("egfr", "crcl_ml_min")):
        if found[name] is None and found[other] is not None and origins.get(other) != "estimated":
            found[name] = found[other]
            origins[name] = "estimated"


def _by_conditions(conditions: Iterable[str]) -> dict[str, float | str | bool]:
    """Facts that the record tells only among its conditions; the first of each counts."""
    found: dict[str, float | str | bool] = {}
    for condition in conditions:
        for one in told_by_condition(condition):
            found.setdefault(one.fact, one.value)
    return found


def _dialysis(conditions: tuple[str, ...] | None, known: Mapping[str, float | str | bool]) -> bool | None:
    """Whether a condition tells of dialysis and does not deny or only plan it."""
    if known.get("dialysis"):
        return True
    told = [
        one
        for one in conditions or ()
        if not re.search(r"\b(?:pre|not yet|plan\w*|not on|no|before)\W+(?:\w+\W+)?\w*dialysis", one)
    ]
    return True if any_named(("dialysis", "hemodialysis", "peritoneal dialysis"), told) else None


def _class_of(conditions: tuple[str, ...] | None) -> Literal["A", "B", "C"] | None:
    """The gravest class that a condition of the record speaks of."""
    return next((letter for letter, words in _IMPAIRED if any_named(words, conditions or ())), None)


def _stage(found: dict[str, float | None], origins: dict[str, Origin], conditions: tuple[str, ...] | None) -> None:
    """Where no number is known, the middle of the recorded stage of kidney disease stands for it, as an estimate."""
    if found["egfr"] is not None or found["crcl_ml_min"] is not None:
        return
    stages = [match["n"] or match["n2"] for one in conditions or () for match in _STAGE.finditer(_arabic(one))]
    if not stages and any_named(("end-stage renal disease",), conditions or ()):
        stages = ["5"]
    if stages:
        value = float(table("labs")["stages"][max(stages)])
        for name in ("egfr", "crcl_ml_min"):
            found[name] = value
            origins[name] = "estimated"


def _arabic(text: str) -> str:
    return re.sub(
        r"\b(stage|grade) (iv|i{1,3}|v)\b",
        lambda match: f"{match[1]} {_STAGES[match[2]]}",
        text.replace("^iv", "iv").replace("^ii", "ii"),
    )


def _number(value: float | str | bool | None) -> float | None:
    return None if value is None or isinstance(value, str) else float(value)


def _flag(value: float | str | bool | None) -> bool | None:
    return None if value is None else bool(value)
