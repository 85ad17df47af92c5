import io

import pypdf
import pytest
from pdf_writer import paragraph, write_pdf

from kbassist.errors import SourceError
from kbassist.sources.pdf import read_pdf
from kbassist.sources.pdf.open import MAX_PAGES
from kbassist.sources.regulation import structure

LONG = (
    "Zwrot towaru jest możliwy w ciągu czternastu dni od odbioru przesyłki przez klienta bez żadnego powodu."
)


def text_of(*lines):
    return read_pdf(write_pdf([lines]), uri="a.pdf").text


def labels(document, kind):
    return [anchor.label for anchor in document.anchors if anchor.kind == kind]


def test_lines_of_a_paragraph_are_joined_and_items_keep_their_lines():
    lines = [
        *paragraph(LONG, 50, 780),
        (50, 756, 10, "1) paragon,"),
        (50, 744, 10, "2) towar w oryginalnym opakowaniu oraz wypełniony i podpisany"),
        (62, 732, 10, "formularz zwrotu."),
    ]
    assert text_of(*lines).split("\n") == [
        LONG,
        "1) paragon,",
        "2) towar w oryginalnym opakowaniu oraz wypełniony i podpisany formularz zwrotu.",
    ]


def test_a_gap_is_an_empty_line_and_a_short_line_ends_its_paragraph():
    lines = [
        *paragraph(LONG, 50, 780),
        (50, 700, 10, "Kontakt: sklep@example.pl"),
        (50, 688, 10, "Telefon: 22 123 45 67"),
    ]
    assert text_of(*lines) == f"{LONG}\n\nKontakt: sklep@example.pl\nTelefon: 22 123 45 67"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (
            "Zwrot pieniędzy następuje w terminie czternastu dni na ra-",
            "chunek klienta.",
            "na rachunek klienta.",
        ),
        ("Formularz prosimy wysłać na podany na stronie adres e-", "mail sklepu.", "adres e-mail sklepu."),
        ("Zapraszamy od poniedziałku do piątku do sklepu przy Ko-", "Working.", "Ko-Working."),
        (
            "Do każdego zamówienia dołączamy gratis nowy i bogaty słownik polsko-",
            "angielski.",
            "polsko-angielski.",
        ),
    ],
)
def test_a_word_broken_at_the_end_of_a_line_is_whole_again(first, second, joined):
    assert text_of((50, 700, 10, first), (50, 688, 10, second)).endswith(joined)


def test_a_hyphenated_word_used_elsewhere_keeps_its_hyphen():
    lines = [
        (50, 740, 10, "Słownik polsko-angielski kosztuje mniej."),
        (50, 700, 10, "W sprzedaży jest ponownie nowe i poprawione wydanie polsko-"),
        (50, 688, 10, "angielski dodatek gratis."),
    ]
    assert "polsko-angielski dodatek" in text_of(*lines)


def test_accents_set_beside_their_letters_go_back_on_them():
    # "treść" as old TeX fonts have it: the accents are glyphs printed over s and c.
    size, wide = 10.0, 6.0
    lines = [
        (50.0, 700.0, size, "tresc zalacznika"),
        (50 + 3 * wide, 700.0, size, "´"),
        (50 + 4 * wide, 700.0, size, "´"),
        (50 + 7 * wide, 700.0, size, "˛"),
        (50 + 9 * wide, 700.0, size, "˛"),
    ]
    text = text_of(*lines)
    assert "treść" in text
    assert "´" not in text


def test_page_anchors_stand_where_the_pages_begin_and_a_paragraph_runs_over():
    pages = [
        [(50, 700, 10, "Koszt odesłania ponosi klient, chyba że sklep zgodził się")],
        [(50, 780, 10, "ponieść ten koszt."), (50, 700, 10, "Koniec.")],
        [(50, 780, 10, "Załącznik.")],
    ]
    document = read_pdf(write_pdf(pages), uri="a.pdf")
    assert document.text.startswith(
        "Koszt odesłania ponosi klient, chyba że sklep zgodził się ponieść ten koszt."
    )
    starts = {anchor.label: anchor.start for anchor in document.anchors if anchor.kind == "page"}
    assert list(starts) == ["1", "2", "3"]
    assert document.text[starts["2"] :].startswith("ponieść")
    assert document.text[starts["3"] :] == "Załącznik."


def test_headings_come_from_the_outline_where_its_titles_are_found():
    pages = [
        [(50, 780, 10, "1.2 Zwroty"), *paragraph(LONG, 50, 740)],
        [(50, 780, 10, "Dostawa"), *paragraph(LONG, 50, 740)],
    ]
    data = write_pdf(pages, outline=[("Zwroty", 1), ("Dostawa", 2), ("Nie ma", 2)])
    document = read_pdf(data, uri="a.pdf")
    assert labels(document, "heading") == ["1.2 Zwroty", "Dostawa"]
    assert all(
        document.text.startswith(anchor.label, anchor.start)
        for anchor in document.anchors
        if anchor.kind == "heading"
    )


