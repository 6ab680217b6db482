"""Reads doses: what drug, how much, how often, by which route, for how long. No limits, no verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checkers.types import Dose


def read_doses(text: str) -> tuple[Dose, ...]:
    """Every dose in ``text``, in its order; the grammar is loaded when it is first asked for."""
    from checkers.dosing.read import read_doses as read

    return read(text)


def render(dose: Dose) -> str:
    """``dose`` in words that read back to it."""
    from checkers.dosing.render import render as written

    return written(dose)
