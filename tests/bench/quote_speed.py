"""How many quotes the quote rule judges in a second, and how its time grows with the source.

``python -m tests.bench.quote_speed`` judges real sentences, each against the 2,000 characters around it and remembering none,
on one core; then honest, altered and absent quotes against sources of 10 kB to 1 MB. Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import statistics
import sys
import time

from checkers.fold import fold
from tests.bench.quotes import accepted
from tests.bench.sentences import samples, texts

BAR = 2000
"""Quotes in a second, against 2,000 characters."""
SIZES = (10_000, 100_000, 1_000_000)
GROWTH = 1.6
"""Ten times the source may take ten times this as long: caches and chance have their part."""
RUNS = 5


def rate(count: int = 2000) -> list[float]:
    """Quotes in a second, of ``RUNS`` runs: half of them true to the letter, half with a changed word."""
    drawn = samples(count, seed=3)
    pairs = [
        (sample.text if at % 2 else sample.text.replace(" the ", " no ", 1), sample.source)
        for at, sample in enumerate(drawn)
    ]
    rates = []
    for _ in range(RUNS):
        fold.forget()
        began = time.process_time()
        for quote, source in pairs:
            accepted(quote, source)
        rates.append(len(pairs) / (time.process_time() - began))
    return rates


def seconds(source: str) -> float:
    """The median time in which an honest, an altered and an absent quote are judged against ``source``."""
    middle = source[len(source) // 2 :].split(". ")[1]
    quotes = (middle, middle.replace(" ", " not ", 1), "Zebra crossings are safe at night in most towns.")
    taken = []
    for _ in range(RUNS):
        fold.forget()
        began = time.process_time()
        for quote in quotes:
            accepted(quote, source)
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def main() -> int:
    rates = rate()
    sys.stdout.write(
        f"quotes a second against 2,000 characters: median {statistics.median(rates):,.0f} of {RUNS} runs "
        f"({min(rates):,.0f} to {max(rates):,.0f}); bar {BAR:,}\n"
    )
    text = " ".join(part for _, part in texts())
    times = [seconds(text[:size]) for size in SIZES]
    for size, taken in zip(SIZES, times, strict=True):
        sys.stdout.write(f"three quotes against {size:9,} characters: {taken * 1000:8.1f} ms\n")
    growth = [
        later / before / (len_later / len_before)
        for before, later, len_before, len_later in zip(times, times[1:], SIZES, SIZES[1:], strict=False)
    ]
    sys.stdout.write(
        f"time for each character, tenfold source over source: {', '.join(f'{each:.2f}' for each in growth)}; bar {GROWTH}\n"
    )
    return int(statistics.median(rates) < BAR or max(growth) > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
