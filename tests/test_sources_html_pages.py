"""Which part of a page is its text: whole pages as shops, help desks and newspapers build them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from site_server import page

from kbassist.sources.html import ParsedPage, parse_html

PAGES = Path(__file__).parents[1] / "benchmarks" / "html_pages"

NAVIGATION = "<div><ul>" + "".join(f"<li><a href=/k{n}>Dział {n}</a></li>" for n in range(8)) + "</ul></div>"
ARTICLE = "".join(
    f"<p>Akapit {n} opowiada o zwrotach: masz na nie {n + 14} dni od chwili, gdy kurier odda paczkę.</p>"
    for n in range(8)
)


def parsed(body: str, *, title: str = "") -> ParsedPage:
    found = parse_html(page(body, title=title))
    assert all(found.text[anchor.start :].startswith(anchor.label) for anchor in found.anchors)
    return found


def in_order(parts: Sequence[str], line: str) -> bool:
    """Whether the cells of a row stand on `line`, one after the other."""
    return re.search(".*".join(map(re.escape, parts)), line) is not None


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_page_as_a_site_builder_writes_it(path: Path) -> None:
    """Of all strings .98 have to be found (`benchmarks/html_text.py`); of one page, nearly all."""
    said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = parse_html(path.read_bytes()).text
    text = " ".join(found.split())
    missing = [string for string in said["keep"] if string not in text]
    leaked = [string for string in said["drop"] if string in text]
    assert len(missing) <= len(said["keep"]) // 6, missing
    assert len(leaked) <= len(said["drop"]) // 2, leaked
    broken = [
        row for row in said.get("rows", ()) if not any(in_order(row, line) for line in found.split("\n"))
    ]
    assert not broken


def test_there_are_pages_to_check() -> None:
    assert len(list(PAGES.glob("*.html"))) >= 30


# --- around the core ---------------------------------------------------------------------------

AROUND_AN_ARTICLE = {
    "a sidebar of teasers": "".join(
        f"<div class=t><h4><a href=/a{n}>Nowość {n}</a></h4><p>Zobacz, co nowego w dziale {n}.</p></div>"
        for n in range(4)
    ),
    "comments": f"<div id=comments><p>Nowość! {'Bardzo dobry sklep, wrócę tam jeszcze raz. ' * 3}</p></div>",
    "related links": '<div class="related-posts"><h3>Nowość</h3><a href="/x">Jak wybrać but</a></div>',
    "a tag line": '<p class="post-tags">Nowość, <a href="/t1">buty</a>, <a href="/t2">zwroty</a></p>',
    "share buttons": '<ul class="share"><li><a href="https://fb.com">Nowość</a></li></ul>',
    "a label": "<div>Nowość</div>",
}


@pytest.mark.parametrize("around", AROUND_AN_ARTICLE.values(), ids=AROUND_AN_ARTICLE.keys())
@pytest.mark.parametrize("place", ["before", "after"])
def test_what_stands_around_an_article_is_left_out(around: str, place: str) -> None:
    parts = [f"<div>{around}</div>", f"<div class=a><h1>Zwroty</h1>{ARTICLE}</div>"]
    found = parsed(f"{NAVIGATION}<div>{''.join(parts if place == 'before' else parts[::-1])}</div>")
    assert "Nowość" not in found.text
    assert "Dział" not in found.text
    assert "Akapit 0" in found.text
    assert "Akapit 7" in found.text


KEPT_BESIDE_AN_ARTICLE = {
    "a price": "<div>Zwrot kurierem: 14,99 zł</div>",
    "a phone number": "<div><b>Telefon</b>: 22 123 45 67</div>",
    "an address": "<div>ul. Długa 1, 00-950 Warszawa</div>",
    "opening hours in short": "<div>Sobota 9–13</div>",
    "a list": "<div><ul><li>Zwrot bez paragonu</li><li>Zwrot w paczkomacie</li></ul></div>",
    "opening hours": "<div>pon.–pt. 8:00–16:00</div>",
    "an e-mail address": '<div><a href="mailto:bok@sklep.pl">bok@sklep.pl</a></div>',
    "a table": "<table><tr><th>Kurier</th><th>Cena</th></tr><tr><td>DPD</td><td>tanio</td></tr></table>",
    "a list of terms": "<dl><dt>Rękojmia</dt><dd>dwa lata</dd></dl>",
    "an accordion": "<details><summary>Kto płaci?</summary>Sklep</details>",
    "a panel with tabs": "<button aria-controls=p>Kto płaci?</button><div id=p hidden>Sklep</div>",
    "a longer text": f"<div><h2>Reklamacje</h2><p>{'Reklamację złożysz bez paragonu. ' * 6}</p></div>",
}


@pytest.mark.parametrize("beside", KEPT_BESIDE_AN_ARTICLE.values(), ids=KEPT_BESIDE_AN_ARTICLE.keys())
def test_what_customers_ask_for_stays_wherever_it_stands(beside: str) -> None:
    html = f"{NAVIGATION}<div><div><h1>Zwroty</h1>{ARTICLE}</div><div>{beside}</div></div>"
    expected = parsed(f"<main>{beside}</main>").text
    assert expected
    assert expected in parsed(html).text


def test_a_page_without_navigation_is_kept_whole() -> None:
    found = parsed(f"<div><h1>Zwroty</h1></div><div>Krótka uwaga</div><div>{ARTICLE}</div><div>Podpis</div>")
    assert found.text.startswith("Zwroty\n\nKrótka uwaga\n\nAkapit 0")
    assert found.text.endswith("Podpis")


def test_links_that_a_sentence_leads_to_stay() -> None:
    links = (
        "<ul><li><a href=/a>Rzecznik Praw Konsumenta</a></li><li><a href=/b>Inspekcja Handlowa</a></li></ul>"
    )
    html = f"{NAVIGATION}<div><h1>Spory</h1>{ARTICLE}<p>Pomogą Ci w sporze te instytucje:</p>{links}</div>"
    assert "- Rzecznik Praw Konsumenta\n- Inspekcja Handlowa" in parsed(html).text
    assert "Rzecznik" not in parsed(html.replace("<p>Pomogą Ci w sporze te instytucje:</p>", "")).text


def test_forms_to_download_stay() -> None:
    files = (
        '<ul><li><a href="/zwrot.pdf">Formularz</a></li><li><a href="/r.docx?v=2">Reklamacja</a></li></ul>'
    )
    assert "- Formularz\n- Reklamacja" in parsed(f"{NAVIGATION}<div>{ARTICLE}{files}</div>").text


def test_the_title_stays_wherever_it_stands() -> None:
    hero = "<header class=hero><h1>Zwroty</h1></header>"
    html = f"{NAVIGATION}{hero}<div><div>Dział</div><div>{ARTICLE}</div></div>"
    found = parsed(html)
    assert found.text.startswith("Zwroty\n\nAkapit 0")
    assert [anchor.label for anchor in found.anchors] == ["Zwroty"]


def test_a_title_that_is_no_heading_is_known_by_the_head() -> None:
    html = f"<div class=top><b>Zwroty towaru</b></div><article>{ARTICLE}</article>"
    assert [anchor.label for anchor in parsed(html, title="Zwroty towaru | Sklep").anchors] == [
        "Zwroty towaru"
    ]
    assert not parsed(html, title="Sklep").anchors


def test_a_page_of_links_alone_says_what_they_are() -> None:
    assert parsed("<p><a href=/a>Regulamin</a></p><p><a href=/b>Zwroty</a></p>").text == "Regulamin\n\nZwroty"


# --- panels ------------------------------------------------------------------------------------


def test_tabs_without_ids_pair_with_their_panels_by_place() -> None:
    html = (
        "<div><ul role=tablist><li role=tab>Start</li><li role=tab>Firma</li></ul>"
        "<div><div role=tabpanel><p>35 zł</p></div><div role=tabpanel hidden><p>99 zł</p></div></div></div>"
    )
    assert parsed(html).text == "Start\n\n35 zł\n\nFirma\n\n99 zł"


def test_tabs_by_radio_buttons_pair_with_their_panels_by_place() -> None:
    css = "<style>.tab{display:none}#a:checked~.a,#b:checked~.b{display:block}</style>"
    html = (
        "<div><input type=radio id=a><label for=a>Start</label>"
        "<input type=radio id=b><label for=b>Firma</label>"
        "<div class='tab a'>35 zł</div><div class='tab b'>99 zł</div></div>"
    )
    assert parsed(css + html).text == "Start\n\n35 zł\n\nFirma\n\n99 zł"


def test_a_class_that_only_lays_out_does_not_show_what_is_hidden() -> None:
    css = "<style>.box{display:block}.secret{display:none}</style>"
    assert parsed(f"{css}<p>Widać.</p><div class='box secret'>Tajne.</div>").text == "Widać."


def test_an_icon_between_a_question_and_its_answer_changes_nothing() -> None:
    css = "<style>.faq-answer{height:0;overflow:hidden}</style>"
    answer = "<img src=/plus.svg><div class=faq-answer>Sklep</div>"
    html = f"<div class=faq><div class=faq-question>Kto płaci?</div>{answer}</div>"
    assert parsed(css + html).text == "Kto płaci?\n\nSklep"


def test_a_tab_does_not_repeat_the_heading_of_its_panel() -> None:
    panel = "<div id=o role=tabpanel aria-labelledby=t><h2>Opis</h2><p>Dąb.</p></div>"
    html = f'<ul><li><a id=t role=tab aria-controls=o href="#o">Opis</a></li></ul>{panel}'
    assert parsed(html).text == "Opis\n\nDąb."


def test_tables_of_other_elements_read_row_by_row() -> None:
    rows = (("columnheader", "Metoda", "Koszt", "Czas"), ("cell", "Kurier InPost", "14,99 zł", "1–2 dni"))
    html = "".join(
        f"<div role=row>{''.join(f'<span role={role}>{cell}</span>' for cell in cells)}</div>"
        for role, *cells in rows
    )
    expected = "Metoda: Koszt, Czas\nKurier InPost: 14,99 zł, 1–2 dni"
    assert parsed(f"<div role=table><div role=rowgroup>{html}</div></div>").text == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (  # a column of names without a name of its own
            "<tr><th><th>Start<th>Pro<tr><th>Cena<td>49 zł<td>99 zł<tr><th>Osoby<td>1<td>5",
            "Start, Pro\nCena: Start 49 zł, Pro 99 zł\nOsoby: Start 1, Pro 5",
        ),
        (  # two rows of columns' names
            "<tr><th rowspan=2>Bilet<th colspan=2>Strefa 1<tr><th>cały<th>ulga<tr><td>20 min<td>3 zł<td>2 zł",
            "Bilet: Strefa 1 cały, Strefa 1 ulga\n20 min: Strefa 1 cały 3 zł, Strefa 1 ulga 2 zł",
        ),
        (  # a heading inside the table
            "<tr><td colspan=2><b>Polska</b><tr><td>DPD<td>15 zł<tr><td colspan=2>Inne<tr><td>DHL<td>59 zł",
            "Polska\nDPD: 15 zł\nInne\nDHL: 59 zł",
        ),
        (  # a table in a cell of the page's layout
            "<tr><td><p>Kurier</p><td><table><tr><td>do 5 kg<td>15 zł<tr><td>do 30 kg<td>25 zł</table>",
            "Kurier\n\ndo 5 kg: 15 zł\ndo 30 kg: 25 zł",
        ),
    ],
)
def test_table_rows(rows: str, expected: str) -> None:
    assert parsed(f"<table>{rows}</table>").text == expected


@pytest.mark.parametrize(
    ("html", "fragment"),
    [
        ('<h2 id="zwroty">Zwroty</h2>', "zwroty"),
        ('<h2><a name="zwroty"></a>Zwroty</h2>', "zwroty"),
        ('<h2><span id="zwroty">Zwroty</span></h2>', "zwroty"),
        ('<a name="zwroty"></a><h2>Zwroty</h2>', "zwroty"),
        ('<a id="zwroty"><h2>Zwroty</h2></a>', "zwroty"),
        ('<section id="zwroty"><h2>Zwroty</h2></section>', "zwroty"),
        ('<section id="zwroty"><div><h2>Zwroty</h2></div></section>', "zwroty"),
        ('<input id="szukaj"><h2>Zwroty</h2>', ""),
        ("<h2>Zwroty</h2>", ""),
    ],
)
def test_headings_keep_their_id(html: str, fragment: str) -> None:
    assert [anchor.fragment for anchor in parsed(f"{html}<p>14 dni</p>").anchors] == [fragment]


def test_an_opener_that_is_gone_does_not_keep_what_is_around_its_panel() -> None:
    toc = "<div role=navigation><input type=checkbox role=button class=toctoggle style='display:none'>"
    toc += "<div><h2>Spis treści</h2></div><ul><li><a href='#a'>Koszt</a></li></ul></div>"
    assert parsed(f"<p>Wstęp do zwrotów.</p>{toc}<h2 id=a>Koszt</h2><p>0 zł</p>").text == (
        "Wstęp do zwrotów.\n\nKoszt\n\n0 zł"
    )


@pytest.mark.parametrize("hidden", ["", " style='display:none'"])
@pytest.mark.parametrize("wrap", ["{}", "<div class=all>{}</div>"])
def test_tabs_known_by_a_class_pair_with_their_panels_by_place(wrap: str, hidden: str) -> None:
    panels = f"<div><p>35 zł</p></div><div{hidden}><p>99 zł</p></div>"
    tabs = "<ul class=tabs-nav><li><a href='#'>Start</a></li><li><a href='#'>Firma</a></li></ul>"
    assert parsed(f"<div>{tabs}{wrap.format(panels)}</div>").text == "Start\n\n35 zł\n\nFirma\n\n99 zł"


def test_a_menu_of_tabs_has_no_panels() -> None:
    tabs = "<ul class=tabs><li><a href=/a>Opis</a></li><li><a href=/b>Opinie</a></li></ul>"
    html = f"<p>Dąb.</p>{tabs}<div><p>Buk.</p></div><div style='display:none'><p>NIE</p></div>"
    assert "NIE" not in parsed(html).text


# --- tables, pairs, signs ----------------------------------------------------------------------

SIGNS = {
    "a title": "<svg><title>Tak</title><path d=M0/></svg>",
    "a label": "<svg role=img aria-label=Tak><use href='#c'/></svg>",
    "a picture's text": "<img src=t.png alt=Tak>",
    "an element that is a picture": "<span role=img aria-label=Tak></span>",
    "words for screen readers": "<i aria-hidden=true>●</i><span class=sr-only>Tak</span>",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS.keys())
def test_a_cell_that_shows_a_sign_says_what_it_means(sign: str) -> None:
    table = f"<table><tr><th>Usługa<th>Wersja<tr><td>Kopia<td>{sign}</table>"
    assert parsed(table).text == "Usługa: Wersja\nKopia: Tak"
    assert "Tak" not in parsed(f"<p>Kopia {sign}</p>").text


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<i class='fa fa-check'></i>", "Kopia: ✓"),
        ("<i class='fa-solid fa-xmark'></i>", "Kopia: ✗"),
        ("<i class='fa fa-star'></i>", "Kopia"),
        ("<a href=/k><img alt=Pobierz></a>", "Kopia"),
        ("<img alt=Ikona>", "Kopia"),
        ("<img alt='Widok panelu z boku'>", "Kopia"),
        ("dziś <img alt=Nowość>", "Kopia: dziś"),
    ],
)
def test_signs_by_their_class_and_pictures_that_are_none(cell: str, expected: str) -> None:
    table = f"<table><tr><th>Usługa<th>Wersja<tr><td>Kopia<td>{cell}</table>"
    assert parsed(table).text == f"Usługa: Wersja\n{expected}"


def test_a_crossed_out_item_says_so() -> None:
    html = "<ul><li><i class='fa fa-check'></i> Kopia</li><li><i class='fa fa-times'></i> SSH</li></ul>"
    assert parsed(html).text == "- Kopia\n- ✗ SSH"


def test_a_table_with_a_little_table_in_a_cell_keeps_its_rows() -> None:
    inner = "<table><tr><td>kwota<td>w groszach<tr><td>waluta<td>euro</table>"
    rows = f"<tr><th>Pole<th>Opis<tr><td>masa<td>w gramach, do 31500<tr><td>polisa<td>od zguby {inner}"
    assert parsed(f"<table>{rows}</table>").text == (
        "Pole: Opis\nmasa: w gramach, do 31500\npolisa: od zguby kwota: w groszach waluta: euro"
    )


def test_names_and_values_in_elements_of_no_meaning_are_terms() -> None:
    html = "".join(
        f"<div class=row><div class=p-name>{name}</div><div class=p-value>{value}</div></div>"
        for name, value in (("Marka", "Perla"), ("Zbiornik:", "1,6 l"))
    )
    assert (
        parsed(f"<h2>Dane</h2>{html}<p>Koniec</p>").text == "Dane\n\nMarka: Perla\nZbiornik: 1,6 l\n\nKoniec"
    )
    items = "<ul><li><span class=label>Marka</span><span class=value>Perla</span></li></ul>"
    assert parsed(items).text == "- Marka: Perla"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<li><b>Wosk</b><span>sojowy</span></li>", "- Wosk sojowy"),
        ("<li><span class=c1>Wysy</span><span class=c2>łka</span></li>", "- Wysyłka"),
    ],
)
def test_elements_in_an_item_stand_apart_unless_they_share_a_word(html: str, expected: str) -> None:
    assert parsed(f"<ul>{html}</ul>").text == expected


# --- boilerplate by what it says ---------------------------------------------------------------

SAID_AROUND = {
    "feedback": "<div><p>Was this article helpful?</p><a href=/y>NIE</a></div>",
    "feedback in Polish": "<div>Czy ten artykuł był pomocny? <span>NIE</span></div>",
    "a path": "<div><a href=/>Strona główna</a> » <a href=/p>Pomoc</a> » NIE</div>",
    "a path with a word before it": "<div>Jesteś tutaj: <a href=/>Sklep</a> / NIE</div>",
    "a pager": "<div><a href=/1>Poprzedni NIE</a> <a href=/2>Następny NIE</a></div>",
    "other products": "<div><h3>Zobacz również</h3><a href=/p>Kubek NIE</a> <b>59,00 zł</b></div>",
    "cookies": "<div class=fixed>NIE ma strony bez cookies. <button>Dobrze</button></div>",
    "a dialogue": "<div role=dialog><h4>NIE</h4><p>Zostaw numer, oddzwonimy.</p></div>",
    "a sign that links": "<p><a href='#top'>↑</a></p>",
    "a bar of promotions": "<div class=promo-bar>NIE: 20% taniej z kodem ZIMA</div>",
}


@pytest.mark.parametrize("around", SAID_AROUND.values(), ids=SAID_AROUND.keys())
def test_boilerplate_is_known_by_what_it_says(around: str) -> None:
    text = f"<div><h1>Zwroty</h1>{ARTICLE}</div>"
    assert parsed(f"<div>{around}{text}</div>").text == parsed(text).text


SAID_IN_TEXT = {
    "a question about usefulness": "<div><h3>Czy ta karta jest przydatna?</h3><p>TEKST</p></div>",
    "a question about cookies": "<div><button aria-expanded=false>Cookies?</button><div>TEKST</div></div>",
    "cookies without a button": "<div>Nasza strona używa cookies: TEKST</div>",
    "popular questions": "<div><h2>Popularne</h2><details><summary>Kiedy?</summary>TEKST</details></div>",
    "a path in a program": "<p>Start > Ustawienia > TEKST</p>",
    "a form with a product": "<form><h2>Ekspres</h2><p>TEKST 899 zł</p><input type=number name=qty></form>",
    "the next step": "<ul><li><a href=/n>Następne kroki TEKST</a></li></ul><p>Dalej.</p>",
}


@pytest.mark.parametrize("html", SAID_IN_TEXT.values(), ids=SAID_IN_TEXT.keys())
def test_text_that_sounds_like_boilerplate_stays(html: str) -> None:
    assert "TEKST" in parsed(f"<div><h1>Zwroty</h1>{html}{ARTICLE}</div>").text


def test_a_permalink_is_no_part_of_a_heading() -> None:
    found = parsed("<h2 id=k>Koszt<a class=headerlink href='#k'>¶</a></h2><p>0 zł</p>")
    assert found.text == "Koszt\n\n0 zł"


@pytest.mark.parametrize(
    ("last", "kept"), [("Nasi partnerzy", False), ("Infolinia 22 123 45 67", True), ("bok@sklep.pl", True)]
)
def test_a_last_heading_over_nothing_goes_unless_it_states_something(last: str, kept: bool) -> None:
    html = f"<h1>Zwroty</h1><p>Masz 14 dni.</p><h2>{last}</h2><img src=logo.png>"
    found = parsed(html)
    assert found.text.endswith(last) is kept
    assert (found.anchors[-1].label == last) is kept


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [("reversed", "3. a\n2. b\n1. c"), ("reversed start=9 type=A", "I) a\nH) b\nG) c")],
)
def test_lists_that_count_down(attributes: str, expected: str) -> None:
    assert parsed(f"<ol {attributes}><li>a<li>b<li>c</ol>").text == expected
