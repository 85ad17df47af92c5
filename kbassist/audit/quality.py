"""Text that cannot be quoted: hardly any of it, or characters that reading it has broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbassist.audit.material import AuditInput, Citations, finding, name_of
from kbassist.types import Document, Finding

CHECK = "quality"

_HARDLY_ANY = 20  # words
_WORD = re.compile(r"[^\W\d_]{2,}")

_LOST = re.compile(r"\ufffd|\(cid:[0-9]+\)|[\ue000-\uf8ff]")
# UTF-8 read as Windows-1252, Windows-1250 or ISO-8859-1: a lead byte as a letter, then a continuation byte.
_TWICE_ENCODED = re.compile(r"[ÂÃÄÅĂĹĽâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸŚŤŹśťźˇ˘ŁĄŞŻ˛łąşĽ˝ľż]")
# ISO-8859-2 read as Windows-1252 or -1250, and PDF accents that stand beside their letter ("tre´s´c").
_MISREAD = re.compile(r"[^\W\d_][±¶¼¿³¡¦¬¯´˙][^\W\d_]")
_FEW = 2
_BEFORE = re.compile(r"\S{0,30}\Z")
_AFTER = re.compile(r"\S{0,30}")


def quality(material: AuditInput) -> list[Finding]:
    """At most one finding of each sort a document: nearly empty, lost characters, broken characters.

    Ready replies and questions with answers may be short.
    """
    citations = Citations.of(material.entries)
    found = []
    for document in material.in_force():
        if _is_nearly_empty(document):
            found.append(_nearly_empty(material, document))
        lost = list(_LOST.finditer(document.text))
        if lost:
            found.append(_broken(material, document, "lost", lost, citations))
        broken = list(_mojibake(document.text))
        if len(broken) > _FEW:
            found.append(_broken(material, document, "broken", broken, citations))
    return found


def _is_nearly_empty(document: Document) -> bool:
    if document.kind in ("reply", "faq"):
        return False
    words = _WORD.finditer(document.text)
    return sum(1 for _ in zip(words, range(_HARDLY_ANY), strict=False)) < _HARDLY_ANY


def _mojibake(text: str) -> Iterator[re.Match[str]]:
    for match in _TWICE_ENCODED.finditer(text):
        if any(_decodes(match.group(), charset) for charset in ("cp1252", "cp1250", "latin-1")):
            yield match
    yield from _MISREAD.finditer(text)


def _decodes(pair: str, charset: str) -> bool:
    try:
        pair.encode(charset).decode("utf-8")
    except UnicodeError:
        # A lead byte of three, such as "â€", has not ended yet.
        return pair[0] == "â"
    return True


def _nearly_empty(material: AuditInput, document: Document) -> Finding:
    return finding(
        CHECK,
        "warning",
        [document.id],
        material.say(
            f"„{name_of(document)}” nie ma prawie żadnego tekstu.",
            f"“{name_of(document)}” has hardly any text.",
        ),
        material.say(
            "Sprawdź, czy to nie skan albo strona składana skryptem, i dodaj treść inną drogą.",
            "Check whether it is a scan or a page made by a script, and add its text another way.",
        ),
        values=["nearly empty"],
    )


def _broken(
    material: AuditInput,
    document: Document,
    sort: str,
    places: list[re.Match[str]],
    citations: Citations,
) -> Finding:
    name, count = name_of(document), len(places)
    start, end = _word_around(document.text, *places[0].span())
    example = document.text[start:end]
    return finding(
        CHECK,
        "warning",
        [document.id],
        material.say(
            f"„{name}” ma nieczytelne znaki (miejsc: {count}), na przykład „{example}”.",
            f"“{name}” has unreadable characters (places: {count}), such as “{example}”.",
        ),
        material.say(
            "Sprawdź kodowanie źródła albo czcionki w pliku PDF i wczytaj dokument ponownie.",
            "Check the charset of the source or the fonts of the PDF, and read the document again.",
        ),
        values=[sort],
        citations=[citations.at(document, start, end)],
    )


def _word_around(text: str, start: int, end: int) -> tuple[int, int]:
    before = _BEFORE.search(text, max(0, start - 30), start)
    after = _AFTER.match(text, end)
    return before.start() if before else start, after.end() if after else end
