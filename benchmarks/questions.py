"""Questions as hurried people type them: without diacritics, or with one typo.

Everything is a pure function of the question and a seed, so each run types the same mistakes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

_PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
_WORD = re.compile(r"[^\W\d_]{5,}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

# Words of five letters or more that say nothing of what is asked.
_FUNCTION_WORDS = frozenset(
    """
    bardzo będzie czego czemu dlaczego dokąd gdzie innych jakich jakie jakiego jakiej jakim jakimi jeden
    jednak jeśli kiedy kiedyś która które którego której który których którym którymi którzy którą
    między można należy natomiast niego niektóre podczas ponad ponieważ powinien przeciw przed przede
    przez swoje swojego swojej swoją takich takie także tylko według wobec wszystkich wszystkie wśród
    zawsze został została zostało zostały

    about above after again against among because before being below between could doing during every
    having himself itself might other shall should their themselves there these those through under
    until where whether which while whose within without would
    """.split()
)


def without_diacritics(question: str) -> str:
    """Polish letters without their marks: `"złożona"` gives `"zlozona"`."""
    return question.translate(_PLAIN)


def with_typo(question: str, seed: int = 7) -> str:
    """One random edit in one random content word of at least five letters.

    The edit is one of four, each as likely: two letters swapped, one dropped, one doubled, one replaced by
    its neighbour on the keyboard. A question without such a word comes back as it is.
    """
    chance = random.Random(f"{seed}:{question}")
    words = [found for found in _WORD.finditer(question) if found[0].lower() not in _FUNCTION_WORDS]
    if not words:
        return question
    word = chance.choice(words)
    edits = [edit for edit in (_swaps, _drops, _doubles, _neighbours) if any(edit(word[0]))]
    spoilt = chance.choice(list(chance.choice(edits)(word[0])))
    return question[: word.start()] + spoilt + question[word.end() :]


VARIANTS: dict[str, Callable[[str], str]] = {
    "no diacritics": without_diacritics,
    "one typo": with_typo,
}


def _swaps(word: str) -> Iterator[str]:
    for place, (first, second) in enumerate(pairwise(word)):
        if first != second:
            yield word[:place] + second + first + word[place + 2 :]


def _drops(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _doubles(word: str) -> Iterator[str]:
    for place, letter in enumerate(word):
        yield word[:place] + letter + word[place:]


def _neighbours(word: str) -> Iterator[str]:
    for place, letter in enumerate(word):
        for other in _beside(letter):
            yield word[:place] + other + word[place + 1 :]


def _beside(letter: str) -> list[str]:
    """The keys left and right, above and below. A Polish letter is typed with the key of its plain one."""
    plain = without_diacritics(letter).lower()
    row = next((number for number, keys in enumerate(_ROWS) if plain in keys), None)
    if row is None:
        return []
    place = _ROWS[row].index(plain)
    # Each row stands about half a key to the right of the one above it.
    keys = [(row, place - 1), (row, place + 1), (row - 1, place), (row - 1, place + 1)]
    keys += [(row + 1, place - 1), (row + 1, place)]
    found = [_ROWS[r][p] for r, p in keys if 0 <= r < len(_ROWS) and 0 <= p < len(_ROWS[r])]
    return [key.upper() if letter.isupper() else key for key in found]
