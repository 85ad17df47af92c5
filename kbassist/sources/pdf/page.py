"""The lines of a PDF page as pdfium sees them, with where their words stand.

pdfium gives characters and boxes. What is put right here is what only the boxes can tell: accents
set as glyphs of their own ("tre´s´c") go back on the letter they are printed above, and text that
runs up or down the sheet is turned so that every line reads from left to right.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium

from kbassist.sources.pdf.line import Line, Word

_ACCENTS = {"´": "\u0301", "˛": "\u0328", "˙": "\u0307"}
_ACCENTED = frozenset("ąćęńóśźżĄĆĘŃÓŚŹŻ")
_HYPHEN = "\ufffe"  # how pdfium marks a hyphen at which it has joined two lines
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d", "•"))
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff\ufffe\uffff]")
_LEADERS = re.compile(r"\.{4,}")  # the dots of a table of contents
_DOTS = re.compile(r"[.…]+\Z")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff]")

_NO_SPACE = 0.17  # of the font's height: a space is about a quarter
_NEXT_LINE = 0.6
_BOLD = re.compile(rb"bold|black|heavy|demi|bx\d", re.IGNORECASE)
_UPRIGHT = 0

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """By how many quarters the page's text is turned against its sheet, counted anticlockwise."""

    quarters: int = _UPRIGHT

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the sheet stands once the text is upright."""
        return ((x, y), (y, -x), (-x, -y), (-y, x))[self.quarters]

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, ...]:
        """`left, bottom, right, top` once the text is upright."""
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return min(a, c), min(b, d), max(a, c), max(b, d)


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a page in pdfium's order, those that run another way than most at the end.

    `unmapped` counts the characters for which the font gives no meaning.
    """

    lines: tuple[Line, ...]
    turn: Turn
    unmapped: int


def read_lines(textpage: pdfium.FPDF_TEXTPAGE, limit: int) -> Reading:
    """The lines of a loaded text page that hold anything, of its first `limit` characters."""
    glyphs = _Glyphs(textpage, min(pdfium.FPDFText_CountChars(textpage), limit))
    spans = list(_spans(glyphs))
    quarters = [glyphs.quarters(start) for start, _ in spans]
    length: Counter[int] = Counter()
    for (start, end), quarter in zip(spans, quarters, strict=True):
        length[quarter] += end - start
    main = length.most_common(1)[0][0] if length else _UPRIGHT
    lines: list[Line] = []
    for quarter in sorted(set(quarters), key=lambda quarter: (quarter != main, quarter)):
        glyphs.turn = Turn(quarter)
        for (start, end), own in zip(spans, quarters, strict=True):
            if own == quarter:
                found = _lines(glyphs, start, end)
                lines += (replace(line, is_aside=True) for line in found) if quarter != main else found
    unmapped = len(_UNMAPPED.findall("".join(glyphs.characters)))
    return Reading(tuple(lines), Turn(main), unmapped)


class _Glyphs:
    """The characters of a page and their boxes, upright once `turn` is set."""

    def __init__(self, textpage: pdfium.FPDF_TEXTPAGE, count: int) -> None:
        unicode_of: Callable[[pdfium.FPDF_TEXTPAGE, int], int] = pdfium.FPDFText_GetUnicode
        self.characters = [_character(unicode_of(textpage, index)) for index in range(count)]
        self.turn = Turn()
        self._textpage = textpage
        self._numbers = tuple(ctypes.c_double() for _ in range(4))
        self._loose = pdfium.FS_RECTF()
        self._name = ctypes.create_string_buffer(200)

    def edges(self, index: int) -> tuple[float, float]:
        """Left and right."""
        left, right, bottom, top = self._numbers
        pdfium.FPDFText_GetCharBox(self._textpage, index, left, right, bottom, top)
        if not self.turn.quarters:
            return left.value, right.value
        box = self.turn.box(left.value, bottom.value, right.value, top.value)
        return box[0], box[2]

    def baseline(self, index: int) -> float:
        x, y = self._numbers[:2]
        pdfium.FPDFText_GetCharOrigin(self._textpage, index, x, y)
        return self.turn.point(x.value, y.value)[1]

    def height(self, index: int) -> float:
        """Of the font, from its box: the nominal size says nothing where the text is scaled."""
        loose = self._loose
        pdfium.FPDFText_GetLooseCharBox(self._textpage, index, loose)
        upright = self.turn.quarters % 2 == 0
        return abs(loose.top - loose.bottom if upright else loose.right - loose.left) or 1.0

    def is_bold(self, index: int) -> bool:
        """By the font's name: the weight that pdfium reckons is off for the fonts of TeX."""
        length = pdfium.FPDFText_GetFontInfo(self._textpage, index, self._name, len(self._name), None)
        return length > 0 and _BOLD.search(self._name.value) is not None

    def quarters(self, index: int) -> int:
        angle: float = pdfium.FPDFText_GetCharAngle(self._textpage, index)  # clockwise
        return round(-angle / (math.pi / 2)) % 4 if angle > 0 else _UPRIGHT


