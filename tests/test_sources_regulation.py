import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbassist.sources.regulation import structure
from kbassist.text.outline import address_at
from kbassist.types import Anchor, Document


def read(text, **fields):
    return structure(Document("d", text, **fields))


def addresses(document):
    return [anchor.label for anchor in document.anchors if anchor.kind == "provision"]


def headings(document):
    return [(anchor.label, anchor.level) for anchor in document.anchors if anchor.kind == "heading"]


def check(text, expected, **fields):
    """`expected` maps each address to the words that the provision begins with."""
    document = read(text, **fields)
    found = {anchor.label: text[anchor.start :] for anchor in document.anchors if anchor.kind == "provision"}
    assert list(found) == list(expected)
    for address, opening in expected.items():
        assert found[address].startswith(opening)
    assert document.kind == "regulation"
    assert document.text == text
    return document


SHOP = """Regulamin sklepu
§ 1. Postanowienia ogólne
1. Sklep prowadzi firma Przykład.
2. Z Konsultantem można się skontaktować:
1) telefonicznie,
2) elektronicznie:
a) pocztą,
b) na czacie.
3. O zwrotach, o których mowa w art. 27 ustawy, stanowi § 2.
§ 2
ZWROTY
Konsument może odstąpić od umowy zgodnie z
§ 1 ust. 2 Regulaminu.
1. Termin wynosi 14 dni.
2. Koszt ponosi Konsument.
§ 3. Postanowienia końcowe
1) pierwsze;
2) drugie.
"""


def test_shop_terms():
    document = check(
        SHOP,
        {
            "§ 1": "§ 1. Post",
            "§ 1 ust. 1": "1. Sklep",
            "§ 1 ust. 2": "2. Z Kons",
            "§ 1 ust. 2 pkt 1": "1) tele",
            "§ 1 ust. 2 pkt 2": "2) elek",
            "§ 1 ust. 2 pkt 2 lit. a": "a) pocz",
            "§ 1 ust. 2 pkt 2 lit. b": "b) na",
            "§ 1 ust. 3": "3. O zwr",
            "§ 2": "§ 2\nZWR",
            "§ 2 ust. 1": "1. Term",
            "§ 2 ust. 2": "2. Koszt",
            "§ 3": "§ 3. Post",
            "§ 3 pkt 1": "1) pier",
            "§ 3 pkt 2": "2) drug",
        },
    )
    assert headings(document) == [
        ("§ 1. Postanowienia ogólne", 1),
        ("§ 2 ZWROTY", 1),
        ("§ 3. Postanowienia końcowe", 1),
    ]
    levels = {anchor.label: anchor.level for anchor in document.anchors if anchor.kind == "provision"}
    assert [
        levels[label] for label in ("§ 1", "§ 1 ust. 2", "§ 1 ust. 2 pkt 2", "§ 1 ust. 2 pkt 2 lit. a")
    ] == [1, 2, 3, 4]


