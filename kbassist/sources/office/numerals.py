"""Counted numbers as they are shown: `1`, `IV`, `ab`, `05`."""

from __future__ import annotations

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 3999
_MOST_LETTERS = 26 * 10


def shown(number: int, style: str) -> str:
    """`style` is `i`, `I`, `a`, `A`, `01`, `1`, or empty for a number that is not shown.

    Letters after `z` double (`aa`, `bb`), as word processors count.
    """
    if style == "":
        return ""
    if style == "01":
        return f"{number:02}"
    written = str(number)
    if style in ("i", "I") and 0 < number <= _MOST_ROMAN:
        written = _roman(number)
    elif style in ("a", "A") and 0 < number <= _MOST_LETTERS:
        written = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    return written.upper() if style in ("I", "A") else written


def _roman(number: int) -> str:
    written = ""
    for value, digits in _ROMAN:
        count, number = divmod(number, value)
        written += digits * count
    return written
