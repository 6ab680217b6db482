"""A list of documents to a live generation: embed what is new, write the vectors beside the live ones, switch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice

from guidelines.editions import DocumentHead
from guidelines.embedding import PassageInput, PassageVectors
from guidelines.errors import EmbeddingError, VectorIndexError
from guidelines.generations import Entry, Generation
from guidelines.index import Point
from guidelines.library import Library, embedding
from guidelines.words import Counting
from ingest.report import Listener

EMBED_AT_ONCE = 1024
"""Passages handed to the model together, from as many documents as it takes: it sorts them by length to waste nothing."""
SAVE_AT_ONCE = 64
"""Passages whose vectors are kept together: about a second's work, which is all that a killed run loses."""


def publish(library: Library, heads: Sequence[DocumentHead], *, actor: str, listener: Listener) -> int:
    """Make the documents of ``heads`` (ranked, stored, each with its path) the live generation.

    Returns how many passages had to be embedded. The caller holds the library for writing. Whatever goes wrong, the
    generation that was live stays live.
    """
    embedded = _embed(library, heads, listener)
    listener.on_indexing(len(heads))
    entries = [Entry(head.id, head.path or head.source) for head in heads]
    generation = library.generations.begin(entries, model=library.embedder.model_id, actor=actor)
    try:
        _build(library, generation, heads)
    except VectorIndexError:
        with suppress(VectorIndexError):  # the first error tells more
            library.index.drop(generation.id)
        raise
    library.index.switch(generation.id)
    kept = sweep(library)
    library.words.keep([each.id for each in kept])
    library.vectors.prune(
        generation_ids=[each.id for each in kept],
        models={each.model for each in kept},
        since=min(each.created_at for each in kept),
    )
    return embedded


def sweep(library: Library) -> list[Generation]:
    """Remove the vectors of old generations and of ones that were never finished; return those that are kept."""
    live, stored = library.live(), library.index.stored()
    begun = library.generations.ids()
    published = begun[: begun.index(live.generation.id) + 1] if live else []
    kept = [each for each in published if each in stored][-library.keep_generations :]
    for each in begun:
        if each in stored and each not in kept:
            library.index.drop(each)
    return [generation for each in kept if (generation := library.generations.get(each))]


def _embed(library: Library, heads: Sequence[DocumentHead], listener: Listener) -> int:
    """Embed every passage that the cache does not have, and cache it as soon as it is there."""
    model = library.embedder.model_id
    ids = [head.id for head in heads]
    total = library.vectors.missing(ids, model)
    if total:
        listener.on_embedded(0, total)
    done = 0
    inputs = _inputs(library, ids, model)
    while batch := list(islice(inputs, EMBED_AT_ONCE)):
        fresh: list[tuple[str, PassageVectors]] = []
        with embedding():
            for position, vectors in library.embedder.embed_passages([item for _, item in batch]):
                fresh.append((batch[position][0], vectors))
                if len(fresh) == SAVE_AT_ONCE:
                    library.vectors.save(model, fresh)
                    done += len(fresh)
                    listener.on_embedded(done, total)
                    fresh = []
        library.vectors.save(model, fresh)
        done += len(fresh)
        listener.on_embedded(done, total)
    if left := library.vectors.missing(ids, model):
        raise EmbeddingError(
            f"The embedding model {model} gave no vectors for {left} passages, so nothing was published."
        )
    return done


def _inputs(library: Library, document_ids: Iterable[str], model: str) -> Iterator[tuple[str, PassageInput]]:
    """What is still to embed, each text once."""
    seen: set[str] = set()
    for document_id in document_ids:
        for key, item in library.vectors.inputs(document_id, model):
            if key not in seen:
                seen.add(key)
                yield key, item


def _build(library: Library, generation: Generation, heads: Sequence[DocumentHead]) -> None:
    counting = Counting()
    points = counting.seen(_points(library, heads, generation.model))
    first = next(points, None)
    if first is None:
        with embedding():
            library.index.build(generation.id, library.embedder.dimension, ())
    else:
        library.index.build(generation.id, first.vector.shape[0], chain([first], points))
    library.words.save(generation.id, counting.counts())


def _points(library: Library, heads: Sequence[DocumentHead], model: str) -> Iterator[Point]:
    """A point for every passage; one that several documents share belongs to the first of them."""
    seen: set[str] = set()
    for head in heads:
        for passage in library.vectors.embedded(head.id, model):
            if passage.id not in seen:
                seen.add(passage.id)
                yield Point(passage.id, passage.vector, passage.text, head)
