"""Calibrating a knowledge base, and what it says of itself afterwards: end to end."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kbassist import Document, InvalidArgumentError, KnowledgeBase, StaleCalibratorWarning
from kbassist.catalog import Catalog
from kbassist.evaluation import normalise_answer
from kbassist.testing import HashEmbedder

RETURNS = Document("zwroty", "Zwrot towaru trwa 30 dni od doręczenia.", title="Zwroty")
COURIER = Document("dostawa", "Dostawa kurierem kosztuje 15,00 zł.", title="Dostawa")
EASY, HARD = "Ile dni trwa zwrot towaru?", "Czy macie basen z wodą?"


def rows(number: int = 30) -> list[dict[str, Any]]:
    easy = [{"question": f"Ile dni trwa zwrot towaru {n}?", "correct": True} for n in range(number)]
    return easy + [{"question": f"Jaki zwrot ma pogoda {n}?", "correct": False} for n in range(number)]


def opened(path: Path) -> KnowledgeBase:
    return KnowledgeBase(path, embedder=HashEmbedder())


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with opened(tmp_path / "kb") as kb:
        kb.add([RETURNS, COURIER])
        yield kb


# --- the example company -----------------------------------------------------------------------


@dataclass(frozen=True)
class Company:
    """Its knowledge base, and its questions with whether each was answered rightly."""

    kb: KnowledgeBase
    labelled: list[dict[str, Any]]
    fitted: str


@pytest.fixture(scope="module")
def shop(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(tmp_path_factory.mktemp("shop") / "kb") as kb:
        kb.add_files(company / "site")
        labelled = []
        for line in (company / "questions.jsonl").read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            answer = kb.answer(question["text"], threshold=0, lang=question["lang"])
            gold = question["answer"]
            labelled.append(
                {"question": question["text"], "correct": "tak" if holds(answer, gold) else "nie"}
            )
        yield Company(kb, labelled, kb.calibrate(labelled))


def holds(answer: Any, gold: str | None) -> bool:
    quoted = [f" {' '.join(normalise_answer(citation.quote))} " for citation in answer.citations]
    return gold is not None and any(f" {' '.join(normalise_answer(gold))} " in quote for quote in quoted)


def test_the_company_is_calibrated_with_its_own_questions(shop: Company):
    info = shop.kb.info()
    right = sum(row["correct"] == "tak" for row in shop.labelled)
    assert 10 < right < len(shop.labelled) - 10
    assert (info.calibration, info.stale) == (shop.fitted, "")
    assert (info.fitted["labels"], info.fitted["right"]) == (len(shop.labelled), right)
    assert info.fitted["brier_after"] < info.fitted["brier_before"] + 0.02  # each label judged without itself


def test_the_report_of_the_company_is_held_out_and_believable(shop: Company, tmp_path: Path):
    report = shop.kb.reliability(lang="en")
    assert (report.labelled, report.calibration) == (len(shop.labelled), shop.fitted)
    assert set(report.languages) == {"pl", "en"}
    assert report.all.ece < 0.15
    assert report.all.auroc is not None
    assert report.all.auroc > 0.6
    report.to_html(tmp_path / "report.html")
    assert shop.fitted in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_labels_given_again_are_judged_by_the_calibrator_itself(shop: Company):
    seen = shop.kb.reliability(shop.labelled).all
    assert seen.count == len(shop.labelled)
    assert seen.brier < shop.kb.reliability().all.brier


def test_the_threshold_of_the_company_keeps_what_it_promises(shop: Company):
    right = shop.kb.reliability().all.right
    choice = shop.kb.threshold_for(min(0.9, right + 0.1))
    assert choice.judged == len(shop.labelled)
    assert choice.threshold is not None
    assert choice.share_right >= choice.precision
    assert shop.kb.threshold_for(99.9).proven is None


def test_what_the_company_would_have_answered(shop: Company):
    found = shop.kb.what_if(60)
    asked = len(shop.labelled)
    assert (found.threshold, found.all.now.questions, found.left_out) == (0.6, asked, 0)
    assert 0 < found.all.then.answered < found.all.now.answered
    assert found.all.no_longer_answered == found.all.now.answered - found.all.then.answered
    assert set(found.languages) == {"pl", "en"}
    assert len(found.days) in (1, 2)
    assert all(change.now.questions for change in found.topics.values())
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert shop.kb.what_if(60, since=tomorrow).all.now.questions == 0


# --- labels ------------------------------------------------------------------------------------


def test_labels_are_written_in_many_ways(kb: KnowledgeBase):
    right = [True, 1, 1.0, "yes", "Tak ", "TRUE", "1", "y", "t", "right"]
    wrong = [False, 0, 0.0, "no", "nie", "False", "0", "n", "f", "wrong"]
    labelled = [
        row | {"correct": right[n % 10] if row["correct"] else wrong[n % 10]} for n, row in enumerate(rows())
    ]
    kb.calibrate(labelled)
    assert (kb.info().fitted["labels"], kb.info().fitted["right"]) == (60, 30)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "zwrot"}, r"lacks 'question' or 'correct' \(it is row 61\)"),
        ({"question": "  ", "correct": 1}, "The question of labelled row 61 is '  '"),
        ({"question": 7, "correct": 1}, "The question of labelled row 61 is 7"),
        (
            {"question": "zwrot", "correct": "może"},
            r"Labelled row 61 \('zwrot'\): 'correct' is 'może': write",
        ),
        ({"question": "zwrot", "correct": None}, "Labelled row 61 .*'correct' is None"),
        ({"question": "zwrot", "correct": 2}, "Labelled row 61 .*'correct' is 2"),
        ({"question": "zwrot", "correct": 1, "answer": 30}, "The answer of labelled row 61 .* is a int"),
        ("zwrot", "labelled row 'zwrot' lacks"),
    ],
)
def test_a_wrong_row_is_named_and_changes_nothing(kb: KnowledgeBase, row: Any, message: str):
    before = kb.info()
    with pytest.raises(InvalidArgumentError, match=message):
        kb.calibrate([*rows(), row])
    assert kb.info() == before


@pytest.mark.parametrize("labelled", ["zwrot", {"question": "zwrot", "correct": True}])
def test_one_single_row_is_told_from_a_list(kb: KnowledgeBase, labelled: Any):
    with pytest.raises(InvalidArgumentError, match="give a list of rows"):
        kb.calibrate(labelled)


def test_a_label_of_another_answer_says_nothing(kb: KnowledgeBase):
    same = [row | {"answer": f"Dzień dobry! {RETURNS.text}"} for row in rows()[:30]]
    other = [{"question": EASY, "correct": False, "answer": "Zwrot trwa tydzień."}] * 3
    kb.calibrate([*same, *rows()[30:], *other])
    assert (kb.info().fitted["labels"], kb.info().fitted["left_out"]) == (60, 3)
    with pytest.raises(InvalidArgumentError, match="60 more judge another answer than is given today"):
        kb.calibrate([row | {"answer": "Co innego."} for row in rows()])


# --- a calibrator that no longer fits ------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda member: member["provenance"].update(adapted_from="bundled-0"),
            r"an earlier version (bundled-0)",
        ),
        (lambda member: member.update(configuration="hash/pl-en-1"), "it was fitted for hash/pl-en-1"),
    ],
)
def test_a_stale_calibrator_is_told_and_not_used(tmp_path: Path, change: Any, why: str):
    path = tmp_path / "kb"
    with opened(path) as kb:
        kb.add([RETURNS])
        bundled, before = kb.info().calibration, kb.confidence(EASY)
        name = kb.calibrate(rows())
        assert kb.confidence(EASY).probability != before.probability
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opened(path).close()

    file = path / "calibrator.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    for member in values["calibrators"]:
        change(member)
    file.write_text(json.dumps(values), encoding="utf-8")
    with pytest.warns(StaleCalibratorWarning, match="is stale.*run calibrate") as told:
        again = opened(path)
    with again:
        assert len(told) == 1
        assert why in again.info().stale
        assert again.info().calibration == f"{bundled}; {name} is stale"
        given = again.confidence(EASY)
        assert given.probability == before.probability
        assert given.calibration.endswith(f"{name} is stale")
        assert any("kalibracja tej bazy jest nieaktualna" in reason for reason in given.reasons)
        with pytest.raises(InvalidArgumentError, match="No answer was judged"):
            again.reliability()
        again.calibrate(rows())
        assert again.info().stale == ""


def test_calibrating_keeps_no_question_in_the_file(kb: KnowledgeBase, tmp_path: Path):
    kb.calibrate(rows())
    kept = (tmp_path / "kb" / "calibrator.json").read_text(encoding="utf-8")
    assert "zwrot" not in kept.lower()
    assert len(json.loads(kept)["outcomes"]) == 60


# --- feedback and the log ------------------------------------------------------------------------


def test_feedback_is_judged_with_the_calibrator_of_today(kb: KnowledgeBase):
    with pytest.raises(InvalidArgumentError, match="No answer was judged"):
        kb.reliability()
    said = [True, "tak", False, 0, "w sumie", None]
    for correct in said:
        kb.feedback(kb.answer(EASY, threshold=0).id, correct=correct)
    unsure = kb.answer(HARD, threshold=1)
    kb.feedback(unsure.id, correct=True)  # it was not given
    before = kb.reliability()
    assert (before.labelled, before.logged, before.all.right) == (0, 4, 0.5)

    kb.calibrate(rows())
    after = kb.reliability()
    assert (after.labelled, after.logged) == (60, 4)
    choice = kb.threshold_for(0.7)
    assert choice.judged == 64
    assert kb.answer(EASY, threshold=choice).confidence.threshold == float(choice)


def test_what_another_threshold_would_have_done(kb: KnowledgeBase):
    probability = kb.confidence(EASY).probability
    assert 0 < probability < 0.95
    for _ in range(3):
        answer = kb.answer(EASY, threshold=0)
        assert answer.status == "answered"
    kb.feedback(answer.id, correct=True)
    kb.answer("Chcę rozmawiać z konsultantem", threshold=0)

    kept, lost = kb.what_if(probability).all, kb.what_if(probability + 0.04).all
    assert (kept.then.answered, kept.newly_answered, kept.no_longer_answered) == (3, 0, 0)
    assert (kept.then.judged, kept.then.judged_right) == (1, 1)
    assert kept.then.expected_right == pytest.approx(probability)
    assert (lost.then.answered, lost.no_longer_answered, lost.then.handed_over) == (0, 3, 4)
    assert "Zwroty" in kb.what_if(50).topics


def test_answers_of_another_version_are_left_out(kb: KnowledgeBase, tmp_path: Path):
    kb.answer(EASY)
    catalog = Catalog(f"sqlite:///{tmp_path / 'kb' / 'catalog.sqlite'}")
    logged = catalog.interactions()[0]
    old = {name: value for name, value in logged.items() if name not in ("signals", "configuration", "topic")}
    catalog.log("a-old", datetime.now(UTC), old | {"id": "a-old", "feedback": {"correct": True}})
    catalog.close()
    found = kb.what_if(0.5)
    assert (found.all.now.questions, found.left_out) == (1, 1)
    with pytest.raises(InvalidArgumentError, match="No answer was judged"):
        kb.reliability()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda kb: kb.what_if(101), "threshold is 101"),
        (lambda kb: kb.what_if(-0.1), "threshold is -0.1"),
        (lambda kb: kb.threshold_for(0), "precision is 0"),
        (lambda kb: kb.threshold_for(100), "precision is 1.0: give a share between 0 and 1"),
        (lambda kb: kb.threshold_for(101), "precision is 101"),
        (lambda kb: kb.reliability(lang="de"), "lang is 'de'"),
        (lambda kb: kb.answer(EASY, threshold=kb.threshold_for()), "No threshold makes 95.0% of the answers"),
    ],
)
def test_a_wrong_call(kb: KnowledgeBase, call: Any, message: str):
    with pytest.raises(InvalidArgumentError, match=message):
        call(kb)


def test_a_knowledge_base_without_vectors_is_calibrated_too():
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add([RETURNS, COURIER])
        name = kb.calibrate(rows())
        assert kb.info().calibration == name == kb.confidence(EASY).calibration
        assert float(kb.confidence("Ile dni trwa zwrot towaru 5?")) > 0.7
        assert kb.reliability().labelled == 60
