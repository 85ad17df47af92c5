"""What has passed: documents past their last day, offers that ended, texts nobody touched for a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from kbassist.audit.material import AuditInput, Citations, finding, name_of
from kbassist.text.sentences import sentences
from kbassist.text.values import Value, find_values
from kbassist.types import Decision, Document, Finding

CHECK = "stale"

_OLD = timedelta(days=365)
_UNTIL = re.compile(
    r"\b(?:do(?: dnia| końca)?|until|till|through|thru|by|before|(?:ends?|expires?)(?: on)?)"
    r"\s+(?:the end of\s+)?\Z",
    re.IGNORECASE,
)
# An end date alone is also history ("do 1989 r."): only what is offered or in force can have run out.
_OFFERED = re.compile(
    r"\b(?:promocj|ofert|akcj|konkurs|kupon|rabat|zniżk|voucher|wyprzeda|nabór|naboru|zapisy|rejestracj|ważn|obowiązuj"
    r"|potrwa|trwa\b|dostępn|czynn|przyjmuj|skorzysta|kod\b|promotion|offer|sale\b|coupon|code\b|discount|contest"
    r"|valid\b|available|appl(?:y|ies)\b|runs?\b|registration|lasts?\b)",
    re.IGNORECASE,
)
_TOLD_AS_PAST = re.compile(
    r"\b(?:(?:trwa|obowiązywa|by|zakończy|wygas|skończy|odby|przedłuży|działa|przyjmowa)(?:ł|li|ły)\w*|zakończon\w+"
    r"|min(?:ął|ęł\w*)|was|were|ended|expired|took place|closed|ran)\b",
    re.IGNORECASE,
)


def stale(material: AuditInput) -> list[Finding]:
    """Findings over approved documents; what is draft or retired may be old.

    A document past its `valid_until`, with an offer whose stated end is past, or whose page cannot be
    read any more is a warning, one neither changed nor fetched for a year is for information.
    """
    citations = Citations.of(material.entries)
    troubled = {decision.url: decision for decision in material.troubled}
    found = []
    for document in sorted(material.documents, key=lambda document: document.id):
        if document.status != "approved":
            continue
        if document.valid_until and document.valid_until < material.today:
            found.append(_past_last_day(material, document, document.valid_until))
            continue
        ended = list(_ended(document, material.today))
        if ended:
            found.append(_offer_ended(material, document, ended, citations))
        if document.id in troubled:
            found.append(_troubled(material, document, troubled[document.id]))
        touched = document.modified_at or document.fetched_at
        if touched and touched.date() < material.today - _OLD:
            found.append(_untouched(material, document, touched.date()))
    return found


def _ended(document: Document, today: date) -> Iterator[tuple[date, int, int]]:
    """The end, and where the sentence stands that states it."""
    lang = document.lang or "pl"
    for start, end in sentences(document.text, lang):
        text = document.text[start:end]
        if not _OFFERED.search(text) or _TOLD_AS_PAST.search(text):
            continue
        dates = [value for value in find_values(text, lang) if value.days]
        ends = [days[1] for value in dates if (days := value.days) and _is_end(text, value)]
        # A later date in the same sentence may prolong it.
        if ends and all(days[1] < today for value in dates if (days := value.days)):
            yield max(ends), start, end


def _is_end(text: str, value: Value) -> bool:
    before = _UNTIL.search(text[: value.start])
    if value.unit == "year":
        # "do 1989 r." is mostly history.
        return before is not None and ("końca" in before.group() or "end of" in before.group())
    return before is not None or (value.unit == "day" and value.upper > value.amount)


def _past_last_day(material: AuditInput, document: Document, last: date) -> Finding:
    return finding(
        CHECK,
        "warning",
        [document.id],
        material.say(
            f"„{name_of(document)}” obowiązywał do {last.isoformat()}, a nadal jest zatwierdzony.",
            f"“{name_of(document)}” held until {last.isoformat()} and is still approved.",
        ),
        material.say(
            "Wycofaj dokument albo przedłuż jego ważność.", "Retire the document or prolong its validity."
        ),
        values=[f"valid_until {last.isoformat()}"],
    )


def _offer_ended(
    material: AuditInput, document: Document, ended: list[tuple[date, int, int]], citations: Citations
) -> Finding:
    last = max(day for day, _, _ in ended)
    return finding(
        CHECK,
        "warning",
        [document.id],
        material.say(
            f"„{name_of(document)}” mówi o czymś, co skończyło się {last.isoformat()}.",
            f"“{name_of(document)}” speaks of something that ended on {last.isoformat()}.",
        ),
        material.say(
            "Popraw tekst, wycofaj dokument albo ustaw jego ostatni dzień (valid_until).",
            "Correct the text, retire the document or set its last day (valid_until).",
        ),
        values=sorted(f"ended {day.isoformat()}" for day, _, _ in ended),
        citations=[citations.at(document, start, end) for _, start, end in ended],
    )


def _troubled(material: AuditInput, document: Document, decision: Decision) -> Finding:
    since = decision.since.date().isoformat() if decision.since else "?"
    return finding(
        CHECK,
        "warning",
        [document.id],
        material.say(
            f"„{name_of(document)}” nadal odpowiada, a strony nie można odczytać od {since}: "
            f"{decision.reason}.",
            f"“{name_of(document)}” still answers, but its page cannot be read since {since}: "
            f"{decision.reason}.",
        ),
        material.say(
            "Sprawdź stronę w przeglądarce; jeśli już jej nie ma, usuń dokument.",
            "Look at the page in a browser; if it is gone, remove the document.",
        ),
        values=[f"{decision.outcome} since {since}"],
    )


def _untouched(material: AuditInput, document: Document, touched: date) -> Finding:
    return finding(
        CHECK,
        "info",
        [document.id],
        material.say(
            f"„{name_of(document)}” nie zmienił się od {touched.isoformat()}.",
            f"“{name_of(document)}” has not changed since {touched.isoformat()}.",
        ),
        material.say("Sprawdź, czy treść jest nadal aktualna.", "Check that the text still holds."),
        values=["untouched"],
    )
