"""Written text as it is spoken: no sign that a speech engine would stumble over, numbers in words.

Polish numbers take the case of their place, as far as the words around tell it ("w ciągu czternastu dni", "po
dwóch latach"); where these tell nothing, they stand in the nominative. Numbers of telephones, accounts and
orders are read digit by digit, in groups. Addresses of mail and web are spelled ("małpa", "kropka").
"""

from __future__ import annotations

import re

from kbassist.assist import speech_en, speech_pl
from kbassist.text.sentences import MARKER

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}")
_URL = re.compile(
    r"(?:https?://|www\.)(?P<host>[\w.-]+\w)(?P<path>(?:/[\w.~%-]+){0,2})/?[^\s<>()\"”„]*(?<![.,;:!?])",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{2,40}\.){1,6}(?:pl|com|eu|org|net|info|example|gov|edu|shop)\b", re.IGNORECASE
)
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000\t]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|pdf)$", re.IGNORECASE)
# Long runs of digits: an account, a telephone, an order, a tax number.
_ACCOUNT = re.compile(r"\b(?P<land>[A-Z]{2})?(?P<digits>\d{2}(?: \d{4}){6})\b")
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+\d{1,3}[ -]?)?"
    r"(?:\(?\d{2,3}\)?[ -]\d{2,3}[ -]\d{2}[ -]\d{2}|\d{3}[ -]\d{3}[ -]\d{3}|\+\d{9,13})(?![\w]|[.,]\d)"
)
_CODE = re.compile(
    r"(?<![\w.,:-])(?<!\d )(?:\d{2}-\d{3}|\d{3}-\d{2,3}-\d{2}-\d{2,3}|\d{7,}|0\d+)(?![\w]|[.,:]\d)"
)
_MIXED = re.compile(r"(?<![\w-])(?P<letters>[A-Z]{1,5})[-/]?(?P<digits>\d{3,})(?!\w)")
_HOUSE = re.compile(r"(?<![\w.,-])(?P<number>\d{1,4})(?P<letter>[A-Za-z])(?!\w)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ])|\(?[a-z]\)\s+|[-–—•*·▪✓]\s+")
_PROVISION = re.compile(r"§|Art|Sec|Chap|Roz|Dzia")
_LETTERS = re.compile(r"[\w\s]")
_STARTS = re.compile(r"(?:\A|(?<=[.?!]) )\w")
_MARKS = str.maketrans(dict.fromkeys('„”“"«»*_#<>{}[]|~^`§•·→⇒', " "))
_BRACKETS = re.compile(r"\s*[()]\s*")
_PAUSES = re.compile(r"\s+[–—-]+\s+|\s*[–—]\s*|(?<=\w)-{2,}(?=\w)|;\s*")
_LEFT = re.compile(r"[^\w\s.,?!:'’-]")
_TWICE = re.compile(r"(?:\s*,)+\s*(?=[,.?!:])")
_BEFORE_STOP = re.compile(r"\s+(?=[.,?!:])")
_ENDS = ".?!"


def speakable(text: str, lang: str) -> str:
    """Sentences on one line, in words. `lang` is that of the text, `"pl"` or else English."""
    words = speech_pl if lang == "pl" else speech_en
    text = _flowing(_INVISIBLE.sub("", _SPACES.sub(" ", text)), words.AND)
    text = _MAIL.sub(lambda found: _spelled(found[0], words.SIGNS), text)
    text = _URL.sub(lambda found: _address(found, words.SIGNS), text)
    text = _HOST.sub(lambda found: _spelled(found[0], words.SIGNS), text)
    text = _ACCOUNT.sub(lambda found: _account(found, words.DIGITS), text)
    for digits in (_PHONE, _CODE):
        text = digits.sub(lambda found: _in_groups(found[0], words.DIGITS), text)
    text = _MIXED.sub(
        lambda found: f"{' '.join(found['letters'])} {_in_groups(found['digits'], words.DIGITS)}", text
    )
    text = _clean(words.in_words(_HOUSE.sub(r"\g<number> \g<letter>", text)))
    if text and text[-1] not in _ENDS:
        text = f"{text.rstrip(',:;')}."
    return _STARTS.sub(lambda found: found[0].upper(), text)


def _flowing(text: str, joint: str) -> str:
    """Lists and lines as sentences: items after a colon are joined, any other line ends where it ends."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    said: list[str] = []
    items: list[str] = []
    shape = ""
    for line in lines:
        marked = MARKER.match(line)
        mark = _LETTERS.sub("", marked[0]) if marked and not _PROVISION.match(line) else ""
        if marked and mark and (mark == shape if items else bool(said) and said[-1].endswith(":")):
            items.append(line[marked.end() :].strip(" ,;."))
            shape = mark
            continue
        said, items = _closed(said, items, joint), []
        numbered = _NUMBERED.match(line)
        if said and not said[-1].endswith((*_ENDS, ":")):
            said[-1] += "."
        said.append(line[numbered.end() :] if numbered else line)
    said = _closed(said, items, joint)
    whole = " ".join(said).strip()
    return whole if not whole or whole[-1] in _ENDS else f"{whole.rstrip(',;:')}."


def _closed(said: list[str], items: list[str], joint: str) -> list[str]:
    if not items:
        return said
    listed = f" {joint} ".join([", ".join(items[:-1]), items[-1]]) if items[1:] else items[0]
    return [*said[:-1], f"{said[-1]} {listed}."]


def _spelled(address: str, signs: dict[str, str]) -> str:
    """`signs` has what is said for each sign, and for parts that are read letter by letter."""
    for sign, name in signs.items():
        if len(sign) == 1:
            address = address.replace(sign, f" {name} ")
    return " ".join(signs.get(part, part) for part in address.split())


def _address(found: re.Match[str], signs: dict[str, str]) -> str:
    """The host and what leads to the page, as far as it can be said."""
    path = _EXTENSION.sub("", found["path"])
    host = found["host"].removeprefix("www.")
    return _spelled(host if "%" in path or len(path) > 40 else host + path, signs)


def _account(found: re.Match[str], digits: tuple[str, ...]) -> str:
    land = " ".join(found["land"] or "")
    return ", ".join(filter(None, (land, _in_groups(found["digits"], digits))))


def _in_groups(number: str, digits: tuple[str, ...]) -> str:
    groups = re.findall(r"\d+", number)
    if len(groups) == 1 and len(groups[0]) > 4:
        groups = re.findall(r"\d{1,3}", groups[0])
    plus = f"{digits[10]} " if number.startswith("+") else ""
    return plus + ", ".join(" ".join(digits[int(digit)] for digit in group) for group in groups)


def _clean(text: str) -> str:
    text = " ".join(text.translate(_MARKS).split())
    text = _BRACKETS.sub(", ", _PAUSES.sub(", ", text))
    text = _LEFT.sub(" ", text)
    text = _TWICE.sub("", _BEFORE_STOP.sub("", text))
    return " ".join(text.split()).strip(" ,")
