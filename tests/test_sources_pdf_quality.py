import io
import random
import re
import threading

import pypdf
import pytest
from pdf_writer import paragraph, picture_pdf, write_pdf

from kbassist.errors import SourceError
from kbassist.sources.ocr import Recognised
from kbassist.sources.pdf import read_pdf

GOOD = (
    "Klient może odstąpić od umowy w terminie czternastu dni bez podania przyczyny. Termin biegnie "
    "od dnia, w którym klient odebrał ostatnią przesyłkę. Wystarczy wysłać oświadczenie przed jego "
    "upływem, najlepiej na formularzu, który znajduje się na stronie sklepu. Sklep potwierdza "
    "otrzymanie oświadczenia wiadomością elektroniczną i oddaje pieniądze tym samym sposobem, którym "
    "klient zapłacił za zamówienie."
)
GERMAN = (
    "Der Käufer kann den Vertrag innerhalb von vierzehn Tagen ohne Angabe von Gründen widerrufen. "
    "Die Frist beginnt mit dem Tag, an dem der Käufer die letzte Ware erhalten hat. Es ist nicht "
    "notwendig, dass die Erklärung den Verkäufer vor dem Ende der Frist erreicht, und sie wird auch "
    "per Brief angenommen. Die Kosten der Rücksendung trägt der Käufer, wenn nicht der Verkäufer sie "
    "übernommen hat oder die Ware fehlerhaft ist."
)
LATIN_ONLY = str.maketrans("äöüß", "aous")


def shifted(text):
    """As a font without a table of its letters gives it."""
    return "".join(
        chr(ord(letter) - 29) if "A" <= letter <= "z" else letter for letter in text.translate(PLAIN)
    )


def jumbled(text):
    letters = list("abcdefghijklmnopqrstuwyz")
    random.Random(3).shuffle(letters)
    return text.translate(PLAIN).translate(str.maketrans("abcdefghijklmnopqrstuwyz", "".join(letters)))


PLAIN = str.maketrans("ąćęłńóśźż", "acelnoszz")


def page(text):
    return paragraph(text, 50, 780, width=80)


def read(*pages, **how):
    return read_pdf(write_pdf([page(text) for text in pages]), uri="a.pdf", **how)


@pytest.mark.parametrize("spoil", [shifted, jumbled])
def test_a_page_of_no_words_is_left_out_and_named(spoil):
    document = read(GOOD, spoil(GOOD), f"Koniec. {GOOD}")
    assert list(document.meta["pages_skipped"]) == ["2"]
    assert "of its words are known" in document.meta["pages_skipped"]["2"]
    assert document.text == f"{GOOD}\n\nKoniec. {GOOD}"
    assert [anchor.label for anchor in document.anchors if anchor.kind == "page"] == ["1", "3"]


def test_a_file_of_no_words_is_refused():
    with pytest.raises(
        SourceError, match=r"a\.pdf: no text: only \d+% of its words are known in Polish or English"
    ):
        read(jumbled(GOOD))


@pytest.mark.parametrize(
    "text",
    [
        GERMAN.translate(LATIN_ONLY),
        " ".join(f"{number},00 {number * 7} {number}%" for number in range(10, 90)),
        " ".join(f"x{number} = a{number} + b{number} - c(t{number})" for number in range(40)),
        " ".join(f"SetOption{{Width{number}}}{{getValue[{number}]}}" for number in range(40)),
        "Wzór umowy",
    ],
    ids=["another language", "figures", "formulas", "a program", "few words"],
)
def test_a_page_that_has_no_words_to_know_stays(text):
    document = read(GOOD, text)
    assert "pages_skipped" not in document.meta
    assert sorted(re.findall(r"\w+", document.text[len(GOOD) :])) == sorted(re.findall(r"\w+", text))


def test_a_wrong_code_page_is_put_right():
    wrong = GOOD.encode("cp1250").decode("cp1252")
    codes = {letter: chr(code) for code, letter in enumerate(sorted(set(wrong) - set(GOOD)), start=170)}
    data = write_pdf([page(wrong.translate(str.maketrans(codes)))])
    names = {"¹": "onesuperior", "æ": "ae", "ê": "ecircumflex", "³": "threesuperior", "ñ": "ntilde"}
    names |= {"œ": "oe", "Ÿ": "Ydieresis", "¿": "questiondown"}
    different = " ".join(f"{ord(code)} /{names[letter]}" for letter, code in codes.items())
    data = data.replace(b"/Encoding /Differences [128", f"/Encoding /Differences [{different} 128".encode())
    assert read_pdf(data, uri="a.pdf").text == GOOD


