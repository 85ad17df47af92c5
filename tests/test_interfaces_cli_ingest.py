"""The commands that fill a knowledge base, up to a crawl that is interrupted."""

from __future__ import annotations

import importlib.util
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from types import ModuleType

import pytest
from cli_runner import finished, kbassist, process
from site_server import Reply, Request, page, serve

from kbassist import Document, KnowledgeBase

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def load_example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- add ---------------------------------------------------------------------------------------


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder with a text, something that calls itself a PDF, and ready replies."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "godziny.md").write_text("# Godziny\n\nSklep jest czynny od 9:00 do 17:00.\n", "utf-8")
    (folder / "umowa.pdf").write_text("to nie jest PDF")
    (folder / "replies.csv").write_text("title,text\nGodziny,Zapraszamy od 9:00.\n", "utf-8")
    return folder


def test_vectors_may_come_later(papers: Path, tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    added = kbassist("add", papers / "godziny.md", "--vectors-later", "--json", kb=kb)
    assert (added.code, added.json["added"]) == (0, [str(papers / "godziny.md")])
    assert added.err == "1 passages are found by words alone: 'kbassist embed' gives them vectors.\n"
    assert kbassist("info", "--json", kb=kb).json["waiting"] == 1
    assert "9:00" in kbassist("search", "kiedy czynny sklep", kb=kb).out
    assert kbassist("embed", "--json", kb=kb).json == {"embedded": 1}
    again = kbassist("embed", kb=kb)
    assert (again.code, again.out, again.err) == (0, "0 embedded\n", "")
    assert kbassist("info", "--json", kb=kb).json["waiting"] == 0


def test_add_reports_what_went_which_way(papers: Path, tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    paths = [papers / name for name in ("godziny.md", "umowa.pdf", "replies.csv")]
    first = kbassist("add", *paths, "--json", kb=kb)
    assert (first.code, first.err) == (0, "")
    assert first.json["added"] == [str(papers / "godziny.md"), "reply:godziny"]
    assert [ref for ref, _ in first.json["failed"]] == [str(papers / "umowa.pdf")]
    again = kbassist("add", *paths, kb=kb)
    assert again.code == 0
    assert dict(line.split() for line in again.out.splitlines()[:6]) == {
        "added": "0",
        "updated": "0",
        "unchanged": "2",
        "removed": "0",
        "skipped": "0",
        "failed": "1",
    }
    assert "not a PDF" in again.out.partition("Failed")[2]


def test_replies_may_have_any_name_and_one_bad_file_costs_no_other(papers: Path, tmp_path: Path) -> None:
    (papers / "replies.csv").rename(papers / "macros.txt")
    (papers / "prices.csv").write_text("a,b\n1,2\n")
    result = kbassist(
        "add", papers / "prices.csv", "--replies", papers / "macros.txt", "--json", kb=tmp_path / "kb"
    )
    assert result.code == 0
    assert result.json["added"] == ["reply:godziny"]
    [(ref, reason)] = result.json["failed"]
    assert ref == str(papers / "prices.csv")
    assert "no column title" in reason


def test_the_audience_of_a_file_is_kept(papers: Path, tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    assert kbassist("add", papers / "godziny.md", "--audience", "staff", kb=kb).code == 0
    assert kbassist("search", "godziny", "--json", kb=kb).json == []
    assert len(kbassist("search", "godziny", "--audience", "staff", "--json", kb=kb).json) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [("umowa.pdf", "not a PDF"), ("missing.md", "no such file"), ("prices.csv", "no column title")],
)
def test_a_file_that_cannot_be_read_is_one_message_with_the_cure(
    name: str, said: str, papers: Path, tmp_path: Path
) -> None:
    (papers / "prices.csv").write_text("a,b\n1,2\n")
    result = kbassist("add", papers / name, kb=tmp_path / "kb")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: ")
    assert said in result.err
    assert "Traceback" not in result.err


def test_replies_that_are_all_bad_are_an_error_with_a_report(tmp_path: Path) -> None:
    table = tmp_path / "replies.csv"
    table.write_text("title,text\nGodziny,\n", "utf-8")
    result = kbassist("add", table, "--json", kb=tmp_path / "kb")
    assert result.code == 2
    assert len(result.json["failed"]) == 1
    assert result.err.startswith("Error: Nothing was read.")
    assert "has no text" in result.err


def test_a_second_writer_is_sent_away(papers: Path, tmp_path: Path) -> None:
    reading, go_on = Event(), Event()

    def slowly() -> Iterator[Document]:
        reading.set()
        assert go_on.wait(60)
        yield Document(id="late", text="Na koniec.")

    with KnowledgeBase(tmp_path / "kb") as kb:
        writer = Thread(target=lambda: kb.add(slowly()))
        writer.start()
        try:
            assert reading.wait(60)
            result = kbassist("add", papers / "godziny.md", "--json", kb=tmp_path / "kb")
        finally:
            go_on.set()
            writer.join()
    assert (result.code, result.out) == (2, "")
    assert "wait until that ingest ends" in result.err


# --- crawl -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "options", "said"),
    [
        ("htp:/wrong", [], "has to begin with http"),
        ("", ["--allow-private"], "does not accept connections"),
        ("", [], "--allow-private"),
    ],
)
def test_a_site_that_cannot_be_read_is_one_message(
    url: str, options: list[str], said: str, tmp_path: Path
) -> None:
    with serve({}) as site:
        down = site.url
    result = kbassist("crawl", url or down, *options, "--json", kb=tmp_path / "kb")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: ")
    assert said in result.err
    assert "Traceback" not in result.err


def test_crawl_and_ask_end_to_end_in_processes_of_their_own(tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    with load_example("serve_company").serve() as url:
        pages = ["--include", "/", "--include", "/zwroty*", "--include", "/dostawa.html"]
        options = ["--allow-private", "--delay", "0", "--kb", kb, *pages]
        crawled = finished(process("crawl", url, *options, "--json"))
        again = kbassist("crawl", url, *options)
    assert (crawled.code, crawled.err) == (0, "")
    assert {f"{url}/zwroty.html", f"{url}/dostawa.html"} <= set(crawled.json["added"])
    assert again.code == 0
    assert f"unchanged{len(crawled.json['added']):>8}" in again.out
    asked = finished(process("ask", "Jaka jest cena dostawy kurierem za pobraniem?", "--kb", kb))
    assert (asked.code, asked.err) == (0, "")
    assert "19,99 zł" in asked.out
    assert f"{url}/dostawa.html#cennik-dostawy\n" in asked.out


def test_ctrl_c_says_that_the_same_command_goes_on(tmp_path: Path) -> None:
    reached, kb = Event(), tmp_path / "kb"
    link = '<a href="/second">dalej</a>'

    with serve({"/": page(f"<p>Sklep jest czynny od 9:00 do 17:00.</p>{link}", title="Godziny")}) as site:

        def blocked(_: Request) -> Reply:
            reached.set()
            site.stopping.wait()
            return Reply(b"", 503)

        site.routes["/second"] = blocked
        options = [site.url, "--allow-private", "--delay", "0", "--kb", kb]
        run = process("crawl", *options)
        assert reached.wait(60)
        run.send_signal(signal.SIGINT)
        stopped = finished(run)
        site.routes["/second"] = page("<p>Parking jest bezpłatny dla klientów.</p>", title="Parking")
        finished_later = kbassist("crawl", *options, "--json")
    assert (stopped.code, stopped.out) == (130, "")
    assert "the same command goes on" in stopped.err
    assert "Traceback" not in stopped.err
    assert finished_later.code == 0
    assert sorted(finished_later.json["added"]) == [f"{site.url}/", f"{site.url}/second"]
