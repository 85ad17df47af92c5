"""What is filled into a PDF form: the values of its fields, and the text of an XFA form."""

from __future__ import annotations

import ctypes
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
from lxml import etree
from pypdfium2 import raw

from kbassist.sources.pdf.line import Line, Word
from kbassist.sources.pdf.page import Turn

_MOST_FIELDS = 5_000
_LONGEST_VALUE = 20_000
_LONGEST_PACKET = 32 * 2**20
_HIDDEN = 2
_WRITTEN = frozenset({raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX})
_TICKED = frozenset({raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON})
_LETTER = 0.5  # of the size: how wide a letter of a value may be taken to be


def field_lines(page: pdfium.PdfPage, turn: Turn) -> Iterator[Line]:
    """The values in the fields of a page, where they stand; a tick where a box is ticked.

    Needs a document whose forms are initialised (`PdfDocument.init_forms`).
    """
    if page.formenv is None:
        return
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        try:
            text = _value(page.formenv.raw, annotation)
            rectangle = raw.FS_RECTF()
            if not text or not raw.FPDFAnnot_GetRect(annotation, rectangle):
                continue
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        box = turn.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        yield from _placed(text, *box)


def _value(form: raw.FPDF_FORMHANDLE, annotation: raw.FPDF_ANNOTATION) -> str:
    if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_WIDGET:
        return ""
    if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
        return ""
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _TICKED:
        return "☒" if raw.FPDFAnnot_IsChecked(form, annotation) else ""
    if kind not in _WRITTEN:
        return ""
    return _utf16(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _utf16(get: Callable[[Any, int], int]) -> str:
    size = min(get(None, 0), 2 * _LONGEST_VALUE)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    get(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "ignore").replace("\0", "").strip()


def _placed(text: str, left: float, bottom: float, right: float, top: float) -> Iterator[Line]:
    rows = [row.split() for row in text.splitlines() if row.strip()]
    high = (top - bottom) / max(len(rows), 1)
    size = min(max(0.8 * high, 1.0), 12.0)
    for number, row in enumerate(rows):
        longest = max(right - left, 1.0)
        letter = min(_LETTER * size, longest / (len(" ".join(row)) or 1))
        words: list[Word] = []
        at = left
        for word in row:
            words.append(Word(word, at, at + letter * len(word)))
            at += letter * (len(word) + 1)
        yield Line(tuple(words), top - (number + 0.75) * high, size)


# --- XFA ---------------------------------------------------------------------------------------


def xfa_text(pdf: pdfium.PdfDocument) -> str:
    """The words of an XFA form in the order of its template: texts, captions, values. Empty without one.

    Nothing is calculated and no script runs, so what only a script would show is missing.
    """
    packets = dict(_packets(pdf))
    template = _parsed(packets.get("template", b""))
    if template is None:
        return ""
    values = _values(_parsed(packets.get("datasets", b"")))
    return "\n".join(line for line in _template_lines(template, values) if line)


def _packets(pdf: pdfium.PdfDocument) -> Iterator[tuple[str, bytes]]:
    for index in range(min(max(raw.FPDF_GetXFAPacketCount(pdf.raw), 0), 64)):
        size = raw.FPDF_GetXFAPacketName(pdf.raw, index, None, 0)
        name = ctypes.create_string_buffer(max(size, 1))
        raw.FPDF_GetXFAPacketName(pdf.raw, index, name, size)
        needed = ctypes.c_ulong()
        if not raw.FPDF_GetXFAPacketContent(pdf.raw, index, None, 0, needed):
            continue
        if not 0 < needed.value <= _LONGEST_PACKET:
            continue
        content = ctypes.create_string_buffer(needed.value)
        raw.FPDF_GetXFAPacketContent(pdf.raw, index, content, needed.value, needed)
        yield name.value.decode("utf-8", "ignore"), content.raw


def _parsed(packet: bytes) -> Any:
    if not packet.strip(b"\0 \r\n\t"):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        return etree.fromstring(packet.strip(b"\0"), parser)
    except etree.XMLSyntaxError:
        return None


def _values(datasets: Any) -> dict[str, deque[str]]:
    """What is filled in, by the name of the field, in order where several share one."""
    found: dict[str, deque[str]] = defaultdict(deque)
    for element in datasets.iter() if datasets is not None else ():
        if isinstance(element.tag, str) and len(element) == 0 and (element.text or "").strip():
            found[_name(element)].append(" ".join(element.text.split()))
    return found


def _template_lines(template: Any, values: dict[str, deque[str]]) -> Iterator[str]:
    for element in template.iter():
        if not isinstance(element.tag, str) or element.get("presence") in ("hidden", "inactive"):
            continue
        kind = _name(element)
        if kind == "draw":
            yield _words(element, ("value",))
        elif kind == "field":
            caption = _words(element, ("caption",))
            known = values.get(element.get("name") or "")
            value = known.popleft() if known else _words(element, ("value",))
            if value:
                yield f"{caption.rstrip(':')}: {value}" if caption else value
            else:
                yield caption


def _words(element: Any, parts: tuple[str, ...]) -> str:
    texts = [
        piece
        for part in element
        if isinstance(part.tag, str) and _name(part) in parts
        for piece in part.itertext()
    ]
    return " ".join(" ".join(texts).split())


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)
