"""What is wrong is said in one clear message with the cure, and the knowledge base stays as it was."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from kbassist import (
    Document,
    IndexMismatchError,
    InvalidArgumentError,
    KBAssistError,
    KnowledgeBase,
    KnowledgeBaseError,
    NotAKnowledgeBaseError,
    SourceError,
    UnsafeAddressError,
)
from kbassist.testing import HashEmbedder

DOCUMENTS = [
    Document(
        "zwroty", "Zwrot towaru jest możliwy w ciągu 30 dni.", title="Zwroty", uri="https://sklep/zwroty"
    ),
    Document("dostawa", "Dostawa kurierem kosztuje 15 zł.", title="Dostawa"),
]


def state(kb: KnowledgeBase) -> tuple:
    """All that a reader can see."""
    found = kb.search("zwrot towaru, dostawa kurierem, tekst", k=50)
    return kb.info(), [(hit.passage, hit.score) for hit in found]


@pytest.fixture
def kb() -> Iterator[KnowledgeBase]:
    """One that has to be at the end as it was at the beginning."""
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as opened:
        opened.add(DOCUMENTS)
        before = state(opened)
        yield opened
        assert state(opened) == before


def refused(error: type[KBAssistError], message: str, call: Callable[[], Any]) -> None:
    with pytest.raises(error, match=message) as caught:
        call()
    assert "\n" not in str(caught.value), "one message is one line"


# --- the folder --------------------------------------------------------------------------------


def test_a_folder_of_something_else(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    refused(
        NotAKnowledgeBaseError,
        r"is not a knowledge base: it holds 'notes.txt' but no catalog.sqlite. Give an empty folder",
        lambda: KnowledgeBase(tmp_path, embedder=None),
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("kb", NotAKnowledgeBaseError, "kb is a file: give a folder"),
        ("kb/in", KnowledgeBaseError, "kb/in cannot be"),
    ],
)
def test_a_file_instead_of_a_folder(tmp_path: Path, path: str, error: type[KBAssistError], message: str):
    (tmp_path / "kb").write_text("mine")
    refused(error, message, lambda: KnowledgeBase(tmp_path / path, embedder=None))
    assert (tmp_path / "kb").read_text() == "mine"


def test_a_catalog_that_is_no_database(tmp_path: Path):
    (tmp_path / "catalog.sqlite").write_bytes(b"no database" * 1000)
    refused(
        KnowledgeBaseError,
        r"catalog\.sqlite.* cannot be opened \(file is not a database\): check",
        lambda: KnowledgeBase(tmp_path, embedder=None),
    )


@pytest.fixture(scope="module")
def made_with_hash_32(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("made") / "kb"
    with KnowledgeBase(path, embedder=HashEmbedder(32)) as made:
        made.add(DOCUMENTS)
    return path


@pytest.mark.parametrize(
    ("other", "named"), [(HashEmbedder(64), "'hash-64'"), (None, "None")], ids=["model", "none"]
)
def test_a_folder_made_with_another_model(made_with_hash_32: Path, other: HashEmbedder | None, named: str):
    refused(
        IndexMismatchError,
        f"made with model 'hash-32', this index uses {named}: open it with model 'hash-32', or ingest again",
        lambda: KnowledgeBase(made_with_hash_32, embedder=other),
    )
    with KnowledgeBase(made_with_hash_32, embedder=HashEmbedder(32)) as again:
        assert len(again.search("zwrot, dostawa")) == 2


def test_a_folder_with_a_damaged_generation(made_with_hash_32: Path, tmp_path: Path):
    path = shutil.copytree(made_with_hash_32, tmp_path / "kb")
    (path / "index" / "gen-000001" / "terms.npz").write_bytes(b"cut")
    refused(
        KnowledgeBaseError,
        "gen-000001 is damaged: terms.npz has 3 bytes, .* Go back to an earlier generation, or ingest again",
        lambda: KnowledgeBase(path, embedder=HashEmbedder(32)),
    )


def test_a_calibrator_file_that_is_none(tmp_path: Path):
    KnowledgeBase(tmp_path / "kb", embedder=None).close()
    (tmp_path / "kb" / "calibrator.json").write_text("[]")
    refused(
        KnowledgeBaseError,
        r"calibrator\.json is not a calibrator .*delete it, or run calibrate",
        lambda: KnowledgeBase(tmp_path / "kb", embedder=None),
    )


def test_a_server_has_no_place_in_memory():
    refused(
        InvalidArgumentError,
        "do not go together",
        lambda: KnowledgeBase(":memory:", index_url="http://127.0.0.1:6333", embedder=None),
    )


# --- arguments ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "meant"), [(0, 0.0), (0.35, 0.35), (1, 1.0), (80, 0.8), (100, 1.0), (1.5, 0.015)]
)
def test_a_threshold_above_one_is_a_percentage(kb: KnowledgeBase, given: float, meant: float):
    assert kb.answer("zwrot", threshold=given).confidence.threshold == pytest.approx(meant)
    assert kb.draft_reply("zwrot", threshold=given).parts[0].answer.confidence.threshold == pytest.approx(
        meant
    )
    with KnowledgeBase(":memory:", embedder=None, threshold=given) as other:
        assert other.confidence("zwrot").threshold == pytest.approx(meant)


@pytest.mark.parametrize("given", [-1, -0.01, 100.1, 101, float("nan"), float("inf")])
def test_a_threshold_out_of_range(kb: KnowledgeBase, given: float):
    message = "threshold is .*: give 0..1, or a percentage up to 100"
    refused(InvalidArgumentError, message, lambda: kb.answer("zwrot", threshold=given))
    refused(InvalidArgumentError, message, lambda: kb.draft_reply("zwrot", threshold=given))
    refused(InvalidArgumentError, message, lambda: KnowledgeBase(":memory:", embedder=None, threshold=given))


CALLS: dict[str, Callable[..., Any]] = {
    "search": lambda kb, **given: kb.search("zwrot", **given),
    "answer": lambda kb, **given: kb.answer("zwrot", **given),
    "suggest_snippets": lambda kb, **given: kb.suggest_snippets("zwrot", **given),
    "confidence": lambda kb, **given: kb.confidence("zwrot", **given),
    "draft_reply": lambda kb, **given: kb.draft_reply("zwrot", **given),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("audience", "message"),
    [
        ("staff", "audience is the single text 'staff': give a set of them"),
        ((), "audience is empty, so nothing could be seen"),
        ([""], "audience holds ''"),
        ([None], "audience holds None"),
    ],
)
def test_an_audience_that_could_only_be_a_slip(kb: KnowledgeBase, call, audience: Any, message: str):
    refused(InvalidArgumentError, message, lambda: call(kb, audience=audience))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda kb: kb.search("zwrot", k=0), "k is 0: it must be 1 or more"),
        (lambda kb: kb.search("zwrot", k=-3), "k is -3"),
        (
            lambda kb: kb.search("zwrot", language={"pl"}),
            "There is no filter 'language': choose from langs, kinds",
        ),
        (
            lambda kb: kb.search("zwrot", kinds={"blog"}),
            "kinds holds 'blog': choose from page, pdf, regulation",
        ),
        (lambda kb: kb.search("zwrot", kinds="page"), "kinds is the single text 'page'"),
        (lambda kb: kb.search("zwrot", langs="pl"), "langs is the single text 'pl'"),
        (lambda kb: kb.search("zwrot", statuses={"aproved"}), "statuses holds 'aproved': choose from draft"),
        (lambda kb: kb.search("zwrot", document_ids="zwroty"), "document_ids is the single text"),
        (lambda kb: kb.search("zwrot", as_of="2026-01-01"), "as_of is '2026-01-01': give a datetime.date"),
        (lambda kb: kb.answer("zwrot", lang="de"), "lang is 'de': choose from pl, en"),
        (
            lambda kb: kb.answer("a to?", history=[{"role": "user"}]),
            "history holds {'role': 'user'}: every turn",
        ),
        (lambda kb: kb.answer("a to?", history=["zwrot"]), "history holds 'zwrot': every turn"),
        (lambda kb: kb.suggest_snippets("zwrot", k=0), "k is 0: it must be 1 or more"),
        (
            lambda kb: kb.suggest_snippets("zwrot", kinds={"action"}),
            "kinds holds 'action': choose from reply",
        ),
        (
            lambda kb: kb.suggest_snippets("zwrot", kinds="reply"),
            "kinds is the single text 'reply': give a list",
        ),
        (lambda kb: kb.suggest_snippets("zwrot", context="ile?"), r"context is the single text 'ile\?'"),
        (
            lambda kb: kb.feedback("a-unknown", correct=True),
            "No record has the id 'a-unknown': give the id of",
        ),
        (lambda kb: kb.feedback(kb.answer("zwrot").id), "feedback needs at least one signal"),
        (lambda kb: kb.calibrate([{"question": "zwrot"}]), "row .* lacks 'question' or 'correct'"),
        (lambda kb: kb.calibrate([{"question": "zwrot", "correct": True}]), "needs at least 50"),
        (lambda kb: kb.remove("zwroty"), "document_ids is the single text 'zwroty': give a list"),
        (lambda kb: kb.add(DOCUMENTS[0]), "add.. takes a list of Documents"),
        (lambda kb: kb.add("zwroty"), "add.. takes a list of Documents"),
        (lambda kb: kb.add([{"id": "a", "text": "t"}]), "add.. takes Documents, and got dict"),
        (lambda kb: kb.add([Document("nowy", "tekst"), None]), "add.. takes Documents, and got NoneType"),
    ],
)
def test_a_wrong_argument(kb: KnowledgeBase, call: Callable[[KnowledgeBase], Any], message: str):
    refused(InvalidArgumentError, message, lambda: call(kb))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (Document("", "tekst"), "has an empty id"),
        (Document(" \n", "tekst"), "has an empty id"),
        (Document(7, "tekst"), "has the id 7: it has to be text"),  # type: ignore[arg-type]
        (Document("a", None), "has the text None: it has to be text"),  # type: ignore[arg-type]
        (Document("a", b"tekst"), "has the text b'tekst'"),  # type: ignore[arg-type]
        (Document("a", "tekst \ud83d"), "has half a character in its text: decode"),
        (Document("a\udc99", "tekst"), "has half a character in its id: decode"),
        (Document("a", "tekst", kind="blog"), "has the kind 'blog': choose from page"),  # type: ignore[arg-type]
        (Document("a", "tekst", status="public"), "has the status 'public': choose"),  # type: ignore[arg-type]
        (Document("a", "tekst", audience="staff"), "cannot be shown to anybody: audience is the single text"),  # type: ignore[arg-type]
        (Document("a", "tekst", audience=frozenset()), "cannot be shown to anybody: audience is empty"),
        (Document("a", "tekst", audience=frozenset({1})), "cannot be shown to anybody: audience holds 1"),  # type: ignore[arg-type]
        (Document("a", "tekst", valid_from="2026-01-01"), "valid_from='2026-01-01': give a datetime.date"),  # type: ignore[arg-type]
        (Document("a", "tekst", valid_until=datetime(2026, 1, 1)), "has valid_until=datetime.datetime"),
    ],
    ids=repr,
)
def test_a_document_that_could_not_be_found_again(kb: KnowledgeBase, document: Document, message: str):
    good = Document("nowy", "tekst", valid_from=date(2026, 1, 1))
    refused(InvalidArgumentError, message, lambda: kb.add([good, document]))


# --- odd text ----------------------------------------------------------------------------------

ODD = {
    "empty": "",
    "spaces": " \n\t ",
    "emoji": "😀🙃👍",
    "punctuation": "?!… — „”",
    "nul": "zwrot\0towaru",
    "lone surrogate": "zwrot \ud800 towaru",
    "many words": "zwrot towaru? " * 3600,
    "one word": "z" * 50_000,
    "question marks": "?" * 50_000,
    "beginnings of a request": "chcę proszę połącz " * 2600,
    "right to left": "\u202ezwrot\u202c \u200b\ufeff",
    "braces": "{question} {0} %s \\",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_any_text_may_be_asked(kb: KnowledgeBase, text: str):
    answer = kb.answer(text, history=[{"role": "user", "content": text}])
    assert answer.status in {"answered", "handoff"}
    assert answer.question == text
    for citation in answer.citations:
        assert citation.quote in DOCUMENTS[0].text + DOCUMENTS[1].text
    kb.feedback(answer.id, comment=text, displayed=True)
    assert len(kb.search(text)) <= 2
    assert all(snippet.citation for snippet in kb.suggest_snippets(text, context=[text]))
    assert 0 <= float(kb.confidence(text)) <= 1
    assert 0 <= float(kb.confidence("zwrot", text)) <= 1
    assert 0 <= kb.draft_reply(text).coverage <= 1


@pytest.mark.parametrize("text", [ODD["empty"], ODD["spaces"]], ids=["empty", "spaces"])
def test_an_empty_question_is_asked_back_about(kb: KnowledgeBase, text: str):
    answer = kb.answer(text)
    assert (answer.status, answer.reason, answer.citations) == ("handoff", "empty_question", ())
    assert kb.suggest_snippets(text) == []
    assert kb.search(text) == []
    assert kb.draft_reply(text).parts == ()


def test_any_text_may_be_a_document():
    documents = [
        Document(f"d\0{number}", f"{text} zwrot", title=text[:99], owner=text[:99], meta={"odd": text[:99]})
        for number, text in enumerate(text for name, text in ODD.items() if name != "lone surrogate")
    ]
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as kb:
        assert len(kb.add(documents).added) == len(documents)
        texts = {document.id: document.text for document in documents}
        hits = kb.search("zwrot", k=200)
        assert {hit.passage.document_id for hit in hits} == texts.keys()
        for hit in hits:
            passage = hit.passage
            assert texts[passage.document_id][passage.start : passage.end] == passage.text
        assert len(kb.add(documents).unchanged) == len(documents)


# --- sources -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["", "sklep.pl", "ftp://sklep.pl", "http://", "http://[::1", "http://exa mple.pl", "file:///etc/passwd"],
)
def test_a_wrong_url(kb: KnowledgeBase, url: str):
    refused(SourceError, "Give it as a browser shows it, like https://", lambda: kb.add_site(url))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "[::1]", "169.254.169.254"]
)
def test_a_private_address_is_refused(kb: KnowledgeBase, host: str):
    refused(UnsafeAddressError, "address, which is refused", lambda: kb.add_site(f"http://{host}/"))


def test_a_site_that_is_down(kb: KnowledgeBase):
    with socket.socket() as taken:  # bound, but nobody listens: no other program can take the port
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        refused(
            SourceError,
            "does not accept connections .* Check the address and whether the site is up",
            lambda: kb.add_site(url, allow_private=True),
        )


def pdf(company: Path, harm: str) -> bytes:
    whole = (company / "site" / "pliki" / "cennik-uslug.pdf").read_bytes()
    return {"cut": whole[:900], "none": b"PK\x03\x04 no PDF", "empty": b""}[harm]


@pytest.mark.parametrize(
    ("harm", "message"),
    [("cut", "cut short"), ("none", "not a PDF"), ("empty", r"price\.pdf: ")],
)
def test_a_pdf_that_is_broken(kb: KnowledgeBase, company: Path, tmp_path: Path, harm: str, message: str):
    file = tmp_path / "price.pdf"
    file.write_bytes(pdf(company, harm))
    refused(SourceError, message, lambda: kb.add_files(file))


def test_an_encrypted_pdf_asks_for_its_password(kb: KnowledgeBase, company: Path, tmp_path: Path):
    file = tmp_path / "price.pdf"
    writer = pypdf.PdfWriter(clone_from=company / "site" / "pliki" / "cennik-uslug.pdf")
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(file)
    refused(SourceError, "it is encrypted: pass password=", lambda: kb.add_files(file))
    refused(SourceError, "the password given does not open it", lambda: kb.add_files(file, password="wrong"))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda kb, path: kb.add_files(path / "missing.pdf"),
            SourceError,
            "no such file or folder: check the path",
        ),
        (lambda kb, path: kb.add_files([]), SourceError, "nothing to read"),
        (lambda kb, path: kb.add_files(path), SourceError, "nothing to read"),
        (
            lambda kb, path: kb.add_files(path, kind="blog"),
            InvalidArgumentError,
            "kind is 'blog': choose from page",
        ),
        (
            lambda kb, path: kb.add_files(path, audience="staff"),
            InvalidArgumentError,
            "the single text 'staff'",
        ),
        (
            lambda kb, path: kb.add_replies(path / "missing.csv"),
            SourceError,
            "missing.csv: cannot be read: No such",
        ),
        (lambda kb, path: kb.add_replies([{"tekst": "Witaj"}]), SourceError, "no column title"),
    ],
)
def test_a_source_that_cannot_be_read(kb: KnowledgeBase, tmp_path: Path, call, error, message: str):
    refused(error, message, lambda: call(kb, tmp_path))


def test_replies_without_the_columns_name_those_found_and_those_needed(kb: KnowledgeBase, tmp_path: Path):
    file = tmp_path / "replies.csv"
    file.write_text("nazwa;odp\nWitaj;Dzień dobry\n", encoding="utf-8")
    refused(SourceError, r"found: nazwa, odp; needed: title \(tytuł\) and text", lambda: kb.add_replies(file))


def test_one_file_that_fails_costs_no_other(company: Path, tmp_path: Path):
    (tmp_path / "a.md").write_text("# Zwroty\n\nZwrot trwa 30 dni.\n", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(pdf(company, "none"))
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as kb:
        report = kb.add_files(tmp_path)
        assert report.added == (str(tmp_path / "a.md"),)
        ((path, reason),) = report.failed
        assert path == str(tmp_path / "b.pdf")
        assert "not a PDF" in reason
        assert kb.info().documents == 1
