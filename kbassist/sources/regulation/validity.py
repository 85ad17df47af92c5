"""From when until when a document says that it is in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kbassist.text.addresses import Mention, parse_addresses
from kbassist.text.sentences import sentences
from kbassist.types import Record

_POLISH_MONTHS = "sty lut mar kwi maj cze lip sie wrz paź lis gru"
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {
    name: number
    for names in (_ENGLISH_MONTHS, _POLISH_MONTHS)
    for number, name in enumerate(names.split(), start=1)
}

_DAY = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[.\-/]\d{1,2}[.\-/]\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[^\W\d_]{3,12}\s+\d{4}|[A-Z][a-z]{2,8}\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
)
_DATE = rf"(?P<date>{_DAY})"
_SUBJECT = (
    r"\b(?:regulamin|polityk|statut|ogólne warunki|warunki|zasady|cennik|taryfa|ustawa|rozporządzenie"
    r"|zarządzenie|uchwała|dokument|tekst jednolity"
    r"|terms|policy|agreement|regulation|conditions|price list|document)"
    r"\w*\b[^.;]{0,80}?\b"
)
_ON = (
    r"(?:od|z dniem|dnia|w dniu|z dn\.|from|on|as of|since)\s*(?:dnia\s+|the\s+)?"
    r"(?:(?:publikacji|opublikowania|podpisania|ogłoszenia|wydania)[^.;\d]{0,30}?"
    r"(?:tj\.|czyli|to jest)\s*(?:od\s+(?:dnia\s+)?)?)?"
)
_OTHER = re.compile(
    r"poprzedni|dotychczasow|archiwaln|wcześniejsz|zmian\w* (?:\w+ ){0,3}(?:wchodz|obowiąz)"
    r"|previous|earlier version|amendments? (?:\w+ )?takes?",
    re.IGNORECASE,
)


def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


_SINCE = rf"(?:\s+{_ON}{_DAY}(?:\s*(?:r\.|roku))?)?"

_FROM = _patterns(
    rf"{_SUBJECT}(?:(?:obowiązuj\w+|stosuje się|ważn[ayei]\w*)\s+{_ON}"
    rf"|(?:wchodz\w+|wszed\w+|weszł\w+) w życie\s+(?:{_ON})?){_DATE}",
    rf"{_SUBJECT}(?:(?:is|are|shall be|becomes?) effective|appl(?:y|ies)|takes? effect"
    rf"|(?:comes?|enters?|shall enter|came) into (?:force|effect))\s+{_ON}{_DATE}",
    r"(?:^\W*(?:wersja\s+)?|[•|]\s*)(?:obowiązuj\w+\s+(?:od|z dniem)|data (?:wejścia w życie|obowiązywania)"
    r"|wchodzi w życie|w brzmieniu obowiązującym od|effective(?: date| as of| from)?|valid from"
    rf"|in force (?:from|since))\s*:?\s*(?:dnia\s+|z dniem\s+)?{_DATE}",
)
_UNTIL = _patterns(
    rf"{_SUBJECT}(?:obowiązuj\w+|obowiązywał\w*|ważn[ayei]\w*){_SINCE}[^.;]{{0,40}}?\bdo\s+(?:dnia\s+)?{_DATE}",
    rf"^\W*obowiązuj\w+{_SINCE}[^.;]{{0,40}}?\bdo\s+(?:dnia\s+)?{_DATE}",
    rf"{_SUBJECT}(?:(?:is|are) valid|appl(?:y|ies)|(?:is|are|remains?) in force){_SINCE}[^.;]{{0,40}}?"
    rf"\b(?:until|till|to)\s+{_DATE}",
    rf"{_SUBJECT}traci moc z upływem dnia\s+{_DATE}",
)
_REPEALED = _patterns(
    rf"{_SUBJECT}traci moc (?:z dniem|dnia|od dnia)\s+{_DATE}",
    rf"{_SUBJECT}(?:is|are|shall be) repealed (?:on|from|with effect from)\s+{_DATE}",
)
_CHANGED = re.compile(
    rf"(?:w brzmieniu|obowiązuj\w+|zmienion\w+|dodan\w+|uchylon\w+|wchodz\w+ w życie|traci\w* moc|stosuje się"
    rf"|as amended|amended|repealed|effective|applies|appl(?:y|ies))[^.;\d]{{0,60}}?(?:{_ON}){_DATE}",
    re.IGNORECASE,
)
_MOST_CHANGED = 20
_OPENING = 200
_OWN_NUMBER = re.compile(
    r"^\W*(?:(?:(?:§|Art\.?|Artykuł|Article|Section)\s*)?\(?(?!(?i:art|ust|pkt|par)\.)\w{1,4}[.)]\s*)+(?=\s|[A-ZŁŚŻ])"
)
_WORTH_READING = re.compile(
    r"obowiąz|ważn|brzmieni|zmienion|uchylon|stosuje się|w życie|traci moc"
    r"|effective|force|effect|valid|appl|repeal",
    re.IGNORECASE,
)


def validity(text: str) -> tuple[date | None, date | None]:
    """The first and the last day on which `text` says that it holds itself; None where it does not say.

    Only statements about the document count ("Regulamin obowiązuje od …"), not those about a
    promotion, an earlier version or an amendment.
    """
    starts: date | None = None
    ends: date | None = None
    for _, sentence in _candidates(text):
        starts = starts or _first(_FROM, sentence)
        ends = ends or _first(_UNTIL, sentence)
        repealed = None if ends else _first(_REPEALED, sentence)
        if repealed is not None:
            ends = repealed - timedelta(days=1)
    return starts, ends if ends is None or starts is None or ends >= starts else None


def parse_date(text: str) -> date | None:
    """`2026-01-31`, `31.01.2026`, `31 stycznia 2026`, `January 31, 2026`; None for anything else."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    word = re.search(r"[^\W\d_]{3,}", re.sub(r"\d(?:st|nd|rd|th)\b|\bof\b", "", text))
    if word is not None:
        month = _MONTHS.get(word.group()[:3].lower())
        parts = (numbers[-1], month, numbers[0]) if len(numbers) == 2 and month else None
    elif len(numbers) == 3:
        parts = (
            (numbers[0], numbers[1], numbers[2]) if numbers[0] > 31 else (numbers[2], numbers[1], numbers[0])
        )
    else:
        parts = None
    if parts is None:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Amendment(Record):
    """A provision that the text says was changed, added or repealed on a day; `start` is where it says so."""

    start: int
    address: str
    since: date


