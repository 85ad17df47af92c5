"""JSON that other systems export, and the records in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kbassist.errors import SourceError
from kbassist.sources.html.charset import decode_html
from kbassist.sources.html.text import clean

MAX_BYTES = 50 * 2**20

Fields = Mapping[str, Any]


@dataclass(slots=True)
class Export:
    """What was found, by what it looks like. `names` are those of sections, categories and folders."""

    articles: list[Fields] = field(default_factory=list)
    macros: list[Fields] = field(default_factory=list)
    responses: list[Fields] = field(default_factory=list)
    sections: dict[str, Fields] = field(default_factory=dict)
    categories: dict[str, Fields] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)


def looks_like_json(data: bytes) -> bool:
    """Whether it begins as an object or a list does."""
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read_export(data: bytes, where: str) -> Export:
    """Answers of the Zendesk and Freshdesk APIs, one or several, as JSON or as lines of JSON.

    Raises `SourceError` when it is not JSON.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(f"{where}: larger than {MAX_BYTES >> 20} MB: export fewer records a file")
    export = Export()
    for value in _values(decode_html(data), where):
        _sort(value, export)
    return export


def text_field(record: Fields, name: str) -> str:
    """A field that is text, tidied; empty for anything else."""
    value = record.get(name)
    return clean(value.replace("\r\n", "\n")).strip() if isinstance(value, str) else ""


def id_field(record: Fields, name: str = "id") -> str:
    """A number or a text that names something; empty for anything else."""
    value = record.get(name)
    return str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""


def moment_field(record: Fields, *names: str) -> datetime | None:
    """The first of these fields that holds a moment."""
    for name in names:
        try:
            moment = datetime.fromisoformat(str(record.get(name) or ""))
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _values(text: str, where: str) -> Iterator[Any]:
    try:
        yield json.loads(text)
    except RecursionError:
        raise SourceError(f"{where}: JSON that is nested too deep to be an export") from None
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not _is_json(lines[0]):
            raise SourceError(f"{where}: not JSON, or cut short ({error}): export it again") from error
        yield from _of_lines(lines, where)


def _of_lines(lines: list[str], where: str) -> Iterator[Any]:
    for number, line in enumerate(lines, start=1):
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{where}, line {number}: not JSON ({error}): export it again") from error


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


_LISTS = (
    *("articles", "article", "sections", "categories", "macros", "macro", "folders"),
    *("responses", "canned_responses", "canned_response"),
)


def _sort(value: Any, export: Export) -> None:
    """Put the records of one answer where they belong, in their order."""
    waiting: list[tuple[str, Any, Fields]] = [("", value, {})]  # found under which name, in which folder
    while waiting:
        name, item, folder = waiting.pop()
        if isinstance(item, list):
            waiting += [(name, inner, folder) for inner in reversed(item)]
        elif isinstance(item, dict) and not _keep(name, {**folder, **item}, export):
            if name == "folders" or "responses" in item:
                folder = {"folder_id": item.get("id")}
                export.folders[id_field(item)] = text_field(item, "name")
            waiting += [(key, item[key], folder) for key in reversed(_LISTS) if key in item]


def _keep(name: str, item: Fields, export: Export) -> bool:
    """Whether it is a record rather than something that holds records."""
    if name == "sections":
        export.sections[id_field(item)] = item
    elif name == "categories":
        export.categories[id_field(item)] = item
    elif isinstance(item.get("actions"), list):
        export.macros.append(item)
    elif "body" in item and (
        name.startswith("article") or item.keys() & {"section_id", "html_url", "locale"}
    ):
        export.articles.append(item)
    elif "title" in item and item.keys() & {"content", "content_html"}:
        export.responses.append(item)
    else:
        return False
    return True
