"""What repeats around the text of a site's pages: boxes and footers that no single page gives away.

A *line* is what stands between line breaks; its key is a short hash of its words. Lines are counted near the
head and the tail of each page, by language and by folder of the site, because each has a template of its own.
Only runs of such lines that reach a page's head or tail are taken away: what repeats in the middle of a page
is content.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from kbassist.types import Anchor, Document

_LEAST_PAGES = 6  # of a language or folder: fewer say nothing about a template
_LEAST_REPEATS = 4
_SITE_SHARE = 0.25  # of a language's pages
_FOLDER_SHARE = 0.5
_EDGE = 40  # lines at either end of a page
_GAP = 2  # own lines, such as a date, that may stand inside what repeats
_GAP_LINE = 60  # characters of such a line
_FORGET_EVERY = 1000  # pages
_FORGET_SHARE = 0.02  # well below any share that counts


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    key: str
    heading: bool

    @property
    def short(self) -> bool:
        return self.end - self.start <= _GAP_LINE


class _Template:
    """Counts the lines of one language or folder, and forgets what is rare, so that memory has a bound."""

    def __init__(self) -> None:
        self._pages = 0
        self._counts: Counter[str] = Counter()

    def add(self, keys: Iterable[str]) -> None:
        self._pages += 1
        self._counts.update(keys)
        if self._pages % _FORGET_EVERY == 0:
            rare = self._pages * _FORGET_SHARE
            self._counts = Counter({key: count for key, count in self._counts.items() if count > rare})

    def repeated(self, share: float) -> Iterator[str]:
        if self._pages < _LEAST_PAGES:
            return
        least = max(_LEAST_REPEATS, share * self._pages)
        yield from (key for key, count in self._counts.items() if count >= least)


def repeated_lines(documents: Iterable[Document]) -> frozenset[str]:
    """The keys of the lines that repeat around the text of these pages; none for fewer than six pages.

    Reads each document once. A line repeats when it stands near the head or the tail of a quarter of the
    pages in its language or of half of those in its folder, and of four at least.
    """
    languages: dict[str, _Template] = {}
    folders: dict[tuple[str, str], _Template] = {}
    for document in documents:
        lines = _lines(document)
        edge = min(_EDGE, (len(lines) + 1) // 2)
        keys = {line.key for line in (*lines[:edge], *lines[len(lines) - edge :])}
        languages.setdefault(document.lang or "", _Template()).add(keys)
        folders.setdefault((document.lang or "", _folder(document)), _Template()).add(keys)
    found = {key for template in languages.values() for key in template.repeated(_SITE_SHARE)}
    found.update(key for template in folders.values() for key in template.repeated(_FOLDER_SHARE))
    return frozenset(found)


def keepers(documents: Iterable[Document], lines: frozenset[str]) -> dict[str, frozenset[str]]:
    """Which document keeps which lines, by document id: each line stays on the first page that has it.

    Depends on their order. Reads each document once.
    """
    found: dict[str, frozenset[str]] = {}
    placed: set[str] = set()
    for document in documents:
        own = _lines(document)
        new = {own[at].key for at in _around(own, document.text, lines)} - placed
        if new:
            found[document.id] = frozenset(new)
            placed |= new
    return found


def without_lines(document: Document, lines: frozenset[str], *, keep: Collection[str] = ()) -> Document:
    """The document without the runs of `lines` at its head and its tail, and its anchors moved along.

    Lines whose keys are in `keep` stay (see `keepers`). Nothing is taken out of a list or a table, from
    under a heading that stays, or after a line that announces it with a colon. A page of which nothing would
    be left comes back as it is.
    """
    own = _lines(document)
    around = _around(own, document.text, lines)
    gone = {at for at in around if own[at].key not in keep}
    return document if len(around) == len(own) else _without(document, own, gone)


def without_copies(document: Document, copied: Callable[[str], bool]) -> Document:
    """The document without the lines of which `copied` says so, wherever they stand; anchors move along.

    A page of which nothing would be left comes back as it is.
    """
    own = _lines(document)
    gone = {at for at, line in enumerate(own) if copied(document.text[line.start : line.end])}
    return document if len(gone) == len(own) else _without(document, own, gone)


def _without(document: Document, own: list[_Line], gone: Collection[int]) -> Document:
    if not gone:
        return document
    text, shifts = _joined(own, gone, document.text)
    anchors = tuple(
        replace(anchor, start=anchor.start + shifts[at])
        for anchor, at in _placed(document.anchors, own)
        if at not in gone
    )
    return replace(document, text=text, anchors=anchors)


def _lines(document: Document) -> list[_Line]:
    """The lines that hold anything, in order."""
    headings = iter(sorted(anchor.start for anchor in document.anchors if anchor.kind == "heading"))
    heading = next(headings, None)
    found = []
    start = 0
    for piece in document.text.split("\n"):
        end = start + len(piece)
        headed = False
        while heading is not None and heading < end:
            headed, heading = headed or heading >= start, next(headings, None)
        if piece and not piece.isspace():
            found.append(_Line(start, end, _key(piece), headed))
        start = end + 1
    return found


def _key(line: str) -> str:
    words = " ".join(line.strip(" -•·|").lower().split())
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _folder(document: Document) -> str:
    """The first part of the address of a page."""
    host_and_path = urlsplit(document.uri or document.id)
    parts = host_and_path.path.strip("/").split("/")
    return parts[0] if len(parts) > 1 else ""


def _around(own: list[_Line], text: str, lines: frozenset[str]) -> set[int]:
    """The places, in `own`, of what repeats at the head and at the tail."""
    repeats = [line.key in lines for line in own]
    head = _run(own, repeats)
    tail = [len(own) - 1 - at for at in _run(own[::-1], repeats[::-1])]
    return {*_spare_head(own, head, text), *_spare_tail(own, tail, text)}


def _run(own: list[_Line], repeats: list[bool]) -> list[int]:
    """The repeated lines from the first on, over short gaps that more than one repeated line follows."""
    found: list[int] = []
    behind: list[int] = []  # a gap
    gap = 0
    for at, line in enumerate(own):
        if repeats[at]:
            behind.append(at)
            if not gap or len(behind) > 1:
                found += behind
                behind, gap = [], 0
        elif behind or not found or line.heading or not line.short or gap == _GAP:
            break
        else:
            gap += 1
    return found


def _spare_head(own: list[_Line], run: list[int], text: str) -> list[int]:
    """The run without its last lines where what follows belongs to them."""
    while run and run[-1] + 1 < len(own):
        last, following = own[run[-1]], own[run[-1] + 1]
        leads = (last.heading and not following.heading) or text[last.end - 1] == ":"
        if not leads and not _in_one_group(last, following, text):
            break
        run = run[:-1]
    return run


def _spare_tail(own: list[_Line], run: list[int], text: str) -> list[int]:
    """The run, from the last line back, without its first lines where they belong to what stands before."""
    while run and run[-1]:
        before, first = own[run[-1] - 1], own[run[-1]]
        if before.heading and not first.heading:  # the section of a heading that stays
            following = [place for place, at in enumerate(run) if own[at].heading]
            run = run[: following[-1] + 1] if following else []
        elif text[before.end - 1] == ":" or _in_one_group(before, first, text):
            run = run[:-1]
        else:
            break
    return run


def _in_one_group(line: _Line, following: _Line, text: str) -> bool:
    """Whether two lines stand in one list or table."""
    return text[line.end : following.start] == "\n"


def _joined(own: list[_Line], gone: Collection[int], text: str) -> tuple[str, dict[int, int]]:
    """The text of the lines that stay, and by how much each of them moved."""
    parts: list[str] = []
    shifts: dict[int, int] = {}
    size = 0
    before: int | None = None
    for at, line in enumerate(own):
        if at in gone:
            continue
        if before is not None:
            apart = text[own[before].end : line.start] if before == at - 1 else "\n\n"
            parts.append(apart)
            size += len(apart)
        shifts[at] = size - line.start
        parts.append(text[line.start : line.end])
        size += line.end - line.start
        before = at
    return "".join(parts), shifts


def _placed(anchors: Iterable[Anchor], own: list[_Line]) -> Iterator[tuple[Anchor, int]]:
    """Each anchor with the line that it stands in; one behind the last line stands in that."""
    starts = [line.start for line in own]
    for anchor in anchors:
        yield anchor, max(bisect_right(starts, anchor.start) - 1, 0)
