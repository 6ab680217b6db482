"""Which files a run is about. Nothing is left out in silence, and nothing keeps it waiting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.files import Found, find
from ingest.statements import Statements


def names(files: list[Found], below: Path) -> dict[str, str | None]:
    """File to reason; ``None`` for a file that will be read."""
    return {str(file.path.relative_to(below)): file.skip or file.fail for file in files}


def write(folder: Path, *files: str) -> None:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("Give zinc. Daily.")


def test_a_folder_in_order_and_with_reasons(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a b é.txt", "sub/c.html", ".hidden.md", "b.md~", "~$b.docx", "#b#", "x.tmp", "y.pdf.part")
    write(tmp_path, "README.md", "readme", "MANIFEST.md", "LICENSE", "Licence.txt", "b.md.toml", "sub/.git/config")
    found = names(find([tmp_path]), tmp_path)
    assert [name for name, why in found.items() if why is None] == ["a b é.txt", "b.md", "sub/c.html"]
    for name in ("README.md", "readme", "MANIFEST.md", "LICENSE", "Licence.txt"):
        assert found[name] == "describes the folder; name it to index it"
    assert found["b.md.toml"] == "describes b.md"
    assert found[".hidden.md"] == found["sub/.git"] == "hidden"
    for name in ("b.md~", "~$b.docx", "#b#", "x.tmp", "y.pdf.part"):
        assert found[name] == "a backup or an unfinished download"
    assert "sub/.git/config" not in found


def test_names_that_only_begin_like_a_readme(tmp_path: Path) -> None:
    write(tmp_path, "licensed-medicines.md", "manifestations of sepsis.md", "noticeable.md")
    assert set(names(find([tmp_path]), tmp_path).values()) == {None}


def test_a_named_file_is_meant(tmp_path: Path) -> None:
    write(tmp_path, "README.md", ".hidden.md")
    named = [tmp_path / "README.md", tmp_path / ".hidden.md"]
    assert set(names(find(named), tmp_path).values()) == {None}
    assert set(names(find([tmp_path, *named]), tmp_path).values()) == {None}


def test_every_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "sub/a.md")
    monkeypatch.chdir(tmp_path)
    files = find([tmp_path, Path("sub"), Path("sub/../sub/a.md")])
    assert [file.path for file in files if not file.skip] == [tmp_path / "sub" / "a.md"]


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nowhere")
    found = names(find([tmp_path / "no.md", tmp_path]), tmp_path)
    assert found == {
        "no.md": "there is no such file; check the path",
        "dangling.md": "the link points to nothing",
    }


def test_links_in_a_loop(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.md")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    found = names(find([tmp_path]), tmp_path)
    assert found["sub/up"] == "a folder that was read already"
    assert found["self.md"] is not None
    assert [name for name, why in found.items() if why is None] == ["sub/a.md"]


def test_a_linked_folder_outside_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "real/a.md")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one").symlink_to(tmp_path / "real")
    (tmp_path / "in" / "two").symlink_to(tmp_path / "real")
    found = names(find([tmp_path / "in"]), tmp_path)
    assert found == {"in/one/a.md": None, "in/two": "a folder that was read already"}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert names(find([tmp_path]), tmp_path) == {"pipe.md": "not a regular file"}
    assert names(find([tmp_path / "pipe.md"]), tmp_path) == {"pipe.md": "not a regular file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, "closed/a.md")
    (tmp_path / "closed").chmod(0)
    try:
        assert names(find([tmp_path]), tmp_path) == {"closed": "cannot be read: permission denied"}
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_manifests_and_sidecars_together(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "sub/b.md", "sub/c.md")
    (tmp_path / "manifest.toml").write_text("[defaults]\npublisher = 'County'\nlicence = 'CC0'\nedition = 'outer'\n")
    (tmp_path / "sub" / "manifest.toml").write_text("[[document]]\nfile = 'b.md'\nedition = 'inner'\n")
    (tmp_path / "sub" / "b.md.toml").write_text("licence = 'OGL'\n")
    statements = Statements()
    stated = {file.path.name: statements.of(file) for file in find([tmp_path]) if file.skip is None}
    assert stated == {
        "a.md": {"publisher": "County", "licence": "CC0", "edition": "outer"},
        "b.md": {"publisher": "County", "licence": "OGL", "edition": "inner"},
        "c.md": {"publisher": "County", "licence": "CC0", "edition": "outer"},
    }
    alone = find([tmp_path / "sub" / "b.md"])[0]
    assert statements.of(alone) == stated["b.md"], "a file named alone is what it is in its collection"


def test_one_manifest_instead_of_the_folders_own(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "manifest.toml").write_text("[defaults]\nedition = 'folder'\n")
    (tmp_path / "other.toml").write_text("[defaults]\npublisher = 'Other'\n[[document]]\nfile = 'gone.md'\n")
    statements = Statements(tmp_path / "other.toml")
    files = list(statements.checked(find([tmp_path / "a.md"])))
    assert names(files, tmp_path) == {"gone.md": "other.toml names it, and it is not there", "a.md": None}
    assert statements.of(files[-1]) == {"publisher": "Other"}


def test_a_manifest_that_names_a_missing_file(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "manifest.toml").write_text("[[document]]\nfile = 'gone.md'\n")
    found = names(list(Statements().checked(find([tmp_path]))), tmp_path)
    assert found["gone.md"] == "manifest.toml names it, and it is not there"
    assert found["a.md"] is None
    alone = names(list(Statements().checked(find([tmp_path / "a.md"]))), tmp_path)
    assert alone == {"a.md": None}, "whoever adds one file need not hear of the others"