def _character(code: int) -> str:
    if code == 2:  # what pdfium has for such a hyphen in some fonts
        return _HYPHEN
    return "\0" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _spans(glyphs: _Glyphs) -> Iterator[tuple[int, int]]:
    """First index and end of each line, without the spaces around it."""
    characters = glyphs.characters
    opened = 0
    for index in range(len(characters) + 1):
        at_end = index == len(characters)
        hyphen = not at_end and characters[index] == _HYPHEN
        if not (at_end or hyphen or characters[index] in "\r\n"):
            continue
        start, end = opened, index + hyphen
        while start < end and characters[start].isspace():
            start += 1
        while end > start and characters[end - 1].isspace():
            end -= 1
        if end > start:
            yield start, end
        opened = index + 1


def _lines(glyphs: _Glyphs, start: int, end: int) -> Iterator[Line]:
    """What pdfium has for a line, parted where it puts several together."""
    spans = _word_spans(glyphs.characters, start, end)
    opened = 0
    last = spans[0][1]  # a word may begin with the raised number of a footnote
    before, size = glyphs.baseline(last), glyphs.height(last)
    for at, (_, last) in enumerate(spans[1:], start=1):
        baseline = glyphs.baseline(last)
        if abs(baseline - before) > _NEXT_LINE * size:
            taller = max(size, glyphs.height(last))
            if abs(baseline - before) > _NEXT_LINE * taller:
                yield from _line(glyphs, spans[opened:at])
                opened, size = at, taller
        before = baseline
    yield from _line(glyphs, spans[opened:])


def _line(glyphs: _Glyphs, spans: Sequence[_Span]) -> Iterator[Line]:
    characters = glyphs.characters
    start, end = spans[0][0], spans[-1][1] + 1
    # Three words are asked, since a line may begin with the small number of a footnote.
    longest = max(spans, key=lambda span: span[1] - span[0])
    asked = sorted((glyphs.height(first), first) for first, _ in (spans[0], longest, spans[-1]))
    size, at = asked[1]
    if any(characters[index] in _ACCENTS for index in range(start, end)):
        words = _with_accents(glyphs, start, end, size)
    else:
        words = [_word(glyphs, first, last) for first, last in spans]
    if glyphs.turn.quarters:  # pdfium puts the words of turned text in any order
        words.sort(key=lambda word: word.left)
    words = _cleaned(words)
    if words:
        yield Line(tuple(words), glyphs.baseline(at), size, glyphs.is_bold(at))


def _word(glyphs: _Glyphs, first: int, last: int) -> Word:
    left, right = glyphs.edges(first)
    if last > first:
        right = glyphs.edges(last)[1]
    text = "".join(glyphs.characters[first : last + 1])
    if len(text) % 2 == 0 and text[::2] == text[1::2] and _is_printed_twice(glyphs, first):
        text = text[::2]
    return Word(text, left, right)


def _is_printed_twice(glyphs: _Glyphs, index: int) -> bool:
    """Whether the next letter stands on this one, as poor man's bold has it."""
    left, right = glyphs.edges(index)
    return abs(glyphs.edges(index + 1)[0] - left) < 0.3 * max(right - left, 0.1)


def _word_spans(characters: list[str], start: int, end: int) -> list[_Span]:
    """First and last index of each word."""
    found: list[_Span] = []
    opened = start
    for index in range(start, end + 1):
        if index == end or characters[index].isspace():
            if index > opened:
                found.append((opened, index - 1))
            opened = index + 1
    return found


def _with_accents(glyphs: _Glyphs, start: int, end: int, size: float) -> list[Word]:
    """The words with every free-standing accent on the letter below it."""
    characters = glyphs.characters
    edges = {index: glyphs.edges(index) for index in range(start, end) if not characters[index].isspace()}
    marks = [index for index in edges if characters[index] in _ACCENTS]
    letters = {index: characters[index] for index in edges if index not in marks}
    for mark in marks:
        centre = sum(edges[mark]) / 2
        fitting = [
            (abs(centre - sum(edges[index]) / 2), index)
            for index, letter in letters.items()
            if edges[index][0] - 0.05 * size <= centre <= edges[index][1] + 0.05 * size
            and unicodedata.normalize("NFC", letter + _ACCENTS[characters[mark]]) in _ACCENTED
        ]
        if fitting:
            below = min(fitting)[1]
            letters[below] = unicodedata.normalize("NFC", letters[below] + _ACCENTS[characters[mark]])
        else:
            letters[mark] = characters[mark]
    words: list[Word] = []
    text, left, before = "", 0.0, start
    for index in sorted(letters):
        if text and index > before + 1:
            between = characters[before + 1 : index]
            disturbed = any(character in _ACCENTS for character in characters[before : index + 1])
            wide = edges[index][0] - edges[before][1] > _NO_SPACE * size
            if any(character.isspace() for character in between) and (wide or not disturbed):
                words.append(Word(text, left, edges[before][1]))
                text = ""
        left = left if text else edges[index][0]
        text += letters[index]
        before = index
    return [*words, Word(text, left, edges[before][1])] if text else words


def _cleaned(words: list[Word]) -> list[Word]:
    found: list[Word] = []
    for word in words:
        text = _clean(word.text)
        if _DOTS.match(text) and found and _DOTS.match(found[-1].text):
            dots = found.pop()
            word = Word(word.text, dots.left, word.right)
            text = dots.text + text
        if text:
            found.append(Word(text, word.left, word.right))
    return [Word(_LEADERS.sub(" … ", word.text).strip(), word.left, word.right) for word in found]


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_BULLETS)
    if text.endswith(_HYPHEN):
        text = f"{text[:-1]}-"
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
