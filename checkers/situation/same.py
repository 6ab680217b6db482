"""Whether two values of one fact, as the record has it and as a text tells it, are near enough to be one."""

from __future__ import annotations

from checkers.tables import table


def is_same(name: str, recorded: float | str | bool, said: float | str | bool) -> bool:
    """Whether two values of a fact are near enough to be one."""
    if isinstance(recorded, str | bool) or isinstance(said, str | bool):
        return recorded == said
    rows = table("situation")["same"]
    if name == "gestation_weeks" and said in table("situation")["weeks"].values():  # the text names a trimester only
        return _trimester(recorded) == _trimester(said)
    if name == "age_years":
        return bool(abs(recorded - said) <= (rows["age_years"] if recorded >= 2 else 0.5))
    return bool(abs(recorded - said) <= rows["share"] * max(abs(recorded), abs(said)))


def _trimester(weeks: float) -> int:
    return 1 if weeks < 14 else 2 if weeks < 28 else 3
