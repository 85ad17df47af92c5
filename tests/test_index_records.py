"""Entries as payloads, and which filters admit them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import KnowledgeBaseError
from kbassist.index.records import Group, conditions, from_payload, point_id, to_payload
from kbassist.testing import make_entry
from kbassist.types import IndexEntry, Passage, PassageFilter

labels = st.frozensets(st.sampled_from(["public", "staff", "vip", 'ł,]"']), max_size=3)
days = st.none() | st.dates()
statuses = st.sampled_from(["draft", "approved", "retired"])
kinds = st.sampled_from(["page", "pdf", "regulation", "faq", "reply"])
langs = st.sampled_from(["pl", "en"])
passages = st.builds(
    Passage,
    id=st.text(),
    document_id=st.text(),
    text=st.text(),
    start=st.integers(0, 9),
    end=st.integers(10, 99),
    title=st.text(),
    uri=st.text(),
    headings=st.lists(st.text()).map(tuple),
    address=st.text(),
    page=st.none() | st.integers(1),
    lang=langs,
    kind=kinds,
    provisions=st.lists(st.tuples(st.integers(0, 9), st.text())).map(tuple),
)
entries = st.builds(
    IndexEntry,
    passages,
    context=st.text(),
    audience=labels,
    status=statuses,
    valid_from=days,
    valid_until=days,
)
filters = st.builds(
    PassageFilter,
    audience=labels,
    as_of=days,
    statuses=st.frozensets(statuses),
    langs=st.none() | st.frozensets(langs),
    kinds=st.none() | st.frozensets(kinds),
    document_ids=st.none() | st.frozensets(st.sampled_from(["a", "b"])),
)


@given(entries)
def test_entry_comes_back_from_its_payload(entry):
    payload = json.loads(json.dumps(to_payload(entry, 3)))
    assert from_payload(payload) == entry


@given(entries)
def test_group_comes_back_from_its_key(entry):
    group = Group.of(entry)
    assert Group.from_key(group.key()) == group


@given(entries, filters)
def test_group_is_admitted_when_the_entry_qualifies(entry, where):
    expected = (
        bool(entry.audience & where.audience)
        and entry.status in where.statuses
        and (where.as_of is None or (entry.valid_from or date.min) <= where.as_of)
        and (where.as_of is None or where.as_of <= (entry.valid_until or date.max))
        and (where.langs is None or entry.passage.lang in where.langs)
        and (where.kinds is None or entry.passage.kind in where.kinds)
    )
    assert Group.of(entry).admitted_by(where) == expected


def test_conditions_ask_only_for_what_does_not_hold_anyway():
    public = Group.of(make_entry("a1", "")).key()
    staff = Group.of(make_entry("a2", "", audience=frozenset({"staff"}))).key()
    documents = frozenset({"b", "a"})
    assert conditions(PassageFilter(), [public]) == ()
    assert conditions(PassageFilter(), [public, staff]) == (("group", (public,)),)
    assert conditions(PassageFilter(document_ids=documents), [public]) == (("document_id", ("a", "b")),)
    assert conditions(PassageFilter(audience=frozenset()), [public]) is None
    assert conditions(PassageFilter(document_ids=frozenset()), [public]) is None
    assert conditions(PassageFilter(), []) is None


def test_point_ids_do_not_change():
    assert point_id("zwroty#1") == 15801881422694773162
    assert point_id("zwroty#2") != point_id("zwroty#1")


@pytest.mark.parametrize(
    "payload", [{}, {"group": "x", "entry": "[]"}, {**to_payload(make_entry("a1", "x"), 1), "entry": "[1]"}]
)
def test_damaged_payload_is_an_error_with_the_cure(payload):
    with pytest.raises(KnowledgeBaseError, match="ingest again"):
        from_payload(payload)
