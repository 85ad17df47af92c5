import pytest

from kbassist.sources.table_rows import Cell, first_row_names, row_lines


def cells(*rows):
    """Rows of cells, "<" for one that the cell before spans."""
    found = []
    for row in rows:
        texts = list(row)
        for at, text in enumerate(texts):
            texts[at] = texts[at - 1] if text == "<" else text
        found.append([Cell(text, repeated=given == "<") for text, given in zip(texts, row, strict=True)])
    return found


@pytest.mark.parametrize(
    ("rows", "headers", "lines"),
    [
        ([("Kurier", "14 zł", "2 dni")], 0, ["Kurier: 14 zł, 2 dni"]),
        ([("Telefon:", "22 123"), ("Jak?", "Tak")], 0, ["Telefon: 22 123", "Jak? Tak"]),
        ([("A. Ostrzenie", "", ""), ("Nóż", "", "18 zł")], 0, ["A. Ostrzenie", "Nóż: 18 zł"]),
        ([("", "14 zł", "2 dni")], 0, ["14 zł, 2 dni"]),
        ([("Do 5 kg", "18 zł", "<")], 0, ["Do 5 kg: 18 zł"]),
        (
            [("Metoda", "Cena", "Czas"), ("Kurier", "14 zł", "2 dni")],
            1,
            ["Metoda: Cena, Czas", "Kurier: 14 zł, 2 dni"],
        ),
        (
            [("Waga", "Cena", "<"), ("Waga", "Kraj", "Świat"), ("1 kg", "12 zł", "40 zł")],
            2,
            ["Waga: Cena Kraj, Cena Świat", "1 kg: Cena Kraj 12 zł, Cena Świat 40 zł"],
        ),
        (
            [("Lp.", "Usługa", "Cena"), ("1", "Ostrzenie", "24 zł"), ("2.", "Olej", "9 zł")],
            1,
            ["Usługa: Cena", "1. Ostrzenie: 24 zł", "2. Olej: 9 zł"],
        ),
        (
            [("A", "x" * 61, "C"), ("a", "raz", "dwa")],
            1,
            [f"A: {'x' * 61}, C", "a: raz, C dwa"],
        ),
    ],
)
def test_rows_are_told(rows, headers, lines):
    assert row_lines(cells(*rows), headers) == lines


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([("Metoda", "Cena"), ("Kurier", "14 zł"), ("Poczta", "9 zł")], True),
        ([("Kurier", "14 zł"), ("Poczta", "9 zł"), ("Odbiór", "0 zł")], False),
        ([("Metoda", "Cena"), ("Kurier", "14 zł"), ("Poczta", "drogo")], False),
        ([("Metoda", ""), ("Kurier", "14 zł"), ("Poczta", "9 zł")], False),
        ([("Metoda", "Cena"), ("Kraj", "<"), ("Kurier", "14 zł"), ("Poczta", "9 zł")], True),
    ],
)
def test_a_row_of_names_has_no_figures_and_all_others_have(rows, names):
    assert first_row_names(cells(*rows)) is names