@pytest.mark.parametrize(
    ("lost", "found"),
    [
        ("Organizatoremwydarzenia jest sklep.", "Organizatorem wydarzenia jest sklep."),
        ("Organizatorjestodpowiedzialny za nagrody.", "Organizator jest odpowiedzialny za nagrody."),
        ("Zwrottowaru opisano niżej: zwrot jest prosty, a towaru nie ubywa.", None),
        ("Cyberbezpieczeństwo, wideokonferencje i charakterystyczny znak.", None),
        ("Sprzedawca MediaMarktPolska, adres sklepprzyrynku@example.pl", None),
    ],
)
def test_lost_spaces_come_back_only_where_it_is_certain(lost, found):
    expected = found or lost.replace("Zwrottowaru", "Zwrot towaru")
    assert read(lost).text == expected


def test_a_page_that_has_lost_its_spaces_is_read():
    lost = (
        "Regulaminokreśla warunkizwrotu. Cenadostawykurierem zależyod wagi. Kosztzwrotu ponosisklep, gdy "
        "towarjest wadliwy."
    )
    found = (
        "Regulamin określa warunki zwrotu. Cena dostawy kurierem zależy od wagi. Koszt zwrotu ponosi sklep"
    )
    assert read(lost).text.startswith(found)


# --- what is no text ---------------------------------------------------------------------------


def with_picture(*texts):
    """A page each; None is a page that is a picture."""
    writer = pypdf.PdfWriter()
    for text in texts:
        data = picture_pdf([(8, 8, bytes(64))]) if text is None else write_pdf([page(text)] if text else [[]])
        writer.append(io.BytesIO(data))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_picture_is_named_with_the_cure_and_a_blank_page_is_not():
    document = read_pdf(with_picture(GOOD, "", None), uri="a.pdf")
    assert document.meta["pages"] == 3
    assert document.meta["pages_skipped"] == {
        "3": "only pictures: for text recognition (OCR), pip install 'kbassist[ocr]' and apt install "
        "tesseract-ocr tesseract-ocr-pol"
    }


def test_a_damaged_page_is_named_and_the_others_are_read():
    data = write_pdf([page(GOOD), page(GOOD)]).replace(
        b"9 0 obj\n<< /Type /Page ", b"9 0 obj\n<< /Type /Nope "
    )
    document = read_pdf(data, uri="a.pdf")
    assert document.text == GOOD
    assert document.meta["pages_skipped"] == {"2": "the page is damaged: export the file again"}


def recogniser(text, seen):
    """Stands for text recognition: the words of `text`, 70 dots a letter, ten words a line."""

    def recognise(picture):
        seen.append(picture[:2])
        words = text.split()
        return [
            Recognised(
                word,
                100 + 300 * (at % 6),
                100 + 60 * (at // 6),
                380 + 300 * (at % 6),
                140 + 60 * (at // 6),
                at // 6,
            )
            for at, word in enumerate(words)
        ]

    return recognise


def test_recognised_text_stands_on_its_page():
    seen = []
    document = read_pdf(with_picture("Pierwsza strona.", None), uri="a.pdf", ocr=recogniser(GOOD, seen))
    assert document.text == f"Pierwsza strona.\n\n{GOOD}"
    assert [anchor.label for anchor in document.anchors if anchor.kind == "page"] == ["1", "2"]
    assert "pages_skipped" not in document.meta
    assert seen == [b"P5"]


def test_a_page_of_no_words_is_recognised_too():
    document = read_pdf(write_pdf([page(jumbled(GOOD))]), uri="a.pdf", ocr=recogniser(GOOD, []))
    assert document.text == GOOD


def failing(picture):
    raise SourceError("text recognition (OCR) takes too long")


@pytest.mark.parametrize(
    ("ocr", "reason"),
    [
        (failing, "only pictures, and text recognition (OCR) takes too long"),
        (recogniser("", []), "only pictures, and text recognition (OCR) finds no words in it"),
    ],
)
def test_a_picture_that_is_not_recognised_does_not_stop_the_rest(ocr, reason):
    document = read_pdf(with_picture(GOOD, None), uri="a.pdf", ocr=ocr)
    assert (document.text, document.meta["pages_skipped"]) == (GOOD, {"2": reason})


def test_what_is_recognised_has_to_be_words():
    document = read_pdf(with_picture(GOOD, None), uri="a.pdf", ocr=recogniser(jumbled(GOOD), []))
    assert document.meta["pages_skipped"]["2"].endswith("after text recognition (OCR)")


def test_several_threads_may_read_at_once():
    data = write_pdf([page(GOOD)] * 5)
    texts = []
    threads = [
        threading.Thread(target=lambda: texts.append(read_pdf(data, uri="a.pdf").text)) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [read_pdf(data, uri="a.pdf").text] * 6
