"""How good the words of an answer are: exact match and token F1 (Rajpurkar et al. 2016, 2018)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from kbassist.errors import InvalidArgumentError

# A number keeps its separators, or "2,5" would equal "25"; everything else is split at punctuation.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_ARTICLES = frozenset({"a", "an", "the"})


def normalise_answer(text: str) -> list[str]:
    """Tokens of an answer as they are compared.

    SQuAD's normalisation (case, punctuation, English articles) with what Polish needs: diacritics
    are kept in composed form and numbers keep their decimal comma, written as a dot.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    tokens = (token.replace(",", ".") for token in _TOKEN.findall(folded))
    return [token for token in tokens if token not in _ARTICLES]


def exact_match(predicted: str, gold: str | Sequence[str]) -> bool:
    """Whether the tokens equal those of any gold answer. See `answer_f1` for what `gold` may be."""
    tokens = normalise_answer(predicted)
    return any(tokens == reference for reference in _references(gold))


def answer_f1(predicted: str, gold: str | Sequence[str]) -> float:
    """Harmonic mean of token precision and recall, the best over the gold answers, 0..1.

    No gold answer, `()` or `""`, means that the question has none: only an empty prediction is then
    right, and it scores 1.
    """
    tokens = normalise_answer(predicted)
    return max(_f1(tokens, reference) for reference in _references(gold))


def _references(gold: str | Sequence[str]) -> list[list[str]]:
    answers = [gold] if isinstance(gold, str) else list(gold)
    if not all(isinstance(answer, str) for answer in answers):
        raise InvalidArgumentError("gold holds something else than text: give a string or a list of strings")
    return [normalise_answer(answer) for answer in answers] or [[]]


def _f1(predicted: list[str], gold: list[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    common = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * common / (len(predicted) + len(gold))
