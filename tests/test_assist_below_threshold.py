"""Below the threshold: other words are tried, and what a question lacks is asked for."""

from __future__ import annotations

import pytest

from kbassist import Document, KnowledgeBase
from kbassist.assist.options import options
from kbassist.assist.retries import Attempt, Rewriting, look_further, rewritings
from kbassist.assist.turns import understand
from kbassist.index.understanding import Query
from kbassist.protocols import Reading, Retrieval
from kbassist.testing import HashEmbedder
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.quotes import cite
from kbassist.text.synonyms import Synonyms
from kbassist.types import Confidence, Hit, Passage

PAGE = Passage("a#0", "a", "Zwrot trwa 30 dni.", 0, 18)


def attempt(probability: float, threshold: float = 0.5) -> Attempt:
    retrieval = Retrieval("q", "pl", {}, None, (Hit(PAGE, 0.9),))
    return Attempt(retrieval, Reading(PAGE.text, (cite(PAGE),)), Confidence(probability, "low", threshold))


KEYWORDS = Rewriting(Query("zwrot"), "keywords", read_as_asked=True)
SPELLED = Rewriting(Query("zwrot towaru"), "meant")


def test_the_odds_of_being_wrong_count_as_often_as_was_tried():
    best, tried = look_further(attempt(0.3), [KEYWORDS], lambda _: attempt(0.6))
    assert best.confidence.probability == pytest.approx(0.6 / (0.6 + 2 * 0.4))
    assert tried == ("zwrot",)


def test_words_that_mean_the_same_are_the_same_try():
    best, _ = look_further(attempt(0.3), [SPELLED], lambda _: attempt(0.6))
    assert best.confidence.probability == pytest.approx(0.6)


def test_the_first_try_stands_unless_another_is_better():
    first = attempt(0.4)
    assert look_further(first, [KEYWORDS], lambda _: attempt(0.5))[0] is first
    assert look_further(first, [], lambda _: attempt(0.9)) == (first, ())


def test_it_ends_when_the_threshold_is_reached():
    seen = []
    look_further(attempt(0.1), [SPELLED, KEYWORDS], lambda each: seen.append(each) or attempt(0.8))
    assert seen == [SPELLED]


def asked(
    question: str, *said: str, analyzer: TextAnalyzer, meant: dict[str, str] | None = None
) -> list[str]:
    history = [{"role": "user", "content": each} for each in said]
    groups = Synonyms((("zwrot", "oddanie"),), analyzer)
    found = rewritings(
        understand(question, history, "pl"),
        history,
        "pl",
        synonyms=groups,
        meant=lambda text: " ".join((meant or {}).get(word, word) for word in text.split()),
    )
    assert len(found) <= 3
    return [each.query.whole for each in found]


def test_other_ways_to_ask(analyzer: TextAnalyzer):
    assert asked("jaki nr konta", analyzer=analyzer)[0] == "jaki numer konta"
    assert "Ile trwa zwrot" in asked("Ile trwa oddanie", analyzer=analyzer)
    assert asked("Ile trwa dostwa", analyzer=analyzer, meant={"dostwa": "dostawa"})[0] == "Ile trwa dostawa"
    assert "trwa dostawa" in asked("Ile trwa dostawa?", analyzer=analyzer)
    assert "dostawa szpadla warszawy czas" in asked(
        "czas", "Dostawa szpadla do Warszawy", analyzer=analyzer
    ) or (
        any(
            "szpadla" in each for each in asked("Ile trwa?", "Dostawa szpadla do Warszawy", analyzer=analyzer)
        )
    )


def test_a_long_message_is_not_asked_again(analyzer: TextAnalyzer):
    assert asked("zwrot " * 1_000, analyzer=analyzer) == []


def hit(text: str, title: str, *headings: str) -> Hit:
    name = f"{title}/{'/'.join(headings)}"
    return Hit(Passage(f"{name}#0", name, text, 0, len(text), title=title, headings=headings), 0.5)


POLAND = hit("Dostawa kosztuje 14,99 zł.", "Dostawa w Polsce – Sklep")
GERMANY = hit("Dostawa kosztuje 39 zł.", "Dostawa do Niemiec – Sklep")
TABLE = hit("Części kute: 10 lat\nTrzonki: 3 lata\nRękawice: 6 miesięcy", "Gwarancja – Sklep", "Jak długo")


@pytest.mark.parametrize(
    ("question", "hits", "expected"),
    [
        ("Ile kosztuje dostawa?", [POLAND, GERMANY], ("Dostawa w Polsce", "Dostawa do Niemiec")),
        ("Ile wynosi gwarancja?", [TABLE], ("Części kute", "Trzonki", "Rękawice")),
        ("dostawa", [POLAND, GERMANY], ("Dostawa w Polsce", "Dostawa do Niemiec")),
        # the question says it
        ("Ile kosztuje dostawa do Niemiec?", [POLAND, GERMANY], ()),
        ("Ile trwa gwarancja na rękawice?", [TABLE], ()),
        # the same value: no detail decides
        ("Ile kosztuje dostawa?", [POLAND, hit("Dostawa kosztuje 14,99 zł.", "Dostawa do Czech")], ()),
        # about other things
        ("Ile kosztuje kosiarka?", [POLAND, GERMANY], ()),
        ("Ile kosztuje dostawa kosiarki?", [POLAND, GERMANY], ()),
        ("Kto wygrał mundial?", [POLAND, GERMANY], ()),
        ("Ile to kosztuje?", [POLAND, GERMANY], ()),
        # one source only
        ("Ile kosztuje dostawa?", [POLAND], ()),
        ("Ile kosztuje dostawa?", [], ()),
    ],
)  # fmt: skip
def test_what_may_be_asked_back(
    analyzer: TextAnalyzer, question: str, hits: list[Hit], expected: tuple[str, ...]
):
    assert options(question, hits, analyzer) == expected


@pytest.fixture(scope="module")
def kb():
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as made:
        made.add(
            [
                Document("pl", "Dostawa kosztuje 14,99 zł.", title="Dostawa w Polsce"),
                Document("de", "Dostawa kosztuje 39 zł.", title="Dostawa do Niemiec"),
                Document("zwroty", "Na zwrot towaru masz 30 dni.", title="Zwroty"),
            ]
        )
        yield made


def test_a_misspelled_question_is_tried_again_and_told(kb: KnowledgeBase):
    handoff = kb.answer("Jak długo trwa zwort towraru kosiarki?", threshold=1).handoff
    assert handoff.tried[0] == "Jak długo trwa zwort towraru kosiarki?"
    assert any("zwrot" in each for each in handoff.tried)
    assert handoff.rewritten == handoff.tried[1:]


def test_sources_that_differ_by_what_they_are_about_are_asked_about(kb: KnowledgeBase):
    answer = kb.answer("Ile kosztuje dostawa?", threshold=1)
    assert (answer.status, set(answer.options)) == ("clarify", {"Dostawa w Polsce", "Dostawa do Niemiec"})
    history = [
        {"role": "user", "content": "Ile kosztuje dostawa?"},
        {"role": "assistant", "content": answer.clarification},
    ]
    for reply in ("do Niemiec", "Niemcy", str(answer.options.index("Dostawa do Niemiec") + 1)):
        given = kb.answer(reply, history=history, threshold=0)
        assert given.text == "Dostawa kosztuje 39 zł.", reply


def test_a_confidence_above_the_threshold_tries_nothing_else(kb: KnowledgeBase):
    assert kb.answer("Ile mam dni na zwrot towaru?", threshold=0).status == "answered"
