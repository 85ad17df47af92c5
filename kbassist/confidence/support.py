"""Is a text that somebody else wrote supported by what was found?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kbassist.confidence.calibrator import level_of
from kbassist.protocols import Analyzer, Retrieval
from kbassist.text.analysis import ASKING
from kbassist.text.sentences import sentences
from kbassist.text.verify import Verdict, Verifier
from kbassist.types import Confidence, Hit

_CONTRADICTED = 0.1
_UNSUPPORTED = 0.4
_SUPPORTED = 0.9
_MOST_SENTENCES = 30
_MOST_REASONS = 5
_LONGEST_SHOWN = 80

_TEXTS = {
    "pl": {
        "empty": "Odpowiedź nie zawiera żadnego zdania.",
        "unsupported": "Żadne źródło nie potwierdza zdania „{sentence}”.",
        "missing": "Źródła nie wspominają o: {missing} („{sentence}”).",
        "value": "Źródło nie podaje wartości: {missing} („{sentence}”).",
        "negation": "Źródło mówi coś przeciwnego niż „{sentence}”.",
        "modality": "Źródło inaczej mówi o tym, co można, a co trzeba: „{sentence}”.",
        "quantifier": "Źródło mówi o innym zakresie (wszystko, tylko, zwykle): „{sentence}”.",
        "limit": "Źródło podaje inną granicę (co najmniej, najwyżej, ponad): „{sentence}”.",
        "order": "Źródło inaczej mówi o kolejności lub kierunku: „{sentence}”.",
        "condition": "Źródło podaje inny warunek lub wyjątek niż zdanie: „{sentence}”.",
        "roles": "Według źródła kto inny to robi albo czego innego to dotyczy: „{sentence}”.",
        "mixed": "Zdanie łączy to, co źródło mówi o różnych rzeczach: „{sentence}”.",
    },
    "en": {
        "empty": "The answer holds no sentence.",
        "unsupported": "No source supports the sentence “{sentence}”.",
        "missing": "The sources do not mention {missing} (“{sentence}”).",
        "value": "The source does not give the value {missing} (“{sentence}”).",
        "negation": "The source says the opposite of “{sentence}”.",
        "modality": "The source differs in what may be and what must be: “{sentence}”.",
        "quantifier": "The source speaks of another scope (all, only, usually): “{sentence}”.",
        "limit": "The source gives another limit (at least, at most, over): “{sentence}”.",
        "order": "The source differs in order or direction: “{sentence}”.",
        "condition": "The source has another condition or exception than the sentence: “{sentence}”.",
        "roles": "In the source somebody else does it, or it is about something else: “{sentence}”.",
        "mixed": "The sentence joins what the source says of different things: “{sentence}”.",
    },
}


def support(
    asked: Confidence,
    retrieval: Retrieval,
    answer: str,
    hits: Sequence[Hit],
    verifier: Verifier,
    analyzer: Analyzer,
    lang: str,
) -> Confidence:
    """What the passages found say of `answer`, in `lang`, to the question that `retrieval` was for.

    `asked` is the confidence in the question itself. Each sentence is checked as a generated one would
    be. One that a passage contradicts makes the probability `_CONTRADICTED` at most, one that none supports
    `_UNSUPPORTED` at most, times the share of its words that was found. Where all are supported it is
    `_SUPPORTED` times the share of the question that they cover, or that of `asked` when it is higher: what
    stands in a source may still answer something else. It is a bound, not a calibrated probability:
    `calibration` says so.

    Signals: `support` is the share of the weakest sentence that was found (1 where all are supported),
    `supported` and `contradicted` are shares of the sentences, `to_the_question` the share of the question,
    `values_supported` is 0 where a value is not in the sources.
    """
    found = list(_verdicts(retrieval.query, answer, hits, verifier, lang))
    texts = _TEXTS["pl" if lang == "pl" else "en"]
    verdicts = [verdict for _, verdict in found]
    contradicted = [verdict for verdict in verdicts if verdict.contradicted]
    weakest = min((1.0 if verdict.supported else verdict.covered for verdict in verdicts), default=0.0)
    related = _related(answer, retrieval, hits, analyzer)
    probability = max(asked.probability, _SUPPORTED * related)
    if contradicted:
        probability = min(probability * weakest, _CONTRADICTED)
    elif not verdicts or not all(verdict.supported for verdict in verdicts):
        probability = min(probability, _UNSUPPORTED) * weakest
    told = [_in_words(sentence, verdict, texts) for sentence, verdict in found if not verdict.supported]
    count = max(1, len(verdicts))
    signals = {
        "support": weakest,
        "supported": sum(verdict.supported for verdict in verdicts) / count,
        "contradicted": len(contradicted) / count,
        "to_the_question": related,
        "values_supported": float(not any(verdict.fault == "value" for verdict in verdicts)),
    }
    return replace(
        asked,
        probability=probability,
        level=level_of(probability),
        signals={**asked.signals, **signals},
        calibration=f"{asked.calibration}, bounded by support",
        reasons=(*(told or ([] if verdicts else [texts["empty"]])), *asked.reasons)[:_MOST_REASONS],
    )


def _related(answer: str, retrieval: Retrieval, hits: Sequence[Hit], analyzer: Analyzer) -> float:
    """The share of what the question's words weigh that stands in the answer or above the best passage."""
    asking = frozenset(analyzer(" ".join(ASKING)))
    terms = {term: idf for term, idf in retrieval.terms.items() if term not in asking}
    above = (hits[0].passage.title, *hits[0].passage.headings) if hits else ()
    seen = frozenset(analyzer(" ".join((answer, *above))))
    total = sum(terms.values())
    return sum(idf for term, idf in terms.items() if term in seen) / total if total else 0.0


def _verdicts(
    question: str, answer: str, hits: Sequence[Hit], verifier: Verifier, lang: str
) -> Iterator[tuple[str, Verdict]]:
    """Each sentence with what the passage nearest to it says of it."""
    passages = list({hit.passage.id: hit.passage for hit in hits}.values())
    for start, end in sentences(answer, lang)[:_MOST_SENTENCES]:
        sentence = answer[start:end]
        verdicts = [verifier.verify(sentence, passage, lang, question) for passage in passages]
        best = max(
            verdicts,
            key=lambda verdict: (verdict.supported, verdict.covered, verdict.contradicted),
            default=Verdict("unsupported", 0.0),
        )
        yield sentence, best


def _in_words(sentence: str, verdict: Verdict, texts: dict[str, str]) -> str:
    shown = " ".join(sentence.split())
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN].rsplit(' ', 1)[0]} …"
    named = verdict.fault == "unsupported" and verdict.missing and verdict.covered > 0
    missing = ", ".join(dict.fromkeys(verdict.missing[:3]))
    return texts["missing" if named else verdict.fault].format(sentence=shown, missing=missing)
