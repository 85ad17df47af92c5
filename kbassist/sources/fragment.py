"""HTML that is nothing but text: an article of a help centre, a ready reply, rendered Markdown.

Unlike a page it has no navigation or footer around it, so nothing is taken for that.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from kbassist.sources.html.boilerplate import drop, drop_code
from kbassist.sources.html.controls import find_panels, label_panels, openable
from kbassist.sources.html.style import is_hidden, style_sheet
from kbassist.sources.html.text import render
from kbassist.sources.html.tree import xml_text
from kbassist.types import Anchor

_MOST_CSS = 400_000


@dataclass(frozen=True, slots=True)
class Fragment:
    """`faq` says that most of the text answers questions that stand as headings."""

    text: str = ""
    anchors: tuple[Anchor, ...] = ()
    faq: bool = False


def read_fragment(html: str) -> Fragment:
    """All that a reader sees or can open; placeholders such as `{{ticket.id}}` stay as they are."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(f"<html><body>{xml_text(html)}</body></html>".encode(), parser)
    except etree.XMLSyntaxError:
        return Fragment()
    body = root.find("body") if root is not None else None
    if body is None:
        return Fragment()
    sheet = style_sheet("\n".join(style.text or "" for style in root.iter("style"))[:_MOST_CSS])
    drop_code(body)
    panels = find_panels(body)
    revealed = openable(panels)
    drop(body, lambda element: element not in revealed and is_hidden(element, sheet))
    label_panels(body, panels)
    rendered = render(body)
    return Fragment(rendered.text, rendered.anchors, rendered.faq)