def test_a_statute_with_chapters_superscripts_and_tirets():
    text = """USTAWA
DZIAŁ I
Przepisy ogólne
Rozdział 1
Zakres
Art. 22. 1. Ustawa określa:
1) zasady:
a) sprzedaży:
– detalicznej,
– hurtowej,
b) zwrotów;
2) tryb
– w zakresie nieuregulowanym.
2. Przepisu nie stosuje się.
Art. 22¹. Konsument to osoba fizyczna.
Art. 22². Przedsiębiorca.
Rozdział 2
Kary
Art. 33a. § 1. Kto narusza Art. 22, podlega karze.
§ 2. Ściganie następuje na wniosek.
Art. 34. Ustawa wchodzi w życie po upływie 14 dni.
"""
    document = check(
        text,
        {
            "art. 22": "Art. 22. 1.",
            "art. 22 ust. 1": "1. Ustawa",
            "art. 22 ust. 1 pkt 1": "1) zasady",
            "art. 22 ust. 1 pkt 1 lit. a": "a) sprz",
            "art. 22 ust. 1 pkt 1 lit. a tiret pierwsze": "– det",
            "art. 22 ust. 1 pkt 1 lit. a tiret drugie": "– hurt",
            "art. 22 ust. 1 pkt 1 lit. b": "b) zwr",
            "art. 22 ust. 1 pkt 2": "2) tryb\n– w",
            "art. 22 ust. 2": "2. Przep",
            "art. 22¹": "Art. 22¹.",
            "art. 22²": "Art. 22².",
            "art. 33a": "Art. 33a.",
            "art. 33a § 1": "§ 1. Kto",
            "art. 33a § 2": "§ 2. Ści",
            "art. 34": "Art. 34.",
        },
    )
    assert headings(document) == [
        ("DZIAŁ I Przepisy ogólne", 1),
        ("Rozdział 1 Zakres", 2),
        ("Rozdział 2 Kary", 2),
    ]


@pytest.mark.parametrize("number", ["22¹", "22(1)", "22[1]", "22^1", "22{1}", "22 1", "221"])
def test_superscripts_are_written_in_many_ways(number):
    assert addresses(read(f"Art. 22. Jeden.\nArt. {number}. Dwa.\nArt. 23. Trzy.")) == [
        "art. 22",
        "art. 22¹",
        "art. 23",
    ]


def test_superscripts_with_letters_and_parts_of_their_own():
    text = """Art. 22. Jeden.
Art. 22 1. § 1. Dwa.
§ 2. Trzy.
Art. 22²a. Cztery.
Art. 22a. Pięć.
Art. 23. Koniec."""
    assert addresses(read(text)) == [
        "art. 22",
        "art. 22¹",
        "art. 22¹ § 1",
        "art. 22¹ § 2",
        "art. 22²a",
        "art. 23",
    ]


def test_a_number_without_a_full_stop_is_no_superscript():
    text = "Art. 1 1. Jeden.\n2. Dwa.\nArt. 2 1. Trzy.\n2. Cztery.\nArt. 3. Koniec."
    assert addresses(read(text)) == [
        "art. 1",
        "art. 1 ust. 1",
        "art. 1 ust. 2",
        "art. 2",
        "art. 2 ust. 1",
        "art. 2 ust. 2",
        "art. 3",
    ]


def test_an_eu_act_in_both_languages():
    polish = """(1)
Ochrona danych.
(2)
Zasady.
Artykuł 6
Zgodność z prawem
1. Przetwarzanie jest zgodne, gdy:
a) zgoda;
b) umowa.
Artykuł 7
Warunki
1. Administrator.
2. Osoba.
Artykuł 8
Dziecko
Jeżeli dziecko."""
    check(
        polish,
        {
            "motyw 1": "(1)",
            "motyw 2": "(2)",
            "art. 6": "Artykuł 6",
            "art. 6 ust. 1": "1. Przetw",
            "art. 6 ust. 1 lit. a": "a) zgoda",
            "art. 6 ust. 1 lit. b": "b) umowa",
            "art. 7": "Artykuł 7",
            "art. 7 ust. 1": "1. Admin",
            "art. 7 ust. 2": "2. Osoba",
            "art. 8": "Artykuł 8",
        },
    )
    english = """(1) The protection of data.
(2) The principles.
Article 6
Lawfulness of processing
1. Processing shall be lawful if:
(a) consent is given;
(b) it is necessary.
Article 7
Conditions
1. The controller.
2. The subject.
Article 8
Child
The child."""
    check(
        english,
        {
            "Recital 1": "(1)",
            "Recital 2": "(2)",
            "Article 6": "Article 6",
            "Article 6(1)": "1. Proc",
            "Article 6(1)(a)": "(a) cons",
            "Article 6(1)(b)": "(b) it",
            "Article 7": "Article 7",
            "Article 7(1)": "1. The",
            "Article 7(2)": "2. The",
            "Article 8": "Article 8",
        },
        lang="en",
    )


