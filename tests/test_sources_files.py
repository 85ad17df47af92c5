import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx_writer import archive, docx, p
from pdf_writer import write_pdf

from kbassist import KnowledgeBase
from kbassist.errors import SourceError
from kbassist.sources.files import FileSource
from kbassist.types import Document, Failed, Skipped, Unchanged

PDF = write_pdf([[(50, 700, 10, "Cennik usług serwisowych.")]])
TERMS = "Regulamin\n§ 1. Zwroty\n1. Masz 14 dni.\n§ 2. Płatności\n1. Kartą.\n§ 3. Koniec\n1. Tyle.\n"


def read(*paths, **options):
    return list(FileSource(list(paths), **options).read())


def one(path, **options):
    (document,) = read(path, **options)
    assert isinstance(document, Document)
    return document


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").write_text("Godziny otwarcia\n\nOd 8 do 16.", encoding="utf-8")
    (tmp_path / "b" / "cennik.pdf").write_bytes(PDF)
    (tmp_path / "b" / "dostawa.md").write_text("# Dostawa\n\nWysyłamy **w 2 dni**.", encoding="utf-8")
    (tmp_path / "c.html").write_text(
        "<html lang=pl><title>Kontakt</title><h1>Kontakt</h1><p>Zadzwoń: 22 123 45 67</p>"
    )
    return tmp_path


def test_a_folder_is_read_whole_and_in_order(folder):
    documents = read(folder)
    names = ["a.txt", "c.html", "b/cennik.pdf", "b/dostawa.md"]
    assert [document.id for document in documents] == [(folder / name).as_posix() for name in names]
    assert [document.kind for document in documents] == ["page", "page", "pdf", "page"]
    assert [document.title for document in documents] == [
        "Godziny otwarcia",
        "Kontakt",
        "Cennik usług serwisowych.",
        "Dostawa",
    ]
    assert all(document.uri == Path(document.id).as_uri() for document in documents)


