"""The command line: help, wrong calls, and the commands that read a knowledge base."""

from __future__ import annotations

import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path

import pytest
import typer
from cli_runner import kbassist

from kbassist import Anchor, Document, KnowledgeBase
from kbassist.interfaces.cli import app, commands, main

COMMANDS = typer.main.get_command(app).commands
READING = ("ask", "suggest", "search")
TERMS = "Konsument odstępuje od umowy w terminie 30 dni od wydania towaru.\n"
PRICES = "Ostrzenie siekiery kosztuje 42,00 zł.\n"


@pytest.fixture(scope="session")
def small_kb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A regulation, a PDF, a page with an unfriendly title, a reply, a page for the staff, one in English."""
    folder = tmp_path_factory.mktemp("small") / "kb"
    documents = [
        Document(
            id="terms",
            text=TERMS,
            title="Regulamin",
            uri="https://sklep.example/regulamin",
            kind="regulation",
            anchors=(Anchor(0, "§ 7 ust. 1", 1, "provision", "p7u1"),),
        ),
        Document(
            id="prices",
            text=PRICES,
            title="Cennik",
            uri="https://sklep.example/cennik.pdf",
            kind="pdf",
            anchors=(Anchor(0, "3", 1, "page", "page=3"),),
        ),
        Document(
            id="delivery",
            text="Dostawa do automatu Dziupla kosztuje 11,99 zł.",
            title="[red]Dostawa[/red] \x1b[2J",
            uri="https://sklep.example/dostawa",
        ),
        Document(
            id="promo",
            text="Kosz piknikowy jest w promocji.",
            title="Promocja",
            valid_until=date(2025, 8, 31),
        ),
        Document(
            id="reply", text="Oddajemy pieniądze za zwrot w 14 dni.", title="Zwrot: pieniądze", kind="reply"
        ),
        Document(
            id="staff",
            text="Kod rabatowy dla klienta to PRZEPRASZAMY15.",
            title="Wewnętrzne",
            audience=frozenset({"staff"}),
        ),
        Document(id="en", text="We ship parcels to Germany for 39 PLN.", title="Delivery abroad", lang="en"),
    ]
    with KnowledgeBase(folder) as kb:
        assert len(kb.add(documents).added) == len(documents)
    return folder


# --- help and usage ----------------------------------------------------------------------------


def test_every_command_and_every_option_says_what_it_does() -> None:
    assert set(COMMANDS) == {
        *("crawl", "why", "add", "embed", "synonyms"),
        *("ask", "suggest", "search", "explain", "info"),
        *("calibrate", "reliability", "threshold", "what-if"),
    }
    for name, command in COMMANDS.items():
        result = kbassist(name, "--help")
        assert result.code == 0
        assert command.help
        for param in command.params:
            assert param.help, f"{name} {param.name}"
            assert all(option in result.out for option in param.opts if option.startswith("--"))


def test_the_help_names_the_exit_codes() -> None:
    words = " ".join(kbassist("--help").out.split())
    assert all(code in words for code in ("0 fine", "1 'ask'", "2 a wrong call", "130 interrupted"))
    assert "Exit code 1" in kbassist("ask", "--help").out


def test_help_does_not_wait_for_the_library() -> None:
    code = "import sys, kbassist.interfaces.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "typer" in loaded
    assert not {"numpy", "sqlalchemy", "onnxruntime", "qdrant_edge", "kbassist.knowledge_base"} & set(loaded)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["ask", "co?", "--as-of", "2026-13-01"], "--as-of"),
        (["ask", "co?", "--lang", "de"], "--lang"),
        (["ask", "co?", "--threshold", "much"], "--threshold"),
        (["search", "co", "--k", "0"], "--k"),
        (["crawl"], "URL"),
        (["crawl", "http://a.example", "--max-pages", "0"], "--max-pages"),
        (["crawl", "http://a.example", "--delay", "-1"], "--delay"),
        (["add"], "at least one file"),
        (["add", "replies.csv", "--audience", "staff"], "--audience"),
        (["add", "https://sklep.example/"], "kbassist crawl"),
        (["add", "terms.html", "--kind", "banana"], "regulation"),
        (["dance"], "dance"),
    ],
)
def test_a_wrong_call_is_exit_code_2_and_leaves_no_folder(args: list[str], said: str, tmp_path: Path) -> None:
    result = kbassist(*args, kb=tmp_path / "kb")
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert not (tmp_path / "kb").exists()


# --- a folder that is not a knowledge base -----------------------------------------------------


@pytest.mark.parametrize("command", [*((name, "słowo") for name in READING), ("info",)])
def test_reading_what_does_not_exist_creates_nothing(command: tuple[str, ...], tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    result = kbassist(*command, "--kb", missing, "--json")
    assert (result.code, result.out) == (2, "")
    assert f"There is no knowledge base in {missing}, which does not exist" in result.err
    assert "kbassist crawl" in result.err
    assert not missing.exists()


def test_reading_an_empty_folder_or_a_file_leaves_it_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "which is empty" in kbassist("info", "--kb", empty).err
    assert "which is not a folder" in kbassist("info", "--kb", file).err
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("args", [["search", "co"], ["add", "file.md"]])
def test_a_folder_with_something_else_is_refused(args: list[str], tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    result = kbassist(*args, "--kb", tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: ")
    assert "is not a knowledge base" in result.err
    assert [item.name for item in tmp_path.iterdir()] == ["photo.jpg"]


def test_an_empty_knowledge_base_says_what_is_missing(tmp_path: Path) -> None:
    KnowledgeBase(tmp_path).close()
    result = kbassist("ask", "Ile kosztuje dostawa?", kb=tmp_path)
    assert result.code == 1
    assert "holds no documents yet" in result.err
    assert "nothing found" in result.out


# --- ask ---------------------------------------------------------------------------------------


def test_ask_shows_the_quote_with_its_place_and_the_confidence(small_kb: Path) -> None:
    result = kbassist("ask", "W jakim terminie konsument odstępuje od umowy?", kb=small_kb)
    lines = [line.strip() for line in result.out.splitlines()]
    assert result.code == 0
    assert any("w terminie 30 dni" in line for line in lines)
    assert "— Regulamin, § 7 ust. 1" in lines
    assert "https://sklep.example/regulamin#p7u1" in lines
    assert any(line.startswith("Confidence: ") and "%" in line and "threshold 50%" in line for line in lines)


def test_ask_names_the_page_of_a_pdf(small_kb: Path) -> None:
    result = kbassist("ask", "Ile kosztuje ostrzenie siekiery?", kb=small_kb)
    assert "— Cennik, page 3\n" in result.out
    assert "https://sklep.example/cennik.pdf#page=3\n" in result.out


def test_ask_in_json_is_the_answer_and_nothing_else(small_kb: Path) -> None:
    result = kbassist("ask", "Ile kosztuje dostawa do automatu?", "--json", kb=small_kb)
    assert (result.code, result.err) == (0, "")
    assert result.json["status"] == "answered"
    assert result.json["citations"][0]["quote"] == "Dostawa do automatu Dziupla kosztuje 11,99 zł."
    assert result.json["citations"][0]["title"] == "[red]Dostawa[/red] \x1b[2J"
    assert "\x1b" not in result.out
    assert "zł" in result.out


def test_markup_and_control_characters_of_a_page_are_printed_as_they_are(small_kb: Path) -> None:
    result = kbassist("ask", "Ile kosztuje dostawa do automatu?", kb=small_kb)
    assert "— [red]Dostawa[/red] \\u001b[2J\n" in result.out


def test_a_handoff_is_exit_code_1_with_what_a_person_needs(small_kb: Path) -> None:
    question = "Ile kosztuje dostawa do automatu?"
    result = kbassist("ask", question, "--threshold", "100", kb=small_kb)
    assert result.code == 1
    assert "Przekazuję je konsultantowi." in result.out
    assert "Handed over: low confidence" in result.out
    assert f"Klient pyta: {question}" in result.out
    assert "threshold 100%" in result.out
    assert "Nearest sources\n  1. [red]Dostawa[/red]" in result.out
    as_json = kbassist("ask", question, "--threshold", "1", "--json", kb=small_kb)
    assert as_json.code == 1
    assert as_json.json["handoff"]["reason"] == "low_confidence"


def test_ask_tells_a_wrong_threshold(small_kb: Path) -> None:
    result = kbassist("ask", "co?", "--threshold", "200", kb=small_kb)
    assert (result.code, result.out) == (2, "")
    assert "percentage" in result.err


# --- search, suggest, info ---------------------------------------------------------------------


def test_search_narrows_by_audience_day_and_language(small_kb: Path) -> None:
    def found(*options: str) -> set[str]:
        hits = kbassist(
            "search", "kod rabatowy, kosz piknikowy, parcels", *options, "--json", kb=small_kb
        ).json
        return {hit["passage"]["document_id"] for hit in hits}

    assert found() == {"terms", "prices", "delivery", "reply", "en"}
    assert found("--audience", "staff", "--as-of", "2025-08-31") == {"staff"}
    assert found("--audience", "staff", "--audience", "public", "--lang", "en") == {"en"}
    assert "promo" in found("--as-of", "2025-08-31")


def test_search_prints_the_place_the_score_and_an_excerpt(small_kb: Path) -> None:
    result = kbassist("search", "ostrzenie siekiery", "--k", 1, kb=small_kb)
    assert result.code == 0
    first, *rest = result.out.splitlines()
    assert first.startswith(" 1. Cennik")
    assert "bm25" in first
    assert [line.strip() for line in rest] == [PRICES.strip(), "https://sklep.example/cennik.pdf#page=3"]


def test_suggest_gives_replies_paragraphs_and_links(small_kb: Path) -> None:
    offered = kbassist("suggest", "oddajemy pieniądze za zwrot", "--json", kb=small_kb).json
    assert offered[0]["kind"] == "reply"
    assert {item["kind"] for item in offered} >= {"reply", "paragraph", "link"}
    out = kbassist("suggest", "oddajemy pieniądze za zwrot", "--k", 1, kb=small_kb).out
    assert out.startswith(" 1. reply  Zwrot: pieniądze")
    assert "    Oddajemy pieniądze za zwrot w 14 dni.\n" in out


def test_info_says_what_is_in_the_folder(small_kb: Path) -> None:
    facts = kbassist("info", "--json", kb=small_kb).json
    assert facts["documents"] == 7
    assert facts["path"] == str(small_kb)


# --- the process -------------------------------------------------------------------------------


def test_a_fault_is_not_taken_for_a_handoff(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty() -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(commands, "app", faulty)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 70
    assert "RuntimeError: a fault" in capsys.readouterr().err
