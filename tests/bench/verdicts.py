"""How well doses are judged: verdicts on labelled sentences by kind of error, and how fast.

python -m tests.bench.verdicts [FILE]      the table, what went wrong, and the speed; with --all every row with its findings.
                                           FILE may be a folder of such files; without it, the labelled set.

Fails where the speed misses its bounds. Times are of the processor, in this process, so that one core counts.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from checkers.run import judge
from checkers.types import Claim, ClaimReport, Patient, Severity, Subject, Verdict

T = TypeVar("T")

DEV = Path(__file__).parents[3] / "shared" / "eval" / "dosing" / "dev.jsonl"
OWN = Path(__file__).parents[1] / "checkers" / "verdicts"
LEAST_A_SECOND, LONG_WORDS, LONG_SECONDS = 300, 5_000, 2.0
_RUNS = 3
_WANTED = {"safe": {Verdict.RELEASE}, "unsafe": {Verdict.WITHHOLD}, "needs_review": {Verdict.REVIEW, Verdict.WITHHOLD}}


def verdict_of(row: dict[str, Any]) -> ClaimReport:
    """What all rules say of one labelled sentence."""
    patient = Patient(**row["patient"]) if row.get("patient") is not None else None
    return judge(Subject(claim=Claim(id=row["id"], text=row["sentence"]), patient=patient))


def main(path: Path, every: bool) -> bool:
    """Print the table and the speed; whether the speed is within its bounds."""
    rows = _rows(path)
    cold, _ = _seconds(lambda: verdict_of(rows[0]))
    found = [(row, verdict_of(row)) for row in rows]
    table(found, every)
    print(f"\nfirst sentence {cold:.1f} s, with the loading of the tables")
    return _speed()


def table(found: Sequence[tuple[dict[str, Any], ClaimReport]], every: bool) -> None:
    """Verdicts beside those that were expected, in all and by kind of error."""
    verdicts: Counter[tuple[str, str]] = Counter()
    errors: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row, report in found:
        verdicts[row["expected"], report.verdict] += 1
        errors[row["error_type"] or "none"] += 1
        right = report.verdict in _WANTED[row["expected"]]
        missed[row["error_type"] or "none"] += not right
        if not right or every:
            print(f"{row['id']} {row['expected']} ({row['error_type']}) -> {report.verdict}: {row['sentence']}")
            print(f"    {json.dumps(row['patient'], ensure_ascii=False)}")
            for finding in report.findings:
                if finding.severity is not Severity.INFO or every:
                    print(f"    {finding.severity} {finding.rule}: {finding.message}")
    print()
    for wanted in _WANTED:
        counts = {verdict: verdicts[wanted, verdict] for verdict in Verdict}
        total = sum(counts.values())
        print(f"{wanted:13} {total:4}  " + "  ".join(f"{verdict} {count}" for verdict, count in counts.items()))
    print()
    for kind, count in sorted(errors.items()):
        print(f"{kind:28} {count - missed[kind]:4} of {count:4} right")


def _speed() -> bool:
    """Our own sentences one by one, and their first 5,000 words as one text: the first run, and the best of the next ones."""
    rows = _rows(OWN / "sentences.jsonl")
    text = " ".join(" ".join(row["sentence"] for row in rows).split()[:LONG_WORDS])
    long = {"id": "long", "sentence": text, "patient": rows[0]["patient"]}
    cold, report = _seconds(lambda: verdict_of(long))
    warm = min(_seconds(lambda: verdict_of(long))[0] for _ in range(_RUNS))
    first, _ = _seconds(lambda: [verdict_of(row) for row in rows])
    later = min(_seconds(lambda: [verdict_of(row) for row in rows])[0] for _ in range(_RUNS))
    print(f"{LONG_WORDS:,} words with {len(report.doses)} doses: {cold:.2f} s at first, then {warm:.2f} s", end=" ")
    print(f"(bound {LONG_SECONDS:.0f} s)")
    print(f"{len(rows) / first:.0f} sentences a second at first, then {len(rows) / later:.0f}", end=" ")
    print(f"(bound {LEAST_A_SECOND})")
    return warm <= LONG_SECONDS and len(rows) / later >= LEAST_A_SECOND


def _seconds(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


def _rows(path: Path) -> list[dict[str, Any]]:
    paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [json.loads(line) for one in paths for line in one.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--all"]
    sys.exit(0 if main(Path(arguments[0]) if arguments else DEV, "--all" in sys.argv) else 1)
