"""What must hold for every drug that has rows, whatever the dose and whoever the patient."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checkers.formulary.knowledge import knowledge
from checkers.formulary.rows import Medicine, Regimen
from checkers.judging.applies import applying
from checkers.judging.compare import compare
from checkers.run import judge
from checkers.situation.situation import situation
from checkers.types import Claim, Patient, Severity, Subject, Verdict

RANK = {Verdict.RELEASE: 0, Verdict.REVIEW: 1, Verdict.WITHHOLD: 2}
ADULT = Patient(
    age_years=45, weight_kg=70, height_cm=172, sex="male", crcl_ml_min=100, egfr=95, pregnant=False, lactating=False,
    dialysis=False, allergies=(), medications=(), labs={"potassium": 4.2, "qtc_ms": 410.0},
)  # fmt: skip
MASS = ("mg", "mcg", "g")


def _usual() -> list[tuple[str, Medicine, Regimen]]:
    """Plain adult ways of giving: an amount of mass, several times a day or once, for no special use or form."""
    return [
        (name, medicine, row)
        for name, medicine in sorted(knowledge().medicines.items())
        for row in medicine.regimen
        if row.unit in MASS and row.per == "dose" and row.role == "dose" and not (row.per_kg or row.per_m2)
        and row.every_hours and Decimal(4) <= row.every_hours[0] and row.every_hours[1] <= 24
        and not (row.only or row.form or row.indication or row.max_days)
        and (row.age is None or row.age.holds(45)) and (row.weight_kg is None or row.weight_kg.holds(70))
        and row.sex in (None, ADULT.sex)
    ]  # fmt: skip


USUAL = _usual()
THOUSANDS = [one for one in USUAL if one[2].dose[1] >= 1000 and one[2].dose[1] == one[2].dose[1].to_integral_value()]


def _text(name: str, row: Regimen, amount: Decimal, unit: str | None = None) -> str:
    route = {"oral": "PO", "intravenous": "IV"}.get(row.route[0], row.route[0])
    assert row.every_hours is not None
    every = row.every_hours[1]
    return f"{name} {_number(amount)} {unit or row.unit} {route} every {_number(every)} hours."


def _number(value: Decimal) -> str:
    text = f"{value.normalize():f}"
    whole, _, part = text.partition(".")
    return f"{int(whole):,}.{part}" if part else f"{int(whole):,}"


def _judge(text: str, patient: Patient | None = ADULT) -> Verdict:
    return judge(Subject(claim=Claim(id="p", text=text), patient=patient)).verdict


def _is_usual(name: str, row: Regimen, text: str) -> bool:
    """Whether some labelled way of giving covers the amount after all, or it stays below a labelled ceiling."""
    worked_out = situation(Subject(claim=Claim(id="p", text=text), patient=ADULT))
    medicine = knowledge().medicines[name]
    for order in worked_out.active():
        for dose, amount in order.amounts():
            rows = applying(medicine.regimen, worked_out, order)
            compared = [one for way in rows if (one := compare(order, dose, amount, way, worked_out.facts)) is not None]
            if any(one.above <= 5 or one.fits for one in compared):
                return True
    return False


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(USUAL))
def test_ten_times_the_highest_usual_dose_is_never_released(usual: tuple[str, Medicine, Regimen]) -> None:
    name, _, row = usual
    text = _text(name, row, row.dose[1] * 10)
    assume(not _is_usual(name, row, text))
    assert _judge(text) is not Verdict.RELEASE, text


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(USUAL), st.sampled_from([("mg", "g"), ("mcg", "mg"), ("mg", "mcg"), ("g", "mg")]))
def test_a_swapped_unit_is_never_released(usual: tuple[str, Medicine, Regimen], swap: tuple[str, str]) -> None:
    name, _, row = usual
    assume(row.unit == swap[0])
    text = _text(name, row, row.dose[1], swap[1])
    assert _judge(text) is not Verdict.RELEASE, text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(THOUSANDS), st.sampled_from(["{:,}", "{}"]))
def test_separators_change_no_amount(usual: tuple[str, Medicine, Regimen], written: str) -> None:
    name, _, row = usual
    number = written.format(int(row.dose[1]))
    told = situation(Subject(claim=Claim(id="p", text=f"{name} {number} {row.unit} daily.")))
    assert [order.first.dose_high for order in told.orders] == [row.dose[1]]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(USUAL), st.sampled_from(["Zorbatrix 5 mg daily", "Blumikol 20 mg twice daily"]))
def test_an_added_unknown_never_turns_withhold_into_release(usual: tuple[str, Medicine, Regimen], unknown: str) -> None:
    name, _, row = usual
    text = _text(name, row, row.dose[1] * 10)
    before, after = _judge(text), _judge(f"{text} Also give {unknown}.")
    assert RANK[after] >= min(RANK[before], 1)
    assert before is not Verdict.WITHHOLD or after is Verdict.WITHHOLD


_WORSE = st.sampled_from(
    [
        {"crcl_ml_min": 8.0, "egfr": 8.0},
        {"pregnant": True, "sex": "female", "gestation_weeks": 20.0},
        {"child_pugh": "C"},
        {"labs": {"potassium": 6.4, "qtc_ms": 560.0, "inr": 8.0}},
        {"allergies": ("penicillin (anaphylaxis)", "sulfa (anaphylaxis)")},
        {"lactating": True, "sex": "female"},
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(USUAL), _WORSE)
def test_a_worse_patient_never_makes_a_verdict_better(
    usual: tuple[str, Medicine, Regimen], worse: dict[str, object]
) -> None:
    name, _, row = usual
    text = _text(name, row, row.dose[1])
    healthy = _judge(text)
    assert RANK[_judge(text, ADULT.model_copy(update=worse))] >= RANK[healthy], text


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(USUAL))
def test_without_a_patient_a_usual_dose_passes(usual: tuple[str, Medicine, Regimen]) -> None:
    name, _, row = usual
    for amount in row.dose:
        report = judge(Subject(claim=Claim(id="p", text=_text(name, row, amount))))
        blocked = [finding for finding in report.findings if finding.severity is Severity.BLOCK]
        assert not blocked, (blocked[0].message, _text(name, row, amount))
