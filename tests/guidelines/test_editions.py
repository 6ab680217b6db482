"""Which edition replaces which, from when, and which document a shared passage belongs to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guidelines.editions import DocumentHead, ranked, superseded_on
from guidelines.types import Metadata, Status

ADDED = datetime(2025, 3, 1, 12, tzinfo=UTC)


def head(name: str, work: str = "w", **known: object) -> DocumentHead:
    return DocumentHead(
        id=name,
        work=work,
        title=name,
        source=name,
        media_type="text/plain",
        content_hash=name,
        metadata=Metadata(**known),
        notes=(),
        passages=1,
        added_at=ADDED,
    )


OLD = head("old", edition="2018", effective_date=date(2018, 1, 1))


@pytest.mark.parametrize(
    ("other", "day"),
    [
        (head("new", effective_date=date(2022, 1, 1)), date(2022, 1, 1)),
        (head("new", edition="2022", supersedes=("2018",), effective_date=date(2022, 1, 1)), date(2022, 1, 1)),
        (head("new", edition="2022", supersedes=("2016", "2018")), ADDED.date()),
        (head("new", edition="2022"), None),
        (head("new", effective_date=date(2016, 1, 1)), None),
        (head("new", effective_date=date(2018, 1, 1)), None),
        (head("new", work="another", effective_date=date(2022, 1, 1)), None),
        (head("new", status=Status.DRAFT, effective_date=date(2022, 1, 1)), None),
        (head("new", status=Status.WITHDRAWN, supersedes=("2018",)), None),
        (head("new", status=Status.SUPERSEDED, effective_date=date(2022, 1, 1)), date(2022, 1, 1)),
    ],
)
def test_superseded_on(other: DocumentHead, day: date | None) -> None:
    assert superseded_on(OLD, [OLD, other]) == day


def test_the_earliest_later_edition_counts() -> None:
    later = [head(str(year), effective_date=date(year, 1, 1)) for year in (2024, 2020, 2022)]
    assert superseded_on(OLD, later) == date(2020, 1, 1)


def test_an_edition_without_a_name_is_not_superseded_by_name() -> None:
    assert superseded_on(head("nameless"), [head("new", supersedes=("2018",))]) is None


def test_ranked_puts_what_is_in_force_first() -> None:
    newest = head("b", effective_date=date(2022, 1, 1))
    undated = head("a", work="another")
    order = ranked([undated, OLD, newest])
    assert [each.id for each in order] == ["b", "a", "old"]
    assert [each.superseded_on for each in order] == [None, None, date(2022, 1, 1)]
    assert ranked(reversed(order)) == order
