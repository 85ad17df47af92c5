"""The same answer in a chat, in a letter and on the phone: the quotes are the same, the text is not."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from kbassist import Document, InvalidArgumentError, KnowledgeBase
from kbassist.assist.channels import rendered
from kbassist.assist.drafts import MOST_ANSWERED, MOST_NAMED
from kbassist.protocols import Reading
from kbassist.testing import HashEmbedder
from kbassist.text.quotes import cite
from kbassist.types import Hit, Passage


def passage(text: str, **fields) -> Passage:
    return Passage("d#0", "d", text, 0, len(text), **{"title": "Regulamin sklepu – Ogród"} | fields)


TERMS = passage("Konsument ma 30 dni na zwrot.", address="§ 7 ust. 2", kind="regulation", uri="https://s/r")
PAGE = passage("Delivery costs 14.99 PLN.", title="Delivery", lang="en", uri="https://s/d")


def told(channel: str, *passages: Passage, lang: str = "pl") -> str:
    quotes = tuple(map(cite, passages))
    reading = Reading("\n".join(quote.quote for quote in quotes), quotes)
    return rendered(reading, [Hit(each, 0.9) for each in passages], lang, channel)


def test_a_chat_gets_the_quote_alone():
    assert told("chat", TERMS) == TERMS.text


def test_a_letter_names_the_source_of_each_quote():
    assert told("email", TERMS) == (
        "Dzień dobry,\n\n"
        "Zgodnie z § 7 ust. 2 regulaminu sklepu:\nKonsument ma 30 dni na zwrot.\n(https://s/r)\n\n"
        "Pozdrawiamy"
    )
    assert told("email", PAGE, lang="en") == (
        "Hello,\n\nOur page “Delivery” says:\nDelivery costs 14.99 PLN.\n(https://s/d)\n\nKind regards"
    )


@pytest.mark.parametrize(
    ("fields", "lead"),
    [
        ({"title": "Statut"}, "Zgodnie z § 7 ust. 2 statutu:"),
        ({"title": "Warunki zwrotu"}, "Zgodnie z § 7 ust. 2 dokumentu „Warunki zwrotu”:"),
        ({"title": ""}, "Zgodnie z § 7 ust. 2 naszego dokumentu:"),
        ({"address": "", "kind": "pdf", "title": "Cennik usług"}, "Zgodnie z dokumentem „Cennik usług”:"),
        ({"address": "", "kind": "page", "title": "Zwroty"}, "Na stronie „Zwroty” czytamy:"),
        ({"address": "", "title": ""}, "W naszych materiałach czytamy:"),
    ],
)
def test_how_a_source_is_named(fields: dict, lead: str):
    assert lead in told("email", replace(TERMS, **fields)).splitlines()


def test_what_a_model_worded_has_its_sources_below():
    reading = Reading("Zwrot jest możliwy przez 30 dni.", (cite(TERMS),))
    text = rendered(reading, [Hit(TERMS, 0.9)], "pl", "email")
    assert "Zwrot jest możliwy przez 30 dni.\n\nŹródło: Regulamin sklepu – Ogród § 7 ust. 2" in text


def test_the_phone_hears_words_in_the_language_of_the_source():
    assert told("voice", TERMS) == "Konsument ma trzydzieści dni na zwrot."
    assert told("voice", PAGE, lang="pl") == "Delivery costs fourteen zlotys and ninety-nine groszy."


def test_the_phone_hears_two_sentences_at_most():
    many = passage("Pierwsze zdanie. Drugie zdanie. Trzecie zdanie. Czwarte zdanie.")
    assert told("voice", many) == "Pierwsze zdanie. Drugie zdanie."


@pytest.fixture(scope="module")
def kb():
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as made:
        made.add(
            [
                Document(
                    "zwroty",
                    "Na zwrot towaru masz 30 dni. Formularz: https://sklep.pl/zwrot, tel. 99 555 01 20.",
                    title="Zwroty",
                    uri="https://sklep.pl/zwroty",
                ),
                Document("dostawa", "Dostawa kurierem kosztuje 15 zł.", title="Dostawa"),
            ]
        )
        yield made


def test_the_citations_are_the_same_in_every_channel(kb: KnowledgeBase):
    answers = {
        channel: kb.answer("Ile mam dni na zwrot towaru?", channel=channel, threshold=0)
        for channel in ("chat", "email", "voice")
    }
    assert len({answer.citations for answer in answers.values()}) == 1
    assert answers["email"].text.startswith("Dzień dobry,")
    assert not re.search(r"[\d/@:()]|http", answers["voice"].text)
    for answer in answers.values():
        assert json.loads(json.dumps(answer.to_dict()))["text"] == answer.text


@pytest.mark.parametrize("channel", ["chat", "email", "voice"])
def test_every_channel_hands_over(kb: KnowledgeBase, channel: str):
    answer = kb.answer("Kto wygrał mundial?", channel=channel, threshold=1)
    assert (answer.status, answer.text) == ("handoff", answer.handoff.message)


def test_an_unknown_channel_is_refused(kb: KnowledgeBase):
    with pytest.raises(InvalidArgumentError, match="channel is 'fax': choose from chat, email, voice"):
        kb.answer("zwrot", channel="fax")


# --- drafts ----------------------------------------------------------------------------------------


def test_a_draft_names_what_it_does_not_look_up(kb: KnowledgeBase):
    message = " ".join(f"Ile kosztuje dostawa numer {number}?" for number in range(1, 41))
    draft = kb.draft_reply(message, threshold=0)
    assert len(draft.parts) == MOST_ANSWERED + MOST_NAMED + 1
    looked_up = [part for part in draft.parts if part.answer.reason != "too_many_questions"]
    assert len(looked_up) == MOST_ANSWERED
    assert "Ile kosztuje dostawa numer 40?" in draft.parts[-1].question
    assert "Na dalsze pytania z tej wiadomości odpowie konsultant." in draft.text
    assert draft.coverage == pytest.approx(MOST_ANSWERED / len(draft.parts))
    assert json.loads(json.dumps(draft.to_dict()))["id"] == draft.id


def test_a_part_that_asks_back_is_named_and_not_blended():
    documents = [
        Document("pl", "Dostawa kosztuje 14,99 zł.", title="Dostawa w Polsce"),
        Document("de", "Dostawa kosztuje 39 zł.", title="Dostawa do Niemiec"),
    ]
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as kb:
        kb.add(documents)
        draft = kb.draft_reply("Ile kosztuje dostawa? Czy macie parking?", threshold=1)
    asked, open_part = draft.text.split("\n\n")[1:3]
    assert asked.startswith("W sprawie „Ile kosztuje dostawa?” prosimy o doprecyzowanie. Czego dokładnie")
    assert open_part == "W sprawie „Czy macie parking?” odpowie konsultant."
    assert "14,99" not in draft.text
