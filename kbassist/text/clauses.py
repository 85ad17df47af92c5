"""The parts of a sentence: what it states, under which conditions, and what is an aside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# A sentence that asks, guesses, gives an example, quotes or tells the past states nothing.
NO_STATEMENT = re.compile(
    r"\?\s*\Z|\b(?:około|ok\.|mniej więcej|średnio|przeciętnie|zwykle|zazwyczaj|najczęściej|na ogół"
    r"|orientacyjnie|szacunkow\w+|np\.|na przykład|przykładowo|przykład:|dawniej"
    r"|poprzednio|kiedyś|było można|można było|niegdyś|do tej pory|dotychczas|do niedawna|jeszcze w|załóżmy"
    r"|(?:wynosi|kosztowa|trwa|obowiązywa|pobiera|rozpatrywa|przysługiwa|oferowa|wysyła|zwraca|przyjmowa"
    r"|wypożycza"
    r"|odpowiada|naprawia|działa|wydłużyl|skrócil|czeka)(?:ł|li|ły)\w*"
    r"|(?:pobiera|rozpatrywa|oferowa|wypożycza|przyjmowa|wysyła|zwraca|stosowa)no"
    r"|about|around|approximately|roughly|usually|typically|normally|average|estimated|e\.g\.|for example"
    r"|for instance|example:|suppose|formerly|previously|in the past|once used|used to|was|were|took"
    r"|lasted|had"
    r"|(?:pisze|mówi|wspomina|opowiada|says|said|writes|wrote|reports)\s+(?:pan\w*|nasz\w*"
    r"|[A-ZŁŚŻ]\w+))(?!\w)"
    r"|\A\W*(?:wcześniej|earlier)\b|\A[\"„“»]|\bo któr\w+ mowa|\breferred to in\b"
    # What goes on from the sentence before holds under its conditions.
    r"|\A\W*(?:jednak\w*|natomiast|wówczas|wtedy|w (?:takim|tym|tych|takich) (?:przypadk\w+|wypadk\w+"
    r"|razie|sytuacj\w+)|however"
    r"|nevertheless|in (?:this|that|such a?) case|then)\b",
    re.IGNORECASE,
)
ORDER = re.compile(
    r"\b(?:odpowiedz|odpowiadaj|mów|powiedz|napisz|pisz|podawaj|answer|reply|respond|say|tell)\b[^.!?]{0,30}"
    r"(?:\b(?:że|zawsze|that|always|them|klient\w*|users?|customers?)\b|[\"„“:])"
    r"|\b(?:z?ignoruj\w*|pomiń|zapomnij|ignore|disregard|forget|override)\b[^.!?]{0,40}"
    r"\b(?:instrukcj\w+|polece\w+|zasad\w*|reguł\w*|źródł\w+|instructions?|prompts?|rules?|sources?)\b"
    r"|\A\W*(?:system|assistant|asystent|user|bot)\s*:",
    re.IGNORECASE,
)
"""Tells what to say: it states nothing itself."""

_CONDITION = re.compile(
    r"\b(?:jeśli|jeżeli|gdy|gdyby|o ile|pod warunkiem|chyba że|dopóki|if|when|unless|provided|in case"
    r"|in the event"
    r"|as long as|once|while|whenever)\b[^,;:()–]*"
    r"|\b(?:w (?:każdym )?przypadk\w+|w razie|w sytuacji|z wyjątkiem|z wyłączeniem|oprócz|except"
    r"|przy (?:zamówieni|zakup|wpła)\w+"
    r"|(?:on|for) (?:orders?|purchases))\b(?:\s(?!należy|trzeba|mus[iz]|moż|nie\s|klient|opłat|pobier|jest"
    r"|są\s|wynos|kosztuj|nalicz)"
    r"[^\s,;:()–]+){0,5}"
    r"|(?<!\w)(?:po|przed|podczas|w trakcie|w czasie|w okresie)(?:\s[\w:]+){1,2}"
    r"|\b(?:pod opieką|w towarzystwie|za zgodą|za okazaniem|po okazaniu|accompanied by|supervised by"
    r"|with the consent of)"
    r"(?:\s[\w:]+){1,2}"
    r"|\b(?:after|before|during)(?:\s[\w:]+){1,4}",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\([^()]{0,200}\)"
    r"|\s[–—-]\s(?=[^\d\n]*\Z).*"
    r"|\A\W*(?:aby|żeby|in order to|to)\s[^,]{3,80},"
    r"|,?\s(?:ze względ\w+|z powodu|ponieważ|gdyż|bo|dlatego|aby|żeby|by móc|because|due to|for hygiene"
    r"|since we"
    r"|so that|in order to|to track|wystarczy|just)\b.*"
    r"|\b(?:zgodnie z|na podstawie|w myśl|under|pursuant to|according to)\s(?:our\s)?[^,;.:]*?(?:\d\w*"
    r"|regulamin\w*|terms"
    r"|ustaw\w+(?:\s\w+){0,4}|law|act|policy)\b",
    re.IGNORECASE | re.DOTALL,
)
# Where a term starts is not what it is about: "14 dni od dnia, w którym paczka dotarła".
STARTING_POINT = re.compile(
    r"\s*,?\s*(?:\w+\s)?(?:licząc od|od|po|from|of|after|since|following)\s"
    r"[^,;.:|]*(?:,\s(?:w któr\w+|gdy|kiedy|in which|on which|when)[^,;.:|]*)?",
    re.IGNORECASE,
)
ORIGIN = re.compile(
    r"\b(?:licząc )?od (?:(?:jej|jego|ich|dnia|daty|momentu|chwili|otrzymania|odbioru|odebrania|dostawy"
    r"|dostarczenia|doręczenia"
    r"|zakupu|złożenia|zgłoszenia|wydania|przyjęcia|zawarcia|skasowania|wpływu|zakończenia"
    r"|zaksięgowania)\b)[^,;.:|]*"
    r"|\b(?:from|of|after|since|following) (?:(?:the|its|your) )?(?:date|day|moment|time|receipt|receiving"
    r"|delivery|purchase|placing"
    r"|ordering|order)\b[^,;.:|]*"
    r"|\b(?:once|when|after|as soon as) we(?:'ve| have)? (?:receive|get|inspect)\w*[^,;.:|]*"
    r"|\A\s*(?:after|once|when|as soon as|po|od)\s[^,;.:|]{3,60},",
    re.IGNORECASE,
)
"""The same, wherever it stands."""
_TRAILING = re.compile(r",\s(?=[a-ząćęłńóśźż]\S*\s\S+\s\S+)[^|]*\Z")
_SPLIT = re.compile(
    r";\s|,\s(?:z wyjątkiem|oprócz|poza|except|natomiast|zaś|ale|lecz|a|i|oraz|albo|whereas|while|but|or"
    r"|and)\s|,\s|\s\|\s"
    r"|\.\s(?=\w)",
    re.IGNORECASE,
)
NEXT_STEP = re.compile(
    r"\W*(?:(?:a|i|and|but)\s)?(?:potem|następnie|później|dodatkowo|plus|kolejn\w+|then|afterwards"
    r"|another)\b",
    re.I,
)
"""What comes on top of what was stated before it."""
_LIST = re.compile(r"\w+(?:,\s\w+){0,8},?\s(?:i|oraz|lub|albo|and|or)\s\w+", re.IGNORECASE)
STATUTE = re.compile(
    r"\b(?:ustaw(?:y|a|ie|ą|ę|ow\w+)|kodeks\w*|dyrektyw\w+|rękojmi\w*|przepis\w*\sprawa|z mocy prawa"
    r"|prawo\s(?:konsumenckie"
    r"|unijne|polskie)|statut(?:e|ory)|by law|under (?:\w+\s)?law|(?:consumer\s\w+\s|consumer\s)(?:act"
    r"|regulations|law|code)"
    r"|directive|legal (?:guarantee|minimum|right))\b",
    re.IGNORECASE,
)
_PERIODS = (
    ("hour", r"za (?:każdą )?godzinę|na godzinę|godzinow\w+|/\s?h\b|(?:per|an|a|each|every) hour|hourly"),
    (
        "day",
        r"za (?:każdą )?(?:dobę|dzień|noc)|dziennie|na dobę|dobow\w+|(?:per|a|each|every) (?:day|night)"
        r"|daily|nightly",
    ),
    ("week", r"tygodniowo|(?:per|a|each|every) week|weekly"),
    ("month", r"miesięczni\w+|na miesiąc|za miesiąc|/\s?(?:mies|m-c)|(?:per|a|each|every) month|monthly"),
    ("year", r"roczni\w+|na rok|za rok|w skali roku|(?:per|a|each|every) year|yearly|annual\w*|p\.a\."),
    ("person", r"od osoby|za osobę|(?:per|a|each) (?:person|user|head|seat)"),
    ("minute", r"za minutę|(?:per|a) minute"),
)
_PERIOD = re.compile(
    "|".join(rf"(?P<{name}>(?<!\w)(?:{words})(?!\w))" for name, words in _PERIODS), re.IGNORECASE
)
_NET = re.compile(
    r"\b(?:netto|excl\w*|excluding|plus vat|bez vat|before tax|net of)\b|\+\s?vat\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clause: its text and whether it says under which condition the rest holds."""

    text: str
    condition: bool = False


