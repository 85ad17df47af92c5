"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import BadParameter, Option


class Lang(StrEnum):
    """The languages that kbassist knows."""

    PL = "pl"
    EN = "en"


class FileKind(StrEnum):
    """What a file can be, where that is not to be recognised."""

    PAGE = "page"
    PDF = "pdf"
    REGULATION = "regulation"
    FAQ = "faq"
    REPLY = "reply"


class Rendering(StrEnum):
    """Whether the scripts of pages are run."""

    AUTO = "auto"
    NEVER = "never"


DEFAULT_FOLDER = Path("kb")

Folder = Annotated[
    Path, Option("--kb", envvar="KBASSIST_KB", metavar="FOLDER", help="Folder of the knowledge base.")
]
AsJson = Annotated[bool, Option("--json", help="Print one JSON document on stdout, and nothing else.")]
Audience = Annotated[
    list[str] | None, Option(metavar="LABEL", help="Who may see it; repeatable. [default: public]")
]
VectorsLater = Annotated[
    bool,
    Option("--vectors-later", help="Search by words alone until 'kbassist embed' gives the vectors."),
]
Seen = Annotated[
    list[str] | None,
    Option(
        "--audience",
        metavar="LABEL",
        help="Search the texts for LABEL; repeatable, as in '--audience public --audience staff'. "
        "[default: public]",
    ),
]
Most = Annotated[int, Option("--k", min=1, metavar="NUMBER", help="At most so many.")]
AsOf = Annotated[
    datetime | None,
    Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        formats=["%Y-%m-%d"],
        help="Search what is in force on this day. [default: today]",
    ),
]
Threshold = Annotated[
    float | None,
    Option(metavar="NUMBER", help="Least confidence to answer with: 0..1, or a percentage above 1."),
]


def headers_from(given: Iterable[str]) -> dict[str, str]:
    """`Name: value` each, or `@file` with one a line, which keeps secrets out of the list of processes."""
    headers: dict[str, str] = {}
    for item in given:
        for line in _lines(Path(item[1:])) if item.startswith("@") else [item]:
            name, colon, value = line.partition(":")
            if not colon or not name.strip():
                raise BadParameter("write it as 'Name: value'", param_hint="--header")
            headers[name.strip()] = value.strip()
    return headers


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeError) as error:
        raise BadParameter(f"{path} cannot be read: {error}", param_hint="--header") from None
