import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.followups import carried_over, leans_on_history

CONVERSATIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "conversations.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def user(*contents: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": content} for content in contents]


def agent(content: str) -> dict[str, str]:
    return {"role": "agent", "content": content}


@pytest.mark.parametrize(
    "text",
    [
        "a po 30 dniach?",
        "i co wtedy?",
        "a jeśli nie mam konta?",
        "ile to będzie?",
        "to ile zapłacę?",
        "ok a kiedy dojdzie?",
        "czy mogę to zrobić online?",
        "a w soboty?",
        "a przez telefon?",
        "a gdzie to znajdę?",
        "bez faktury też?",
        "a jak go użyć?",
        "to samo z butami?",
        "i muszę za to płacić?",
        "no dobra, a co z kosztem wysyłki?",
        "a dla dzieci?",
        "co jeśli nie przyjdzie?",
        "jak długo?",
        "dlaczego?",
        "a można szybciej?",
        "jak ją aktywować?",
        "a czy ona jest bezpłatna?",
        "gdzie jej szukać?",
        "ile ich jest?",
        "czy dotyczy to również zakupów w salonie?",
        "a w przypadku przedsiębiorcy?",
        "tego nie mam, co teraz?",
        "a drugi raz?",
        "nie działa",
        "czyli nic nie płacę?",
        "dzięki, a jak to się ma do promocji?",
        "and for EU orders?",
        "ok, and how do I do that?",
        "what about gift cards?",
        "does it apply to shoes too?",
        "and if I lost it?",
        "how long will that take?",
        "is it free?",
        "can I do it online?",
        "why not?",
        "what if I don't have one?",
        "and on weekends?",
        "how much is it?",
        "are they waterproof?",
        "where can I find it?",
        "for companies as well?",
        "do I have to print it?",
        "by phone?",
    ],
)
def test_it_leans(text: str) -> None:
    assert leans_on_history(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jak mogę zresetować hasło do konta?",
        "Ile kosztuje przesyłka kurierska?",
        "zmiana hasła",
        "zmiana adresu dostawy",
        "Chcę anulować zamówienie",
        "Gdzie znajdę numer faktury?",
        "Czy mogę zapłacić przy odbiorze?",
        "Jakie dokumenty są potrzebne do założenia firmy?",
        "Czy sklep jest otwarty w niedzielę?",
        "Kiedy została założona wasza firma?",
        "Nie mogę się zalogować na konto",
        "Ile wynosi składka zdrowotna w 2026 roku?",
        "Kto jest prezesem spółki?",
        "Proszę o fakturę do zamówienia",
        "Co to jest karta podarunkowa?",
        "A jak zmienić adres e-mail na koncie?",
        "Dziękuję. Mam jeszcze pytanie: jak działa program lojalnościowy?",
        "jak złożyć reklamację na uszkodzony towar",
        "Jaki jest termin przedawnienia roszczeń?",
        "art. 27 ustawy o prawach konsumenta",
        "regulamin promocji",
        "infolinia",
        "W jakich godzinach działa infolinia?",
        "Do kiedy trwa promocja letnia?",
        "Co grozi za niezapłacenie faktury?",
        "Na czym polega gwarancja producenta?",
        "How do I reset my password?",
        "What is your return policy?",
        "I want to cancel my order",
        "Where is my parcel?",
        "Do you ship to Norway?",
        "delivery prices",
        "Is there a warranty on batteries?",
        "Thanks! One more question: how can I change my delivery address?",
        "Can I pay by card on delivery?",
        "gift cards",
        "Which countries do you deliver to?",
        "I bought shoes and want to return them",
        "Kupiłem buty i chcę je zwrócić",
        "Mam szpadel, który pękł, jak go zareklamować?",
        "to kiedy wysyłacie paczki do Niemiec?",
        "Czy ten sekator nadaje się do róż?",
        "A czy w Zagrodach jest parking dla klientów?",
        "Ok, chciałbym kupić taczkę na raty",
    ],
)
def test_it_stands_by_itself(text: str) -> None:
    assert not leans_on_history(text)
    assert carried_over(text, user("Ile kosztuje dostawa do Niemiec?")) == ""


