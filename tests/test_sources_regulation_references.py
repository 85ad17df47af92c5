"""What a regulation refers to."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbassist.sources.regulation import structure
from kbassist.sources.regulation.references import references
from kbassist.types import Document

ACT = """Ustawa o zwrotach
Rozdział 1
Zasady
Art. 1. Ustawa określa zasady.
Art. 2. 1. Konsument może odstąpić od umowy:
1) w terminie 14 dni;
2) w przypadkach, o których mowa w {}.
2. Przepis stosuje się odpowiednio.
Art. 3. 1. Pierwszy.
2. Drugi:
a) litera;
b) druga.
Art. 4. Koniec.
"""


def found(reference, act=ACT):
    text = act.format(reference)
    document = structure(Document("d", text, "Ustawa o zwrotach", lang="pl"))
    begin = act.index("{}")
    inside = [item for item in references(document) if begin <= item.start < begin + len(reference)]
    assert all(text[item.start : item.end] in reference for item in inside)
    return [(item.address, item.target, item.act) for item in inside]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("art. 3 ust. 2", [("art 3/2", "art. 3 ust. 2", "")]),
        ("art. 3 ust. 2 lit. b", [("art 3/2/b", "art. 3 ust. 2 lit. b", "")]),
        ("ust. 2", [("art 2/2", "art. 2 ust. 2", "")]),
        ("pkt 1", [("art 2/1/1", "art. 2 ust. 1 pkt 1", "")]),
        ("art. 3 powyżej", [("art 3", "art. 3", "")]),
        ("art. 3 niniejszej ustawy", [("art 3", "art. 3", "")]),
        ("art. 3 i 4", [("art 3", "art. 3", ""), ("art 4", "art. 4", "")]),
        ("art. 3 ust. 1 oraz ust. 2", [("art 3/1", "art. 3 ust. 1", ""), ("art 3/2", "art. 3 ust. 2", "")]),
        ("art. 99", [("art 99", "", "")]),
        ("rozdziale 1", [("rozdz 1", "Rozdział 1 Zasady", "")]),
        (
            "art. 3 ustawy z dnia 30 maja 2014 r. o prawach konsumenta",
            [("art 3", "", "ustawy z dnia 30 maja 2014 r. o prawach konsumenta")],
        ),
        ("art. 3 Kodeksu\ncywilnego", [("art 3", "", "Kodeksu cywilnego")]),
        ("art. 6 ust. 1 lit. f RODO", [("art 6/1/f", "", "RODO")]),
        ("RODO art. 3", [("art 3", "", "RODO")]),
        ("art. 1 i art. 3 Kodeksu pracy", [("art 1", "", "Kodeksu pracy"), ("art 3", "", "Kodeksu pracy")]),
        ("art. 3 ustawy o prawach konsumenta stosuje się", [("art 3", "", "ustawy o prawach konsumenta")]),
        ("art. 3 tej ustawy", [("art 3", "art. 3", "")]),
    ],
)
def test_references_are_found_and_resolved(reference, expected):
    assert found(reference) == expected


def test_the_numbers_of_provisions_are_no_references():
    document = structure(Document("d", ACT.format("art. 4"), lang="pl"))
    assert [document.text[item.start : item.end] for item in references(document)] == ["art. 4"]


def test_inside_the_amendments_of_another_act_that_act_is_meant():
    text = """Art. 1. W ustawie z dnia 5 maja 2000 r. o bibliotekach wprowadza się następujące zmiany:
1) w art. 2 skreśla się ust. 3;
2) art. 3 otrzymuje brzmienie:
„Art. 3. 1. Nowe.
2. Brzmienie.”;
Art. 2. Ustawa, z wyjątkiem art. 1, wchodzi w życie z dniem ogłoszenia.
Art. 3. Koniec."""
    document = structure(Document("d", text, "Ustawa o zmianie ustawy o bibliotekach", lang="pl"))
    acts = [(text[item.start : item.end], item.act) for item in references(document)]
    name = "ustawie z dnia 5 maja 2000 r. o bibliotekach"
    assert acts == [("art. 2", name), ("ust. 3", name), ("art. 3", name), ("art. 1", "")]


def test_an_eu_act_in_english():
    text = """Article 5
Principles
1. Personal data shall be processed lawfully.
2. The controller shall be responsible, referred to in paragraph 1.
Article 6
Lawfulness
1. Processing shall be lawful if:
(a) consent is given;
(f) point (a) of Article 6(1) applies.
Article 7
Conditions
Subject to Article 6(1)(a). See Articles 5 and 6 of Directive 95/46/EC."""
    document = structure(Document("d", text, "Regulation (EU) 2016/679", lang="en"))
    assert [(item.address, item.target, item.act) for item in references(document)] == [
        ("art 5/1", "Article 5(1)", ""),
        ("art 6/1/a", "Article 6(1)(a)", ""),
        ("art 6/1/a", "Article 6(1)(a)", ""),
        ("art 5", "", "Directive 95/46/EC"),
        ("art 6", "", "Directive 95/46/EC"),
    ]


def test_a_shop_regulation():
    text = """Regulamin
§ 1. Zasady
1. Sklep działa zgodnie z ust. 2 oraz § 3 powyższego dokumentu.
2. Zwroty opisuje § 2 Regulaminu.
§ 2. Zwroty
Zgodnie z § 1 ust. 2 i § 5 umowy ramowej.
§ 3. Koniec
Tekst."""
    document = structure(Document("d", text, "Regulamin", lang="pl"))
    assert [(item.address, item.target, item.act) for item in references(document)] == [
        ("§ 1/2", "§ 1 ust. 2", ""),
        ("§ 3", "§ 3", ""),
        ("§ 2", "§ 2", ""),
        ("§ 1/2", "", "umowy ramowej"),
        ("§ 5", "", "umowy ramowej"),
    ]


def test_they_are_noted_with_the_document_as_plain_data():
    document = structure(Document("d", ACT.format("art. 4"), lang="pl", meta={"content_hash": "1"}))
    assert document.meta["content_hash"] == "1"
    (row,) = document.meta["references"]
    start, end, *rest = row
    assert document.text[start:end] == "art. 4"
    assert rest == ["art 4", "art. 4", ""]
    assert json.loads(json.dumps(document.to_dict()["meta"]["references"])) == [row]


def test_a_huge_number_of_them_is_left_out():
    document = structure(Document("d", ACT.format("art. 4, " * 1_200), lang="pl"))
    assert "references" not in document.meta
    assert len(references(document)) >= 1_200


PARTS = st.sampled_from(
    [
        "§ 1\n",
        "Art. 2. ",
        "1. ",
        "a) ",
        "w art. 2",
        " ust. 1",
        " lit. a",
        " i ",
        ", ",
        "RODO",
        "\n",
        "ustawy o X",
        "„",
    ]
)


@settings(max_examples=200)
@given(st.lists(PARTS | st.text(max_size=4), max_size=30).map("".join))
def test_any_document_is_taken(text):
    document = structure(Document("d", text, kind="regulation"))
    for item in references(document):
        assert 0 <= item.start < item.end <= len(text)
        assert item.address
        assert not (item.target and item.act)
