"""A reliability report: its figures, its page, its diagrams; and the reader of labelled questions."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation import aurc, auroc, brier, expected_calibration_error
from kbassist.evaluation.labelled import load_labelled
from kbassist.evaluation.report import ReliabilityReport, report
from kbassist.evaluation.thresholds import Judged

UNFRIENDLY = "<script>alert('ą')</script>"


def answers(number: int, lang: str = "pl", seed: int = 7) -> list[Judged]:
    random = np.random.default_rng(seed)
    return [Judged(p, bool(random.random() < p), lang) for p in map(float, random.random(number))]


@pytest.fixture
def both() -> ReliabilityReport:
    return report(answers(300), answers(200, "en", 8), calibration=UNFRIENDLY)


def test_the_measures_are_those_of_the_room(both: ReliabilityReport):
    given = [*answers(300), *answers(200, "en", 8)]
    claimed = [answer.probability for answer in given]
    right = [answer.right for answer in given]
    whole = both.all
    assert (both.labelled, both.logged, whole.count) == (300, 200, 500)
    assert whole.right == sum(right) / 500
    assert whole.ece == expected_calibration_error(claimed, right)
    assert (whole.brier, whole.auroc, whole.aurc) == (
        brier(claimed, right),
        auroc(claimed, right),
        aurc(claimed, right),
    )
    assert {lang: part.count for lang, part in both.languages.items()} == {"en": 200, "pl": 300}


def test_nothing_judged_is_told_with_the_cure():
    with pytest.raises(InvalidArgumentError, match=r"No answer was judged.*feedback\(answer\.id"):
        report([], calibration="c")


def test_answers_that_are_all_right_have_no_auroc():
    assert report([Judged(0.9, True)], calibration="c").all.auroc is None


@given(st.lists(st.builds(Judged, st.floats(0, 1), st.booleans(), st.sampled_from(["pl", "en"])), min_size=1))
def test_the_rows_hold_every_answer_once(judged: list[Judged]):
    given = report(judged, calibration="c")
    for part in (given.all, *given.languages.values()):
        assert sum(row.count for row in part.rows) == part.count
        for row in part.rows:
            assert 0 <= row.right_from <= row.right <= row.right_to <= 1
            assert not row.count or row.low - 1e-9 <= row.probability <= row.high + 1e-9
        assert part.curve[-1][0] == 1.0
        assert part.curve[-1][1] == pytest.approx(1 - part.right)
        assert sum(row.right * row.count for row in part.rows) == pytest.approx(part.right * part.count)
    assert json.loads(json.dumps(given.to_dict())) == given.to_dict()


def test_a_long_curve_is_thinned_and_keeps_its_end():
    curve = report(answers(5000), calibration="c").all.curve
    assert len(curve) <= 202
    assert curve[-1][0] == 1.0


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("lang", "title", "heading"),
    [
        ("pl", "Wiarygodność pewności", "Pytania po polsku"),
        ("en", "How far the confidence can be believed", "Questions in Polish"),
    ],
)
def test_the_page_needs_no_other_and_escapes(lang: str, title: str, heading: str, tmp_path: Path):
    path = tmp_path / "report.html"
    report(answers(80), answers(40, "en"), calibration=UNFRIENDLY, lang=lang).to_html(path)
    html = path.read_text(encoding="utf-8")
    page = _Page()
    page.feed(html)
    assert f'<html lang="{lang}">' in html
    assert "prefers-color-scheme: dark" in html
    assert (page.links, "script" in page.tags, page.tags.count("svg")) == ([], False, 6)
    assert all(text in page.text for text in (title, heading, UNFRIENDLY))


def test_one_language_is_told_once(tmp_path: Path):
    path = tmp_path / "report.html"
    report(answers(80), calibration="c").to_html(path)
    assert path.read_text(encoding="utf-8").count("<svg") == 2


def test_the_diagrams_are_well_formed_and_inside_their_frame(both: ReliabilityReport):
    html = both._repr_html_()
    assert not html.startswith("<!doctype")
    start, end = html.index("<svg"), html.index("</svg>") + 6
    diagram = ET.fromstring(html[start:end])
    dots = diagram.findall("circle")
    assert len(dots) == sum(row.count > 0 for row in both.all.rows)
    width, height = map(float, diagram.attrib["viewBox"].split()[2:])
    for dot in dots:
        assert 0 <= float(dot.attrib["cx"]) <= width
        assert 0 <= float(dot.attrib["cy"]) <= height


def test_a_notebook_is_not_restyled(both: ReliabilityReport):
    style = both._repr_html_().partition("</style>")[0]
    assert "body" not in style
    assert ":root" not in style


# --- labelled questions ------------------------------------------------------------------------

ROWS = [{"question": "Ile dni?", "correct": "tak"}, {"question": "Czy; basen?", "correct": "nie"}]


@pytest.mark.parametrize(
    "text",
    [
        'question,correct\nIle dni?,tak\n"Czy; basen?",nie\n',
        '\ufeffPytanie;Poprawna;Uwagi\r\nIle dni?;tak;x\r\n"Czy; basen?";nie;\r\n;;\r\n',
        "question\tcorrect\nIle dni?\ttak\nCzy; basen?\tnie",
        '{"question": "Ile dni?", "correct": "tak"}\n\n{"id": 7, "question": "Czy; basen?", "correct":"nie"}',
        '[{"question": "Ile dni?", "correct": "tak"},\n {"question": "Czy; basen?", "correct": "nie"}]',
    ],
    ids=["csv", "semicolons", "tabs", "lines", "list"],
)
def test_labelled_questions_are_read(text: str, tmp_path: Path):
    path = tmp_path / "labels"
    path.write_text(text, encoding="utf-8", newline="")
    assert load_labelled(path) == ROWS


def test_a_cell_may_hold_a_line_end_and_the_answer(tmp_path: Path):
    path = tmp_path / "labels.csv"
    path.write_text('question,answer,correct\n"Ile\ndni?",30 dni,1\n', encoding="utf-8")
    assert load_labelled(path) == [{"question": "Ile\ndni?", "answer": "30 dni", "correct": "1"}]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"question;note\nIle?;x\n", "row 1: there is no 'correct'"),
        (b'{"question": "Ile?"}', "row 1: there is no 'correct'"),
        (b'{"question": "Ile?", "correct": 1}\n{nothing', "line 2: not JSON"),
        (b"[1, 2]", "expected objects"),
        (b"\xff\xfe\x00", "cannot be read as UTF-8"),
    ],
)
def test_a_file_that_is_no_table_of_labels(content: bytes, why: str, tmp_path: Path):
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidArgumentError, match=why) as caught:
        load_labelled(path)
    assert "labels.csv" in str(caught.value)


def test_a_missing_file(tmp_path: Path):
    with pytest.raises(InvalidArgumentError, match="cannot be read"):
        load_labelled(tmp_path / "no.csv")
