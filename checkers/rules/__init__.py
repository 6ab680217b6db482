"""Every rule there is, in the order in which they are asked. A new rule is one module here and one line below."""

from __future__ import annotations

from checkers.rules import (
    citation,
    grounding_binding,
    grounding_modality,
    grounding_name,
    grounding_negation,
    grounding_number,
    grounding_population,
    grounding_route,
    grounding_word,
    in_force,
    quote,
)
from checkers.types import Rule

RULES: tuple[Rule, ...] = (
    citation.RULE,
    in_force.RULE,
    quote.RULE,
    grounding_number.RULE,
    grounding_binding.RULE,
    grounding_negation.RULE,
    grounding_modality.RULE,
    grounding_population.RULE,
    grounding_route.RULE,
    grounding_name.RULE,
    grounding_word.RULE,
)
