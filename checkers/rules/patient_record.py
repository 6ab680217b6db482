"""Harm: the text was written for somebody else, or for what the patient was last week.

Source: Joint Commission, National Patient Safety Goal NPSG.01.01.01, on identifying the patient; ISMP on stale weights.

Example: "CrCl 70 mL/min" goes to review where the record says 22.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.situation.situation import situation
from checkers.types import Finding, Rule, Severity, Subject

_WORDS = {
    "age_years": "age in years", "weight_kg": "weight in kg", "crcl_ml_min": "creatinine clearance", "egfr": "eGFR",
    "creatinine_mg_dl": "creatinine in mg/dL", "child_pugh": "Child-Pugh class", "pregnant": "pregnancy", "qtc_ms": "QTc",
}  # fmt: skip


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every fact that the text tells otherwise than the record; of a guideline's sentence, only in passing."""
    worked_out = situation(subject)
    if not worked_out.orders:
        return
    severity = Severity.INFO if subject.passages is not None else Severity.REVIEW
    for one in worked_out.facts.contradictions:
        name = _WORDS.get(one.fact, one.fact.replace("_", " "))
        message = f"The text says {name} {_shown(one.text)}, the record {_shown(one.record)}. Check which is right."
        yield Finding(
            rule=RULE.id,
            severity=severity,
            message=message,
            span=one.span,
            evidence={"claim": subject.claim.text[slice(*one.span)], "record": _shown(one.record)},
        )


def _shown(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:.3g}"


RULE = Rule.documented(__doc__, id="patient-record", version=1, check=check)
