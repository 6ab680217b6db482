"""Shows every claim of a draft to every rule. Fails closed: what cannot be judged is not released."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date

from checkers.for_patient import READER
from checkers.rules import RULES
from checkers.types import (
    Claim,
    ClaimReport,
    Dose,
    Draft,
    Finding,
    Missing,
    Patient,
    Report,
    Rule,
    Severity,
    Subject,
    Verdict,
    verdict,
)
from guidelines.types import Passage

log = logging.getLogger(__name__)


def run(
    draft: Draft,
    *,
    as_of: date | None,
    question: str | None = None,
    patient: Patient | None = None,
    passages: Mapping[str, Passage] | None = None,
    rules: Iterable[Rule] = RULES,
    released: Iterable[Claim] = (),
) -> Report:
    """What ``rules`` say of every claim of ``draft``, in its order.

    ``released`` are claims that went out before; those of this draft join them, unless withheld, before the next is judged,
    so that a claim is always judged together with what its reader has already seen.
    """
    rules, seen, reports = tuple(rules), list(released), []
    for claim in draft.claims:
        subject = Subject(
            claim=claim, as_of=as_of, question=question, patient=patient, passages=passages, released=tuple(seen)
        )
        report = judge(subject, rules)
        if report.verdict is not Verdict.WITHHOLD:
            seen.append(claim)
        reports.append(report)
    return Report(claims=tuple(reports), rules={rule.id: rule.version for rule in rules})


def judge(subject: Subject, rules: Iterable[Rule] = RULES) -> ClaimReport:
    """What all ``rules`` together say of one claim, in their order."""
    findings: list[Finding] = []
    missing: list[Missing] = []
    doses: list[Dose] = []
    for rule in (READER, *rules):
        try:
            for outcome in rule.check(subject):
                if isinstance(outcome, Finding):
                    findings.append(outcome)
                elif isinstance(outcome, Missing):
                    missing.append(outcome)
                elif isinstance(outcome, Dose):
                    doses.append(outcome)
                else:
                    raise TypeError("a rule returns findings, missing facts and doses")
        except Exception as error:  # noqa: BLE001  the one place: a rule that cannot answer must not let anything through
            findings.append(_failed(rule, error))
    return ClaimReport(
        claim_id=subject.claim.id,
        verdict=verdict(findings),
        findings=tuple(findings),
        not_checked=tuple(dict.fromkeys(missing)),
        doses=tuple(doses),
    )


def _failed(rule: Rule, error: Exception) -> Finding:
    """A blocking finding that names the rule and the kind of error; an error's own words may hold a patient's."""
    log.error("rule %s could not be applied: %s", rule.id, type(error).__name__)
    message = (
        f"This could not be checked ({type(error).__name__} in rule {rule.id}), so it is withheld. Tell the operator."
    )
    return Finding(rule=rule.id, severity=Severity.BLOCK, message=message)
