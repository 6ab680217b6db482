"""Checks of text that comes from outside, one JSON object a line: no library, no model, no network.

A line is ``{"id", "text", "patient"?, "quotes"?: [{"quote", "source"}]}``; other keys are ignored. What cannot be read gives an
error in its place, so that the answers keep the order of the lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, BinaryIO, NoReturn

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from checkers.rules import RULES
from checkers.run import judge
from checkers.types import Claim, Dose, Finding, Missing, Patient, Quote, Rule, Subject, Verdict
from guidelines.types import Frozen

MAX_LINE_BYTES = 32 * 2**20
"""A source of a megabyte has room many times over; what is longer is no line."""
MAX_TEXT_CHARS = 40_000
"""Of a text to check: five thousand words and more. It is one claim, not a book."""
MAX_QUOTES = 200


class GivenQuote(BaseModel):
    """A quote as it is given; without a ``source`` it can ground the text but cannot itself be checked."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    quote: str
    source: str | None = None


class Line(BaseModel):
    """One text to check. No quotes at all and an empty list of them mean the same: there is nothing to compare with."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | int | float | None = None
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
    patient: Patient | None = None
    quotes: Annotated[tuple[GivenQuote, ...], Field(max_length=MAX_QUOTES)] | None = None

    def claim(self) -> Claim:
        """The text with its quotes, as the rules read it."""
        quotes = tuple(Quote(quote=given.quote, source=given.source) for given in self.quotes or ())
        return Claim(id=str(self.id), text=self.text, quotes=quotes or None)


class LineReport(Frozen):
    """What the rules say of one line."""

    id: str | int | float | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    not_checked: tuple[Missing, ...]
    doses: tuple[Dose, ...]

    @property
    def released(self) -> bool:
        """Whether the text may be shown without a mark."""
        return self.verdict is Verdict.RELEASE


class LineError(Frozen):
    """Why a line could not be read; ``line`` counts from 1. It is never released."""

    id: None = None
    line: int
    error: str

    @property
    def released(self) -> bool:
        """Never: what was not read was not checked."""
        return False


def check_one(line: Line, *, as_of: date | None, rules: Iterable[Rule] = RULES) -> LineReport:
    """What ``rules`` say of ``line``, judged by the day ``as_of``."""
    report = judge(Subject(claim=line.claim(), as_of=as_of, patient=line.patient), rules)
    return LineReport(
        id=line.id,
        verdict=report.verdict,
        findings=report.findings,
        not_checked=report.not_checked,
        doses=report.doses,
    )


def check_lines(
    lines: Iterable[str | bytes], *, as_of: date | None, warn: Callable[[str], None], rules: Iterable[Rule] = RULES
) -> Iterator[LineReport | LineError]:
    """One answer for every line that is not blank, in their order, each as soon as its line was read.

    ``warn`` is told, in words, which keys of a patient are not known and were ignored.
    """
    rules = tuple(rules)
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            line = read(raw, warn=partial(_warn, warn, number))
        except LineReadError as error:
            yield LineError(line=number, error=str(error))
        else:
            yield check_one(line, as_of=as_of, rules=rules)


def _warn(warn: Callable[[str], None], number: int, words: str) -> None:
    warn(f"line {number}: {words}")


class LineReadError(Exception):
    """A line is not what it should be; the message says why without repeating it."""


def read(raw: str | bytes, *, warn: Callable[[str], None]) -> Line:
    """The line that ``raw`` holds. Raises ``LineReadError``."""
    if len(raw) > MAX_LINE_BYTES:
        raise LineReadError(f"longer than {MAX_LINE_BYTES // 2**20} MiB")
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw.removeprefix("\ufeff")
        given: JsonValue = json.loads(text, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise LineReadError(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise LineReadError(f"not JSON at character {error.pos + 1}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise LineReadError("not JSON that can be read: a number or a nesting is too large") from error
    if not isinstance(given, dict):
        raise LineReadError("not a JSON object")
    try:
        return Line.model_validate(_known(given, warn))
    except ValidationError as error:
        raise LineReadError(_in_words(error)) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _known(given: Mapping[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """``given`` without keys of the patient that nobody reads."""
    patient = given.get("patient")
    if not isinstance(patient, dict):
        return dict(given)
    unknown = sorted(patient.keys() - Patient.model_fields.keys())
    if unknown:
        warn(f"ignored unknown patient keys: {', '.join(key[:40] for key in unknown[:10])}")
    return {**given, "patient": {key: value for key, value in patient.items() if key not in unknown}}


def _in_words(error: ValidationError) -> str:
    """The first three problems with their places; what was given is not repeated, it may be a patient's."""
    problems = error.errors(include_input=False, include_url=False)
    said = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems[:3]]
    more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
    return "; ".join(said) + more


def bounded(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of ``stream``, one at a time; of one that is too long just enough for ``read`` to say so."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES + 1)
        yield line
