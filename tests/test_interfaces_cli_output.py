"""What the command line prints, for people and for programs."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from kbassist import Answer, Citation, Claim, Confidence, Conflict, IngestReport, Progress
from kbassist.interfaces.cli.rendering import (
    LISTED,
    answer_lines,
    hit_lines,
    info_lines,
    report_lines,
    snippet_lines,
)
from kbassist.interfaces.cli.screen import Screen, json_text, printable
from kbassist.reading.precedence import rule_in_words


def shown(lines: Any, *, width: int = 80, terminal: bool = False) -> str:
    stream = StringIO()
    Screen(
        Console(file=stream, width=width, force_terminal=terminal, color_system=None, highlight=False)
    ).show(lines)
    return stream.getvalue()


def citation(quote: str, title: str = "Zwroty", **place: Any) -> Citation:
    fields = {"uri": "", "address": "", "page": None, "start": 0, "end": len(quote)}
    return Citation(document_id="d", passage_id="p", title=title, quote=quote, **(fields | place))


def answered(text: str, *citations: Citation, conflict: Conflict | None = None) -> Answer:
    confidence = Confidence(probability=0.873, level="high", threshold=0.5)
    return Answer("a", "?", "answered", "confident", text, citations, confidence, (), conflict=conflict)


def test_a_text_that_is_its_quotes_is_not_printed_twice() -> None:
    quotes = (citation("Na zwrot masz 30 dni."), citation("Paczkę nadaj w 14 dni."))
    lines = shown(
        answer_lines(answered("Na zwrot masz 30 dni.\nPaczkę nadaj w 14 dni.", *quotes))
    ).splitlines()
    assert lines == [
        "Na zwrot masz 30 dni.",
        "  — Zwroty",
        "",
        "Paczkę nadaj w 14 dni.",
        "  — Zwroty",
        "",
        "Confidence: 87% (high; threshold 50%)",
    ]


def test_a_text_of_other_words_stands_above_its_quotes() -> None:
    text = shown(
        answer_lines(answered("Masz 30 dni [1].", citation("Na zwrot masz 30 dni.", address="§ 7", page=2)))
    )
    assert text.startswith("Masz 30 dni [1].\nNa zwrot masz 30 dni.\n  — Zwroty, § 7, page 2\n")


@pytest.mark.parametrize(
    ("resolution", "said"),
    [
        (None, "no rule decides which text holds"),
        ("higher_source_before_lower", rule_in_words("higher_source_before_lower", "en")),
    ],
)
def test_a_conflict_shows_both_claims(resolution: str | None, said: str) -> None:
    claims = (
        Claim("30 dni", citation("Masz 30 dni.", "Regulamin", address="§ 7 ust. 1", uri="https://a.pl/r#p7")),
        Claim("14 dni", citation("Masz 14 dni.", "Blog", uri="https://a.pl/blog")),
    )
    text = shown(
        answer_lines(
            answered("Masz 30 dni.", claims[0].citation, conflict=Conflict("duration", claims, resolution))
        )
    )
    after = text.partition("The sources disagree: ")[2]
    assert after.startswith(f"duration; {said}\n")
    for part in (
        "30 dni  Masz 30 dni.",
        "— Regulamin, § 7 ust. 1",
        "https://a.pl/r#p7",
        "14 dni  Masz 14 dni.",
        "— Blog",
    ):
        assert part in after


def test_nothing_found_is_said() -> None:
    assert (shown(hit_lines([])), shown(snippet_lines([]))) == ("Nothing found.\n", "Nothing to suggest.\n")


def test_facts_stand_one_a_line() -> None:
    assert shown(info_lines({"documents": 7, "model": None})) == "documents     7\nmodel         none\n"


def test_a_long_report_is_cut_and_says_so() -> None:
    report = IngestReport(
        added=("a",), failed=tuple((f"/page-{n}", f"reason {n}") for n in range(LISTED + 5))
    )
    text = shown(report_lines(report))
    assert "added           1\n" in text
    assert f"/page-{LISTED - 1}\n" in text
    assert f"/page-{LISTED}\n" not in text
    assert "and 5 more; --json lists them all" in text


def test_lines_wrap_on_a_terminal_only_and_addresses_never() -> None:
    uri = "https://sklep.example/" + "bardzo-" * 8 + "dlugi"
    lines = answer_lines(answered("słowo " * 20, citation("słowo " * 20, uri=uri)))
    piped, wrapped = shown(lines, width=40), shown(lines, width=40, terminal=True)
    assert ("słowo " * 20).rstrip() in piped
    assert ("słowo " * 20).rstrip() not in wrapped
    assert f"    {uri}\n" in piped
    assert f"    {uri}\n" in wrapped


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("Zażółć „gęślą” § 7\n\tjaźń 🙂", "Zażółć „gęślą” § 7\n\tjaźń 🙂"),
        ("\x1b]0;title\x07", "\\u001b]0;title\\u0007"),
        ("a\rb\x7f\x9b2J", "a\\u000db\\u007f\\u009b2J"),
        ("ab\u202ecd\u2066", "ab\\u202ecd\\u2066"),
        ("plik\udcff.md", "plik\\udcff.md"),
    ],
)
def test_nothing_that_drives_a_terminal_is_printed(raw: str, safe: str) -> None:
    assert printable(raw) == safe


@settings(max_examples=50, deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_escaped_json_says_the_same(value: Any) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert printable(text) == text
    text.encode()


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.characters()))
def test_what_is_printed_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    once = printable(text)
    once.encode()
    assert printable(once) == once


def test_bars_are_drawn_on_a_terminal_and_nowhere_else() -> None:
    for terminal in (True, False):
        stream = StringIO()
        console = Console(file=stream, width=100, force_terminal=terminal, force_interactive=terminal)
        with Screen(err=console).progress() as progress:
            progress(Progress("read", 3, None, "[red]/zwroty\x1b[2J"))
            progress(Progress("embed", 5, 8))
            progress(Progress("publish", 1, 1, "gen-000001"))
        drawn = stream.getvalue()
        if terminal:
            assert all(word in drawn for word in ("Reading", "Embedding", "Publishing", "5/8"))
            assert "[red]/zwroty\\u001b[2J" in drawn
        else:
            assert drawn == ""
