"""How well doses are judged: verdicts on labelled sentences by kind of error, and how fast.

python -m tests.bench.verdicts [FILE]      the table; with --all every row that went wrong, with its findings
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from checkers.run import judge
from checkers.types import Claim, ClaimReport, Patient, Severity, Subject, Verdict

DEV = Path(__file__).parents[3] / "shared" / "eval" / "dosing" / "dev.jsonl"
_WANTED = {"safe": {Verdict.RELEASE}, "unsafe": {Verdict.WITHHOLD}, "needs_review": {Verdict.REVIEW, Verdict.WITHHOLD}}


def verdict_of(row: dict[str, Any]) -> ClaimReport:
    """What all rules say of one labelled sentence."""
    patient = Patient(**row["patient"]) if row.get("patient") is not None else None
    return judge(Subject(claim=Claim(id=row["id"], text=row["sentence"]), patient=patient))


def main(path: Path, every: bool) -> None:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    verdict_of(rows[0])
    start = time.process_time()
    found = [(row, verdict_of(row)) for row in rows]
    seconds = time.process_time() - start
    table: Counter[tuple[str, str]] = Counter()
    errors: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row, report in found:
        table[row["expected"], report.verdict] += 1
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
        counts = {verdict: table[wanted, verdict] for verdict in Verdict}
        total = sum(counts.values())
        print(f"{wanted:13} {total:4}  " + "  ".join(f"{verdict} {count}" for verdict, count in counts.items()))
    print()
    for kind, count in sorted(errors.items()):
        print(f"{kind:28} {count - missed[kind]:4} of {count:4} right")
    print(f"\n{len(rows) / seconds:.0f} sentences a second")


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--all"]
    main(Path(arguments[0]) if arguments else DEV, "--all" in sys.argv)
