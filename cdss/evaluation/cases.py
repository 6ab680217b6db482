"""Cases: questions with what a good answer to each cites and says, or with the reason why there is none.

A file of cases is TOML:

    name = "Our hospital"                      # stands in the report
    documents = ["../guidelines"]              # what to build a library from, seen from this file; left out: the live library
    as_of = 2026-11-01                         # the day to judge by; left out: today

    [[case]]
    id = "sepsis-first-fluid"
    specialty = "emergency medicine"
    question = "Septic shock, how much fluid in the first three hours?"
    patient = { age_years = 54, weight_kg = 80 }                  # optional, as in `cdss ask --patient`
    gold = [{ file = "sepsis.md", section = "Fluids", words = 21, hash = "0f3a66b1c2d4" }]
    figures = ["30 mL/kg"]                     # each must stand in a released claim, exactly or by exact conversion
    about = ["crystalloid"]                    # a claim without any of these words gives no figure of the asked kind
    also = ["500 mL"]                          # figures that stand beside the asked one and do not contradict it

    [[case]]
    id = "sepsis-horse"
    specialty = "emergency medicine"
    question = "Fluid bolus for a horse with sepsis?"
    refuse = "veterinary medicine"             # why the right answer is none

``gold`` names every place that answers, none of their text: the document's file, the heading above, how many words, and their
hash (``cdss.evaluation.places``; ``cdss eval place`` prints the line). A place that is not found again is an error: either the
document has changed, and the case has to be looked at, or it is not in the library.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from cdss.errors import InvalidInput
from cdss.evaluation.figures import read_figure
from cdss.types import QuestionText
from checkers.types import Patient
from guidelines.types import Frozen

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Gold(Frozen):
    """A place that answers: ``words`` consecutive words of ``file`` whose hash is ``hash``, under the heading ``section``.

    ``file`` is the document's file name, with as many of its folders as it takes to tell it from others.
    """

    file: Line
    section: Line
    words: int = Field(ge=1, le=2000)
    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class Case(Frozen):
    """One question and what is expected of its answer; ``refuse`` says why none is."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    specialty: Line
    question: QuestionText
    patient: Patient | None = None
    gold: tuple[Gold, ...] = ()
    figures: tuple[Line, ...] = ()
    about: tuple[Line, ...] = ()
    also: tuple[Line, ...] = ()
    refuse: Line | None = None

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if (self.refuse is None) != bool(self.gold):
            raise ValueError("a case has either gold places or a reason to refuse")
        if self.refuse is not None and (self.figures or self.about or self.also):
            raise ValueError("a case that is to be refused has no figures")
        for figure in (*self.figures, *self.also):
            read_figure(figure)
        return self


class CaseFile(Frozen):
    """A file of cases, all asked of one library. ``documents`` are paths seen from the file's folder."""

    name: Line
    documents: tuple[Line, ...] = ()
    as_of: date | None = None
    case: tuple[Case, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for what, values in (("id", [case.id for case in self.case]), ("question", [c.question for c in self.case])):
            twice = [value for value, count in Counter(values).items() if count > 1]
            if twice:
                raise ValueError(f"the {what} {twice[0]!r} stands there more than once")
        return self


def read_cases(path: Path) -> CaseFile:
    """Read a file of cases; raises ``InvalidInput``, naming the file and the case, when it cannot be used."""
    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}.", field=path.name
        ) from error
    except ValueError as error:
        raise InvalidInput(f"{path.name} is not TOML: {error}", field=path.name) from error
    try:
        return CaseFile.model_validate(loaded)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInput(f"{path.name}, {_where(first['loc'], loaded)}: {first['msg']}", field=path.name) from error


def _where(location: tuple[int | str, ...], loaded: dict[str, object]) -> str:
    """``case sepsis-first-fluid, figures`` rather than ``case.3.figures``."""
    cases = loaded.get("case")
    match location:
        case ("case", int(number), *rest) if isinstance(cases, list):
            row = cases[number]
            name = row.get("id", f"number {number + 1}") if isinstance(row, dict) else f"number {number + 1}"
            return ", ".join((f"case {name}", *(".".join(map(str, part)) for part in [rest] if part)))
        case ():
            return "as a whole"
        case _:
            return ".".join(map(str, location))
