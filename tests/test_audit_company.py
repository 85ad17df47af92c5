"""The faults that the example company has on purpose, and no others."""

from datetime import date
from pathlib import PurePath

import pytest

from kbassist.audit import AuditInput, run_audit
from kbassist.sources.files import FileSource
from kbassist.types import Document


@pytest.fixture(scope="module")
def found(company, analyzer):
    documents = [
        item
        for item in FileSource(company / "site").read()
        if isinstance(item, Document) and not item.id.endswith(".txt")
    ]
    report = run_audit(AuditInput(documents=documents, today=date(2026, 11, 21), analyze=analyzer))
    return [
        (found.check, {PurePath(document).name for document in found.documents})
        for found in report.findings
        if found.severity != "info"
    ]


def test_the_two_return_periods(found):
    (pages,) = [pages for check, pages in found if check == "contradictions"]
    assert {"prezent-dla-ogrodnika.html", "zwroty.html"} <= pages


def test_the_promotion_that_ended(found):
    assert [pages for check, pages in found if check == "stale"] == [{"promocja-letnia.html"}]


def test_the_print_version(found):
    assert [pages for check, pages in found if check == "duplicates"] == [
        {"dostawa.html", "dostawa-druk.html"}
    ]
