from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import SourceError
from kbassist.sources.replies import ReplySource
from kbassist.types import Document, Failed


def read(path_or_rows):
    return list(ReplySource(path_or_rows).read())


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "odpowiedzi.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_separators_and_encodings(tmp_path, delimiter, encoding):
    rows = [
        ["Tytuł", "Treść", "Skrót"],
        ["Zwrot pieniędzy", '"Zwrócimy środki, zwykle\nw 3 dni; dziękujemy."', "/zwrot"],
    ]
    path = write(tmp_path, "\r\n".join(delimiter.join(row) for row in rows), encoding)
    (reply,) = read(path)
    assert (reply.id, reply.kind, reply.title) == ("reply:zwrot-pieniedzy", "reply", "Zwrot pieniędzy")
    assert reply.text == "Zwrócimy środki, zwykle\nw 3 dni; dziękujemy."
    assert reply.meta == {"shortcut": "/zwrot"}


def test_all_columns(tmp_path):
    header = "id,title,text,lang,topic,audience,valid_until"
    path = write(tmp_path, f'{header}\n7,Welcome,Hello!,en-GB,greeting,"agents, public",31.12.2026\n')
    (reply,) = read(path)
    assert (reply.id, reply.lang, reply.topic) == ("reply:7", "en", "greeting")
    assert (reply.audience, reply.valid_until) == (frozenset({"agents", "public"}), date(2026, 12, 31))


def test_rows_given_as_mappings():
    rows = [
        {"tytuł": "Zażółć gęślą jaźń", "tekst": "Treść", "ważne do": date(2026, 5, 1), "audience": ["agents"]}
    ]
    (reply,) = read(rows)
    assert (reply.id, reply.valid_until, reply.audience) == (
        "reply:zazolc-gesla-jazn",
        date(2026, 5, 1),
        frozenset({"agents"}),
    )
    assert read([]) == []


def test_rows_that_cannot_be_used_are_named_and_the_rest_is_read(tmp_path):
    text = "tytuł;treść;ważne do\nPusta;;\nDobra;Tekst;\n;;\nZła data;Tekst;wkrótce\nDobra;Inny tekst;\n"
    items = read(write(tmp_path, text))
    assert [item.title for item in items if isinstance(item, Document)] == ["Dobra"]
    pusta, data, dobra = [item for item in items if isinstance(item, Failed)]
    assert pusta.ref == "reply:pusta", "under its own id, so that what was known of it stays"
    assert pusta.reason.endswith("odpowiedzi.csv, line 2: the reply 'Pusta' has no text")
    assert data.ref == "reply:zla-data"
    assert data.reason.endswith("line 5: valid_until is 'wkrótce': write it as 2026-01-31")
    assert dobra.ref.endswith("odpowiedzi.csv, line 6")
    assert dobra.reason.startswith("the same id (reply:dobra) as ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "nazwa,opis\na,b\n",
            "no column text; found: nazwa, opis; needed: title (tytuł) and text (treść, tekst)",
        ),
        ("a;b\n1;2\n", "no column title and no column text; found: a, b; needed:"),
        ("", "found: none"),
    ],
)
def test_missing_columns_are_named(tmp_path, text, told):
    with pytest.raises(SourceError) as caught:
        read(write(tmp_path, text))
    assert told in str(caught.value)
    assert "odpowiedzi.csv" in str(caught.value)


def test_files_that_are_no_tables(tmp_path):
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        read(tmp_path / "nie ma.csv")
    (tmp_path / "a.csv").write_bytes(b"PK\x03\x04\x00\x00")
    with pytest.raises(SourceError, match="not a CSV file: export the replies as CSV"):
        read(tmp_path / "a.csv")
    with pytest.raises(SourceError, match="after line 1: field larger"):
        read(write(tmp_path, f"title,text\na,{'x' * 200_000}\n"))


@given(st.text(alphabet='aą",;|\t\n\r 1', max_size=80))
def test_any_table_is_read_or_refused(tmp_path_factory, text):
    path = write(tmp_path_factory.mktemp("replies"), f"title,text\n{text}")
    try:
        items = read(path)
    except SourceError:
        return
    assert all(item.text for item in items if isinstance(item, Document))
