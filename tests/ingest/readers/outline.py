"""Readings as text to compare with, and what holds for every reading."""

from __future__ import annotations

from ingest.types import Reading


def outline(reading: Reading) -> list[str]:
    """One line a block: kind, level or table number, and the words ("⏎" for a line break)."""
    lines = []
    for block in reading.blocks:
        number = f" {block.level}" if block.level else ""
        table = f" #{block.table}" if block.table is not None else ""
        words = reading.text[block.start : block.end].replace("\n", "⏎")
        lines.append(f"{block.kind.value}{number}{table}: {words}")
    return lines


def assert_sound(reading: Reading) -> None:
    """Blocks are in order, do not overlap, hold words, and miss nothing but white space; pages are in order and inside."""
    position = 0
    for block in reading.blocks:
        assert position <= block.start < block.end <= len(reading.text)
        assert not reading.text[position : block.start].strip()
        assert reading.text[block.start : block.end].strip()
        position = block.end
    assert not reading.text[position:].strip()
    assert reading.blocks
    starts = [page.start for page in reading.pages]
    assert starts == sorted(starts)
    assert all(start < len(reading.text) for start in starts)
    assert all("\n" not in note for note in reading.notes)