def test_english_terms_with_decimals():
    text = """Terms of Service
These terms apply to you.
1. Definitions
1.1 Service means this.
1.2 User means:
(a) a person;
(b) a company.
2. Returns
2.1 You may return goods:
(i) by post;
(ii) in person.
3. Law
Polish law."""
    document = check(
        text,
        {
            "Section 1": "1. Def",
            "Section 1.1": "1.1 Serv",
            "Section 1.2": "1.2 User",
            "Section 1.2(a)": "(a) a p",
            "Section 1.2(b)": "(b) a c",
            "Section 2": "2. Ret",
            "Section 2.1": "2.1 You",
            "Section 2.1(i)": "(i) by",
            "Section 2.1(ii)": "(ii) in",
            "Section 3": "3. Law",
        },
        lang="en",
    )
    assert headings(document) == [("1. Definitions", 1), ("2. Returns", 1), ("3. Law", 1)]


def test_numbered_terms_without_paragraph_signs():
    text = """Regulamin Wydarzenia
1. Postanowienia ogólne
1. Niniejszy Regulamin określa zasady.
2. Zapis jest wiążący.
2. Cel
Celem jest nauka.
3. Udział
1. Udział jest bezpłatny.
2. Zabrania się:
- palenia,
- hałasu.
3. Organizator filmuje.
4. Zasady końcowe
1. Decyzje są ostateczne.
2. Koniec.
"""
    assert addresses(read(text)) == [
        "pkt 1",
        "pkt 1 ppkt 1",
        "pkt 1 ppkt 2",
        "pkt 2",
        "pkt 3",
        "pkt 3 ppkt 1",
        "pkt 3 ppkt 2",
        "pkt 3 ppkt 3",
        "pkt 4",
        "pkt 4 ppkt 1",
        "pkt 4 ppkt 2",
    ]


def test_chapters_are_in_the_address_where_they_are_all_there_is():
    text = """Regulamin
Rozdział I
Postanowienia
1. Niniejszy Regulamin obowiązuje.
2. Sklep działa.
Rozdział II
Zwroty
1. Termin.
2. Koszt.
"""
    assert addresses(read(text)) == [
        "rozdz. I",
        "rozdz. I ust. 1",
        "rozdz. I ust. 2",
        "rozdz. II",
        "rozdz. II ust. 1",
        "rozdz. II ust. 2",
    ]


def test_paragraphs_counted_anew_in_each_chapter_and_annex():
    text = "Regulamin\nRozdział 1\nA\n§ 1. Jeden.\n§ 2. Dwa.\nRozdział 2\nB\n§ 1. Trzy.\n§ 2. Cztery."
    assert addresses(read(text)) == ["rozdz. 1 § 1", "rozdz. 1 § 2", "rozdz. 2 § 1", "rozdz. 2 § 2"]
    text = "Regulamin\n§ 1. Jeden.\n§ 2. Dwa.\nZałącznik nr 1\n§ 1. Trzy.\n§ 2. Cztery."
    assert addresses(read(text)) == ["§ 1", "§ 2", "załącznik nr 1 § 1", "załącznik nr 1 § 2"]


def test_items_run_together_in_one_line_are_found():
    text = """Art. 1. Jeden.
Art. 2. Zgodne jest, gdy: a) jest zgoda zgodna z lit. b), c) lub d); b) jest umowa.
Art. 3. Trzy."""
    assert addresses(read(text)) == ["art. 1", "art. 2", "art. 2 lit. a", "art. 2 lit. b", "art. 3"]


