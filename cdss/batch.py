"""Many questions from a file, some at once, each asked once: a run that was killed goes on where it was.

A line of the questions is ``{"id", "question", "patient"?, "filters"?, "as_of"?}``, one of the answers ``{"id", "answer"}`` or
``{"id", "line", "error"}``. An answer is on the disk before its question counts as asked. What failed is asked again next time.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout
from pydantic import ValidationError

from cdss.errors import Busy, CdssError, InvalidInput
from cdss.pipeline import answer
from cdss.service import Service
from cdss.types import Answer, Question

MAX_LINE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the questions: its number from 1, its id, and the question or what is wrong with it."""

    number: int
    id: str
    question: Question | None
    error: str | None = None


@dataclass(slots=True)
class Done:
    """What became of a batch. ``before`` were answered by an earlier run."""

    before: int = 0
    answered: int = 0
    failed: int = 0
    released: bool = True
    """Whether every answer of this run was released whole."""


def read_lines(path: Path) -> Iterator[Line]:
    """Every line that is not empty. Raises ``InvalidInput`` when two have one id: their answers could not be told apart."""
    seen: set[str] = set()
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            line = _read(number, raw)
            if line.id in seen:
                raise InvalidInput(f"line {number}: the id {line.id[:40]!r} is there already", field="id")
            seen.add(line.id)
            yield line


def _read(number: int, raw: bytes) -> Line:
    name = f"line {number}"
    try:
        if len(raw) > MAX_LINE_BYTES:
            raise ValueError("too long")
        given = json.loads(raw)
        if not isinstance(given, dict):
            raise ValueError("no object")
        name = str(given.pop("id", name))
        return Line(number, name, Question.model_validate(given))
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_input=False))
        return Line(number, name, None, "; ".join(wrong))
    except (ValueError, RecursionError):
        return Line(number, name, None, "this is no JSON object")


async def ask_all(
    lines: list[Line],
    out: Path,
    service: Service,
    *,
    actor: str,
    today: date,
    at_once: int,
    on_done: Callable[[], None],
) -> Done:
    """Ask what ``out`` has no answer to yet, ``at_once`` at once. Raises ``InvalidInput`` when another run writes there."""
    try:
        held = FileLock(f"{out}.lock").acquire(timeout=0)
    except Timeout as error:
        raise InvalidInput(f"another run is writing to {out}", field="out") from error
    with held:
        before = _answered(out)
        done = Done(before=sum(line.id in before for line in lines))
        for _ in range(done.before):
            on_done()
        waiting = [line for line in reversed(lines) if line.id not in before]
        with out.open("a", encoding="utf-8") as file:

            async def work() -> None:
                while waiting:
                    line = waiting.pop()
                    _keep(file, await _one(line, service, actor=actor, today=today, done=done))
                    on_done()

            async with asyncio.TaskGroup() as workers:
                for _ in range(at_once):
                    workers.create_task(work())
    return done


async def _one(line: Line, service: Service, *, actor: str, today: date, done: Done) -> str:
    error = line.error
    while line.question is not None:
        try:
            text = await answer(line.question, service, actor=actor, today=today)
            got = Answer.model_validate_json(text)
            done.answered += 1
            done.released &= got.is_released
            return f'{{"id": {json.dumps(line.id)}, "answer": {text}}}'
        except Busy as busy:
            await asyncio.sleep(busy.retry_after_s)
        except CdssError as failure:
            error = str(failure)
            break
    done.failed += 1
    return json.dumps({"id": line.id, "line": line.number, "error": error}, ensure_ascii=False)


def _keep(file: IO[str], text: str) -> None:
    file.write(f"{text}\n")
    file.flush()
    os.fsync(file.fileno())


def _answered(out: Path) -> set[str]:
    """Ids that ``out`` has an answer to; what a kill left of a last line, and errors, are cut away to be asked again."""
    if not out.exists():
        return set()
    kept: list[str] = []
    ids: set[str] = set()
    for text in out.read_text("utf-8", errors="replace").splitlines():
        try:
            row = json.loads(text)
        except ValueError:
            continue
        if isinstance(row, dict) and "answer" in row and str(row.get("id")) not in ids:
            ids.add(str(row["id"]))
            kept.append(text)
    beside = out.with_name(f"{out.name}.part")
    beside.write_text("".join(f"{text}\n" for text in kept), "utf-8")
    beside.replace(out)
    return ids
