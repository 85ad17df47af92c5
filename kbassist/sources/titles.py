"""A title for a text that brings none."""

from __future__ import annotations

from pathlib import PurePosixPath

_LONGEST = 120


def title_of(text: str, identifier: str) -> str:
    """Its first line, where that is short and no sentence; else the name of its file."""
    first = text.strip().split("\n", 1)[0].strip("#=* \t")
    is_title = 0 < len(first) <= _LONGEST and not first.endswith((".", ",", ";"))
    return first if is_title else PurePosixPath(identifier).stem
