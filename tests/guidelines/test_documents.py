"""The bundled starter guidelines: every file is listed, described, readable sentence by sentence, and adds up."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import guidelines
from guidelines.types import Metadata, Status

FOLDER = Path(guidelines.__file__).parent / "documents"
ENTRIES: list[dict[str, Any]] = tomllib.loads((FOLDER / "manifest.toml").read_text("utf-8"))["document"]
FILES = sorted(path.name for path in FOLDER.glob("*.md") if path.name != "README.md")

REQUIRED = {
    "file",
    "work",
    "title",
    "publisher",
    "edition",
    "population",
    "jurisdiction",
    "status",
    "licence",
    "reference",
}
SECTIONS = ("Who this is for", "When not to / cautions", "Monitoring", "When to call for help", "Reference")
UNVERIFIED = "not re-verified against the source text"
PER_KG = re.compile(
    r"\((?P<low>[\d.]+)(?: to (?P<high>[\d.]+))? (?:mg|mL)/kg(?:/day)?(?:, maximum (?P<cap>[\d.]+) (?:mg|mL))?\)"
)


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def sections(name: str) -> dict[str, list[str]]:
    """Lines by the heading they stand under; those before the first heading under an empty string."""
    found: dict[str, list[str]] = defaultdict(list)
    heading = ""
    for line in lines(name):
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        found[heading].append(line)
    return found


def tables(name: str) -> Iterator[list[list[str]]]:
    """Each table as rows of cells: the header, the row of dashes, the body."""
    rows: list[list[str]] = []
    for line in [*lines(name), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            yield rows
            rows = []


def numbers(text: str) -> list[Decimal]:
    return [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def test_manifest_and_files_match_one_to_one() -> None:
    listed = [entry["file"] for entry in ENTRIES]
    assert sorted(listed) == FILES
    assert len(FILES) >= 26


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_an_entry_is_valid_metadata(entry: dict[str, Any]) -> None:
    assert entry.keys() >= REQUIRED
    metadata = Metadata.model_validate({key: value for key, value in entry.items() if key != "file"})
    assert metadata.status in {Status.ACTIVE, Status.SUPERSEDED}
    assert set(metadata.population) <= {"adult", "child", "neonate", "pregnancy"}
    assert metadata.population
    assert f"# {metadata.title}" == lines(entry["file"])[0]


def test_editions_of_one_work_supersede_each_other() -> None:
    works = defaultdict(list)
    for entry in ENTRIES:
        works[entry["work"]].append(entry)
    pairs = [editions for editions in works.values() if len(editions) > 1]
    assert pairs, "the set should show a guideline in two editions"
    for editions in pairs:
        older, newer = sorted(editions, key=lambda entry: entry["effective_date"])
        assert (older["status"], newer["status"]) == ("superseded", "active")
        assert newer["supersedes"] == [older["edition"]]
    alone = [editions[0] for editions in works.values() if len(editions) == 1]
    assert all(entry["status"] == "active" and "supersedes" not in entry for entry in alone)


@pytest.mark.parametrize("name", FILES)
def test_a_document_says_what_it_is(name: str) -> None:
    text = lines(name)
    assert len(text) <= 140
    assert text[0].startswith("# ")
    assert text[1] == ""
    assert text[2].startswith("Starter summary: ")
    assert "own words" in text[2]
    assert "Replace it with the documents your site is licensed to use" in text[2]
    headings = [line.removeprefix("## ") for line in text if line.startswith("## ")]
    for section in SECTIONS:
        assert any(heading.startswith(section) for heading in headings), f"no section {section!r}"


@pytest.mark.parametrize("name", FILES)
def test_every_item_is_a_sentence_that_ends(name: str) -> None:
    for heading, body in sections(name).items():
        for line in body:
            if line.startswith("- ") and heading != "Reference":
                assert re.match(r"- [A-Z0-9]", line), line
                assert line.endswith("."), line
            elif line and not line.startswith(("#", "|", "- ")):
                assert line == lines(name)[2], f"prose outside a list or table: {line}"


@pytest.mark.parametrize("name", FILES)
def test_an_item_does_not_lean_on_the_one_before(name: str) -> None:
    leaning = re.compile(r"- (?:It|They|This|These|That|Those|He|She|Such|Then|Otherwise|Also)\b(?! page)")
    body = [line for heading, part in sections(name).items() if heading != "Reference" for line in part]
    assert [line for line in body if leaning.match(line)] == []


@pytest.mark.parametrize("name", FILES)
def test_tables_are_well_formed(name: str) -> None:
    found = list(tables(name))
    assert found
    for header, dashes, *body in found:
        assert body
        assert set(dashes) == {"---"}
        assert {len(row) for row in (header, dashes, *body)} == {len(header)}
        assert all(cell for row in (header, *body) for cell in row)


@pytest.mark.parametrize("name", FILES)
def test_doses_by_weight_add_up(name: str) -> None:
    for header, _, *body in tables(name):
        rules = {column: rule for column, cell in enumerate(header) if (rule := PER_KG.search(cell))}
        for row in body if header[0].startswith("Body weight") else ():
            weight = numbers(row[0])[0]
            for column, rule in rules.items():
                cap = Decimal(rule["cap"] or "Infinity")
                expected = [min(Decimal(rate) * weight, cap) for rate in (rule["low"], rule["high"]) if rate]
                assert numbers(row[column]) == expected, f"{header[column]} at {row[0]}"


def test_the_weight_rule_reads_the_tables_it_is_meant_for() -> None:
    calculated = {name for name in FILES for header, *_ in tables(name) if any(map(PER_KG.search, header))}
    assert {"acute-otitis-media-children.md", "fever-and-pain-children.md", "croup-children.md"} <= calculated


@pytest.mark.parametrize("name", FILES)
def test_no_dose_is_written_dangerously(name: str) -> None:
    """The Joint Commission's "Do Not Use" list: U, IU, QD, QOD, trailing zeros, naked decimals, MS, MSO4, MgSO4."""
    written = (
        r"\d ?(?:U|IU)\b",
        r"\bQO?D\b",
        r"\d\.0+ (?:mg|g|mL|micrograms|units?)\b",
        r"(?<![\d.])\.\d+ ?(?:mg|g|mL)",
        r"\bM(?:S|SO4|gSO4)\b",
        r"[µμ]g\b",
    )
    dangerous = re.compile("|".join(written))
    assert [line for line in lines(name) if dangerous.search(line)] == []


