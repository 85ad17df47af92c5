from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist import Document, KnowledgeBase
from kbassist.index.diversity import REPEAT, distinct, spread
from kbassist.index.fusion import fuse
from kbassist.text.analysis import TextAnalyzer
from kbassist.types import Hit, Passage, PassageFilter


def hit(passage_id: str, document_id: str, score: float, text: str = "tekst", **fields) -> Hit:
    return Hit(Passage(passage_id, document_id, text, 0, len(text), **fields), score)


# --- documents ---------------------------------------------------------------------------------


def test_a_further_passage_gives_way_to_another_document_that_is_nearly_as_good() -> None:
    found = spread([hit("a1", "a", 0.9), hit("a2", "a", 0.8), hit("b1", "b", 0.75)])
    assert [each.passage.id for each in found] == ["a1", "b1", "a2"]
    assert found[2].score == pytest.approx(0.8 * REPEAT)


def test_passages_that_are_clearly_better_stay_on_top() -> None:
    found = spread([hit("a1", "a", 0.9), hit("a2", "a", 0.8), hit("b1", "b", 0.4)])
    assert [each.passage.id for each in found] == ["a1", "a2", "b1"]


def test_one_passage_a_document_changes_nothing() -> None:
    hits = [hit("a1", "a", 0.9), hit("b1", "b", 0.8), hit("c1", "c", 0.8)]
    assert spread(hits) == hits


# --- the same text -----------------------------------------------------------------------------

RETURNS = (
    "Konsument może odstąpić od umowy w terminie 30 dni bez podania przyczyny. Aby skorzystać z tego prawa, "
    "należy wysłać oświadczenie na adres sklepu albo wypełnić formularz na swoim koncie. Sklep Rudy Szpadel "
    "zwraca zapłatę niezwłocznie, tym samym sposobem, którym została przyjęta. Koszt odesłania towaru "
    "ponosi kupujący, chyba że sklep zgodził się go ponieść."
)
REFUND = (
    "You may withdraw from the contract within 30 days without giving a reason. To use this right, send us a "
    "statement or fill in the form in your account. We return the payment without delay and in the way in "
    "which it was made. The buyer pays for sending the goods back, unless the shop agreed to pay for it."
)


def one_of_two(first: str, second: str, **fields) -> list[Hit]:
    return distinct([hit("a1", "a", 0.9, first), hit("b1", "b", 0.8, second, **fields)])


@pytest.mark.parametrize(
    "copy",
    [
        RETURNS,
        RETURNS.replace(". ", ".\n\n").replace(" albo ", "\nalbo "),
        RETURNS + " Zapraszamy na zakupy!",
        "Wersja do wydruku. " + RETURNS,
        RETURNS.replace("niezwłocznie", "bezzwłocznie"),
    ],
    ids=["exact", "other lines", "a line more", "print version", "a word"],
)
def test_the_same_text_is_shown_once_with_the_other_place(copy: str) -> None:
    (kept,) = one_of_two(RETURNS, copy)
    assert (kept.passage.id, kept.score) == ("a1", 0.9)
    assert [passage.id for passage in kept.alternates] == ["b1"]
    assert kept.to_dict()["alternates"][0]["document_id"] == "b"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("30 dni", "14 dni"),
        ("30 dni", "30 miesięcy"),
        ("30 dni", "trzydzieści dni"),
        ("może odstąpić", "nie może odstąpić"),
        ("kupujący", "kupujący do 1.01.2027 r."),
        ("zgodził się", "nie zgodził się"),
        ("Rudy Szpadel", "Zielona Konewka"),
        ("w terminie 30 dni", "przed 30 dniem"),
        ("kupujący, chyba że", "kupujący tylko wtedy, gdy"),
        ("należy", "można"),
    ],
)
def test_texts_that_contradict_each_other_are_both_seen(old: str, new: str) -> None:
    assert old in RETURNS
    assert [each.alternates for each in one_of_two(RETURNS, RETURNS.replace(old, new, 1))] == [(), ()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("30 days", "14 days"),
        ("30 days", "30 business days"),
        ("may withdraw", "may not withdraw"),
        ("may withdraw", "must withdraw"),
        ("without delay", "after delay"),
        ("agreed", "disagreed"),
        ("agreed", "hasn't agreed"),
    ],
)
def test_so_are_english_ones(old: str, new: str) -> None:
    assert old in REFUND
    assert len(one_of_two(REFUND, REFUND.replace(old, new))) == 2


