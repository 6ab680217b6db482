"""Whether the doses of a claim were set against the tables at all."""

from __future__ import annotations

from checkers.judging.faults import judged
from checkers.situation.situation import situation
from checkers.types import Subject


def all_judged(subject: Subject) -> bool:
    """Whether every amount that the claim tells somebody to give was set beside a way of giving that drug."""
    worked_out = situation(subject)
    for order in worked_out.orders:
        if order.standing in ("history", "held", "stopped", "negated", "contrast", "allergy") or order.is_limit:
            continue
        one = judged(order, worked_out) if order.is_active else None
        if one is None or not one.near:
            return False
    return bool(worked_out.orders)