def split(sentence: str, verdicts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of the clauses: cut between two verdicts (spans of what is stated), where a mark allows it."""
    cuts = [0]
    for (_, end), (start, _) in pairwise(verdicts):
        mark = _SPLIT.search(sentence, end, start)
        if mark:
            cuts.append(mark.start())
    return list(zip(cuts, [*cuts[1:], len(sentence)], strict=True))


def without_trailing(clause: str, verdict_end: int) -> str:
    """Without what is added after a comma once the clause has said what it states."""
    trailing = _TRAILING.search(clause, verdict_end)
    if trailing is None or _CONDITION.match(clause, trailing.start() + 2):
        return clause
    return clause[: trailing.start()]


def parts(clause: str) -> list[Part]:
    """What a clause says, without its asides, in the order of its text."""
    plain = _ASIDE.sub(" ", clause)
    found: list[Part] = []
    at = 0
    for match in _CONDITION.finditer(plain):
        if plain[at : match.start()].strip():
            found.append(Part(plain[at : match.start()]))
        found.append(Part(match.group(), condition=True))
        at = match.end()
    if plain[at:].strip():
        found.append(Part(plain[at:]))
    return found


def lists(text: str) -> list[str]:
    """The enumerations in it: `"Visa, Mastercard i PayPal"`."""
    return [match.group() for match in _LIST.finditer(text)]


def periods(clause: str) -> frozenset[str]:
    """What a price is for: `"month"`, `"person"`."""
    return frozenset(match.lastgroup for match in _PERIOD.finditer(clause) if match.lastgroup)


def without_periods(clause: str) -> str:
    """Without what a price is for."""
    return _PERIOD.sub(" ", clause)


def is_net(clause: str) -> bool:
    """Whether it gives an amount without tax."""
    return _NET.search(clause) is not None
