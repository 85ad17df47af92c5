"""Pieces to index entries: address, context, deep link, language."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from urllib.parse import urlsplit

from kbassist.passages.cutting import Piece
from kbassist.passages.numbers import is_number_of
from kbassist.text.fragments import text_fragment
from kbassist.text.outline import Section, has_words
from kbassist.types import Anchor, Document, IndexEntry, Passage

_OPENING_CHARACTERS = 160
_FEWEST_WORDS = 25


def entries(
    document: Document,
    lang: str,
    parts: Sequence[Section],
    pieces: Sequence[Piece],
    identify: Callable[[str], str | None] | None,
) -> Iterator[IndexEntry]:
    """Write `pieces` of `document` out, in order. `parts` are all of its sections, `lang` its language."""
    pages = sorted((anchor.start, anchor.label) for anchor in document.anchors if anchor.kind == "page")
    leads = {
        section.provisions[-1]: (section.start, _opening(document.text, section))
        for section in parts
        if section.provisions
    }
    provisions = sorted(
        (anchor for anchor in document.anchors if anchor.kind == "provision"),
        key=lambda anchor: (anchor.start, anchor.level),
    )
    seen: Counter[str] = Counter()
    before = 0
    for piece in pieces:
        text = document.text[piece.start : piece.end]
        normal = " ".join(text.split())
        page = _page(pages, piece.start)
        passage = Passage(
            id=_identifier(document.id, normal, seen[normal]),
            document_id=document.id,
            text=text,
            start=piece.start,
            end=piece.end,
            title=document.title,
            uri=_deep_link(document, piece, page, text if before else ""),
            headings=tuple(anchor.label for anchor in piece.headings if anchor.label),
            address=piece.provisions[-1].label if piece.provisions else "",
            page=page,
            lang=_language(text, lang, identify),
            kind=document.kind,
            provisions=_begun(provisions, before, piece),
        )
        before = piece.end
        seen[normal] += 1
        above = [leads[anchor] for anchor in piece.provisions if anchor in leads]
        openings = [
            opening
            for start, opening in above
            if has_words(document.text[start : min(piece.start, start + _OPENING_CHARACTERS)])
        ]
        lines = dict.fromkeys([document.title, *passage.headings, passage.address, *openings])
        yield IndexEntry(
            passage=passage,
            context="\n".join(line for line in lines if line),
            audience=document.audience,
            status=document.status,
            valid_from=document.valid_from,
            valid_until=document.valid_until,
        )


def _begun(provisions: Sequence[Anchor], before: int, piece: Piece) -> tuple[tuple[int, str], ...]:
    """With those whose number or heading stands right before the passage and belongs to no other."""
    first = bisect_left(provisions, before, key=lambda anchor: anchor.start)
    last = bisect_left(provisions, piece.end, key=lambda anchor: anchor.start)
    return tuple((max(0, anchor.start - piece.start), anchor.label) for anchor in provisions[first:last])


def _identifier(document_id: str, text: str, occurrence: int) -> str:
    """32 hexadecimal digits, which engines that want a UUID take as one."""
    return blake2b(
        f"{document_id}\0{text}\0{occurrence}".encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()


def _page(pages: Sequence[tuple[int, str]], start: int) -> int | None:
    index = bisect_right(pages, start, key=lambda page: page[0]) - 1
    return int(pages[index][1]) if index >= 0 and pages[index][1].isdecimal() else None


def _deep_link(document: Document, piece: Piece, page: int | None, text: str) -> str:
    """`text` is what a browser may look for; empty for the beginning of a page."""
    uri = document.uri
    if not uri or "#" in uri:
        return uri
    nearest = sorted((*piece.headings, *piece.provisions), key=lambda anchor: anchor.start, reverse=True)
    fragment = next((anchor.fragment for anchor in nearest if anchor.fragment), "")
    if not fragment and page is not None:
        fragment = f"page={page}"
    if not fragment and _is_web_page(document):
        fragment = text_fragment(text)
    return f"{uri}#{fragment}" if fragment else uri


def _is_web_page(document: Document) -> bool:
    address = urlsplit(document.uri)
    return (
        document.kind != "pdf" and address.scheme in ("http", "https") and not address.path.endswith(".pdf")
    )


def _language(text: str, default: str, identify: Callable[[str], str | None] | None) -> str:
    """Names, codes and prices look like any language: only a long passage may differ from its document."""
    if identify is None or len(text.split()) < _FEWEST_WORDS:
        return default
    found = identify(text)
    return found if found in ("pl", "en") else default


def _opening(text: str, section: Section) -> str:
    """The first words of a provision, unless they are only its number."""
    words = " ".join(text[section.start : min(section.end, section.start + 8 * _OPENING_CHARACTERS)].split())
    if len(words) > _OPENING_CHARACTERS:
        words = words[:_OPENING_CHARACTERS].rsplit(" ", 1)[0] + " …"
    return "" if is_number_of(words, section.provisions[-1]) else words
