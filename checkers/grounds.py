"""A claim and the words that are to carry it, folded once, in the form in which every grounding rule reads them."""

from __future__ import annotations

from functools import cached_property, lru_cache

from checkers.fold import BREAK, Origin, fold
from checkers.quantities import Quantity, quantities
from checkers.types import Claim, Finding, Severity, Subject


class Grounds:
    """What a claim says (``claim``) and what its quotes say (``quotes``), folded, words broken at a line's end joined."""

    def __init__(self, claim: Claim) -> None:
        self._given = claim.text
        self.claim = fold(claim.text).text.replace(BREAK, "")
        self.quotes = tuple(fold(quote.quote).text.replace(BREAK, "") for quote in claim.quotes or ())

    @cached_property
    def claimed(self) -> list[Quantity]:
        """The quantities of the claim."""
        return quantities(self.claim)

    @cached_property
    def quoted(self) -> list[Quantity]:
        """The quantities of all quotes."""
        return [quantity for quote in self.quotes for quantity in quantities(quote)]

    @cached_property
    def _origin(self) -> Origin:
        return Origin(self._given, self.claim)

    def finding(
        self, rule: str, severity: Severity, message: str, at: tuple[int, int] | None, **evidence: str | None
    ) -> Finding:
        """A finding about ``claim[start:end]``; its span counts in the claim as it was given."""
        return Finding(
            rule=rule,
            severity=severity,
            message=message,
            span=self._origin.span(*at) if at else None,
            evidence=evidence,
        )


def grounds(subject: Subject) -> Grounds | None:
    """The grounds of the subject's claim; ``None`` where it has no quotes, and then no grounding rule has anything to say."""
    return _grounds(subject.claim) if subject.claim.quotes else None


@lru_cache(maxsize=4)
def _grounds(claim: Claim) -> Grounds:
    return Grounds(claim)
