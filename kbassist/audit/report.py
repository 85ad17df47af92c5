"""What an audit found, and what changed since the last one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

from kbassist.audit.html import page
from kbassist.audit.material import AuditInput
from kbassist.errors import InvalidArgumentError, MissingExtraError
from kbassist.types import Citation, Finding, Record, Severity

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class AuditDiff(Record):
    """Findings by what became of them since a previous report: `open` were there and still are."""

    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    open: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AuditReport(Record):
    """The findings, the gravest first, and their numbers.

    `summary` holds `date` (ISO 8601), `lang`, `documents` (how many were looked at), and the number of
    findings by check (`checks`, every check that ran) and by severity (`severities`).
    """

    findings: tuple[Finding, ...]
    summary: Mapping[str, Any]

    @classmethod
    def of(cls, material: AuditInput, checks: Sequence[str], findings: Sequence[Finding]) -> AuditReport:
        """Order the findings of these checks and count them. The order within a check is kept."""
        ordered = sorted(
            findings,
            key=lambda found: (_SEVERITIES.index(found.severity), checks.index(found.check)),
        )
        by_check = Counter(found.check for found in ordered)
        by_severity = Counter(found.severity for found in ordered)
        summary = {
            "date": material.today.isoformat(),
            "lang": material.lang,
            "documents": len(material.documents),
            "checks": {check: by_check[check] for check in checks},
            "severities": {severity: by_severity[severity] for severity in _SEVERITIES},
        }
        return cls(tuple(ordered), summary)

    @classmethod
    def from_json(cls, text: str) -> AuditReport:
        """The report that `to_json` wrote. Raises `InvalidArgumentError` for anything else."""
        try:
            data = json.loads(text)
            return cls(tuple(_finding(row) for row in data["findings"]), data["summary"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidArgumentError(
                f"This is not an audit report ({error}): give the text that AuditReport.to_json() returned"
            ) from error

    def diff(self, previous: AuditReport) -> AuditDiff:
        """What is new, fixed and still open since `previous`.

        A check that did not run this time fixes nothing: its earlier findings stay out of `fixed`.
        """
        known = {found.id for found in previous.findings}
        now = {found.id for found in self.findings}
        ran = self.summary["checks"]
        return AuditDiff(
            new=tuple(found for found in self.findings if found.id not in known),
            fixed=tuple(found for found in previous.findings if found.id not in now and found.check in ran),
            open=tuple(found for found in self.findings if found.id in known),
        )

    def to_json(self) -> str:
        """The whole report as JSON text, readable by `from_json`."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_html(self, path: str | PathLike[str]) -> None:
        """Write the report as one HTML file that needs no other."""
        Path(path).write_text(page(self.findings, self.summary), encoding="utf-8")

    def to_dataframe(self) -> Any:
        """A pandas `DataFrame`, one row a finding: id, check, severity, message, suggestion, documents,
        quotes, uris.

        Raises `MissingExtraError` where pandas is not installed.
        """
        try:
            pandas = import_module("pandas")
        except ImportError as error:
            raise MissingExtraError("to_dataframe", "notebook") from error
        columns = ["id", "check", "severity", "message", "suggestion", "documents", "quotes", "uris"]
        return pandas.DataFrame([_row(found) for found in self.findings], columns=columns)


def _row(found: Finding) -> dict[str, Any]:
    return {
        "id": found.id,
        "check": found.check,
        "severity": found.severity,
        "message": found.message,
        "suggestion": found.suggestion,
        "documents": list(found.documents),
        "quotes": [citation.quote for citation in found.citations],
        "uris": [citation.uri for citation in found.citations],
    }


def _finding(row: Mapping[str, Any]) -> Finding:
    citations = tuple(Citation(**citation) for citation in row["citations"])
    return Finding(**{**row, "documents": tuple(row["documents"]), "citations": citations})
