"""DOCX: what stands on paper, and the numbers that are counted, not written."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from docx_writer import archive, definition, docx, level, p, r, table, use

from kbassist.errors import SourceError
from kbassist.sources.files import FileSource
from kbassist.sources.office import read_docx
from kbassist.sources.office.numerals import shown

STYLES = (
    '<w:style w:type="paragraph" w:styleId="Tytu"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Nagwek1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Nagwek2"><w:name w:val="heading 2"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Moj"><w:name w:val="Mój nagłówek"/>'
    '<w:basedOn w:val="Nagwek2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Spistreci1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Ustep"><w:name w:val="Ustęp"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
)
PARAGRAPHS = definition(
    1,
    level(0, "decimal", "§ %1"),
    level(1, "decimal", "%2.", '<w:pStyle w:val="Ustep"/>'),
    level(2, "lowerLetter", "%3)"),
    level(3, "bullet", ""),
)
REGULATION = [
    p("Regulamin sklepu", style="Tytu"),
    p("", num=(1, 0)),
    p("Zwroty", style="Nagwek1"),
    p("Na odstąpienie masz 14 dni.", style="Ustep"),
    p("Towar odsyłasz:", style="Ustep"),
    p("kurierem,", num=(1, 2)),
    p("pocztą.", num=(1, 2)),
    p("", num=(1, 0)),
    p("Reklamacje", style="Nagwek1"),
    p("Odpowiadamy w 14 dni.", style="Ustep"),
]


def read(*body, **parts):
    return read_docx(docx("".join(body), styles=STYLES, **parts), "umowy/regulamin.docx")


def text(*body, **parts):
    return read(*body, **parts).text


# --- numbers --------------------------------------------------------------------------------------


def numbered(*paragraphs, definitions=PARAGRAPHS, uses=None):
    return text(*paragraphs, numbering=definitions + (uses or use(1, 1))).split("\n")


def test_numbers_that_word_counts_are_written():
    assert text(*REGULATION, numbering=PARAGRAPHS + use(1, 1)) == (
        "Regulamin sklepu\n\n§ 1\n\nZwroty\n\n"
        "1. Na odstąpienie masz 14 dni.\n2. Towar odsyłasz:\na) kurierem,\nb) pocztą.\n§ 2\n\n"
        "Reklamacje\n\n1. Odpowiadamy w 14 dni."
    )


def test_a_regulation_with_counted_numbers_has_its_provisions(tmp_path):
    (tmp_path / "a.docx").write_bytes(
        docx("".join(REGULATION), styles=STYLES, numbering=PARAGRAPHS + use(1, 1))
    )
    (document,) = FileSource(tmp_path / "a.docx").read()
    labels = [anchor.label for anchor in document.anchors if anchor.kind == "provision"]
    assert document.kind == "regulation"
    assert labels == [
        *("§ 1", "§ 1 ust. 1", "§ 1 ust. 2", "§ 1 ust. 2 lit. a", "§ 1 ust. 2 lit. b"),
        *("§ 2", "§ 2 ust. 1"),
    ]


def test_levels_above_are_shown_and_levels_below_begin_anew():
    legal = definition(
        2,
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%1.%2.", "<w:isLgl/>"),
        level(2, "decimalZero", "%1-%3"),
    )
    items = [p("x", num=(2, at)) for at in (0, 1, 1, 2, 0, 1)]
    assert numbered(*items, definitions=legal, uses=use(2, 2)) == [
        *("I. x", "1.1. x", "1.2. x", "I-01 x", "II. x", "2.1. x"),
    ]


@pytest.mark.parametrize(
    ("restart", "told"),
    [
        ("", ["1)", "1)"]),
        ('<w:lvlRestart w:val="0"/>', ["1)", "2)"]),
        ('<w:lvlRestart w:val="1"/>', ["1)", "1)"]),
    ],
)
def test_whether_a_level_begins_anew_is_the_definitions_word(restart, told):
    chapters = definition(2, level(0, "decimal", "R%1"), level(1, "decimal", "%2)", restart))
    items = [p("x", num=(2, at)) for at in (0, 1, 0, 1)]
    lines = numbered(*items, definitions=chapters, uses=use(2, 2))
    assert [line.removesuffix(" x") for line in lines[1::2]] == told


def test_two_lists_of_one_definition_count_on_unless_one_starts_anew():
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    lines = numbered(
        *[p("x", num=(name, 0)) for name in (1, 2, 3, 3, 1)], uses=use(1, 1) + use(2, 1) + use(3, 1, override)
    )
    assert lines == ["§ 1 x", "§ 2 x", "§ 7 x", "§ 8 x", "§ 9 x"]


def test_a_list_may_stand_in_a_style():
    linked = definition(5, more='<w:numStyleLink w:val="Lista"/>') + definition(
        6, level(0, "upperLetter", "%1)"), more='<w:styleLink w:val="Lista"/>'
    )
    assert numbered(p("x", num=(5, 0)), definitions=linked, uses=use(5, 5)) == ["A) x"]


def test_what_has_no_number_gets_none():
    none = definition(1, level(0, "none", ""), level(1, "decimal", "%1.%2"))
    lines = numbered(
        p("x", num=(1, 0)), p("y", num=(1, 1)), p("z", num=(0, 0)), p("q", num=(9, 0)), definitions=none
    )
    assert [line for line in lines if line] == ["x", ".1 y", "z", "q"]


@pytest.mark.parametrize(
    ("number", "style", "told"),
    [
        (4, "i", "iv"),
        (1994, "I", "MCMXCIV"),
        (28, "a", "bb"),
        (3, "A", "C"),
        (7, "01", "07"),
        (10**9, "I", "1000000000"),
    ],
)
def test_numerals(number, style, told):
    assert shown(number, style) == told


# --- text -----------------------------------------------------------------------------------------


def test_headings_have_their_levels_and_places():
    document = read(
        p("Cennik", style="Tytu"),
        p("Spis 3", style="Spistreci1"),
        p("Dostawa", style="Nagwek1"),
        p("Kurier: 15 zł"),
        p("Za granicę", style="Moj"),
        p("Po\u00adza UE", properties='<w:outlineLvl w:val="2"/>'),
        p("Zwykły " * 40, style="Nagwek1"),
    )
    assert [(anchor.label, anchor.level) for anchor in document.anchors] == [
        *(("Cennik", 1), ("Dostawa", 1), ("Za granicę", 2), ("Poza UE", 3)),
    ]
    assert all(document.text[anchor.start :].startswith(anchor.label) for anchor in document.anchors)
    assert (document.title, "Spis" in document.text) == ("Cennik", False)


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (
            r("jest") + f"<w:ins>{r(' nowe')}</w:ins><w:del><w:r><w:delText>stare</w:delText></w:r></w:del>",
            "jest nowe",
        ),
        (f"<w:moveFrom>{r('stąd')}</w:moveFrom><w:moveTo>{r('tu')}</w:moveTo>", "tu"),
        (r("widać") + r(" tajne", "<w:vanish/>") + r(" też", '<w:vanish w:val="0"/>'), "widać też"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r>", "a b\nc-"),
        (r("art. 22") + r("1", '<w:vertAlign w:val="superscript"/>'), "art. 22¹"),
        (r("CO") + r("2", '<w:vertAlign w:val="subscript"/>'), "CO2"),
        (f"<w:hyperlink>{r('link')}</w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r>", "link"),
        (f"<w:sdt><w:sdtContent>{r('pole')}</w:sdtContent></w:sdt>", "pole"),
        (r("x") + "<w:commentRangeStart/><w:r><w:commentReference/></w:r><!-- uwaga -->", "x"),
        ('<w:r><w:sym w:font="Symbol" w:char="00A7"/></w:r>' + r(" 5"), "§ 5"),
    ],
)
def test_what_a_reader_sees(inside, told):
    assert text(p(inside)) == told


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    deleted = p("Masz 14 ", properties="<w:rPr><w:del/></w:rPr>")
    assert text(deleted, p("dni.")) == "Masz 14 dni."
    assert text(deleted) == "Masz 14"


def test_footnotes_follow_their_paragraph():
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    notes = "".join(
        f'<w:footnote w:id="{at}">{p(said)}</w:footnote>'
        for at, said in ((2, "Dni robocze."), (3, "Bez VAT."))
    )
    body = p(r("Termin") + reference.format(2) + r(" i cena") + reference.format(3)), p("Dalej.")
    assert text(*body, footnotes=notes) == ("Termin[1] i cena[2]\n\n[1] Dni robocze.\n[2] Bez VAT.\n\nDalej.")


def test_a_text_box_is_read_once():
    box = f"<w:txbxContent>{p('W ramce')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert text(p(drawn + r("Obok"))) == "Obok\n\nW ramce"
    assert text(p(f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>")) == "W ramce"


def test_a_table_of_contents_is_left_out():
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('Zwroty 3')}</w:sdtContent></w:sdt>"
    )
    assert text(contents, p("Zwroty")) == "Zwroty"


# --- tables ---------------------------------------------------------------------------------------

PRICES = (["Sposób", "Cena", "Czas"], ["Kurier", "14,99 zł", "1–2 dni"], ["Paczkomat", "9,99 zł", "2 dni"])


def bold(*names):
    return [f"<w:tc><w:p>{r(name, '<w:b/>')}</w:p></w:tc>" for name in names]


@pytest.mark.parametrize(
    "made", [table(*PRICES, header=True), table(*PRICES), table(bold(*PRICES[0]), *PRICES[1:])]
)
def test_rows_are_lines_that_a_reader_understands(made):
    assert text(p("Dostawa"), made).split("\n\n")[1] == (
        "Sposób: Cena, Czas\nKurier: 14,99 zł, 1–2 dni\nPaczkomat: 9,99 zł, 2 dni"
    )


def test_cells_that_span_count_in_each_row_and_column():
    def cell(said, properties):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(said)}</w:tc>"

    def row(*cells):
        return f"<w:tr>{''.join(cells)}</w:tr>"

    rows = (
        row(*bold("Kraj", "Paczka", "Cena")),
        row(cell("Polska", '<w:vMerge w:val="restart"/>'), cell("mała", ""), cell("9 zł", "")),
        row(cell("", "<w:vMerge/>"), cell("duża", ""), cell("15 zł", "")),
        row(cell("Czechy", ""), cell("nie wysyłamy", '<w:gridSpan w:val="2"/>')),
    )
    lines = text(f"<w:tbl>{''.join(rows)}</w:tbl>").split("\n")
    assert lines[1:3] == ["Polska: Paczka mała, 9 zł", "Polska: Paczka duża, 15 zł"]
    assert lines[3].startswith("Czechy: ")


def test_a_table_that_only_lays_out_is_read_as_text():
    nested = f"<w:tc>{p('Nad tabelą', style='Nagwek1')}{table(*PRICES, header=True)}</w:tc>"
    document = read(table([nested, "Obok"]), table(["Jedna ramka"]))
    assert document.text.startswith("Nad tabelą\n\nSposób: Cena, Czas\nKurier")
    assert document.text.endswith("Obok\n\nJedna ramka")
    assert [anchor.label for anchor in document.anchors] == ["Nad tabelą"]


# --- the file -------------------------------------------------------------------------------------


def test_what_the_properties_say():
    core = (
        "<dc:title>Polityka  zwrotów</dc:title><dc:language>en-US</dc:language>"
        "<dcterms:modified>2026-03-01T10:20:30Z</dcterms:modified>"
    )
    document = read(p("Tekst."), core=core)
    assert (document.id, document.title, document.lang) == ("umowy/regulamin.docx", "Polityka zwrotów", None)
    assert document.modified_at == datetime(2026, 3, 1, 10, 20, 30, tzinfo=UTC)
    plain = read(p("To jest zdanie."), core="<dcterms:modified>wczoraj</dcterms:modified>")
    assert (plain.title, plain.modified_at) == ("regulamin", None)


def test_the_strict_kind_of_file_is_read_too():
    strict = zipfile.ZipFile(io.BytesIO(docx(p("Tekst"))))
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts = {
        name: strict.read(name)
        .replace(transitional, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        .decode()
        for name in strict.namelist()
    }
    assert read_docx(archive(parts), "a.docx").text == "Tekst"


def test_files_that_cannot_be_read_are_told_apart():
    whole = docx(p("Tekst"))
    bomb = archive({"word/document.xml": "<w:document>" + " " * (33 * 2**20)})
    entities = (
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
        "<document><body><p><r><t>&b;</t></r></p></body></document>"
    )
    for data, reason in (
        (whole[: len(whole) // 2], "damaged or cut short"),
        (b"", "damaged or cut short"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "protected by a password, or in the format of Word 97"),
        (archive({"a.txt": "x"}), "not a Word document"),
        (archive({"word/document.xml": "<a><b>"}), "its part word/document.xml is damaged"),
        (bomb, "unpacks to more than 32 MB"),
        (archive({"word/document.xml": "<a>" * 5000}), "is damaged"),
    ):
        with pytest.raises(SourceError, match=f"^a.docx: .*{reason}"):
            read_docx(data, "a.docx")
    assert "aaaa" not in read_docx(archive({"word/document.xml": entities}), "a.docx").text
