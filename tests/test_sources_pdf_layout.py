import random

import pytest
from pdf_writer import grid, paragraph, write_pdf

from kbassist.sources.pdf import read_pdf

LEFT = (
    "Klient może odstąpić od umowy w terminie czternastu dni bez podania przyczyny. Termin biegnie "
    "od dnia, w którym klient odebrał ostatnią przesyłkę. Wystarczy wysłać oświadczenie przed jego "
    "upływem, najlepiej na formularzu, który znajduje się na stronie sklepu. Sklep potwierdza "
    "otrzymanie oświadczenia wiadomością."
)
RIGHT = (
    "Sklep oddaje pieniądze nie później niż w terminie czternastu dni. Zwraca także koszt "
    "najtańszego sposobu dostawy, który sam oferował. Może wstrzymać się ze zwrotem do chwili "
    "otrzymania rzeczy albo dowodu jej odesłania. Klient odsyła rzecz na własny koszt, chyba że "
    "sklep zgodził się go ponieść albo o nim nie wspomniał."
)


def column(text, x, top, *, width=34):
    return [(x, y, size, line) for x, y, size, line in paragraph(text, x, top, size=8, width=width)]


def text_of(lines, **how):
    return read_pdf(write_pdf([lines], **how), uri="a.pdf").text


def as_one(text):
    return " ".join(text.split())


def by_rows(left, right):
    """As a program writes that fills in line after line, whatever column it is in."""
    return (
        [line for pair in zip(left, right, strict=False) for line in pair]
        + left[len(right) :]
        + right[len(left) :]
    )


def shuffled(left, right):
    lines = [*left, *right]
    random.Random(5).shuffle(lines)
    return lines


# --- columns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [lambda left, right: left + right, lambda left, right: right + left, by_rows, shuffled],
    ids=["by columns", "right one first", "by rows", "shuffled"],
)
def test_two_columns_are_read_one_after_the_other(write):
    text = text_of(write(column(LEFT, 50, 780), column(RIGHT, 310, 780)))
    assert as_one(text) == f"{LEFT} {RIGHT}"


def test_three_columns_are_read_one_after_the_other():
    texts = (LEFT, RIGHT, LEFT.replace("Klient", "Kupujący"))
    lines = [column(text, 40 + 180 * at, 780, width=28) for at, text in enumerate(texts)]
    written = [line for row in zip(*lines, strict=False) for line in row]
    rest = [line for own in lines for line in own if line not in written]
    assert as_one(text_of(written + rest)) == " ".join(texts)


@pytest.mark.parametrize("heading", ["Zwroty i pieniądze w całym naszym sklepie internetowym", "Zwroty"])
@pytest.mark.parametrize("write", [lambda left, right: left + right, by_rows], ids=["columns", "rows"])
def test_a_heading_between_columns_comes_between_them(heading, write):
    upper = write(column(LEFT, 50, 780), column(RIGHT, 310, 780))
    lowest = min(y for _, y, _, _ in upper)
    lower = write(column(RIGHT, 50, lowest - 70), column(LEFT, 310, lowest - 70))
    text = text_of([*upper, (50, lowest - 40, 18, heading), *lower])
    assert as_one(text) == f"{LEFT} {RIGHT} {heading} {RIGHT} {LEFT}"


def test_a_sentence_goes_on_in_the_next_column():
    half = LEFT.index(" Wystarczy")
    half = LEFT.rindex(" ", 0, half)
    text = text_of([*column(LEFT[:half], 50, 780), *column(f"{LEFT[half + 1 :]} {RIGHT}", 310, 780)])
    assert f"{LEFT[:half]} {LEFT[half + 1 :]}" in text


def test_marks_apart_from_their_items_are_no_column():
    items = [
        "paragon albo inny dowód zakupu",
        "towar w oryginalnym opakowaniu",
        "wypełniony formularz zwrotu",
    ]
    lines = [
        line
        for at, item in enumerate(items, start=1)
        for line in ((50.0, 780.0 - 14 * at, 10.0, f"{at})"), (90.0, 780.0 - 14 * at, 10.0, item))
    ]
    assert text_of(lines).split("\n") == [f"{at}) {item}" for at, item in enumerate(items, start=1)]


def test_a_page_on_its_side_is_read_upright():
    rows = [("Kurier InPost", "14,99 zł"), ("Paczkomat", "12,99 zł"), ("Poczta Polska", "9,99 zł")]
    lines = [*column(LEFT, 50, 560, width=80)]
    for at, (name, price) in enumerate(rows):
        lines += [(50, 400 - 14 * at, 10, name), (300, 400 - 14 * at, 10, price)]
    text = text_of(lines, turned=True)
    assert text == f"{LEFT}\n\n" + "\n".join(f"{name}: {price}" for name, price in rows)