def test_the_wording_that_an_amending_act_quotes_is_not_its_own():
    text = """Art. 1. W ustawie wprowadza się zmiany:
1) art. 5 otrzymuje brzmienie:
„Art. 5. 1. Nowe.
2. Brzmienie.
Art. 6. Też.”;
2) w art. 7 skreśla się pkt 2.
Art. 2. Ustawa wchodzi w życie z dniem ogłoszenia."""
    assert addresses(read(text)) == ["art. 1", "art. 1 pkt 1", "art. 1 pkt 2", "art. 2"]


def test_a_quotation_ends_where_its_own_mark_is_closed():
    text = """Art. 1. W ustawie wprowadza się zmiany:
1) art. 5 otrzymuje brzmienie:
"Art. 5. 1. Tworzy się organ, zwany "komisją".
2. Do zadań komisji należy:
1) ocena,
2) kontrola.";
2) w art. 7 w § 2 skreśla się pkt 2;
3) załącznik nr 1 otrzymuje brzmienie określone w
załączniku nr 2 w nowym brzmieniu.
Art. 2. Ustawa wchodzi w życie z dniem ogłoszenia."""
    assert addresses(read(text)) == ["art. 1", "art. 1 pkt 1", "art. 1 pkt 2", "art. 1 pkt 3", "art. 2"]


def test_a_heading_right_below_that_of_an_article_is_inside_it():
    text = "Zasady\n\nArt. 1. Start\n\nOgólne\n\nA.\n\nInne\n\nB.\n\nArt. 2. Meta\n\nC.\n\nKontakt\n\nTekst."
    names = ["Zasady", "Art. 1. Start", "Ogólne", "Inne", "Art. 2. Meta", "Kontakt"]
    anchors = tuple(Anchor(text.index(name), name, 2 if number else 1) for number, name in enumerate(names))
    document = read(text, anchors=anchors, kind="regulation")
    assert [level for _, level in headings(document)] == [1, 2, 3, 3, 2, 2]
    assert address_at(text, document.anchors, text.index("Inne") + 8) == "art. 1"
    assert address_at(text, document.anchors, text.rindex("Tekst")) == ""


@pytest.mark.parametrize("number_is_heading", [True, False])
def test_a_number_and_its_title_in_headings_of_their_own_become_one(number_is_heading):
    text = "Regulamin\n\n§ 1\n\nZASADY\n\n1. J\n2. D\n\n§ 2\n\nZWROTY\n\nTekst.\n\n§ 3\n\nKONIEC\n\nTekst."
    names = ["Regulamin", "ZASADY", "ZWROTY", "KONIEC"] + ["§ 1", "§ 2", "§ 3"] * number_is_heading
    anchors = tuple(Anchor(text.index(name), name, 3, fragment=name[:3]) for name in names)
    document = check(
        text,
        {"§ 1": "§ 1", "§ 1 ust. 1": "1. J", "§ 1 ust. 2": "2. D", "§ 2": "§ 2", "§ 3": "§ 3"},
        anchors=anchors,
    )
    assert headings(document) == [("Regulamin", 3), ("§ 1 ZASADY", 3), ("§ 2 ZWROTY", 3), ("§ 3 KONIEC", 3)]
    assert [anchor.start for anchor in document.anchors if anchor.kind == "heading"][2] == text.index("§ 2")
    assert {anchor.fragment for anchor in document.anchors if anchor.label == "§ 2 ZWROTY"} == {
        "§ 2" if number_is_heading else "ZWR"
    }


@pytest.mark.parametrize("end", ['";', '" ;', '".', "”;"])
def test_a_quotation_may_end_in_several_ways(end):
    text = f"""Art. 1. W ustawie wprowadza się zmiany:
1) art. 5 otrzymuje brzmienie:
"Art. 5. 1. Nowe.
2. Brzmienie{end}
2) skreśla się art. 6.
Art. 2. Koniec."""
    assert addresses(read(text)) == ["art. 1", "art. 1 pkt 1", "art. 1 pkt 2", "art. 2"]


