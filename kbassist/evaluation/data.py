"""Readers of test data in the common form.

A folder with `corpus.jsonl` (`id`, `title`, `text`, `lang`), `queries.jsonl` (`id`, `text`, and
`answers` where known), `qrels.tsv` (query, document and grade between tabs, no header) and
`unanswerable.jsonl`. Every reader raises `InvalidArgumentError` that names the file and the line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from kbassist.errors import InvalidArgumentError
from kbassist.types import Document, Record


@dataclass(frozen=True, slots=True)
class Query(Record):
    """A question, the answers that are right (none when nothing answers it), and all else that is known."""

    id: str
    text: str
    answers: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)


def load_corpus(folder: str | PathLike[str], name: str = "corpus.jsonl") -> Iterator[Document]:
    """The documents, one at a time, ready for `KnowledgeBase.add`."""
    for where, row in _rows(Path(folder) / name):
        yield Document(
            id=_text(row, "id", where),
            text=_text(row, "text", where),
            title=str(row.get("title") or ""),
            lang=row.get("lang"),
        )


def load_queries(folder: str | PathLike[str], name: str = "queries.jsonl") -> list[Query]:
    """The questions, in the order of the file."""
    return [_query(row, where) for where, row in _rows(Path(folder) / name)]


def load_unanswerable(folder: str | PathLike[str]) -> list[Query]:
    """The questions that the corpus does not answer."""
    return load_queries(folder, "unanswerable.jsonl")


def load_qrels(folder: str | PathLike[str], name: str = "qrels.tsv") -> dict[str, dict[str, int]]:
    """Query id to document id to grade."""
    qrels: dict[str, dict[str, int]] = {}
    path = Path(folder) / name
    for number, line in _lines(path):
        cells = line.split("\t")
        if len(cells) != 3 or not cells[2].strip().isdecimal():
            raise InvalidArgumentError(
                f"{path}, line {number}: expected query, document and a whole grade between tabs"
            )
        qrels.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return qrels


def _query(row: Mapping[str, Any], where: str) -> Query:
    answers = row.get("answers") or ()
    if isinstance(answers, str):
        raise InvalidArgumentError(f"{where}: `answers` is one string: give a list of strings")
    meta = {key: value for key, value in row.items() if key not in ("id", "text", "answers")}
    return Query(_text(row, "id", where), _text(row, "text", where), tuple(answers), meta)


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{where}: `{key}` is missing or not text")
    return value


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in _lines(path):
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InvalidArgumentError(f"{where}: not JSON ({error.msg})") from error
        if not isinstance(row, Mapping):
            raise InvalidArgumentError(f"{where}: expected one JSON object a line")
        yield where, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except FileNotFoundError as error:
        raise InvalidArgumentError(
            f"{path} does not exist: give a folder with corpus.jsonl, queries.jsonl and qrels.tsv"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidArgumentError(f"{path} cannot be read as UTF-8 text: {error}") from error
