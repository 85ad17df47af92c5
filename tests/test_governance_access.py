from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.governance.access import make_filter, may_see
from kbassist.types import Document, IndexEntry, Passage, PassageFilter

DAY = date(2026, 5, 10)


def document(**fields):
    return Document(id="d", text="Zwrot trwa 14 dni.", lang="pl", **fields)


def entry(of):
    passage = Passage(
        id="p", document_id=of.id, text=of.text, start=0, end=len(of.text), lang=of.lang or "pl", kind=of.kind
    )
    return IndexEntry(
        passage,
        audience=of.audience,
        status=of.status,
        valid_from=of.valid_from,
        valid_until=of.valid_until,
    )


def test_nothing_given_means_the_public_today_and_approved():
    where = make_filter()
    assert where == PassageFilter(audience=frozenset({"public"}), as_of=where.as_of)
    assert where.as_of in {date.today(), datetime.now().date()}
    assert where.statuses == {"approved"}


def test_labels_come_from_any_iterable_and_a_moment_is_taken_as_its_day():
    where = make_filter(
        iter(["staff", "public"]), datetime(2026, 5, 10, 23, 59, tzinfo=UTC), kinds=["faq"], langs=("pl",)
    )
    assert where.audience == {"staff", "public"}
    assert where.as_of == DAY
    assert type(where.as_of) is date
    assert where.kinds == {"faq"}
    assert where.langs == {"pl"}
    assert make_filter(document_ids=["a", "a"]).document_ids == {"a"}


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        ({"audience": "public"}, r"give a set of them, \{'public'\}"),
        ({"audience": b"public"}, "give a set of them"),
        ({"audience": []}, "leave it out"),
        ({"audience": ["public", ""]}, "not empty"),
        ({"audience": ["public", None]}, "has to be text"),
        ({"as_of": "2026-05-10"}, "fromisoformat"),
        ({"statuses": ["aproved"]}, "draft, approved, retired"),
        ({"kinds": ["blog"]}, "page, pdf, regulation, faq, reply"),
        ({"document_ids": "a"}, "give a set"),
    ],
)
def test_a_slip_is_refused_with_the_cure(arguments, cure):
    with pytest.raises(InvalidArgumentError, match=cure):
        make_filter(**arguments)


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({}, True),
        ({"audience": frozenset({"staff"})}, False),
        ({"audience": frozenset({"staff", "public"})}, True),
        ({"status": "draft"}, False),
        ({"status": "retired"}, False),
        ({"valid_from": DAY}, True),
        ({"valid_until": DAY}, True),
        ({"valid_from": date(2026, 5, 11)}, False),
        ({"valid_until": date(2026, 5, 9)}, False),
        ({"kind": "reply"}, True),
    ],
)
def test_who_sees_what(fields, seen):
    subject = document(**fields)
    where = make_filter(as_of=DAY)
    assert may_see(subject, where) is seen
    assert may_see(entry(subject), where) is seen


def test_the_restrictions_look_at_language_kind_and_document():
    for subject in (document(), entry(document())):
        assert may_see(subject, make_filter(langs=["pl"], kinds=["page"], document_ids=["d"]))
        assert not may_see(subject, make_filter(langs=["en"]))
        assert not may_see(subject, make_filter(kinds=["pdf"]))
        assert not may_see(subject, make_filter(document_ids=["other"]))
    assert not may_see(Document(id="d", text="?"), make_filter(langs=["pl"]))


def test_a_filter_without_a_date_looks_at_no_validity():
    assert may_see(document(valid_until=date(1999, 1, 1)), PassageFilter())


labels = st.frozensets(st.sampled_from(["public", "staff", "b2b"]), min_size=1)


@given(labels, labels)
def test_one_shared_label_is_needed_and_enough(of_document, of_caller):
    assert may_see(document(audience=of_document), make_filter(of_caller)) is bool(of_document & of_caller)


@given(st.dates(), st.dates(), st.dates())
def test_validity_counts_both_ends(first, last, day):
    subject = document(valid_from=first, valid_until=last)
    assert may_see(subject, make_filter(as_of=day)) is (first <= day <= last)
