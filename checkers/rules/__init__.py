"""Every rule there is, in the order in which they are asked. A new rule is one module here and one line below."""

from __future__ import annotations

from checkers.rules import citation, grounding_number, in_force, quote
from checkers.types import Rule

RULES: tuple[Rule, ...] = (
    citation.RULE,
    in_force.RULE,
    quote.RULE,
    grounding_number.RULE,
)
