"""What is not known of a drug in a patient who needs more care than others: unknown is not harmless.

A drug is known in pregnancy, breast-feeding, renal or hepatic failure if it has guards of that kind, or stands in
``data/considered.toml`` as one that needs none.
"""

from __future__ import annotations

from typing import Any

from checkers.formulary.fields import Band
from checkers.formulary.rows import Guard, Medicine
from checkers.tables import table
from checkers.types import Severity

_IN: dict[str, tuple[str, dict[str, Any]]] = {
    "pregnancy": ("pregnancy", {"pregnant": True}),
    "lactation": ("breast-feeding", {"lactating": True}),
    "renal": ("renal failure", {"crcl": Band(below=30)}),
    "hepatic": ("hepatic failure", {"child_pugh": ("C",)}),
}
_UNKNOWN = {
    kind: Guard(
        severity=Severity.REVIEW,
        says=f"The tables do not say whether it may be given in {words}: check it elsewhere.",
        asks=False,
        verified=False,
        **facts,
    )
    for kind, (words, facts) in _IN.items()
}
"""What is said of a drug of which nothing is known, by the kind of guard that it has not."""


def known_guards(kind: str, drug: str, medicine: Medicine) -> tuple[Guard, ...]:
    """The guards of ``kind`` that a drug has, or the one that says that nothing is known of it."""
    rows = medicine.guards(kind)
    if rows or kind not in _UNKNOWN or drug in table("considered")[kind]:
        return rows
    return (_UNKNOWN[kind],)
