"""Why a passage has its score: its parts one by one, the words that were found, and the same in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbassist.index.diversity import REPEAT
from kbassist.index.features import QueryWords
from kbassist.index.provisions import begins, holds, provision_terms
from kbassist.index.retriever import HybridRetriever
from kbassist.index.understanding import Query
from kbassist.protocols import IndexReader
from kbassist.text.addresses import parse_addresses
from kbassist.text.asking import topic_words
from kbassist.types import Explanation, ExplanationPart, Hit, Passage, PassageFilter

LISTED = 100
"""Hits among which the passage is looked for."""
LEAST = 0.005
"""A contribution that is told: a smaller one is 0.00."""

_WORD = re.compile(r"\w+")
_NAMES = {
    "pl": {
        "lexical": "słowa (BM25)",
        "semantic": "zgodność znaczeniowa",
        "coverage": "słowa pytania w tekście lub nagłówkach",
        "context": "słowa pytania w tytule i nagłówkach",
        "together": "słowa pytania blisko siebie",
        "pairs": "sąsiednie słowa pytania obok siebie",
        "exact": "słowa w tej samej formie",
        "names": "nazwy, liczby i kody",
    },
    "en": {
        "lexical": "words (BM25)",
        "semantic": "closeness in meaning",
        "coverage": "words of the query in text or headings",
        "context": "words of the query in title and headings",
        "together": "words of the query close together",
        "pairs": "neighbouring words of the query side by side",
        "exact": "words in the same form",
        "names": "names, numbers and codes",
    },
}
_PHRASES = {
    "pl": {
        "score": "Wynik",
        "assumed": " (przyjęta, bo fragment nie ma jeszcze wektora)",
        "found": "znaleziono:",
        "as": "jako",
        "missing": "nie znaleziono:",
        "address": "wyżej, bo zawiera",
        "provision": "przepis, o który pytano",
        "repeated": "niżej, bo lepszych fragmentów tego samego dokumentu jest",
        "rank": "miejsce na liście:",
        "unlisted": f"poza pierwszymi {LISTED} wynikami",
        "alternate": "pokazany jako inne miejsce tego samego tekstu",
        "nothing": "nic w nim nie odpowiada pytaniu",
    },
    "en": {
        "score": "Score",
        "assumed": " (assumed: the passage has no vector yet)",
        "found": "found:",
        "as": "as",
        "missing": "not found:",
        "address": "higher, because it holds",
        "provision": "the provision that was asked for",
        "repeated": "lower, because so many passages of the same document are better:",
        "rank": "place in the list:",
        "unlisted": f"not among the first {LISTED} results",
        "alternate": "shown as another place of the same text",
        "nothing": "nothing in it answers the query",
    },
}


def explain(
    retriever: HybridRetriever,
    reader: IndexReader,
    query: Query,
    passage_id: str,
    where: PassageFilter,
    lang: str,
) -> Explanation | None:
    """Told in `lang`, `"pl"` or `"en"`; None for a passage that is not there or that `where` leaves out.

    What was meant by a misspelled word is told only in the form in which this passage has it.
    """
    look = retriever.look_at(reader, query, passage_id, where)
    if look is None:
        return None
    hits = retriever.retrieve(reader, query, where, LISTED, lang=lang).hits
    shown = next((place for place, hit in enumerate(hits) if passage_id in _places(hit)), None)
    is_alternate = shown is not None and hits[shown].passage.id != passage_id
    hit = look.hit if shown is None or is_alternate else hits[shown]
    before = 0 if shown is None or is_alternate else _of_document(hit.passage.document_id, hits[:shown])
    parts = _parts(hit, retriever.weights(hit.parts), before)
    found, missing = _sought(query.text, look.words, hit.passage)
    rank = None if shown is None else shown + 1
    told = _Teller(lang).told(query, hit, rank, is_alternate, found, missing, parts)
    return Explanation(query.text, hit, rank, found, missing, parts, told)


def _places(hit: Hit) -> set[str]:
    return {passage.id for passage in (hit.passage, *hit.alternates)}


def _of_document(document_id: str, hits: Sequence[Hit]) -> int:
    return sum(hit.passage.document_id == document_id for hit in hits)


def _parts(hit: Hit, weights: Mapping[str, float], before: int) -> tuple[ExplanationPart, ...]:
    """Their contributions add up to the hit's score."""
    parts = [
        ExplanationPart(name, hit.parts[name], weight, hit.parts[name] * weight)
        for name, weight in weights.items()
    ]
    parts.sort(key=lambda part: -part.contribution)
    alone = hit.score / REPEAT**before
    grade = hit.parts.get("address", 0.0)
    if grade:
        lift = alone - sum(part.contribution for part in parts)
        parts.append(ExplanationPart("address", grade, lift / grade, lift))
    if before:
        lowered = hit.score - alone
        parts.append(ExplanationPart("repeated", before, lowered / before, lowered))
    return tuple(parts)


