"""Boilerplate known by what it says, in Polish and English, where no class tells what it is."""

from __future__ import annotations

import re
from itertools import islice

from kbassist.sources.html.tree import BLOCKS, Element, opening

_SHORT = 200  # characters
_COOKIE_BAR = 500
_TRAIL = 250
_LONGEST_HEADING = 80

_FEEDBACK = re.compile(
    r"(?:was|is) this (?:\w+ )?(?:helpful|useful)|did (?:this|we|you find) .{0,40}(?:answer|help|helpful|useful)\b"
    r"|(?:how (?:would|do) you )?rate this (?:article|page)|is (?:there )?anything wrong with this page"
    r"|still need help\?|czy (?:ten|ta|to|te) .{0,30}(?:pomocn\w+|pomógł|pomogła|pomogło|przydatn\w+)"
    r"|oceń (?:ten|tę) (?:artykuł|stronę)|czy (?:artykuł|strona|odpowiedź) .{0,20}(?:pomocn\w+|przydatn\w+)",
    re.IGNORECASE,
)
_TRAIL_START = re.compile(
    r"(?:(?:jesteś tutaj|jesteś w|tu jesteś|you are here|you are in)\s*:?\s*|(?:strona główna|start|home|główna)\s*"
    r"(?:[»›>/|→·\\]|::))",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"\bcookies?\b|\bciastecz\w+", re.IGNORECASE)
_STEP = re.compile(r"[\s‹«←<]*(?:previous|prev|next|poprzedni[ae]?|następn[yae])(?![ąćęłńóśźż])", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:you (?:may|might) (?:also )?(?:like|be interested in).*|(?:customers|others) (?:also|who) .*|recently viewed.*"
    r"|(?:related|similar|recommended|featured|popular|trending) (?:products?|items?|articles?|posts?|pages?|topics?"
    r"|questions?|reading)|(?:recent|latest|popular) (?:posts?|articles?|news)|recommended for you|see also|read (?:also|next)"
    r"|(?:zobacz|sprawdź|czytaj|przeczytaj) (?:również|także|też).*|(?:polecane|podobne|powiązane|popularne|najpopularniejsze"
    r"|ostatnio oglądane|ostatnio przeglądane)(?: (?:produkty|artykuły|wpisy|posty|strony|tematy|pytania))?"
    r"|(?:polecamy|inni (?:kupili|klienci)|klienci,? (?:kupili|którzy)|mo(?:że|gą) (?:cię|ci|państwa) (?:zainteresować|się)).*"
    r"|(?:ostatnie|najnowsze) (?:wpisy|artykuły|aktualności))[:!…. ]*",
    re.IGNORECASE,
)


def is_feedback(element: Element) -> bool:
    """A line that asks whether the page helped, with what stands beside it."""
    return element.tag in BLOCKS and _matches(element, _FEEDBACK, _SHORT)


def is_trail(element: Element) -> bool:
    """The path from the home page to this one."""
    if element.tag not in BLOCKS or not _matches(element, _TRAIL_START, _TRAIL):
        return False
    return next(element.iter("a"), None) is not None


def speaks_of_cookies(element: Element) -> bool:
    """A short text with cookies in it: with a button it is a cookie bar."""
    return element.tag in BLOCKS and _COOKIES.search(_beginning(element, _COOKIE_BAR)) is not None


def is_pager(element: Element) -> bool:
    """Links to the page before and the one after."""
    if element.tag not in ("div", "section", "p", "ul") or not _beginning(element, _SHORT):
        return False
    links = list(islice(element.iter("a"), 3))
    return 0 < len(links) < 3 and all(_STEP.match(opening(link)) for link in links)


def leads_elsewhere(heading: str) -> bool:
    """Whether a heading announces other pages or products: `Zobacz również`, `You may also like`."""
    return len(heading) <= _LONGEST_HEADING and _ELSEWHERE.fullmatch(heading) is not None


def _matches(element: Element, pattern: re.Pattern[str], most: int) -> bool:
    return pattern.match(_beginning(element, most)) is not None


def _beginning(element: Element, most: int) -> str:
    """The text of `element`, empty when it has more than `most` characters or many pieces."""
    pieces = list(islice(element.itertext(), _SHORT + 1))
    text = opening(element, _SHORT) if len(pieces) <= _SHORT else ""
    return text if len(text) <= most else ""