@pytest.mark.parametrize(
    ("word", "opposite"),
    [("płatny", "bezpłatny"), ("możliwy", "niemożliwy"), ("valid", "invalid"), ("paid", "unpaid")],
)
def test_a_word_and_its_opposite_are_told_apart(word: str, opposite: str) -> None:
    filler = " ".join(f"słowo{chr(97 + place // 26)}{chr(97 + place % 26)}" for place in range(60))
    assert len(one_of_two(f"{word} {filler}, koniec tego dość długiego zdania",
                          f"{opposite} {filler}, koniec tego dość długiego zdania")) == 2  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [{"lang": "en"}, {"kind": "reply"}],
    ids=["another language", "a reply, which is there to be sent"],
)
def test_not_the_same_although_the_words_are(fields: dict) -> None:
    assert len(one_of_two(RETURNS, RETURNS, **fields)) == 2


def test_provisions_with_other_addresses_are_other_provisions() -> None:
    first = hit("a1", "a", 0.9, RETURNS, address="§ 3")
    assert len(distinct([first, hit("b1", "b", 0.8, RETURNS, address="§ 4")])) == 2
    assert len(distinct([first, hit("b1", "b", 0.8, RETURNS, address="§ 3")])) == 1


def test_a_short_text_means_what_its_heading_says() -> None:
    yes = "Tak, bez dodatkowych opłat."
    first = hit("a1", "a", 0.9, yes, headings=("Pytania", "Czy mogę zwrócić towar?"))
    other = hit("b1", "b", 0.8, yes, headings=("Pytania", "Czy mogę zmienić adres?"))
    assert len(distinct([first, other])) == 2
    assert len(distinct([first, replace(first, passage=replace(first.passage, id="c1"))])) == 1


def test_an_extract_is_another_text() -> None:
    assert len(one_of_two(RETURNS, RETURNS.partition(" Sklep Rudy")[0])) == 2


def test_of_equal_scores_the_shortest_address_stays_in_the_first_place() -> None:
    found = distinct(
        [
            hit("a", "a", 0.9, RETURNS, uri="https://sklep/zwroty?druk=1"),
            hit("b", "b", 0.9, REFUND, lang="en"),
            hit("c", "c", 0.9, RETURNS, uri="https://sklep/zwroty"),
            hit("d", "d", 0.8, RETURNS, uri="/z"),
        ]
    )
    assert [each.passage.id for each in found] == ["c", "b"]
    assert [passage.id for passage in found[0].alternates] == ["a", "d"]


@given(st.lists(st.sampled_from([RETURNS, REFUND, "", "a", RETURNS.replace("30", "14"), "\n"]), max_size=12))
def test_no_hit_is_lost_and_the_order_stays(texts: list[str]) -> None:
    hits = [hit(f"{place:02}", str(place), 1 - place / 100, text) for place, text in enumerate(texts)]
    found = distinct(hits)
    shown = [passage.id for each in found for passage in (each.passage, *each.alternates)]
    assert sorted(shown) == [each.passage.id for each in hits]
    assert [each.passage.id for each in found] == sorted(each.passage.id for each in found)
    assert [each.passage.id for each in distinct(found)] == [each.passage.id for each in found]


# --- in an index -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(analyzer: TextAnalyzer):
    """Hits in an index with copies of a text, one of them for staff alone, and other texts about the same."""
    staff = frozenset({"staff"})
    documents = [
        Document("zwroty-druk", "Wersja do wydruku. " + RETURNS, title="Zwroty", lang="pl"),
        Document("zwroty", RETURNS, title="Zwroty", lang="pl"),
        Document("wewnetrzne", RETURNS, title="Zwroty", lang="pl", audience=staff),
        Document("sprzeczne", RETURNS.replace("30 dni", "14 dni"), title="Zwroty", lang="pl"),
        *(Document(f"umowa-{name}", f"Umowa {name} mówi, jak odstąpić.", lang="pl") for name in "abcd"),
    ]
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add(documents)
        reader = kb._published.reader()
        assert reader is not None

        def hits(*audience: str) -> list[Hit]:
            terms = analyzer("odstąpić od umowy w terminie")
            where = PassageFilter(audience=frozenset(audience))
            found = reader.search(terms, None, where, 50)
            return distinct(fuse(found, weight=float(len(set(terms))), hybrid=False))

        yield hits


def places(hits: list[Hit]) -> list[set[str]]:
    """The documents of each hit and its alternates."""
    return [{each.document_id for each in (hit.passage, *hit.alternates)} for hit in hits]


def test_who_may_not_see_a_copy_does_not_hear_of_it(found) -> None:
    assert {"zwroty", "zwroty-druk"} in places(found("public"))
    assert {"zwroty", "zwroty-druk", "wewnetrzne"} in places(found("public", "staff"))
    assert places(found("staff")) == [{"wewnetrzne"}]


def test_what_says_something_else_keeps_its_place_and_others_move_up(found) -> None:
    shown = places(found("public"))
    assert {"sprzeczne"} in shown
    assert len(shown) == 6