def test_a_missing_item_ends_no_list_and_letters_do_not_stand_below_letters():
    text = """Art. 1. Zmiany:
1) jeden:
a) pierwsza,
b) druga:
3) trzy:
a) pierwsza,
b) druga,
4) cztery.
Art. 2. Koniec."""
    assert addresses(read(text)) == [
        "art. 1",
        "art. 1 pkt 1",
        "art. 1 pkt 1 lit. a",
        "art. 1 pkt 1 lit. b",
        "art. 1 pkt 3",
        "art. 1 pkt 3 lit. a",
        "art. 1 pkt 3 lit. b",
        "art. 1 pkt 4",
        "art. 2",
    ]


@pytest.mark.parametrize(
    "listed",
    [
        "Spis treści\n§ 1. Zasady ogólne\n§ 2. Zwroty towaru\n§ 3. Przepisy końcowe\n\n",
        "SPIS TREŚCI\n§ 1. Zasady ogólne 1\n§ 2. Zwroty towaru 2\n§ 3. Przepisy końcowe 12\n",
        "§ 1. Zasady ogólne ........ 1\n§ 2. Zwroty towaru ........ 2\n§ 3. Przepisy końcowe .... 12\n",
        "§ 1. Zasady ogólne\n§ 2. Zwroty towaru\n§ 3. Przepisy końcowe\n",
    ],
)
def test_a_table_of_contents_is_not_the_regulation(listed):
    body = "§ 1. Zasady ogólne\n1. A.\n2. B.\n§ 2. Zwroty towaru\nTermin.\n§ 3. Przepisy końcowe\nTekst."
    document = read(f"Regulamin\n{listed}{body}")
    assert addresses(document) == ["§ 1", "§ 1 ust. 1", "§ 1 ust. 2", "§ 2", "§ 3"]
    first = next(anchor for anchor in document.anchors if anchor.kind == "provision")
    assert first.start == len("Regulamin\n") + len(listed)


def test_numbered_rows_of_a_table_are_no_provisions():
    rows = "".join(
        f"{number}. Golarka {number}: Model HC{number}, Cena {number} zł\n" for number in range(1, 6)
    )
    text = f"Regulamin\n§ 1\n1. Promocja obejmuje:\n{rows}2. Promocja trwa rok.\n§ 2\nKoniec.\n§ 3\nZmiany."
    assert addresses(read(text)) == ["§ 1", "§ 1 ust. 1", "§ 1 ust. 2", "§ 2", "§ 3"]


def test_the_only_annex_has_no_number():
    text = "Ustawa\nArt. 1. Jeden.\nArt. 2. Dwa.\nArt. 3. Trzy.\nZałącznik do ustawy\n1) jeden;\n2) dwa."
    assert addresses(read(text))[-2:] == ["załącznik pkt 1", "załącznik pkt 2"]


def test_a_policy_whose_headings_are_numbered():
    names = ("Administrator", "Dane", "Cele", "Okres", "Prawa")
    text = "Polityka prywatności\n" + "".join(
        f"{number}. {name}\nTekst o tym.\n" for number, name in enumerate(names, start=1)
    )
    anchors = tuple(
        Anchor(text.index(f"{number}. "), f"{number}. {name}", 2)
        for number, name in enumerate(names, start=1)
    )
    assert addresses(read(text, anchors=anchors)) == ["pkt 1", "pkt 2", "pkt 3", "pkt 4", "pkt 5"]


@pytest.mark.parametrize(
    "line",
    [
        "§ 5 ust. 2 stosuje się odpowiednio.",
        "Art. 9 i 10 nie stosuje się.",
        "§ 7 niniejszego Regulaminu.",
        "17. dnia miesiąca upływa termin.",
        "4) pozycja bez początku",
        "c) też bez początku",
    ],
)
def test_references_and_numbers_out_of_sequence_are_no_provisions(line):
    text = (
        f"§ 1. Zasady\n1. Zgodnie z przepisami\n{line}\n2. Dalej.\n§ 2. Koniec\nTekst.\n§ 3. Zmiany\nTekst."
    )
    assert addresses(read(text)) == ["§ 1", "§ 1 ust. 1", "§ 1 ust. 2", "§ 2", "§ 3"]


