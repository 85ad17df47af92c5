"""Sentences of different documents that answer a question with different values."""

from __future__ import annotations

from datetime import date

import pytest

from kbassist import Document, KnowledgeBase
from kbassist.models.e5 import E5Embedder
from kbassist.reading.contradictions import ContradictionWeights

SAUNA = "Od ilu lat wpuszczacie do saun?"
RULES = (
    "Sauny",
    "Do saun wpuszczamy od 16 lat, również w towarzystwie rodziców. Ręcznik jest obowiązkowy. "
    "Sauny działają codziennie od 12:00 do 21:30.",
)
OLD = (
    "Sauny i łaźnia",
    "Do saun wpuszczamy od 14 lat, w towarzystwie rodziców. Przed wejściem weź prysznic. Łaźnia parowa jest "
    "czynna do 21:00.",
)
RENT = "How old can the boiler be for Home Emergency to repair it?"
BOILER = (
    "Home Emergency",
    "We send an engineer within four hours. The boiler must be under 15 years old and must have been "
    "serviced within the last 12 months. We pay up to £750 for each call-out.",
)
OLD_BOILER = (
    "Home Emergency: what is covered",
    "The boiler must be under 10 years old and must have been serviced within the last 12 months. Call us at "
    "any hour of the day.",
)


@pytest.fixture(scope="module")
def model() -> E5Embedder:
    return E5Embedder()


def pages(*some: tuple[str, str], lang: str = "pl", **fields) -> list[Document]:
    return [
        Document(id=f"page-{place}", title=title, text=text, lang=lang, **fields)
        for place, (title, text) in enumerate(some)
    ]


def asked(model: E5Embedder | None, question: str, documents: list[Document]):
    with KnowledgeBase(":memory:", embedder=model, log_interactions=False) as kb:
        kb.add(documents)
        return kb.answer(question, threshold=0)


@pytest.mark.parametrize(
    ("question", "one", "other", "lang", "values"),
    [
        (SAUNA, RULES, OLD, "pl", {"16 lat", "14 lat"}),
        (RENT, BOILER, OLD_BOILER, "en", {"15 years old", "10 years old"}),
    ],
    ids=["an age", "an age of a thing"],
)
def test_an_old_page_in_like_words_contradicts(model, question, one, other, lang, values):
    answer = asked(model, question, pages(one, other, lang=lang))
    assert answer.status == "handoff"
    assert answer.conflict is not None
    assert answer.conflict.resolution is None
    assert {claim.citation.document_id for claim in answer.conflict.claims} == {"page-0", "page-1"}
    told = {claim.value for claim in answer.conflict.claims}
    assert all(any(value.startswith(some) or some.startswith(value) for some in told) for value in values)
    for claim in answer.conflict.claims:
        assert claim.value in claim.citation.quote


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (SAUNA, RULES, ("Sauny", "Do saun wpuszczamy szesnastolatków i starszych, także z rodzicami.")),
        (SAUNA, RULES, ("Basen", "Na basen wpuszczamy samodzielnie od 13 lat, młodsze dzieci z rodzicem.")),
        ("Kto prowadzi sauny?", RULES, OLD),
        ("Do której działają sauny?", RULES, ("Sauny", "Wejście do saun kosztuje 25 zł za godzinę.")),
    ],
    ids=["the same in other words", "of something else", "not asked for", "another kind of value"],
)
def test_pages_that_agree_do_not(model, question, one, other):
    answer = asked(model, question, pages(one, other))
    assert answer.conflict is None


CATERING = "Jaki zadatek trzeba wpłacić za catering?"
DEPOSIT = "Termin cateringu rezerwuje zadatek w wysokości {} wartości zamówienia, płatny przelewem."


@pytest.mark.parametrize("with_model", [True, False], ids=["with a model", "by words"])
def test_a_copy_with_another_value_contradicts_whatever_is_asked(model, with_model: bool):
    made = pages(("Catering", DEPOSIT.format("30%")), ("Catering: jak zamówić", DEPOSIT.format("50%")))
    answer = asked(model if with_model else None, CATERING, made)
    assert answer.conflict is not None
    assert {claim.value for claim in answer.conflict.claims} == {"30%", "50%"}


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            CATERING,
            ("Catering w Krakowie", DEPOSIT.format("30%")),
            ("Catering w Niemczech", DEPOSIT.format("50%")),
        ),
        (
            "Ile kosztuje najem sali?",
            ("Sala", "Najem sali konferencyjnej kosztuje 120 zł za godzinę."),
            ("Sala konferencyjna", "Najem sali konferencyjnej kosztuje 700 zł za dobę."),
        ),
        (
            "Jaka jest cena najmu sali?",
            ("Sala", "Najem sali konferencyjnej: 120 zł. Kaucja za klucz: 50 zł."),
            ("Klucze do sali", "Kaucja za klucz do sali konferencyjnej: 50 zł."),
        ),
    ],
    ids=["for another place", "for another time", "of another thing"],
)
def test_copies_about_something_else_do_not(model, question, one, other):
    for embedder in (model, None):
        assert asked(embedder, question, pages(one, other)).conflict is None


def test_the_page_in_force_goes_before_one_that_has_expired(model):
    (rules,) = pages(RULES)
    old = Document(id="old", title=OLD[0], text=OLD[1], lang="pl", valid_until=date(2025, 1, 1))
    answer = asked(model, SAUNA, [rules, old])
    assert {quote.document_id for quote in answer.citations} == {"page-0"}


def test_nothing_outside_the_audience_is_compared(model):
    (rules,) = pages(RULES)
    inside = Document(id="inside", title=OLD[0], text=OLD[1], lang="pl", audience=frozenset({"agents"}))
    with KnowledgeBase(":memory:", embedder=model, log_interactions=False) as kb:
        kb.add([rules, inside])
        assert kb.answer(SAUNA, threshold=0, audience={"public"}).conflict is None
        assert kb.answer(SAUNA, threshold=0, audience={"public", "agents"}).conflict is not None


def test_the_bundled_weights_are_whole():
    weights = ContradictionWeights.bundled()
    assert 0.05 < weights.threshold < 1
    assert "" in weights.answers
    assert "" in weights.contradict
    assert weights.contradict["alike"] > 0 > weights.contradict["ratio"]
