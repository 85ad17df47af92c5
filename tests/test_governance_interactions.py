from datetime import UTC, datetime

import pytest

from kbassist.errors import InvalidArgumentError
from kbassist.governance.interactions import record_from_answer, record_query, with_feedback
from kbassist.types import Answer, Citation, Confidence

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def citation(document_id):
    return Citation(document_id, f"{document_id}#0", "Zwroty", "", "", None, "30 dni", 0, 6)


def answer(**changes):
    fields = {
        "id": "a1",
        "question": "Mój PESEL 44051401359, gdzie paczka? jan@wp.pl",
        "status": "answered",
        "reason": "",
        "text": "30 dni",
        "citations": (citation("b"), citation("a"), citation("b")),
        "confidence": Confidence(0.8, "high", 0.6),
        "hits": (),
    }
    return Answer(**{**fields, **changes})


def test_an_answer_is_recorded_without_personal_data():
    record = record_from_answer(answer(), at=NOON, channel="chat", audience={"public"})
    assert record.question == "Mój PESEL [PESEL], gdzie paczka? [e-mail]"
    assert (record.id, record.kind, record.status, record.lang) == ("a1", "answer", "answered", "pl")
    assert (record.probability, record.threshold) == (0.8, 0.6)
    assert record.document_ids == ("b", "a")
    assert record.to_dict()["at"] == "2026-11-21T12:00:00+00:00"
    assert record.to_dict()["audience"] == ["public"]


def test_a_query_has_no_status():
    record = record_query(
        "search", "s1", "tel. 601 234 567", at=NOON, lang="pl", channel=None, audience=["staff"]
    )
    assert (record.question, record.status, record.probability) == ("tel. [phone]", None, None)
    assert record.audience == {"staff"}


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(InvalidArgumentError, match="time zone"):
        record_from_answer(answer(), at=datetime(2026, 11, 21), channel="chat", audience={"public"})


def test_feedback_adds_up_and_is_redacted():
    record = record_from_answer(answer(), at=NOON, channel="chat", audience={"public"})
    once = with_feedback(record, {"helpful": True, "comment": "dzwońcie: 601234567"})
    twice = with_feedback(once, {"helpful": False, "edited": 0.2})
    assert dict(twice.feedback) == {"helpful": False, "comment": "dzwońcie: [phone]", "edited": 0.2}
    assert dict(record.feedback) == {}


def test_feedback_that_is_no_plain_value_is_refused():
    record = record_from_answer(answer(), at=NOON, channel="chat", audience={"public"})
    with pytest.raises(InvalidArgumentError, match="'labels' is a list"):
        with_feedback(record, {"labels": ["x"]})