def test_the_readme_says_of_every_document_whether_it_was_checked() -> None:
    rows = re.findall(
        r"^\| `(.+?\.md)` \| (.+?) \| (yes|in part|no) \| (.+?) \|$", (FOLDER / "README.md").read_text("utf-8"), re.M
    )
    checked = {name: verdict for name, _, verdict, _ in rows}
    assert sorted(checked) == FILES
    assert len(rows) == len(checked)
    for name, verdict in checked.items():
        admits = any(UNVERIFIED in line for line in sections(name)["Reference"])
        assert admits is (verdict != "yes"), f"{name} is {verdict!r} in the README"


def test_the_readme_counts_right() -> None:
    text = (FOLDER / "README.md").read_text("utf-8")
    counts = [len(re.findall(rf"\| {verdict} \|", text)) for verdict in ("yes", "in part", "no")]
    sentence = "Of {} documents, {} are `yes`, {} `in part` and {} `no`.".format(len(FILES), *counts)
    assert sentence in " ".join(text.split())


def test_the_dose_of_amoxicillin_for_a_child_with_otitis_media_stands_in_one_sentence() -> None:
    """The question of the demonstration: a 3-year-old child of 14 kg with acute otitis media."""
    [sentence] = [line for line in lines("acute-otitis-media-children.md") if "aged 2 to 5 years" in line]
    assert "amoxicillin 80 to 90 mg/kg/day by mouth, divided into two doses, for 7 days." in sentence
    rows = [row for table in tables("acute-otitis-media-children.md") for row in table]
    assert ["14 kg", "560 to 630 mg", "1120 to 1260 mg"] in rows
