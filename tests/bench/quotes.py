"""How often the quote rule accepts an honest copy of a sentence, and how often it sees through a dishonest one.

``python -m tests.bench.quotes`` draws real sentences from the shared corpus, mutates them, and prints for every mutation the
share that was judged rightly with its 95 % Wilson interval, beside it what ``partial_ratio >= 95`` would have accepted.
Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from checkers.rules import quote as rule
from checkers.types import Claim, Quote, Severity, Subject
from tests.bench.dishonest_copies import DISHONEST
from tests.bench.honest_copies import HONEST
from tests.bench.sentences import Sample, samples

HONEST_BAR = 0.995


@dataclass
class Tally:
    """One mutation: how many were tried, how many were judged rightly, how many the fuzzy matcher would have accepted."""

    name: str
    honest: bool
    bar: float
    tried: int = 0
    right: int = 0
    fuzzy: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.tried if self.tried else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.tried)


def wilson(right: int, tried: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % Wilson score interval of ``right`` out of ``tried``."""
    if not tried:
        return 0.0, 1.0
    share, weight = right / tried, z * z / tried
    middle, half = share + weight / 2, z * math.sqrt(share * (1 - share) / tried + weight / (4 * tried))
    return (middle - half) / (1 + weight), (middle + half) / (1 + weight)


def accepted(quote: str, source: str) -> bool:
    """Whether the rule lets ``quote`` through without a mark."""
    subject = Subject(claim=Claim(id="c", text="-", quotes=(Quote(quote=quote, source=source),)))
    return all(finding.severity is Severity.INFO for finding in rule.check(subject))


def measure(drawn: list[Sample], *, seed: int, most: int, fuzzy: bool = True) -> list[Tally]:
    """Every mutation on at most ``most`` of the sentences it applies to."""
    tallies: list[Tally] = []
    for name, honest_mutation in HONEST.items():
        tally = Tally(name, True, HONEST_BAR)
        chance = random.Random(f"{seed} {name}")
        for sample in drawn:
            if tally.tried < most and (made := honest_mutation(sample.text, chance)) is not None:
                _count(tally, made, sample.source, fuzzy)
                if tally.tried < most and made != sample.text:  # the noise may as well be in the source
                    _count(tally, sample.text, sample.source.replace(sample.text, made), fuzzy)
        tallies.append(tally)
    for name, (mutation, bar) in DISHONEST.items():
        chance = random.Random(f"{seed} {name}")
        made_of = ((mutation(sample.text, chance), sample) for sample in drawn)
        tallies.append(_dishonest(name, bar, ((made, sample.source) for made, sample in made_of if made), most, fuzzy))
    tallies.append(_dishonest("splice", 0.999, splices(drawn, random.Random(f"{seed} splice")), most, fuzzy))
    tallies.append(_dishonest("edition swapped", 0.99, editions(drawn), most, fuzzy))
    return tallies


def _dishonest(name: str, bar: float, pairs: Iterable[tuple[str, str]], most: int, fuzzy: bool) -> Tally:
    tally = Tally(name, False, bar)
    for quote, source in pairs:
        if tally.tried < most and (name == "qualifier cut" or not stands_whole(quote, source)):
            _count(tally, quote, source, fuzzy)
    return tally


def _count(tally: Tally, quote: str, source: str, fuzzy: bool) -> None:
    right = accepted(quote, source) == tally.honest
    tally.tried += 1
    tally.right += right
    if fuzzy:
        tally.fuzzy += fuzz.partial_ratio(" ".join(quote.split()), " ".join(source.split())) >= 95
    if not right and len(tally.wrong) < 20:
        tally.wrong.append((quote, source))


def stands_whole(quote: str, source: str) -> bool:
    """Whether a mutated quote happens to stand in the source all the same, its full stop aside, and so is not dishonest."""
    bare = quote.rstrip(". ").split()
    words = r"\s+".join(re.sub(r"\\?[-–—−]", "[-–—−]", re.escape(word)) for word in bare)
    return re.search(rf"(?<![\w.]){words}(?![\w]|[.,/]\w)", source) is not None


def splices(drawn: list[Sample], chance: random.Random) -> Iterator[tuple[str, str]]:
    """The beginning of one sentence with the end of another from the same source."""
    for sample in drawn:
        others = [
            other
            for other in re.split(r"(?<=[.!?])\s+(?=[A-Z])", sample.source)[1:-1]
            if len(other.split()) > 6 and other not in sample.text
        ]
        first = sample.text.split()
        if not others:
            continue
        second = chance.choice(others).split()
        cut, resume = chance.randrange(3, len(first) - 2), chance.randrange(1, len(second) - 3)
        yield " ".join(first[:cut] + second[resume:]), sample.source
        yield " ".join(first + second), sample.source


def editions(drawn: list[Sample]) -> Iterator[tuple[str, str]]:
    """A sentence quoted from one document against another that says nearly the same: another edition or a sister label."""
    by_opening: dict[str, list[Sample]] = {}
    for sample in drawn:
        by_opening.setdefault(" ".join(sample.text.split()[:4]).lower(), []).append(sample)
    for group in by_opening.values():
        for one in group:
            for other in group:
                if one.document != other.document and " ".join(one.text.split()) != " ".join(other.text.split()):
                    yield one.text, other.source


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=3000)
    parser.add_argument("--most", type=int, default=3000, help="of each mutation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="show what was judged wrongly")
    arguments = parser.parse_args()
    drawn = samples(arguments.sentences, seed=arguments.seed)
    began = time.perf_counter()
    tallies = measure(drawn, seed=arguments.seed, most=arguments.most)
    took = time.perf_counter() - began
    if arguments.json:
        rows = [
            {"name": t.name, "honest": t.honest, "n": t.tried, "share": t.share, "interval": t.interval, "bar": t.bar}
            for t in tallies
        ]
        json.dump({"sentences": len(drawn), "seconds": took, "mutations": rows}, sys.stdout, indent=1)
    else:
        sys.stdout.write(f"{len(drawn)} sentences, seed {arguments.seed}, {took:.0f} s\n\n")
        sys.stdout.write(
            f"{'mutation':22}{'n':>6}{'right':>10}   95 % interval      bar   partial_ratio >= 95 accepts\n"
        )
        for tally in tallies:
            low, high = tally.interval
            kind = "accepted" if tally.honest else "detected"
            sys.stdout.write(
                f"{tally.name:22}{tally.tried:6}{tally.share:10.2%}   {low:.2%} - {high:.2%}  {tally.bar:6.1%}  "
                f"{tally.fuzzy / max(1, tally.tried):8.1%}   {kind}{'' if tally.share >= tally.bar else '   BELOW THE BAR'}\n"
            )
            for quote, source in tally.wrong if arguments.wrong else ():
                sys.stdout.write(f"    {quote!r}\n        {source!r}\n" if len(source) < 300 else f"    {quote!r}\n")
    return int(any(tally.share < tally.bar for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
