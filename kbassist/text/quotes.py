"""A part of a passage as a citation."""

from __future__ import annotations

from kbassist.types import Citation, Passage


def cite(passage: Passage, start: int = 0, end: int | None = None) -> Citation:
    """`start` and `end` are offsets in the passage; the citation's are in the document.

    The address is that of the innermost provision in which the quote begins.
    """
    stop = len(passage.text) if end is None else end
    return Citation(
        document_id=passage.document_id,
        passage_id=passage.id,
        title=passage.title,
        uri=passage.uri,
        address=_address(passage, start),
        page=passage.page,
        quote=passage.text[start:stop],
        start=passage.start + start,
        end=passage.start + stop,
    )


def _address(passage: Passage, start: int) -> str:
    begun = [address for offset, address in passage.provisions if offset <= start]
    return begun[-1] if begun else passage.address
