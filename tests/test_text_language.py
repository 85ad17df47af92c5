"""Polish or English, by a few words typed in a hurry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.language import detect
from kbassist.text.lexicon import Lexicons


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ile kosztuje dostawa?", "pl"),
        ("ile mam dni na zwrot", "pl"),
        ("jak moge zwrocic towar", "pl"),
        ("kiedy paczka", "pl"),
        ("reklamacja", "pl"),
        ("a to?", "pl"),
        ("a do Niemiec?", "pl"),
        ("i co dalej", "pl"),
        ("status zamowienia", "pl"),
        ("faktura VAT", "pl"),
        ("14,99 zł", "pl"),
        ("Regulamin sklepu, § 7 ust. 2", "pl"),
        ("How long do returns take?", "en"),
        ("where is my parcel", "en"),
        ("delivery cost", "en"),
        ("opening hours", "en"),
        ("Do I pay?", "en"),
        ("i paid twice", "en"),
        ("and then?", "en"),
        ("do you ship to Germany", "en"),
        ("refund", "en"),
        ("Is there a sekator in stock?", "en"),
    ],
)
def test_a_short_question(lexicons: Lexicons, text: str, lang: str):
    assert detect(text, lexicons) == lang


def test_every_question_of_the_example_company(lexicons: Lexicons, company: Path):
    lines = (company / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    assert len(questions) > 50
    assert [row["text"] for row in questions if detect(row["text"], lexicons) != row["lang"]] == []


@pytest.mark.parametrize("text", ["", "  ", "123", "§ 7", "🙂", "\0", "ok"])
def test_what_tells_nothing_takes_the_default(lexicons: Lexicons, text: str):
    assert detect(text, lexicons) == "pl"
    assert detect(text, lexicons, default="en") == "en"


def test_the_language_of_most_words_wins(lexicons: Lexicons):
    assert detect("Zwrot towaru (return) jest bezpłatny przez 30 dni", lexicons) == "pl"
    assert detect("The return of goods („zwrot”) is free for 30 days", lexicons) == "en"


@given(st.text())
def test_any_text_has_a_language(lexicons: Lexicons, text: str):
    assert detect(text, lexicons) in {"pl", "en"}
    assert detect(text, lexicons) == detect(text.lower(), lexicons)
