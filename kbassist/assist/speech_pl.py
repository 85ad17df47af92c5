"""Polish: numbers, amounts, dates, times, provisions and abbreviations in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from kbassist.assist.numerals_pl import LARGEST, Case, Noun, cardinal, form, ordinal, prefix
from kbassist.assist.spoken_words import (
    ABBREVIATIONS_PL,
    DAYS_PL,
    GENITIVE_NOUNS_PL,
    GENITIVE_PL,
    INSTRUMENTAL_PL,
    LOCATIVE_PL,
    SIGNS_PL,
    any_of,
)

AND = "oraz"
DIGITS = ("zero", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "plus")
SIGNS = {
    "@": "małpa", ".": "kropka", "-": "myślnik", "_": "podkreślnik", "/": "ukośnik", "+": "plus",
    "pl": "pe el",
}  # fmt: skip

_ZLOTY = Noun("złoty", "złote", "złotych", "złotego", "złotych", "złotymi")
_GROSZ = Noun("grosz", "grosze", "groszy", "grosza", "groszach", "groszami")
_EURO = Noun("euro", "euro", "euro", "euro", "euro", "euro")
_CENT = Noun("cent", "centy", "centów", "centa", "centach", "centami")
_PERCENT = Noun("procent", "procent", "procent", "procenta", "procentach", "procentami")
_NOUNS = {
    "zł": _ZLOTY, "pln": _ZLOTY, "gr": _GROSZ, "eur": _EURO, "€": _EURO, "%": _PERCENT, "proc": _PERCENT,
    "$": Noun("dolar", "dolary", "dolarów", "dolara", "dolarach", "dolarami"),
    "£": Noun("funt", "funty", "funtów", "funta", "funtach", "funtami"),
    "kg": Noun("kilogram", "kilogramy", "kilogramów", "kilograma", "kilogramach", "kilogramami"),
    "g": Noun("gram", "gramy", "gramów", "grama", "gramach", "gramami"),
    "km": Noun("kilometr", "kilometry", "kilometrów", "kilometra", "kilometrach", "kilometrami"),
    "m": Noun("metr", "metry", "metrów", "metra", "metrach", "metrami"),
    "cm": Noun("centymetr", "centymetry", "centymetrów", "centymetra", "centymetrach", "centymetrami"),
    "mm": Noun("milimetr", "milimetry", "milimetrów", "milimetra", "milimetrach", "milimetrami"),
    "l": Noun("litr", "litry", "litrów", "litra", "litrach", "litrami"),
    "ml": Noun("mililitr", "mililitry", "mililitrów", "mililitra", "mililitrach", "mililitrami"),
    "°c": Noun("stopień Celsjusza", "stopnie Celsjusza", "stopni Celsjusza", "stopnia Celsjusza",
               "stopniach Celsjusza", "stopniami Celsjusza"),
    "h": Noun("godzina", "godziny", "godzin", "godziny", "godzinach", "godzinami", True),
    "godz": Noun("godzina", "godziny", "godzin", "godziny", "godzinach", "godzinami", True),
    "min": Noun("minuta", "minuty", "minut", "minuty", "minutach", "minutami", True),
    "szt": Noun("sztuka", "sztuki", "sztuk", "sztuki", "sztukach", "sztukami", True),
}  # fmt: skip
_NOUNS |= {"usd": _NOUNS["$"], "gbp": _NOUNS["£"], "euro": _EURO}
_CENTS = {"zł": _GROSZ, "pln": _GROSZ}
_MONTHS = (
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
).split()
_MONTH = "|".join(_MONTHS)
_FEMININE = re.compile(
    r"\s(?:godzin|minut|sekund|rat|sztuk|os[oó]b|kart|paczk|stron|opłat|prób|częś|przesył|faktur|kategor|dob"
    r"|zł?ot)[ya]?\b"
)
_GENITIVE_BEFORE = re.compile(
    r"(?:\b(?:do|od|z|ze|bez|dla|około|powyżej|poniżej|ciągu|upływie|upływu|przeciągu|terminie|terminu"
    r"|termin|okres\w{0,2}"
    r"|wysokości|kwot[ayę]|kwocie|wartości|wiek|wieku|podczas|spośród|wśród|limitu|progu|ramach)\s)\Z",
    re.IGNORECASE,
)
_NUMBER = r"(?P<n>\d{1,3}(?:[ .]\d{3})+(?!\d)|\d{1,9})(?:,(?P<part>\d{1,4}))?"
_UNIT = (
    r"(?:zł(?!\w)|pln\b|gr\b|euro?\b|€|\$|usd\b|£|gbp\b|%|proc\b\.?"
    r"|kg\b|km\b|cm\b|mm\b|ml\b|m\b(?!\.)|g\b|l\b|°C|h\b|godz\b\.?|min\b\.?|szt\b\.?)"
)
_START = r"(?<![\w,.])"
_SCALE = r"(?: (?P<scale>tys|mln)\b\.?)?"
_ONE = re.compile(rf"{_START}{_NUMBER}{_SCALE}\s?(?P<unit>{_UNIT})", re.IGNORECASE)
_RANGE = re.compile(
    rf"{_START}(?P<low>\d[\d ]{{0,12}}(?:,\d{{1,4}})?)\s?[-–—]\s?{_NUMBER}(?:\s?(?P<unit>{_UNIT}))?"
    rf"(?P<noun>(?: [a-ząćęłńóśźż]+){{0,2}})",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\w,.:])(?P<h>[01]?\d|2[0-4])[:.](?P<m>[0-5]\d)(?!\w|[.:,]\d|\s?(?:%|zł|pln|eur|kg|[cm]?m\b|l\b))"
)
_TIMES = re.compile(
    r"(?<![\w,.:])(?P<a>[01]?\d|2[0-4])[:.](?P<b>[0-5]\d)\s?[-–—]\s?(?P<c>[01]?\d"
    r"|2[0-4])[:.](?P<d>[0-5]\d)(?!\w)"
)
_DATE = re.compile(
    rf"{_START}(?:(?P<range>\d{{1,2}})\.?\s?[-–—]\s?)?(?P<d>\d{{1,2}})\.?\s(?P<m>{_MONTH})(?:\s(?P<y>\d{{4}})(?P<r>\s?r\.|\sroku)?)?"
)
_NUMERIC_DATE = re.compile(
    rf"{_START}(?P<d>\d{{1,2}})[.](?P<m>\d{{1,2}})[.](?P<y>\d{{4}})(?P<r>\s?r\.|\sroku)?(?!\w)"
)
_ISO = re.compile(rf"{_START}(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}})(?!\w)")
_YEAR = re.compile(rf"{_START}(?P<y>\d{{4}})\s?(?P<r>r\.|roku|rok)(?!\w)")
_PROVISION = re.compile(
    r"(?P<mark>§|\bart\.|\bust\.|\bpkt|\blit\.|\bzd\.)\s?(?P<n>\d{1,3})?(?P<letter>[a-z](?!\w))?(?=\W|$)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"{_START}(?P<n>\d{{1,3}})\. (?=(?P<noun>dni|roku|miesią|kwarta|raz|rat|dnia|dzień|dniu))"
)
_ADJECTIVE = re.compile(
    rf"{_START}(?P<n>\d{{1,3}})-(?=(?:dniow|godzinn|miesięczn|letni|roczn|tygodniow|minutow|procentow|osobow))"
)
_PLAIN = re.compile(rf"{_START}{_NUMBER}(?=(?P<after>\s\w+)?)(?!\w)")
_TIMES_SIZE = re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)", re.IGNORECASE)
_ABBREVIATED = any_of(ABBREVIATIONS_PL)
_HOURS = re.compile(r"\bgodz\.\s?(?=\d{1,2}(?:[:.]\d\d)?\s?[-–—])", re.IGNORECASE)
_WEEKDAYS = re.compile(
    r"\b(?P<a>pon|wt|śr|czw|pt|sob)(?:iedziałek)?\.?\s?[-–—]\s?(?P<b>wt|śr|czw|pt|piątek|sob|sobota|niedz"
    r"|niedziela)\b\.?",
    re.IGNORECASE,
)
_SLASH = re.compile(r"(?<=\w)\s?/\s?(?=\w)")
_PROVISIONS = {
    "§": ("paragraf", "paragrafu", "paragrafem", "paragrafie"), "art.": ("artykuł", "artykułu", "artykułem",
    "artykule"),
    "ust.": ("ustęp", "ustępu", "ustępem", "ustępie"), "pkt": ("punkt", "punktu", "punktem", "punkcie"),
    "lit.": ("litera", "litery", "literą", "literze"), "zd.": ("zdanie", "zdania", "zdaniem", "zdaniu"),
}  # fmt: skip
_PLACES: dict[Case, tuple[int, str]] = {
    "nom": (0, "m.nom"),
    "gen": (1, "m.gen"),
    "instr": (2, "m.instr"),
    "loc": (3, "m.loc"),
}


def in_words(text: str) -> str:
    """The text without digits and signs that stand for words."""
    text = _HOURS.sub("godzinach ", _TIMES_SIZE.sub(" na ", text))
    text = _WEEKDAYS.sub(
        lambda found: f"od {DAYS_PL[found['a'].lower()]} do {DAYS_PL[found['b'].lower()]}", text
    )
    text = _provisions(text)
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_ISO, _numeric_date), (_NUMERIC_DATE, _numeric_date), (_DATE, _date), (_YEAR, _year),
        (_TIMES, _times), (_TIME, _time), (_ADJECTIVE, _adjective),
        (_RANGE, _range), (_ONE, _measured), (_ABBREVIATED, _abbreviation),
        (_ORDINAL, _ordinal), (_PLAIN, _plain),
    )  # fmt: skip
    for pattern, spoken in steps:
        text = pattern.sub(spoken, text)
    for sign, words in SIGNS_PL.items():
        text = text.replace(sign, f" {words} ")
    return _SLASH.sub(" lub ", text)


def _before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - 30) : found.start()]


def _case(before: str, after: str = "") -> Case:
    word = after.strip().lower()
    if word.endswith(("ach", "niu")):
        return "loc"
    if word.endswith("ami"):
        return "instr"
    if word == "laty":
        return "gen"
    if _GENITIVE_BEFORE.search(before):
        return "gen"
    return "nom"


def _value(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))


def _said(whole: int, part: str | None, case: Case, *, feminine: bool = False) -> str:
    if part is None or not part.strip("0"):
        return cardinal(whole, case, feminine=feminine)
    zeros = "zero " * (len(part) - len(part.lstrip("0")))
    return f"{cardinal(whole, case)} przecinek {zeros}{cardinal(int(part))}"


def _measured(found: re.Match[str]) -> str:
    unit = found["unit"].lower().rstrip(".")
    noun, whole, part = _NOUNS[unit], _value(found["n"]), found["part"]
    if whole > LARGEST // 1_000_000 and found["scale"]:
        return found[0]
    case = _case(_before(found))
    if found["scale"]:
        factor = 1_000 if found["scale"].lower() == "tys" else 1_000_000
        whole = round(float(f"{whole}.{part or 0}") * factor)
        part = None
    cents = _CENTS.get(unit) or (_CENT if noun in (_EURO, _NOUNS["$"]) else None)
    if cents and part and len(part) == 2:
        rest = int(part)
        said = f"{cardinal(whole, case)} {form(whole, noun, case)}"
        return f"{said} {cardinal(rest, case)} {form(rest, cents, case)}" if rest else said
    if part and part.strip("0"):
        return f"{_said(whole, part, case)} {noun.of_one}"
    return f"{cardinal(whole, case, feminine=noun.feminine)} {form(whole, noun, case)}"


def _range(found: re.Match[str]) -> str:
    low, _, low_part = found["low"].strip().partition(",")
    if len(re.sub(r"\D", "", low)) > 9:
        return found[0]
    first, second = (
        _said(_value(low), low_part or None, "gen"),
        _said(_value(found["n"]), found["part"], "gen"),
    )
    before = _before(found)
    start = (
        "" if re.search(r"\b(?:od|w|we|przez|po|za|na|z|przy|między)\s\Z", before, re.IGNORECASE) else "od "
    )
    unit = ""
    if found["unit"]:
        noun = _NOUNS[found["unit"].lower().rstrip(".")]
        unit = f" {noun.of_one if (found['part'] or '').strip('0') else noun.many}"
    rest = "".join(f" {GENITIVE_NOUNS_PL.get(word, word)}" for word in found["noun"].split())
    return f"{start}{first} do {second}{unit}{rest}"


def _hour(hour: str, minutes: str, ending: str) -> str:
    said = ordinal(int(hour), ending) if int(hour) else _zero(ending)
    rest = int(minutes)
    if not rest:
        return said
    return f"{said} {'zero ' if rest < 10 else ''}{cardinal(rest)}"


def _zero(ending: str) -> str:
    return "północ" if ending in ("f.nom", "f.acc") else "północy"


def _time(found: re.Match[str]) -> str:
    before = _before(found).lower()
    if re.search(r"\b(?:o|do|od|po|około|godz\.|godziny|godzinie|godzinach|koło)\s\Z", before):
        ending = "f.gen"
    elif re.search(r"\b(?:przed)\s\Z", before):
        ending = "f.instr"
    else:
        ending = "f.acc" if re.search(r"\b(?:na|za|przez)\s\Z", before) else "f.nom"
    return _hour(found["h"], found["m"], ending)


def _times(found: re.Match[str]) -> str:
    start = "" if re.search(r"\bod\s\Z", _before(found)) else "od "
    return f"{start}{_hour(found['a'], found['b'], 'f.gen')} do {_hour(found['c'], found['d'], 'f.gen')}"


def _numeric_date(found: re.Match[str]) -> str:
    month = int(found["m"])
    if not 1 <= month <= 12 or not 1 <= int(found["d"]) <= 31:
        return found[0]
    return (
        f"{ordinal(int(found['d']), 'm.gen')} {_MONTHS[month - 1]} {ordinal(int(found['y']), 'm.gen')} roku"
    )


def _date(found: re.Match[str]) -> str:
    first = f"od {ordinal(int(found['range']), 'm.gen')} do " if found["range"] else ""
    if first and re.search(r"\bod\s\Z", _before(found)):
        first = first.removeprefix("od ")
    said = f"{first}{ordinal(int(found['d']), 'm.gen')} {found['m']}"
    return f"{said} {ordinal(int(found['y']), 'm.gen')} roku" if found["y"] else said


def _year(found: re.Match[str]) -> str:
    number = int(found["y"])
    if found["r"] == "rok":
        return f"{ordinal(number, 'm.nom')} rok"
    is_in = re.search(r"\b(?:w|we|po)\s\Z", _before(found), re.IGNORECASE)
    return f"{ordinal(number, 'm.loc' if is_in else 'm.gen')} roku"


def _adjective(found: re.Match[str]) -> str:
    number = int(found["n"])
    return prefix(number) if number <= 100 else found[0]


def _ordinal(found: re.Match[str]) -> str:
    endings = {"dzień": "m.nom", "raz": "m.nom", "dniu": "m.loc"}
    return f"{ordinal(int(found['n']), endings.get(found['noun'], 'm.gen'))} "


def _plain(found: re.Match[str]) -> str:
    after = found["after"] or ""
    whole, part = _value(found["n"]), found["part"]
    case = _case(_before(found), after)
    few = whole % 10 in (2, 3, 4) and whole % 100 not in (12, 13, 14)
    if (
        case == "nom"
        and few
        and re.match(r"\s(?:lat|miesięcy|godzin|minut|tygodni|sztuk|rat|osób|\w+ów)\Z", after)
    ):
        case = "gen"
    return _said(whole, part, case, feminine=_FEMININE.match(after) is not None)


def _provisions(text: str) -> str:
    """All of a row take one case: "w § 7 ust. 2" gives "w paragrafie siódmym ustępie drugim"."""
    place, end = _PLACES["nom"], -1

    def spoken(found: re.Match[str]) -> str:
        nonlocal place, end
        if found["n"] is None and found["letter"] is None:
            return found[0]
        if found.string[end : found.start()].strip() or end < 0:
            place = _PLACES[_provision_case(_before(found))]
        end = found.end()
        name = _PROVISIONS[found["mark"].lower()][place[0]]
        number = f" {ordinal(int(found['n']), place[1])}" if found["n"] else ""
        return f"{name}{number}{' ' + found['letter'] if found['letter'] else ''}"

    return _PROVISION.sub(spoken, text)


def _provision_case(before: str) -> Case:
    plain = before.lower()
    if re.search(r"\b(?:zgodnie z|zgodny z|przed|nad|pod)\s\Z", plain):
        return "instr"
    if re.search(r"\b(?:w|we|o|po|przy)\s\Z", plain):
        return "loc"
    return (
        "gen" if re.search(r"\b(?:do|od|z|ze|według|wg|podstawie|treści|mocy|dotyczy)\s\Z", plain) else "nom"
    )


def _abbreviation(found: re.Match[str]) -> str:
    key = found[0].lower()
    before = _before(found).lower()
    if key in GENITIVE_PL and re.search(r"\b(?:do|od|z|ze|dla|około)\s\Z", before):
        return GENITIVE_PL[key]
    if key in LOCATIVE_PL and re.search(r"\b(?:w|na|przy|o|po)\s\Z", before):
        return LOCATIVE_PL[key]
    if key in INSTRUMENTAL_PL and re.search(r"\b(?:pod|nad|przed|za)\s\Z", before):
        return INSTRUMENTAL_PL[key]
    return ABBREVIATIONS_PL[key]
