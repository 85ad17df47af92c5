"""Unknown words are taken for what is one typing error away and held by the index; known ones never."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.index.memory import MemoryIndex
from kbassist.index.spelling import corrections
from kbassist.protocols import IndexReader
from kbassist.testing import make_entry
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.typing_errors import typing_errors

TEXTS = {
    "a1": "Reklamację złożysz w sklepie, a zwrot pieniędzy trwa 14 dni.",
    "b1": "Dostawa do paczkomatu jest bezpłatna.",
    "c1": "The warranty covers every Kowalczyk bicycle.",
}


@pytest.fixture(scope="module")
def reader(analyzer: TextAnalyzer) -> Iterator[IndexReader]:
    index = MemoryIndex(analyzer=analyzer.index_terms, analysis="test", model=None, dimension=None)
    writer = index.begin(None)
    writer.upsert([make_entry(id_, text) for id_, text in TEXTS.items()], None)
    yield index.open(writer.seal().generation)
    index.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reklamcja", "reklamacja"),  # a letter too few
        ("rekllamacja", "reklamacja"),  # too many
        ("rekpamacja", "reklamacja"),  # mistaken
        ("reklmaacja", "reklamacja"),  # exchanged
        ("paczkomatty", "paczkomaty"),  # a form that stands nowhere, of a word that does
        ("warrnty", "warranty"),
        ("Kowalcyk", "kowalczyk"),
    ],
)
def test_an_error_is_seen_through(reader: IndexReader, analyzer: TextAnalyzer, typed: str, meant: str):
    found = corrections(f"Gdzie {typed}?", reader, analyzer)
    assert found.keys() == {typed.lower()}
    assert set(analyzer(meant)) & set(analyzer(found[typed.lower()][0]))


@pytest.mark.parametrize(
    "query",
    [
        "reklamacja zwrot dostawa",  # held
        "Reklamacją zwrotami",  # other forms of what is held
        "gwarancja",  # not held, and a word
        "X20 rekl4mcja 14dnj",  # codes
        "zwrt dni",  # too short, or held
        "iWarranti BLlK",
        "",
        "???",
        "ile który",
    ],
)
def test_what_may_be_right_is_left(reader: IndexReader, analyzer: TextAnalyzer, query: str):
    assert not corrections(query, reader, analyzer).keys() - {"zwrt"}


def test_a_correction_takes_the_place_of_the_word(reader: IndexReader, analyzer: TextAnalyzer):
    query = "reklamcja butów"
    terms = analyzer.query_terms(query, corrections(query, reader, analyzer))
    assert terms["l:reklamacja"] == 1.0
    assert "l:reklamcja" not in terms
    assert terms["l:but"] == 1.0


@given(st.text("aąbclłoz", min_size=1, max_size=8))
def test_every_error_is_one_edit_and_none_comes_twice(word: str):
    errors = dict(typing_errors(word))
    assert len(errors) == len(typing_errors(word))
    assert word not in errors
    assert {abs(len(other) - len(word)) for other in errors} <= {0, 1}
    assert all(0 <= cost < 1 for cost in errors.values())


def test_the_word_that_was_meant_is_among_the_errors_of_each_of_its_errors():
    for typed, _ in typing_errors("zwrot"):
        if typed.isascii():
            assert "zwrot" in dict(typing_errors(typed))
