"""The documents of the next generation: those that are live, and what a run adds, replaces and removes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from guidelines.editions import DocumentHead, follows, ranked


class Shelf:
    """Documents by id and by path. Every head has its ``path``."""

    def __init__(self, heads: Iterable[DocumentHead]) -> None:
        self._heads: dict[str, DocumentHead] = {}
        self._at: defaultdict[str, list[str]] = defaultdict(list)
        self._with_content: defaultdict[str, list[str]] = defaultdict(list)
        for head in heads:
            self._put(head)

    def at(self, path: str) -> list[DocumentHead]:
        """The documents that came from ``path``: its editions."""
        return [self._heads[document_id] for document_id in self._at[path]]

    def with_content(self, content_hash: str) -> list[DocumentHead]:
        """The documents that came from these very bytes."""
        return [self._heads[document_id] for document_id in self._with_content[content_hash]]

    def add(self, head: DocumentHead) -> None:
        """Put a document in the place of those from the same path.

        An earlier edition stays beside it when the two say which comes after which. Otherwise nothing would ever mark the
        old one as superseded, and it has to go.
        """
        for old in self.at(head.path or ""):
            if old.id != head.id and not _editions_of_one_work(head, old):
                self.remove(old.id)
        self._put(head)

    def move(self, document_id: str, path: str) -> None:
        """Note that a document's file has another path now."""
        self._put(replace(self._heads[document_id], path=path))

    def remove(self, document_id: str) -> None:
        """Take a document off; raises ``KeyError`` when it is not there."""
        head = self._heads.pop(document_id)
        self._at[head.path or ""].remove(document_id)
        self._with_content[head.content_hash].remove(document_id)

    def heads(self) -> list[DocumentHead]:
        """All documents, the ones to prefer first (``guidelines.editions.ranked``)."""
        return ranked(self._heads.values())

    def _put(self, head: DocumentHead) -> None:
        if head.id in self._heads:
            self.remove(head.id)
        self._heads[head.id] = head
        self._at[head.path or ""].append(head.id)
        self._with_content[head.content_hash].append(head.id)


def _editions_of_one_work(one: DocumentHead, other: DocumentHead) -> bool:
    return one.work == other.work and (follows(one.metadata, other.metadata) or follows(other.metadata, one.metadata))
