"""Whether a clause allows, forbids, requires or waives; whether it says yes or no; whether it costs."""

from __future__ import annotations

import re
from typing import Literal

Stance = Literal["can", "cannot", "must", "need not", "is", "is not"]

OPPOSITE: dict[str, frozenset[str]] = {
    "can": frozenset({"cannot", "is not"}),
    "is": frozenset({"cannot", "is not"}),
    "cannot": frozenset({"can", "is"}),
    "is not": frozenset({"can", "is"}),
    "must": frozenset({"need not"}),
    "need not": frozenset({"must"}),
}

_OFFERS = (
    r"akceptuj\w+|przyjmuj\w+|oferuj\w+|wysyłamy|realizujemy|obsługujemy|umożliwia\w*|udostępnia\w*"
    r"|dopuszcza\w*"
    r"|honoruj\w+|prowadzimy|zwracamy|wymieniamy|dostarczamy"
)
_NEED_NOT = re.compile(
    r"\bnie\s(?:trzeba|musi\w*|muszą|wymaga\w*|potrzeb\w+|(?:jest|są)\s(?:\w+\s)?(?:wymagan\w+|konieczn\w+"
    r"|niezbędn\w+|obowiązkow\w+|potrzebn\w+))|\b(?:wymagan\w+|konieczn\w+|niezbędn\w+) nie (?:jest|są)\b"
    r"|\bbez\s(?:konieczności|obowiązku)"
    r"|\bno\s\w+(?:\s\w+)?\s(?:is|are)\s(?:required|needed|necessary)"
    r"|\b(?:do|does|did)(?:\snot|n't)\s(?:need|have|require)|\bneed(?:\snot|n't)\b|\bdoesn't require"
    r"|\b(?:is|are)(?:\snot|n't)\s(?:required|needed|necessary|mandatory|obligatory|compulsory)"
    r"|\bnot\s(?:required|necessary|mandatory)\b",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:trzeba|należy|musi\w{0,3}|muszą|wymagan\w+|wymaga\w{0,3}|koniecz\w+|obowiązkow\w+|niezbędn\w+"
    r"|potrzebn\w+"
    r"|must(?!\snot)|required|requires?|mandatory|obligatory|compulsory|necessary|(?:need|have|has"
    r"|needs)\sto)\b",
    re.IGNORECASE,
)
_CANNOT = re.compile(
    rf"\bnie\s(?:można|wolno|mog\w+|może\w*|możem\w+|podlega\w*|{_OFFERS}|(?:jest|są)\s(?:\w+\s)?(?:możliw\w+"
    r"|dozwolon\w+|dopuszczaln\w+|dostępn\w+|przyjmowan\w+|akceptowan\w+|honorowan\w+))"
    r"|\b(?:możliw\w+|dozwolon\w+|dostępn\w+)\snie\s(?:jest|są)|\bzabroni\w+|\bzabrania\b|\bzakaz\w*\b"
    r"|\bniedozwolon\w+|\bniemożliw\w+|\bniedostępn\w+|\bniedopuszczaln\w+"
    r"|\bbrak\smożliwości|\bnie\s(?:ma|mamy|daje\w*|dajemy)\smożliwości"
    r"|\b(?:cannot|can't|can\snot|may\snot|mustn't|must\snot|prohibited|forbidden|unable|unavailable"
    r"|impossible)\b"
    r"|\b(?:is|are)(?:\snot|n't|\sno\slonger)\s(?:currently\s)?(?:allowed|permitted|possible|accepted"
    r"|available|eligible"
    r"|transferable|refundable|returnable|welcome|supported|offered)"
    r"|\bnon-?(?:transferable|refundable|returnable|exchangeable)"
    r"|\b(?:do|does)(?:\snot|n't)\s(?:currently\s)?(?:accept|allow|offer|ship|permit|deliver|support|take"
    r"|provide|sell)"
    r"|\bno\s\w+(?:\s\w+)?\s(?:is|are|may)\b|\bno\s(?:refunds?|returns?|smoking|pets|exchanges?)\b"
    r"|\bnot allowed\b",
    re.IGNORECASE,
)
_CAN = re.compile(
    rf"\b(?:można|wolno|może\w{{0,3}}|możem\w+|mog[ęą]|możliw\w+|dozwolon\w+|dopuszczaln\w+"
    rf"|mile\swidzian\w+|{_OFFERS}"
    r"|przyjmowan\w+|akceptowan\w+|honorowan\w+|dostępn\w+"
    r"|can|may|allowed|permitted|possible|welcome|eligible|transferable|refundable|returnable"
    r"|we (?:\w+\s)?(?:accept|allow|offer|ship|permit|deliver|support|take|provide|sell)|(?:is"
    r"|are) (?:\w+\s)?(?:accepted"
    r"|available|offered))\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:nie|not|never|nigdy)\b|n't\b", re.IGNORECASE)
