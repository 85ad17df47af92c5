"""An audit report as one HTML page, with everything from the sources escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType
from typing import Any

from kbassist.html_page import html_page
from kbassist.types import Citation, Finding

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "pl": {
            "title": "Audyt bazy wiedzy",
            "documents": "Dokumenty",
            "findings": "Znaleziska",
            "none": "Nic nie znaleziono.",
            "error": "błąd",
            "warning": "ostrzeżenie",
            "info": "informacja",
            "contradictions": "Sprzeczności",
            "duplicates": "Powtórzenia",
            "stale": "Treści nieaktualne",
            "gaps": "Pytania bez odpowiedzi",
            "quality": "Jakość tekstu",
        },
        "en": {
            "title": "Audit of the knowledge base",
            "documents": "Documents",
            "findings": "Findings",
            "none": "Nothing was found.",
            "error": "error",
            "warning": "warning",
            "info": "info",
            "contradictions": "Contradictions",
            "duplicates": "Duplicates",
            "stale": "Out of date",
            "gaps": "Questions without an answer",
            "quality": "Quality of the text",
        },
    }
)
_STYLE = """
article { border-left: 4px solid #888; margin: 1rem 0; padding: .25rem 1rem; background: var(--box) }
.error { border-color: var(--bad) } .warning { border-color: var(--two) } .info { border-color: var(--one) }
blockquote { margin: .5rem 0; padding-left: .75rem; border-left: 2px solid var(--line) }
"""


def page(findings: Sequence[Finding], summary: Mapping[str, Any]) -> str:
    """The whole page. `findings` come grouped by severity; here they are grouped by check."""
    words = _WORDS["en" if summary["lang"] == "en" else "pl"]
    by_check = sorted(findings, key=lambda found: list(summary["checks"]).index(found.check))
    sections = [
        f"<section><h2>{escape(words.get(check, check))}</h2>"
        + "".join(_article(found, words) for found in group)
        + "</section>"
        for check, group in groupby(by_check, key=lambda found: found.check)
    ]
    body = "".join(sections) or f"<p>{words['none']}</p>"
    looked_at = f"{summary['date']}. {words['documents']}: {summary['documents']}."
    counts = f"{looked_at} {words['findings']}: {len(findings)}."
    return html_page(words["title"], f"<p>{escape(counts)}</p>\n{body}\n", lang=summary["lang"], style=_STYLE)


def _article(found: Finding, words: Mapping[str, str]) -> str:
    quotes = "".join(_quote(citation) for citation in found.citations)
    return (
        f'<article class="{escape(found.severity)}" id="{escape(found.id)}">'
        f"<p><strong>{escape(words[found.severity])}</strong> {escape(found.message)}</p>{quotes}"
        f"<p>{escape(found.suggestion)}</p></article>\n"
    )


def _quote(citation: Citation) -> str:
    name = escape(" ".join(filter(None, (citation.title or citation.document_id, citation.address))))
    # Only web addresses become links: a document's address may be anything, a script included.
    if citation.uri.lower().startswith(("https://", "http://")):
        name = f'<a href="{escape(citation.uri)}" rel="noreferrer">{name}</a>'
    return f"<blockquote>{escape(citation.quote)}<br><small>{name}</small></blockquote>"
