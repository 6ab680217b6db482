"""Judges claims one after the other, each together with all that was released before it.

What is released is never taken back, so a claim carries what limits it (``complete``) before it is judged, and no later claim
can make it unsafe: the later one is judged with it, and withheld.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cdss.complete import completed
from cdss.decide import Judged
from cdss.disagree import disagreements
from cdss.llm.backend import Drafted, Withheld
from cdss.retrieve import Retrieval
from cdss.types import Conflict
from checkers.fold import fold
from checkers.rules import FAITHFUL
from checkers.run import judge
from checkers.statements import statements
from checkers.types import Claim, Draft, Finding, Patient, Report, Rule, Severity, Subject, verdict

_OF_WORDS = frozenset({rule.id for rule in FAITHFUL} | {"model-evidence", "model-quantity"})
"""Rules that set a claim beside its source. What is wrong only for the patient or as a dose is wrong in any words."""


def _is_of_words(finding: Finding) -> bool:
    # The quote rules name their findings after what they saw: "quote-altered".
    return finding.severity is Severity.BLOCK and (finding.rule in _OF_WORDS or finding.rule.startswith("quote"))


def _graver(finding: Finding) -> Finding:
    """A doubt whether the quotes say it withholds what a model wrote: the quotes themselves can be shown instead."""
    is_doubt = finding.rule.startswith("grounding-") and finding.severity is Severity.REVIEW
    return finding.model_copy(update={"severity": Severity.BLOCK}) if is_doubt else finding


@dataclass(slots=True, kw_only=True)
class Desk:
    """The claims of one question. ``question`` is in the asker's own words; no model wrote any of it."""

    question: str
    found: Retrieval
    patient: Patient | None
    as_of: date
    rules: tuple[Rule, ...]
    judged: list[Judged] = field(default_factory=list)
    repaired: dict[str, str] = field(default_factory=dict)
    """Withheld claims that were written anew and passed, with the claim that did."""
    repeated: int = 0

    def judge(self, drafted: Drafted) -> Judged | None:
        """Judge a claim and keep it; ``None`` if it says what another one said already."""
        if self._is_repeated(drafted.claim):
            self.repeated += 1
            return None
        claim = completed(drafted.claim, self.found, told=[earlier.text for earlier in self.told])
        subject = Subject(
            claim=claim,
            as_of=self.as_of,
            question=self.question,
            patient=self.patient,
            passages=self.found.passages,
            released=tuple(self.told),
        )
        report = judge(subject, self.rules)
        if drafted.by_model:
            findings = (*drafted.findings, *map(_graver, report.findings))
            report = report.model_copy(update={"findings": findings, "verdict": verdict(findings)})
        one = Judged(claim=claim, report=report)
        self.judged.append(one)
        if drafted.repairs is not None and not one.is_withheld:
            self.repaired[drafted.repairs] = claim.id
        return one

    def read_ahead(self) -> None:
        """Read the passages as the rules will, while a model still thinks; what is read is remembered."""
        for passage in self.found.passages.values():
            statements(passage)

    @property
    def told(self) -> list[Claim]:
        """What was released, for review or without, in its order."""
        return [one.claim for one in self.judged if not one.is_withheld]

    @property
    def shown(self) -> list[Judged]:
        """What the answer lists: all but withheld claims that were written anew and passed."""
        return [one for one in self.judged if one.claim.id not in self.repaired]

    @property
    def to_repair(self) -> list[Withheld]:
        """Withheld claims that better words may save, with what better words can meet."""
        withheld = [
            Withheld(one.claim, tuple(f for f in one.report.findings if _is_of_words(f)))
            for one in self.judged
            if one.is_withheld
        ]
        return [one for one in withheld if one.findings]

    def conflicts(self, one: Judged) -> tuple[Conflict, ...]:
        """What other sources say against a released claim."""
        return disagreements([one.claim], self.found)

    def is_told(self, claim: Claim) -> bool:
        """Whether released claims quote already what ``claim`` itself says; its leads do not count."""
        places = {
            (quote.citation.passage_id, quote.citation.start)
            for told in self.told
            for quote in told.quotes or ()
            if quote.citation
        }
        own = [quote.citation for quote in claim.quotes or () if quote.citation]
        return bool(own) and (own[-1].passage_id, own[-1].start) in places

    def written(self, *, backend: str, model: str | None) -> tuple[Draft, Report]:
        """Everything that was drafted and judged, for the record."""
        draft = Draft(claims=tuple(one.claim for one in self.judged), backend=backend, model=model)
        versions = {rule.id: rule.version for rule in self.rules}
        return draft, Report(claims=tuple(one.report for one in self.judged), rules=versions)

    def _is_repeated(self, claim: Claim) -> bool:
        words = fold(claim.text).text.casefold()
        return any(fold(one.text).text.casefold().startswith(words) for one in self.told)
