"""A cleaned tree to plain text: paragraphs, list items, rows, and where each heading begins."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lxml import etree

from kbassist.sources.html.lists import Markers
from kbassist.sources.html.table import is_data, table_lines
from kbassist.sources.html.tree import BLOCKS, LABEL, Element, is_heading, opening, text_of
from kbassist.types import Anchor

_BREAK = "\x00"  # stands for <br>; the parser lets no such character through
_SPACES = re.compile(r"[^\S\x00]+")
_BREAKS = re.compile(r" ?\x00 ?")
_PARAGRAPHS = re.compile(r"(?: ?\x00 ?){2,}")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
)
_C1 = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}

_SUPERSCRIPT = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_EXPONENT = re.compile(r"[\d+()-]{1,4}")
# `49<sup>99</sup> zł` is how shops set a price.
_SET_PRICE = re.compile(r"(?<=\d) ?([⁰¹²³⁴⁵⁶⁷⁸⁹]{2}) ?(?=(?:zł|PLN|EUR|€)(?!\w))")
_ORNAMENT = re.compile(r"^[\s+\-−–▸▾▼▶►›»✕×∨⌄]+(?=\s)|(?<=[\s?!.:])[\s+\-−–▸▾▼◀▶►›»✕×∨⌄]+$")
_ASKS = re.compile(
    r"(?:jak\w*|czy|ile|kiedy|gdzie|co|dlaczego|kto|skąd|how|what|when|where|why|who|which|can|do|does|is|are)\s",
    re.IGNORECASE,
)
_LONGEST_ORPHAN = 40  # characters
_REPLACED = frozenset("input img hr br".split())  # elements that are empty and say something
_BOXES = frozenset("div section article aside main header footer figure button label summary a li".split())


@dataclass(frozen=True, slots=True)
class Rendered:
    """Text and its headings."""

    text: str
    anchors: tuple[Anchor, ...] = ()
    questions: frozenset[int] = frozenset()  # the anchors, by their place, that ask something

    @property
    def faq(self) -> bool:
        """Whether two or more questions are headings and most of the text stands under them."""
        starts = [*(anchor.start for anchor in self.anchors), len(self.text)]
        sections = [
            following - anchor.start
            for anchor, following in zip(self.anchors, starts[1:], strict=True)
            if anchor.start in self.questions
        ]
        return len(sections) > 1 and 2 * sum(sections) >= len(self.text)


def clean(text: str) -> str:
    """NFC, without characters that show nothing: soft hyphens, direction marks, tags, icon fonts."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text.translate(_C1)))


def render(root: Element) -> Rendered:
    """The text of `root`: paragraphs apart by a blank line, list items and rows by a line break.

    `text[anchor.start:]` starts with `anchor.label` for every anchor.
    """
    writer = _Writer()
    skipped: Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipped is None and event == "start":
            if writer.start(element):
                writer.add(element.text)
            else:
                skipped = element
        elif event == "end" and skipped in (None, element):
            if skipped is None:
                writer.end(element)
            skipped = None
            writer.add(element.tail if element is not root else None)
    writer.flush()
    return Rendered("".join(writer.parts), tuple(writer.anchors), frozenset(writer.questions))


def without_orphan(rendered: Rendered) -> Rendered:
    """Without a heading at the end, below which nothing is left: `Our partners` above logos.

    One that states something stays, and so does one among headings.
    """
    if len(rendered.anchors) < 2:
        return rendered
    before, last = rendered.anchors[-2:]
    start = rendered.text.rfind("\n", 0, last.start) + 1
    text = rendered.text[:start].rstrip()
    ends = len(rendered.text) == last.start + len(last.label)
    follows_heading = len(text) == before.start + len(before.label)
    states = len(last.label) > _LONGEST_ORPHAN or re.search(r"[\d@.!]", last.label)
    if not ends or follows_heading or states:
        return rendered
    return Rendered(text, rendered.anchors[:-1], rendered.questions - {last.start})


