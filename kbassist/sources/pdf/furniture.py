"""Running headers and footers: what stands in the margin of page after page is no part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kbassist.sources.pdf.layout import Page
from kbassist.sources.pdf.line import Line

_FEWEST_PAGES = 3
_REPEATED = 0.6
_NUMBERED_PAGES = 0.3  # chapters may begin without
_MARGIN = 0.12
_SAME_PLACE = 3.0  # points
_HIGHEST_HEADER = 3  # rows of a table that is a page's header
_NUMBERED = "#page"
_LETTERS = re.compile(r"[^\W\d_]{2}")
_PAGE_NUMBER = re.compile(
    r"(?:\W*(?:strona|str\.|page|s\.|p\.))?\W*(\d{1,4})\W*(?:(?:z|of|/)\W*\d{1,4}\W*)?\Z", re.IGNORECASE
)


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Drop headers, footers and page numbers.

    They are lines in the margin that most pages share (figures apart), or that three pages have at
    the same height, as headers that change with the chapter or with left and right pages do, or that
    both of two pages have at the same place. Rows of a table stay, unless all of it is in the margin;
    so do two pages that are copies of each other.
    """
    if len(pages) < 2 or (len(pages) == 2 and _are_copies(*pages)):
        return list(pages)
    keys = [_keys(page) for page in pages]
    seen = Counter(key for page_keys in keys for key in set(page_keys) if key)
    needed = max(_FEWEST_PAGES, _REPEATED * len(pages))
    repeated = {
        key for key, count in seen.items() if count >= needed or _numbers_pages(key, seen, len(pages))
    }
    where: dict[tuple[str, int, int], list[int]] = {}
    for page, page_keys in zip(pages, keys, strict=True):
        for place in {_place(line, key) for line, key in zip(page.lines, page_keys, strict=True) if key}:
            where.setdefault(place, []).append(page.number)
    running = {place for place, numbers_of in where.items() if _is_running(numbers_of, len(pages))}
    return [
        replace(
            page,
            lines=tuple(
                line
                for line, key in zip(page.lines, page_keys, strict=True)
                if key not in repeated and _place(line, key) not in running
            ),
        )
        for page, page_keys in zip(pages, keys, strict=True)
    ]


def _numbers_pages(key: str, seen: Counter[str], pages: int) -> bool:
    """Whether lines of this key hold a number that is as far from the page's own on most pages."""
    if _NUMBERED not in key:
        return False
    edges = [other for other in seen if other.endswith(key[key.index(_NUMBERED) :])]
    return sum(seen[other] for other in edges) >= max(2, _NUMBERED_PAGES * pages)


def _are_copies(first: Page, second: Page) -> bool:
    texts = {line.text for line in first.lines}
    return sum(line.text in texts for line in second.lines) > 0.5 * len(second.lines)


def _is_running(numbers: Sequence[int], pages: int) -> bool:
    """Whether most of the pages, counted from 1, have another next to them or next but one."""
    if pages == 2:
        return len(numbers) == 2
    near = sum(
        1 for number in numbers if not {number - 2, number - 1, number + 1, number + 2}.isdisjoint(numbers)
    )
    return len(numbers) >= _FEWEST_PAGES and near >= 0.75 * len(numbers)


def _place(line: Line, key: str) -> tuple[str, int, int]:
    return key, round(line.y / _SAME_PLACE), round(line.size * 2)


def _keys(page: Page) -> list[str]:
    """For each line what it has in common with those of other pages; empty for the body's lines."""
    margin = _MARGIN * (page.top - page.bottom)
    rows = Counter(line.table for line in page.lines)
    baselines = [line.y for line in page.lines]
    highest, lowest = max(baselines, default=0.0), min(baselines, default=0.0)
    alone = {y for y, count in Counter(round(y) for y in baselines).items() if count == 1}
    found: list[str] = []
    for line in page.lines:
        outermost = line.y in (highest, lowest) and round(line.y) in alone and not line.table
        upper = line.y > page.top - margin
        in_margin = upper or line.y < page.bottom + margin or outermost
        body = not in_margin or (line.table and rows[line.table] > _HIGHEST_HEADER)
        edge = "top" if upper or line.y == highest else "bottom"
        key = "" if body else _key(line.text, page.number)
        found.append(edge + key if key else "")
    return found


def _key(text: str, page: int) -> str:
    match = _PAGE_NUMBER.match(text)
    if match:
        return f"{_NUMBERED}{int(match[1]) - page}"
    return re.sub(r"\d+", "#", text) if _LETTERS.search(text) else ""
