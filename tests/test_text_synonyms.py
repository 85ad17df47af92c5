"""Groups of synonyms are read or refused with the cure, and widen a query by what counts less."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbassist import KnowledgeBase
from kbassist.errors import InvalidArgumentError
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.synonyms import WEIGHT, Synonyms, read_synonyms


def test_a_file_has_one_group_a_line(tmp_path: Path):
    file = tmp_path / "synonimy.txt"
    file.write_text(
        "\ufeff# zwroty\nzwrot, oddanie,  odesłanie\n\ndowód zakupu; paragon, faktura\n", encoding="utf-8"
    )
    assert read_synonyms(file) == (("zwrot", "oddanie", "odesłanie"), ("dowód zakupu", "paragon, faktura"))
    assert read_synonyms([["a", "b", "a"]]) == (("a", "b"),)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["zwrot", "oddanie"], ["sam"]], "group 2 has 1 member"),
        ([["zwrot", 7]], "7 is not text"),
        ([["a b c d e f g", "h"]], "more than 6 words"),
    ],
)
def test_a_wrong_group_is_named(rows, says: str):
    with pytest.raises(InvalidArgumentError, match=says):
        read_synonyms(rows)


@pytest.mark.parametrize("content", [b"zwrot\n", b"\xff\xfe\x00"])
def test_a_wrong_file_is_named(tmp_path: Path, content: bytes):
    file = tmp_path / "s.txt"
    file.write_bytes(content)
    with pytest.raises(InvalidArgumentError, match=r"s\.txt"):
        read_synonyms(file)


def test_any_form_of_a_member_brings_the_others(analyzer: TextAnalyzer):
    synonyms = Synonyms((("zwrot", "oddanie"),), analyzer)
    found = synonyms.expand("koszt zwrotu towaru")
    assert found.keys() == set(analyzer("oddanie"))
    assert set(found.values()) == {WEIGHT}
    assert synonyms.expand("dostawa") == synonyms.expand("") == {}


def test_a_phrase_is_found_whole_and_counts_no_more_than_a_word(analyzer: TextAnalyzer):
    synonyms = Synonyms((("dowód zakupu", "paragon"),), analyzer)
    assert synonyms.expand("Czy potrzebuję dowodu zakupu?").keys() == set(analyzer("paragon"))
    assert synonyms.expand("dowód osobisty") == {}
    found = synonyms.expand("paragon")
    assert found.keys() == set(analyzer("dowód zakupu"))
    assert set(found.values()) == {WEIGHT / 2}


def test_many_members_together_count_about_as_much_as_one(analyzer: TextAnalyzer):
    members = ("zwrot", "oddanie", "odesłanie", "cofnięcie", "reklamacja")
    found = Synonyms((members,), analyzer).expand("zwrot")
    assert sum(found[analyzer(member)[-1]] for member in members[1:]) == pytest.approx(1.0)


def test_a_member_in_the_query_is_not_added_again(analyzer: TextAnalyzer):
    synonyms = Synonyms((("zwrot", "oddanie"),), analyzer)
    assert synonyms.expand("zwrot albo oddanie") == {}


def test_a_knowledge_base_keeps_its_synonyms(tmp_path: Path):
    with KnowledgeBase(tmp_path, embedder=None) as kb:
        assert kb.synonyms() == ()
        kb.set_synonyms([["zwrot", "oddanie"]])
        with pytest.raises(InvalidArgumentError):
            kb.set_synonyms([["zwrot"]])
    with KnowledgeBase(tmp_path, embedder=None) as kb:
        assert kb.synonyms() == (("zwrot", "oddanie"),)
        kb.set_synonyms([])
        assert kb.synonyms() == ()
