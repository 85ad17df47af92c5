"""The act that an address belongs to: "art. 27 **ustawy o prawach konsumenta**", "**RODO** art. 6"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPECIFIC = (
    r"ustaw\w*|kodeks\w*|rozporządz\w+|rozporzadz\w+|dyrektyw\w*|konstytucj\w*|ordynacj\w+|traktat\w*|kart[ay]\b"
    r"|konwencj\w*|protoko\w+|regulation|directive|constitution|treaty|charter|convention"
)
_GENERIC = (
    r"regulamin\w*|polityk\w+|umow\w+|statut\w*|ogólnych warunków|warunków|owu\b|terms|policy|agreement"
)
_SHORT = (
    ("tfeu", r"tfue\b|tfeu\b"),
    ("teu", r"tue\b|teu\b"),
    ("gdpr", r"rodo|gdpr|(?:rozporządzeni\w+|regulation)[^.;]{0,40}2016/679"),
    ("kc", r"k\.\s?c\b\.?|kc\b|kodeks\w* cywiln\w+"),
    ("kpc", r"k\.\s?p\.\s?c\b\.?|kpc\b|kodeks\w* postępowania cywiln\w+"),
    ("kp", r"k\.\s?p\b\.?|kp\b|kodeks\w* pracy"),
    ("kk", r"k\.\s?k\b\.?|kk\b|kodeks\w* karn\w+"),
    ("kpk", r"k\.\s?p\.\s?k\b\.?|kpk\b|kodeks\w* postępowania karn\w+"),
    ("kpa", r"k\.\s?p\.\s?a\b\.?|kpa\b|kodeks\w* postępowania administracyjn\w+"),
    ("ksh", r"k\.\s?s\.\s?h\b\.?|ksh\b|kodeks\w* spółek handlowych"),
)  # fmt: skip
_FULL = {
    "tfeu": ("Traktat o funkcjonowaniu Unii Europejskiej", "Treaty on the Functioning of the European Union"),
    "teu": ("Traktat o Unii Europejskiej", "Treaty on European Union"),
    "gdpr": (
        "RODO GDPR",
        "rozporządzenie Parlamentu Europejskiego i Rady 2016/679 ogólne rozporządzenie o ochronie danych",
        "Regulation 2016/679 of the European Parliament and of the Council",
        "General Data Protection Regulation",
    ),
    "kc": ("kodeks cywilny", "kc"),
    "kpc": ("kodeks postępowania cywilnego", "kpc"),
    "kp": ("kodeks pracy", "kp"),
    "kk": ("kodeks karny", "kk"),
    "kpk": ("kodeks postępowania karnego", "kpk"),
    "kpa": ("kodeks postępowania administracyjnego", "kpa"),
    "ksh": ("kodeks spółek handlowych", "ksh"),
}
_SHORT_NAME = re.compile(
    "|".join(
        rf"(?P<{key}>\b(?:{pattern}))" for key, pattern in sorted(_SHORT, key=lambda item: -len(item[1]))
    ),
    re.IGNORECASE,
)
_REST = (
    r"(?:(?!\s[–-]\s(?-i:[^A-ZŁŚ]))[^.,;:?!()\n„\"]|(?<=\sr)\.(?=\s?(?-i:[a-z–-]))|\((?=(?:UE|EU|WE|EC)\)))*"
)
_AFTER = re.compile(
    rf"[\s,(–-]*(?:(?:tej|niniejsz\w+|the|of|to|w|z)\s+)*(?P<name>(?:{_SPECIFIC}){_REST}|(?P<generic>(?:{_GENERIC}){_REST})"
    r"|(?-i:(?:[A-Z]\w+\s+){1,5}Act\b))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<name>\b(?:{_SPECIFIC})[^.,;:?!\n]{{0,120}}|(?P<generic>\b(?:{_GENERIC})[^.,;:?!\n]{{0,60}}))\W*\Z",
    re.IGNORECASE,
)
_DATED = re.compile(r"\Austaw\w*\s+(?:z\s+dnia\s+[^–-]{8,30})?[–-]\s*", re.IGNORECASE)
# Where a sentence goes on after the name of an act.
_GOES_ON = re.compile(
    r"\s(?:stosuj\w+|może|mogą|nie|jest|są|mówi|stanowi\w*|określa\w*|otrzymuj\w+|wchodz\w+|traci\w*|przysługuj\w+"
    r"|któr\w+|w\s+(?:brzmieniu|terminie|zakresie|przypadku|sprawach)|(?:i|oraz|lub)\s+(?:art|§|ust)"
    r"|shall|appl(?:y|ies)|is|are|may|must|which|where|when)\b",
    re.IGNORECASE,
)
_FARTHEST = 250


@dataclass(frozen=True, slots=True)
class Act:
    """An act as it is named in `text[start:end]`. `names` are its name and what else it is called.

    `generic` acts ("regulaminu") may be any document; others are one particular act.
    """

    start: int
    end: int
    names: tuple[str, ...]
    generic: bool = False

    @property
    def name(self) -> str:
        return self.names[0]


def act_named(text: str, start: int, end: int) -> Act | None:
    """The act named next to the address in `text[start:end]`: right after it, or else right before."""
    after = re.compile(r"[\s,(–-]*(?:(?:of|w|z|the)\s+)*", re.IGNORECASE).match(text, end)
    at = after.end() if after else end
    short = _SHORT_NAME.match(text, at)
    if short:
        return _short(text, short)
    match = _AFTER.match(text, end, end + _FARTHEST)
    if match:
        return _act(text, match, *match.span("name"))
    window = max(0, start - _FARTHEST)
    for short in _SHORT_NAME.finditer(text, window, start):
        if not re.search(r"\w", text[short.end() : start]):
            return _short(text, short)
    match = _BEFORE.search(text, window, start)
    return _act(text, match, *match.span("name")) if match else None


def _short(text: str, match: re.Match[str]) -> Act:
    return Act(*match.span(), (text[slice(*match.span())], *_FULL[match.lastgroup or ""]))


def _act(text: str, match: re.Match[str], start: int, end: int) -> Act:
    name = text[start:end]
    name = name[: goes_on.start()] if (goes_on := _GOES_ON.search(name)) else name
    name = name.rstrip()
    short = _SHORT_NAME.match(_DATED.sub("", name))
    others = _FULL[short.lastgroup] if short and short.lastgroup else ()
    return Act(start, start + len(name), (name, *others), bool(match["generic"]))
