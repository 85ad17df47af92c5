"""Every reader, on nonsense, on text that looks like what it reads, and on real files that were damaged.

Whatever is given ends soon, in documents that keep the types' promises or in a `KBAssistError`.
`KBASSIST_FUZZ=2000` runs so many examples a test, other ones each time.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import zipfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from docx_writer import archive, definition, docx, level, p, table, use
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbassist.errors import KBAssistError
from kbassist.sources.exports import read_export
from kbassist.sources.files import FileSource
from kbassist.sources.formats import read_html, read_markdown, read_text
from kbassist.sources.helpdesk import articles, replies
from kbassist.sources.html import parse_html
from kbassist.sources.office import read_docx, read_odt
from kbassist.sources.pdf import read_pdf
from kbassist.sources.regulation import structure
from kbassist.sources.replies import ReplySource
from kbassist.types import PUBLIC, Document

EXAMPLES = os.environ.get("KBASSIST_FUZZ")
SECONDS = 10  # an example takes milliseconds; a machine that does other things gets time too
MEMORY = 700 * 2**20  # bytes that all of it together may add

COMPANY = Path(__file__).parent.parent / "examples" / "company"

fuzz = settings(
    max_examples=int(EXAMPLES or 40),
    derandomize=EXAMPLES is None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)


@contextmanager
def soon():
    """Interrupts what does not end."""

    def interrupt(signum, frame):
        raise AssertionError(f"no end after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module", autouse=True)
def within_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < MEMORY


def holds(document):
    """What the types promise."""
    assert isinstance(document, Document)
    document.text.encode()
    document.title.encode()
    for anchor in document.anchors:
        assert 0 <= anchor.start <= len(document.text)
        if anchor.kind == "heading":
            # A heading of a regulation may stand on two lines: "Rozdział IV" and its title.
            told = " ".join(document.text[anchor.start :][: 2 * len(anchor.label) + 9].split())
            assert told.startswith(anchor.label)
    json.dumps(document.to_dict())


def check(read, *given):
    """Read and look at what came; a refusal is fine."""
    with soon():
        try:
            found = read(*given)
            items = [found] if isinstance(found, Document) else list(found)
        except KBAssistError:
            return
        for item in items:
            if isinstance(item, Document):
                holds(item)
                structured = structure(item)
                holds(structured)
                assert structured.text == item.text


# --- what is given --------------------------------------------------------------------------------


@cache
def contents(*patterns):
    """Real files, the larger ones cut."""
    return [path.read_bytes()[:60_000] for pattern in patterns for path in sorted(COMPANY.rglob(pattern))]


@st.composite
def damaged(draw, originals, tokens=(b"\x00", b"\xff", b"<", b">", b'"')):
    """A file after some accidents: bytes lost, doubled, moved, overwritten, the end missing."""
    data = bytearray(draw(st.sampled_from(originals)))
    place = st.integers(0, max(len(data), 1))
    for _ in range(draw(st.integers(1, 6))):
        at, length = draw(place) % (len(data) + 1), draw(st.sampled_from((1, 2, 7, 40, 900)))
        accident = draw(st.integers(0, 5))
        if accident == 0:
            del data[at:]
        elif accident == 1:
            del data[at : at + length]
        elif accident == 2:
            data[at:at] = data[at : at + length] * draw(st.integers(1, 30))
        elif accident == 3:
            data[at : at + length] = draw(st.binary(max_size=length))
        elif accident == 4:
            data[at:at] = draw(st.sampled_from(tokens)) * draw(st.sampled_from((1, 2, 300)))
        else:
            data[at : at + length] = bytes(reversed(data[at : at + length]))
    return bytes(data)


def soup(pieces, most=60):
    """Pieces in any order, with other text between them."""
    other = st.text(alphabet="aą §.,;:()[]{}|#*-–\n\t1279\u00ad\u200b\ud83d\ude00<>&\"'=", max_size=12)
    return st.lists(st.one_of(st.sampled_from(pieces), other), max_size=most).map("".join)


TAGS = (
    *(
        "<p>",
        "</p>",
        "<div class='menu'>",
        "</div>",
        "<table>",
        "<tr>",
        "<td rowspan=99999 colspan=99999>",
        "<th>",
    ),
    *(
        "</table>",
        "<ul>",
        "<ol start=999999999999>",
        "<li value='x'>",
        "</ul>",
        "<dl>",
        "<dt>",
        "<dd>",
        "<h1>",
    ),
    *(
        "</h1>",
        "<h2 id=a>",
        "</h2>",
        "<details>",
        "<summary>",
        "<style>p{display:none}",
        "</style>",
        "<script>",
    ),
    *(
        "</script>",
        "<svg>",
        "<math>",
        "<template>",
        "<base href='//['>",
        "<a href='http://['>",
        "</a>",
        "<!--",
    ),
    *(
        "-->",
        "<![CDATA[",
        "<?xml ?>",
        "<meta charset=hex>",
        "<html lang=''>",
        "<body>",
        "<main hidden>",
        "<sup>1</sup>",
    ),
    *(
        "&#0;",
        "&#x110000;",
        "&nbsp;",
        "<input type=checkbox id=t>",
        "<label for=t>",
        "<div role=tabpanel id=p>",
    ),
    *(
        "<button aria-controls=p>",
        "<frameset>",
        "<noframes>",
        "<select>",
        "<option>",
        "<pre>",
        "<br>",
        "<b>",
        "</b>",
    ),
)
PROVISIONS = (
    *(
        "§ 1\n",
        "§ 1.",
        "§ 22¹",
        "Art. 33a. ",
        "art. 5 ust. 2 pkt 3 lit. a",
        "\n1. ",
        "\n2) ",
        "\n3. ",
        "\na) ",
        "\nb) ",
    ),
    *(
        "\n– ",
        "\n1.1. ",
        "\n7.2.3 ",
        "Rozdział IV\n",
        "DZIAŁ II",
        "\n(1) ",
        "Article 6(1)(f)\n",
        "Section 4.2(b) ",
    ),
    *(
        "Załącznik nr 1\n",
        "Regulamin\n",
        "obowiązuje od 1 stycznia 2025 r.",
        "31.12.9999",
        "zł",
        "niniejszy regulamin",
    ),
    *(
        "\n\n",
        "\n999999. ",
        "\nzz) ",
        "§ 99999999999 ",
        "(uchylony)",
        "\nMCMXCIV. ",
        "\n1. 1. 1. ",
        "Motyw 47\n",
    ),
)
MARKDOWN = (
    *(
        "# ",
        "\n## ",
        "\n---\n",
        "title: x\n",
        "\n- ",
        "\n1. ",
        "\n> ",
        "```",
        "`",
        "**",
        "_",
        "[a](b)",
        "![a](b)",
        "[^1]",
    ),
    *(
        "\n[^1]: ",
        "\n| a | b |\n|---|---|\n",
        "~~",
        "<details>",
        "<div>",
        "\\",
        "    kod\n",
        "&amp;",
        "]: ",
        "audience: [",
    ),
)


# --- readers --------------------------------------------------------------------------------------


@fuzz
@given(st.binary(max_size=400))
@pytest.mark.parametrize(
    "read", [read_html, read_text, read_docx, read_odt, lambda data, name: read_markdown(data, name, PUBLIC)]
)
def test_any_bytes(read, data):
    check(read, data, "a")


@fuzz
@given(soup(TAGS))
def test_html_that_is_like_html(text):
    check(read_html, text.encode("utf-8", errors="surrogatepass"), "a")


@fuzz
@given(damaged(contents("*.html"), tuple(tag.encode() for tag in TAGS)))
def test_damaged_pages(data):
    check(read_html, data, "a")


@pytest.mark.parametrize(
    ("tags", "depth"),
    [
        *(("<div>", 20_000), ("<b>", 20_000), ("<ul><li>", 20_000), ("<dl><dd>", 20_000)),
        *(("<details><summary>x</summary>", 20_000), ("<table><tr><td>", 20_000)),
    ],
)
def test_deep_pages(tags, depth):
    with soon():
        holds(read_html((tags * depth + "tekst").encode(), "a"))


@fuzz
@given(soup(PROVISIONS))
def test_regulations_that_are_like_regulations(text):
    for kind in ("page", "regulation"):
        check(structure, Document(id="a", text=text.encode("utf-8", errors="replace").decode(), kind=kind))


@fuzz
@given(damaged(contents("regulamin*.html", "polityka*.html"), tuple(piece.encode() for piece in PROVISIONS)))
def test_damaged_regulations(data):
    text = parse_html(data).text
    check(structure, Document(id="a", text=text, kind="regulation"))


@fuzz
@given(soup(MARKDOWN))
def test_markdown_that_is_like_markdown(text):
    check(lambda: read_markdown(text.encode("utf-8", errors="surrogatepass"), "a", PUBLIC))


@fuzz
@given(damaged(contents("*.md", "README*"), tuple(piece.encode() for piece in MARKDOWN)))
def test_damaged_markdown(data):
    check(read_markdown, data, "a", PUBLIC)


@fuzz
@given(damaged(contents("*.pdf"), (b"endobj", b"stream", b"<<", b">>", b"/Kids [1 0 R]", b"obj 0 0")))
def test_damaged_pdfs(data):
    check(lambda: read_pdf(data, uri="a"))


@fuzz
@given(damaged(contents("*.csv"), (b'"', b";", b",", b"\n", b"\r", b"\t", b"\x00")))
def test_damaged_tables_of_replies(tmp_path, data):
    (tmp_path / "a.csv").write_bytes(data)
    check(ReplySource(tmp_path / "a.csv").read)


# --- exports --------------------------------------------------------------------------------------

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just("<p>tekst</p>")
)
FIELDS = st.sampled_from(
    "id title body name locale html_url section_id draft user_segment_id user_segment_ids label_names"
    " edited_at actions field value active restriction type ids content content_html folder_id responses"
    " macros articles sections categories folders canned_responses updated_at".split()
)
JSON = st.recursive(
    PLAIN,
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(FIELDS, inside, max_size=8)),
    max_leaves=25,
)


def from_export(data):
    export = read_export(data, "a")
    yield from articles(export, "a", PUBLIC, {}, lambda read: str(len(read)))
    yield from replies(export, "a")


@fuzz
@given(JSON)
def test_any_json(value):
    check(from_export, json.dumps(value).encode())


@fuzz
@given(st.dictionaries(FIELDS, JSON, min_size=6, max_size=20))
def test_records_with_fields_of_any_kind(record):
    for name in ("articles", "macros", "responses"):
        check(
            from_export,
            json.dumps({name: [{"title": "x", "body": "x", **record, "actions": [record]}]}).encode(),
        )


# --- office files ---------------------------------------------------------------------------------

WORD = docx(
    p("Regulamin", style="Title")
    + p("Zwroty", num=(1, 0))
    + p("Masz 14 dni.", num=(1, 1))
    + table(["a", "b"], ["c", "1 zł"]),
    numbering=definition(1, level(0, "decimal", "§ %1"), level(1, "upperRoman", "%1.%2")) + use(1, 1),
    styles='<w:style w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Title"/></w:style>',
)
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
WRITER = archive(
    {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'<o:c xmlns:o="{SPACE}:office:1.0" xmlns:t="{SPACE}:text:1.0" '
        f'xmlns:b="{SPACE}:table:1.0"><o:automatic-styles><t:list-style t:name="L">'
        '<t:list-level-style-number t:level="1" t:num-format="1"/>'
        "</t:list-style></o:automatic-styles><o:body><o:text><t:h>Zwroty</t:h>"
        '<t:list t:style-name="L"><t:list-item><t:p>Masz<t:s t:c="9"/>14 dni.</t:p></t:list-item></t:list>'
        "<b:table><b:table-row><b:table-cell><t:p>a</t:p></b:table-cell></b:table-row></b:table>"
        "</o:text></o:body></o:c>",
    }
)
XML = (
    b"<w:p>",
    b"</w:p>",
    b"<w:tbl>",
    b"<w:tc>",
    b'w:val="-1"',
    b'w:val="99999999999"',
    b"&a;",
    b"%9",
    b"]]>",
)


@st.composite
def repacked(draw, original):
    """A zipped file whose parts were damaged before they were packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as given, zipfile.ZipFile(packed, "w") as made:
        hurt = draw(st.sampled_from(given.namelist()))
        for name in given.namelist():
            data = given.read(name)
            made.writestr(name, draw(damaged([data], XML)) if name == hurt else data)
    return packed.getvalue()