def test_the_id_is_the_path_as_given(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert one("a.txt").id == "a.txt"
    assert [document.id for document in read("b")] == ["b/cennik.pdf", "b/dostawa.md"]
    assert one("a.txt").uri == (folder / "a.txt").as_uri()


def test_when_it_was_modified_is_the_files_time(folder):
    os.utime(folder / "a.txt", (1_700_000_000, 1_700_000_000))
    assert one(folder / "a.txt").modified_at == datetime.fromtimestamp(1_700_000_000, tz=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859-2"])
def test_text_in_the_encodings_that_polish_files_come_in(tmp_path, encoding):
    text = "Zażółć gęślą jaźń: źródło świeżości, łóżko, ćma. Ślązak żąda zwrotu, Łódź ściąga śnieg."
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert one(tmp_path / "a.txt").text == text


def test_line_ends_and_control_characters_are_made_plain(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"Jeden\r\nDwa\rTrzy\x07")
    assert one(tmp_path / "a.txt").text == "Jeden\nDwa\nTrzy"


def test_a_regulation_is_recognised_in_any_format(tmp_path):
    (tmp_path / "a.txt").write_text(TERMS, encoding="utf-8")
    (tmp_path / "b.html").write_text(
        "".join(f"<p>{line}</p>" for line in TERMS.split("\n")), encoding="utf-8"
    )
    (tmp_path / "c.pdf").write_bytes(
        write_pdf(
            [[(50, 800 - 20 * index, 10, line) for index, line in enumerate(TERMS.split("\n")) if line]]
        )
    )
    for document in read(tmp_path):
        assert document.kind == "regulation"
        labels = [anchor.label for anchor in document.anchors if anchor.kind == "provision"]
        assert labels == ["§ 1", "§ 1 ust. 1", "§ 2", "§ 2 ust. 1", "§ 3", "§ 3 ust. 1"]


def test_the_caller_may_name_the_kind_and_the_audience(tmp_path):
    (tmp_path / "a.txt").write_text(TERMS, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Art. 4. Ustawa wchodzi w życie.", encoding="utf-8")
    document = one(tmp_path / "a.txt", kind="faq", audience={"agents"})
    assert (document.kind, document.anchors, document.audience) == ("faq", (), frozenset({"agents"}))
    assert [anchor.label for anchor in one(tmp_path / "b.txt", kind="regulation").anchors] == ["art. 4"]


def test_a_saved_page_of_questions_is_a_faq(tmp_path):
    (tmp_path / "a.html").write_text(
        "<h2>Ile trwa dostawa?</h2><p>Dwa dni.</p><h2>Czy jest zwrot?</h2><p>Tak.</p>"
    )
    assert one(tmp_path / "a.html").kind == "faq"


FRONT_MATTER = """---
title: "Dostawa: zasady"
lang: pl  # język
audience: [agents, partners]
valid_from: 2026-01-01
valid_until: 31.12.2026
status: draft
topic: dostawa
owner: anna@example.pl
tags:
  - kurier
  - paczkomat
---
# Dostawa

| Sposób | Cena |
|---|---|
| Kurier | 14,99 zł |

## Czas

Dwa dni.
"""


def test_front_matter(tmp_path):
    (tmp_path / "a.md").write_text(FRONT_MATTER, encoding="utf-8")
    document = one(tmp_path / "a.md", audience={"public"})
    assert (document.title, document.lang, document.status) == ("Dostawa: zasady", "pl", "draft")
    assert document.audience == frozenset({"agents", "partners"})
    assert (document.valid_from, document.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (document.topic, document.owner) == ("dostawa", "anna@example.pl")
    assert document.meta["tags"] == ["kurier", "paczkomat"]
    assert [(anchor.label, anchor.level) for anchor in document.anchors] == [("Dostawa", 1), ("Czas", 2)]
    assert "Kurier: 14,99 zł" in document.text
    assert "|" not in document.text
    assert "---" not in document.text


def test_all_of_a_markdown_file_is_text(tmp_path):
    (tmp_path / "a.md").write_text(
        "# Pomoc\n\n- [Zwroty](z.md)\n- [Dostawa](d.md)\n\n## Udostępnij\n\n[Facebook](https://f.example)\n\n"
        "Cena[^1] ~~20 zł~~ i `[^a-z]`.\n\n[^1]: Z VAT.\n",
        encoding="utf-8",
    )
    assert one(tmp_path / "a.md").text == (
        "Pomoc\n\n- Zwroty\n- Dostawa\n\nUdostępnij\n\nFacebook\n\nCena[1] i [^a-z].\n\n[1] Z VAT."
    )
    (tmp_path / "b.md").write_text("## Ile?\n\nDwa dni.\n\n## Kiedy?\n\nJutro.\n", encoding="utf-8")
    assert one(tmp_path / "b.md").kind == "faq"


@pytest.mark.parametrize("line", ["valid_from: wkrótce", "status: gotowe", "kind: strona"])
def test_a_wrong_value_in_the_front_matter_is_named(tmp_path, line):
    (tmp_path / "a.md").write_text(f"---\n{line}\n---\nTekst", encoding="utf-8")
    with pytest.raises(SourceError, match=f"a.md: {line.split(':')[0]} is"):
        read(tmp_path / "a.md")


def test_what_cannot_be_read_does_not_stop_the_rest(folder):
    (folder / "zepsuty.pdf").write_bytes(PDF[:300])
    (folder / "pusty.txt").write_bytes(b"")
    (folder / "umowa.docx").write_bytes(b"PK\x03\x04\x00\x00")
    (folder / "odpowiedzi.csv").write_bytes(b"a,b\n")
    (folder / "dane.bin").write_bytes(b"\x00\x01")
    (folder / ".git").mkdir()
    items = read(folder, folder / "nie ma.pdf")
    told = {
        Path(item.ref).name: (type(item), item.reason) for item in items if isinstance(item, Skipped | Failed)
    }
    assert told == {
        "zepsuty.pdf": (Failed, "the file is cut short: fetch or export it again"),
        "pusty.txt": (Failed, "the file holds no text"),
        "umowa.docx": (Failed, "damaged or cut short: fetch or save it again"),
        "odpowiedzi.csv": (Skipped, "a table: add ready replies with add_replies"),
        "dane.bin": (Skipped, "not a PDF, DOCX, ODT, HTML, Markdown or text file"),
        ".git": (Skipped, "a hidden folder"),
        "nie ma.pdf": (Failed, "no such file or folder: check the path"),
    }
    assert sum(isinstance(item, Document) for item in items) == 4


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"<html>404</html>", "a.pdf: not a PDF: it does not begin with %PDF-"),
        ("a.pdf", b"", "a.pdf: the file is empty"),
        ("a.docx", b"PK\x03\x04\x00\x00", "a.docx: damaged or cut short: fetch or save it again"),
        ("a.html", b"<html><body></body></html>", "a.html: the file holds no text"),
    ],
)
def test_when_nothing_can_be_read_it_is_an_error(tmp_path, monkeypatch, name, data, reason):
    (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError) as caught:
        read(name)
    assert str(caught.value) == reason


def test_a_text_as_large_as_a_library_is_refused(tmp_path):
    (tmp_path / "a.md").write_bytes(b"tekst\n" * (5 * 2**20))
    with pytest.raises(SourceError, match="30 MB of text, and at most 25 are read: split it"):
        read(tmp_path / "a.md")


def test_a_missing_path_and_an_empty_folder_are_errors(tmp_path):
    with pytest.raises(SourceError, match="no such file or folder"):
        read(tmp_path / "nie ma")
    with pytest.raises(
        SourceError, match=r"nothing to read in .*name PDF, DOCX, ODT, HTML, Markdown or text files"
    ):
        read(tmp_path)


def test_content_decides_over_the_suffix(tmp_path):
    (tmp_path / "a.txt").write_bytes(PDF)
    (tmp_path / "b.txt").write_text("<!DOCTYPE html><title>Kontakt</title><p>Zadzwoń</p>", encoding="utf-8")
    (tmp_path / "notatki").write_text("Notatka bez rozszerzenia.", encoding="utf-8")
    assert one(tmp_path / "a.txt").kind == "pdf"
    assert one(tmp_path / "b.txt").text == "Zadzwoń"
    assert one(tmp_path / "notatki").text == "Notatka bez rozszerzenia."
    assert isinstance(read(tmp_path)[-1], Skipped)


def test_office_files_are_known_by_what_is_in_them(tmp_path):
    (tmp_path / "a.docx").write_bytes(docx(p("Zwroty w 14 dni.")))
    (tmp_path / "b.zip").write_bytes(docx(p("Dostawa w 2 dni.")))
    (tmp_path / "c.docx").write_text(
        "<html><body><p>Strona pod inną nazwą</p></body></html>", encoding="utf-8"
    )
    (tmp_path / "d.zip").write_bytes(archive({"a.txt": "x"}))
    items = read(tmp_path)
    assert [item.text for item in items[:3]] == [
        "Zwroty w 14 dni.",
        "Dostawa w 2 dni.",
        "Strona pod inną nazwą",
    ]
    assert items[3] == Skipped((tmp_path / "d.zip").as_posix(), "an archive: unpack it")


def test_a_folder_is_watched_by_running_the_command_again(tmp_path):
    article = {"id": 1, "locale": "pl", "title": "Raty", "body": "<p>Raty 0%.</p>"}
    contents = {
        "a.docx": docx(p("Zwroty w 14 dni.")),
        "b.md": b"# Dostawa\n\nKurier: 15 PLN.",
        "c.json": json.dumps({"articles": [article]}).encode(),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    ids = tuple((tmp_path / name).as_posix() + ("#pl/1" if name == "c.json" else "") for name in contents)
    with KnowledgeBase(":memory:", embedder=None) as kb:
        assert kb.add_files(tmp_path).added == ids
        assert kb.add_files(tmp_path).unchanged == ids
        (tmp_path / "a.docx").write_bytes(docx(p("Zwroty w 30 dni.")))
        (tmp_path / "b.md").unlink()
        report = kb.add_files(tmp_path)
        assert (report.updated, report.removed, report.unchanged) == (ids[:1], ids[1:2], ids[2:])
        assert "30 dni" in kb.search("zwroty w ile dni")[0].passage.text
        assert {hit.passage.document_id for hit in kb.search("zwroty 14 kurier")} == {ids[0]}


def test_the_same_file_is_read_once(folder):
    items = read(folder / "a.txt", folder)
    assert [type(item) for item in items].count(Skipped) == 1
    assert sum(isinstance(item, Document) for item in items) == 4


def test_a_known_file_is_not_parsed_again_until_it_changes(folder):
    hashes = {document.id: document.meta["content_hash"] for document in read(folder)}
    assert read(folder, known=hashes) == [Unchanged(name) for name in hashes]
    (folder / "a.txt").write_text("Nowe godziny", encoding="utf-8")
    assert [type(item) for item in read(folder, known=hashes)] == [Document, Unchanged, Unchanged, Unchanged]
    assert all(isinstance(item, Document) for item in read(folder, known=hashes, audience={"agents"}))


def test_a_password_opens_what_needs_one(tmp_path):
    import io

    import pypdf

    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(PDF))
    writer.encrypt("tajne", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")
    assert one(tmp_path / "a.pdf", password="tajne").text.startswith("Cennik")
    with pytest.raises(SourceError, match="encrypted: pass password="):
        read(tmp_path / "a.pdf")
