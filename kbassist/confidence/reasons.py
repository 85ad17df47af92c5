"""What speaks against an answer, in words.

Told is only what can be checked by looking: the strongest first, at most three. A reason does not change the
probability; the signals that it is made from have done that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from kbassist.protocols import Analyzer, Reading, Retrieval
from kbassist.text.analysis import fold, words
from kbassist.text.asking import topic_words
from kbassist.types import Conflict, Hit

MOST = 3
OLD = timedelta(days=3 * 365)

_LOOKED_AT = 5  # hits in which a word is looked for
_TELLING = 0.7  # of the rarest word's idf: commoner ones say little about the topic
_COVERED = 0.95  # of what the words weigh: a hit that has so much of them lacks none
_NEAR = 0.97  # of the best score: hits that are hardly worse
_UNLIKE = 0.12  # Jaccard of two passages' terms: less in common than passages about one thing have
_FAMILY = 6  # letters by which words of one family begin alike
_LONGEST_VALUE = 60  # characters of what a side of a conflict says
_SHORT, _LONG = 3, 40  # words: fewer say too little, more too much

_TEXTS = {
    "pl": {
        "nothing": "W bazie wiedzy nie znaleziono nic na ten temat.",
        "conflict": "Źródła podają różne informacje: {values}.",
        "ruled": "Źródła różnią się między sobą; rozstrzygnęła reguła pierwszeństwa.",
        "missing": "Nie znaleziono nic o „{word}”.",
        "wordless": "W znalezionych fragmentach nie ma słowa „{word}”.",
        "unquoted": "Zacytowany fragment nie wspomina o „{word}”.",
        "money": "Pytanie jest o kwotę, a zacytowany fragment żadnej nie podaje.",
        "number": "Pytanie jest o liczbę, a zacytowany fragment żadnej nie podaje.",
        "time": "Pytanie jest o czas lub termin, a zacytowany fragment żadnego nie podaje.",
        "person": "Pytanie jest o osobę, a zacytowany fragment nikogo nie wymienia.",
        "place": "Pytanie jest o miejsce, a zacytowany fragment żadnego nie wymienia.",
        "old": "Jedyne źródło jest z dnia {day}.",
        "apart": "Najlepsze fragmenty dotyczą różnych spraw: „{one}” i „{other}”.",
        "short": "Pytanie mówi za mało, żeby było jasne, o co chodzi.",
        "long": "Pytanie jest długie i nie wiadomo, która jego część jest najważniejsza.",
        "stale": "Pewność jest oszacowana zastępczo: kalibracja tej bazy jest nieaktualna.",
    },
    "en": {
        "nothing": "Nothing about this was found in the knowledge base.",
        "conflict": "The sources disagree: {values}.",
        "ruled": "The sources differ from one another; a rule of precedence decided.",
        "missing": "Nothing was found about “{word}”.",
        "wordless": "The passages found do not have the word “{word}”.",
        "unquoted": "The passage quoted does not mention “{word}”.",
        "money": "The question asks for an amount, and the passage quoted names none.",
        "number": "The question asks for a number, and the passage quoted names none.",
        "time": "The question asks for a time or a date, and the passage quoted names none.",
        "person": "The question asks for a person, and the passage quoted names nobody.",
        "place": "The question asks for a place, and the passage quoted names none.",
        "old": "The only source is from {day}.",
        "apart": "The best passages are about different things: “{one}” and “{other}”.",
        "short": "The question says too little to make clear what is meant.",
        "long": "The question is long, and it is not clear which part of it matters most.",
        "stale": "The confidence is a stand-in: this knowledge base's calibration is stale.",
    },
}
_TYPES = ("money", "number", "time", "person", "place")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What bears on an answer beside what was found and read.

    `expected` is the type of answer that the question asks for; `dated` tells the day that a document is
    from, None where nobody knows; `stale` is whether the calibrator that should be used cannot be.
    """

    expected: str = "other"
    conflict: Conflict | None = None
    dated: Callable[[str], date | None] | None = None
    today: date | None = None
    stale: bool = False


def reasons(
    retrieval: Retrieval, reading: Reading, analyzer: Analyzer, circumstances: Circumstances
) -> tuple[str, ...]:
    """Sentences in the question's language."""
    texts = _TEXTS["pl" if retrieval.lang == "pl" else "en"]
    if not reading.citations:
        return (texts["nothing"],)
    found = sorted(_found(retrieval, reading, analyzer, circumstances), key=lambda reason: -reason[0])
    return tuple(texts[key].format(**values) for _, key, values in found[:MOST])


_Reason = tuple[float, str, dict[str, str]]
"""How strongly it speaks against the answer, which text says it, and what the text names."""