def _sought(query: str, asked: QueryWords, passage: Passage) -> tuple[dict[str, str], tuple[str, ...]]:
    """The words found, with the form in which they stand here, and those that are missing."""
    forms = _WORD.findall("\n".join((passage.text, passage.title, *passage.headings)).lower())
    held = asked.matching(forms)
    here: dict[int, list[str]] = {}
    for form in forms:
        for number in held.get(form, ()):
            here.setdefault(number, []).append(form)
    about = set(topic_words(query)) or {word.form for word in asked.words}
    # "14" is not missing where "czternaście dni" stands.
    stated = asked.measures_in(passage.text) > 0
    found: dict[str, str] = {}
    missing = []
    for number, word in enumerate(asked.words):
        if number in here:
            found[word.form] = word.form if word.form in here[number] else here[number][0]
        elif word.form in about and not (stated and word.form[0].isdigit()):
            missing.append(word.form)
    return found, tuple(missing)


class _Teller:
    """Tells an explanation in one language."""

    def __init__(self, lang: str) -> None:
        self._polish = lang != "en"
        self._phrases = _PHRASES["pl" if self._polish else "en"]
        self._names = _NAMES["pl" if self._polish else "en"]

    def told(
        self,
        query: Query,
        hit: Hit,
        rank: int | None,
        is_alternate: bool,
        found: Mapping[str, str],
        missing: Sequence[str],
        parts: Sequence[ExplanationPart],
    ) -> str:
        say = self._phrases
        worth = [self._part(part, hit, query) for part in parts if abs(part.contribution) >= LEAST]
        sentences = [f"{say['score']} {self._number(hit.score)}: {'; '.join(worth) or say['nothing']}"]
        words = []
        if found:
            words.append(f"{say['found']} {', '.join(self._as_here(*each) for each in found.items())}")
        if missing:
            words.append(f"{say['missing']} {', '.join(map(self._quoted, missing))}")
        sentences += ["; ".join(words)] if words else []
        place = say["unlisted"] if rank is None else f"{say['rank']} {rank}"
        sentences.append(f"{place} ({say['alternate']})" if is_alternate else place)
        return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)

    def _part(self, part: ExplanationPart, hit: Hit, query: Query) -> str:
        say = self._phrases
        if part.name == "address":
            return f"{say['address']} {self._provision(query.text, hit.passage)}: {self._signed(part)}"
        if part.name == "repeated":
            return f"{say['repeated']} {round(part.value)}: {self._signed(part)}"
        assumed = say["assumed"] if part.name == "semantic" and "dense" not in hit.parts else ""
        value, weight, contribution = map(self._number, (part.value, part.weight, part.contribution))
        return f"{self._names[part.name]}{assumed} {value} × {weight} = {contribution}"

    def _provision(self, query: str, passage: Passage) -> str:
        """As the query names it."""
        terms = set(provision_terms(passage))
        named = [
            query[mention.start : mention.end].strip(" ,.;?!")
            for mention in parse_addresses(query)
            if not terms.isdisjoint((begins(mention.address), holds(mention.address)))
        ]
        return ", ".join(dict.fromkeys(named)) or passage.address or self._phrases["provision"]

    def _as_here(self, word: str, form: str) -> str:
        if word == form:
            return self._quoted(word)
        return f"{self._quoted(word)} ({self._phrases['as']} {self._quoted(form)})"

    def _quoted(self, word: str) -> str:
        return f"„{word}”" if self._polish else f"“{word}”"

    def _signed(self, part: ExplanationPart) -> str:
        return f"{'+' if part.contribution > 0 else '−'}{self._number(abs(part.contribution))}"

    def _number(self, value: float) -> str:
        plain = f"{value:.2f}"
        return plain.replace(".", ",") if self._polish else plain
