"""Running headers and footers: what stands in the margin of page after page is no part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kbassist.sources.pdf_layout import Page
from kbassist.sources.pdf_line import Line

_FEWEST_PAGES = 3
_REPEATED = 0.6
_MARGIN = 0.12
_SAME_PLACE = 3.0  # points
_HIGHEST_HEADER = 3  # rows of a table that is a page's header
_LETTERS = re.compile(r"[^\W\d_]{2}")
_PAGE_NUMBER = re.compile(
    r"(?:\W*(?:strona|str\.|page|s\.|p\.))?\W*\d{1,4}\W*(?:(?:z|of|/)\W*\d{1,4}\W*)?\Z", re.IGNORECASE
)


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Drop headers, footers and page numbers.

    They are lines in the margin that most pages share (figures apart), or that three pages have at
    the same height, as headers that change with the chapter or with left and right pages do, or that
    both of two pages have at the same place. Rows of a table stay, unless all of it is in the margin.
    """
    if len(pages) < 2:
        return list(pages)
    keys = [_keys(page) for page in pages]
    seen = Counter(key for page_keys in keys for key in set(page_keys) if key)
    needed = max(_FEWEST_PAGES, _REPEATED * len(pages))
    numbers = sum(count for key, count in seen.items() if key.endswith("#page"))
    repeated = {
        key
        for key, count in seen.items()
        if count >= needed or (key.endswith("#page") and numbers >= max(2, len(pages) / 2))
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
        found.append("" if body else _key(line.text, "top" if upper or line.y == highest else "bottom"))
    return found


def _key(text: str, edge: str) -> str:
    if _PAGE_NUMBER.match(text):
        return f"{edge}#page"
    return edge + re.sub(r"\d+", "#", text) if _LETTERS.search(text) else ""
