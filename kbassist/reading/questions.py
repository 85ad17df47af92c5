"""What kind of thing does the question ask for, and does a sentence hold one?

The answer types are the coarse ones of Li and Roth (2002) that can be seen on the surface of a
Polish or English sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from kbassist.protocols import Analyzer

AnswerType = Literal[
    "contact", "money", "number", "time", "person", "place", "yes_no", "reason", "procedure", "other"
]


# They ask; what is asked about stands in the other words. Where answers are short their idf is high, and
# would outweigh the topic.
_ASKING = (
    "ile ilu kiedy gdzie skąd dokąd kto kogo komu kim czyj co czego czemu czym czy jak jaki jaka jakie "
    "jakiego jakiej jakich jakim jaką który która które którego której którym których dlaczego mam mogę "
    "muszę można what when where who whom whose which why how do does did is are can could may must "
    "should i my"
)


def _any_of(*phrases: str) -> re.Pattern[str]:
    """Any of the phrases, whole words, in any case."""
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


_QUESTIONS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = (
    (
        "contact",
        _any_of(
            r"(?:jaki (?:jest|macie|ma)|podaj\w*|poprosz[ęe]|(?:na|pod) (?:jaki|kt[óo]ry)\w*)\b[^?.!]{0,25}"
            r"\b(?:telefon\w*|numer\w* (?:telefonu|infolinii|konta|rachunku)|adres\w*|(?:e-?)?maila?"
            r"|konto|infolini\w*)",
            r"(?:gdzie|jak|dok[ąa]d) (?:mog[ęe] )?(?:do was )?(?:za)?dzwoni[ćc]",
            r"n(?:umer|r) konta|na jakie konto",
            r"(?:what is|what's|which is|do you have|give me)\b[^?.!]{0,25}"
            r"\b(?:phone|telephone|(?:e-?)?mail|address|account number|hotline)",
        ),
    ),
    (
        "time",
        _any_of(
            r"kiedy|odkąd|do kiedy|od kiedy|jak d[łl]ugo|jak szybko|godziny",
            r"ile (?:mam )?(?:czasu|dni|godzin|lat|miesi[ęe]cy|tygodni|trwa|się czeka|czekać)",
            r"w jakim (?:czasie|terminie|okresie|dniu|roku|wieku)|w kt[óo]rym (?:roku|wieku|dniu|miesiącu)",
            r"w jakich (?:dniach|godzinach|latach|terminach)|w jakie dni|o jakich godzinach",
            r"(?:od|w|do) jakiego wieku",
            r"w ciągu ilu|jaki jest termin|(?:o|do|od) któr(?:ej|ą)",
            r"when|until when|deadline|opening hours|how (?:long|soon|quickly|fast)",
            r"how many (?:days|hours|weeks|months|years)|what (?:time|year|day|date)",
        ),
    ),
    (
        "money",
        _any_of(
            r"ile (?:\w+ )?(?:kosztuj\w+|zap[łl]ac\w+|p[łl]ac\w+|wynosi (?:opłata|koszt|dopłata))",
            r"(?:po|za) ile",
            r"koszt\w*|cena|ceny|cenę|cenie|cennik\w*|jak drog\w+|op[łl]at[aęy]|dop[łl]at[aęy]|jakiej kwoty",
            r"how (?:much (?:is|are|does|do|will|would|for)|expensive)|costs?|prices?|fees?|charges?",
        ),
    ),
    (
        "number",
        _any_of(
            r"ile|ilu|iloma|jak (?:dużo|wiele|daleko|wysok\w+|duż\w+|grub\w+|długi\w*)",
            r"jaki(?:ej)? (?:jest )?(?:to )?(?:procent|wysokoś\w+|numer|rozmiar|rabat)",
            r"jaka jest (?:wysokość|liczba|kwota)",
            r"jak(?:i|a|ie) (?:grub\w+|d[łl]ug\w+|wysok\w+|szerok\w+|ci[ęe][żz]k\w+|rabat|zni[żz]k[aęi])",
            r"how (?:many|much|far|high|large|big|tall|old|often)|what (?:percentage|number|amount|size)",
        ),
    ),
    ("person", _any_of(r"kto|kogo|komu|kim|czyj\w*|who|whom|whose")),
    (
        "place",
        _any_of(
            r"gdzie|skąd|dokąd|w (?:jakim|którym) (?:kraju|mieście)|where|in (?:what|which) (?:country|city)"
        ),
    ),
    (
        "yes_no",
        re.compile(
            r"^\W*(?:czy|mog[ęe]|mo[żz]na|da si[ęe]|jest|s[ąa]|b[ęe]dzie|\w{2,20}(?:acie|ecie|icie|ycie)"
            r"|is|are|was|were|do|does|did|can|could|may|will|would|should|have|has)\b",
            re.IGNORECASE,
        ),
    ),
    ("reason", _any_of(r"dlaczego|czemu|z jakiego powodu|z jakiej przyczyny|why|for what reason|how come")),
    (
        "procedure",
        _any_of(
            r"(?<!taki )jak(?! (?:si[ęe] )?(?:nazyw|brzmi|ma|zwa|okre[śs]l|wygl[ąa]d))|w jaki spos[óo]b",
            r"co (?:mam |mogę |trzeba |należy |powin\w+ )?zrobi[ćc]|how (?:do|can|could|should|to|would|i)",
            r"what (?:should|do|must|can) i do",
        ),
    ),
)
_MONEY = re.compile(
    r"\d\s?(?:zł|PLN|EUR|USD|GBP|€|\$|£|gr\b)|[€$£]\s?\d|\b(?:bezpłatn\w+|darmow\w+|gratis|free|złot\w+)\b",
    re.IGNORECASE,
)
_NUMBER = _any_of(
    r"\d\S*|jeden|jedn\w+|dwa|dwóch|dwie|trzy|trzech|cztery|czterech|pięć|pięciu|sześć|siedem|osiem",
    r"dziewięć|dziesięć|kilka\w*|sto|stu|tysi\w+|milion\w*|bezpłatn\w+|darmow\w+|gratis",
    r"one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|free",
)
_TIME = _any_of(
    r"\d{1,2}[:.]\d{2}|(?:1\d|20)\d{2}|[IVX]+ wiek\w*|dni|dzień|dnia|dniu|godzin\w*|godz|minut\w*|tydzień",
    r"tygodni\w*|miesi\w+|rok\w*|lat|lata|latach|wieku|natychmiast|niezwłocznie|stycz\w+|lut\w+|marc\w+",
    r"kwie\w+|maj\w*|czerw\w+|lipc\w+|sierp\w+|wrze\w+|paździer\w+|listopad\w*|grud\w+",
    r"days?|hours?|minutes?|weeks?|months?|years?|century|january|february|march|april|may|june|july",
    r"august|september|october|november|december|immediately",
)
_NAME = re.compile(r"(?<=[\w,;:(„\"–-] )[A-ZĄĆĘŁŃÓŚŹŻ][\w'’-]+|^[A-ZĄĆĘŁŃÓŚŹŻ][\w'’-]+ [A-ZĄĆĘŁŃÓŚŹŻ]")
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|(?:\+\d{2}\s?)?\b\d{2,3}(?:[ -]\d{2,3}){2,3}\b|\b[A-Z]{2}\d{2}(?: ?\d{4}){5,6}\b"
    r"|\b(?:ul\.|al\.|pl\.|street\b|st\.)|\b\d{2}-\d{3}\b|\b\d{26}\b",
)
_ALLOWS = _any_of(
    r"tak|nie|mo[żz]n\w+|mo[żz]e\w*|mog[ęeąa]|wolno|musi\w*|musz[ąa]|nale[żz]y|trzeba|tylko|wy[łl][ąa]cznie",
    r"przys[łl]uguj\w+|przyjmuj\w+|dost[ęe]pn\w+|yes|no|not|cannot|can|may|must|only|never|always|allowed",
    r"available|required|accept\w*",
)
_TELLS_HOW = re.compile(
    r"\b(?:nale[żz]y|trzeba|wystarczy|mo[żz]na|mo[żz]esz|prosimy|musisz|\w+(?:ij|aj|uj|yj)(?:cie|my)?|wejd[źz]\w*"
    r"|wybierz\w*|przejd[źz]\w*|pobierz\w*|napisz\w*|zg[łl]o[śs]\w*|you (?:can|need|must|should)|please)\b"
    r"|(?:^|[.:;)\n-]\s?)(?:click|go|open|log|fill|send|enter|select|choose|write|call|use|print|attach|sign|press"
    r"|visit|contact|download|return|bring|put|pack)\b",
    re.IGNORECASE,
)
_GIVES_REASON = _any_of(
    r"ponieważ|poniewaz|gdyż|gdyz|bo|dlatego|bowiem|z powodu|ze względu|wskutek|w wyniku|dzięki|aby|żeby",
    r"because|due to|since|therefore|as a result|so that|in order to|thanks to|owing to",
)
_ADDRESS = re.compile(r"\b(?:ul\.|al\.|pl\.|street|st\.|\d{2}-\d{3})", re.IGNORECASE)


def topic(terms: Mapping[str, float], analyzer: Analyzer) -> dict[str, float]:
    """The terms that say what the question is about, with their idf; all of them when none does."""
    asking = frozenset(analyzer(_ASKING))
    return {term: idf for term, idf in terms.items() if term not in asking} or dict(terms)


def expected_type(question: str) -> AnswerType:
    """The first type whose question words are found; `"other"` when none is."""
    for kind, pattern in _QUESTIONS:
        if pattern.search(question):
            return kind
    return "other"


def holds(sentence: str, kind: AnswerType) -> bool:
    """Whether the sentence has something of that type on its surface; True for `other`."""
    if kind == "money":
        return _MONEY.search(sentence) is not None
    if kind == "number":
        return _NUMBER.search(sentence) is not None
    if kind == "time":
        return _TIME.search(sentence) is not None
    if kind == "person":
        return _NAME.search(sentence) is not None
    if kind == "place":
        return _NAME.search(sentence) is not None or _ADDRESS.search(sentence) is not None
    if kind == "contact":
        return _CONTACT.search(sentence) is not None
    if kind == "yes_no":
        return _ALLOWS.search(sentence) is not None
    if kind == "reason":
        return _GIVES_REASON.search(sentence) is not None
    if kind == "procedure":
        return _TELLS_HOW.search(sentence) is not None
    return True
