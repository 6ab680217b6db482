"""Reads doses: what drug, how much, how often, by which route, for how long. No limits, no verdicts.

The grammar and the tables are loaded when they are first asked for.
"""

from __future__ import annotations

from checkers.types import Dose


def read_doses(text: str) -> tuple[Dose, ...]:
    """Every dose in ``text``, in its order."""
    from checkers.dosing.read import read_doses as read

    return read(text)


def render(dose: Dose) -> str:
    """``dose`` in words that read back to it."""
    from checkers.dosing.render import render as written

    return written(dose)
