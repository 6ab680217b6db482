"""When a new document replaces another, and when both stay."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guidelines.editions import DocumentHead
from guidelines.types import Metadata
from ingest.shelf import Shelf


def head(name: str, path: str = "/a.md", work: str = "w", **known: object) -> DocumentHead:
    return DocumentHead(
        id=name,
        work=work,
        title=name,
        source="a.md",
        media_type="text/plain",
        content_hash=f"bytes of {name}",
        metadata=Metadata(**known),
        notes=(),
        passages=1,
        added_at=datetime(2025, 3, 1, tzinfo=UTC),
        path=path,
    )


def ids(shelf: Shelf) -> set[str]:
    return {each.id for each in shelf.heads()}


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (head("old"), head("new"), {"new"}),
        (head("old", path="/b.md"), head("new"), {"old", "new"}),
        (head("old", edition="2018"), head("new", edition="2018"), {"new"}),
        (head("old", edition="2018"), head("new"), {"new"}),
        (head("old"), head("new", edition="2022"), {"new"}),
        (head("old", edition="2018"), head("new", edition="2022"), {"new"}),
        (head("old", edition="2018"), head("new", edition="2022", supersedes=("2018",)), {"old", "new"}),
        (head("old", effective_date=date(2018, 1, 1)), head("new", effective_date=date(2022, 1, 1)), {"old", "new"}),
        (head("old", effective_date=date(2022, 1, 1)), head("new", effective_date=date(2018, 1, 1)), {"old", "new"}),
        (
            head("old", effective_date=date(2018, 1, 1)),
            head("new", work="another", effective_date=date(2022, 1, 1)),
            {"new"},
        ),
    ],
)
def test_new_bytes_under_an_old_name(old: DocumentHead, new: DocumentHead, kept: set[str]) -> None:
    """Both stay only where the two say which comes after which; else an outdated one would stand there unmarked."""
    shelf = Shelf([old])
    shelf.add(new)
    assert ids(shelf) == kept


def test_the_older_of_two_that_stay_is_superseded() -> None:
    shelf = Shelf([head("old", effective_date=date(2018, 1, 1))])
    shelf.add(head("new", effective_date=date(2022, 1, 1)))
    assert {each.id: each.superseded_on for each in shelf.heads()} == {"new": None, "old": date(2022, 1, 1)}


def test_moving_and_removing() -> None:
    shelf = Shelf([head("one"), head("two", path="/b.md")])
    shelf.move("one", "/c.md")
    assert [each.id for each in shelf.at("/c.md")] == ["one"]
    assert shelf.at("/a.md") == []
    shelf.remove("one")
    assert ids(shelf) == {"two"}
    assert shelf.with_content("bytes of one") == []
    with pytest.raises(KeyError):
        shelf.remove("one")