def amendments(text: str) -> tuple[Amendment, ...]:
    """Changes of single provisions ("§ 5 w brzmieniu obowiązującym od …"). They say nothing of the rest."""
    found: list[Amendment] = []
    for start, sentence in _candidates(text):
        for match in _CHANGED.finditer(sentence):
            since = parse_date(match["date"])
            if since is not None:
                found += [
                    Amendment(start, str(mention.address), since)
                    for mention in _provisions(sentence[: match.start()])[-_MOST_CHANGED:]
                ]
    return tuple(dict.fromkeys(found))


def _candidates(text: str) -> Iterator[tuple[int, str]]:
    for start, end in sentences(text):
        sentence = text[start:end]
        if len(sentence) >= 600 or not _WORTH_READING.search(sentence):
            continue
        # A document may well begin by saying that it is an old one.
        if _OTHER.search(
            sentence if start > _OPENING else re.sub("archiwaln", "", sentence, flags=re.IGNORECASE)
        ):
            continue
        yield start, " ".join(_OWN_NUMBER.sub("", sentence).split())


def _first(patterns: tuple[re.Pattern[str], ...], sentence: str) -> date | None:
    """The date of the first pattern that is found, unless it is said of a provision."""
    for pattern in patterns:
        match = pattern.search(sentence)
        if match is not None:
            return None if _provisions(sentence[: match.start("date")]) else parse_date(match["date"])
    return None


def _provisions(text: str) -> list[Mention]:
    return [
        mention for mention in parse_addresses(text) if mention.address.root in ("art", "§", "pkt", "ust")
    ]