def test_a_gap_in_the_numbers_is_no_end():
    assert addresses(read("Art. 9. A.\nArt. 10. B.\nArt. 12. C.\nArt. 13. D.")) == [
        "art. 9",
        "art. 10",
        "art. 12",
        "art. 13",
    ]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Jak czytać regulamin?",
            "§ 5 ust. 2 mówi o zwrotach. Zobacz też § 7.\n1. Przeczytaj.\n2. Zapytaj.\n3. Zwróć.",
        ),
        (
            "Regulamin sklepu: jak go napisać",
            "1. Określ dane.\n2. Opisz zwroty. Klient ma prawo.\n3. Opublikuj. Przysługuje mu.",
        ),
        ("Przepis", "1. Zagnieć ciasto.\n2. Upiecz.\n3. Podaj."),
        ("Artykuł", "Artykuł 5 rozporządzenia\nTo ważny przepis."),
        ("Wyrok", "Sąd wskazał:\n§ 3 umowy jest nieważny.\nNie ma odwołania."),
    ],
)
def test_other_documents_stay_as_they_are(title, text):
    document = Document("d", text, title)
    assert structure(document) is document


def test_replies_and_answers_are_never_regulations():
    document = Document("d", SHOP, kind="faq")
    assert structure(document) is document


def test_the_caller_may_say_that_it_is_one():
    assert addresses(read("Art. 4. Ustawa wchodzi w życie.", kind="regulation")) == ["art. 4"]
    assert addresses(read("1. Jeden.\n2. Dwa.", kind="regulation")) == ["pkt 1", "pkt 2"]


def test_headings_that_are_there_keep_their_links():
    start = SHOP.index("§ 2")
    known = (Anchor(0, "Regulamin sklepu", 1), Anchor(start, "§ 2 ZWROTY", 3, fragment="zwroty"))
    document = read(SHOP, anchors=known)
    assert [anchor for anchor in document.anchors if anchor.start == start and anchor.kind == "heading"] == [
        known[1]
    ]
    assert ("§ 1. Postanowienia ogólne", 2) in headings(document)


LINES = st.lists(
    st.sampled_from(
        [
            "§ 1",
            "§ 2. Zwroty",
            "Art. 1. Tekst",
            "Art. 2.",
            "Art.",
            "1. Jeden",
            "2. Dwa:",
            "1) a",
            "2) b",
            "a) c",
            "b) d",
            "i) e",
            "– tiret",
            "Rozdział I",
            "Załącznik nr 1",
            "1.1 x",
            "1.2 y",
            "(1)",
            "(2) z",
            "Spis treści",
            "Art. 22 1. § 1.",
            "1. A: Cena 1, Model 2",
            "„1. Cytat",
            "koniec”;",
            "",
            "I. Dział",
            "II. Dwa",
        ]
    )
    | st.text(max_size=20),
    max_size=40,
)


@settings(max_examples=300)
@given(LINES, st.sampled_from(["page", "regulation"]), st.sampled_from(["pl", "en", None]))
def test_any_text_is_taken_and_every_anchor_stands_at_a_number(lines, kind, lang):
    text = "\n".join(lines)
    document = read(text, kind=kind, lang=lang)
    provisions = [anchor for anchor in document.anchors if anchor.kind == "provision"]
    assert document.text == text
    assert all(text[anchor.start : anchor.start + 1].strip() for anchor in document.anchors)
    assert [anchor.start for anchor in provisions] == sorted({anchor.start for anchor in provisions})
    assert all(anchor.label and anchor.level >= 1 for anchor in provisions)
