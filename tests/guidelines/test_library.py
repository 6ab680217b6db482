"""The library as the other rooms use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from guidelines.errors import EmbeddingError, NotFoundError, SettingsError
from guidelines.index import Filters
from guidelines.library import Library, library_settings
from guidelines.library import open_library as open_by_settings
from guidelines.settings import LibrarySettings, QdrantSettings
from tests.guidelines.samples import PARAGRAPHS, document, publish


def ask(library: Library, question: str, **filters: tuple[str, ...]) -> list[str]:
    """Texts of the passages found, the best first."""
    hits = library.search(library.embed_query(question), question, filters=Filters(**filters), limit=5)
    found = library.passages([passage_id for passage_id, _ in (*hits.dense, *hits.bm25)])
    return [found[passage_id].text for passage_id, _ in hits.dense]


def test_an_empty_library_answers_with_nothing(library: Library) -> None:
    assert library.live() is None
    assert ask(library, "oxygen") == []
    assert library.passages(["f" * 32]) == {}


def test_a_question_finds_its_passage(library: Library) -> None:
    publish(library, document(), document("malaria", ["Give artemether with lumefantrine. Twice daily."]))
    assert ask(library, "when to give oxygen for low saturation")[0] == PARAGRAPHS[1]
    assert ask(library, "oxygen", work=("malaria",)) == ["Give artemether with lumefantrine. Twice daily."]


def test_a_running_library_follows_a_publication(library: Library, open_library: Callable[..., Library]) -> None:
    reader = open_library()
    first = document()
    publish(library, first)
    assert ask(reader, "oxygen")[0] == PARAGRAPHS[1]
    generation = publish(library, document("malaria", ["Give artemether with lumefantrine. Twice daily."]))
    assert ask(reader, "oxygen") == ["Give artemether with lumefantrine. Twice daily."]
    live = reader.live()
    assert live is not None
    assert live.generation == generation
    assert reader.live() is live, "heads are read once a generation"
    gone = first[1][0]
    assert reader.passages([gone.id])[gone.id] == gone, "an answer that cites it must stay readable"
    assert reader.head(first[0].id).path is None
    assert reader.document(first[0].id) == first[0]


def test_a_document_knows_what_replaced_its_edition(library: Library) -> None:
    old = document("old", work="w", edition="2018", effective=date(2018, 1, 1), publisher="WHO", population=("child",))
    new = document("new", ["Give amoxicillin for three days. No longer."], work="w", effective=date(2022, 1, 1))
    publish(library, old, new)
    head = library.head(old[0].id)
    assert (head.metadata.edition, head.metadata.publisher) == ("2018", "WHO")
    assert head.superseded_on == date(2022, 1, 1)
    publish(library, new)
    assert library.head(old[0].id).superseded_on == date(2022, 1, 1), "also once the old one has left"
    publish(library, old)
    assert library.head(old[0].id).superseded_on is None


def test_vectors_of_passages_and_their_sentences(library: Library) -> None:
    made, parts = document()
    publish(library, (made, parts))
    vectors = library.vectors_of(parts)
    assert {key: value.sentences.shape for key, value in vectors.items()} == {
        part.id: (len(part.sentences), library.embedder.dimension) for part in parts
    }
    assert all(value.sentences.dtype == np.int8 and value.sentences.any() for value in vectors.values())
    assert library.vectors_of([]) == {}


def test_vectors_of_two_models_never_meet(library: Library, open_library: Callable[..., Library]) -> None:
    made, parts = document()
    publish(library, (made, parts))
    other = open_library(model="another#1")
    with pytest.raises(EmbeddingError, match=r"hash#1.*another#1.*CDSS_EMBEDDING__MODEL"):
        ask(other, "oxygen")
    assert other.vectors_of(parts) == {}


def test_pruning_forgets_only_what_nobody_uses(library: Library) -> None:
    old, new = document("old"), document("new", ["Give zinc for ten days. Also in mild cases."])
    publish(library, old)
    second = publish(library, new)
    model = library.embedder.model_id
    after = datetime.now(UTC) + timedelta(minutes=1)
    assert (
        library.vectors.prune(generation_ids=[second.id], models=[model], since=second.created_at - timedelta(days=1))
        == 0
    )
    assert library.vectors.prune(generation_ids=[second.id], models=[model], since=after) == len(old[1])
    assert library.vectors.missing([old[0].id], model) == len(old[1])
    assert library.vectors.missing([new[0].id], model) == 0
    assert library.vectors.prune(generation_ids=[second.id], models=["another#1"], since=after) == len(new[1])


def test_unknown_documents(library: Library) -> None:
    for look_up in (library.head, library.document):
        with pytest.raises(NotFoundError, match="cdss-ingest list"):
            look_up("nothing")


def test_an_index_of_another_library(library: Library) -> None:
    library.index.build("000007-abcdef00", 64, [])
    library.index.switch("000007-abcdef00")
    with pytest.raises(SettingsError, match="do not belong together"):
        library.live()


def test_opening_by_settings(tmp_path: Path) -> None:
    with open_by_settings(LibrarySettings(home=tmp_path / "new" / "home")) as library:
        assert library.live() is None
        assert library.index.backend == "embedded"
    with open_by_settings(LibrarySettings(home=tmp_path, qdrant=QdrantSettings(url="http://127.0.0.1:9"))) as library:
        assert "cdss" in library.index.backend


@pytest.mark.parametrize("tenant", ["", "../other", "A", "a/b"])
def test_a_tenant_must_be_a_plain_name(tmp_path: Path, tenant: str) -> None:
    with pytest.raises(SettingsError, match="CDSS_TENANT"):
        open_by_settings(LibrarySettings(home=tmp_path, tenant=tenant))


@pytest.mark.parametrize(
    ("name", "value"),
    [("CDSS_KEEP_GENERATIONS", "none"), ("CDSS_QDRANT", "{not json"), ("CDSS_EMBEDDING__THREADS", "0")],
)
def test_settings_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="CDSS_"):
        library_settings()


def test_a_settings_file_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cdss.toml").write_text("home = ")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"cdss\.toml"):
        library_settings()