@fuzz
@given(st.one_of(damaged([WORD]), repacked(WORD)))
def test_damaged_docx(data):
    check(read_docx, data, "a")


@fuzz
@given(st.one_of(damaged([WRITER]), repacked(WRITER)))
def test_damaged_odt(data):
    check(read_odt, data, "a")


PIECES = (
    *(
        "<w:p>",
        "</w:p>",
        "<w:r>",
        "</w:r>",
        "<w:t>tekst</w:t>",
        "<w:tbl>",
        "</w:tbl>",
        "<w:tr>",
        "</w:tr>",
        "<w:tc>",
    ),
    *(
        "</w:tc>",
        "<w:ins>",
        "</w:ins>",
        '<w:footnoteReference w:id="2"/>',
        "<w:sdt><w:sdtContent>",
        "</w:sdtContent></w:sdt>",
    ),
    *(
        "<w:txbxContent>",
        "</w:txbxContent>",
        '<w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="1"/></w:numPr></w:pPr>',
    ),
    *(
        '<w:tcPr><w:gridSpan w:val="999999999"/><w:vMerge/></w:tcPr>',
        '<w:sym w:char="zz"/>',
        '<w:sym w:char="110000"/>',
    ),
)


def balanced(pieces):
    """What is open at the end is closed, what closes nothing is left out."""
    made, still_open = [], []
    for piece in pieces:
        for tag in piece.replace("><", ">\n<").split("\n"):
            if tag.startswith("</"):
                if still_open and still_open[-1] == tag:
                    made.append(still_open.pop())
            else:
                made.append(tag)
                if not tag.endswith("/>") and "</" not in tag:
                    still_open.append("</" + tag[1:].partition(" ")[0].rstrip(">") + ">")
    return "".join(made + still_open[::-1])


@fuzz
@given(st.lists(st.sampled_from(PIECES), max_size=80).map(balanced))
def test_docx_that_is_like_docx(body):
    numbering = definition(1, level(0, "decimal", "§ %1"), level(8, "lowerRoman", "%9%1")) + use(1, 1)
    check(
        read_docx,
        docx(body, numbering=numbering, footnotes=f'<w:footnote w:id="2">{p("x")}</w:footnote>'),
        "a",
    )


# --- files ----------------------------------------------------------------------------------------


@fuzz
@given(damaged([*contents("*.html", "*.csv", "*.pdf"), WORD, WRITER]), st.sampled_from(
    ("txt", "html", "md", "pdf", "docx", "odt", "json", "csv", "")
))  # fmt: skip
def test_any_damaged_file_under_any_name(tmp_path, data, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data)
    check(FileSource(path).read)
    path.unlink()
