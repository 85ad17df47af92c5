import pytest

from kbassist.index.diversity import REPEAT, spread
from kbassist.types import Hit, Passage


def hit(passage_id: str, document_id: str, score: float) -> Hit:
    return Hit(Passage(passage_id, document_id, "tekst", 0, 5), score)


def test_a_further_passage_gives_way_to_another_document_that_is_nearly_as_good() -> None:
    found = spread([hit("a1", "a", 0.9), hit("a2", "a", 0.8), hit("b1", "b", 0.75)])
    assert [each.passage.id for each in found] == ["a1", "b1", "a2"]
    assert found[2].score == pytest.approx(0.8 * REPEAT)


def test_passages_that_are_clearly_better_stay_on_top() -> None:
    found = spread([hit("a1", "a", 0.9), hit("a2", "a", 0.8), hit("b1", "b", 0.4)])
    assert [each.passage.id for each in found] == ["a1", "a2", "b1"]


def test_one_passage_a_document_changes_nothing() -> None:
    hits = [hit("a1", "a", 0.9), hit("b1", "b", 0.8), hit("c1", "c", 0.8)]
    assert spread(hits) == hits
