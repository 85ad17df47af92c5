"""Who may see the pages of a site, when a crawl is made for another audience than the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kbassist.types import PUBLIC, Document, Failed, Gone, Skipped, SourceItem, Unchanged

Labels = frozenset[str]


def relabelled(
    items: Iterable[SourceItem], before: Mapping[str, Document], audience: Labels
) -> Iterator[SourceItem]:
    """The items of a crawl for `audience`, and what becomes of the documents that it leaves as they were.

    `before` are the site's documents with other labels, by id. One that the crawl reads anew has its
    labels already. One that it does not (a server in trouble, a page over the limit) stays for those who
    might see it both then and now; where nobody might, it goes.
    """
    left = dict(before)
    for item in items:
        match item:
            case Document():
                left.pop(item.id, None)
            case Gone():
                left.pop(item.document_id, None)
            case Unchanged() if item.document_id in left:
                yield _relabelled(left.pop(item.document_id), audience)
                continue
            case Failed() if item.ref in left:
                known = _relabelled(left.pop(item.ref), audience)
                yield known
                if isinstance(known, Gone):  # a document that failed would stay
                    yield Skipped(item.ref, f"{item.reason}; {known.reason}")
                    continue
            case _:
                pass
        yield item
    yield from (_relabelled(document, audience) for document in left.values())


def _relabelled(document: Document, audience: Labels) -> Document | Gone:
    shared = _shared(document.audience, audience)
    if shared:
        return replace(document, audience=shared)
    was, now = (", ".join(sorted(labels)) for labels in (document.audience, audience))
    return Gone(document.id, f"removed: it was read for {was} and could not be read for {now}")


def _shared(before: Labels, now: Labels) -> Labels:
    """Whom both let see it; what is public everybody may see."""
    if before >= PUBLIC:
        return now
    return before if now >= PUBLIC else before & now
