"""The catalog keeps what it is given, and publishes all of it or nothing."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy
from hypothesis import example, given
from hypothesis import strategies as st

from kbassist.catalog import (
    Catalog,
    DocumentRow,
    PassageRow,
    Publication,
    document_hash,
    passage_row,
)
from kbassist.errors import KnowledgeBaseError
from kbassist.testing import make_entry
from kbassist.types import Anchor, Document

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["memory", "file"])
def catalog(request, tmp_path: Path):
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    opened = Catalog(url)
    yield opened
    opened.close()


def row(document: Document, *passages: str, source: str = "site") -> DocumentRow:
    return DocumentRow(
        document, source, tuple(PassageRow(name, f"e-{name}", f"t-{name}") for name in passages)
    )


def published(catalog: Catalog) -> tuple:
    """Everything that a reader can see."""
    documents = list(catalog.documents())
    ids = [document.id for document in documents]
    return catalog.generations(), documents, catalog.hashes(), catalog.passages(ids)


# --- documents as they come back ---------------------------------------------------------------

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3, minutes=30))])
MOMENTS = st.none() | st.datetimes(timezones=ZONES)
DAYS = st.none() | st.dates()
ANCHORS = st.builds(
    Anchor,
    start=st.integers(0, 10**6),
    label=st.text(),
    level=st.integers(1, 9),
    kind=st.sampled_from(["heading", "page", "provision"]),
    fragment=st.text(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.builds(
    Document,
    id=st.text(min_size=1),
    text=st.text(),
    title=st.text(),
    uri=st.text(),
    kind=st.sampled_from(["page", "pdf", "regulation", "faq", "reply"]),
    lang=st.none() | st.sampled_from(["pl", "en"]),
    anchors=st.lists(ANCHORS, max_size=4).map(tuple),
    fetched_at=MOMENTS,
    modified_at=MOMENTS,
    valid_from=DAYS,
    valid_until=DAYS,
    audience=st.frozensets(st.text(min_size=1), min_size=1, max_size=3),
    status=st.sampled_from(["draft", "approved", "retired"]),
    topic=st.none() | st.text(),
    owner=st.none() | st.text(),
    meta=st.dictionaries(st.text(), JSON, max_size=3),
)


@given(DOCUMENTS)
def test_a_document_survives_json(document: Document):
    again = Document.from_dict(json.loads(json.dumps(document.to_dict())))
    assert again == document
    assert document_hash(again) == document_hash(document)


@given(st.lists(DOCUMENTS, max_size=3, unique_by=lambda document: document.id))
@example([Document("a\0", "zażółć \0 🙂", title="lone \ud800")])
def test_a_document_survives_the_database(documents: list[Document]):
    catalog = Catalog("sqlite://")
    catalog.publish(Publication("gen-1", [row(document) for document in documents]))
    ordered = sorted(documents, key=lambda document: document.id)
    assert list(catalog.documents()) == ordered
    assert list(catalog.documents([document.id for document in reversed(documents)])) == ordered
    assert [catalog.document(document.id) for document in ordered] == ordered
    catalog.close()


def test_more_documents_than_one_query_takes(catalog: Catalog):
    documents = [Document(f"d{number:04d}", f"tekst {number}") for number in range(1_234)]
    catalog.publish(
        Publication(
            "gen-1", [row(document, f"p-{document.id}", f"q-{document.id}") for document in documents]
        )
    )
    ids = [document.id for document in documents]
    assert catalog.document_count() == 1_234
    assert list(catalog.documents()) == list(catalog.documents(ids)) == documents
    assert catalog.hashes(ids=ids) == catalog.hashes() == {d.id: document_hash(d) for d in documents}
    assert len(catalog.passages(ids)) == 2_468
    assert len(catalog.passages_with_text([f"t-p-{name}" for name in ids])) == 1_234

    catalog.publish(Publication("gen-2", removed=set(ids[1:])))
    assert published(catalog)[1:] == (
        documents[:1],
        {"d0000": document_hash(documents[0])},
        catalog.passages(["d0000"]),
    )


def test_what_is_not_there(catalog: Catalog):
    assert published(catalog) == ([], [], {}, {})
    assert catalog.published() is None
    assert catalog.document("a") is None
    assert list(catalog.documents(["a"])) == []
    assert catalog.hashes(source="site") == catalog.hashes(ids=["a"]) == {}
    assert (
        catalog.passages(["a"]) == catalog.passages_with_text(["t"]) == catalog.load_vectors("m", ["t"]) == {}
    )
    assert catalog.interactions() == []


def test_the_hash_of_a_document_knows_what_matters_to_a_reader():
    document = Document("a", "tekst", meta={"etag": "1"}, fetched_at=NOON)
    for same in (
        Document("a", "tekst"),
        Document("a", "tekst", meta={"etag": "2"}, fetched_at=NOON + timedelta(days=1)),
    ):
        assert document_hash(same) == document_hash(document)
    for other in (
        Document("b", "tekst"),
        Document("a", "Tekst"),
        Document("a", "tekst", title="t"),
        Document("a", "tekst", audience=frozenset({"staff"})),
        Document("a", "tekst", valid_until=date(2026, 1, 1)),
        Document("a", "tekst", anchors=(Anchor(0, "tekst"),)),
        Document("a", "tekst", status="retired"),
        Document("a", "tekst", modified_at=NOON),
    ):
        assert document_hash(other) != document_hash(document)


def test_a_passage_is_embedded_again_only_for_what_is_searched():
    first = passage_row(make_entry("a1", "Zwrot w 30 dni", context="Zwroty"))
    for_staff = passage_row(
        make_entry("a1", "Zwrot w 30 dni", context="Zwroty", audience=frozenset({"staff"}))
    )
    retitled = passage_row(make_entry("a1", "Zwrot w 30 dni", context="Oddawanie"))
    elsewhere = passage_row(make_entry("b1", "Zwrot w 30 dni", context="Zwroty"))
    assert for_staff.text_hash == first.text_hash == elsewhere.text_hash != retitled.text_hash
    assert len({first.entry_hash, for_staff.entry_hash, retitled.entry_hash, elsewhere.entry_hash}) == 4


# --- publication -------------------------------------------------------------------------------


def test_publishing_replaces_adds_and_removes(catalog: Catalog):
    old, gone, kept = (Document(name, "stary tekst") for name in ("a", "b", "c"))
    catalog.publish(Publication("gen-1", [row(old, "a1", "a2"), row(gone, "b1"), row(kept, "c1")]))
    new = Document("a", "nowy tekst")
    catalog.publish(
        Publication("gen-2", [row(new, "a2", "a3", source="files"), row(Document("d", ""))], {"b"})
    )

    assert [document.text for document in catalog.documents()] == ["nowy tekst", "stary tekst", ""]
    assert catalog.passages(["a", "b", "c", "d"]).keys() == {"a2", "a3", "c1"}
    assert catalog.hashes(source="site").keys() == {"c", "d"}
    assert catalog.hashes(source="files") == {"a": document_hash(new)}
    assert catalog.passages_with_text(["t-a1", "t-a3"]) == {"t-a3": "a3"}


def test_the_published_generation_and_the_one_before_are_named(catalog: Catalog):
    named = []
    for name in ("gen-1", "gen-2", "gen-2", "gen-5"):
        catalog.publish(Publication(name))
        named.append(catalog.generations())
        assert catalog.published() == name
    assert named == [["gen-1"], ["gen-2", "gen-1"], ["gen-2", "gen-1"], ["gen-5", "gen-2"]]


@pytest.mark.parametrize(
    "broken",
    [
        [row(Document("a", "nowy"), "same"), row(Document("b", "nowy"), "same")],
        [row(Document("a", "nowy"), "a1"), row(Document("a", "nowszy"), "a2")],
        [row(Document("a", "nowy"), "c1")],  # a passage id of a document that stays
    ],
    ids=["two passages of one id", "two documents of one id", "somebody else's passage"],
)
def test_a_publication_that_fails_leaves_everything_as_it_was(catalog: Catalog, broken: list[DocumentRow]):
    catalog.publish(Publication("gen-1", [row(Document("a", "stary"), "a1"), row(Document("c", "c"), "c1")]))
    catalog.save_vectors("m", {"t-a2": np.ones(3, np.float32)})
    before = published(catalog)
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        catalog.publish(Publication("gen-2", broken, {"x"}))
    assert published(catalog) == before
    assert catalog.load_vectors("m", ["t-a2"]).keys() == {"t-a2"}


# --- vectors of an unfinished ingest -----------------------------------------------------------


def test_vectors_wait_for_the_publication_and_belong_to_a_model(catalog: Catalog):
    first, second = np.array([0.6, 0.8], np.float32), np.array([1, 0], np.float32)
    catalog.save_vectors("m", {"t1": first})
    catalog.save_vectors("m", {"t1": second, "t2": second})
    catalog.save_vectors("other", {"t1": second})

    found = catalog.load_vectors("m", ["t1", "t2", "t3"])
    assert found.keys() == {"t1", "t2"}
    assert found["t1"].dtype == np.float32
    np.testing.assert_array_equal(found["t1"], first)  # what is known stays
    np.testing.assert_array_equal(catalog.load_vectors("other", ["t1"])["t1"], second)

    catalog.publish(Publication("gen-1"))
    assert catalog.load_vectors("m", ["t1", "t2"]) == catalog.load_vectors("other", ["t1"]) == {}


# --- interactions ------------------------------------------------------------------------------


def test_interactions_come_oldest_first_with_their_feedback(catalog: Catalog):
    catalog.log("late", NOON, {"question": "żółw \ud800"})
    catalog.log(
        "early", NOON.astimezone(timezone(timedelta(hours=2))) - timedelta(hours=1), {"question": "?"}
    )
    assert catalog.add_feedback("late", NOON, {"correct": True})
    assert catalog.add_feedback("late", NOON, {"copied": 1})
    assert not catalog.add_feedback("nobody", NOON, {"correct": True})

    assert catalog.interactions() == [
        {"question": "?", "feedback": []},
        {"question": "żółw \ud800", "feedback": [{"correct": True}, {"copied": 1}]},
    ]
    assert [each["question"] for each in catalog.interactions(since=NOON)] == ["żółw \ud800"]
    assert catalog.interactions(since=NOON + timedelta(seconds=1)) == []


# --- the file ----------------------------------------------------------------------------------


def test_a_file_is_read_by_the_next_one_who_opens_it(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    writer, reader = Catalog(url), Catalog(url)
    writer.publish(Publication("gen-1", [row(Document("a", "tekst"), "a1")]))
    assert published(reader) == published(writer)
    writer.close()
    reader.close()
    later = Catalog(url)
    assert later.document("a") == Document("a", "tekst")
    later.close()


def test_a_file_that_is_no_database(tmp_path: Path):
    path = tmp_path / "catalog.sqlite"
    path.write_text("nothing that SQLite knows\n" * 100)
    with pytest.raises(
        KnowledgeBaseError, match=r"catalog\.sqlite.* cannot be opened \(file is not a database\)"
    ):
        Catalog(f"sqlite:///{path}")
    assert path.read_text().startswith("nothing that SQLite knows")


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(KnowledgeBaseError, match=r"unable to open database file.*check the path"):
        Catalog(f"sqlite:///{tmp_path / 'missing' / 'catalog.sqlite'}")


def test_a_catalog_of_another_format_names_both(tmp_path: Path):
    path = tmp_path / "catalog.sqlite"
    Catalog(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE state SET value = '99' WHERE key = 'format'")
    connection.close()
    with pytest.raises(KnowledgeBaseError, match=r"format 99, .* reads 1: ingest again"):
        Catalog(f"sqlite:///{path}")
