"""What speaks against an answer, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kbassist.confidence.reasons import MOST, Circumstances, reasons
from kbassist.protocols import Reading, Retrieval
from kbassist.text.analysis import TextAnalyzer
from kbassist.types import Citation, Claim, Conflict, Hit, Passage

TODAY = date(2026, 11, 22)
RETURNS = "Zwrot towaru trwa 30 dni. Zwrot jest bezpłatny."
SHIPPING = "Kurier przyjeżdża następnego dnia po południu."

Told = Callable[..., tuple[str, ...]]


def hit(document_id: str, text: str, score: float = 0.9, **changes: object) -> Hit:
    fields = {"title": document_id.capitalize(), "lang": "pl"} | changes
    return Hit(Passage(f"{document_id}#0", document_id, text, 0, len(text), **fields), score)


def citation(passage: Passage, quote: str) -> Citation:
    return Citation(passage.document_id, passage.id, passage.title, "", "", None, quote, 0, len(quote))


@pytest.fixture
def told(analyzer: TextAnalyzer) -> Told:
    def told(
        question: str,
        *hits: Hit,
        lang: str = "pl",
        quote: str | None = None,
        features: dict[str, float] | None = None,
        **circumstances: object,
    ) -> tuple[str, ...]:
        weights = {term: 1.0 + len(term) / 10 for term in analyzer(question)}
        cited = hits[:1]
        citations = tuple(citation(one.passage, quote or one.passage.text) for one in cited)
        reading = Reading(quote or "", citations, features or {})
        return reasons(
            Retrieval(question, lang, weights, None, hits),
            reading,
            analyzer,
            Circumstances(today=TODAY, **circumstances),
        )

    return told


def test_nothing_speaks_against_a_good_answer(told: Told):
    assert told("Ile dni trwa zwrot towaru?", hit("zwroty", RETURNS), expected="time") == ()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("pl", "W bazie wiedzy nie znaleziono nic na ten temat."),
        ("en", "Nothing about this was found in the knowledge base."),
    ],
)
def test_nothing_found(told: Told, lang: str, said: str):
    assert told("Czy macie basen?", lang=lang) == (said,)


def test_a_word_that_no_hit_has_is_named_as_it_was_typed(told: Told):
    found = told("Ile trwa zwrot do Niemiec?", hit("zwroty", RETURNS), hit("dostawa", SHIPPING, 0.5))
    assert found == ("Nie znaleziono nic o „Niemiec”.",)
    found = told(
        "How long does a refund to Germany take?", hit("r", "A refund takes days.", lang="en"), lang="en"
    )
    assert found == ("Nothing was found about “Germany”.",)


def test_a_word_that_is_no_name_is_told_as_a_word(told: Told):
    assert told("Jaki przydomek ma zwrot?", hit("zwroty", RETURNS)) == (
        "W znalezionych fragmentach nie ma słowa „przydomek”.",
    )


@pytest.mark.parametrize("text", ["Zwrotów z Niemiec nie przyjmujemy.", "ZWROTY NIEMIECKIE"])
def test_a_word_in_another_form_is_found(told: Told, text: str):
    assert told("Czy zwrot do Niemiec?", hit("zwroty", text)) == ()


def test_a_word_that_another_hit_has_is_missing_in_the_quote(told: Told):
    far = hit("kraje", "Wysyłamy do Niemiec i Czech.", 0.5)
    assert told("Ile trwa zwrot do Niemiec?", hit("zwroty", RETURNS), far) == (
        "Zacytowany fragment nie wspomina o „Niemiec”.",
    )


def test_a_source_in_another_language_lacks_no_words(told: Told):
    english = hit("returns", "You may return goods within 30 days.", lang="en")
    assert told("Ile dni mam na zwrot towaru?", english) == ()


def test_a_hit_that_covers_the_question_in_other_words_lacks_none(told: Told):
    passage = hit("zwroty", RETURNS).passage
    covered = Hit(passage, 0.9, {"coverage": 1.0})
    assert told("Ile dni na oddanie towaru?", covered) == ()


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("money", "o kwotę"),
        ("number", "o liczbę"),
        ("time", "o czas"),
        ("person", "o osobę"),
        ("place", "o miejsce"),
    ],
)
def test_the_type_that_is_asked_for_is_missing(told: Told, expected: str, said: str):
    page = hit("zwroty", "Zwrot towaru jest możliwy.")
    missing = told("Zwrot towaru jest możliwy?", page, expected=expected, features={"type_found": 0.0})
    assert len(missing) == 1
    assert said in missing[0]
    assert told("Zwrot towaru jest możliwy?", page, expected=expected, features={"type_found": 1.0}) == ()
    assert told("Zwrot towaru jest możliwy?", page, expected="yes_no", features={"type_found": 0.0}) == ()


def test_sources_that_disagree_come_first_with_their_values(told: Told):
    page = hit("zwroty", RETURNS)
    claims = tuple(Claim(value, citation(page.passage, RETURNS)) for value in ("30 dni", "14 dni"))
    open_one = Conflict("duration", claims)
    found = told("Ile trwa zwrot do Niemiec?", page, conflict=open_one)
    assert found[0] == "Źródła podają różne informacje: 30 dni, 14 dni."
    ruled = Conflict("duration", claims, resolution="newer")
    assert told("Ile trwa zwrot do Niemiec?", page, conflict=ruled)[-1].startswith("Źródła różnią się")


@pytest.mark.parametrize(
    ("day", "kind", "is_told"),
    [
        (date(2019, 5, 1), "page", True),
        (date(2019, 5, 1), "regulation", False),
        (date(2026, 5, 1), "page", False),
        (None, "page", False),
    ],
)
def test_an_old_page_that_is_the_only_source(told: Told, day: date | None, kind: str, is_told: bool):
    found = told("Ile dni trwa zwrot towaru?", hit("zwroty", RETURNS, kind=kind), dated=lambda _: day)
    assert found == (("Jedyne źródło jest z dnia 2019-05-01.",) if is_told else ())


def test_two_equally_good_passages_about_different_things(told: Told):
    question = "Zwrot kurier?"
    apart = told(question, hit("zwroty", RETURNS, 0.9), hit("dostawa", SHIPPING, 0.89))
    assert "Najlepsze fragmenty dotyczą różnych spraw: „Zwroty” i „Dostawa”." in apart
    better = told(question, hit("zwroty", RETURNS, 0.9), hit("dostawa", SHIPPING, 0.6))
    assert not any("różnych spraw" in reason for reason in better)
    alike = told(question, hit("zwroty", RETURNS, 0.9), hit("zwrot2", RETURNS, 0.9))
    assert not any("różnych spraw" in reason for reason in alike)


def test_a_question_that_says_too_little_or_too_much(told: Told):
    assert told("Zwrot?", hit("zwroty", RETURNS)) == ("Pytanie mówi za mało, żeby było jasne, o co chodzi.",)
    long = " ".join(["zwrot towaru trwa bezpłatny dni"] * 9)
    assert told(long, hit("zwroty", RETURNS)) == (
        "Pytanie jest długie i nie wiadomo, która jego część jest najważniejsza.",
    )


def test_a_stale_calibration_is_told(told: Told):
    found = told("How long is a return?", hit("r", "A return is long.", lang="en"), lang="en", stale=True)
    assert found == ("The confidence is a stand-in: this knowledge base's calibration is stale.",)


def test_the_strongest_come_first_and_no_more_than_a_few(told: Told):
    page = hit("zwroty", RETURNS)
    claims = tuple(Claim(value, citation(page.passage, RETURNS)) for value in ("30 dni", "14 dni"))
    found = told(
        "Gdzie Niemcy?",
        page,
        conflict=Conflict("duration", claims),
        expected="place",
        features={"type_found": 0.0},
        dated=lambda _: date(2010, 1, 1),
        stale=True,
    )
    assert len(found) == MOST
    assert [reason.split()[0] for reason in found] == ["Źródła", "Nie", "Pytanie"]
