"""What a PDF page shows where it has no text, and the page as a picture for text recognition."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import pypdfium2 as pdfium
from pypdfium2 import raw

from kbassist.sources.ocr import DOTS_PER_INCH, Recognised
from kbassist.sources.pdf.line import Line, Word

_POINTS_PER_INCH = 72
_MOST_DOTS = 25_000_000  # an A3 page at 300 dpi has 17 million
_MOST_OBJECTS = 2_000
_FEWEST_STROKES = 12  # fewer are a frame or lines to write on
_FEWEST_LETTERS = 20
_COVERED = 0.5


def picture_reason(page: pdfium.PdfPage, lines: Sequence[Line]) -> str:
    """Why a page has no text though it is not blank; empty when it is, or when it has text."""
    letters = sum(character.isalnum() for line in lines for character in line.text)
    if letters >= _FEWEST_LETTERS:
        return ""
    width, height = page.get_size()
    images, strokes = 0.0, 0
    for seen, item in enumerate(page.get_objects(max_depth=4)):
        if seen > _MOST_OBJECTS:
            break
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            images += abs((right - left) * (top - bottom))
        elif item.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING):
            strokes += 1
    if letters:
        return "little but a picture" if images > _COVERED * width * height else ""
    if images:
        return "only pictures"
    return "only drawings" if strokes >= _FEWEST_STROKES else ""


def page_picture(page: pdfium.PdfPage) -> bytes:
    """The page in grey at 300 dots per inch, fewer for a poster, as a PGM file."""
    width, height = page.get_size()
    scale = DOTS_PER_INCH / _POINTS_PER_INCH
    dots = width * height * scale * scale
    bitmap = page.render(scale=scale * min(1.0, (_MOST_DOTS / max(dots, 1.0)) ** 0.5), grayscale=True)
    try:
        rows = ctypes.string_at(bitmap.buffer, bitmap.stride * bitmap.height)
        if bitmap.stride != bitmap.width:
            starts = range(0, len(rows), bitmap.stride)
            rows = b"".join(rows[start : start + bitmap.width] for start in starts)
        return f"P5 {bitmap.width} {bitmap.height} 255\n".encode() + rows
    finally:
        bitmap.close()


def recognised_lines(words: Sequence[Recognised], picture: bytes, height: float) -> tuple[Line, ...]:
    """Words found in a picture of a page as lines on it, `height` points high."""
    dots = int(picture[:40].split(maxsplit=3)[2])
    scale = height / dots
    rows: dict[int, list[Recognised]] = {}
    for word in words:
        rows.setdefault(word.line, []).append(word)
    lines: list[Line] = []
    for row in rows.values():
        tops = sorted(word.top for word in row)
        bottoms = sorted(word.bottom for word in row)
        top, bottom = tops[len(tops) // 2], bottoms[len(bottoms) // 2]
        placed = tuple(Word(word.text, word.left * scale, word.right * scale) for word in row)
        lines.append(Line(placed, height - bottom * scale, max((bottom - top) * scale * 1.1, 1.0)))
    return tuple(lines)
