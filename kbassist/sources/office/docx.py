"""DOCX to a document: what a reader sees on paper, with the numbers that Word counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath

from kbassist.sources.office.archive import Archive, Element, attribute, child, children, local, number
from kbassist.sources.office.docx_numbering import Numbering
from kbassist.sources.office.docx_styles import Styles
from kbassist.sources.office.flow import Flow, is_data, raised, tidy
from kbassist.sources.table_rows import Cell
from kbassist.sources.titles import title_of
from kbassist.types import Document

_UNSEEN = frozenset(
    "pPr rPr sdtPr sdtEndPr del moveFrom delText instrText delInstrText fldData rt customXmlPr"
    " sectPr tblPr tblGrid trPr tcPr Fallback".split()
)
_SIGNS = {"tab": " ", "ptab": " ", "cr": "\n", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off", "none")
_SYMBOLS = 0xF000  # the characters of a symbol font are moved up to here


def read_docx(data: bytes, identifier: str) -> Document:
    """Insertions that are tracked are in, deletions, comments, headers and footers are out.

    The language that the properties name is that of the program it was written with, so none is taken
    from there. Raises `SourceError` for a file that is damaged, protected, or too large when unpacked.
    """
    archive = Archive(data, identifier)
    roots = _relations(archive, "_rels/.rels", "")
    main = roots.get("officeDocument", "word/document.xml")
    root = archive.part(main)
    if root is None or child(root, "body") is None:
        raise archive.error("not a Word document: it has no text part")
    folder, name = str(PurePosixPath(main).parent), PurePosixPath(main).name
    parts = _relations(archive, f"{folder}/_rels/{name}.rels", folder)

    def part(kind: str) -> Element | None:
        return archive.part(parts[kind]) if kind in parts else None

    body = _Body(Styles(part("styles")), Numbering.of(part("numbering")), part("footnotes"), part("endnotes"))
    body.blocks(child(root, "body"))
    body.end()
    said = archive.part(roots.get("core-properties", "docProps/core.xml"))
    return Document(
        id=identifier,
        text=body.flow.text,
        title=body.title or _said(said, "title") or body.flow.title or title_of(body.flow.text, identifier),
        anchors=tuple(body.flow.anchors),
        modified_at=_moment(_said(said, "modified")),
    )


class _Body:
    """Follows the document from start to end."""

    def __init__(
        self, styles: Styles, numbering: Numbering, footnotes: Element | None, endnotes: Element | None
    ) -> None:
        self.flow = Flow()
        self.title = ""
        self._styles = styles
        self._numbering = numbering
        self._notes = {
            kind: {attribute(note, "id"): note for note in children(root, kind)}
            for kind, root in (("footnote", footnotes), ("endnote", endnotes))
        }
        self._cited = 0  # notes so far
        self._waiting: list[Element] = []  # notes and text boxes: they follow the paragraph
        self._carried = ""  # of a paragraph whose end was deleted

    def blocks(self, element: Element | None) -> None:
        """Write the paragraphs and tables of `element`."""
        for block in _blocks(element):
            if local(block) == "p":
                self._paragraph(block)
            else:
                self._table(block)

    def end(self) -> None:
        """Write what is left."""
        self.flow.paragraph(self._carried)

    def _paragraph(self, element: Element) -> None:
        if not len(element) and not self._carried:
            return
        properties = child(element, "pPr")
        text = self._carried + self._inline(element)
        self._carried = ""
        if child(properties, "rPr", "del") is not None:
            self._carried = text
            return
        if self._styles.name(properties).startswith("toc "):
            return
        label = self._label(properties) if text.strip() or not self._waiting else ""
        level = self._styles.heading(properties)
        if level is None:
            self.flow.paragraph(text, label=label, group="list" if label else "")
        else:
            self.title = self.title or (tidy(text).replace("\n", " ") if level == 0 else "")
            self.flow.heading(text, max(level, 1), label=label)
        self._write_waiting()

    def _label(self, properties: Element | None) -> str:
        if _is_on(child(properties, "rPr", "vanish")):
            return ""
        numbered = self._styles.numbered(properties)
        if numbered is None:
            return ""
        level = numbered.level
        if level is None:
            level = self._numbering.level_of(numbered.list_id, numbered.style)
        return self._numbering.label(numbered.list_id, level)

    def _write_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for element in waiting:
            if local(element) == "txbxContent":
                self.blocks(element)
            else:
                self._cited += 1
                inside = (self._inline(block) for block in _blocks(element) if local(block) == "p")
                self.flow.paragraph(" ".join(inside), label=f"[{self._cited}]", group="notes")

    # --- inside a paragraph -----------------------------------------------------------------------

    def _inline(self, element: Element) -> str:
        return "".join(self._pieces(element))

    def _pieces(self, element: Element) -> Iterator[str]:
        for inner in element:
            tag = local(inner)
            if tag in _UNSEEN or not tag:
                continue
            if tag == "t":
                yield inner.text or ""
            elif tag in _SIGNS:
                yield _SIGNS[tag]
            elif tag == "br":
                yield "\n" if attribute(inner, "type", "textWrapping") == "textWrapping" else " "
            elif tag == "sym":
                yield _symbol(inner)
            elif tag in ("footnoteReference", "endnoteReference"):
                yield self._reference(inner, tag.removesuffix("Reference"))
            elif tag == "txbxContent":
                self._waiting.append(inner)
            elif tag == "r":
                yield self._run(inner)
            else:
                yield from self._pieces(inner)

    def _run(self, element: Element) -> str:
        properties = child(element, "rPr")
        if _is_on(child(properties, "vanish")):
            return ""
        text = self._inline(element)
        is_raised = attribute(child(properties, "vertAlign"), "val") == "superscript"
        return raised(text) if is_raised else text

    def _reference(self, element: Element, kind: str) -> str:
        note = self._notes[kind].pop(attribute(element, "id"), None)
        if note is None:
            return ""
        self._waiting.append(note)
        pending = sum(1 for waiting in self._waiting if local(waiting) != "txbxContent")
        return f"[{self._cited + pending}]"

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, element: Element) -> None:
        rows: list[list[Cell]] = []
        headers = 0
        if not _is_plain(element):
            self._lay_out(element)
            return
        for row in _rows(element):
            cells = self._row(row, rows[-1] if rows else [])
            names_columns = _is_on(child(row, "trPr", "tblHeader")) or (not rows and _is_bold(row))
            headers += headers == len(rows) and names_columns
            rows.append(cells)
        if is_data(rows):
            self.flow.table(rows, headers or None)
        else:
            for cells in rows:
                for cell in cells:
                    if not cell.repeated:
                        self.flow.paragraph(cell.text)
        self._write_waiting()

    def _row(self, row: Element, above: list[Cell]) -> list[Cell]:
        cells: list[Cell] = []
        for element in _children_through(row, "tc"):
            properties = child(element, "tcPr")
            merge = child(properties, "vMerge")
            if (
                merge is not None
                and attribute(merge, "val", "continue") == "continue"
                and len(above) > len(cells)
            ):
                text = above[len(cells)].text
            else:
                text = " ".join(filter(None, map(self._in_cell, _blocks(element))))
            span = min(max(number(attribute(child(properties, "gridSpan"), "val"), 1), 1), 60)
            cells += [Cell(text), *[Cell(text, repeated=True)] * (span - 1)]
        return cells

    def _in_cell(self, paragraph: Element) -> str:
        label = self._label(child(paragraph, "pPr"))
        text = tidy(self._inline(paragraph)).replace("\n", " ")
        return f"{label} {text}".strip() if label != "-" else text

    def _lay_out(self, element: Element) -> None:
        """A table that only puts text in its place: its cells one after the other."""
        for row in _rows(element):
            for cell in _children_through(row, "tc"):
                self.blocks(cell)


def _blocks(element: Element | None) -> Iterator[Element]:
    """Paragraphs and tables, those in content controls and insertions among them."""
    for inner in element if element is not None else ():
        tag = local(inner)
        if tag in ("p", "tbl"):
            yield inner
        elif tag == "sdt":
            gallery = child(inner, "sdtPr", "docPartObj", "docPartGallery")
            if attribute(gallery, "val") != "Table of Contents":
                yield from _blocks(child(inner, "sdtContent"))
        elif tag in ("ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"):
            yield from _blocks(inner)


def _rows(table: Element) -> Iterator[Element]:
    for row in _children_through(table, "tr"):
        if child(row, "trPr", "del") is None:
            yield row


def _children_through(element: Element, name: str) -> Iterator[Element]:
    """Rows or cells, those in content controls among them."""
    for inner in element:
        tag = local(inner)
        if tag == name:
            yield inner
        elif tag in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children_through(inner, name)


def _is_plain(table: Element) -> bool:
    """Whether cells hold paragraphs only, and more than one of them stands in a row."""
    several = any(sum(1 for _ in _children_through(row, "tc")) > 1 for row in _rows(table))
    return several and not any(local(inner) in ("tbl", "txbxContent") for inner in table.iterdescendants())


def _is_bold(row: Element) -> bool:
    """Whether all that is written in it is bold, in more cells than one."""
    runs = [run for run in row.iterdescendants() if local(run) == "r" and child(run, "t") is not None]
    cells = sum(1 for _ in _children_through(row, "tc"))
    return cells > 1 and bool(runs) and all(_is_on(child(run, "rPr", "b")) for run in runs)


def _is_on(element: Element | None) -> bool:
    return element is not None and attribute(element, "val", "1") not in _OFF


def _symbol(element: Element) -> str:
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    return chr(code) if 0x20 <= code < _SYMBOLS else ""


def _relations(archive: Archive, name: str, folder: str) -> Mapping[str, str]:
    """The last word of a relation's type to the part that it leads to."""
    found: dict[str, str] = {}
    for relation in children(archive.part(name), "Relationship"):
        target = attribute(relation, "Target")
        absolute = target.startswith("/") or folder in ("", ".")
        path = target.lstrip("/") if absolute else str(PurePosixPath(folder) / target)
        found.setdefault(attribute(relation, "Type").rpartition("/")[2], path)
    return found


def _said(properties: Element | None, name: str) -> str:
    element = child(properties, name)
    return tidy(element.text or "") if element is not None else ""


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
