import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.asking import asking, focus, query_kind, topic_words

MESSAGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("zwroty", "keywords"),
        ("czas dostawy Niemcy", "keywords"),
        ("delivery prices", "keywords"),
        ("SEK-SZP-01", "keywords"),
        ("", "keywords"),
        ("ile za kuriera", "question"),
        ("szpadel mi zardzewiał", "question"),
        ("zwrot bez paragonu?", "question"),
        ("chcę oddać szpadel", "question"),
        ("can I pay by card", "question"),
        ("my handle broke", "question"),
        ("Jaki jest termin odpowiedzi na reklamację złożoną w sklepie", "question"),
        ("§ 7 ust. 2 regulaminu", "address"),
        ("co mówi art. 27 ustawy o prawach konsumenta", "address"),
        ("ust 3 pkt 2", "address"),
        ("Section 4 of the terms", "address"),
        ("Hej,\nkupiłem szpadel\nnie pasuje\nco teraz", "message"),
    ],
)
def test_the_kind_of_a_query(text: str, kind: str) -> None:
    assert query_kind(text) == kind


def test_whoever_writes_much_writes_a_message() -> None:
    assert {query_kind(message["text"]) for message in MESSAGES} == {"message"}


@pytest.mark.parametrize(
    "text", ["zwroty", " zwrot  towaru ", "Ile kosztuje dostawa?", "art. 27", "hej", "", "\n"]
)
def test_a_short_query_comes_back_as_it_is(text: str) -> None:
    assert focus(text, "pl").text == text
    assert focus(text, "pl").rest == ""


def test_a_greeting_is_no_part_of_a_question() -> None:
    assert focus("Dzień dobry, ile kosztuje dostawa?", "pl").text == "ile kosztuje dostawa?"


@pytest.mark.parametrize("message", MESSAGES, ids=[message["id"] for message in MESSAGES])
def test_what_a_message_is_about_is_found(message: dict) -> None:
    found = focus(message["text"], message["lang"])
    assert message["says"] in found.text
    assert len(found.text) < 0.75 * len(message["text"])
    for formal in ("Pozdrawiam", "Z poważaniem", "Regards", "poufne", "confidential", "Dzień dobry", "RS-"):
        assert formal not in found.text + found.rest


@pytest.mark.parametrize("message", MESSAGES, ids=[message["id"] for message in MESSAGES])
def test_a_draft_answers_the_same(message: dict) -> None:
    assert any(message["says"] in question for question in asking(message["text"], message["lang"]))


def test_a_question_that_says_little_is_searched_with_what_went_wrong() -> None:
    message = (
        "Dzień dobry, w maju kupiłem u Państwa szpadel i motykę, a do tego dwie pary rękawic. "
        "W sobotę pękł mi trzonek przy zwykłym kopaniu grządki. Co mogę z tym zrobić?"
    )
    assert "pękł mi trzonek" in focus(message, "pl").text


def test_several_questions_are_all_found_and_once_each() -> None:
    text = "Ile kosztuje zwrot? Proszę też o informację, na jaki adres. Ile kosztuje zwrot? Dziękuję!"
    assert asking(text, "pl") == ["Ile kosztuje zwrot?", "Proszę też o informację, na jaki adres."]


def test_what_is_demanded_counts_where_nothing_is_asked() -> None:
    text = "Otrzymałem uszkodzony towar. Na dworze padało. Proszę o zwrot pieniędzy."
    assert asking(text, "pl") == ["Otrzymałem uszkodzony towar. Proszę o zwrot pieniędzy."]


def test_the_words_of_a_topic() -> None:
    assert topic_words("Ile mam dni na zwrot butów?") == ["dni", "zwrot", "butów"]
    assert topic_words("How long do I have?") == ["long"]
    assert topic_words("a co z tym?") == []


@given(st.text(), st.sampled_from(["pl", "en", "de"]))
def test_any_text_has_a_focus(text: str, lang: str) -> None:
    found = focus(text, lang)
    assert bool(found.text.strip()) == bool(text.strip())
    assert all(part.strip() for part in asking(text, lang))
