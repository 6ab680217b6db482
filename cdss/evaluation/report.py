"""A whole evaluation: every set that was asked, its figures, and whether they hold. As data; for people see ``page``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cdss.evaluation.answers import Asked
from cdss.evaluation.judge import Judged
from cdss.evaluation.rates import Figures, by_specialty, figures_of
from cdss.evaluation.thresholds import Held, Thresholds, held


@dataclass(frozen=True, kw_only=True)
class AnswerReport:
    """``sets`` are not empty, and neither is any of them."""

    sets: tuple[Asked, ...]
    thresholds: Thresholds | None = None

    @cached_property
    def figures(self) -> Mapping[str, Figures]:
        """Of each set, by its name."""
        return {asked.name: figures_of(asked.judged) for asked in self.sets}

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Every bound, and whether it holds."""
        return tuple(held(self.thresholds, self.figures)) if self.thresholds else ()

    @property
    def judged(self) -> Iterator[Judged]:
        """Of all sets."""
        return (one for asked in self.sets for one in asked.judged)

    @property
    def complaints(self) -> list[str]:
        """What makes the run fail: bounds that do not hold, and cases that no longer fit their document."""
        broken = [str(each) for each in self.held if not each.holds]
        unfit = [
            f"{asked.name}: look at case {case.id} again, {why}" for asked in self.sets for case, why in asked.unfit
        ]
        return broken + unfit

    def as_json(self) -> dict[str, object]:
        """One document, without the words of any guideline."""
        return {
            "schema": 1,
            "sets": {asked.name: self._set(asked) for asked in self.sets},
            "thresholds": [each.as_json() for each in self.held],
            "complaints": self.complaints,
        }

    def _set(self, asked: Asked) -> dict[str, object]:
        return {
            "as_of": asked.as_of.isoformat(),
            "backend": asked.backend,
            "generation": asked.generation,
            "documents": asked.documents,
            "passages": asked.passages,
            **self.figures[asked.name].as_json(),
            "specialties": {name: figures.as_json() for name, figures in by_specialty(asked.judged).items()},
            "not_asked": [case.id for case in asked.absent],
            "unfit": {case.id: why for case, why in asked.unfit},
            "answers": _answers(asked.judged),
        }


def _answers(judged: Sequence[Judged]) -> list[dict[str, object]]:
    return [
        {
            "id": one.case.id,
            "specialty": one.case.specialty,
            "question": one.case.question,
            "refuse": one.case.refuse,
            "expected": [gold.model_dump(include={"file", "section"}) for gold in one.case.gold],
            "figures": list(one.case.figures),
            "status": one.answer.status.value,
            "cited": [
                {"verdict": claim.verdict.value, "title": quote.title, "section": quote.section, "page": quote.page}
                for claim in one.shown
                for quote in claim.quotes[-1:]
            ],
            "rank": one.rank,
            "missing": list(one.missing),
            "contradicting": [{"claim": each.claim, "figures": list(each.figures)} for each in one.contradicting],
            "unfaithful": list(one.unfaithful),
            "failures": list(one.failures),
            "ms": one.answer.timings_ms["total"],
        }
        for one in judged
    ]
