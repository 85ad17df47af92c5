"""Text to terms for BM25, in Polish and English at once.

Every word gives two terms: its stem and its lemma. Which language's stemmer and dictionary are used
depends on the word alone, never on the text around it, so a query and a passage always agree: a
word that only the English dictionary knows is English, any other is Polish. Diacritics are folded
away, since many people type without them. Two terms for every word, English or Polish, keep their
weights comparable.

An index holds more: how the word begins, which its relatives share ("reklamacja", "reklamować"); the parts of
"e-mail" and "X-200" joined; addresses of mail and web as they are; measures in one form
(`kbassist.text.measures`). A query counts these less than its words, and words that ask ("ile", "which") less
than those that say about what.

nDCG@10 of BM25 on PoQuAD / without diacritics / statutes / without / SQuAD, 2026-11:

    stem and lemma                .838 / .831 / .899 / .885 / .876
    words that ask count 0.4      .839 / .834 / .903 / .891 / .885
    and beginnings count 0.5      .845 / .843 / .907 / .897 / .889
    and the rest                  .846 / .845 / .906 / .897 / .890

Tried without gain: the word itself as a third term, the stem of the lemma, other words left out or weighed
down ("w", "the": their idf is low enough), numbers in words or Roman ones as numbers, endings after an
apostrophe taken off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from kbassist.text.lexicon import Lexicons
from kbassist.text.measures import measure_terms, word_measure

if TYPE_CHECKING:
    from Stemmer import Stemmer

ANALYSIS = "pl-en-2"
"""The version of the analysis. An index made with another one cannot be searched."""

ASKING_WEIGHT = 0.4
"""What a word of `ASKING` counts in a query."""
SIDE_WEIGHT = 0.5
"""What a term counts in a query that stands beside those of a word: its beginning, or its parts joined."""
MEANT_WEIGHTS = (1.0, 0.3, 0.2)
"""What the words count that may be meant by one that is written wrongly."""

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+(?:[-‐'’.@]\w+)*")
_INSIDE = re.compile(r"[-‐'’.@]")
_TAX_NUMBER = re.compile(r"[a-z]{2}([0-9]{8,28})")
_BEGINNING, _SHORTEST = 6, 5
_LONGEST_JOINED, _LONGEST_KEPT = 32, 100
_STROKE = str.maketrans("łŁđøØ", "lLdoO")
_POLISH = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
_SOFT_HYPHEN = "\u00ad"


def words(text: str) -> list[str]:
    """Lower-case runs of letters, digits and underscores."""
    return _WORD.findall(_plain(text))


def fold(text: str) -> str:
    """Without diacritics: `"złożona"` gives `"zlozona"`."""
    if text.isascii():
        return text
    plain = text.translate(_POLISH)
    if plain.isascii():
        return plain
    decomposed = unicodedata.normalize("NFD", text).translate(_STROKE)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


ASKING = frozenset(
    written
    for word in (
        "czy co czego czemu czym kto kogo komu kim jak jaki jaka jakie jakiego jakiej jakiemu jakich jakim "
        "jakimi jaką jacy który która które którego której któremu których którym którymi którą którzy "
        "kiedy gdzie skąd dokąd ile ilu iloma dlaczego what who whom whose which when where why how does "
        "did do many much"
    ).split()
    for written in (word, fold(word))
)
"""Words that make a question. They are rare in texts that answer, so their idf alone would overrate them."""


class TextAnalyzer:
    """The analyzer of the bundled configuration; an instance is a `kbassist.protocols.Analyzer`.

    Called, it gives the terms of the words alone, by which texts are compared. An index is filled with
    `index_terms` and asked with `query_terms`. Terms of words seen before are kept, some hundred bytes a
    word form.
    """

    def __init__(self, lexicons: Lexicons | None = None) -> None:
        self._lexicons = lexicons or Lexicons()
        self._terms: dict[str, tuple[str, ...]] = {}
        self._indexed: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _stemmers(self) -> tuple[Stemmer, Stemmer]:
        from Stemmer import Stemmer

        return Stemmer("polish"), Stemmer("english")

    def __call__(self, text: str) -> list[str]:
        known = self._terms
        found: list[str] = []
        for word in words(text):
            terms = known.get(word)
            if terms is None:
                terms = known[word] = self._analyse(word)
            found.extend(terms)
        return found

    def word_terms(self, word: str) -> tuple[str, ...]:
        """The terms of one word, as `words` gives it."""
        terms = self._terms.get(word)
        if terms is None:
            terms = self._terms[word] = self._analyse(word)
        return terms

    def index_terms(self, text: str) -> list[str]:
        """Everything that an index holds of a text."""
        plain = _plain(text)
        tokens = _TOKEN.findall(plain)
        known = self._indexed
        found: list[str] = []
        for token in tokens:
            terms = known.get(token)
            if terms is None:
                terms = self._analyse_token(token)
                if len(token) <= _LONGEST_KEPT:
                    known[token] = terms
            found.extend(terms)
        found.extend(measure_terms(plain, tokens))
        return found

    def measures(self, text: str) -> frozenset[str]:
        """The terms of amounts, durations and dates, equal however they are written."""
        return frozenset(term for term in self.index_terms(text) if term.startswith("v:"))

    def query_terms(self, text: str, meant: Mapping[str, Sequence[str]] | None = None) -> dict[str, float]:
        """Each of the terms that `index_terms` gives, with what it counts in a query, above 0 and up to 1.

        `meant` has words that are probably written wrongly, with what may be meant, best first.
        """
        plain = _plain(text)
        tokens = _TOKEN.findall(plain)
        weights: dict[str, float] = {}
        for token in tokens:
            if meant and token in meant:
                self._put_meant(meant[token], weights)
                continue
            asking = ASKING_WEIGHT if token in ASKING else 1.0
            own = {term for word in _INSIDE.split(token) for term in self.word_terms(word)}
            for term in self._analyse_token(token):
                side = SIDE_WEIGHT if term not in own and term.startswith(("s:", "l:", "p:")) else 1.0
                weights[term] = max(asking * side, weights.get(term, 0.0))
        for term in measure_terms(plain, tokens):
            weights[term] = 1.0
        return weights

    def _put_meant(self, candidates: Sequence[str], weights: dict[str, float]) -> None:
        for candidate, weight in zip(candidates, MEANT_WEIGHTS, strict=False):
            for term in self.word_terms(candidate):
                weights[term] = max(weight, weights.get(term, 0.0))
            for term in _beginning(candidate):
                weights[term] = max(weight * SIDE_WEIGHT, weights.get(term, 0.0))

    def spelled(self, query: str) -> list[str]:
        """The words of a query as they are written."""
        return _WORD.findall(unicodedata.normalize("NFKC", query))

    def is_word(self, word: str) -> bool:
        """Whether a lexicon has it, in lower case."""
        return self._lexicons.polish(word) is not None or self._lexicons.english(word) is not None

    def stem_terms(self, folded: Sequence[str]) -> list[tuple[str, ...]]:
        """The two terms of which one is the stem's of each word, as a Polish word and as an English one."""
        polish, english = self._stemmers
        many = list(folded)
        pairs = zip(polish.stemWords(many), english.stemWords(many), strict=True)
        return [(f"s:{one}", f"s:{other}") for one, other in pairs]

    def _analyse_token(self, token: str) -> tuple[str, ...]:
        """The terms of its words, of these joined, and of the whole where it is an address or a code."""
        parts = _INSIDE.split(token)
        terms = [term for part in parts for term in (*self.word_terms(part), *_beginning(part))]
        if len(parts) > 1:
            terms.extend(self._whole(token, parts))
        elif number := _TAX_NUMBER.fullmatch(token):
            terms.append(f"n:{number[1]}")
        elif measure := word_measure(token):
            terms.append(measure)
        return tuple(terms)

    def _whole(self, token: str, parts: list[str]) -> Iterator[str]:
        if len(token) > _LONGEST_KEPT:
            return
        if "@" in token or "." in token:
            whole = fold(token).removeprefix("www.")
            yield f"x:{whole}"
            if "@" in whole:
                yield f"x:{whole.rpartition('@')[2]}"
        elif len(token) <= _LONGEST_JOINED and not all(map(str.isdigit, parts)):
            joined = "".join(parts)
            yield from self.word_terms(joined)
            yield from _beginning(joined)

    def _analyse(self, word: str) -> tuple[str, ...]:
        if not any(char.isalpha() for char in word):
            return (f"n:{word}",)
        polish, english = self._stemmers
        lemma = self._lexicons.polish(word)
        if lemma is None:
            lemma = self._lexicons.english(word)
            if lemma is not None:
                return (f"s:{english.stemWord(fold(word))}", f"l:{fold(lemma)}")
        return (f"s:{polish.stemWord(fold(word))}", f"l:{fold(lemma or word)}")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace(_SOFT_HYPHEN, "")


def _beginning(word: str) -> tuple[str, ...]:
    """Words of one family begin alike; of short ones too many others do."""
    if len(word) < _SHORTEST or not word.isalpha():
        return ()
    return (f"p:{fold(word)[:_BEGINNING]}",)
