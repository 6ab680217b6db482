"""The page of patient facts, ``docs/patient-facts.md``, out of the tables. ``python -m checkers.situation.page`` writes it."""

from __future__ import annotations

from pathlib import Path

from checkers.tables import table
from checkers.types import Patient

PAGE = Path(__file__).parents[2] / "docs" / "patient-facts.md"
_HEAD = """# Patient facts

Written by `python -m checkers.situation.page`; a test fails when it is out of date.

A record gives what is known and leaves out what is not. An empty list of `allergies`, `conditions` or `medications` means that
there are none; a list that is left out means that nobody knows. Where a condition tells a fact that the record gives no field
for ("pregnancy 33 weeks", "breastfeeding", "CKD stage 4", "on haemodialysis", "Child-Pugh B", "HLA-B*57:01 positive"), it is
taken from there; a field always goes before a condition, and a number before a stage. What a question tells of its patient in
single values ("with an eGFR of 25", "32 weeks pregnant", "14 kg") counts where the record does not say, or where there is none.

## Fields

"""
_LABS = """

## Laboratory values and signs

`labs` is a table of names and numbers. Capitals, spaces and hyphens in a name do not matter. A value outside the range goes
to review as a doubt about its unit wherever a drug depends on it; it is never taken for normal. Names that are not listed here
are kept and decide nothing. Calcium is corrected for an albumin below 4 g/dL unless the record says that it is corrected.

| Name | Unit | Believed from | to | Other names | In another unit |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The page as it should stand."""
    fields = "\n".join(f"- `{name}`" for name in Patient.model_fields)
    rows = []
    for name, row in table("labs")["labs"].items():
        other = [f"`{one}` (× {factor:g})" for one, factor in row.get("units", {}).items()]
        if also := row.get("also"):
            other.append(f"{also['from']:g} to {also['below']:g} (× {also['factor']:g})")
        names = ", ".join(f"`{one}`" for one in row["names"])
        rows.append(
            f"| `{name}` | {row['unit'] or '-'} | {row['least']:g} | {row['most']:g} | {names} | {', '.join(other) or '-'} |"
        )
    return _HEAD + fields + _LABS + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