def _found(
    retrieval: Retrieval, reading: Reading, analyzer: Analyzer, circumstances: Circumstances
) -> Iterator[_Reason]:
    conflict = circumstances.conflict
    if conflict is not None:
        values = ", ".join(dict.fromkeys(_short(claim.value) for claim in conflict.claims))
        yield (0.95, "conflict", {"values": values}) if conflict.resolution is None else (0.3, "ruled", {})
    yield from _missing(retrieval, reading, analyzer)
    if circumstances.expected in _TYPES and reading.features.get("type_found") == 0:
        yield 0.7, circumstances.expected, {}
    yield from _apart(retrieval, analyzer)
    if len(words(retrieval.query)) < _SHORT and len(topic_words(retrieval.query)) < 2:
        yield 0.4, "short", {}
    elif len(words(retrieval.query)) > _LONG:
        yield 0.35, "long", {}
    yield from _old(retrieval, reading, circumstances)
    if circumstances.stale:
        yield 0.2, "stale", {}


def _short(value: str) -> str:
    """A value as it is; of a whole sentence its beginning, without the full stop."""
    if len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE].rsplit(' ', 1)[0]} …"
    return f"„{value.rstrip('.')}”" if " " in value.strip() and value[:1].isupper() else value


def _missing(retrieval: Retrieval, reading: Reading, analyzer: Analyzer) -> Iterator[_Reason]:
    """The rarest word of the question that no hit has; or else the rarest name that the quotes lack.

    A source in another language is found by meaning, and the words of the question are not to be expected.
    """
    hits = retrieval.hits[:_LOOKED_AT]
    best = hits[0]
    if best.passage.lang != retrieval.lang or best.parts.get("coverage", 0.0) >= _COVERED:
        return
    weighed = _weighed(retrieval, analyzer)
    rarest = max((weight for weight, _ in weighed), default=0.0)
    telling = [(weight, word) for weight, word in weighed if weight >= _TELLING * rarest > 0]
    shown = _Words(analyzer, "\n".join(map(_seen, hits)))
    for weight, word in telling:
        if not shown.have(word):
            key = "missing" if _is_name(word, retrieval.query) else "wordless"
            yield 0.6 + 0.3 * weight / rarest, key, {"word": word}
            return
    cited = {citation.passage_id for citation in reading.citations}
    above = [" ".join((h.passage.title, *h.passage.headings)) for h in hits if h.passage.id in cited]
    quoted = _Words(analyzer, "\n".join((*above, *(citation.quote for citation in reading.citations))))
    for weight, word in telling:
        if _is_name(word, retrieval.query) and not quoted.have(word):
            yield 0.2 + 0.3 * weight / rarest, "unquoted", {"word": word}
            return


def _is_name(word: str, query: str) -> bool:
    """By its capital or its digits; a capital at the beginning says nothing."""
    return any(map(str.isdigit, word)) or (
        word[:1].isupper() and not query.lstrip("\"'„“( ").startswith(word)
    )


def _weighed(retrieval: Retrieval, analyzer: Analyzer) -> list[tuple[float, str]]:
    """The words that say what is asked about, as typed, with their idf, the rarest first.

    A word that was searched for in another spelling than the one typed weighs nothing.
    """
    typed = {word.casefold(): word for word in retrieval.query.replace("?", " ").split()}
    weighed = []
    for word in dict.fromkeys(topic_words(retrieval.query)):
        idf = [retrieval.terms[term] for term in analyzer(word) if term in retrieval.terms]
        if idf and not word.isdigit():
            weighed.append((min(idf), typed.get(word, word)))
    return sorted(weighed, key=lambda pair: (-pair[0], pair[1]))


class _Words:
    """The words of a text, in whatever form."""

    def __init__(self, analyzer: Analyzer, text: str) -> None:
        self._analyzer = analyzer
        self._terms = frozenset(analyzer(text))
        self._text = text

    def have(self, word: str) -> bool:
        if not self._terms.isdisjoint(self._analyzer(word)):
            return True
        family = fold(word.casefold())
        return len(family) >= _FAMILY and family[:_FAMILY] in self._families

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset(fold(word)[:_FAMILY] for word in words(self._text))


def _apart(retrieval: Retrieval, analyzer: Analyzer) -> Iterator[_Reason]:
    best = retrieval.hits[0]
    rival = next((hit for hit in retrieval.hits if hit.passage.document_id != best.passage.document_id), None)
    if rival is None or rival.score < _NEAR * best.score:
        return
    one, other = (frozenset(analyzer(hit.passage.text)) for hit in (best, rival))
    if len(one & other) < _UNLIKE * len(one | other) and _named(best) != _named(rival):
        yield 0.5, "apart", {"one": _named(best), "other": _named(rival)}


def _old(retrieval: Retrieval, reading: Reading, circumstances: Circumstances) -> Iterator[_Reason]:
    """A regulation is in force until it is repealed, however old it is."""
    kinds = {hit.passage.document_id: hit.passage.kind for hit in retrieval.hits}
    cited = {citation.document_id for citation in reading.citations}
    if circumstances.dated is None or circumstances.today is None or len(cited) != 1:
        return
    document_id = cited.pop()
    if kinds.get(document_id) == "regulation":
        return
    day = circumstances.dated(document_id)
    if day is not None and circumstances.today - day > OLD:
        yield 0.45, "old", {"day": day.isoformat()}


def _seen(hit: Hit) -> str:
    return "\n".join((hit.passage.title, *hit.passage.headings, hit.passage.text))


def _named(hit: Hit) -> str:
    passage = hit.passage
    return passage.headings[-1] if passage.headings else passage.title or passage.document_id
