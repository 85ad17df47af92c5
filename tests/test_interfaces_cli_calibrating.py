"""The command line: calibrate, reliability, threshold, what-if."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import kbassist

from kbassist import Document, KnowledgeBase

EASY, HARD = "Ile dni trwa zwrot towaru?", "Jaka jest dziś pogoda w górach?"


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """25 rows that are answered rightly, 25 that are not."""
    path = tmp_path_factory.mktemp("labels") / "etykiety.csv"
    lines = [f"{EASY};tak" if n % 2 else f"{HARD};nie" for n in range(50)]
    path.write_text("\n".join(["pytanie;poprawna", *lines]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages, and three questions in the log."""
    folder = tmp_path_factory.mktemp("calibrating") / "kb"
    with KnowledgeBase(folder) as kb:
        kb.add(
            [
                Document("zwroty", "Zwrot towaru trwa 30 dni.", title="Zwroty [bold]\x1b[2J"),
                Document("dostawa", "Dostawa kosztuje 15,00 zł.", title="Dostawa"),
            ]
        )
        answer = kb.answer(EASY, threshold=0)
        kb.answer(HARD, threshold=1)
        kb.answer("How much is delivery?", threshold=0)
        kb.feedback(answer.id, correct=True)
    return folder


@pytest.fixture(scope="module")
def calibrated(folder: Path, labels: Path) -> Path:
    result = kbassist("calibrate", labels, kb=folder)
    assert (result.code, result.err) == (0, "")
    assert "tenant-" in result.out
    assert "labels        50\n" in result.out
    return folder


def test_before_calibrating_only_feedback_is_judged(folder: Path, calibrated: Path, tmp_path: Path) -> None:
    with KnowledgeBase(tmp_path / "kb") as kb:
        kb.add([Document("zwroty", "Zwrot towaru trwa 30 dni.")])
    result = kbassist("reliability", kb=tmp_path / "kb")
    assert (result.code, result.out) == (2, "")
    assert "No answer was judged" in result.err


def test_info_tells_what_was_fitted(calibrated: Path) -> None:
    out = kbassist("info", kb=calibrated).out
    assert "labels 50; questions 2; right 25" in out
    assert "stale" not in out
    facts = kbassist("info", "--json", kb=calibrated).json
    assert (facts["fitted"]["labels"], facts["stale"]) == (50, "")


def test_reliability_shows_the_table_and_writes_the_page(calibrated: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = kbassist("reliability", "--html", page, "--lang", "en", kb=calibrated)
    assert result.code == 0
    assert "50 labelled questions, 1 answers with feedback" in result.out
    assert "51 judged, 51% right; ECE" in result.out
    assert "confidence   answers  claimed  right" in result.out
    html = page.read_text(encoding="utf-8")
    assert '<html lang="en">' in html
    assert html.count("<svg") == 2


def test_reliability_of_a_file_in_json(calibrated: Path, labels: Path) -> None:
    result = kbassist("reliability", labels, "--json", kb=calibrated)
    assert (result.code, result.err) == (0, "")
    assert (result.json["labelled"], result.json["logged"], result.json["all"]["count"]) == (50, 0, 50)


def test_threshold_is_told_with_how_sure_it_is(calibrated: Path, labels: Path) -> None:
    result = kbassist("threshold", labels, "--precision", "80", kb=calibrated)
    assert result.code == 0
    assert result.out.startswith("Threshold: 0.")
    assert "judged answers were right" in result.out
    assert "It answers 50% of the judged questions." in result.out


def test_no_threshold_is_exit_code_1(folder: Path, calibrated: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text(json.dumps({"question": EASY, "correct": True}), encoding="utf-8")
    result = kbassist("threshold", few, kb=calibrated)
    assert result.code == 1
    assert result.out.startswith("Threshold: none\nNo threshold makes 95.0% of the answers right")


def test_what_if_shows_now_and_then(calibrated: Path) -> None:
    result = kbassist("what-if", "100", kb=calibrated)
    assert result.code == 0
    assert "3 questions; now → with threshold 100%" in result.out
    assert "By language: answered, of how many" in result.out
    assert "\x1b" not in result.out
    found = kbassist("what-if", "0.0", "--json", kb=calibrated).json
    assert found["all"]["then"]["questions"] == 3
    assert found["all"]["no_longer_answered"] == 0
    none = kbassist("what-if", "50", "--since", "2999-01-01", kb=calibrated)
    assert none.out == "No question was logged that another threshold could be tried on.\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["calibrate"], "FILE"),
        (["calibrate", "no.csv"], "no.csv cannot be read"),
        (["what-if"], "THRESHOLD"),
        (["what-if", "101"], "THRESHOLD"),
        (["what-if", "50", "--since", "yesterday"], "--since"),
        (["threshold", "--precision", "much"], "--precision"),
        (["threshold", "--precision", "0"], "precision is 0"),
        (["reliability", "--lang", "de"], "--lang"),
        (["reliability", "--html", "no/such/folder.html"], "cannot be written"),
    ],
)
def test_a_wrong_call_is_exit_code_2(args: list[str], said: str, calibrated: Path) -> None:
    result = kbassist(*args, kb=calibrated)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_a_row_that_is_wrong_is_named(calibrated: Path, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("question,correct\nIle?,tak\nIle?,może\n", encoding="utf-8")
    result = kbassist("calibrate", path, kb=calibrated)
    assert result.code == 2
    assert "Labelled row 2 ('Ile?'): 'correct' is 'może'" in result.err


def test_a_stale_calibrator_is_told_on_stderr(calibrated: Path) -> None:
    file = calibrated / "calibrator.json"
    kept = file.read_text(encoding="utf-8")
    values = json.loads(kept)
    for member in values["calibrators"]:
        member["provenance"]["adapted_from"] = "bundled-0"
    try:
        file.write_text(json.dumps(values), encoding="utf-8")
        with pytest.warns(UserWarning, match="is stale"):
            result = kbassist("info", kb=calibrated)
        assert "an earlier version (bundled-0)" in result.out
    finally:
        file.write_text(kept, encoding="utf-8")
