"""When a page was published and last changed: what it tells machines, and what it tells readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from kbassist.sources.html.tree import Element, text_of
from kbassist.text.dates import find_dates

_MODIFIED = (
    "article:modified_time og:updated_time last-modified dcterms.modified dc.date.modified revised "
    "datemodified lastmod"
).split()
_PUBLISHED = (
    "article:published_time og:published_time dcterms.created dcterms.date dc.date dc.date.issued "
    "datepublished date pubdate publish-date"
).split()
_NOT_THE_PAGE = frozenset(
    {"Comment", "Review", "Offer", "Event", "JobPosting", "Rating", "Question", "Answer"}
)
_CHANGED_WORD = re.compile(r"modif|updat|aktualiz|zmian|changed|revis", re.IGNORECASE)
_PUBLISHED_WORD = re.compile(
    r"publi|entry-date|post-date|created|posted|dodan|utworz|wprowadz", re.IGNORECASE
)
_SAID = re.compile(
    r"(?P<modified>(?:data )?(?:ostatni(?:ej|a|ą|e) )?(?:aktualizacj|modyfikacj|zmian)\w?"
    r"|[zu]aktualizowan[oya]"
    r"|ostatnio (?:zmienion|aktualizowan|zmodyfikowan)\w+|stan na(?: dzień)?"
    r"|(?:page |article )?(?:was )?last (?:updated?|modified|changed|revised|reviewed)"
    r"|updated(?: on)?|revised(?: on)?)"
    r"|(?P<published>(?:data )?publikacji|opublikowan[oya]|data (?:dodania|utworzenia|wprowadzenia)"
    r"|published(?: on)?|posted(?: on)?|date published)",
    re.IGNORECASE,
)
_NEAR = 80  # characters before the year of a date, in which such words stand
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)(?:-\d\d-\d\d)?")
_LINK = re.compile(
    r"\W{0,4}(?:(?:w )?dni(?:u|a)\s|na dzień\s|z dnia\s|on\s|at\s|by\s)?[^\w\n]{0,4}", re.IGNORECASE
)
_NOT_TEXT = frozenset({"script", "style", "noscript", "template", "head", "title"})
_POLISH_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_MOST_TEXT = 300_000  # characters


def page_dates(
    root: Element, named: Mapping[str, Sequence[str]], lang: str | None
) -> tuple[datetime | None, datetime | None]:
    """Published and modified; `named` are the page's meta elements.

    What machines are told comes first, then `time` elements, then what readers are told ("Ostatnia
    aktualizacja: 12 marca 2024").
    """
    linked = list(_linked_data(root))
    published = [value for name in _PUBLISHED for value in named.get(name, [])]
    modified = [value for name in _MODIFIED for value in named.get(name, [])]
    published += [str(item["datePublished"]) for item in linked if "datePublished" in item]
    modified += [str(item["dateModified"]) for item in linked if "dateModified" in item]
    for element in root.iter("time"):
        value = element.get("datetime") or text_of(element)
        hint = f"{element.get('class') or ''} {element.get('itemprop') or ''} {_words_before(element)}"
        if _CHANGED_WORD.search(hint):
            modified.append(value)
        elif _PUBLISHED_WORD.search(hint) or "pubdate" in element.attrib:
            published.append(value)
    first, last = _first_moment(published), _first_moment(modified)
    if first and last:
        return first, last
    said = dict(reversed(list(_said(root, lang or "pl"))))
    return first or said.get("published"), last or said.get("modified")


def _said(root: Element, lang: str) -> Iterator[tuple[str, datetime]]:
    """`published` or `modified` with its date, as the page's text says it."""
    body = root.find("body")
    if body is None:
        return
    pieces = (piece for piece in _pieces(body) if not piece.isspace())
    text = " \n".join(pieces)[:_MOST_TEXT].replace("\xa0", " ")
    after = 0
    for year in _YEAR.finditer(text):
        near = text[max(after, year.start() - _NEAR) : year.end()]
        after = year.end()
        for match in _SAID.finditer(near):
            found = _date_after(near[match.end() :].replace("\n", " "), lang)
            if found and not near[match.start() - 1 : match.start()].isalnum():
                yield str(match.lastgroup), found


def _date_after(text: str, lang: str) -> datetime | None:
    """The date that `text` begins with, but for what leads to it."""
    between = _LINK.match(text)
    text = text[between.end() :] if between else text
    for language in dict.fromkeys((lang if lang in ("pl", "en") else "pl", "pl", "en")):
        spans = [span for span in find_dates(text, language) if span.precision in ("day", "month")]
        if spans and spans[0].start == 0:
            day = spans[0].first
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return None


def _pieces(body: Element) -> Iterator[str]:
    for element in body.iter():
        if element.text and element.tag not in _NOT_TEXT:
            yield element.text
        if element.tail:
            yield element.tail


def _words_before(element: Element) -> str:
    before = element.getprevious()
    parent = element.getparent()
    near = before.tail if before is not None else parent.text if parent is not None else ""
    if before is not None and not (near or "").strip():
        near = text_of(before)
    around = (parent.get("class") or "") if parent is not None else ""
    return f"{(near or '')[-_NEAR:]} {around}"


def _linked_data(root: Element) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe the page: those on top and those of a graph."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in data if isinstance(data, list) else [data]:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for described in (item, *(graph if isinstance(graph, list) else ())):
                if isinstance(described, dict) and not _is_other(described):
                    yield described


def _is_other(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind in _NOT_THE_PAGE for kind in named)


def _first_moment(values: Iterable[str]) -> datetime | None:
    return next(filter(None, map(_moment, values)), None)


def _moment(value: str) -> datetime | None:
    """ISO 8601, the HTTP form, or a date in words; midnight UTC where the time or the zone is missing."""
    value = value.strip()
    polish = _POLISH_DATE.fullmatch(value)
    if polish:
        value = f"{polish[3]}-{int(polish[2]):02d}-{int(polish[1]):02d}"
    moment = _machine_moment(value) or _worded_moment(value)
    if moment is None or not 1990 <= moment.year <= 2100:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _machine_moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None


def _worded_moment(value: str) -> datetime | None:
    for lang in ("pl", "en"):
        spans = [span for span in find_dates(value[:100], lang) if span.precision == "day"]
        if spans:
            day = spans[0].first
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return None
