"""Reader of labelled questions: CSV with a header, or JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import Any

from kbassist.errors import InvalidArgumentError

_NAMES = {
    "question": "question",
    "pytanie": "question",
    "correct": "correct",
    "right": "correct",
    "poprawna": "correct",
    "poprawne": "correct",
    "trafna": "correct",
    "answer": "answer",
    "odpowiedź": "answer",
    "odpowiedz": "answer",
}
"""Headings as they are written, in lower case, and what they mean."""
_DELIMITERS = (";", "\t", ",")


def load_labelled(path: str | PathLike[str]) -> list[dict[str, Any]]:
    """Rows with `question`, `correct` and perhaps `answer`, as `KnowledgeBase.calibrate` takes them.

    Raises `InvalidArgumentError` that names the file, and the line or the missing column.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidArgumentError(f"{file} cannot be read as UTF-8 text: {error}") from error
    if text.lstrip()[:1] in ("{", "["):
        rows = [_named(row) for row in _objects(text, file)]
    else:
        rows = _table(text, file)
    for number, row in enumerate(rows, start=1):
        if lacking := [name for name in ("question", "correct") if name not in row]:
            raise InvalidArgumentError(
                f"{file}, row {number}: there is no {lacking[0]!r}: every row has a question and whether it "
                "is answered rightly, as question and correct (or pytanie and poprawna)"
            )
    return rows


def _table(text: str, file: Path) -> list[dict[str, Any]]:
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        return [_named(row) for row in reader if any(row.values())]
    except csv.Error as error:
        raise InvalidArgumentError(f"{file}, line {reader.line_num}: not CSV ({error})") from error


def _objects(text: str, file: Path) -> Iterator[Mapping[str, Any]]:
    """Of one JSON list, or one object a line."""
    lines = [(f"{file}, line {number}", line) for number, line in enumerate(text.splitlines(), start=1)]
    for where, part in [(f"{file}", text)] if text.lstrip().startswith("[") else lines:
        if not part.strip():
            continue
        try:
            value = json.loads(part)
        except json.JSONDecodeError as error:
            raise InvalidArgumentError(f"{where}: not JSON ({error.msg})") from error
        for row in value if isinstance(value, list) else [value]:
            if not isinstance(row, dict):
                raise InvalidArgumentError(
                    f"{where}: expected objects, each with a question, and got {row!r}"
                )
            yield row


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    """With the names that we know, and nothing else."""
    named = ((_NAMES.get(str(key).strip().lower()), value) for key, value in row.items())
    return {name: value for name, value in named if name is not None}
