"""The sentences that are not quotes. None of them states a fact about the company."""

from __future__ import annotations

from collections.abc import Sequence

_TEXTS = {
    "pl": {
        "disclosure": "Odpowiada automatyczny asystent.",
        "nothing_found": "Nie mam na ten temat potwierdzonej informacji. Przekazuję pytanie konsultantowi.",
        "low_confidence": "Nie mam pewnej odpowiedzi na to pytanie. Przekazuję je konsultantowi.",
        "conflict": "Nasze źródła podają różne informacje na ten temat. Przekazuję pytanie konsultantowi.",
        "person_requested": "Łączę z konsultantem i przekazuję mu treść rozmowy.",
        "unhelpful": "Przykro mi, że to nie pomogło. Przekazuję pytanie i treść rozmowy konsultantowi.",
        "not_clarified": "Wolę nie zgadywać. Przekazuję pytanie i treść rozmowy konsultantowi.",
        "too_many_questions": "Na to pytanie odpowie konsultant.",
        "empty_question": "Nie widzę pytania. W czym możemy pomóc?",
        "greeting_only": "Dzień dobry, w czym możemy pomóc?",
        "thanks": "Dziękujemy za wiadomość. Czy możemy jeszcze w czymś pomóc?",
        "whether_bot": "Tak, odpowiada automatyczny asystent. W czym możemy pomóc?",
        "greeting": "Dzień dobry,",
        "closing": "Pozdrawiamy",
        "open_part": "W sprawie „{question}” odpowie konsultant.",
        "ask_back_part": "W sprawie „{question}” prosimy o doprecyzowanie. {clarification}",
        "more_parts": "Na dalsze pytania z tej wiadomości odpowie konsultant.",
        "summary": "Klient pyta: {question}\nPowód przekazania: {reason}\nNajbliższe źródło: {source}",
        "no_source": "brak",
        "tone": "ton: {signs}",
        "about": "{question} (w sprawie: {topic})",
        "suggest_topic": "Czy chodzi o „{topic}”?",
        "suggest_detail": "Czego dokładnie dotyczy sprawa?",
        "suggest_unhelpful": "Czego zabrakło w odpowiedzi?",
        "sources": "Źródła:",
    },
    "en": {
        "disclosure": "This is an automated assistant.",
        "nothing_found": "I have no confirmed answer to this. I am passing your question to a colleague.",
        "low_confidence": "I am not sure of the answer. I am passing your question to a colleague.",
        "conflict": "Our sources disagree about this. I am passing your question to a colleague.",
        "person_requested": "I am connecting you to a colleague and passing on our conversation.",
        "unhelpful": "I am sorry that this did not help. I am passing our conversation to a colleague.",
        "not_clarified": "I would rather not guess. I am passing our conversation to a colleague.",
        "too_many_questions": "A colleague will answer this question.",
        "empty_question": "I see no question. How can we help?",
        "greeting_only": "Hello, how can we help?",
        "thanks": "Thank you for your message. Is there anything else that we can help with?",
        "whether_bot": "Yes, this is an automated assistant. How can we help?",
        "greeting": "Hello,",
        "closing": "Kind regards",
        "open_part": "A colleague will answer your question “{question}”.",
        "ask_back_part": "About “{question}” we need one more detail. {clarification}",
        "more_parts": "A colleague will answer the further questions of this message.",
        "summary": "The customer asks: {question}\nWhy it is handed over: {reason}\nNearest source: {source}",
        "no_source": "none",
        "tone": "tone: {signs}",
        "about": "{question} (about: {topic})",
        "suggest_topic": "Is this about “{topic}”?",
        "suggest_detail": "What exactly is this about?",
        "suggest_unhelpful": "What was missing in the answer?",
        "sources": "Sources:",
    },
}
_REASONS = {
    "pl": {
        "nothing_found": "baza wiedzy nie zawiera nic na ten temat",
        "low_confidence": "pewność odpowiedzi {percent} % jest poniżej progu {threshold} %",
        "conflict": "źródła podają sprzeczne informacje",
        "person_requested": "klient prosi o rozmowę z człowiekiem",
        "unhelpful": "odpowiedź bota nie pomogła klientowi",
        "not_clarified": "dopytywanie nie wyjaśniło, o co chodzi",
        "too_many_questions": "wiadomość zawiera więcej pytań, niż bot odpowiada naraz",
        "empty_question": "wiadomość nie zawiera pytania",
    },
    "en": {
        "nothing_found": "the knowledge base holds nothing about it",
        "low_confidence": "the confidence of {percent} % is below the threshold of {threshold} %",
        "conflict": "the sources contradict each other",
        "person_requested": "the customer asks for a person",
        "unhelpful": "the bot's answer did not help the customer",
        "not_clarified": "asking back did not make clear what is meant",
        "too_many_questions": "the message holds more questions than the bot answers at once",
        "empty_question": "the message holds no question",
    },
}
_SIGNS = {
    "pl": {"anger": "zdenerwowanie", "urgent": "sprawa pilna", "legal": "zapowiedź kroków prawnych"},
    "en": {"anger": "angry", "urgent": "urgent", "legal": "legal steps announced"},
}


def message(key: str, lang: str, **values: str) -> str:
    """A text for the customer or the agent; English for any language but Polish."""
    return _TEXTS[_known(lang)][key].format(**values)


def reason_in_words(reason: str, lang: str, *, probability: float, threshold: float) -> str:
    """Why something was handed over, for the person who takes it."""
    return _REASONS[_known(lang)][reason].format(
        percent=round(100 * probability), threshold=round(100 * threshold)
    )


def signs_in_words(signs: Sequence[str], lang: str) -> str:
    """The customer's tone, for the person who takes over; empty when there is nothing to say."""
    words = ", ".join(_SIGNS[_known(lang)][sign] for sign in signs)
    return message("tone", lang, signs=words) if words else ""


def is_ours(text: str) -> bool:
    """Whether it is one of these sentences, which say nothing of what a conversation is about."""
    return any(text.strip() == ours for texts in _TEXTS.values() for ours in texts.values())


def _known(lang: str) -> str:
    return "pl" if lang == "pl" else "en"
