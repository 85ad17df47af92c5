"""Where sentences and paragraphs begin and end, in Polish and English.

Rules instead of a model: they are exact about offsets, fast, and what they know can be read below.
A line break alone is weak evidence (text wrapped at a fixed width has one every eighty characters),
so `paragraphs` first decides which breaks mean something.
"""

from __future__ import annotations

import re
from itertools import pairwise

Span = tuple[int, int]


def _abbreviations(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Something always follows these, so the full stop after them never ends a sentence.
_NEVER_ENDS = {
    "pl": _abbreviations(
        """abp al ang art bp c.d cd cyt czw dł doc dop dot dr ds dyr dz dz.u dz.urz fot gen godz hab hr im inż
        jw kan kard kier kl ks lek lic lit lok łac m m.in m.st maks mar max mec mgr min mies mjr mld mln n.p
        nb nbp niem nr np nt orygin oz par patrz pkt pl płk pn por poz późn ppkt ppłk prof proc prok przyp
        ps red reż rozdz rozp rys ryc s sędz sp st str sygn szer śp śr św t tab tel tj tł tow tys tyt tzn
        tzw ub ul ust v vs wg wł wt ww wyd wym zach zał zarz zm zn zob"""
    ),
    "en": _abbreviations(
        """adm approx appt art attn ave capt cf col dept dr e.g eg fig gen gov hon i.e ie lt mr mrs ms messrs
        mt nos para paras pp pres prof rev sgt st viz vol vs"""
    ),
}
# These may end one: they do when a capital follows that does not begin the name of what is numbered.
_SOMETIMES_ENDS = {
    "pl": _abbreviations(
        "r w ok pt sob niedz gr sek kg itd itp i.in o.o z.o.o s.a j p.n.e n.e br ub.r bm lat pp kc kpc"
    ),
    "en": _abbreviations(
        """a.m p.m am pm inc ltd corp co no etc jr sr sec ed eds al est u.s u.k e.u ph.d
        jan feb mar apr jun jul aug sep sept oct nov dec"""
    ),
}
_NUMBERED_THING = re.compile(r"(?:Nr|nr|Dz|poz|No|Kodeks|Prawo|Ordynacja|Karta)\b")
_MONTH = re.compile(
    r"(?:stycz|lut[ey]|marz?c|kwie|maja?\b|czerw|lip[ce]|sierp|wrze|paździer|listopad|grud"
    r"|dni[ua]?\b|rok|wiek)",
    re.IGNORECASE,
)
_CLOSERS = "\"'”’»)\\]"
# Begun at the first mark of a run only, and never taken back: a run of 50,000 marks costs 50,000 steps.
_STOP = re.compile(rf"(?:(?<![.!?])(?:\.{{2,}}+|[.!?]++)|…)[{_CLOSERS}]*+(?=\s)")
_WORD = re.compile(r"[^\s\"'„“‘«(\[/–—-]*\Z")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,3}\Z")
_NEXT = re.compile(r"\s*([\"'„“‘«(\[–—•*-]*)\s*(\S)")

MARKER = re.compile(
    r"(?:[-–—•*·▪➢✓◦]\s+|\+\s+(?=[^\W\d])"
    r"|\(?\d{1,3}[.)]\s+|\d{1,3}(?:\.\d{1,3})+[.)]?\s+(?=[^\W\d_a-ząćęłńóśźż])"
    r"|\(?[a-ząćęłńóśźż]{1,2}\)\s+|[a-l]\.\s+|\(?[ivxl]{1,6}\)\s+|[ivx]{1,5}\.\s+|[IVXL]{1,6}[.)]\s+"
    r"|§\s*\d|(?:Art\.|Artykuł|Article|Section|Rozdział|Dział|Chapter)\s*[\dIVXL]|#{1,6}\s)"
)
"""A line that starts like this is an item of its own: a bullet, a number, a letter, a provision."""

