"""What figures may not fall below, or rise above: a TOML file with a table for every set, by its name.

    [bundled]
    figure_right = { least = 0.84, measured = 0.90 }
    unsafe_figure = { most = 0.45, measured = 0.37 }
    p95_ms = { most = 2000, measured = 280 }

``measured`` is the figure that the bound was set from; it is kept for the reader and compared with nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import RootModel, ValidationError, model_validator

from cdss.errors import InvalidInput
from cdss.evaluation.rates import MEASURES, Figures
from guidelines.types import Frozen

TIMES = ("p50_ms", "p95_ms")
_NAMES = frozenset((*(measure.name for measure in MEASURES), *TIMES))


class Bound(Frozen):
    """``least`` or ``most`` that a figure may be, one of them."""

    least: float | None = None
    most: float | None = None
    measured: float | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.least is None) == (self.most is None):
            raise ValueError("a bound has either least or most")
        return self


class Thresholds(RootModel[dict[str, dict[str, Bound]]]):
    """Bounds by set and figure."""

    @model_validator(mode="after")
    def _are_known(self) -> Self:
        for name, bounds in self.root.items():
            if unknown := sorted(bounds.keys() - _NAMES):
                raise ValueError(f"{name}: {unknown[0]} is no figure; there are {', '.join(sorted(_NAMES))}")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Whether one figure of one set stays within its bound. A figure of nothing, ``None``, does not."""

    set_name: str
    figure: str
    value: float | None
    bound: Bound

    @property
    def holds(self) -> bool:
        """Whether it does."""
        if self.value is None:
            return False
        low, high = self.bound.least, self.bound.most
        return (low is None or self.value >= low) and (high is None or self.value <= high)

    def __str__(self) -> str:
        limit = f"at least {self.bound.least:g}" if self.bound.least is not None else f"at most {self.bound.most:g}"
        value = "of no case" if self.value is None else f"{self.value:.3f}" if self.value <= 1 else f"{self.value:.0f}"
        return f"{self.set_name}: {self.figure} is {value}, and has to be {limit}"

    def as_json(self) -> dict[str, object]:
        """By the names of the file, with what was measured now."""
        bound = self.bound.model_dump(exclude_none=True)
        return {"set": self.set_name, "figure": self.figure, "value": self.value, "holds": self.holds, **bound}


def read_thresholds(path: Path) -> Thresholds:
    """Read a file of thresholds; raises ``InvalidInput`` when it cannot be used."""
    try:
        return Thresholds.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError, ValueError) as error:
        first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise InvalidInput(f"{path.name} cannot be used: {first}", field=path.name) from error


def held(thresholds: Thresholds, measured: Mapping[str, Figures]) -> Iterator[Held]:
    """Every bound on a set that was measured, in the order of the file."""
    for name, bounds in thresholds.root.items():
        for figure, bound in bounds.items():
            if name in measured:
                yield Held(set_name=name, figure=figure, value=measured[name].value(figure), bound=bound)
