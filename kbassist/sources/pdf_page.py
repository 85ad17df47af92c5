"""The lines of a PDF page as pdfium sees them, with where they stand.

pdfium gives characters and boxes. What is put right here is what only the boxes can tell: accents
set as glyphs of their own ("tre´s´c") go back on the letter they are printed above, and gaps too
wide for a space show that a line is the row of a table.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium

_ACCENTS = {"´": "\u0301", "˛": "\u0328", "˙": "\u0307"}
_ACCENTED = frozenset("ąćęńóśźżĄĆĘŃÓŚŹŻ")
_HYPHEN = "\ufffe"  # how pdfium marks a hyphen at which it has joined two lines
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d", "•"))
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff]")
_LEADERS = re.compile(r"(?: ?\.){4,} ?")  # the dots of a table of contents
_LIGATURE = re.compile("[\ufb00-\ufb06]")

# In line heights: a space is about a quarter, a stretched one in justified text rarely a whole one.
_NO_SPACE = 0.17
_COLUMN_GAP = 1.3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. Lengths are in points; `y` is its baseline, counted from the bottom.

    `text` may hold a `HYPHEN_BREAK` where a word was broken; then it stands for several lines, of
    which `last_y` is the last one's baseline.
    """

    text: str
    left: float
    right: float
    y: float
    last_y: float
    size: float
    is_row: bool


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float


HYPHEN_BREAK = _HYPHEN


def page_lines(textpage: pdfium.FPDF_TEXTPAGE, limit: int) -> Iterator[Line]:
    """The lines of a loaded text page that hold anything, in pdfium's order, at most `limit` characters."""
    count = min(pdfium.FPDFText_CountChars(textpage), limit)
    characters = [_character(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(count)]
    start = 0
    for index in range(count + 1):
        if index == count or characters[index] in "\r\n":
            if index > start:
                line = _line(textpage, characters, start, index)
                if line is not None:
                    yield line
            start = index + 1


def _character(code: int) -> str:
    if code == 2:  # what pdfium has for such a hyphen in some fonts
        return _HYPHEN
    return "\0" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _line(textpage: pdfium.FPDF_TEXTPAGE, characters: list[str], start: int, end: int) -> Line | None:
    while start < end and characters[start].isspace():
        start += 1
    while end > start and characters[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    words = _words(characters, start, end)
    firsts = [_box(textpage, first) for first, _ in words]
    lasts = [_box(textpage, last) for _, last in words]
    size = _height(textpage, start)
    text = "".join(characters[start:end])
    has_accents = any(character in _ACCENTS for character in text)
    gaps = [second.left - first.right for first, second in zip(lasts, firsts[1:], strict=False)]
    if words[0][1] - words[0][0] < 4:
        gaps = gaps[1:]  # a bullet or a number may stand far from its item
    is_row = not has_accents and _HYPHEN not in text and any(gap > _COLUMN_GAP * size for gap in gaps)
    if has_accents:
        text = _with_accents(textpage, characters, start, end, size)
    text = _clean(text)
    right = max(box.right for box in lasts)
    return (
        Line(
            text,
            firsts[0].left,
            right,
            _baseline(textpage, start),
            _baseline(textpage, end - 1),
            size,
            is_row,
        )
        if text
        else None
    )


def _words(characters: list[str], start: int, end: int) -> list[tuple[int, int]]:
    """First and last index of each word."""
    found: list[tuple[int, int]] = []
    opened = start
    for index in range(start, end + 1):
        if index == end or characters[index].isspace():
            if index > opened:
                found.append((opened, index - 1))
            opened = index + 1
    return found


def _with_accents(
    textpage: pdfium.FPDF_TEXTPAGE, characters: list[str], start: int, end: int, size: float
) -> str:
    """The line with every free-standing accent on the letter below it."""
    boxes = {index: _box(textpage, index) for index in range(start, end) if not characters[index].isspace()}
    marks = [index for index in boxes if characters[index] in _ACCENTS]
    letters = {index: characters[index] for index in boxes if index not in marks}
    for mark in marks:
        centre = (boxes[mark].left + boxes[mark].right) / 2
        fitting = [
            (abs(centre - (boxes[index].left + boxes[index].right) / 2), index)
            for index, letter in letters.items()
            if boxes[index].left - 0.05 * size <= centre <= boxes[index].right + 0.05 * size
            and unicodedata.normalize("NFC", letter + _ACCENTS[characters[mark]]) in _ACCENTED
        ]
        if fitting:
            below = min(fitting)[1]
            letters[below] = unicodedata.normalize("NFC", letters[below] + _ACCENTS[characters[mark]])
        else:
            letters[mark] = characters[mark]
    text = ""
    before: int | None = None
    for index in sorted(letters):
        if before is not None and index > before + 1:
            between = characters[before + 1 : index]
            disturbed = any(character in _ACCENTS for character in characters[before : index + 1])
            wide = boxes[index].left - boxes[before].right > _NO_SPACE * size
            if any(character.isspace() for character in between) and (wide or not disturbed):
                text += " "
        text += letters[index]
        before = index
    return text


def _clean(text: str) -> str:
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text.translate(_BULLETS))
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(_LEADERS.sub(" … ", text).split())


def _box(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> _Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
    return _Box(left.value, right.value)


def _baseline(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
    return y.value


def _height(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> float:
    """Of the font, from its box: the nominal size says nothing where the text is scaled."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
    return abs(box.top - box.bottom) or 1.0
