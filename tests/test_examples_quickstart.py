"""The README's first command: it runs, and what it prints tells the truth."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kbassist import KnowledgeBase

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quickstart") / "kb"


@pytest.fixture(scope="module")
def printed(folder: Path) -> dict[str, str]:
    """What stands below each `[heading] …` of the output, and above the first one under `""`."""
    run = subprocess.run(
        [sys.executable, EXAMPLES / "quickstart.py", folder],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    first, *blocks = run.stdout.split("\n[")
    return {"": first} | {heading: text for heading, _, text in (block.partition("] ") for block in blocks)}


def test_the_whole_company_is_taken_in(printed: dict[str, str], folder: Path) -> None:
    assert "site: 5" in printed[""]
    assert "replies: 30 documents added, 0 skipped, 0 failed" in printed[""]
    assert "staff: 2 documents added, 0 skipped, 0 failed" in printed[""]
    with KnowledgeBase(folder) as kb:
        assert kb.info().documents > 80


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("a row of a price table", ["answered", "19,99 zł", "/dostawa"]),
        ("a provision of the terms", ["answered", "ukończyła 16 lat", "§ 3 ust. 2", "/regulamin.html#par-3"]),
        ("only in a PDF", ["answered", "12,00 zł", "page 1", "/pliki/cennik-uslug.pdf#page=1"]),
        ("in English", ["answered", "48 hours", "/en/"]),
        (
            "pages that disagree",
            ["disagrees: 30 dni", "disagrees: 14 dni", "/blog/prezent-dla-ogrodnika.html"],
        ),
        ("known to nobody", ["handoff", "konsultantowi"]),
        ("the same, asked by the staff", ["answered", "PRZEPRASZAMY15"]),
    ],
)
def test_the_answers_are_what_the_company_wrote(
    heading: str, said: list[str], printed: dict[str, str]
) -> None:
    for part in said:
        assert part in printed[heading]


def test_the_public_does_not_see_what_is_for_the_staff(printed: dict[str, str]) -> None:
    asked = printed["known to the staff alone"]
    assert "% sure" in asked
    assert "PRZEPRASZAMY15" not in asked
    assert "pracownicy" not in asked


def test_an_agent_is_offered_the_ready_reply(printed: dict[str, str]) -> None:
    offered = [text for heading, text in printed.items() if heading == "an agent types"]
    assert offered
    assert "reply: " in offered[0]
