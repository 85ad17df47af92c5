"""What is wrong with the knowledge? Pure checks over documents and logged questions."""

from kbassist.audit.material import AuditInput, LoggedQuestion
from kbassist.audit.report import AuditDiff, AuditReport
from kbassist.audit.run import CHECKS, run_audit

__all__ = ["CHECKS", "AuditDiff", "AuditInput", "AuditReport", "LoggedQuestion", "run_audit"]
