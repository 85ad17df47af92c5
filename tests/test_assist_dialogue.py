"""What a turn means in its conversation: replies to what was asked back, repeated questions, complaints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.assist.asking_back import asking_back, options_of, picked, picks_nothing
from kbassist.assist.dialogue import last_topic, standing

OPTIONS = ("Dostawa w Polsce", "Dostawa za granicę", "Odbiór osobisty")


def said(*turns: str) -> list[dict[str, str]]:
    """Turns of the customer and the bot by turns, the customer first."""
    return [
        {"role": "assistant" if place % 2 else "user", "content": each} for place, each in enumerate(turns)
    ]


ASKED = said("Ile kosztuje dostawa?", asking_back(OPTIONS, "pl"))


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("channel", ["chat", "email", "voice"])
def test_what_was_asked_back_is_known_again(lang: str, channel: str):
    asked = asking_back(OPTIONS, lang, channel)
    assert options_of(asked) == OPTIONS
    assert options_of(f"Odpowiada automatyczny asystent. {asked}") == OPTIONS
    assert asked.count("?") == 1


@given(
    st.lists(
        st.text("abcdefghijklmnoprstuwyz ąćęłńóśźż0123456789-", min_size=3, max_size=30)
        .map(str.strip)
        .filter(lambda each: len(each) > 2 and each[0].isalpha()),
        min_size=2,
        max_size=5,
        unique=True,
    )
)
def test_any_options_come_back(options: list[str]):
    assert options_of(asking_back(options, "pl")) == tuple(options)


@pytest.mark.parametrize("text", ["Dostawa kosztuje 14,99 zł.", "Czego dotyczy sprawa?", ""])
def test_another_turn_asks_nothing_back(text: str):
    assert options_of(text) is None


@pytest.mark.parametrize(
    ("reply", "option"),
    [
        ("1", 0), ("nr 2", 1), ("opcja 3", 2), ("2.", 1), ("(2)", 1), ("number 2 please", 1),
        ("to drugie", 1), ("pierwsza", 0), ("the second one", 1), ("ostatnia", 2), ("trzecia opcja", 2),
        ("za granicę", 1), ("za granice", 1), ("w polsce", 0), ("Polska", 0), ("odbiór", 2),
        ("osobiście odbiorę", 2), ("zagranica", None), ("dostawa", None), ("4", None), ("do Niemiec", None),
        ("", None), ("nie wiem", None),
    ],
)  # fmt: skip
def test_a_reply_picks_an_option(reply: str, option: int | None):
    assert picked(reply, OPTIONS) == (None if option is None else OPTIONS[option])


@pytest.mark.parametrize(
    "reply", ["nie wiem", "żadne z nich", "żadna", "none of them", "I don't know", "coś innego"]
)
def test_a_reply_that_picks_nothing(reply: str):
    assert picks_nothing(reply)
    assert standing(reply, ASKED).unclear


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("2", "Ile kosztuje dostawa za granicę?"),
        ("za granicę", "Ile kosztuje dostawa za granicę?"),
        ("do Niemiec", "Ile kosztuje dostawa do Niemiec?"),
        ("Odbiór osobisty", "Ile kosztuje dostawa Odbiór osobisty?"),
    ],
)
def test_a_reply_completes_the_first_question(reply: str, question: str):
    now = standing(reply, ASKED)
    assert (now.question, now.history, now.asked_back, now.unclear) == (question, (), 1, False)
    assert now.offered == OPTIONS


@pytest.mark.parametrize(
    "reply", ["Czy macie parking?", "chcę rozmawiać z konsultantem", "Ile trwa zwrot towaru?"]
)
def test_a_reply_that_is_a_question_of_its_own(reply: str):
    now = standing(reply, ASKED)
    assert (now.question, now.asked_back, now.unclear) == (reply, 1, False)


def test_details_add_up():
    twice = [*ASKED, *said("za granicę", asking_back(["Niemcy", "Austria"], "pl"))]
    now = standing("Austria", twice)
    assert (now.question, now.asked_back) == ("Ile kosztuje dostawa za granicę Austria?", 2)
    assert now.offered == (*OPTIONS, "Niemcy", "Austria")


def test_an_answer_in_between_ends_the_row():
    assert standing("1", [*ASKED, *said("2", "39 zł.")]).asked_back == 0


@pytest.mark.parametrize(
    "turn",
    [
        "to nie odpowiedź na moje pytanie", "To nie jest odpowiedź", "nie o to pytałam", "nie odpowiedziałeś",
        "to mi nie pomaga", "that's not what I asked", "you didn't answer my question", "not helpful",
        "Ile mam dni na zwrot?", "ile mam dni na zwrot", "Nie o to pytam. Ile mam dni na zwrot?",
    ],
)  # fmt: skip
def test_an_answer_that_did_not_help(turn: str):
    assert standing(turn, said("Ile mam dni na zwrot?", "30 dni.")).unhelpful


@pytest.mark.parametrize(
    "turn",
    [
        "Ile kosztuje zwrot?", "a za granicę?", "dziękuję", "Ile mam dni na wymianę towaru?",
        "Nie o to pytam. Ile kosztuje kurier?",
    ],
)  # fmt: skip
def test_another_question_after_an_answer(turn: str):
    assert not standing(turn, said("Ile mam dni na zwrot?", "30 dni.")).unhelpful


def test_a_complaint_is_no_part_of_the_question():
    now = standing("Nie o to pytam. Ile kosztuje kurier?", said("Ile mam dni na zwrot?", "30 dni."))
    assert now.question == "Ile kosztuje kurier?"


def test_nothing_helped_or_not_before_anything_was_said():
    assert not standing("to nie odpowiedź na moje pytanie", ()).unhelpful
    assert not standing("Ile to trwa?", said("Ile to trwa?")).unhelpful  # sent twice, not answered yet


def test_the_same_question_of_two_values_is_two_questions():
    history = said("Ile kosztuje trzonek 90 cm?", "39 zł.")
    assert not standing("Ile kosztuje trzonek 110 cm?", history).unhelpful


def test_what_the_bot_says_of_itself_is_no_topic():
    now = standing("ile za kuriera", said("Dzień dobry", "Dzień dobry, w czym możemy pomóc?"))
    assert [turn["role"] for turn in now.history] == ["user"]
    assert last_topic(now.history) == ""
    assert last_topic(said("Ile kosztuje kurier?", "14,99 zł.", "ok", "?")) == "Ile kosztuje kurier?"


def test_a_long_conversation_costs_no_more_than_its_end():
    history = said(*["Ile kosztuje dostawa?", "14,99 zł."] * 5_000, "A zwrot?", "x" * 500_000)
    assert len(standing("dzięki", history).history) <= 40
