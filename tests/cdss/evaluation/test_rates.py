"""Intervals worked out by hand, and bounds that hold or break."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdss.errors import InvalidInput
from cdss.evaluation.rates import Figures, Rate
from cdss.evaluation.thresholds import Held, held, read_thresholds


def test_wilson_interval() -> None:
    # 8 of 10: (0.8 + z²/20 ± z·sqrt(0.016 + z²/400)) / (1 + z²/10) with z² = 3.8415
    assert Rate(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Rate(0, 10).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert Rate(10, 10).interval == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_a_rate_of_nothing_is_none() -> None:
    assert Rate(0, 0).value is None
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(0, 0).as_json()["rate"] is None


def figures(**rates: Rate) -> Figures:
    return Figures(cases=10, rates=rates, p50_ms=100.0, p95_ms=300.0)


def broken(tmp_path: Path, text: str, measured: Figures) -> list[str]:
    path = tmp_path / "thresholds.toml"
    path.write_text(text)
    return [str(each) for each in held(read_thresholds(path), {"x": measured}) if not each.holds]


def test_bounds_on_either_side(tmp_path: Path) -> None:
    text = "[x]\nfidelity = { least = 0.8 }\nunsafe_figure = { most = 0.1 }\np95_ms = { most = 300 }\n"
    fits = figures(fidelity=Rate(8, 10), unsafe_figure=Rate(1, 10))
    assert broken(tmp_path, text, fits) == []
    assert broken(tmp_path, text, figures(fidelity=Rate(7, 10), unsafe_figure=Rate(2, 10))) == [
        "x: fidelity is 0.700, and has to be at least 0.8",
        "x: unsafe_figure is 0.200, and has to be at most 0.1",
    ]


def test_a_figure_of_nothing_does_not_hold(tmp_path: Path) -> None:
    assert broken(tmp_path, "[x]\nfidelity = { least = 0 }\n", figures(fidelity=Rate(0, 0))) == [
        "x: fidelity is of no case, and has to be at least 0"
    ]


def test_a_set_that_was_not_asked_is_not_judged(tmp_path: Path) -> None:
    assert broken(tmp_path, "[other]\nfidelity = { least = 1.0 }\n", figures(fidelity=Rate(0, 1))) == []


@pytest.mark.parametrize(
    "text",
    [
        "[x]\nspeed = { least = 1 }\n",
        "[x]\nfidelity = {}\n",
        "[x]\nfidelity = { least = 1, most = 1 }\n",
        "x = 1\n",
        "[",
    ],
)
def test_thresholds_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=r"thresholds\.toml cannot be used"):
        read_thresholds(path)


def test_a_time_is_told_in_whole_milliseconds() -> None:
    (each,) = held(_times(), {"x": figures()})
    assert isinstance(each, Held)
    assert str(each) == "x: p95_ms is 300, and has to be at most 200"


def _times():  # type: ignore[no-untyped-def]
    from cdss.evaluation.thresholds import Thresholds

    return Thresholds.model_validate({"x": {"p95_ms": {"most": 200}}})
