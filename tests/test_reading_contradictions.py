"""Contradictions in free wording, seen by the model's judge."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest

from kbassist import Document, KnowledgeBase
from kbassist.models.e5 import E5Embedder
from kbassist.protocols import Judge


@pytest.fixture(scope="module")
def model() -> E5Embedder:
    return E5Embedder(judges=True)


@pytest.fixture(scope="module")
def judge(model: E5Embedder) -> Judge:
    found = model.new_judge()
    assert found is not None
    return found


def pages(one: tuple[str, str], other: tuple[str, str], lang: str = "pl") -> list[Document]:
    return [
        Document(id=f"page-{number}", title=title, text=text, lang=lang)
        for number, (title, text) in enumerate((one, other))
    ]


SIM = (
    "Uszkodziła mi się karta SIM, ile zapłacę za nową?",
    (
        "Wymiana karty SIM",
        "Duplikat karty SIM wydajemy w każdym salonie po okazaniu dowodu osobistego. Koszt duplikatu to "
        "25 zł, doliczymy go do najbliższego rachunku. Opłata obowiązuje bez względu na powód wymiany.",
    ),
    (
        "Nie działa mi karta SIM – co robić?",
        "Sprawdź najpierw, czy karta nie jest zabrudzona. Jeżeli jest zniszczona lub przestała działać, "
        "przyjdź z dokumentem do salonu, gdzie od ręki i za darmo dostaniesz nową z tym samym numerem.",
    ),
    "pl",
)
OUTAGE = (
    "Nie ma prądu w całym bloku, gdzie to zgłosić?",
    (
        "Brak zasilania",
        "Awarie przyjmuje wyłącznie pogotowie energetyczne pod numerem 991. Konsultanci naszej infolinii "
        "nie mają możliwości zarejestrowania zgłoszenia.",
    ),
    (
        "Kontakt w nagłych sytuacjach",
        "Nie masz prądu? Zadzwoń na naszą infolinię i wybierz 3 – konsultant zarejestruje awarię i poda "
        "przewidywany czas naprawy. Nie musisz dzwonić nigdzie indziej.",
    ),
    "pl",
)
BALCONY = (
    "Is it ok to smoke on the balcony of our room?",
    (
        "House rules",
        "Smoking is not permitted inside the rooms. If your room has a balcony you're welcome to smoke "
        "there with the door closed.",
    ),
    (
        "Smoke-free hotel",
        "The whole property is non-smoking: rooms, balconies, corridors and garden. A cleaning charge of "
        "£150 applies if you smoke in any of them. The only place to smoke is the shelter by the car park.",
    ),
    "en",
)
AGREEING = [
    (
        "Ile czasu mam na zwrot?",
        ("Zwroty", "Na zwrot masz dwa tygodnie od otrzymania paczki."),
        ("FAQ", "Towar przyjmiemy z powrotem przez 14 dni od doręczenia."),
        "pl",
    ),
    (
        "Is delivery free?",
        ("Delivery", "We deliver every order at no cost to you."),
        ("FAQ", "You pay nothing for delivery."),
        "en",
    ),
]


@pytest.mark.parametrize(("question", "one", "other", "lang"), [SIM, OUTAGE, BALCONY])
def test_what_is_said_freely_and_contradicts_is_a_conflict(question, one, other, lang, model):
    with KnowledgeBase(":memory:", embedder=model) as kb:
        kb.add(pages(one, other, lang))
        answer = kb.answer(question, threshold=0)
    assert answer.conflict is not None
    assert answer.conflict.resolution is None
    assert answer.status != "answered"
    said = {claim.citation.document_id: claim for claim in answer.conflict.claims}
    assert said.keys() == {"page-0", "page-1"}
    for id, (_, text) in (("page-0", one), ("page-1", other)):
        assert said[id].citation.quote in text
        assert said[id].value


@pytest.mark.parametrize(("question", "one", "other", "lang"), AGREEING)
def test_the_same_in_other_words_is_none(question, one, other, lang, model):
    with KnowledgeBase(":memory:", embedder=model) as kb:
        kb.add(pages(one, other, lang))
        assert kb.answer(question, threshold=0).conflict is None


def test_the_newer_page_answers(model):
    question, one, other, lang = SIM
    old, new = pages(one, other, lang)
    dated = [
        Document(id=page.id, title=page.title, text=page.text, lang=lang, modified_at=datetime(year, 5, 1))
        for page, year in ((old, 2021), (new, 2026))
    ]
    with KnowledgeBase(":memory:", embedder=model) as kb:
        kb.add(dated)
        answer = kb.answer(question, threshold=0)
    assert answer.conflict is not None
    assert answer.conflict.resolution == "newer_before_older"
    assert answer.status == "answered"
    assert answer.citations[0].document_id == "page-1"


@pytest.mark.parametrize("embedder", [None, E5Embedder()], ids=["no model", "not asked to judge"])
def test_without_a_judge_only_rules_are_applied(embedder):
    question, one, other, lang = SIM
    with KnowledgeBase(":memory:", embedder=embedder) as kb:
        kb.add(pages(one, other, lang))
        assert kb.answer(question, threshold=0).conflict is None


class Asked:
    """A judge that takes everything for a contradiction, and remembers what it was asked."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []

    def contradiction(self, question: str, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.pairs += pairs
        return [1.0 for _ in pairs]


class Watched(E5Embedder):
    """The bundled model with that judge."""

    def __init__(self) -> None:
        super().__init__()
        self.judge = Asked()

    def new_judge(self) -> Judge:
        return self.judge


@pytest.mark.parametrize(
    ("title", "other", "is_asked"),
    [
        ("Pytania", "Zwrot stroju kąpielowego nie wchodzi w grę, nawet jeśli ma metkę.", True),
        ("Pytania", "STROJE KĄPIELOWE PRZYJMUJEMY Z POWROTEM W CIĄGU 14 DNI", False),
        (
            "Pytania",
            "Nic się nie stało! Stroje kąpielowe przyjmujemy z powrotem w ciągu 14 dni.",
            False,
        ),
        ("Pytania", "Stroje kąpielowe przyjmujemy z powrotem w ciągu 14 dni od wysłania.", True),
        ("Basen w Mielnie", "Katalog na lato: czerwony strój kąpielowy, kapelusz, klapki i torba.", False),
    ],
    ids=[
        "of the same",
        "in the same words",
        "with another sentence",
        "with a condition",
        "of something else",
    ],
)
def test_only_what_may_contradict_is_judged(title: str, other: str, is_asked: bool):
    model = Watched()
    own = "Stroje kąpielowe przyjmujemy z powrotem w ciągu 14 dni."
    with KnowledgeBase(":memory:", embedder=model) as kb:
        kb.add(pages(("Zwroty", own), (title, other)))
        answer = kb.answer("Czy strój kąpielowy można zwrócić?", threshold=0)
    assert bool(model.judge.pairs) is is_asked
    assert (answer.conflict is not None) is is_asked


def test_words_that_ask_nothing_are_not_judged():
    model = Watched()
    with KnowledgeBase(":memory:", embedder=model) as kb:
        kb.add(pages(*SIM[1:3]))
        assert kb.answer("karta SIM koszt", threshold=0).conflict is None
        assert not model.judge.pairs
        assert kb.answer("Jaki jest koszt nowej karty SIM?", threshold=0).conflict is not None


def test_one_probability_a_pair_whatever_stands_beside_it(judge: Judge):
    pairs = [
        ("Zwroty: 14 dni.", "FAQ: 30 dni na zwrot."),
        ("Zwroty: 14 dni.", "FAQ: dwa tygodnie na zwrot."),
        ("", ""),
        ("słowo " * 2_000, "?" * 5_000),
    ]
    together = judge.contradiction("Ile dni na zwrot?", pairs)
    assert all(0 <= probability <= 1 for probability in together)
    alone = [judge.contradiction("Ile dni na zwrot?", [pair])[0] for pair in pairs]
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert together[0] > together[1]
    assert judge.contradiction("", []) == []


def test_the_sides_are_told_by_how_they_begin(model):
    question, one, other, lang = SIM
    with KnowledgeBase(":memory:", embedder=model) as kb:
        kb.add(pages(one, other, lang))
        told = kb.answer(question, threshold=0).confidence.reasons[0]
    assert told.startswith("Źródła podają różne informacje: „")
    assert "„Koszt duplikatu to 25 zł" in told
    assert ".." not in told
