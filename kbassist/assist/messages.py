"""The sentences that are not quotes. None of them states a fact about the company."""

from __future__ import annotations

from kbassist.types import Conflict

_TEXTS = {
    "pl": {
        "disclosure": "Odpowiada automatyczny asystent.",
        "nothing_found": "Nie mam na ten temat potwierdzonej informacji. Przekazuję pytanie konsultantowi.",
        "low_confidence": "Nie mam pewnej odpowiedzi na to pytanie. Przekazuję je konsultantowi.",
        "conflict": "Nasze źródła podają różne informacje na ten temat. Przekazuję pytanie konsultantowi.",
        "person_requested": "Łączę z konsultantem i przekazuję mu treść rozmowy.",
        "empty_question": "Nie widzę pytania. W czym możemy pomóc?",
        "greeting": "Dzień dobry,",
        "closing": "Pozdrawiamy",
        "open_part": "W sprawie „{question}” odpowie konsultant.",
        "summary": "Klient pyta: {question}\nPowód przekazania: {reason}\nNajbliższe źródło: {source}",
        "no_source": "brak",
    },
    "en": {
        "disclosure": "This is an automated assistant.",
        "nothing_found": "I have no confirmed answer to this. I am passing your question to a colleague.",
        "low_confidence": "I am not sure of the answer. I am passing your question to a colleague.",
        "conflict": "Our sources disagree about this. I am passing your question to a colleague.",
        "person_requested": "I am connecting you to a colleague and passing on our conversation.",
        "empty_question": "I see no question. How can we help?",
        "greeting": "Hello,",
        "closing": "Kind regards",
        "open_part": "A colleague will answer your question “{question}”.",
        "summary": "The customer asks: {question}\nWhy it is handed over: {reason}\nNearest source: {source}",
        "no_source": "none",
    },
}
_REASONS = {
    "pl": {
        "nothing_found": "baza wiedzy nie zawiera nic na ten temat",
        "low_confidence": "pewność odpowiedzi {percent} % jest poniżej progu {threshold} %",
        "conflict": "źródła podają sprzeczne informacje",
        "person_requested": "klient prosi o rozmowę z człowiekiem",
        "empty_question": "wiadomość nie zawiera pytania",
    },
    "en": {
        "nothing_found": "the knowledge base holds nothing about it",
        "low_confidence": "the confidence of {percent} % is below the threshold of {threshold} %",
        "conflict": "the sources contradict each other",
        "person_requested": "the customer asks for a person",
        "empty_question": "the message holds no question",
    },
}


def message(key: str, lang: str, **values: str) -> str:
    """A text for the customer or the agent; English for any language but Polish."""
    return _TEXTS["pl" if lang == "pl" else "en"][key].format(**values)


def reason_in_words(reason: str, lang: str, *, probability: float, threshold: float) -> str:
    """Why something was handed over, for the person who takes it."""
    return _REASONS["pl" if lang == "pl" else "en"][reason].format(
        percent=round(100 * probability), threshold=round(100 * threshold)
    )


def conflict_in_words(conflict: Conflict) -> str:
    """One line a claim: the value and where it stands."""
    return "\n".join(
        f"{claim.value}: {claim.citation.title} {claim.citation.address}".rstrip()
        for claim in conflict.claims
    )
