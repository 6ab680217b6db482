"""Whether bad drafts are held back and honest drafts let through.

``python -m tests.bench.drafts`` builds claims from real sentences: bad ones in which a figure stands in no quote, as it is or
converted, of which none may be released; honest restatements, of which 97 % must be released whole. Exits with 1 otherwise.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from checkers.run import run
from checkers.types import Claim, Draft, Finding, Quote, Verdict
from tests.bench.bad_restatements import BAD
from tests.bench.honest_restatements import HONEST
from tests.bench.quotes import wilson
from tests.bench.rewriting import Rewriting
from tests.bench.sentences import Sample, samples

HONEST_BAR = 0.97


@dataclass(frozen=True)
class Attempt:
    """A claim, how it was made, and what became of it."""

    way: str
    claim: str
    quote: str
    verdict: Verdict
    findings: tuple[Finding, ...]


def attempts(drawn: Sequence[Sample], ways: Sequence[Rewriting], count: int, *, seed: int) -> Iterator[Attempt]:
    """``count`` claims, the ways taken in turn, each on the sentences it applies to until there are no more of them."""
    chance = random.Random(seed)
    supplies = [(way, _claims(drawn, way, random.Random(f"{seed} {number}"))) for number, way in enumerate(ways)]
    chance.shuffle(supplies)
    while count and supplies:
        for way, supply in list(supplies):
            made = next(supply, None)
            if made is None:
                supplies.remove((way, supply))
            elif count:
                count -= 1
                yield _judged(way, *made)


def _claims(drawn: Sequence[Sample], way: Rewriting, chance: random.Random) -> Iterator[tuple[str, Sample]]:
    for sample in chance.sample(drawn, len(drawn)):
        if claim := way(" ".join(sample.text.split()), chance):
            yield claim, sample


def _judged(way: Rewriting, claim: str, sample: Sample) -> Attempt:
    quote = Quote(quote=sample.text, source=sample.source)
    draft = Draft(claims=(Claim(id="c", text=claim, quotes=(quote,)),))
    report = run(draft, as_of=date(2024, 1, 1)).claims[0]
    return Attempt(way.__name__, claim, sample.text, report.verdict, report.findings)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bad", type=int, default=10_000)
    parser.add_argument("--honest", type=int, default=2_000)
    parser.add_argument("--sentences", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", action="store_true", help="show what was judged wrongly")
    arguments = parser.parse_args()
    drawn = samples(arguments.sentences, seed=arguments.seed)
    bad = list(attempts(drawn, BAD, arguments.bad, seed=arguments.seed))
    honest = list(attempts(drawn, HONEST, arguments.honest, seed=arguments.seed))
    leaked = [attempt for attempt in bad if attempt.verdict is Verdict.RELEASE]
    held = [attempt for attempt in honest if attempt.verdict is not Verdict.RELEASE]
    share = 1 - len(held) / len(honest)
    low, high = wilson(len(honest) - len(held), len(honest))
    sys.stdout.write(f"bad drafts released: {len(leaked)} of {len(bad)}\n")
    sys.stdout.write(f"honest drafts released: {share:.2%} of {len(honest)} (95 % interval {low:.2%} - {high:.2%})\n")
    tried, kept = Counter(attempt.way for attempt in honest), Counter(attempt.way for attempt in held)
    for way in tried:
        sys.stdout.write(f"    {way:16}{1 - kept[way] / tried[way]:8.1%} of {tried[way]}\n")
    if arguments.wrong:
        for attempt in leaked + held:
            sys.stdout.write(f"\n{attempt.way}: {attempt.claim}\n    << {' '.join(attempt.quote.split())}\n")
            sys.stdout.writelines(
                f"    {finding.rule} {finding.severity}: {finding.message}\n" for finding in attempt.findings
            )
    return int(bool(leaked) or share < HONEST_BAR)


if __name__ == "__main__":
    sys.exit(main())