# What is and is not is only compared where something is said of a thing.
_IS = re.compile(
    r"\b(?:jest|są|podlega\w*|obejmuje|zawiera|wlicza\w*|wliczon\w+|przysługuje|is|are|includes?|covers?)\b",
    re.IGNORECASE,
)
STANCE_WORD = re.compile(
    rf"{_CANNOT.pattern}|{_NEED_NOT.pattern}|{_MUST.pattern}|{_CAN.pattern}|{_IS.pattern}", re.IGNORECASE
)
"""Cheap to search for: a clause without a match has no stance."""

FREE = re.compile(
    r"(?<!nie )(?<!nie jest )(?<!not )(?<!n't )\b(?:bezpłatn\w+|darmow\w+|gratis|nieodpłatn\w+|za darmo"
    r"|free(?:\sof\scharge)?"
    r"|(?:nie pobieramy|bez) (?:\w+\s)?opłat\w*|no (?:extra |additional )?(?:charge|fee|cost)"
    r"|(?:koszt\w*)\s(?:\w+\s){0,3}(?:ponosi|pokrywa)\s(?:sklep|sprzedawca|sprzedający)|(?:pokrywamy"
    r"|ponosimy)\skoszt\w*"
    r"|na (?:nasz koszt|koszt (?:sklepu|sprzedawcy))|we (?:pay|cover)\b|at our (?:own )?(?:cost"
    r"|expense))(?!-)\b",
    re.IGNORECASE,
)
PAID = re.compile(
    r"\bkoszt\w*\s(?:\w+\s){0,4}?(?:ponosi\w*|pokrywa\w*)\s(?:\w+\s)?(?:klient|kupując\w+|konsument"
    r"|nabywca|użytkownik|ty\b)"
    r"|\b(?:klient|kupujący|konsument|nabywca)\s(?:\w+\s)?(?:ponosi|pokrywa)\s(?:\w+\s){0,3}koszt\w*"
    r"|\bna (?:własny koszt|koszt (?:klienta|kupującego|konsumenta|nabywcy))|\b(?:jest"
    r"|są)\s(?:dodatkowo )?(?:od)?płatn[aeyi]\b"
    r"|\bnie (?:jest|są) (?:bezpłatn\w+|darmow\w+)"
    r"|\b(?:customers?|buyers?|consumers?|you)\s(?:must |have to |will |are responsible for )?(?:bears?"
    r"|pays?|covers?|paying)\s"
    r"(?:for\s)?(?:the\s)?(?:\w+\s){0,4}(?:costs?|shipping|postage|delivery)"
    r"|\bat (?:your|the customer's|the buyer's)(?: own)? (?:cost|expense)|\b(?:is|are)(?:\snot|n't) free\b",
    re.IGNORECASE,
)


def stance_of(clause: str) -> Stance | None:
    """What the clause says may, must or need not be; for others whether it says yes or no."""
    if _NEED_NOT.search(clause):
        return "need not"
    if _CANNOT.search(clause):
        return "cannot"
    if _MUST.search(clause) and not _NOT.search(clause):
        return "must"
    if _CAN.search(clause):
        return "can" if not _NOT.search(clause) else None
    if _IS.search(clause):
        return "is not" if _NOT.search(clause) else "is"
    return None
