"""What is the unit we find? `Document` -> passages with exact offsets.

A passage is a section, a run of neighbouring paragraphs under one heading, a provision, or a run of
short sibling provisions. Passages never overlap, and together they hold all of the document's text
but its headings, which every passage carries in its context.
"""

from __future__ import annotations

from collections.abc import Callable

from kbassist.errors import InvalidArgumentError
from kbassist.passages.cutting import Cutter, TokenCounter
from kbassist.passages.entries import entries
from kbassist.text.outline import Section, sections
from kbassist.types import Document, IndexEntry

__all__ = ["TokenCounter", "passages"]


def passages(
    document: Document,
    *,
    count_tokens: TokenCounter,
    max_tokens: int = 420,
    min_tokens: int = 60,
    detect: Callable[[str], str] | None = None,
    identify: Callable[[str], str | None] | None = None,
) -> list[IndexEntry]:
    """Cut `document` into passages, in the order of the text.

    No passage is longer than `max_tokens` unless a single word is; what `count_tokens` adds to
    every text (a prompt, special tokens) is left out of account. Provisions of fewer than
    `min_tokens` are put together with short neighbours under the same parent; sections under
    different headings never are. `detect` names the language of a document that does not say it
    (Polish is assumed without it), `identify` that of a passage where it is clear.

    A passage's id depends on the document's id, its own text, and how often that text came before,
    so an edit changes the ids of the passages it touches and no others.
    """
    if not 0 <= min_tokens < max_tokens:
        raise InvalidArgumentError(f"min_tokens={min_tokens} must lie between 0 and max_tokens={max_tokens}")
    lang = document.lang or (detect(document.text) if detect else "pl")
    cutter = Cutter(document.text, lang, count_tokens, max_tokens, min_tokens)
    parts = sections(document.text, document.anchors)
    pieces = cutter.cut(parts)
    if not pieces:  # nothing but headings: they are the text
        parts = [Section(0, len(document.text), (), ())]
        pieces = cutter.cut(parts)
    return list(entries(document, lang, parts, pieces, identify))
