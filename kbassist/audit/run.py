"""The checks, and how they are run together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kbassist.audit import contradictions, duplicates, gaps, quality, stale
from kbassist.audit.material import AuditInput, Check
from kbassist.audit.report import AuditReport
from kbassist.errors import InvalidArgumentError

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        contradictions.CHECK: contradictions.contradictions,
        stale.CHECK: stale.stale,
        duplicates.CHECK: duplicates.duplicates,
        gaps.CHECK: gaps.gaps,
        quality.CHECK: quality.quality,
    }
)
"""Every check by its name, in the order of reports."""


def run_audit(material: AuditInput, checks: Iterable[str] | None = None) -> AuditReport:
    """The report of the named checks, or of all. Raises `InvalidArgumentError` for a name unknown."""
    if isinstance(checks, str):
        raise InvalidArgumentError(f"checks is the single text {checks!r}: give a list, [{checks!r}]")
    wanted = set(CHECKS) if checks is None else set(checks)
    unknown = sorted(wanted - set(CHECKS))
    if unknown or not wanted:
        named = f"There is no check {unknown[0]!r}" if unknown else "No check is named"
        raise InvalidArgumentError(f"{named}: choose from {', '.join(CHECKS)}")
    names = [name for name in CHECKS if name in wanted]
    return AuditReport.of(material, names, [found for name in names for found in CHECKS[name](material)])
