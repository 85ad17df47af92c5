"""ODT: what stands on paper, and the numbers that are counted, not written."""

import pytest
from docx_writer import archive

from kbassist.errors import SourceError
from kbassist.sources.office import read_odt

NAMES = ("office", "text", "table", "style", "draw", "meta")
NAMESPACES = 'xmlns:dc="http://purl.org/dc/elements/1.1/" ' + " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES
)


def numbers(level, form, more="", element="list-level-style-number"):
    return f'<text:{element} text:level="{level}" style:num-format="{form}" {more}/>'


def heading_numbers(level, form, more=""):
    return numbers(level, form, more, "outline-level-style")


LISTS = (
    '<text:list-style style:name="L">'
    + numbers(1, "1", 'style:num-prefix="§ "')
    + numbers(2, "1", 'style:num-suffix="."')
    + numbers(3, "a", 'style:num-suffix=")"')
    + '</text:list-style><text:list-style style:name="K">'
    '<text:list-level-style-bullet text:level="1"/></text:list-style>'
    '<style:style style:name="S" style:family="text">'
    '<style:text-properties style:text-position="super 58%"/></style:style>'
)
OUTLINE = (
    "<text:outline-style>"
    + heading_numbers(1, "I", 'style:num-suffix="."')
    + heading_numbers(2, "1", 'text:display-levels="2"')
    + "</text:outline-style>"
)


def part(root, inside):
    return f"<office:document-{root} {NAMESPACES}>{inside}</office:document-{root}>"


def odt(body, *, styles="", meta=""):
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": part(
                "content", f"<office:automatic-styles>{LISTS}</office:automatic-styles>{text}"
            ),
            "styles.xml": part("styles", f"<office:styles>{styles}</office:styles>"),
            "meta.xml": part("meta", f"<office:meta>{meta}</office:meta>"),
        }
    )


def p(text):
    return f"<text:p>{text}</text:p>"


def items(*inside, style="L", more=""):
    made = "".join(f"<text:list-item>{item}</text:list-item>" for item in inside)
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:list{named} {more}>{made}</text:list>"


def row(*cells):
    made = (cell if "<" in cell else f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def inner(*inside):
    return items(*inside, style="")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            items(p("") + inner(p("Masz 14 dni.") + inner(p("x"), p("y")), p("Dalej.")), p("Koniec")),
            "§ 1\n1. Masz 14 dni.\na) x\nb) y\n2. Dalej.\n§ 2 Koniec",
        ),
        (
            items(p("x")) + p("—") + items(p("y"), more='text:continue-numbering="true"'),
            "§ 1 x\n\n—\n\n§ 2 y",
        ),
        (items(p("x")) + p("—") + items(p("y")), "§ 1 x\n\n—\n\n§ 1 y"),
        (
            items(p("x"), more='xml:id="l1"')
            + items(p("k"), style="K")
            + items(p("y"), more='text:continue-list="l1"'),
            "§ 1 x\n- k\n§ 2 y",
        ),
    ],
)
def test_numbers_that_are_counted_are_written(body, told):
    assert read_odt(odt(body), "a.odt").text == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>stare</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
            + p('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d'),
            "a b c\nd",
        ),
        (p('art. 22<text:span text:style-name="S">1</text:span> k.c.'), "art. 22¹ k.c."),
        (p("x<office:annotation><text:p>uwaga</text:p></office:annotation>y"), "xy"),
        (
            p(
                "cena<text:note><text:note-citation>1</text:note-citation>"
                "<text:note-body><text:p>z VAT</text:p></text:note-body></text:note> netto"
            ),
            "cena[1] netto\n\n[1] z VAT",
        ),
        (p("x<draw:frame><draw:text-box><text:p>ramka</text:p></draw:text-box></draw:frame>"), "x\n\nramka"),
        (
            f"<text:table-of-content><text:index-body>{p('Spis')}</text:index-body></text:table-of-content>",
            "",
        ),
    ],
)
def test_what_a_reader_sees(body, told):
    assert read_odt(odt(body), "a.odt").text == told


def test_rows_are_lines_that_a_reader_understands():
    head = f"<table:table-header-rows>{row('Kraj', 'Paczka', 'Cena')}</table:table-header-rows>"
    tall = f'<table:table-cell table:number-rows-spanned="2">{p("Polska")}</table:table-cell>'
    rows = row(tall, "mała", "9 zł"), row("<table:covered-table-cell/>", "duża", "15 zł")
    assert read_odt(odt(f"<table:table>{head}{''.join(rows)}</table:table>"), "a.odt").text == (
        "Kraj: Paczka, Cena\nPolska: Paczka mała, 9 zł\nPolska: Paczka duża, 15 zł"
    )


def test_headings_are_counted():
    headings = ((1, "Zwroty"), (2, "Termin"), (1, "Raty"))
    body = "".join(f'<text:h text:outline-level="{at}">{said}</text:h>' for at, said in headings)
    document = read_odt(
        odt(f"{body}{p('Tekst.')}", styles=OUTLINE, meta="<dc:title>Zasady</dc:title>"), "a.odt"
    )
    assert document.text == "I. Zwroty\n\nI.1 Termin\n\nII. Raty\n\nTekst."
    assert [(anchor.label, anchor.level) for anchor in document.anchors] == [
        (said, at) for at, said in headings
    ]
    assert document.title == "Zasady"


def test_a_protected_file_is_told_apart():
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    with pytest.raises(SourceError, match="protected by a password"):
        read_odt(archive({"META-INF/manifest.xml": manifest}), "a.odt")
