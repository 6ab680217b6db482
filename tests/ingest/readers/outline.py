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


def faults(reading: Reading) -> list[str]:
    """What is wrong with a reading: blocks are to be in order, not to overlap, to hold words, and to miss nothing but white
    space; pages to be in order and inside, notes to be of one line."""
    text, position = reading.text, 0
    found = [] if reading.blocks else ["no block"]
    for block in reading.blocks:
        if not position <= block.start < block.end <= len(text):
            return [*found, f"a block at {block.start}:{block.end} behind {position} of {len(text)}"]
        found += [f"left out: {text[position : block.start]!r}"] if text[position : block.start].strip() else []
        found += [] if text[block.start : block.end].strip() else [f"an empty block at {block.start}"]
        position = block.end
    starts = [page.start for page in reading.pages]
    found += [f"left out: {text[position:]!r}"] if text[position:].strip() else []
    found += [] if starts == sorted(starts) else ["pages out of order"]
    found += [f"a page at {start} of {len(text)}" for start in starts if start >= len(text)]
    return found + [f"a note of several lines: {note!r}" for note in reading.notes if "\n" in note]
