"""A question that found too little is asked again in other words, a few times.

A reading of another question is not more sure for being the best of several: its odds of being wrong count
as often as was tried. Of 200 questions of PoQuAD and
SQuAD with one typing error, further tries answered 21 that the first had not, 18 of them rightly; of 299 as
they are and of 300 out of scope they answered none (threshold .5, `benchmarks/policy.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kbassist.assist.dialogue import last_topic
from kbassist.assist.turns import Understood
from kbassist.confidence.calibrator import level_of
from kbassist.index.understanding import CARRIED, Query
from kbassist.protocols import Reading, Retrieval
from kbassist.text.asking import topic_words
from kbassist.text.letters import flat
from kbassist.text.synonyms import Synonyms
from kbassist.types import Confidence, Conflict

MOST_RETRIES = 3
_GAIN = 0.005  # of probability: for less, other words than the customer's are not worth it
_SAME_MEANING = frozenset({"meant", "abbreviations", "synonyms"})
"""They ask the same question as the first try, which could not be read as it was written."""
_MOST_WORDS = 60
"""Words of a question that is asked again in other words."""
_FEW = 4
"""Words of a topic: what has more needs nothing from the turns before."""

Why = Literal["meant", "abbreviations", "synonyms", "subject", "alone", "keywords"]

_ABBREVIATIONS: Mapping[str, Mapping[str, str]] = {
    "pl": {
        "zam": "zamówienie", "fv": "faktura", "fvat": "faktura", "f-ra": "faktura", "tel": "telefon",
        "nr": "numer", "godz": "godziny", "wys": "wysyłka", "przes": "przesyłka", "rekl": "reklamacja",
        "gwar": "gwarancja", "szt": "sztuka", "dok": "dokument", "odb": "odbiór", "zał": "załącznik",
        "mies": "miesiąc", "pobr": "pobranie", "prow": "prowizja", "oproc": "oprocentowanie",
        "pn": "poniedziałek", "wt": "wtorek", "śr": "środa", "czw": "czwartek", "pt": "piątek",
        "sob": "sobota", "niedz": "niedziela", "rozp": "rozporządzenie", "apka": "aplikacja",
        "kasa": "pieniądze", "kasę": "pieniądze", "hajs": "pieniądze", "ustrojstwo": "urządzenie",
    },
    "en": {
        "info": "information", "qty": "quantity", "intl": "international", "acct": "account", "tel": "phone",
        "approx": "approximately", "addr": "address", "pkg": "package", "hrs": "hours", "wk": "week",
        "yr": "year", "govt": "government", "dept": "department", "docs": "documents", "cust": "customer",
        "svc": "service", "cash": "money",
    },
}  # fmt: skip
_WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The question in other words, and why. Read for itself, or (`read_as_asked`) for what was asked."""

    query: Query
    why: Why
    read_as_asked: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a query found, what was read there, and how sure that is."""

    retrieval: Retrieval
    reading: Reading
    confidence: Confidence
    conflict: Conflict | None = None

    @property
    def is_unsure(self) -> bool:
        """Whether it is below its threshold; sources that disagree are no matter of words."""
        return self.conflict is None and self.confidence.probability < self.confidence.threshold


def rewritings(
    understood: Understood,
    history: Sequence[Mapping[str, str]],
    lang: str,
    *,
    synonyms: Synonyms | None,
    meant: Callable[[str], str],
) -> list[Rewriting]:
    """At most `MOST_RETRIES` other ways to ask, the likeliest first; none that asks the same.

    `meant` puts right what was typed wrong.
    """
    text = understood.text
    if len(text.split()) > _MOST_WORDS:
        return []
    spelled = _expanded(meant(text), lang)
    about = topic_words(spelled)
    found = [_changed(understood, spelled, "meant" if meant(text) != text else "abbreviations")]
    found.append(_changed(understood, _with_synonyms(spelled, synonyms), "synonyms"))
    if understood.kind != "message":
        subject = (
            "" if understood.carried or len(about) > _FEW else " ".join(topic_words(last_topic(history))[:6])
        )
        if subject:
            found.append(Rewriting(Query(spelled, subject, CARRIED), "subject"))
        if understood.carried and len(about) > 1:
            found.append(Rewriting(Query(spelled), "alone"))
    whole = " ".join(dict.fromkeys(topic_words(f"{understood.carried} {spelled}")))
    found.append(Rewriting(Query(whole), "keywords", read_as_asked=True))
    seen = {_plain(understood.query.whole), _plain(understood.text) if not understood.carried else ""}
    kept: list[Rewriting] = []
    for each in found:
        plain = _plain(each.query.whole)
        if plain and plain not in seen:
            seen.add(plain)
            kept.append(each)
    return kept[:MOST_RETRIES]


def look_further(
    first: Attempt, others: Sequence[Rewriting], read: Callable[[Rewriting], Attempt]
) -> tuple[Attempt, tuple[str, ...]]:
    """The best of the first attempt and those by other words, and the words that were tried.

    It ends with the first that reaches the threshold.
    """
    best, tried = first, []
    meanings = 1
    for each in others:
        attempt = read(each)
        tried.append(each.query.whole)
        meanings += each.why not in _SAME_MEANING
        attempt = replace(attempt, confidence=_after(attempt.confidence, meanings))
        gained = attempt.confidence.probability - best.confidence.probability
        if attempt.reading.citations and gained > _GAIN:
            best = attempt
        if best.confidence.probability >= best.confidence.threshold:
            break
    return best, tuple(tried)


def put_right(text: str, meant: Mapping[str, Sequence[str]]) -> str:
    """With the likeliest correction of every word that has one."""
    return _WORD.sub(lambda word: meant.get(word[0].lower(), (word[0],))[0], text) if meant else text


def _after(confidence: Confidence, tries: int) -> Confidence:
    """The confidence in the best of several tries, each of which may look right by chance."""
    wrong = (1 - confidence.probability) * tries
    probability = confidence.probability / (confidence.probability + wrong) if confidence.probability else 0.0
    return replace(confidence, probability=probability, level=level_of(probability))


def _changed(understood: Understood, text: str, why: Why) -> Rewriting:
    return Rewriting(replace(understood, text=text).query, why)


def _expanded(text: str, lang: str) -> str:
    known = _ABBREVIATIONS["pl" if lang == "pl" else "en"]
    return _WORD.sub(lambda word: known.get(word[0].lower(), word[0]), text)


def _with_synonyms(text: str, synonyms: Synonyms | None) -> str:
    """With the first other word of its group for each word that has one."""
    if synonyms is None:
        return text
    others = synonyms.words(text)
    return _WORD.sub(lambda word: (others.get(word[0].lower()) or (word[0],))[0], text)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(flat(text).lower()))
