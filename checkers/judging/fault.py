"""One thing that is wrong with the amount of an order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from checkers.formulary.fields import Sourced
from checkers.judging.ceilings import Passed
from checkers.judging.compare import Comparison
from checkers.situation.amounts import Amount
from checkers.situation.orders import Order
from checkers.types import Dose, Severity

Kind = Literal[
    "tenfold", "thousandfold", "per-kg", "per-day", "frequency", "maximum-daily", "maximum-single", "too-low", "loading",
    "weight-cap", "duration", "infusion", "salt-or-unit", "indication", "no-way",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: ``kind`` decides who says it, ``ratio`` is how many times too much, too little or too often.

    ``nearest`` is the way of giving that comes closest, ``ceiling`` what is passed.
    """

    kind: Kind
    severity: Severity
    order: Order
    dose: Dose
    amount: Amount
    ratio: Decimal
    nearest: Comparison | None = None
    ceiling: Passed | None = None
    upwards: bool = True

    @property
    def row(self) -> Sourced | None:
        """The row that it rests on."""
        return self.ceiling.row if self.ceiling else self.nearest.regimen if self.nearest else None
