"""Who asks for a person, and who is angry or in a hurry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbassist.assist.mood import signs, urgency
from kbassist.assist.persons import asks_whether_bot, wants_person

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "person_requests.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
SEEN = [row for row in ROWS if row["part"] == "seen"]
HELD_OUT = [row for row in ROWS if row["part"] == "held out"]


@pytest.mark.parametrize("row", SEEN, ids=[row["text"] for row in SEEN])
def test_a_request_for_a_person_and_a_question_about_persons(row: dict):
    assert wants_person(row["text"]) is row["person"]


def test_requests_that_no_rule_was_written_for():
    noticed = [row["person"] for row in HELD_OUT if wants_person(row["text"])]
    assert sum(noticed) / sum(row["person"] for row in HELD_OUT) >= 0.85
    assert sum(noticed) / len(noticed) >= 0.95


def test_there_are_enough_of_both():
    for part in (SEEN, HELD_OUT):
        assert sum(row["person"] for row in part) >= 45
        assert sum(not row["person"] for row in part) >= 45


def test_a_request_at_the_end_of_a_long_message_is_found():
    story = "Zamówiłem dwa szpadle i konewkę, paczka przyszła w środę. " * 2_000
    assert not wants_person(story)
    assert wants_person(story + "Proszę mnie połączyć z konsultantem.")


@pytest.mark.parametrize(
    "text",
    ["czy jesteś botem?", "Czy rozmawiam z człowiekiem?", "are you human?", "is this a bot", "to bot?"],
)
def test_whether_a_bot_answers(text: str):
    assert asks_whether_bot(text)
    assert not wants_person(text)


@pytest.mark.parametrize("text", ["Czy jesteście otwarci?", "ile kosztuje robot?", "are you open?", ""])
def test_another_question_than_whether_a_bot_answers(text: str):
    assert not asks_whether_bot(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("To skandal!", ("anger",)),
        ("Trzeci raz piszę w tej sprawie", ("anger",)),
        ("GDZIE JEST MOJA PACZKA", ("anger",)),
        ("Pilne: gdzie paczka", ("urgent",)),
        ("Zgłoszę to do UOKiK i do sądu", ("legal",)),
        ("This is a scam, I will call my lawyer immediately", ("anger", "urgent", "legal")),
        ("Ile kosztuje pilnik do pił?", ()),
        ("Szpadel do sadu", ()),
        ("Jaki sekator do sadu?", ()),
        ("Mam NIP i REGON", ()),
        ("When do you open?", ()),
        ("", ()),
    ],
)
def test_the_signs_of_a_mood(text: str, shown: tuple[str, ...]):
    assert signs(text) == shown
    assert urgency(text) == ("high" if shown else "normal")
