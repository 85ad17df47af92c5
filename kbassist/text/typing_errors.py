"""Words one typing error away from a word, and how likely each error is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MARKED = str.maketrans("ąćęłńóśźż", "acelnoszz")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _keyboard() -> Mapping[str, frozenset[str]]:
    """The keys around each key; every row stands half a key to the right of the one above it."""
    places = {key: (row, at + row / 2) for row, keys in enumerate(_ROWS) for at, key in enumerate(keys)}
    return MappingProxyType(
        {
            key: frozenset(
                other
                for other, (line, along) in places.items()
                if other != key and abs(line - row) <= 1 and abs(along - at) <= 1
            )
            for key, (row, at) in places.items()
        }
    )


_NEAR = _keyboard()
SLIP, USUAL, RARE, FIRST = 0.0, 0.1, 0.5, 0.8
"""What an error costs: a slip of the fingers, a usual one, a rare one, and one in the first letter."""


def typing_errors(word: str) -> list[tuple[str, float]]:
    """Every word from which one error makes `word`, with its cost, and none twice.

    Errors are a letter too few, too many, mistaken for another, or two exchanged (Damerau, "A technique for
    computer detection and correction of spelling errors", CACM 1964). Letters that come in have no marks.
    """
    plain = word.translate(_MARKED)
    made: dict[str, float] = {}
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        first = FIRST if at == 0 else 0.0
        for letter in LETTERS:
            _keep(made, before + letter + after, first or USUAL)
        if not after:
            continue
        rest, near = after[1:], _NEAR.get(plain[at], frozenset())
        beside = plain[max(0, at - 1) : at] + plain[at + 1 : at + 2]
        slipped = plain[at] in beside or not near.isdisjoint(beside)
        _keep(made, before + rest, first or (SLIP if slipped else RARE))
        for letter in LETTERS:
            _keep(made, before + letter + rest, first or (USUAL if letter in near else RARE))
        if rest:
            _keep(made, before + rest[0] + after[0] + rest[1:], SLIP)
    made.pop(word, None)
    return list(made.items())


def _keep(made: dict[str, float], word: str, cost: float) -> None:
    known = made.get(word)
    if known is None or cost < known:
        made[word] = cost
