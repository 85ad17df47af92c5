"""Reading pages in several processes: what one page does costs no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from kbassist.sources.web.extraction import Extraction
from kbassist.sources.web.fetch import Page
from kbassist.sources.web.webpage import PageContent
from kbassist.types import Document


def page(content: str) -> Page:
    return Page("http://a.pl/", "http://a.pl/", 200, {}, content.encode(), datetime.now(UTC))


def read(given: Page, url: str) -> PageContent:
    """Does what the page says; else tells in which process it was read."""
    match given.content:
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"hang":
            time.sleep(600)
        case b"raise":
            raise RecursionError("zagnieżdżone bez końca")
        case b"exit":
            os._exit(3)
    return PageContent(Document(id=url, text=f"{os.getpid()} {given.content.decode()}"))


def processes_of(contents: list[PageContent]) -> set[int]:
    assert all(content.document for content in contents)
    return {int(content.document.text.split()[0]) for content in contents if content.document}


def test_few_pages_are_read_here_and_many_in_other_processes() -> None:
    with Extraction(read, processes=2, after=3) as extraction, ThreadPoolExecutor(4) as threads:
        here = [extraction(page("a"), "u") for _ in range(3)]
        there = list(threads.map(lambda number: extraction(page(f"b{number}"), f"u{number}"), range(20)))
    assert processes_of(here) == {os.getpid()}
    assert os.getpid() not in processes_of(there)
    assert [content.document.id for content in there if content.document] == [f"u{n}" for n in range(20)]


def test_one_core_reads_everything_here() -> None:
    with Extraction(read, processes=1, after=0) as extraction:
        assert processes_of([extraction(page("a"), "u")]) == {os.getpid()}


@pytest.mark.parametrize(
    ("content", "words", "patience"),
    [("die", "died", 60), ("exit", "died", 60), ("hang", "takes more than 6 s", 6)],
)
def test_a_page_that_kills_or_blocks_its_process_costs_no_other(
    content: str, words: str, patience: float
) -> None:
    pages = [page(f"b{number}") for number in range(10)]
    pages.insert(4, page(content))
    with (
        Extraction(read, processes=2, after=0, patience=patience) as extraction,
        ThreadPoolExecutor(4) as threads,
    ):
        contents = list(threads.map(lambda given: extraction(given, "u"), pages))
    bad = contents.pop(4)
    assert bad.document is None
    assert bad.failed
    assert words in bad.reason
    assert len(contents) == len([content for content in contents if content.document])


def in_a_daemon(results: Any) -> None:
    with Extraction(read, processes=2, after=0) as extraction:
        results.put(processes_of([extraction(page("a"), "u")]) == {os.getpid()})


def test_a_daemon_reads_everything_itself() -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    daemon = context.Process(target=in_a_daemon, args=(results,), daemon=True)
    daemon.start()
    assert results.get(timeout=60)
    daemon.join(60)
    results.close()


@pytest.mark.parametrize("after", [0, 10])
def test_a_fault_of_a_reader_is_an_entry(after: int) -> None:
    with Extraction(read, processes=2, after=after) as extraction:
        content = extraction(page("raise"), "u")
    assert content.failed
    assert "RecursionError: zagnieżdżone bez końca" in content.reason
