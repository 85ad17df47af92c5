"""ODT to a document: what a reader sees on paper, with the numbers that Writer counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kbassist.sources.office.archive import Archive, Element, attribute, child, children, local, number
from kbassist.sources.office.flow import Flow, is_data, raised, tidy
from kbassist.sources.office.odt_numbering import BULLET, Counter, list_styles
from kbassist.sources.table_rows import Cell
from kbassist.sources.titles import title_of
from kbassist.types import Document

_UNSEEN = frozenset(
    "tracked-changes annotation annotation-end forms sequence-decls variable-decls user-field-decls"
    " ruby-text note-citation hidden-text script table-of-content bibliography desc title".split()
)
_NESTED = ("section", "index-body", "list-header")
_MOST_SPACES = 100
_MOST_COLUMNS = 60


def read_odt(data: bytes, identifier: str) -> Document:
    """Deletions that are tracked, comments, headers, footers and the table of contents are out.

    The language that the properties name is that of the program it was written with, so none is taken
    from there. Raises `SourceError` for a file that is damaged, protected, or too large when unpacked.
    """
    archive = Archive(data, identifier)
    manifest = archive.part("META-INF/manifest.xml")
    if manifest is not None and any(local(inner) == "encryption-data" for inner in manifest.iter()):
        raise archive.error("protected by a password: save it without one")
    content, styles = archive.part("content.xml"), archive.part("styles.xml")
    text = child(content, "body", "text")
    if content is None or text is None:
        raise archive.error("not a text document: it has no text part")
    body = _Body(content, styles)
    body.blocks(text)
    said = child(archive.part("meta.xml"), "meta")
    return Document(
        id=identifier,
        text=body.flow.text,
        title=body.title or _said(said, "title") or body.flow.title or title_of(body.flow.text, identifier),
        anchors=tuple(body.flow.anchors),
        modified_at=_moment(_said(said, "date")),
    )


@dataclass(slots=True)
class _Item:
    """Where in which list a paragraph stands; its label is given once, to the first in the item."""

    counter: Counter
    level: int
    start: int | None
    pending: bool

    def label(self) -> str:
        if not self.pending:
            return ""
        self.pending = False
        return self.counter.label(self.level, self.start)


class _Body:
    def __init__(self, content: Element, styles: Element | None) -> None:
        self.flow = Flow()
        self.title = ""
        parts = (styles, content)
        self._lists = list_styles(parts)
        self._headings = Counter(self._lists.get("", {}))
        self._raised = frozenset(_raised_styles(parts))
        self._titles = frozenset({"Title", *_based_on("Title", parts)})
        self._counters: dict[str, Counter] = {}  # by list style, the last one; and by the list's own id
        self._cited = 0
        self._waiting: list[Element] = []

    def blocks(self, element: Element, item: _Item | None = None) -> None:
        """Write what stands in `element`, which may be an item of a list."""
        for block in element:
            tag = local(block)
            if tag in ("p", "h"):
                self._paragraph(block, item)
            elif tag == "list":
                self._list(block, item)
            elif tag == "table":
                self._table(block)
            elif tag == "frame":
                self._waiting += [inner for inner in block if local(inner) == "text-box"]
                self._write_waiting()
            elif tag in _NESTED:
                self.blocks(block, item if tag != "list-header" else None)

    def _paragraph(self, element: Element, item: _Item | None) -> None:
        text = self._inline(element)
        label = item.label() if item else ""
        if attribute(element, "style-name") in self._titles:
            self.title = self.title or tidy(text).replace("\n", " ")
            self.flow.heading(text, 1, label=label)
        elif local(element) == "h":
            level = number(attribute(element, "outline-level"), 1)
            self.flow.heading(text, max(level, 1), label=label or self._counted(element, level, text))
        else:
            self.flow.paragraph(text, label=label, group="list" if item else "")
        self._write_waiting()

    def _counted(self, heading: Element, level: int, text: str) -> str:
        if attribute(heading, "is-list-header") == "true" or not text.strip():
            return ""
        return self._headings.label(level)

    def _list(self, element: Element, outer: _Item | None) -> None:
        level = outer.level + 1 if outer else 1
        counter = outer.counter if outer else self._counter(element)
        style = attribute(element, "style-name")
        if outer and style and self._lists.get(style) != counter.levels:
            counter = self._counter(element)
        for inner in element:
            start = attribute(inner, "start-value")
            if local(inner) == "list-item":
                self.blocks(inner, _Item(counter, level, number(start, 1) if start else None, pending=True))
            elif local(inner) == "list-header":
                self.blocks(inner)

    def _counter(self, element: Element) -> Counter:
        style = attribute(element, "style-name")
        goes_on = attribute(element, "continue-list")
        if attribute(element, "continue-numbering") == "true":
            goes_on = goes_on or style
        counter = self._counters.get(goes_on) if goes_on else None
        counter = counter or Counter(self._lists.get(style, {}))
        self._counters[style] = counter
        if own := attribute(element, "id"):
            self._counters[own] = counter
        return counter

    def _write_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for element in waiting:
            if local(element) == "text-box":
                self.blocks(element)
            else:
                self._cited += 1
                inside = (self._inline(block) for block in element if local(block) in ("p", "h"))
                self.flow.paragraph(" ".join(inside), label=f"[{self._cited}]", group="notes")

    # --- inside a paragraph -----------------------------------------------------------------------

    def _inline(self, element: Element) -> str:
        return "".join(self._pieces(element))

    def _pieces(self, element: Element) -> Iterator[str]:
        yield element.text or ""
        for inner in element:
            tag = local(inner)
            if tag == "s":
                yield " " * min(number(attribute(inner, "c"), 1), _MOST_SPACES)
            elif tag == "tab":
                yield " "
            elif tag == "line-break":
                yield "\n"
            elif tag == "note":
                self._waiting += children(inner, "note-body")
                pending = sum(1 for waiting in self._waiting if local(waiting) == "note-body")
                yield f"[{self._cited + pending}]"
            elif tag == "text-box":
                self._waiting.append(inner)
            elif tag == "span" and attribute(inner, "style-name") in self._raised:
                yield raised(self._inline(inner))
            elif tag and tag not in _UNSEEN:
                yield from self._pieces(inner)
            yield inner.tail or ""

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, element: Element) -> None:
        headers = sum(
            1 for rows in children(element, "table-header-rows") for _ in children(rows, "table-row")
        )
        elements = list(_rows(element))
        nested = any(local(inner) in ("table", "text-box") for inner in element.iterdescendants())
        rows: list[list[Cell]] = []
        for row in elements if not nested else ():
            rows.append(self._row(row, rows[-1] if rows else []))
        if is_data(rows):
            self.flow.table(rows, headers or None)
            self._write_waiting()
            return
        self._waiting.clear()  # they are met again
        for row in elements:
            for cell in children(row, "table-cell"):
                self.blocks(cell)

    def _row(self, row: Element, above: list[Cell]) -> list[Cell]:
        cells: list[Cell] = []
        beside = 0  # columns that the last cell reaches into
        for element in row:
            tag = local(element)
            times = min(number(attribute(element, "number-columns-repeated"), 1), _MOST_COLUMNS)
            if tag == "table-cell":
                cells += [Cell(" ".join(filter(None, self._in_cell(element, None))))] * times
                beside = number(attribute(element, "number-columns-spanned"), 1) - 1
            elif tag == "covered-table-cell":
                for _ in range(times):
                    if beside > 0 and cells:
                        cells.append(Cell(cells[-1].text, repeated=True))
                    else:
                        cells.append(above[len(cells)] if len(cells) < len(above) else Cell(""))
                    beside -= 1
        return cells

    def _in_cell(self, element: Element, item: _Item | None) -> Iterator[str]:
        for block in element:
            if local(block) in ("p", "h"):
                label = item.label() if item else ""
                text = tidy(self._inline(block)).replace("\n", " ")
                yield f"{label} {text}".strip() if label != BULLET else text
            elif local(block) == "list":
                counter = self._counter(block)
                for inner in children(block, "list-item"):
                    yield from self._in_cell(inner, _Item(counter, 1, None, pending=True))


def _rows(table: Element) -> Iterator[Element]:
    for inner in table:
        if local(inner) == "table-row":
            yield inner
        elif local(inner) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(inner)


def _styles(parts: tuple[Element | None, ...]) -> Iterator[Element]:
    for root in parts:
        for group in root if root is not None else ():
            yield from children(group, "style")


def _raised_styles(parts: tuple[Element | None, ...]) -> Iterator[str]:
    for style in _styles(parts):
        position = attribute(child(style, "text-properties"), "text-position")
        if position.startswith("super") or (position[:1].isdigit() and not position.startswith("0")):
            yield attribute(style, "name")


def _based_on(name: str, parts: tuple[Element | None, ...]) -> Iterator[str]:
    for style in _styles(parts):
        if attribute(style, "parent-style-name") == name and attribute(style, "family") == "paragraph":
            yield attribute(style, "name")


def _said(properties: Element | None, name: str) -> str:
    element = child(properties, name)
    return tidy(element.text or "") if element is not None else ""


def _moment(value: str) -> datetime | None:
    """LibreOffice writes the local time without its zone; UTC is the nearest that is known."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
