"""From the rules of ``grammar.lark`` to what their phrases are worth, from below upwards."""

from __future__ import annotations

from checkers.dosing.how_much import HowMuch
from checkers.dosing.how_often import HowOften


class Meaning(HowMuch, HowOften):
    """What every rule of the grammar is worth."""