# --- tables ------------------------------------------------------------------------------------

HEADER = ("Sposób dostawy", "Cena", "Czas")
ROWS = [
    ("Kurier InPost", "14,99 zł", "1–2 dni"),
    ("Paczkomat", "12,99 zł", "2 dni"),
    ("Odbiór w sklepie", "0 zł", "1 dzień"),
]
READ = [
    "Sposób dostawy: Cena, Czas",
    "Kurier InPost: 14,99 zł, 1–2 dni",
    "Paczkomat: 12,99 zł, 2 dni",
    "Odbiór w sklepie: 0 zł, 1 dzień",
]


def table(rows, *, edges=(50, 200, 300, 400), top=700, high=20, inset=4):
    return [
        (edges[at] + inset, top - 14 - high * row, 10, cell)
        for row, cells in enumerate(rows)
        for at, cell in enumerate(cells)
        if cell
    ]


def ruled(rows, *, edges=(50, 200, 300, 400), top=700, high=20):
    return grid(edges, [top - high * row for row in range(len(rows) + 1)])


@pytest.mark.parametrize("high", [14, 20, 34])
@pytest.mark.parametrize("with_rules", [True, False])
def test_a_row_is_a_line_and_its_cells_are_told_apart(high, with_rules):
    rows = [HEADER, *ROWS]
    lines = [
        (50, 760, 10, "Dostawę wybiera klient."),
        *table(rows, high=high),
        (50, 400, 10, "Ceny są brutto."),
    ]
    text = text_of(lines, rules=ruled(rows, high=high) if with_rules else ())
    assert text.split("\n\n") == ["Dostawę wybiera klient.", "\n".join(READ), "Ceny są brutto."]


def test_what_stands_beside_a_table_is_read_after_it():
    beside = [
        (450, 686 - 21 * at, 10, text)
        for at, text in enumerate(("Zapłacono 0 zł", "Do zapłaty 9 zł", "Razem"))
    ]
    lines = text_of([*table([HEADER, *ROWS]), *beside], rules=ruled([HEADER, *ROWS])).split("\n")
    assert [line for line in lines if line] == [*READ, "Zapłacono 0 zł", "Do zapłaty 9 zł", "Razem"]


def test_cells_written_column_by_column_make_rows_too():
    lines = table([HEADER, *ROWS])
    lines.sort(key=lambda line: line[0])
    assert text_of(lines).split("\n") == READ


def test_a_column_keeps_its_name_where_its_values_do_not_speak_for_themselves():
    rows = [("Metoda", "Przedpłata", "Pobranie"), ("Kurier", "12 zł", "17 zł"), ("Poczta", "9 zł", "15 zł")]
    assert text_of(table(rows), rules=ruled(rows)).split("\n") == [
        "Metoda: Przedpłata, Pobranie",
        "Kurier: Przedpłata 12 zł, Pobranie 17 zł",
        "Poczta: Przedpłata 9 zł, Pobranie 15 zł",
    ]


@pytest.mark.parametrize("with_rules", [True, False])
def test_a_cell_of_several_lines_is_whole(with_rules):
    top = 700
    lines = [
        (54, top - 14, 10, "Ostrzenie"),
        (204, top - 14, 10, "noży, nożyczek i sekato-"),
        (204, top - 26, 10, "rów jednoręcznych"),
        (404, top - 14, 10, "24 zł"),
        (54, top - 54, 10, "Naprawa"),
        (204, top - 54, 10, "wideł i szpadli, razem"),
        (204, top - 66, 10, "z nowym trzonkiem"),
        (404, top - 54, 10, "79 zł"),
        (54, top - 94, 10, "Wycena"),
        (204, top - 94, 10, "każdego narzędzia"),
        (404, top - 94, 10, "0 zł"),
    ]
    rules = grid((50, 200, 400, 480), [top, top - 40, top - 80, top - 120]) if with_rules else ()
    assert text_of(lines, rules=rules).split("\n") == [
        "Ostrzenie: noży, nożyczek i sekatorów jednoręcznych, 24 zł",
        "Naprawa: wideł i szpadli, razem z nowym trzonkiem, 79 zł",
        "Wycena: każdego narzędzia, 0 zł",
    ]


def test_a_section_of_a_table_and_a_cell_that_spans_are_told_once():
    rows = [HEADER, ("Przesyłki krajowe", "", ""), *ROWS]
    edges, top = (50, 200, 300, 400), 700
    rules = [rule for rule in ruled(rows) if rule[0] != rule[2] or rule[0] in (50, 400)]
    for x in (200, 300):  # the inner lines stop at the section's row
        rules += [(x, top, x, top - 20), (x, top - 40, x, top - 20 * len(rows))]
    assert text_of(table(rows, edges=edges), rules=rules).split("\n") == [
        READ[0],
        "Przesyłki krajowe",
        *READ[1:],
    ]


