"""Words and lines on a PDF page, with where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

_COLUMN_GAP = 1.3  # of the font's height: a space in justified text is rarely as wide as the font is high


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it begins and ends, in points from the left."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side. Lengths are in points; `y` is the baseline, counted from the bottom.

    `size` is the font's height. `table` numbers the table of which the line is a row, from 1. A line
    that is `aside` runs another way than the page's text, so its place says nothing.
    """

    words: tuple[Word, ...]
    y: float
    size: float
    is_bold: bool = False
    table: int = 0
    is_aside: bool = False
    text: str = field(init=False)
    left: float = field(init=False)
    right: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(word.text for word in self.words))
        object.__setattr__(self, "left", self.words[0].left)
        object.__setattr__(self, "right", max(word.right for word in self.words))

    @property
    def is_row(self) -> bool:
        """Whether gaps too wide for a space set the words apart."""
        if self.table:
            return True
        gaps = self.gaps[1:] if len(self.words[0].text) < 4 else self.gaps  # a bullet may stand far off
        widest = max(gaps, default=0.0)
        return widest > _COLUMN_GAP * self.size and widest > self.widest_space

    @property
    def gaps(self) -> list[float]:
        """Between the words."""
        return [after.left - before.right for before, after in pairwise(self.words)]

    @property
    def widest_space(self) -> float:
        """A gap up to here is a space. Where justified text has a wide space, all of the line are wide;
        figures in a row are another matter.
        """
        gaps = self.gaps
        figures = sum(1 for word in self.words if any(map(str.isdigit, word.text)))
        if len(gaps) < 3 or 2 * figures >= len(self.words):
            return 0.0
        return min(1.6 * median(gaps), 2.5 * self.size)
