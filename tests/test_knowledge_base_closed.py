"""A knowledge base that was closed says so, in memory as in a folder, whatever it is asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbassist import Document, KnowledgeBase, KnowledgeBaseError
from kbassist.testing import HashEmbedder

RETURNS = Document("zwroty", "Zwrot towaru jest możliwy w ciągu 30 dni.")
QUESTION = "Ile dni na zwrot towaru?"
LABELLED = [{"question": QUESTION, "correct": True}]

CALLS: dict[str, Callable[[KnowledgeBase], Any]] = {
    "add_site": lambda kb: kb.add_site("https://sklep.example.pl/"),
    "why": lambda kb: kb.why("https://sklep.example.pl/"),
    "add_files": lambda kb: kb.add_files(Path(__file__)),
    "add_replies": lambda kb: kb.add_replies([{"title": "Powitanie", "text": "Dzień dobry"}]),
    "add": lambda kb: kb.add([RETURNS]),
    "embed_missing": lambda kb: kb.embed_missing(),
    "remove": lambda kb: kb.remove(["zwroty"]),
    "search": lambda kb: kb.search("zwrot"),
    "explain": lambda kb: kb.explain("zwrot", "zwroty#0"),
    "answer": lambda kb: kb.answer(QUESTION),
    "answer_stream": lambda kb: kb.answer_stream(QUESTION),
    "suggest_snippets": lambda kb: kb.suggest_snippets("zwrot"),
    "confidence": lambda kb: kb.confidence(QUESTION),
    "draft_reply": lambda kb: kb.draft_reply(QUESTION),
    "feedback": lambda kb: kb.feedback("a-1", correct=True),
    "set_synonyms": lambda kb: kb.set_synonyms([["zwrot", "oddanie"]]),
    "synonyms": lambda kb: kb.synonyms(),
    "calibrate": lambda kb: kb.calibrate(LABELLED),
    "threshold_for": lambda kb: kb.threshold_for(),
    "what_if": lambda kb: kb.what_if(0.5),
    "reliability": lambda kb: kb.reliability(),
    "evaluate": lambda kb: kb.evaluate([{"question": QUESTION, "answer": "30 dni"}]),
    "audit": lambda kb: kb.audit(),
    "info": lambda kb: kb.info(),
}
"""Every public call but `close`, with arguments that are right. The stream is not even begun."""


def test_every_public_call_is_tried():
    methods = inspect.getmembers(KnowledgeBase, inspect.isfunction)
    assert {name for name, _ in methods if not name.startswith("_")} == CALLS.keys() | {"close"}


@pytest.fixture(scope="module", params=["memory", "folder"])
def closed(request, tmp_path_factory) -> tuple[KnowledgeBase, str]:
    """With the name that it was opened by."""
    where = ":memory:" if request.param == "memory" else str(tmp_path_factory.mktemp("closed") / "kb")
    with KnowledgeBase(where, embedder=HashEmbedder()) as kb:
        kb.add([RETURNS])
    return kb, where


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_after_the_end_says_so(closed: tuple[KnowledgeBase, str], call: Callable[..., Any]):
    kb, where = closed
    with pytest.raises(KnowledgeBaseError) as told:
        call(kb)
    assert str(told.value) == (
        f"The knowledge base {where} is closed: use it inside its `with` block, or open it again"
    )


def test_closing_again_changes_nothing(closed: tuple[KnowledgeBase, str]):
    closed[0].close()
    with pytest.raises(KnowledgeBaseError, match="is closed"):
        closed[0].info()


def test_a_folder_that_was_closed_can_be_opened_again(tmp_path: Path):
    for count in (1, 0):
        with KnowledgeBase(tmp_path / "kb", embedder=HashEmbedder()) as kb:
            assert len(kb.add([RETURNS]).added) == count
