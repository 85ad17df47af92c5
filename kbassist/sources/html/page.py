"""A page as a whole: the passes in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree

from kbassist.sources.html.body import drop_link_lists, narrow
from kbassist.sources.html.boilerplate import (
    drop,
    drop_boilerplate,
    drop_buttons,
    drop_code,
    is_notice,
)
from kbassist.sources.html.charset import decode_html
from kbassist.sources.html.controls import Panels, find_panels, label_panels, openable
from kbassist.sources.html.meta import Metadata
from kbassist.sources.html.pairs import spell_out_pairs
from kbassist.sources.html.prose import Prose
from kbassist.sources.html.region import main_region, title_heading
from kbassist.sources.html.scripted import scripts_of
from kbassist.sources.html.style import is_hidden, style_sheet
from kbassist.sources.html.symbols import spell_out_symbols
from kbassist.sources.html.table import spell_out_tables
from kbassist.sources.html.text import Rendered, render, without_orphan
from kbassist.sources.html.tree import Element, has_text, xml_text
from kbassist.types import Anchor

_LITTLE = 200  # characters: so short a text makes one ask whether too much was taken for boilerplate
_MOST_CSS = 400_000
_STYLING = re.compile(rb"</?(?:font|b|i|u|big|small|center|span|tt|em|strong)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page's text and what it says about itself.

    `anchors` are its headings: `text[anchor.start:]` starts with `anchor.label`. `links` and
    `canonical` are absolute and canonical; `lang` is None and `canonical` empty where the page names
    none; `robots` holds `"noindex"` and `"nofollow"` where the page asks for it; `refresh` is where it
    sends its readers by itself. `alternates` are its versions in other languages (`hreflang` in lower
    case, URL), `feeds` the URLs of its RSS and Atom feeds. `faq` says that most of the text answers
    questions that stand as headings, `scripted` that the text very likely appears only after scripts ran,
    so that `text` is empty or a menu, a slogan, a request to enable JavaScript.
    """

    text: str = ""
    title: str = ""
    lang: str | None = None
    canonical: str = ""
    anchors: tuple[Anchor, ...] = ()
    links: tuple[str, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()
    feeds: tuple[str, ...] = ()
    robots: frozenset[str] = frozenset()
    refresh: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    faq: bool = False
    scripted: bool = False


def parse_html(data: bytes | str, *, url: str = "", charset: str | None = None) -> ParsedPage:
    """Read a page. Never raises, whatever the bytes are: a page of nonsense has no text.

    `url` is where the page stands, for its relative links; `charset` what the server says about it.
    """
    source = data if isinstance(data, str) else decode_html(data, charset)
    root = _tree(source)
    if root is None:
        return ParsedPage()
    metadata = Metadata(root, url)
    published, modified = metadata.dates()
    said = ParsedPage(
        title=metadata.title(),
        lang=metadata.lang(),
        canonical=metadata.canonical(),
        links=metadata.links(),
        alternates=metadata.alternates(),
        feeds=metadata.feeds(),
        robots=metadata.robots(),
        refresh=metadata.refresh(),
        published=published,
        modified=modified,
    )
    scripts = scripts_of(root)
    rendered = _main_text(root, said.title)  # takes the tree apart
    if len(rendered.text) < _LITTLE:
        whole = _whole_text(_tree(source), links=not rendered.text)
        rendered = whole if len(whole.text) > 2 * len(rendered.text) else rendered
    return replace(
        said,
        text=rendered.text,
        anchors=rendered.anchors,
        faq=rendered.faq,
        scripted=scripts.write_the_text(len(rendered.text)),
    )


def _tree(source: str) -> Element | None:
    # Bytes, because lxml refuses text that names an encoding of its own.
    data = xml_text(source).encode("utf-8")
    root, complete = _parsed(data)
    # Beyond a depth of 2,048 the parser gives up, and unclosed tags of this kind make most of it.
    return root if complete else _parsed(_STYLING.sub(b"", data))[0]


def _parsed(data: bytes) -> tuple[Element | None, bool]:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None, True
    return root, all(error.type_name != "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def _main_text(root: Element, title: str) -> Rendered:
    body, panels, revealed = _visible(root)
    if body is None:
        return Rendered("")
    heading = title_heading(body, title)
    drop_boilerplate(body, revealed, set(panels.values()))
    region = main_region(body, heading)
    narrow(region, Prose(region, (*panels, *panels.values()), heading))
    label_panels(region, panels)
    drop_buttons(region)
    return without_orphan(render(region))


def _whole_text(root: Element | None, *, links: bool) -> Rendered:
    """The text of a page that would have little left without what looks like boilerplate.

    `links` says whether lists of links count, as on a page that holds nothing else.
    """
    body = _visible(root)[0] if root is not None else None
    if body is None:
        return Rendered("")
    drop(body, lambda element: element.tag in ("nav", "button", "form") or is_notice(element))
    if not links:
        drop_link_lists(body)
    label_panels(body, {})
    return render(body)


def _visible(root: Element) -> tuple[Element | None, Panels, frozenset[Element]]:
    """What a reader sees of a page or can open, its panels, and what is `openable`."""
    body = root.find("body")
    if body is None or not has_text(body):
        # A page of frames says what it holds only to readers whose browser has none.
        body = root.find(".//noframes") if root.find(".//noframes") is not None else body
    if body is None:
        return None, {}, frozenset()
    css = "\n".join(style.text or "" for style in root.iter("style"))
    sheet = style_sheet(css[:_MOST_CSS])
    spell_out_symbols(body)
    drop_code(body)
    panels = find_panels(body)
    revealed = openable(panels)
    drop(body, lambda element: element not in revealed and is_hidden(element, sheet))
    spell_out_tables(body)
    spell_out_pairs(body)
    return body, panels, revealed
