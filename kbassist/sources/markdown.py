"""Markdown, with or without front matter, to the text that a reader of the page would see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt

from kbassist.sources.fragment import read_fragment
from kbassist.types import Anchor

_FRONT_MATTER = re.compile(r"---[^\S\n]*\n(?P<fields>.*?)(?:^|\n)(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"(?P<name>[\w-]+)\s*:(?:\s+(?P<value>.*))?\Z")
_NOTE = re.compile(r"^\[\^([\w-]{1,30})\]:[ \t]*", re.MULTILINE)
_CITED = re.compile(r"\[\^([\w-]{1,30})\]")
_COMMENT = re.compile(r"(?:^|\s)#.*\Z")


@dataclass(frozen=True, slots=True)
class ParsedMarkdown:
    """Plain text with its headings, and the front matter's fields as they are written.

    `faq` says that most of the text answers questions that stand as headings.
    """

    text: str
    anchors: tuple[Anchor, ...]
    fields: Mapping[str, tuple[str, ...]]
    faq: bool = False


def parse_markdown(source: str) -> ParsedMarkdown:
    """Render CommonMark with tables; markup and raw HTML become plain text, headings become anchors.

    Front matter is a block of `name: value` lines between two lines of `---`. A value is one item or
    a list, written `[a, b]` or as lines of `- a`.
    """
    source = source.replace("\r\n", "\n").removeprefix("\ufeff")
    match = _FRONT_MATTER.match(source)
    fields = _fields(match["fields"]) if match else {}
    body = source[match.end() :] if match else source
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(_with_notes(body))
    page = read_fragment(html)
    return ParsedMarkdown(page.text, page.anchors, fields, page.faq)


def _with_notes(body: str) -> str:
    """Footnotes as text: CommonMark takes `[^1]: …` for the target of a link, which nobody sees."""
    names = frozenset(_NOTE.findall(body))
    body = _NOTE.sub(r"\\[\1\\] ", body)
    return _CITED.sub(lambda cited: rf"\[{cited[1]}\]" if cited[1] in names else cited[0], body)


def _fields(block: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in block.split("\n"):
        item = line.strip()
        if item.startswith("- ") and name:
            found[name] += _items(item[2:])
        elif field := _FIELD.match(line):
            name = field["name"].lower().replace("-", "_")
            found[name] = _items(field["value"] or "")
    return found


def _items(value: str) -> tuple[str, ...]:
    value = value.strip()
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return (value[1:end] if end > 0 else value[1:],)
    value = _COMMENT.sub("", value).strip()
    if value.startswith("[") and value.endswith("]"):
        return tuple(item for part in value[1:-1].split(",") for item in _items(part))
    return (value,) if value else ()
