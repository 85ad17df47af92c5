"""Records of helpdesk systems to documents: Zendesk macros and Guide articles, Freshdesk canned responses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kbassist.sources.exports import Export, Fields, id_field, moment_field, text_field
from kbassist.sources.fragment import read_fragment
from kbassist.types import PUBLIC, Document, Failed, Skipped, SourceItem, Unchanged

Digest = Callable[[bytes], str]

_NOTHING = "the article has no text"
# Votes and positions change all the time and say nothing about the text.
_READ = (
    *("title", "name", "body", "html_url", "draft", "outdated", "label_names"),
    *("user_segment_id", "user_segment_ids", "edited_at"),
)


def articles(
    export: Export, identifier: str, audience: frozenset[str], known: Mapping[str, str], digest: Digest
) -> Iterator[SourceItem]:
    """The articles of a help centre, each with the id `<identifier>#<locale>/<its id>`.

    An article for a segment of users has the audience `segment:<id>` instead of `audience`; a draft has
    the status `draft`. The section is the topic. `known` maps ids to the `meta["content_hash"]` of the
    last reading, which `digest` makes.
    """
    for position, record in enumerate(export.articles, start=1):
        number = id_field(record) or f"{position}"
        reference = f"{identifier}#{'/'.join(filter(None, (text_field(record, 'locale').lower(), number)))}"
        section = export.sections.get(id_field(record, "section_id"), {})
        category = export.categories.get(id_field(section, "category_id"), {})
        named = {"section": text_field(section, "name"), "category": text_field(category, "name")}
        read = [record.get(name) for name in _READ], named
        content_hash = digest(json.dumps(read, sort_keys=True).encode())
        if known.get(reference) == content_hash:
            yield Unchanged(reference)
            continue
        document = _article(record, reference, audience, named)
        if document is None:
            title = text_field(record, "title")
            yield Skipped(reference, f"{_NOTHING} ({title})" if title else _NOTHING)
        else:
            yield replace(document, meta={**document.meta, "content_hash": content_hash})


def _article(
    record: Fields, reference: str, audience: frozenset[str], named: Mapping[str, str]
) -> Document | None:
    body = read_fragment(text_field(record, "body"))
    if not body.text:
        return None
    labels = record.get("label_names")
    more: dict[str, Any] = {
        "category": named["category"],
        "labels": [label for label in labels if isinstance(label, str)] if isinstance(labels, list) else [],
        "outdated": record.get("outdated") is True,
    }
    segments = _ids(record, "user_segment_id", "user_segment_ids")
    return Document(
        id=reference,
        text=body.text,
        title=text_field(record, "title") or text_field(record, "name"),
        uri=text_field(record, "html_url"),
        kind="faq" if body.faq else "page",
        lang=text_field(record, "locale").lower().partition("-")[0] or None,
        anchors=body.anchors,
        modified_at=moment_field(record, "edited_at", "updated_at", "created_at"),
        audience=frozenset(f"segment:{segment}" for segment in segments) or audience,
        status="draft" if record.get("draft") is True else "approved",
        topic=named["section"] or None,
        meta={name: value for name, value in more.items() if value},
    )


def replies(export: Export, where: str) -> Iterator[SourceItem]:
    """Ready replies, each with the id `reply:<its id>`; macros that write customers nothing are skipped."""
    used: set[str] = set()
    for kind, records in (("macro", export.macros), ("reply", export.responses)):
        for position, record in enumerate(records, start=1):
            item = _macro(record) if kind == "macro" else _response(record, export)
            name = text_field(record, "title") or id_field(record) or f"{position}"
            if isinstance(item, str):
                yield Skipped(f"{where}, {kind} {name}", item)
            elif item.id in used:
                yield Failed(f"{where}, {kind} {name}", f"the same id ({item.id}) as one before it")
            else:
                used.add(item.id)
                yield item


def _macro(record: Fields) -> Document | str:
    if record.get("active") is False:
        return "inactive"
    actions = [
        (text_field(action, "field"), action.get("value"))
        for action in record["actions"]
        if isinstance(action, dict)
    ]
    if any(name == "comment_mode_is_public" and str(value).lower() == "false" for name, value in actions):
        return "writes a note that customers do not see"
    text = read_fragment(_comment(actions, "comment_value_html")).text or _comment(actions, "comment_value")
    if not text:
        return "writes no text"
    restriction = record.get("restriction")
    audience = PUBLIC
    if isinstance(restriction, dict):
        group = text_field(restriction, "type").lower() or "restricted"
        audience = frozenset(f"{group}:{one}" for one in _ids(restriction, "id", "ids")) or frozenset({group})
    return _reply(record, text, topic=" / ".join(_path(record)[:-1]), audience=audience)


def _comment(actions: Sequence[tuple[str, Any]], name: str) -> str:
    """The first text among the actions of a name: given alone, or as `["channel:all", "Dzień dobry…"]`."""
    for action, value in actions:
        last = value[-1] if isinstance(value, list) and value else value
        if action == name and (text := text_field({"text": last}, "text")):
            return text
    return ""


def _response(record: Fields, export: Export) -> Document | str:
    text = read_fragment(text_field(record, "content_html")).text or text_field(record, "content")
    if not text:
        return "has no text"
    return _reply(record, text, topic=export.folders.get(id_field(record, "folder_id"), ""), audience=PUBLIC)


def _reply(record: Fields, text: str, *, topic: str, audience: frozenset[str]) -> Document:
    title = " / ".join(_path(record))
    return Document(
        id=f"reply:{id_field(record) or title}",
        text=text,
        title=title or " ".join(text.split())[:60],
        kind="reply",
        modified_at=moment_field(record, "updated_at", "created_at"),
        audience=audience,
        topic=topic or None,
    )


def _path(record: Fields) -> list[str]:
    """`Zwroty::Bez paragonu` is how Zendesk nests macros."""
    return [part.strip() for part in text_field(record, "title").split("::") if part.strip()]


def _ids(record: Fields, one: str, several: str) -> list[str]:
    values = record.get(several)
    listed = [id_field({"id": value}) for value in values] if isinstance(values, list) else []
    return list(dict.fromkeys(filter(None, (id_field(record, one), *listed))))
