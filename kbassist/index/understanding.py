"""How much each term of a query weighs, by the part that its word plays in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kbassist.text.asking import topic_words

LITTLE = 0.5
"""Of words that only ask or join. nDCG@10 of BM25 with 1 / .5 / .25: PoQuAD .822 / .823 / .819, questions
about the example company .792 / .808 / .812, long messages about it .735 / .762 / .767."""

CARRIED = 0.9
"""Of words that a follow-up takes over. nDCG@10 of BM25 on conversations about the example company with .5 /
.75 / .9: .716 / .774 / .795. Below 1, because a turn may be taken for a follow-up wrongly."""

STORY = 0.3
"""Of words around the questions of a message: .707 without them, .767 with this, .762 with .5."""


class QueryAnalyzer(Protocol):
    """What is asked of a `TextAnalyzer`."""

    def query_terms(self, text: str, meant: Mapping[str, Sequence[str]] | None = None) -> dict[str, float]:
        """Terms with what each counts, above 0 and up to 1. `meant` has other words for some."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: `text` is asked, `around` was said beside it, and its topic weighs `share`.

    `whole` is both, in the order in which they make sense together.
    """

    text: str
    around: str = ""
    share: float = 1.0
    around_first: bool = True

    @property
    def whole(self) -> str:
        parts = (self.around, self.text) if self.around_first else (self.text, self.around)
        return " ".join(filter(None, parts))


def query_weights(
    query: Query, analyzer: QueryAnalyzer, meant: Mapping[str, Sequence[str]] | None = None
) -> dict[str, float]:
    """Weight by term, above 0 and up to 1; `LITTLE` at most where its word does not say what is asked."""
    weights = analyzer.query_terms(query.text, meant)
    about = analyzer.query_terms(" ".join(topic_words(query.text)), meant)
    weights = {term: min(weight, about.get(term, LITTLE)) for term, weight in weights.items()}
    for term, weight in analyzer.query_terms(" ".join(topic_words(query.around))).items():
        weights.setdefault(term, query.share * weight)
    return weights
