"""What an agent can send or open while typing: ready replies, paragraphs, links, in one list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from kbassist.protocols import Analyzer, Retrieval
from kbassist.text.analysis import words
from kbassist.text.quotes import cite
from kbassist.types import Hit, Snippet, SnippetKind

KINDS: tuple[SnippetKind, ...] = ("reply", "paragraph", "link")
_LINK_WEIGHT = 0.9  # a link says less than the paragraph it leads to
_REPLY_WEIGHT = 1.1  # written to be sent
_WORD = re.compile(r"[\w\u0300-\u036f]+")  # as the analysis sees it, accents of their own included


def snippets(
    record_id: str, retrieval: Retrieval, analyzer: Analyzer, *, k: int, kinds: Collection[str]
) -> list[Snippet]:
    """The best `k` of the kinds asked for. A document gives one link at most."""
    found: list[tuple[SnippetKind, Hit, float]] = []
    linked: set[str] = set()
    for hit in retrieval.hits:
        if hit.passage.kind == "reply":
            found.append(("reply", hit, hit.score * _REPLY_WEIGHT))
            continue
        found.append(("paragraph", hit, hit.score))
        if hit.passage.uri and hit.passage.document_id not in linked:
            linked.add(hit.passage.document_id)
            found.append(("link", hit, hit.score * _LINK_WEIGHT))
    wanted = [item for item in found if item[0] in kinds]
    wanted.sort(key=lambda item: (-item[2], KINDS.index(item[0]), item[1].passage.id))
    return [
        _snippet(f"{record_id}.{number}", kind, hit, score, retrieval.terms, analyzer)
        for number, (kind, hit, score) in enumerate(wanted[:k])
    ]


def _snippet(
    snippet_id: str, kind: SnippetKind, hit: Hit, score: float, terms: Iterable[str], analyzer: Analyzer
) -> Snippet:
    passage = hit.passage
    text = passage.uri if kind == "link" else passage.text
    return Snippet(
        id=snippet_id,
        kind=kind,
        title=" › ".join(dict.fromkeys(filter(None, (passage.title, *passage.headings, passage.address)))),
        text=text,
        citation=cite(passage),
        score=score,
        highlights=() if kind == "link" else highlights(text, terms, analyzer),
    )


def highlights(text: str, terms: Iterable[str], analyzer: Analyzer) -> tuple[tuple[int, int], ...]:
    """The words of `text` that share a term with the query, as `(start, end)`; inflection is seen through."""
    wanted = frozenset(terms)
    return tuple(
        word.span() for word in _WORD.finditer(text) if not wanted.isdisjoint(analyzer(word.group()))
    )


def typed_with_context(text: str, context: Sequence[str]) -> str:
    """What the agent typed, with the customer's last message where that is too short to search by."""
    if len(words(text)) >= 3 or not context:
        return text
    return f"{text} {context[-1]}".strip()
