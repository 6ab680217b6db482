"""What people state about files, and how mistakes in it are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guidelines.types import Metadata, Status
from ingest.metadata import MetadataError, manifests_above, merged, read_manifest, read_sidecar

NG = """
publisher = "NICE"
work = "nice-ng143"
edition = "2021"
effective_date = 2021-11-07
review_date = "2026-11-07"
population = ["child", "neonate"]
jurisdiction = "GB"
status = "active"
supersedes = ["2019"]
"""


def test_a_sidecar_states_everything(tmp_path: Path) -> None:
    (tmp_path / "fever.pdf.toml").write_text(NG)
    stated = read_sidecar(tmp_path / "fever.pdf")
    assert stated == {
        "publisher": "NICE",
        "work": "nice-ng143",
        "edition": "2021",
        "effective_date": date(2021, 11, 7),
        "review_date": date(2026, 11, 7),
        "population": ("child", "neonate"),
        "jurisdiction": "GB",
        "status": Status.ACTIVE,
        "supersedes": ("2019",),
    }


def test_no_sidecar_states_nothing(tmp_path: Path) -> None:
    assert read_sidecar(tmp_path / "fever.pdf") == {}


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "fever.pdf.toml").write_text('\ufefftitle = "Fever"', encoding="utf-8")
    assert read_sidecar(tmp_path / "fever.pdf") == {"title": "Fever"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("populaton = ['child']", r"fever\.pdf\.toml: populaton is not a known key; did you mean population\?"),
        ("colour = 'red'", r"colour is not a known key; keys are title, work"),
        ("effective_date = 'last May'", r"effective_date: .*date"),
        ("effective_date = 2021-13-07", r"not valid TOML"),
        ("status = 'fresh'", r"status: .*'active'"),
        ("population = 'child'", r"population: .*tuple"),
        ("population = ['chidl']", r"population: 'chidl' is not one of adult, child, neonate, pregnancy"),
        ("title = ''", r"title: .*at least 1 character"),
        ("title = 3", r"title: .*string"),
        ("title = [", r"not valid TOML"),
        ("a" + ".a" * 3000 + " = 1", r"not a known key|not valid TOML"),
        ("x = " + "[" * 5000, r"not valid TOML"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "fever.pdf.toml").write_text(text)
    with pytest.raises(MetadataError, match=message):
        read_sidecar(tmp_path / "fever.pdf")


def test_a_sidecar_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "fever.pdf.toml").write_bytes("title = 'Fièvre'".encode("latin-1"))
    with pytest.raises(MetadataError, match="save it as UTF-8"):
        read_sidecar(tmp_path / "fever.pdf")


def test_a_manifest_speaks_for_its_folder(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(
        "[defaults]\npublisher = 'County'\nstatus = 'active'\n"
        "[[document]]\nfile = 'old/1203.md'\nstatus = 'superseded'\n[[document]]\nfile = '1204.md'\n"
    )
    manifest = read_manifest(tmp_path / "manifest.toml")
    assert manifest.stated(tmp_path / "old" / "1203.md") == {"publisher": "County", "status": Status.SUPERSEDED}
    assert manifest.stated(tmp_path / "1204.md") == {"publisher": "County", "status": Status.ACTIVE}
    assert manifest.stated(tmp_path / "unnamed.md") == {"publisher": "County", "status": Status.ACTIVE}
    assert manifest.missing() == [tmp_path / "old" / "1203.md", tmp_path / "1204.md"]


def test_one_wrong_entry_fails_that_file_only(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text("[[document]]\nfile = 'a.md'\nstate = 'x'\n[[document]]\nfile = 'b.md'\n")
    manifest = read_manifest(tmp_path / "manifest.toml")
    assert manifest.stated(tmp_path / "b.md") == {}
    with pytest.raises(MetadataError, match=r"manifest\.toml, a\.md: state is not a known key; did you mean status"):
        manifest.stated(tmp_path / "a.md")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[documents]]\nfile = 'a.md'", "documents is not known here"),
        ("document = 3", "two brackets"),
        ("document = [3]", "two brackets"),
        ("[document]\nfile = 'a.md'", "two brackets"),
        ("[[document]]\ntitle = 'a'", "has no file"),
        ("[[document]]\nfile = 3", "has no file"),
        ("[[document]]\nfile = '../a.md'", "manifest's folder"),
        ("[[document]]\nfile = '/etc/passwd'", "manifest's folder"),
        ("[[document]]\nfile = 'a.md'\n[[document]]\nfile = './a.md'", "twice"),
        ("[defaults]\nstatus = 'fresh'", r"\[defaults\]: status"),
    ],
)
def test_a_manifest_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "manifest.toml").write_text(text)
    with pytest.raises(MetadataError, match=message):
        read_manifest(tmp_path / "manifest.toml")


def test_hostile_file_names_in_a_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(f'[[document]]\nfile = "a\\u0000b"\n[[document]]\nfile = "{"x" * 5000}"\n')
    assert len(read_manifest(tmp_path / "manifest.toml").missing()) == 2


def test_manifests_of_the_folders_above(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "manifest.toml").write_text("[defaults]\nlicence = 'CC-BY-4.0'")
    (tmp_path / "a" / "manifest.toml").write_text("[package]\nname = 'somebody else'")
    assert manifests_above(inner)[-1] == tmp_path / "manifest.toml"
    assert tmp_path / "a" / "manifest.toml" not in manifests_above(inner)


def test_what_a_person_states_overrules_the_file() -> None:
    found = Metadata(title="Feverr", edition="2020", status=Status.ACTIVE, population=("adult",))
    assert merged(found, {"title": "Fever", "status": Status.UNKNOWN}) == Metadata(
        title="Fever", edition="2020", population=("adult",)
    )
