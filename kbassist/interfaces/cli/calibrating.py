"""The commands that tell how far the confidence can be believed, and fit it to a company's own questions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from kbassist.errors import InvalidArgumentError
from kbassist.interfaces.cli.calibration_lines import choice_lines, reliability_lines, what_if_lines
from kbassist.interfaces.cli.options import DEFAULT_FOLDER, AsJson, Folder, Lang
from kbassist.interfaces.cli.rendering import info_lines
from kbassist.interfaces.cli.screen import Screen
from kbassist.interfaces.cli.session import NO_ANSWER, give, opened

if TYPE_CHECKING:
    from kbassist.evaluation.report import ReliabilityReport

_FILE = (
    "CSV with the columns question and correct (pytanie, poprawna), or the same in JSON Lines; a column "
    "answer has the answer that was judged."
)
LabelledFile = Annotated[
    Path | None,
    Argument(metavar="FILE", help=f"{_FILE} [default: the labels of 'calibrate', and feedback in the log]"),
]


def calibrate(
    file: Annotated[Path, Argument(metavar="FILE", help=_FILE)],
    kb: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,
) -> None:
    """Fit the confidence to your own questions, from 50 labelled ones up."""
    screen = Screen()
    with opened(kb, screen) as base, screen.working("Answering the questions"):
        name = base.calibrate(_rows(file) or [])
        facts = {"calibration": name, **base.info().fitted}
    give(facts, info_lines(facts), screen, as_json=as_json)


def reliability(
    file: LabelledFile = None,
    kb: Folder = DEFAULT_FOLDER,
    html: Annotated[
        Path | None, Option(metavar="PAGE", help="Write the report with its diagrams to this HTML file.")
    ] = None,
    lang: Annotated[Lang, Option(help="Language of the HTML file.")] = Lang.PL,
    as_json: AsJson = False,
) -> None:
    """Tell how far the confidence can be believed: what it claimed, and what share was right."""
    screen = Screen()
    with opened(kb, screen) as base, screen.working("Answering the questions"):
        report = base.reliability(_rows(file), lang=lang.value)
        if html is not None:
            _write(report, html)
    give(report.to_dict(), reliability_lines(report), screen, as_json=as_json)


def threshold(
    file: LabelledFile = None,
    kb: Folder = DEFAULT_FOLDER,
    precision: Annotated[
        float, Option(metavar="NUMBER", help="Share of right answers: 0..1, or a percentage above 1.")
    ] = 0.95,
    as_json: AsJson = False,
) -> None:
    """Find the least threshold that keeps a share of the answers right, and tell how sure that is.

    Exit code 1 when the judged answers support none.
    """
    screen = Screen()
    with opened(kb, screen) as base, screen.working("Answering the questions"):
        choice = base.threshold_for(precision, labelled=_rows(file))
    give(choice.to_dict(), choice_lines(choice), screen, as_json=as_json)
    if choice.threshold is None:
        raise typer.Exit(NO_ANSWER)


def what_if(
    threshold: Annotated[
        float, Argument(metavar="THRESHOLD", help="0..1, or a percentage above 1.", min=0, max=100)
    ],
    kb: Folder = DEFAULT_FOLDER,
    since: Annotated[
        datetime | None,
        Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Only questions asked from this day on."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what another threshold would have done to the logged questions."""
    screen = Screen()
    with opened(kb, screen) as base:
        found = base.what_if(threshold, since=since.replace(tzinfo=UTC) if since else None)
    give(found.to_dict(), what_if_lines(found), screen, as_json=as_json)


def _rows(file: Path | None) -> list[dict[str, Any]] | None:
    if file is None:
        return None
    from kbassist.evaluation.labelled import load_labelled

    return load_labelled(file)


def _write(report: ReliabilityReport, page: Path) -> None:
    try:
        report.to_html(page)
    except OSError as error:
        raise InvalidArgumentError(
            f"{page} cannot be written ({error.strerror}): name another file"
        ) from error
