"""Provisions found by their address, through the public search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbassist import Document, KnowledgeBase
from kbassist.index.provisions import provision_terms, title_of
from kbassist.sources.regulation import structure
from kbassist.testing import HashEmbedder, make_entry
from kbassist.types import Passage


def act(name: str, title: str, lang: str, text: str) -> Document:
    return structure(Document(name, text, title, kind="regulation", lang=lang))


def articles(word: str, numbers: int, *, name: str = "Art.", parts: int = 3) -> str:
    """Long enough that every paragraph is a passage of its own."""
    filler = " ".join(f"{word} postanowienie" for _ in range(30))
    return "\n".join(
        f"{name} {number}.\n"
        + "\n".join(
            f"{part}. {word} {number} {part}: {filler}, o którym mowa w art. 1 ust. 1."
            for part in range(1, parts + 1)
        )
        for number in range(1, numbers + 1)
    )


GDPR = """Article 5
Principles
1. Personal data shall be processed lawfully, fairly and in a transparent manner.
2. The controller shall be responsible.
Article 6
Lawfulness of processing
1. Processing shall be lawful only if and to the extent that one of the following applies:
(a) the data subject has given consent;
(b) legitimate interests pursued by the controller.
Article 7
Conditions for consent
The controller shall be able to demonstrate that the data subject has consented."""

SHOP = """Regulamin sklepu Świeca
§ 1. Postanowienia ogólne
1. Sklep prowadzi firma Świeca.
2. Kontakt jest możliwy pocztą.
§ 2. Zwroty
1. Konsument może odstąpić od umowy w terminie 14 dni.
2. Prawo nie przysługuje:
1) przy świecach na zamówienie,
2) przy świecach używanych.
§ 3. Reklamacje
Reklamację rozpatrujemy w 14 dni."""

OTHER = """Regulamin sklepu Rower
§ 1. Postanowienia ogólne
Sklep prowadzi firma Rower.
§ 2. Płatności
1. Płatność kartą lub przelewem.
2. Faktura na żądanie.
§ 3. Gwarancja
Gwarancja trwa dwa lata."""

TERMS = """1. Definicje
1.1 Usługa to usługa.
1.2 Klient to klient.
2. Zamówienia
2.1 Zamówienie składa się w panelu.
2.2 Anulowanie jest możliwe:
2.2.1 przed wysyłką,
2.2.2 po wysyłce za opłatą."""

DOCUMENTS = (
    act("książki", "Ustawa z dnia 27 czerwca 1997 r. o bibliotekach", "pl", articles("biblioteka", 12)),
    act(
        "zmiana",
        "Ustawa z dnia 3 maja 2001 r. o zmianie ustawy o bibliotekach",
        "pl",
        articles("biblioteka", 4),
    ),
    act("kp", "Kodeks pracy", "pl", articles("pracownik", 8) + "\nArt. 8¹.\n1. Praca zdalna.\n2. Sprzęt."),
    act("gdpr", "Regulation (EU) 2016/679 (General Data Protection Regulation)", "en", GDPR),
    act("swieca", "Regulamin sklepu Świeca", "pl", SHOP),
    act("rower", "Regulamin sklepu Rower", "pl", OTHER),
    act("panel", "Warunki korzystania z panelu", "pl", TERMS),
    Document(
        "faq", "Zgodnie z art. 27 ustawy o prawach konsumenta masz 14 dni na zwrot.", "Pytania", lang="pl"
    ),
)


@pytest.fixture(scope="module", params=["memory", "edge", "vectors"])
def kb(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    place: str | Path = ":memory:" if request.param == "memory" else tmp_path_factory.mktemp("kb")
    embedder = HashEmbedder() if request.param == "vectors" else None
    with KnowledgeBase(place, embedder=embedder, log_interactions=False) as kb:
        kb.add(DOCUMENTS)
        yield kb


def first(kb: KnowledgeBase, query: str) -> tuple[str, set[str]]:
    """The document of the first hit, and the provisions that begin in it."""
    passage = kb.search(query, k=3)[0].passage
    return passage.document_id, {label for _, label in passage.provisions}


@pytest.mark.parametrize(
    ("query", "document", "address"),
    [
        ("art. 5 ust. 2 ustawy o bibliotekach", "książki", "art. 5 ust. 2"),
        ("art 2 ust 3 ustawy o zmianie ustawy o bibliotekach", "zmiana", "art. 2 ust. 3"),
        ("co mówi artykuł 7 ustęp 1 kodeksu pracy?", "kp", "art. 7 ust. 1"),
        ("art. 7 ust. 1 k.p.", "kp", "art. 7 ust. 1"),
        ("kodeks pracy art 3", "kp", "art. 3"),
        ("art. 8¹ ust. 2 kodeksu pracy", "kp", "art. 8¹ ust. 2"),
        ("art. 8 (1) kp", "kp", "art. 8¹"),
        ("art. 12 ust. 2", "książki", "art. 12 ust. 2"),
        ("art. 6 ust. 1 lit. b RODO", "gdpr", "Article 6(1)(b)"),
        ("Article 6(1)(b) GDPR", "gdpr", "Article 6(1)(b)"),
        ("point (b) of Article 6(1)", "gdpr", "Article 6(1)(b)"),
        ("§ 2 ust. 2 pkt 1", "swieca", "§ 2 ust. 2 pkt 1"),
        ("par. 2 pkt 2 regulaminu sklepu Rower", "rower", "§ 2 ust. 2"),
        ("§2.2 regulaminu sklepu Świeca", "swieca", "§ 2 ust. 2"),
        ("paragraf 3 sklep rower", "rower", "§ 3"),
        ("pkt 2.2.1", "panel", "pkt 2.2.1"),
        ("2.2.2", "panel", "pkt 2.2.2"),
        ("section 2.1", "panel", "pkt 2.1"),
        ("ile dni mam na odstąpienie od umowy wg § 2?", "swieca", "§ 2"),
        ("czy zapłacę kartą? § 2", "rower", "§ 2"),
        ("Lawfulness of processing", "gdpr", "Article 6"),
        ("Reklamacje", "swieca", "§ 3"),
    ],
)
def test_a_provision_is_found_by_its_address(
    kb: KnowledgeBase, query: str, document: str, address: str
) -> None:
    found, addresses = first(kb, query)
    assert found == document
    assert address in addresses


def test_the_passage_where_it_begins_comes_first_and_its_other_parts_follow(kb: KnowledgeBase) -> None:
    hits = [
        hit for hit in kb.search("art. 5 ustawy o bibliotekach", k=4) if hit.parts.get("address", 0) > 0.5
    ]
    assert [hit.passage.document_id for hit in hits[:3]] == ["książki"] * 3
    assert hits[0].passage.start == min(hit.passage.start for hit in hits)
    assert "art. 5" in [label for _, label in hits[0].passage.provisions]


def test_of_a_provision_that_is_not_there_the_one_around_it_is_found(kb: KnowledgeBase) -> None:
    assert first(kb, "art. 9 ust. 77 ustawy o bibliotekach")[0] == "książki"
    assert "art. 9" in first(kb, "art. 9 ust. 77 ustawy o bibliotekach")[1]


def test_an_act_that_is_not_there_lifts_nothing(kb: KnowledgeBase) -> None:
    hits = kb.search("art. 27 ustawy o prawach konsumenta", k=5)
    assert hits[0].passage.document_id == "faq"
    assert all(not hit.parts.get("address") for hit in kb.search("art. 3 ustawy o prawach konsumenta", k=5))


def test_several_provisions_are_found_together(kb: KnowledgeBase) -> None:
    hits = kb.search("§ 1 i 3 regulaminu sklepu Rower", k=2)
    assert {hit.passage.document_id for hit in hits} == {"rower"}
    labels = {label for hit in hits for _, label in hit.passage.provisions}
    assert {"§ 1", "§ 3"} <= labels


def test_what_may_not_be_seen_is_not_found_by_address_either(kb: KnowledgeBase) -> None:
    assert kb.search("§ 2 ust. 2 pkt 1", audience={"agents"}) == []
    only = kb.search("art. 6 ust. 1 lit. b RODO", document_ids={"swieca"}, k=3)
    assert {hit.passage.document_id for hit in only} <= {"swieca"}


def test_scores_stay_in_range_and_other_questions_as_they_were(kb: KnowledgeBase) -> None:
    for query in ("§ 2", "art. 5 ustawy o bibliotekach", "zwrot towaru", "Reklamacje"):
        assert all(0 <= hit.score <= 1 for hit in kb.search(query))
    assert all("address" not in hit.parts for hit in kb.search("czy mogę zwrócić używaną świecę"))


def test_the_terms_of_a_passage_name_what_begins_in_it_and_what_holds_it() -> None:
    passage = Passage(
        "p", "d", "tekst", 0, 5, headings=("Rozdział II Zwroty", "§ 7 Zwroty"), address="§ 7",
        provisions=((0, "§ 7"), (3, "§ 7 pkt 7.2 lit. a")),
    )  # fmt: skip
    assert provision_terms(passage) == [
        "§begins pkt 7/2/a",
        "§begins titled zwroty",
        "§begins § 7",
        "§begins § 7/2/a",
        "§holds pkt 7",
        "§holds pkt 7/2",
        "§holds pkt 7/2/a",
        "§holds rozdz 2",
        "§holds titled zwroty",
        "§holds § 7",
        "§holds § 7/2",
        "§holds § 7/2/a",
    ]
    assert provision_terms(make_entry("a", "Zwykły tekst").passage) == []


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("§ 2. Zwroty towaru", "zwroty towaru"),
        ("Artykuł 6 Zgodność z prawem", "zgodnosc z prawem"),
        ("3. Definicje", "definicje"),
        ("IV. Reklamacje", "reklamacje"),
        ("§ 2", ""),
        ("Zwroty", "zwroty"),
    ],
)
def test_the_title_of_a_heading(heading: str, title: str) -> None:
    assert title_of(heading) == title
