"""Which part of a page is its text: whole pages as shops, help desks and newspapers build them."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_page_as_a_site_builder_writes_it(path: Path) -> None:
    """Of all strings .98 have to be found (`benchmarks/html_text.py`); of one page, nearly all."""
    said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    text = " ".join(parse_html(path.read_bytes()).text.split())
    missing = [string for string in said["keep"] if string not in text]
    leaked = [string for string in said["drop"] if string in text]
    assert len(missing) <= len(said["keep"]) // 6, missing
    assert len(leaked) <= len(said["drop"]) // 2, leaked


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
