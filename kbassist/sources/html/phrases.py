"""Boilerplate known by what it says, in Polish and English, where no class tells what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SHORT = 200  # characters
_LONGEST_TRAIL = 250
_LONGEST_HEADING = 80

_FEEDBACK = re.compile(
    r"(?:was|is) this (?:\w+ )?(?:helpful|useful)"
    r"|did (?:this|we|you find) .{0,40}(?:answer|help|helpful|useful)\b"
    r"|(?:how (?:would|do) you )?rate this (?:article|page)|is (?:there )?anything wrong with this page"
    r"|czy (?:(?:ten|ta|te) )?(?:artykuł|strona|odpowiedź|treść|wpis|informacj[ae]|instrukcja|poradnik) "
    r".{0,20}(?:pomocn\w+|pomógł|pomogł[ay]|przydatn\w+)|oceń (?:ten|tę) (?:artykuł|stronę)",
    re.IGNORECASE,
)
_TRAIL = re.compile(
    r"(?:jesteś tutaj|jesteś w|tu jesteś|you are here|you are in)\b"
    r"|(?:strona główna|start|home|główna)\s*(?:[»›>/|→·\\]|::)",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"\bcookies?\b|\bciastecz\w+", re.IGNORECASE)
_STEP = re.compile(r"[\s‹«←<]*(?:previous|prev|next|poprzednia?|następn[ya])(?![ąćęłńóśźż])", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:(?:.* )?you (?:may|might) (?:also )?(?:like|be interested in).*|(?:customers|others) (?:also|who) .*"
    r"|recently viewed.*|recommended for you|see also|read (?:also|next)"
    r"|(?:related|similar|recommended|featured|popular|trending) "
    r"(?:products?|items?|articles?|posts?|pages?|topics?|reading)"
    r"|(?:recent|latest) (?:posts?|articles?|news)"
    r"|(?:zobacz|sprawdź|czytaj|przeczytaj) (?:również|także|też).*"
    r"|(?:polecane|podobne|powiązane|popularne|najpopularniejsze|ostatnio (?:oglądane|przeglądane))"
    r"(?: (?:produkty|artykuły|wpisy|posty|strony|tematy))?"
    r"|(?:polecamy|inni (?:kupili|klienci)|klienci,? (?:kupili|którzy)).*"
    r"|mo(?:że|gą) (?:cię|ci|państwa) (?:zainteresować|się).*"
    r"|(?:ostatnie|najnowsze) (?:wpisy|artykuły|aktualności))[:!…. ]*",
    re.IGNORECASE,
)


def is_feedback(text: str) -> bool:
    """A line that asks whether the page helped, with what stands beside it."""
    return len(text) <= _SHORT and _FEEDBACK.match(text) is not None


def is_trail(text: str) -> bool:
    """The path from the home page to this one."""
    return len(text) <= _LONGEST_TRAIL and _TRAIL.match(text) is not None


def is_pager(links: Sequence[str]) -> bool:
    """Links to the page before and the one after."""
    return 0 < len(links) < 3 and all(map(_STEP.match, links))


def speaks_of_cookies(text: str) -> bool:
    """A text with cookies in it: one that is short and has a button is a cookie bar."""
    return _COOKIES.search(text) is not None


def leads_elsewhere(heading: str) -> bool:
    """Whether a heading announces other pages or products: `Zobacz również`, `You may also like`."""
    return len(heading) <= _LONGEST_HEADING and _ELSEWHERE.fullmatch(heading) is not None
