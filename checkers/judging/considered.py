"""What is not known of a drug in a patient who needs more care than others: unknown is not harmless.

A drug is known in pregnancy, breast-feeding, renal or hepatic failure if it has guards of that kind, or stands in
``data/considered.toml`` as one that needs none.
"""

from __future__ import annotations

from checkers.formulary.fields import Band
from checkers.formulary.rows import Guard, Medicine
from checkers.tables import table
from checkers.types import Severity

_UNKNOWN = {
    "pregnancy": Guard(
        pregnant=True,
        severity=Severity.REVIEW,
        says="The tables do not say whether it may be given in pregnancy: check it elsewhere.",
        asks=False,
        verified=False,
    ),
    "lactation": Guard(
        lactating=True,
        severity=Severity.REVIEW,
        says="The tables do not say whether it may be given in breast-feeding: check it elsewhere.",
        asks=False,
        verified=False,
    ),
    "renal": Guard(
        crcl=Band(below=30),
        severity=Severity.REVIEW,
        says="The tables do not say whether it may be given in renal failure: check it elsewhere.",
        asks=False,
        verified=False,
    ),
    "hepatic": Guard(
        child_pugh=("C",),
        severity=Severity.REVIEW,
        says="The tables do not say whether it may be given in hepatic failure: check it elsewhere.",
        asks=False,
        verified=False,
    ),
}
"""What is said of a drug of which nothing is known, by the kind of guard that it has not."""


def known_guards(kind: str, drug: str, medicine: Medicine) -> tuple[Guard, ...]:
    """The guards of ``kind`` that a drug has, or the one that says that nothing is known of it."""
    rows = medicine.guards(kind)
    if rows or kind not in _UNKNOWN or drug in table("considered")[kind]:
        return rows
    return (_UNKNOWN[kind],)