def test_a_bold_row_names_the_columns_of_words():
    rows = [
        ("**Sprzęt", "**Stan", "**Miejsce"),
        ("Szpadel", "nowy", "magazyn"),
        ("Grabie", "używane", "sklep"),
    ]
    assert text_of(table(rows), rules=ruled(rows)).split("\n") == [
        "Sprzęt: Stan, Miejsce",
        "Szpadel: Stan nowy, Miejsce magazyn",
        "Grabie: Stan używane, Miejsce sklep",
    ]


def test_ordinal_numbers_go_with_the_name():
    rows = [
        ("Lp.", "Usługa", "Cena"),
        ("1", "Ostrzenie", "24 zł"),
        ("2", "Wymiana", "79 zł"),
        ("3", "Olej", "9 zł"),
    ]
    assert text_of(table(rows), rules=ruled(rows)).split("\n")[1:] == [
        "1. Ostrzenie: 24 zł",
        "2. Wymiana: 79 zł",
        "3. Olej: 9 zł",
    ]


def test_a_frame_around_a_paragraph_is_no_table():
    lines = [*paragraph(LEFT, 54, 700), (54, 560, 10, "Koniec ramki.")]
    framed = text_of(lines, rules=[*grid((50, 400), (720, 550)), (50, 640, 400, 640)])
    assert framed == text_of(lines)


def test_a_table_of_contents_is_no_table():
    titles = ["Postanowienia ogólne", "Zamówienia", "Dostawa towaru", "Zwroty i reklamacje"]
    lines = [
        line
        for at, title in enumerate(titles)
        for line in ((50.0, 700.0 - 14 * at, 10.0, title), (450.0, 700.0 - 14 * at, 10.0, str(3 + 2 * at)))
    ]
    assert text_of(lines).split("\n") == [f"{title} {3 + 2 * at}" for at, title in enumerate(titles)]


# --- headers and footers -----------------------------------------------------------------------

NAMES = ("jeden", "dwa", "trzy", "cztery", "pięć", "sześć")
BODIES = [f"Strona numer {name} mówi o czymś innym niż wszystkie pozostałe." for name in NAMES]


def pages_with(headers, count=6):
    return [
        [(50, 820, 8, headers(number)), *paragraph(BODIES[number], 50, 700), (290, 30, 8, str(number + 1))]
        for number in range(count)
    ]


@pytest.mark.parametrize(
    "headers",
    [
        lambda number: "Sklep Rowerowy – regulamin",
        lambda number: f"Sklep Rowerowy | Strona {number + 1}",
        lambda number: ("Sklep Rowerowy", "Regulamin świadczenia usług")[number % 2],
        lambda number: ("Rozdział pierwszy", "Rozdział drugi")[number // 3],
    ],
    ids=["everywhere", "with the page", "left and right", "by chapter"],
)
def test_headers_footers_and_page_numbers_are_left_out(headers):
    text = read_pdf(write_pdf(pages_with(headers)), uri="a.pdf").text
    assert text.split("\n\n") == BODIES


def test_the_header_of_two_pages_is_left_out():
    pages = pages_with(lambda number: "Rudy Szpadel sp. z o.o. | Cennik", 2)
    assert read_pdf(write_pdf(pages), uri="a.pdf").text.split("\n\n") == BODIES[:2]


def test_what_two_copies_share_is_no_header():
    page = [(300, 800, 14, "Faktura nr 1/2026"), *paragraph(LEFT, 50, 700), (50, 30, 8, "Podpis odbiorcy")]
    text = read_pdf(write_pdf([page, page]), uri="a.pdf").text
    assert text.count("Faktura nr 1/2026") == text.count("Podpis odbiorcy") == 2


def test_titles_of_chapters_are_no_headers():
    pages = [[(50, 780, 14, f"Rozdział {at}"), *paragraph(BODIES[at % 6], 50, 700)] for at in (0, 1, 2)]
    spread = [
        page for page in pages for page in (page, [(50, 780, 10, "I dalej."), *paragraph(LEFT, 50, 700)], [])
    ]
    text = read_pdf(write_pdf(spread), uri="a.pdf").text
    assert [line for line in text.split("\n") if line.startswith("Rozdział")] == [
        f"Rozdział {at}" for at in (0, 1, 2)
    ]


def test_a_document_of_equal_pages_is_not_all_furniture():
    page = [(50, 820, 10, "Karta stałego klienta")]
    assert read_pdf(write_pdf([page] * 4), uri="a.pdf").text.count("Karta stałego klienta") == 4
