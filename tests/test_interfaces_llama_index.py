from llama_index.core.schema import Document as LlamaDocument

from kbassist import KnowledgeBase
from kbassist.interfaces.llama_index import KnowledgeBaseRetriever, documents


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
        kb.add(documents(given))
        found = KnowledgeBaseRetriever(kb, k=1).retrieve("Ile kosztuje kurier?")
    assert [item.node.text for item in found] == ["Kurier kosztuje 14,99 zł."]
    assert found[0].node.metadata["uri"] == "https://sklep.example/dostawa"
    assert found[0].score is not None


def test_the_retriever_sees_only_what_its_audience_may_see() -> None:
    from kbassist import Document

    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add([Document(id="kody", text="Kod rabatowy to WIOSNA.", audience=frozenset({"staff"}))])
        assert KnowledgeBaseRetriever(kb).retrieve("kod rabatowy") == []
        assert len(KnowledgeBaseRetriever(kb, audience={"staff"}).retrieve("kod rabatowy")) == 1
