"""What a set of judged answers comes to: rates with their intervals, and times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from cdss.evaluation.judge import Judged

_Z = 1.959964
"""Two-sided 95 % of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``of``."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; ``None`` of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % score interval (E. B. Wilson, JASA 1927;22:209-212); of nothing, all there is."""
        if not self.of:
            return 0.0, 1.0
        share, z2 = self.hits / self.of, _Z * _Z
        middle = share + z2 / (2 * self.of)
        spread = _Z * sqrt(share * (1 - share) / self.of + z2 / (4 * self.of * self.of))
        whole = 1 + z2 / self.of
        low, high = (middle - spread) / whole, (middle + spread) / whole
        return (0.0 if self.hits == 0 else low), (1.0 if self.hits == self.of else high)

    def as_json(self) -> dict[str, float | int | None]:
        """Rounded, by the names that are used in print."""
        value, (low, high) = self.value, self.interval
        rounded = None if value is None else round(value, 4)
        return {"rate": rounded, "hits": self.hits, "of": self.of, "low": round(low, 4), "high": round(high, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One rate: which cases it counts (``of``), which of them are hits, and whether more of them is better.

    ``says`` tells it in a sentence, ``short`` where there is little room.
    """

    name: str
    short: str
    says: str
    higher_is_better: bool
    of: Callable[[Judged], int]
    hits: Callable[[Judged], int]

    def rate(self, judged: Iterable[Judged]) -> Rate:
        """Over ``judged``."""
        counted = [(self.hits(one), self.of(one)) for one in judged]
        return Rate(sum(hits for hits, of in counted if of), sum(of for _, of in counted))


def _has_figure(one: Judged) -> bool:
    return bool(one.case.figures)


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="passage_first",
        short="right passage first",
        says="right passage cited first",
        higher_is_better=True,
        of=lambda one: one.answerable,
        hits=lambda one: one.first,
    ),
    Measure(
        name="passage_top3",
        short="right passage in first 3",
        says="right passage cited in the first three claims",
        higher_is_better=True,
        of=lambda one: one.answerable,
        hits=lambda one: one.in_top,
    ),
    Measure(
        name="figure_right",
        short="right figure released",
        says="right figure in a released claim",
        higher_is_better=True,
        of=_has_figure,
        hits=lambda one: not one.missing,
    ),
    Measure(
        name="fidelity",
        short="claims true to quotes",
        says="claims true to their quotes",
        higher_is_better=True,
        of=lambda one: len(one.shown),
        hits=lambda one: len(one.shown) - len(one.unfaithful),
    ),
    Measure(
        name="misleading_figure",
        short="contradicting figure first",
        says="a contradicting figure comes first",
        higher_is_better=False,
        of=_has_figure,
        hits=lambda one: one.misleading,
    ),
    Measure(
        name="unsafe_figure",
        short="contradicting figure at all",
        says="a contradicting figure stands anywhere",
        higher_is_better=False,
        of=_has_figure,
        hits=lambda one: one.unsafe,
    ),
    Measure(
        name="wrong_refusal",
        short="refused wrongly",
        says="refused, though the library answers",
        higher_is_better=False,
        of=lambda one: one.answerable,
        hits=lambda one: one.refused,
    ),
    Measure(
        name="right_refusal",
        short="refused rightly",
        says="refused, as it should be",
        higher_is_better=True,
        of=lambda one: not one.answerable,
        hits=lambda one: one.refused,
    ),
)
"""In the order in which they are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of some cases. Times are those of whole answers, in milliseconds."""

    cases: int
    rates: Mapping[str, Rate]
    p50_ms: float
    p95_ms: float

    def value(self, name: str) -> float | None:
        """A rate or a time, by its name; ``None`` is a rate of nothing."""
        return {"p50_ms": self.p50_ms, "p95_ms": self.p95_ms}[name] if name.endswith("_ms") else self.rates[name].value

    def as_json(self) -> dict[str, object]:
        """By the names that are used in print."""
        rates = {name: rate.as_json() for name, rate in self.rates.items()}
        return {"cases": self.cases, **rates, "p50_ms": round(self.p50_ms, 1), "p95_ms": round(self.p95_ms, 1)}


def figures_of(judged: Sequence[Judged]) -> Figures:
    """The figures of ``judged``, which are not none."""
    p50, p95 = np.percentile([one.answer.timings_ms["total"] for one in judged], (50, 95))
    return Figures(
        cases=len(judged),
        rates={measure.name: measure.rate(judged) for measure in MEASURES},
        p50_ms=float(p50),
        p95_ms=float(p95),
    )


def by_specialty(judged: Sequence[Judged]) -> dict[str, Figures]:
    """The figures of each specialty, in the order of their names."""
    names = sorted({one.case.specialty for one in judged})
    return {name: figures_of([one for one in judged if one.case.specialty == name]) for name in names}
