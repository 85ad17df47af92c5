"""The whole way of a query through real indexes: what is found, in which order, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbassist import Document, Hit, KnowledgeBase
from kbassist.index.understanding import Query
from kbassist.testing import HashEmbedder
from kbassist.types import PassageFilter

STAFF = frozenset({"staff"})
RETURNS = (
    "Na zwrot towaru masz czternaście dni od otrzymania paczki. Aby odstąpić od umowy, wystarczy wypełnić "
    "formularz na swoim koncie i wysłać go do sklepu razem z towarem."
)
DOCUMENTS = [
    Document("zwroty", RETURNS, title="Zwroty", uri="https://sklep.example/zwroty", lang="pl"),
    Document("zwroty-druk", RETURNS, title="Zwroty", uri="https://sklep.example/zwroty?druk=1", lang="pl"),
    Document("zwroty-kadry", RETURNS, title="Zwroty", lang="pl", audience=STAFF),
    Document("trebusz", "Trebuszet stoi w magazynie.", title="Magazyn", lang="pl", audience=STAFF),
    Document("reklamacje", "Reklamację rozpatrujemy w 21 dni od zgłoszenia.", lang="pl"),
    Document("odbior", "Paczka czeka dziesięć dni od zgłoszenia.", lang="pl"),
    Document("dostawa", "Dostawa kurierem za granicę kosztuje 49 zł.", title="Dostawa", lang="pl"),
    Document("raty", "Raty są możliwe od kwoty 1000 PLN.", lang="pl"),
    Document("karta", "Na karcie podarunkowej mieści się 500 PLN.", lang="pl"),
    Document("szpadel", "Szpadel SEK-SZP-01 ma trzonek jesionowy.", lang="pl"),
    Document("widly", "Widły SEK-WID-02 mają trzonek jesionowy.", lang="pl"),
    Document("firma", "Nasz NIP to 525-23-44-078, a siedziba stoi w Łodzi.", lang="pl"),
    Document("warranty", "The warranty covers every spade for two years.", lang="en"),
    *(Document(f"umowa-{name}", f"Umowa {name.upper()}: kto odstąpił, ten odstąpił.") for name in "abcdefgh"),
]


@pytest.fixture(scope="module", params=["memory", "edge", "memory, lexical", "edge, lexical"])
def kb(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    engine, _, lexical = request.param.partition(", ")
    place = ":memory:" if engine == "memory" else tmp_path_factory.mktemp("kb")
    with KnowledgeBase(place, embedder=None if lexical else HashEmbedder()) as made:
        made.add(DOCUMENTS)
        yield made


def names(hits: list[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("reklamcja", "reklamacje"),
        ("Gdzie złożyć reklmaację?", "reklamacje"),
        ("warrnty", "warranty"),
        ("dostwa za granice", "dostawa"),
        ("siedziba w lodzi", "firma"),
        ("ODSTĄPIĆ OD UMOWY FORMULARZ", "zwroty"),
        ("mam 14 dni na zwrot", "zwroty"),
        ("10 dni", "odbior"),
        ("raty od 1 000 zł", "raty"),
        ("1000 zł", "raty"),
        ("500 złotych", "karta"),
        ("SEK-SZP-01", "szpadel"),
        ("sekszp01", "szpadel"),
        ("sek-wid-02 trzonek", "widly"),
        ("NIP 5252344078", "firma"),
        ("525-23-44-078", "firma"),
    ],
)
def test_what_was_meant_comes_first(kb: KnowledgeBase, query: str, document: str):
    assert names(kb.search(query, k=3))[0] == document


def test_the_parts_of_every_hit_are_told(kb: KnowledgeBase):
    is_hybrid = kb.info().model is not None
    for hit in kb.search("zwrot towaru w 14 dni"):
        assert {"bm25", "lexical", "coverage", "context", "together", "pairs", "exact", "names"} <= (
            hit.parts.keys()
        )
        assert ("semantic" in hit.parts) == ("dense" in hit.parts) == is_hybrid
        assert 0 <= hit.score <= 1


def test_what_is_carried_along_weighs_less_than_what_is_asked(kb: KnowledgeBase):
    reader = kb._published.reader()
    assert reader is not None

    def first(query: Query) -> str:
        return kb._engine.retriever.retrieve(reader, query, PassageFilter(), 3).hits[0].passage.document_id

    assert first(Query("reklamacja", "dostawa", share=0.3)) == "reklamacje"
    assert first(Query("dostawa", "reklamacja", share=0.3)) == "dostawa"
    assert first(Query("a ile trwa?", "reklamacja", share=0.9)) == "reklamacje"


# --- the same text in several places -----------------------------------------------------------


@pytest.mark.parametrize("k", [1, 3, 5])
def test_copies_make_room_and_the_list_is_filled(kb: KnowledgeBase, k: int):
    hits = kb.search("odstąpić od umowy", k=k)
    assert len(hits) == k
    shown = [passage.document_id for hit in hits for passage in (hit.passage, *hit.alternates)]
    assert len(shown) == len(set(shown))
    if k == 5:
        (both,) = (hit for hit in hits if hit.alternates)
        assert both.passage.document_id == "zwroty"
        assert [passage.document_id for passage in both.alternates] == ["zwroty-druk"]


def test_copies_for_others_are_not_heard_of(kb: KnowledgeBase):
    for hit in kb.search("zwrot towaru odstąpić", k=20):
        assert "zwroty-kadry" not in {passage.document_id for passage in (hit.passage, *hit.alternates)}
    assert names(kb.search("zwrot towaru odstąpić", k=20, audience=STAFF))[0] == "zwroty-kadry"


def test_a_correction_towards_hidden_words_shows_nothing_hidden(kb: KnowledgeBase):
    hits = kb.search("trebuszt w magazynie", k=20)
    assert "trebusz" not in names(hits)
    assert "trebuszet" not in str([hit.to_dict() for hit in hits]).lower()
    assert names(kb.search("trebuszt w magazynie", audience=STAFF))[0] == "trebusz"


# --- vectors later -----------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["memory", "edge"])
def test_vectors_that_come_later_make_the_same_ranking(engine: str, tmp_path: Path):
    first, second = (":memory:" if engine == "memory" else tmp_path / name for name in "ab")
    queries = ("zwrot towaru", "trzonek jesionowy", "umowa a")
    with (
        KnowledgeBase(first, embedder=HashEmbedder()) as at_once,
        KnowledgeBase(second, embedder=HashEmbedder()) as later,
    ):
        at_once.add(DOCUMENTS)
        later.add(DOCUMENTS[:6])
        later.add(DOCUMENTS[6:], vectors="later")
        # Some have a vector and some have none: each kind is found and they stand in one list.
        assert names(later.search("trzonek jesionowy", k=2)) in (["szpadel", "widly"], ["widly", "szpadel"])
        assert "dense" not in later.search("trzonek jesionowy")[0].parts
        assert "dense" in later.search("zwrot towaru")[0].parts
        assert later.embed_missing() == len(DOCUMENTS) - 6
        for query in queries:
            expected, found = at_once.search(query, k=20), later.search(query, k=20)
            assert names(found) == names(expected)
            assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-3)


# --- synonyms ----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["memory", "edge"])
def test_synonyms_widen_the_search_at_once_and_after_opening_again(engine: str, tmp_path: Path):
    place = ":memory:" if engine == "memory" else tmp_path
    with KnowledgeBase(place, embedder=None) as kb:
        kb.add(DOCUMENTS)
        assert kb.search("łopaty") == []
        kb.set_synonyms([["łopata", "szpadel"], ["gwarancja", "warranty"]])
        assert names(kb.search("łopaty")) == ["szpadel"]
        assert names(kb.search("gwarancją")) == ["warranty"]
        assert names(kb.search("szpadel")) == ["szpadel"], (
            "what is asked for comes before what means the same"
        )
        if engine == "edge":
            with KnowledgeBase(place, embedder=None) as other:
                assert names(other.search("łopaty")) == ["szpadel"]
        kb.set_synonyms([])
        assert kb.search("łopaty") == []
