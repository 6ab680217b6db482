"""How well doses are read: field by field on labelled sentences, and by eye on guidelines and drug labels.

python -m tests.bench.doses            the table, and how many doses the documents hold
python -m tests.bench.doses 100 7      and 100 of their sentences, drawn with seed 7, with what was read in them
"""

from __future__ import annotations

import html
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkers.dosing import read_doses
from checkers.types import Dose
from tests.checkers.dosing.dose_cases import FIELDS, cases, fields

SHARED = Path(__file__).parents[3] / "shared"
_FIELDS = ("drug", "dose_low", "dose_high", "unit", "per_kg", "basis", "frequency_per_day", "route", "duration_days")
_TAG = re.compile(r"<[^>]+>")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")


def main(sample: int, seed: int) -> None:
    own()
    if not SHARED.is_dir():
        print(f"not measured: {SHARED} is absent")
        return
    labelled(SHARED / "eval" / "dosing" / "dev.jsonl")
    documents(sample, seed)


def own() -> None:
    """The cases written for the reader."""
    for part in ("tuning", "held"):
        found = [(case, [fields(dose) for dose in read_doses(case.text)]) for case in cases(part)]
        right = sum(_sorted(doses) == _sorted(list(case.doses)) for case, doses in found)
        print(f"{part}: {right} of {len(found)} sentences read exactly")


def labelled(path: Path) -> None:
    """Every field of the best-matching dose of every sentence that has one."""
    wrong: Counter[str] = Counter()
    sentences = whole = 0
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if "parsed" not in row:
            continue
        sentences += 1
        missed = min(
            (_missed(dose, row["parsed"]) for dose in read_doses(row["sentence"])), key=len, default=list(_FIELDS)
        )
        whole += not missed
        wrong.update(missed)
        if missed:
            print(f"  {row['id']} {missed}: {row['sentence']}")
    for name in _FIELDS:
        print(f"  {name:18} {sentences - wrong[name]:4} right {wrong[name]:4} wrong")
    print(f"{path.name}: every field right in {whole} of {sentences} sentences ({whole / sentences:.1%})")


def _missed(dose: Dose, parsed: dict[str, Any]) -> list[str]:
    got = fields(dose)
    return [name for name in _FIELDS if not _same(got[name], parsed.get(name))]


def _same(got: Any, expected: Any) -> bool:
    if isinstance(got, float) and isinstance(expected, (int, float)):
        return abs(got - expected) < 1e-4
    return bool(got == expected)


def documents(sample: int, seed: int) -> None:
    """How many doses the documents hold, how fast they are read, and some of them to look at."""
    for name, texts in (("WHO pocket book", _pocket_book()), ("FDA labels", _labels())):
        held = list(texts)
        start = time.perf_counter()
        read = [(sentence, read_doses(sentence)) for sentence in held]
        seconds = time.perf_counter() - start
        doses = [dose for _, found in read for dose in found]
        unnamed = sum(dose.drug is None for dose in doses)
        rate = len(held) / seconds
        print(f"{name}: {len(doses)} doses ({unnamed} of no known drug) in {len(held)} sentences, {rate:.0f} a second")
        with_doses = [pair for pair in read if pair[1]]
        for sentence, found in random.Random(seed).sample(with_doses, min(sample, len(with_doses))):
            print(f"\n  {sentence}")
            for dose in found:
                print(f"    {brief(dose)}")


def brief(dose: Dose) -> str:
    """A dose on one line, without what is not stated."""
    unset: dict[str, Any] = {"per_kg": False, "per_m2": False, "basis": "dose", "role": "dose"}
    shown = {name: value for name, value in fields(dose).items() if value is not None and value != unset.get(name)}
    return ", ".join(f"{name}={value}" for name, value in shown.items() if name in FIELDS)


def _pocket_book() -> Iterator[str]:
    for path in sorted((SHARED / "corpus" / "who-pocketbook").glob("*.html")):
        text = re.sub(r"</(?:p|li|tr|h\d|td|th)>", "\n", path.read_text("utf-8"))
        yield from _sentences(html.unescape(_TAG.sub(" ", text)))


def _labels() -> Iterator[str]:
    for path in sorted((SHARED / "corpus" / "fda-labels-openfda").glob("*.json")):
        label = json.loads(path.read_text("utf-8"))
        for text in label.get("dosage_and_administration", ()):
            yield from _sentences(text)


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        sentence = " ".join(sentence.split())
        if 10 < len(sentence) < 600:
            yield sentence


def _sorted(doses: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(dose, sort_keys=True) for dose in doses)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
