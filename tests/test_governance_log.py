"""The log of one knowledge base: what is kept of a call, and what of the feedback on it."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from kbassist.catalog import Catalog
from kbassist.errors import InvalidArgumentError
from kbassist.governance.log import InteractionLog
from kbassist.types import Answer, Citation, Confidence, Draft, DraftPart, PassageFilter, Snippet

STAFF = PassageFilter(audience=frozenset({"staff"}))


def citation(document_id: str) -> Citation:
    return Citation(document_id, f"{document_id}#0", "Zwroty", "", "", None, "30 dni", 0, 6)


def answer(answer_id: str, *cited: str) -> Answer:
    return Answer(
        id=answer_id,
        question="Ile dni na zwrot? Mój e-mail: jan@wp.pl",
        status="answered",
        reason="confident",
        text="30 dni",
        citations=tuple(map(citation, cited)),
        confidence=Confidence(0.8, "high", 0.6),
        hits=(),
    )


def new_log(catalog: Catalog, *, keep: bool = True) -> InteractionLog:
    return InteractionLog(catalog, keep=keep, configuration="hash/pl-en-2", language=lambda _: "pl")


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    catalog = Catalog("sqlite://")
    yield catalog
    catalog.close()


@pytest.fixture
def log(catalog: Catalog) -> InteractionLog:
    return new_log(catalog)


def test_an_answer_is_noted_and_handed_on(log: InteractionLog):
    given = answer("a-1", "zwroty")
    assert log.answer(given, "email", STAFF) is given
    (record,) = log.since()
    assert (record.id, record.kind, record.channel, record.audience) == ("a-1", "answer", "email", {"staff"})
    assert (record.document_ids, record.configuration) == (("zwroty",), "hash/pl-en-2")
    assert record.question == "Ile dni na zwrot? Mój e-mail: [e-mail]"


def test_a_stream_is_noted_when_its_answer_is_there(log: InteractionLog):
    def sentences() -> Generator[str, None, Answer]:
        yield "30 dni."
        return answer("a-1", "zwroty")

    stream = log.stream(sentences(), "chat", STAFF)
    assert next(stream) == "30 dni."
    assert list(log.since()) == []
    last = next(stream)
    assert isinstance(last, Answer)
    assert [record.id for record in log.since()] == ["a-1"]
    assert list(stream) == []


def test_a_draft_is_noted_with_the_answers_in_it(log: InteractionLog):
    parts = (DraftPart("Zwrot?", answer("a-1", "b", "a")), DraftPart("Dostawa?", answer("a-2", "b")))
    log.draft(Draft("d-1", parts, "30 dni", 1.0), "Zwrot? Dostawa? PESEL 44051401359", STAFF)
    records = {record.id: record for record in log.since()}
    assert [(record.id, record.kind) for record in records.values()] == [
        ("d-1", "draft"),
        ("a-1", "answer"),
        ("a-2", "answer"),
    ]
    assert records["d-1"].document_ids == ("b", "a")
    assert records["d-1"].question == "Zwrot? Dostawa? PESEL [PESEL]"


def test_snippets_are_noted_once_with_the_documents_they_come_from(log: InteractionLog):
    snippets = [
        Snippet("s-1.0", "reply", "Zwroty", "30 dni", citation("a"), 0.9),
        Snippet("s-1.1", "action", "Zwrot pieniędzy", "", None, 0.5),
    ]
    log.snippets("s-1", "zwrot", snippets, STAFF)
    (record,) = log.since()
    assert (record.id, record.kind, record.lang, record.document_ids) == ("s-1", "snippets", "pl", ("a",))


def test_feedback_on_one_snippet_is_that_of_its_record(log: InteractionLog):
    log.snippets("s-1", "zwrot", [], STAFF)
    log.feedback("s-1.2", {"copied": True, "comment": "pisać na jan@wp.pl"})
    (record,) = log.since()
    assert record.feedback == {"copied": True, "comment": "pisać na [e-mail]", "item": "s-1.2"}


def test_feedback_that_says_nothing_or_of_nothing(log: InteractionLog):
    log.answer(answer("a-1"), "chat", STAFF)
    with pytest.raises(InvalidArgumentError, match="needs at least one signal"):
        log.feedback("a-1", {})
    with pytest.raises(InvalidArgumentError, match="No record has the id 'a-2': give the id of"):
        log.feedback("a-2", {"correct": True})


def test_a_log_that_does_not_keep_reads_what_was_kept_before(catalog: Catalog, log: InteractionLog):
    log.answer(answer("a-1"), "chat", STAFF)
    silent = new_log(catalog, keep=False)
    silent.answer(answer("a-2"), "chat", STAFF)
    silent.feedback("a-1", {"correct": False})
    assert [(record.id, record.feedback) for record in silent.since()] == [("a-1", {"correct": False})]