_LONGEST_MARKER = 16  # without its full stop
_ASIDE = re.compile(r"[–—-]\s+[^\W\dA-Z_]")  # "kredyt\n– należy przez to rozumieć …"
_BULLET = re.compile(r"[-–—•*·]\s")
_BLOCK = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_ROW = re.compile(r"\||\t|\S {3,}\S")
_WIDEST_WRAP = 130
_SHORTEST_WRAPPED = 40


def paragraphs(text: str) -> list[Span]:
    """Spans of the paragraphs of `text`, trimmed; list items, rows and headings are paragraphs too.

    A blank line always ends one. A single line break does unless the text looks wrapped at a fixed
    width there, that is, unless a lower-case word goes on or the next word would not have fitted.
    """
    spans: list[Span] = []
    for block in _BLOCK.finditer(text):
        lines = [line.span() for line in _LINE.finditer(text, *block.span())]
        width = max(end - start for start, end in lines)
        opened = lines[0][0]
        for line, following in pairwise(lines):
            if not _is_wrapped(text, line, following, width):
                spans.append((opened, line[1]))
                opened = following[0]
        spans.append((opened, lines[-1][1]))
    return spans


def sentences(text: str, lang: str = "pl") -> list[Span]:
    """Spans of the sentences of `text`, in order, trimmed, covering everything that is not space.

    `lang` (`"pl"` or `"en"`) chooses the abbreviations. The number or letter that opens a list item
    stays with the item.
    """
    spans: list[Span] = []
    for start, end in paragraphs(text):
        opened = start
        for stop in _STOP.finditer(text, start, end):
            if _ends_sentence(text, opened, stop, lang):
                spans.append((opened, stop.end()))
                opened = _skip_space(text, stop.end())
        spans.append((opened, end))
    return spans


def _skip_space(text: str, at: int) -> int:
    while text[at].isspace():
        at += 1
    return at


def _is_wrapped(text: str, line: Span, following: Span, width: int) -> bool:
    length = line[1] - line[0]
    if not _SHORTEST_WRAPPED <= length <= _WIDEST_WRAP:
        return False
    if MARKER.match(text, *following):
        aside = _ASIDE.match(text, *following) and not _BULLET.match(text, *line)
        return bool(aside) and text[line[1] - 1] not in ".:;!?,"
    if _ROW.search(text, *line) or _ROW.search(text, *following):
        return False
    if text[following[0]].islower() or _word_before(text, line[0], line[1] - 1).lower() in _NEVER_ENDS["pl"]:
        return True
    word = text[following[0] : following[1]].split(maxsplit=1)[0]
    return length >= 60 and length + 1 + len(word) > width and text[line[1] - 1] not in ".:;!?"


def _word_before(text: str, opened: int, at: int) -> str:
    found = _WORD.search(text[max(opened, at - 24) : at])
    return found.group() if found else ""


def _ends_sentence(text: str, opened: int, stop: re.Match[str], lang: str) -> bool:
    following = _NEXT.match(text, stop.end())
    if following is None:
        return False
    opener, first = following.groups()
    if first.islower():
        return False
    mark = stop.group()
    if not mark.startswith(".") or mark.startswith(".."):
        return True

    word = _word_before(text, opened, stop.start())
    so_far = stop.start() - opened
    if so_far <= _LONGEST_MARKER and MARKER.match(text, opened) and " " not in text[opened : stop.start()]:
        return False  # the "1." or "a)." that opens this item
    if word.isdecimal():
        return not _MONTH.match(text, following.start(2))
    lowered = word.lower()
    known = lang if lang in _NEVER_ENDS else "pl"
    after_letter = text[max(opened, stop.start() - 6) : stop.start() - len(word)].rstrip().endswith("lit.")
    if len(word) == 1 and word.isupper() and not after_letter:
        return False  # an initial
    closes = first.isupper() and not opener and not _NUMBERED_THING.match(text, following.start(2))
    if after_letter:
        return closes
    if lowered in _NEVER_ENDS[known]:
        return False
    if lowered in _SOMETIMES_ENDS[known] or len(word) == 1 or _DOTTED.match(word):
        return closes and ")" not in mark
    return True
