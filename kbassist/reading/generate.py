"""Answers in a language model's words, of which only those stay that a passage supports."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

from kbassist.protocols import Analyzer, LanguageModel, Reader, Reading, Retrieval
from kbassist.reading.cited import Cited, cited_sentences
from kbassist.reading.deadline import within
from kbassist.reading.prompts import NO_ANSWER, prompt
from kbassist.reading.questions import expected_type, holds, topic
from kbassist.text.quotes import cite
from kbassist.text.verify import Verifier
from kbassist.types import Citation, Passage

TIMEOUT = 30.0
"""Seconds that a model has for an answer."""

_PASSAGES = 5
_MOST_TOKENS = 3_000  # of passages and instructions; more costs time and does not answer better
_FOR_THE_ANSWER = 400
_STILL_ANSWERS = 0.6  # of what the quotes cover of the question
_FEWEST_WORDS = 4  # shorter sentences do not tell their language

_log = logging.getLogger("kbassist")


@dataclass(frozen=True, slots=True)
class Written:
    """A generated sentence that is supported, and the quotes that support it."""

    text: str
    citations: tuple[Citation, ...]


class GeneratingReader:
    """A `Reader` that words what another one has found.

    The features stay those of the quotes: the confidence is in what was found, not in how it is said.
    Where the
    model fails, is late, says nothing, answers in another language or answers something else, the quotes
    stand.
    """

    def __init__(
        self,
        reader: Reader,
        model: LanguageModel,
        verifier: Verifier,
        analyzer: Analyzer,
        language: Callable[[str], str],
        *,
        timeout: float = TIMEOUT,
    ) -> None:
        self._reader = reader
        self._model = model
        self._verifier = verifier
        self._analyzer = analyzer
        self._language = language
        self._timeout = timeout

    def read(self, retrieval: Retrieval) -> Reading:
        """The supported sentences, or the quotes; `features["generated"]` is 1 for the former."""
        return self.write(retrieval, self._reader.read(retrieval))

    def write(self, retrieval: Retrieval, quoted: Reading) -> Reading:
        """`quoted` in the model's words, or as it is."""
        stream = self.stream(retrieval, quoted)
        while True:
            try:
                next(stream)
            except StopIteration as ended:
                reading: Reading = ended.value
                return reading

    def stream(self, retrieval: Retrieval, quoted: Reading) -> Generator[str, None, Reading]:
        """Yield each supported sentence as it comes; the value at the end is the whole reading.

        Nothing is given before what is there answers the question, so that nothing has to be taken back.
        """
        if not quoted.citations:
            return quoted
        kept: list[Written] = []
        given = checked = 0
        try:
            for sentence, passages in self._generated(retrieval, quoted):
                checked += 1
                written = self._supported(sentence, passages, retrieval)
                if written is None or any(written.text == other.text for other in kept):
                    continue
                kept.append(written)
                if given or self._answers(kept, passages, retrieval, quoted):
                    for ready in kept[given:]:
                        yield ready.text
                    given = len(kept)
        except GeneratorExit:
            raise
        except Exception as error:  # of any model server: the quotes stand, and the answer is not lost
            # Its message may hold the question or a key.
            kind = type(error.__cause__ or error).__name__
            _log.warning("The language model gave no answer, the quotes stand: %s", kind)
        if not given:
            return quoted
        return Reading(
            text=" ".join(written.text for written in kept[:given]),
            citations=tuple(dict.fromkeys(item for written in kept[:given] for item in written.citations)),
            features={**quoted.features, "generated": 1.0, "supported": given / checked},
        )

    def _generated(
        self, retrieval: Retrieval, quoted: Reading
    ) -> Generator[tuple[Cited, Sequence[Passage]], None, None]:
        shown = _to_show(retrieval, quoted)
        room = min(_MOST_TOKENS, self._model.context_tokens - _FOR_THE_ANSWER)
        messages, fitting = prompt(
            retrieval.query, shown, retrieval.lang, budget=room, count_tokens=self._model.count_tokens
        )
        pieces = within(self._timeout, lambda: self._model.complete(messages))
        for sentence in cited_sentences(pieces, retrieval.lang):
            if not NO_ANSWER.match(sentence.text):
                yield sentence, shown[:fitting]

    def _supported(
        self, sentence: Cited, passages: Sequence[Passage], retrieval: Retrieval
    ) -> Written | None:
        """By a passage that it cites, else by another one, which is then the one cited."""
        words = len(sentence.text.split())
        if words >= _FEWEST_WORDS and self._language(sentence.text) != retrieval.lang:
            return None
        cited = [passages[number - 1] for number in sentence.numbers if 0 < number <= len(passages)]
        for passage in (*cited, *(other for other in passages if other not in cited)):
            verdict = self._verifier.verify(sentence.text, passage, retrieval.lang, retrieval.query)
            if verdict.supported:
                return Written(sentence.text, tuple(cite(passage, *span) for span in verdict.spans))
        return None

    def _answers(
        self, kept: Sequence[Written], passages: Sequence[Passage], retrieval: Retrieval, quoted: Reading
    ) -> bool:
        """Whether the sentences say as much about the question as the quotes do, and the kind of thing
        asked.
        """
        kind = expected_type(retrieval.query)
        text = " ".join(written.text for written in kept)
        if holds(quoted.text, kind) and not holds(text, kind):
            return False
        terms = topic(retrieval.terms, self._analyzer)
        titles = {passage.id: (passage.title, *passage.headings) for passage in passages}
        above = [line for written in kept for item in written.citations for line in titles[item.passage_id]]
        here = _mass(f"{text} {' '.join(above)}", terms, self._analyzer)
        beside = [line for item in quoted.citations for line in titles.get(item.passage_id, ())]
        return here >= _STILL_ANSWERS * _mass(f"{quoted.text} {' '.join(beside)}", terms, self._analyzer)


def _to_show(retrieval: Retrieval, quoted: Reading) -> list[Passage]:
    """The passages that are quoted, then the best others."""
    by_id = {hit.passage.id: hit.passage for hit in retrieval.hits}
    first = [by_id[item.passage_id] for item in quoted.citations if item.passage_id in by_id]
    return list({passage.id: passage for passage in (*first, *by_id.values())}.values())[:_PASSAGES]


def _mass(text: str, terms: Mapping[str, float], analyzer: Analyzer) -> float:
    seen = frozenset(analyzer(text))
    return sum(idf for term, idf in terms.items() if term in seen)
