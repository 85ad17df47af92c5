"""Whole conversations with the example company: when it answers, asks back, and hands over.

Threshold 0 answers whatever is found, threshold 1 never does: the policy is checked, not the confidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kbassist import Answer, KnowledgeBase
from kbassist.assist.asking_back import asking_back

SCRIPTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "policy_conversations.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


NOT_PUBLIC = {"pracownicy", "koszyk", "404.html", "logo.svg", "robots.txt", "sitemap.xml", "styl.css"}


@pytest.fixture(scope="module")
def kb(company: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(":memory:", embedder=None) as made:
        pages = [path for path in (company / "site").iterdir() if path.name not in NOT_PUBLIC]
        made.add_files(pages)
        yield made


def check(answer: Answer, expected: dict[str, Any], lang: str) -> None:
    assert answer.status == expected["status"], (answer.reason, answer.text)
    assert answer.lang == lang
    assert answer.disclosure
    assert answer.reason == expected.get("reason", answer.reason)
    assert expected.get("text", "") in answer.text
    for option in expected.get("options", ()):
        assert option in answer.options
        assert option in answer.clarification
    if answer.status == "answered":
        quoted = " ".join(" ".join(citation.quote.split()) for citation in answer.citations)
        assert expected.get("holds", "") in quoted
        assert answer.clarification is answer.handoff is None
    else:
        assert answer.citations == ()
    if answer.status == "clarify":
        assert answer.text == answer.clarification
        assert answer.text.count("?") <= 1
        assert answer.handoff is None
    if answer.status == "handoff":
        handoff = answer.handoff
        assert answer.text == handoff.message
        assert len(handoff.summary.splitlines()) == 3
        assert handoff.suggested
        assert handoff.urgency == expected.get("urgency", handoff.urgency)
        assert expected.get("tried", handoff.tried[0]) in handoff.tried
        assert json.loads(json.dumps(handoff.to_dict())) == handoff.to_dict()


@pytest.mark.parametrize("script", SCRIPTS, ids=[script["id"] for script in SCRIPTS])
def test_a_conversation(kb: KnowledgeBase, script: dict[str, Any]):
    history: list[dict[str, str]] = []
    for turn in script["turns"]:
        answer = kb.answer(turn["say"], history=history, threshold=turn["threshold"])
        check(answer, turn["expect"], script["lang"])
        history += [
            {"role": "user", "content": turn["say"]},
            {"role": "assistant", "content": answer.text},
        ]


def test_there_are_enough_scripts_in_both_languages():
    assert len(SCRIPTS) >= 40
    assert {script["lang"] for script in SCRIPTS} == {"pl", "en"}


@pytest.mark.parametrize("reply", ["hm", "nie wiem", "za granicę", "Ile kosztuje dostawa?", "coś innego"])
def test_no_more_than_two_questions_are_asked_back_in_a_row(kb: KnowledgeBase, reply: str):
    history: list[dict[str, str]] = []
    statuses = []
    for said in ["Ile kosztuje dostawa?", reply, reply, reply]:
        answer = kb.answer(said, history=history, threshold=1)
        statuses.append(answer.status)
        history += [{"role": "user", "content": said}, {"role": "assistant", "content": answer.text}]
        if answer.status == "handoff":
            break
    assert statuses[0] == "clarify"
    assert statuses[-1] == "handoff"
    assert statuses.count("clarify") <= 2


def test_after_two_questions_that_were_asked_back_a_person_takes_over(kb: KnowledgeBase):
    history = [
        {"role": "user", "content": "ile to kosztuje"},
        {"role": "assistant", "content": asking_back(["A", "B"], "pl")},
        {"role": "user", "content": "A"},
        {"role": "assistant", "content": asking_back(["C", "D"], "pl")},
    ]
    answer = kb.answer("Ile kosztuje dostawa?", history=history, threshold=1)
    assert (answer.status, answer.reason) == ("handoff", "not_clarified")


def test_the_person_is_told_the_whole_question(kb: KnowledgeBase):
    asked = kb.answer("Ile kosztuje dostawa?", threshold=1)
    history = [
        {"role": "user", "content": "Ile kosztuje dostawa?"},
        {"role": "assistant", "content": asked.text},
    ]
    handoff = kb.answer("za granicę, byle szybko", history=history, threshold=1).handoff
    assert handoff.question == "za granicę, byle szybko"
    assert "Ile kosztuje dostawa za granicę?" in handoff.summary.splitlines()[0]
    assert handoff.history == tuple(history)


@pytest.mark.parametrize("channel", ["chat", "email", "voice"])
def test_asking_back_goes_on_in_every_channel(kb: KnowledgeBase, channel: str):
    asked = kb.answer("Ile wynosi gwarancja?", threshold=1, channel=channel)
    assert asked.status == "clarify"
    history = [
        {"role": "user", "content": "Ile wynosi gwarancja?"},
        {"role": "assistant", "content": asked.text},
    ]
    for reply in ("1", "pierwsze", "części kute"):
        answer = kb.answer(reply, history=history, threshold=0, channel=channel)
        assert any("10 lat" in citation.quote for citation in answer.citations), reply
