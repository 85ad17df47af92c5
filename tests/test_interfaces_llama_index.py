from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from llama_index.core import SimpleDirectoryReader
from llama_index.core.schema import Document as LlamaDocument
from llama_index.core.schema import MetadataMode

from kbassist import Document, KnowledgeBase
from kbassist.interfaces.llama_index import (
    KnowledgeBaseRetriever,
    documents_from_llama_index,
    documents_to_llama_index,
)

TERMS = "Regulamin\n§ 1. Zwroty\n1. Masz 14 dni.\n§ 2. Płatności\n1. Kartą.\n§ 3. Koniec\n1. Tyle.\n"


def one(text="Tekst.", id_="a", **metadata):
    (document,) = documents_from_llama_index([LlamaDocument(text=text, id_=id_, metadata=metadata)])
    return document


# --- finding --------------------------------------------------------------------------------------


def test_a_llama_index_document_is_found_by_the_retriever() -> None:
    given = [
        LlamaDocument(
            text="Kurier kosztuje 14,99 zł.",
            id_="dostawa",
            metadata={"title": "Dostawa", "url": "https://sklep.example/dostawa"},
        ),
        LlamaDocument(text="Na zwrot masz 30 dni.", id_="zwroty", metadata={"title": "Zwroty"}),
    ]
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add(documents_from_llama_index(given))
        found = KnowledgeBaseRetriever(kb, k=1).retrieve("Ile kosztuje kurier?")
    assert [item.node.text for item in found] == ["Kurier kosztuje 14,99 zł."]
    assert found[0].node.metadata["uri"] == "https://sklep.example/dostawa"
    assert found[0].score is not None


def test_the_retriever_sees_only_what_its_audience_may_see() -> None:
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add([Document(id="kody", text="Kod rabatowy to WIOSNA.", audience=frozenset({"staff"}))])
        assert KnowledgeBaseRetriever(kb).retrieve("kod rabatowy") == []
        assert len(KnowledgeBaseRetriever(kb, audience={"staff"}).retrieve("kod rabatowy")) == 1


# --- taking in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metadata", "name", "value"),
    [
        ({"title": "Dostawa", "file_name": "d.md"}, "title", "Dostawa"),
        ({"file_name": "d.md"}, "title", "d.md"),
        ({"file_path": "/dane/d.md"}, "uri", "file:///dane/d.md"),
        ({"file_path": "dane/d.md"}, "uri", "dane/d.md"),
        ({"url": "https://a.example/", "file_path": "/x"}, "uri", "https://a.example/"),
        ({"source": "https://a.example/"}, "uri", "https://a.example/"),
        ({"file_name": "d.PDF"}, "kind", "pdf"),
        ({"kind": "faq"}, "kind", "faq"),
        ({"kind": "coś"}, "kind", "page"),
        ({"language": "pl-PL"}, "lang", "pl"),
        ({"audience": "agents, public"}, "audience", frozenset({"agents", "public"})),
        ({"audience": ["agents"]}, "audience", frozenset({"agents"})),
        ({"last_modified_date": "2026-01-31"}, "modified_at", datetime(2026, 1, 31, tzinfo=UTC)),
        ({"valid_until": date(2026, 1, 31)}, "valid_until", date(2026, 1, 31)),
        ({"status": "draft"}, "status", "draft"),
        ({"when": datetime(2026, 1, 31)}, "meta", {"llama_index": {"when": "2026-01-31 00:00:00"}}),
    ],
)
def test_what_the_metadata_say(metadata, name, value) -> None:
    assert getattr(one(**metadata), name) == value


def test_pages_of_a_file_are_one_document() -> None:
    pages = [
        LlamaDocument(
            text=text, metadata={"file_path": "/dane/c.pdf", "file_name": "c.pdf", "page_label": label}
        )
        for text, label in (("Strona pierwsza.", "1"), ("Cennik usług.", "2"))
    ]
    between = LlamaDocument(text="Inny plik.", id_="inny")
    first, other = documents_from_llama_index([pages[0], between, pages[1]])
    assert (first.id, first.kind, first.text) == ("/dane/c.pdf", "pdf", "Strona pierwsza.\n\nCennik usług.")
    assert [(first.text[anchor.start :][:6], anchor.label) for anchor in first.anchors] == [
        ("Strona", "1"),
        ("Cennik", "2"),
    ]
    assert other.id == "inny"
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add([first])
        assert kb.search("cennik usług")[0].passage.uri == "file:///dane/c.pdf#page=1"


def test_regulations_are_recognised() -> None:
    document = one(TERMS)
    assert document.kind == "regulation"
    assert "§ 1 ust. 1" in [anchor.label for anchor in document.anchors]
    assert one(TERMS, kind="page").anchors == ()


def test_the_same_files_read_again_are_the_same_documents(tmp_path) -> None:
    (tmp_path / "a.txt").write_text("Na zwrot masz 30 dni.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Kurier kosztuje 15 zł.", encoding="utf-8")
    with KnowledgeBase(":memory:", embedder=None) as kb:
        for expected in ("added", "unchanged"):
            report = kb.add(documents_from_llama_index(SimpleDirectoryReader(str(tmp_path)).load_data()))
            assert getattr(report, expected) == (str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))


def test_an_id_made_by_chance_is_replaced_and_a_given_one_stays() -> None:
    texts = [LlamaDocument(text="Tekst."), LlamaDocument(text="Tekst."), LlamaDocument(text="Inny.")]
    ids = [document.id for document in documents_from_llama_index(texts)]
    assert ids[0] == ids[1] != ids[2]
    assert one(id_="zwroty", url="https://a.example/").id == "zwroty"


# --- giving out -----------------------------------------------------------------------------------


def test_documents_come_back_as_they_went() -> None:
    given = Document(
        id="zwroty",
        text="Na zwrot masz 30 dni.",
        title="Zwroty",
        uri="https://sklep.example/zwroty",
        kind="faq",
        lang="pl",
        modified_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
        valid_from=date(2026, 1, 1),
        audience=frozenset({"agents", "public"}),
        status="draft",
        topic="zwroty",
        owner="anna",
    )
    (made,) = documents_to_llama_index([given])
    assert (made.id_, made.text) == ("zwroty", "Na zwrot masz 30 dni.")
    assert (
        made.get_metadata_str(mode=MetadataMode.EMBED) == "title: Zwroty\nurl: https://sklep.example/zwroty"
    )
    (back,) = documents_from_llama_index([made])
    assert replace(back, meta={}) == given
