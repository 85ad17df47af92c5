"""Text to the token ids of multilingual-e5-small.

SentencePiece's unigram segmentation (Kudo 2018): of all ways to cut a word into pieces of the
vocabulary, the one with the highest sum of log-probabilities, found by Viterbi's algorithm. Pieces
do not reach over spaces, so a text is segmented word by word and the words seen lately are
remembered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal

from kbassist.models.weights import Weights

Role = Literal["query", "passage"]
"""What a text is to the model, which was trained with a prefix for each."""

UNREADABLE = dict.fromkeys((0, *range(0xD800, 0xE000)), " ")
"""What UTF-8 or a C string cannot hold (the zero, halves of surrogate pairs) reads as a space."""

_PREFIXES: dict[Role, str] = {"query": "query: ", "passage": "passage: "}
_SPACE = "▁"
_WORD = re.compile(r"[^\W_]")
_WORDS_REMEMBERED = 1 << 15
_LONGEST_REMEMBERED = 32
# SentencePiece puts an unknown character this much below its least likely piece.
_UNKNOWN_PENALTY = 10.0


class Tokenizer:
    """Gives the ids that the model's published tokenizer gives. Safe to use from several threads."""

    def __init__(self, weights: Weights) -> None:
        pieces, self._scores = weights.vocabulary()
        self._spelled = pieces
        self._specials = weights.specials
        self._pieces = {piece: index for index, piece in enumerate(pieces)}
        self._longest = max(map(len, pieces))
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._replacements = UNREADABLE | weights.replacements()
        self._remembered = lru_cache(_WORDS_REMEMBERED)(self._segment)

    def encode(self, text: str, role: Role, *, limit: int | None = None) -> list[int]:
        """Ids of the role's prefix and the text, between the two that begin and end every text.

        `limit` cuts the text so that there are no more ids than that.
        """
        ids = self._ids(_PREFIXES[role] + text)
        content = list(ids) if limit is None else list(islice(ids, limit - 2))
        return [self._specials.begin, *content, self._specials.end]

    def own(self, ids: Sequence[int], role: Role) -> slice:
        """Where the text's own tokens stand in what `encode` gives: without prefix and special tokens."""
        return slice(1 + len(list(self._ids(_PREFIXES[role].rstrip()))), len(ids) - 1)

    def rarity(self, ids: Sequence[int]) -> list[float]:
        """Of each token, minus the log-probability of its piece; 0 where the piece is only punctuation."""
        return [-self._scores[each] if _WORD.search(self._spelled[each]) else 0.0 for each in ids]

    def _ids(self, text: str) -> Iterator[int]:
        for word in self._words(text):
            yield from (self._remembered if len(word) <= _LONGEST_REMEMBERED else self._segment)(word)

    def _words(self, text: str) -> Iterator[str]:
        # The table replaces single characters; composing first joins a letter and its loose accent,
        # as PDF files have them, into the one letter that the vocabulary knows.
        words = unicodedata.normalize("NFC", text).translate(self._replacements).split(" ")
        last = len(words) - 1
        return (_SPACE + word for place, word in enumerate(words) if word or place == last)

    def _segment(self, word: str) -> tuple[int, ...]:
        """Viterbi. Neighbouring characters outside the vocabulary make one unknown token."""
        unknown = self._specials.unknown
        best = [0.0] + [float("-inf")] * len(word)
        arrived: list[tuple[int, int]] = [(0, unknown)] * (len(word) + 1)
        for start in range(len(word)):
            reached = best[start]
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                piece = self._pieces.get(word[start:end])
                if piece is not None and reached + self._scores[piece] > best[end]:
                    best[end] = reached + self._scores[piece]
                    arrived[end] = (start, piece)
            if reached + self._unknown_score > best[start + 1]:
                best[start + 1] = reached + self._unknown_score
                arrived[start + 1] = (start, unknown)
        ids: list[int] = []
        end = len(word)
        while end:
            end, piece = arrived[end]
            if piece != unknown or not ids or ids[-1] != unknown:
                ids.append(piece)
        return tuple(reversed(ids))
