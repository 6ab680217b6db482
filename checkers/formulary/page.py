"""The page ``docs/formulary.md``: how much is known of each drug, and how much of it was seen in a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checkers.formulary.knowledge import Knowledge, knowledge
from checkers.formulary.rows import Medicine


def markdown(tables: Knowledge | None = None) -> str:
    """The page."""
    return "\n".join(_lines(tables or knowledge())) + "\n"


def is_verified(medicine: Medicine) -> bool:
    """Whether a way of giving the drug and a ceiling of it were both seen in a document."""
    return any(row.verified for row in medicine.regimen) and any(row.verified for row in medicine.maximum)


def _lines(tables: Knowledge) -> Iterator[str]:
    medicines = sorted(tables.medicines.items())
    rows = [row for _, medicine in medicines for row in medicine.rows()]
    pairs = (*tables.interactions, *tables.allergies, *tables.duplicates)
    seen = sum(row.verified for row in rows)
    yield "# What is known about drugs"
    yield ""
    yield "Written by `python -m checkers.formulary`; a change is made in `checkers/data/formulary` and `checkers/data/pairs`."
    yield ""
    yield "A row is *verified* when the document that it names was opened and the value seen there. All others come from no"
    yield "opened source: they are used, and every finding that rests on one says so. A drug counts as verified when a way of"
    yield "giving it and a ceiling are. None of this was read by a licensed pharmacist yet."
    yield ""
    yield f"- {len(medicines)} drugs, {sum(is_verified(medicine) for _, medicine in medicines)} of them verified"
    yield f"- {len(rows)} rows about one drug, {seen} of them verified"
    yield f"- {len(tables.interactions)} interactions, {len(tables.allergies)} allergies, {len(tables.duplicates)} duplicates: "
    yield f"  {len(pairs)} rows about two, {sum(row.verified for row in pairs)} of them verified"
    yield f"- {len(tables.sources)} documents"
    yield ""
    yield "| drug | ways of giving | ceilings | for whom not, or less | verified rows | |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, medicine in medicines:
        own = medicine.rows()
        count = Counter(row.verified for row in own)
        guards = (
            len(own)
            - len(medicine.regimen)
            - len(medicine.maximum)
            - len(medicine.need)
            - len(medicine.salt)
            - len(medicine.potency)
            - len(medicine.pace)
        )
        mark = "verified" if is_verified(medicine) else ""
        ways, ceilings = len(medicine.regimen), len(medicine.maximum)
        yield f"| {name} | {ways} | {ceilings} | {guards} | {count[True]} of {len(own)} | {mark} |"
    yield ""
    yield "## Documents"
    yield ""
    yield "| document | publisher | edition | date |"
    yield "| --- | --- | --- | --- |"
    told = {
        (source.title, source.publisher, source.edition, source.date.isoformat()) for source in tables.sources.values()
    }
    yield from (f"| {' | '.join(_cell(part) for part in row)} |" for row in sorted(told))


def _cell(text: str) -> str:
    return text.replace("|", "/")