def test_nearly_all_turns_of_the_conversations_are_told_right() -> None:
    wrong = [each["text"] for each in CONVERSATIONS if leans_on_history(each["text"]) != each["leans"]]
    assert len(wrong) <= 0.1 * len(CONVERSATIONS), wrong
    assert [
        each["text"] for each in CONVERSATIONS if not each["leans"] and leans_on_history(each["text"])
    ] == []


@pytest.mark.parametrize(
    ("question", "history", "carried"),
    [
        ("a za granicę?", user("Ile kosztuje dostawa?"), "kosztuje dostawa"),
        ("a ile to trwa?", user("Ile kosztuje dostawa?"), "dostawa"),
        ("a do Austrii?", user("Ile kosztuje dostawa do Niemiec?"), "kosztuje dostawa"),
        ("a ile to trwa?", user("Ile kosztuje dostawa?", "a do Niemiec?"), "niemiec dostawa"),
        ("and gloves?", user("What is the guarantee on forged parts?"), "guarantee forged parts"),
        ("czy to dotyczy też butów?", user("Ile dni mam na zwrot?"), "zwrot"),
    ],
)
def test_what_is_carried(question: str, history: list[dict[str, str]], carried: str) -> None:
    assert carried_over(question, history) == carried


def test_only_the_topic_spoken_of_last_is_carried() -> None:
    history = [*user("Ile kosztuje dostawa?"), agent("14,99 zł"), *user("Jak złożyć reklamację?")]
    assert carried_over("ile to trwa?", history) == "złożyć reklamację"


def test_turns_that_say_nothing_are_passed_over() -> None:
    history = [
        *user("Jak złożyć reklamację?"),
        agent("Napisz do nas."),
        *user("ok", "", "  ", "super, dzięki!"),
    ]
    assert carried_over("ile to trwa?", history) == "złożyć reklamację"


def test_what_the_agent_said_counts_only_where_the_user_named_nothing() -> None:
    offered = agent("Czy chodzi o kartę podarunkową?")
    assert carried_over("jak długo jest ważna?", [*user("Dzień dobry"), offered]) == "kartę podarunkową"
    assert "kartę" not in carried_over("ile to trwa?", [*user("Jak złożyć reklamację?"), offered])


@pytest.mark.parametrize("history", [[], user(""), user(" ", "\n"), [agent("")], user("ok", "a co z tym?")])
def test_a_history_without_a_topic_gives_nothing(history: list[dict[str, str]]) -> None:
    assert carried_over("a do Niemiec?", history) == ""


def test_a_long_history_costs_no_more_than_its_end() -> None:
    turns = [
        turn
        for number in range(100)
        for turn in (*user(f"Pytanie {number} o szpadel?"), agent("Tak. " * 200))
    ]
    assert len(turns) == 200
    assert "szpadel" in carried_over("a ile to kosztuje?", turns)
    assert carried_over("a ile to kosztuje?", [*user("zwroty"), *user("ok") * 200]) == ""


def test_a_message_as_long_as_a_book_in_the_history() -> None:
    story = "Kupiłem szpadel i dwie motyki, a potem jeszcze konewkę dla mamy. " * 20_000
    carried = carried_over("a ile to trwa?", user(story + "Jak złożyć reklamację?"))
    assert len(carried.split()) <= 14


roles = st.sampled_from(["user", "assistant", "agent", "system", ""])
turns = st.lists(st.fixed_dictionaries({"role": roles, "content": st.text(max_size=60)}), max_size=8)


@given(st.text(max_size=80), turns)
def test_what_is_carried_stands_in_the_history_and_not_in_the_question(text: str, history: list) -> None:
    carried = carried_over(text, history).split()
    assert len(carried) <= 14
    assert len(set(carried)) == len(carried)
