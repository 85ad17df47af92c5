"""Links to words of a web page: text fragments (https://wicg.github.io/scroll-to-text-fragment/)."""

from __future__ import annotations

import re
from urllib.parse import quote

_MARKER = re.compile(r"(?:[-–—•*·▪➢]|§?\s?\(?\w{1,4}[.)])\s+")
_FEWEST = 3
_MOST = 8


def text_fragment(text: str) -> str:
    """What follows `#` in a link to the first words of `text`: `:~:text=Zwrot%20kosztów…`.

    The words of one line only, because browsers do not match an opening across blocks, and without the bullet
    or number of a list, which a page counts by itself. Empty when no line has enough words.
    """
    for line in text.split("\n"):
        marker = _MARKER.match(line.lstrip())
        words = (line.lstrip()[marker.end() :] if marker else line).split()
        if len(words) >= _FEWEST:
            # Hyphens and commas have a meaning in the directive; `quote` leaves the hyphen as it is.
            return ":~:text=" + quote(" ".join(words[:_MOST]), safe="").replace("-", "%2D")
    return ""