def test_headings_come_from_the_size_of_letters_without_an_outline():
    lines = [
        (50, 800, 20, "Cennik"),
        *paragraph(LONG, 50, 760),
        (50, 700, 14, "Rabaty"),
        *paragraph(LONG, 50, 670),
    ]
    document = read_pdf(write_pdf([lines]), uri="a.pdf")
    assert [(anchor.label, anchor.level) for anchor in document.anchors if anchor.kind == "heading"] == [
        ("Cennik", 1),
        ("Rabaty", 2),
    ]


def test_bold_lines_are_headings_where_little_else_is_bold():
    lines = [
        (50, 800, 20, "Cennik"),
        (50, 770, 10, "**Rabaty dla stałych klientów"),
        *paragraph(LONG, 50, 750),
        (50, 700, 10, "**Zwroty"),
        *paragraph(LONG, 50, 680),
        (50, 620, 10, "**Ważne:"),
        *paragraph(LONG, 50, 600),
    ]
    document = read_pdf(write_pdf([lines]), uri="a.pdf")
    assert [(anchor.label, anchor.level) for anchor in document.anchors if anchor.kind == "heading"] == [
        ("Cennik", 1),
        ("Rabaty dla stałych klientów", 2),
        ("Zwroty", 2),
    ]
    everything = [(x, y, size, f"**{text.removeprefix('**')}") for x, y, size, text in lines]
    assert labels(read_pdf(write_pdf([everything]), uri="a.pdf"), "heading") == ["Cennik"]


@pytest.mark.parametrize(
    ("metadata", "given", "title"),
    [
        ("Regulamin sklepu", None, "Regulamin sklepu"),
        ("Microsoft Word - reg.doc", None, "Cennik usług"),
        ("", None, "Cennik usług"),
        ("Regulamin sklepu", "Inny", "Inny"),
    ],
)
def test_the_title_is_the_one_given_or_in_the_metadata_or_on_the_page(metadata, given, title):
    data = write_pdf([[(50, 800, 20, "Cennik usług"), *paragraph(LONG, 50, 700)]], title=metadata)
    assert read_pdf(data, uri="a.pdf", title=given).title == title


def test_a_regulation_in_a_pdf_gets_its_addresses():
    lines = [
        (250, 800, 12, "Regulamin"),
        (270, 770, 10, "§ 1"),
        (240, 758, 10, "ZWROTY"),
        *paragraph(f"1. {LONG}", 50, 730),
        (50, 694, 10, "2. Do zwrotu trzeba dołączyć:"),
        (60, 682, 10, "a) paragon,"),
        (60, 670, 10, "b) formularz."),
        (270, 640, 10, "§ 2"),
        *paragraph(f"1. {LONG} Zgodnie z § 1 ust. 2 niniejszego Regulaminu.", 50, 620),
    ]
    document = structure(read_pdf(write_pdf([lines]), uri="a.pdf"))
    assert document.kind == "regulation"
    assert labels(document, "provision") == [
        "§ 1",
        "§ 1 ust. 1",
        "§ 1 ust. 2",
        "§ 1 ust. 2 lit. a",
        "§ 1 ust. 2 lit. b",
        "§ 2",
        "§ 2 ust. 1",
    ]


# --- what cannot be read -----------------------------------------------------------------------


def encrypted(password):
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(write_pdf([[(50, 700, 10, "Tajny cennik")]])))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


WHOLE = write_pdf([paragraph(LONG, 50, 700)])


@pytest.mark.parametrize(
    ("data", "password", "reason"),
    [
        (b"", None, "the file is empty"),
        (b"<html><body>404</body></html>", None, "not a PDF"),
        (WHOLE[:200], None, "cut short"),
        (b"%PDF-1.4\n" + b"\x00\xff" * 500 + b"\n%%EOF", None, "damaged"),
        (encrypted("tajne"), None, "encrypted: pass password="),
        (encrypted("tajne"), "inne", "the password given does not open it"),
        (write_pdf([[]]), None, "no text on any page"),
        (
            write_pdf([[]], picture_only=True),
            None,
            r"only pictures: for text recognition \(OCR\), pip install 'kbassist\[ocr\]'",
        ),
        (write_pdf([[]] * (MAX_PAGES + 1)), None, "split the file"),
    ],
)
def test_what_cannot_be_read_has_a_reason_and_a_cure(data, password, reason):
    with pytest.raises(SourceError, match=rf"^cennik\.pdf: .*{reason}"):
        read_pdf(data, uri="cennik.pdf", password=password)


def test_an_encrypted_file_opens_with_its_password():
    assert read_pdf(encrypted("tajne"), uri="a.pdf", password="tajne").text == "Tajny cennik"