class _Writer:
    """Collects what is inline until a block ends, and knows the offset of what it has written."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.anchors: list[Anchor] = []
        self.questions: list[int] = []
        self._size = 0
        self._inline: list[str] = []
        self._markers = Markers()
        self._group: object = None  # the list or table of the last block
        self._heading: Element | None = None
        self._level = 0
        self._verbatim = 0  # how many <pre> are open
        self._place = ""  # a named anchor right here
        self._places: list[tuple[Element, str]] = []  # open elements with an id and no heading yet

    def start(self, element: Element) -> bool:
        """Whether to go into `element`."""
        tag = element.tag
        if tag == "br" or (self._heading is not None and tag in BLOCKS):
            self._inline.append(_BREAK)
        elif tag == "sup" and _EXPONENT.fullmatch(text_of(element)):
            self._inline.append(text_of(element).translate(_SUPERSCRIPT))
            return False
        elif is_heading(element) and self._heading is None:
            self.flush()
            self._heading = element
        elif tag == "table" and is_data(element):
            self.flush()
            for line in table_lines(element, _cell):
                self._write(line, element)
            return False
        elif tag in BLOCKS:
            if tag in ("dt", "dd"):
                self._end_term()  # the parser nests a term in one that was not closed
            self.flush()
            self._markers.start(element)
            self._verbatim += tag == "pre"
        elif _stands_apart(element):
            self._inline.append(" ")
        self._note_place(element)
        return True

    def end(self, element: Element) -> None:
        """Close what `start` opened."""
        if element is self._heading:
            self._end_heading(element)
        elif element.tag in BLOCKS and self._heading is None:
            self._end_term()
            self.flush()
            for line in self._markers.end(element):
                self._write(line, element)
            self._verbatim -= element.tag == "pre"
        if self._places and self._places[-1][0] is element:
            self._places.pop()

    def add(self, text: str | None) -> None:
        """Inline text."""
        if text:
            self._inline.append(text.replace("\n", _BREAK) if self._verbatim else text)

    def flush(self) -> None:
        """End a paragraph."""
        for paragraph in self._take():
            self._write(self._markers.mark(paragraph), self._markers.group)

    def _take(self) -> list[str]:
        """The paragraphs among what has been collected; what holds no letter or digit is dropped."""
        collected, self._inline = "".join(self._inline), []
        if not collected or collected.isspace():
            return []
        paragraphs = _PARAGRAPHS.split(_SPACES.sub(" ", collected))
        tidied = (_tidy(_BREAKS.sub("\n", paragraph)) for paragraph in paragraphs)
        return [paragraph for paragraph in tidied if any(map(str.isalnum, paragraph))]

    def _end_term(self) -> None:
        if self._markers.in_term:
            self._markers.term(" ".join(self._take()))

    def _write(self, text: str, group: object) -> None:
        if self.parts:
            separator = "\n" if group is not None and group is self._group else "\n\n"
            self.parts.append(separator)
            self._size += len(separator)
        self.parts.append(text)
        self._size += len(text)
        self._group = group
        self._place = ""

    def _end_heading(self, element: Element) -> None:
        label = " ".join(" ".join(self._take()).split("\n"))
        self._heading = None
        if element.tag == LABEL:
            label = _ORNAMENT.sub("", label).strip()
            level = min(self._level + 1, 6)
        else:
            stated = element.get("aria-level") or element.tag[1:]
            level = self._level = min(max(int(stated), 1), 6) if stated.isdecimal() else 2
        if not label:
            return
        fragment = self._fragment(element)
        marker = self._markers.heading()
        self._write(marker + label, None)
        start = self._size - len(label)
        self.anchors.append(Anchor(start, label, level, "heading", fragment))
        if label.endswith("?") or (element.tag == LABEL and _ASKS.match(label)):
            self.questions.append(start)

    def _fragment(self, heading: Element) -> str:
        """The id of a heading, of something in it, right before it, or around it and not yet used."""
        inner = (element.get("id") or element.get("name") for element in heading.iter("a", "span", "button"))
        around = self._places[-1][1] if self._places else ""
        self._places.clear()
        return heading.get("id") or next(filter(None, inner), "") or self._place or around

    def _note_place(self, element: Element) -> None:
        name = element.get("id") or (element.get("name") if element.tag == "a" else None)
        if not name or element.tag in ("html", "body", "main"):
            return
        if element.tag == "a" or (not len(element) and not element.text and element.tag not in _REPLACED):
            self._place = name
        elif element.tag in BLOCKS and element is not self._heading:
            self._places.append((element, name))


def _tidy(text: str) -> str:
    text = clean(text).strip()
    return _SET_PRICE.sub(lambda cents: "," + cents[1].translate(_PLAIN) + " ", text)


def _cell(cell: Element) -> str:
    """The text of a table's cell on one line."""
    lines = (render(cell).text or clean(text_of(cell))).split("\n")  # a lone dash or tick says something
    items = [line.removeprefix("- ") for line in lines if line]
    return (", " if any(line.startswith("- ") for line in lines) else " ").join(items)


def _stands_apart(element: Element) -> bool:
    """Whether style sheets surely put space before an inline element that has none in the source.

    `<div><strong>Wosk sojowy</strong><span>naturalna baza</span></div>` does, `<b>W</b>itamy` does not.
    """
    before = element.getprevious()
    if before is None or before.tail or before.tag in BLOCKS:
        return False
    parent = element.getparent()
    if parent is None or parent.tag not in _BOXES or (parent.text or "").strip():
        return False
    if before.tag != element.tag or element.tag == "a":
        return True
    if parent.tag == "li" and opening(before)[-1:].isalpha() and opening(element)[:1].islower():
        return False  # a word whose letters are styled apart
    return bool(element.get("class"))
