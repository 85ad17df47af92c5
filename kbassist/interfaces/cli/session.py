"""What every command does around its own call: open, turn errors into exit codes, give the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kbassist.errors import KBAssistError, KnowledgeBaseError, SourceError
from kbassist.interfaces.cli.rendering import in_options, reason_lines, report_lines
from kbassist.interfaces.cli.screen import Line, Screen
from kbassist.types import IngestReport

if TYPE_CHECKING:
    from kbassist.knowledge_base import KnowledgeBase

NO_ANSWER = 1
ERROR = 2
FAULT = 70
INTERRUPTED = 130

_GOES_ON = "Interrupted. What was published before stands; the same command goes on from here."


@contextmanager
def opened(
    kb: Path, screen: Screen, *, ingests: bool = False, goes_on: bool = False
) -> Iterator[KnowledgeBase]:
    """The knowledge base for the length of a command; its errors become messages and exit codes.

    Who `ingests` may make it. Interrupted, an ingest or what `goes_on` says that nothing is lost.
    """
    try:
        if not ingests:
            _require_something_in(kb)
        with screen.working(f"Opening {kb}"):
            # Here and not above: it brings NumPy and SQLAlchemy, and `--help` does not wait for them.
            from kbassist.knowledge_base import KnowledgeBase

            base = KnowledgeBase(kb)
        with base:
            if not ingests and not base.info().documents:
                screen.note(f"{kb} holds no documents yet: add some with 'kbassist crawl' or 'kbassist add'.")
            yield base
    except KBAssistError as error:
        screen.complain(in_options(str(error)))
        raise typer.Exit(ERROR) from None
    except KeyboardInterrupt:
        screen.note(_GOES_ON if ingests or goes_on else "Interrupted.")
        raise typer.Exit(INTERRUPTED) from None


def one_by_one(steps: Sequence[tuple[str, Callable[[], IngestReport]]]) -> IngestReport:
    """All reports as one. A source that cannot be read costs no other."""
    reports: list[IngestReport] = []
    for name, step in steps:
        try:
            reports.append(step())
        except SourceError as error:
            if len(steps) == 1:
                raise
            reports.append(IngestReport(failed=((name, str(error)),)))
    names = [field.name for field in fields(IngestReport)]
    return IngestReport(
        **{name: tuple(chain.from_iterable(getattr(report, name) for report in reports)) for name in names}
    )


def give(value: Any, lines: Sequence[Line], screen: Screen, *, as_json: bool) -> None:
    """The result, for a program or for a person."""
    if as_json:
        screen.document(value)
    else:
        screen.show(lines)


def give_report(report: IngestReport, screen: Screen, *, as_json: bool) -> None:
    """The report; where nothing was read at all, that is an error."""
    if report.added or report.updated or report.unchanged or report.removed:
        give(report.to_dict(), report_lines(report), screen, as_json=as_json)
        return
    if as_json:
        screen.document(report.to_dict())
    screen.complain("Nothing was read.", reason_lines([*report.failed, *report.skipped]))
    raise typer.Exit(ERROR)


def note_waiting(passages: int, screen: Screen) -> None:
    """Remind of vectors that were left for later."""
    if passages:
        screen.note(f"{passages} passages are found by words alone: 'kbassist embed' gives them vectors.")


def _require_something_in(kb: Path) -> None:
    """Opening a knowledge base creates it; who only reads would rather hear of a slip in the name."""
    try:
        if kb.is_dir() and any(kb.iterdir()):
            return
        lacks = "is empty" if kb.is_dir() else "is not a folder" if kb.exists() else "does not exist"
    except OSError as error:
        lacks = f"cannot be read ({error.strerror})"
    raise KnowledgeBaseError(
        f"There is no knowledge base in {kb}, which {lacks}: name another with --kb or KBASSIST_KB, "
        "or make it with 'kbassist crawl URL' or 'kbassist add FILE'"
    )
