import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.letters import flat, is_closing, own_words, without_references

ASKED = "Ile kosztuje zwrot?"


@pytest.mark.parametrize(
    "message",
    [
        ASKED,
        f"Dzień dobry, {ASKED}",
        f"Dzień dobry!\n\n{ASKED}\n\nPozdrawiam serdecznie\nJan Kos\ntel. 600 100 200",
        f"Szanowni Państwo,\n{ASKED}\nZ poważaniem,\nAnna Lis",
        f"{ASKED}\n\nZ góry dziękuję za odpowiedź\nMarek",
        f"{ASKED}\n-- \nJan Kos\nkierownik zmiany, Kos sp. z o.o.",
        f"{ASKED}\nWysłane z iPhone'a",
        f"{ASKED}\nPiotr",
        f"{ASKED}\n\nW dniu 12.11.2026 o 10:21 Sklep napisał(a):\n> Dzień dobry\n> Ile kosztuje dostawa?",
        f"> Ile kosztuje dostawa?\n\n{ASKED}",
        f"W dniu 1 maja 2026 sklep <a@b.example> pisze:\n> Co słychać?\n\n{ASKED}",
        f"{ASKED}\n\n-----Original Message-----\nFrom: Shop\nSent: Monday\nSubject: Your order\n\nWhen?",
        f"{ASKED}\n\nOd: Sklep\nWysłano: wtorek\nDo: Jan\nTemat: Zamówienie\n\nKiedy wysyłka?",
        f"Od: Jan\nDo: sklep\nData: dzisiaj\n\n{ASKED}",
        f"{ASKED}\n\nInformacje poufne, przeznaczone wyłącznie dla adresata.",
        f"{ASKED}\r\n\r\nPozdrawiam\r\nJan",
    ],
)
def test_what_is_left_of_a_message_is_what_its_writer_asks(message: str) -> None:
    assert own_words(message).strip() == ASKED


def test_english_mail() -> None:
    message = (
        "Hi there,\n\nI lost my card. What now?\n\nKind regards,\nLena Fox\nSent from my phone\n\n"
        "On Tue, 17 Nov 2026 at 09:12, Shop <a@b.example> wrote:\n> Thank you for your order."
    )
    assert own_words(message).strip() == "I lost my card. What now?"


def test_a_subject_and_a_postscript_stay() -> None:
    message = f"Temat: Zwrot rękawic\nWitam,\n{ASKED}\nPozdrawiam\nJan\nPS. Rękawice są nowe."
    assert own_words(message).split("\n") == ["Zwrot rękawic.", ASKED, "PS. Rękawice są nowe."]


def test_thanks_at_the_beginning_end_nothing() -> None:
    assert own_words(f"Dziękuję!\n{ASKED}").endswith(ASKED)
    assert own_words(f"Odebrałem dziś paczkę od was.\nDziękuję!\n{ASKED}").endswith(ASKED)


@pytest.mark.parametrize(
    "text", ["Dzień dobry", "Pozdrawiam", "> tylko cytat", "Wysłane z iPhone'a", "", "Hi!"]
)
def test_a_message_that_says_nothing_else_is_kept(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Moja paczka RS-204611 nie dotarła", "Moja paczka nie dotarła"),
        ("zamówienie nr 20461122 z maja", "zamówienie z maja"),
        ("order #RS-401177 arrived", "order arrived"),
        ("zwrot 1500 zł w 30 dni", "zwrot 1500 zł w 30 dni"),
        ("kod SEK-SZP-01", "kod SEK-SZP-01"),
        ("w 2026 roku", "w 2026 roku"),
    ],
)
def test_numbers_that_only_the_customer_knows(text: str, left: str) -> None:
    assert without_references(text) == left


@pytest.mark.parametrize("text", ["Z góry dziękuję.", "Thanks in advance!", "Pozdrawiam z Podlasia, Adam"])
def test_formulas_of_farewell(text: str) -> None:
    assert is_closing(text)


def test_a_long_sentence_of_thanks_may_say_something() -> None:
    assert not is_closing(
        "Dziękuję za szybką wysyłkę, ale szpadel przyszedł z pękniętym trzonkiem i bez osłony"
    )


@given(st.text())
def test_any_text_is_read_and_folded_in_place(text: str) -> None:
    assert len(flat(text)) == len(text)
    assert set(own_words(text)) <= set(text) | set("\n.")


@pytest.mark.parametrize(
    "piece", [">", "Od: ", "hi ", "-", "\n", "Pozdrawiam\n", "a@", "napisał: ", "1", " "]
)
def test_much_of_anything_takes_no_time_to_speak_of(piece: str) -> None:
    own_words(piece * 200_000)
    without_references(piece * 5_000)
