"""Sections to pieces of at most so many tokens, at the best places to cut."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

from kbassist.passages.numbers import is_number_of
from kbassist.text.outline import Section, has_words
from kbassist.text.sentences import Span, paragraphs, sentences
from kbassist.types import Anchor

TokenCounter = Callable[[Sequence[str]], list[int]]

_CLAUSE = re.compile(r"\S(?:.*?[,;:](?=\s)|.*)", re.DOTALL)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or a part of one that is too long by itself. `start` and `end` are trimmed."""

    start: int
    end: int
    tokens: int
    section: Section


@dataclass(slots=True)
class _Node:
    """A provision (or a plain section) with its own words and the provisions below it."""

    section: Section
    own: list[_Block]
    children: list[_Node] = field(default_factory=list)

    def blocks(self) -> list[_Block]:
        return self.own + [block for child in self.children for block in child.blocks()]


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it is written out."""

    start: int
    end: int
    tokens: int
    headings: tuple[Anchor, ...]
    provisions: tuple[Anchor, ...]


def _tokens(blocks: Iterable[_Block]) -> int:
    return sum(block.tokens for block in blocks)


def _piece(blocks: Sequence[_Block]) -> Piece:
    """The address is the deepest provision that holds all of it."""
    common = blocks[0].section.provisions
    for block in blocks[1:]:
        common = _shared(common, block.section.provisions)
    return Piece(blocks[0].start, blocks[-1].end, _tokens(blocks), blocks[0].section.headings, common)


def _shared(first: tuple[Anchor, ...], second: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    same = takewhile(lambda pair: pair[0] is pair[1], zip(first, second, strict=False))
    return tuple(anchor for anchor, _ in same)


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts `text`, which is in `lang`, into pieces of at most `max_tokens`."""

    text: str
    lang: str
    count_tokens: TokenCounter
    max_tokens: int
    min_tokens: int

    def cut(self, parts: Sequence[Section]) -> list[Piece]:
        nodes = [_Node(section, blocks) for section, blocks in zip(parts, self._blocks(parts), strict=True)]
        groups = groupby(nodes, key=lambda node: (node.section.headings, node.section.provisions[:1]))
        pieces = [piece for _, group in groups for root in _trees(group) for piece in self._pieces(root)]
        return [piece for piece in pieces if has_words(self.text[piece.start : piece.end])]

    def _blocks(self, parts: Sequence[Section]) -> list[list[_Block]]:
        spans = [
            (section.start + start, section.start + end, section)
            for section in parts
            for start, end in paragraphs(self.text[section.start : section.end])
        ]
        counts = self._counts([(start, end) for start, end, _ in spans])
        found: dict[int, list[_Block]] = {id(section): [] for section in parts}
        for (start, end, section), tokens in zip(spans, counts, strict=True):
            found[id(section)].append(_Block(start, end, tokens, section))
        return list(found.values())

    def _counts(self, spans: Sequence[Span]) -> list[int]:
        if not spans:
            return []
        # One word and two tell what a prompt and special tokens cost, which a passage pays only once.
        one, two, *counts = self.count_tokens(["1", "1 1", *(self.text[start:end] for start, end in spans)])
        fixed = max(0, 2 * one - two)
        return [max(1, count - fixed) for count in counts]

    def _pieces(self, node: _Node) -> list[Piece]:
        """A provision stays whole when it fits and no part of it is long enough to stand alone."""
        everything = node.blocks()
        long = [_tokens(child.blocks()) >= self.min_tokens for child in node.children]
        if not any(long) and _tokens(everything) <= self.max_tokens:
            return self._packed(everything)
        pieces: list[Piece] = []
        run = [] if node.children and self._is_bare_marker(node) else list(node.own)
        introduces = _tokens(run) < self.min_tokens
        for child, stands_alone in zip(node.children, long, strict=True):
            if not stands_alone:
                run.extend(child.blocks())
                introduces = False
                continue
            parts = self._pieces(child)
            if run and introduces and _tokens(run) + parts[0].tokens <= self.max_tokens:
                parts[0] = _joined(_piece(run), parts[0])
            else:
                pieces.extend(self._packed(run))
            pieces.extend(parts)
            run = []
        return pieces + self._packed(run)

    def _is_bare_marker(self, node: _Node) -> bool:
        """Whether the provision's own words are nothing but its number ("Art. 12.")."""
        words = "".join(self.text[block.start : block.end] for block in node.own)
        return bool(node.section.provisions) and is_number_of(words, node.section.provisions[-1])

    def _packed(self, blocks: Sequence[_Block]) -> list[Piece]:
        """Fill passages evenly, so that the last one is not a crumb."""
        atoms = list(self._atoms(blocks))
        left = _tokens(atoms)
        target, filled = 0.0, 0
        packs: list[list[_Block]] = []
        for block in atoms:
            fits = bool(packs) and filled + block.tokens <= self.max_tokens
            if fits and (filled < target or self._introduces(packs[-1][-1])):
                packs[-1].append(block)
                filled += block.tokens
            else:
                target = left / math.ceil(left / self.max_tokens) if left else 0.0
                packs.append([block])
                self._pull_introduction(packs)
                filled = _tokens(packs[-1])
            left -= block.tokens
        if len(packs) < 2:
            return [_piece(pack) for pack in packs]
        crumb = _tokens(packs[-1])
        if crumb < self.min_tokens and crumb + _tokens(packs[-2]) <= self.max_tokens:
            packs[-2].extend(packs.pop())
        return [_piece(pack) for pack in packs]

    def _pull_introduction(self, packs: list[list[_Block]]) -> None:
        """An introduction at the end of a full passage goes with what it introduces."""
        if len(packs) < 2 or len(packs[-2]) < 2 or not self._introduces(packs[-2][-1]):
            return
        if packs[-2][-1].tokens + _tokens(packs[-1]) <= self.max_tokens:
            packs[-1].insert(0, packs[-2].pop())

    def _introduces(self, block: _Block) -> bool:
        return self.text[block.end - 1] == ":"

    def _atoms(self, blocks: Iterable[_Block]) -> Iterator[_Block]:
        """Blocks that fit; of a longer one its sentences, of a longer sentence its clauses, then words."""
        for block in blocks:
            if block.tokens <= self.max_tokens:
                yield block
                continue
            inner = sentences(self.text[block.start : block.end], self.lang)
            spans = [(block.start + start, block.start + end) for start, end in inner]
            for pattern in (_CLAUSE, _WORD):
                sizes = zip(spans, self._counts(spans), strict=True)
                spans = [
                    part
                    for span, tokens in sizes
                    for part in ([span] if tokens <= self.max_tokens else self._parts(span, pattern))
                ]
            for span, tokens in zip(spans, self._counts(spans), strict=True):
                yield _Block(*span, tokens, block.section)

    def _parts(self, span: Span, pattern: re.Pattern[str]) -> list[Span]:
        return [match.span() for match in pattern.finditer(self.text, *span)]


def _trees(nodes: Iterable[_Node]) -> list[_Node]:
    """Hang every provision's node under its parent's."""
    roots: list[_Node] = []
    path: list[_Node] = []
    for node in nodes:
        depth = len(node.section.provisions)
        while path and len(path[-1].section.provisions) >= depth:
            path.pop()
        (path[-1].children if path and depth else roots).append(node)
        path.append(node)
    return roots


def _joined(first: Piece, second: Piece) -> Piece:
    provisions = _shared(first.provisions, second.provisions)
    return Piece(first.start, second.end, first.tokens + second.tokens, first.headings, provisions)
