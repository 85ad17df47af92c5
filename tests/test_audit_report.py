import json
import sys
from datetime import date
from html.parser import HTMLParser

import pytest

from kbassist.audit import CHECKS, AuditInput, AuditReport, run_audit
from kbassist.errors import InvalidArgumentError, MissingExtraError
from kbassist.types import Document

TODAY = date(2026, 11, 21)
RETURNS = Document(
    id="zwroty",
    title="Zwroty",
    uri="https://sklep.example/zwroty",
    text="Na zwrot towaru masz 30 dni.",
    lang="pl",
    kind="faq",
)
BLOG = Document(
    id="blog",
    title="Blog <script>alert()</script>",
    uri="javascript:alert(1)",
    text="Na zwrot prezentu masz 14 dni.\n\nPromocja „A & B” trwa do 31 sierpnia 2025 r.",
    lang="pl",
    kind="faq",
)


@pytest.fixture
def report(analyzer):
    return run_audit(AuditInput(documents=(RETURNS, BLOG), today=TODAY, analyze=analyzer))


def test_the_gravest_come_first_and_are_counted(report):
    assert [(found.check, found.severity) for found in report.findings] == [
        ("contradictions", "error"),
        ("stale", "warning"),
    ]
    assert report.summary == {
        "date": "2026-11-21",
        "lang": "pl",
        "documents": 2,
        "checks": {"contradictions": 1, "stale": 1, "duplicates": 0, "gaps": 0, "quality": 0},
        "severities": {"error": 1, "warning": 1, "info": 0},
    }


def test_only_the_named_checks_run(analyzer):
    material = AuditInput(documents=(RETURNS, BLOG), today=TODAY, analyze=analyzer)
    report = run_audit(material, checks=["stale", "quality"])
    assert report.summary["checks"] == {"stale": 1, "quality": 0}
    for wrong in (["stal"], "stale", []):
        with pytest.raises(InvalidArgumentError) as caught:
            run_audit(material, checks=wrong)
        assert "stale" in str(caught.value)


def test_a_difference_tells_what_is_new_fixed_and_open(analyzer, report):
    corrected = Document(id="blog", text="Na zwrot masz 30 dni.", lang="pl", kind="faq")
    expired = Document(id="stary", text="x", kind="faq", valid_until=date(2026, 1, 1))
    later = run_audit(AuditInput(documents=(RETURNS, corrected, expired), today=TODAY, analyze=analyzer))
    difference = later.diff(report)
    assert [found.documents for found in difference.new] == [("stary",)]
    assert {found.check for found in difference.fixed} == {"contradictions", "stale"}
    assert difference.open == ()
    same = report.diff(report)
    assert (same.new, same.fixed, same.open) == ((), (), report.findings)
    assert set(difference.to_dict()) == {"new", "fixed", "open"}


def test_a_check_that_did_not_run_fixed_nothing(analyzer, report):
    material = AuditInput(documents=(RETURNS, BLOG), today=TODAY, analyze=analyzer)
    assert run_audit(material, checks=["stale"]).diff(report).fixed == ()


def test_json_gives_the_report_back(report):
    text = report.to_json()
    assert AuditReport.from_json(text) == report
    assert json.loads(text) == json.loads(json.dumps(report.to_dict()))
    assert "„14 dni”" in text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [{}], "summary": {}}', '{"findings": 1}'])
def test_json_of_something_else_is_refused(text):
    with pytest.raises(InvalidArgumentError, match="to_json"):
        AuditReport.from_json(text)


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


def test_html_is_one_file_with_everything_escaped(report, tmp_path):
    path = tmp_path / "audyt.html"
    report.to_html(path)
    page = Page(path.read_text("utf-8"))
    assert "script" not in page.tags
    assert page.links == ["https://sklep.example/zwroty"]
    assert "Na zwrot prezentu masz 14 dni." in page.text
    assert "Blog <script>alert()</script>" in page.text
    assert "Promocja „A & B” trwa" in page.text
    assert "Sprzeczności" in page.text


def test_html_speaks_the_language_of_the_messages(analyzer, tmp_path):
    path = tmp_path / "audit.html"
    run_audit(AuditInput(documents=(), today=TODAY, analyze=analyzer, lang="en")).to_html(path)
    text = path.read_text("utf-8")
    assert '<html lang="en">' in text
    assert "Nothing was found." in text


def test_a_data_frame_has_a_row_for_each_finding(report):
    pytest.importorskip("pandas", reason="to_dataframe is for notebooks that have pandas")
    frame = report.to_dataframe()
    assert list(frame["check"]) == ["contradictions", "stale"]
    assert list(frame["documents"]) == [["blog", "zwroty"], ["blog"]]


def test_without_pandas_the_extra_is_named(report, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'kbassist\[notebook\]'"):
        report.to_dataframe()


def test_every_check_takes_an_empty_knowledge_base(analyzer):
    for check in CHECKS.values():
        assert check(AuditInput(documents=(), today=TODAY, analyze=analyzer)) == []
