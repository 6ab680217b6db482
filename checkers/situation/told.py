"""What a text itself says of its patient: "CrCl 19", "86 y", "3.2-kg term newborn", "Child-Pugh C", "trough 42 mg/L".

Only single values count, see ``single_value``. Source of the words: ``data/situation.toml``.
"""

from __future__ import annotations

from itertools import chain

from checkers.remember import remembered
from checkers.situation.single_value import Told
from checkers.situation.told_body import ages, weights
from checkers.situation.told_labs import labs
from checkers.situation.told_organs import kidneys, livers
from checkers.situation.told_pregnancy import pregnancies


@remembered()
def told(text: str) -> tuple[Told, ...]:
    """Every fact that ``text`` (with one kind of space and hyphen) tells of its patient, in its order."""
    found = chain(ages(text), weights(text), kidneys(text), livers(text), pregnancies(text), labs(text))
    return tuple(sorted(found, key=lambda fact: fact.span))


@remembered()
def told_by_condition(text: str) -> tuple[Told, ...]:
    """What a condition of the record tells besides: "pregnancy 33 weeks", "ESRD on haemodialysis", "breastfeeding"."""
    return tuple(sorted(chain(kidneys(text), livers(text), pregnancies(text)), key=lambda fact: fact.span))
