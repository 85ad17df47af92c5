"""What has passed: documents past their last day, offers that ended, texts nobody touched for a year."""

from __future__ import annotations

from datetime import date, timedelta

from kbassist.audit.material import AuditInput, Citations, finding, name_of
from kbassist.text.validity import ended
from kbassist.types import Decision, Document, Finding

CHECK = "stale"

_OLD = timedelta(days=365)


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
        over = list(ended(document.text, document.lang or "pl", material.today))
        if over:
            found.append(_offer_ended(material, document, over, citations))
        if document.id in troubled:
            found.append(_troubled(material, document, troubled[document.id]))
        touched = document.modified_at or document.fetched_at
        if touched and touched.date() < material.today - _OLD:
            found.append(_untouched(material, document, touched.date()))
    return found


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
    material: AuditInput, document: Document, over: list[tuple[date, int, int]], citations: Citations
) -> Finding:
    last = max(day for day, _, _ in over)
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
        values=sorted(f"ended {day.isoformat()}" for day, _, _ in over),
        citations=[citations.at(document, start, end) for _, start, end in over],
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
