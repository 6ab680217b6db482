"""How rare a word is, counted with the generation and kept with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from guidelines.library import Library
from guidelines.words import Counting, WordCounts
from ingest.pipeline import add


def counts_of(*texts: str) -> WordCounts:
    counting = Counting()
    for text in texts:
        counting.add(text)
    return counting.counts()


def test_rarity_runs_from_every_passage_to_none() -> None:
    counts = counts_of("amoxicillin and fever", "fever", "fevers again")
    assert counts.rarity("fever") == 0.0
    assert 0 < counts.rarity("amoxicillin") < counts.rarity("sugammadex") < 1
    assert counts.passages_with("the") == 3, "a stop word stands everywhere"


def test_absence_says_more_in_a_large_library() -> None:
    small, large = WordCounts(500, {}), WordCounts(50_000, {})
    assert small.rarity("sugammadex") < large.rarity("sugammadex") == 1.0


def test_counts_come_back_as_they_were_published(open_library: Callable[..., Library], tmp_path: Path) -> None:
    file = tmp_path / "otitis.md"
    file.write_text("# Otitis\n\n## Dose\n\nGive amoxicillin to a child with otitis.\n", encoding="utf-8")
    library = open_library()
    assert add(library, [file], actor="tests").published
    live = open_library().live()
    assert live is not None
    assert live.words.passages_with("amoxicillin") == live.words.passages == 1
    assert library.words.get(live.generation.id) == live.words


def test_a_generation_from_before_is_counted_when_it_is_loaded(
    open_library: Callable[..., Library], tmp_path: Path
) -> None:
    file = tmp_path / "otitis.md"
    file.write_text("# Otitis\n\n## Dose\n\nGive amoxicillin to a child with otitis.\n", encoding="utf-8")
    library = open_library()
    add(library, [file], actor="tests")
    before = library.live()
    assert before is not None
    library.words.keep([])
    again = open_library().live()
    assert again is not None
    assert again.words == before.words
