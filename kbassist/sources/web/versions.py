"""Language versions of one page, and those of them that were never, or not wholly, translated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kbassist.sources.web.likeness import Sketch, alike
from kbassist.sources.web.repeated import without_copies
from kbassist.types import Document

_CODE = re.compile(r"(?<=/)[a-z]{2}(?:[-_][A-Za-z]{2,4})?(?=/|$)")
_PARAMETER = re.compile(r"(?<=[?&])((?:lang|language|locale|hl|jezyk)=)[A-Za-z_-]{2,5}(?=&|$)")

_SOME = 0.05  # of the text: below it two versions share names and commands only
_PARAGRAPH = 80  # characters: shorter lines are names, commands, and captions


@dataclass(frozen=True, slots=True)
class Version:
    """A page with the language that it claims and the one that its text is in.

    `alternates` are the URLs of its versions in other languages, as the page names them.
    """

    url: str
    stated: str
    spoken: str
    alternates: tuple[str, ...] = ()


def version_key(path: str) -> str:
    """The path and query of a page with `*` where its language stands; equal for its versions."""
    return _PARAMETER.sub(r"\1*", _CODE.sub("*", path, count=1))


def claimed_language(path: str) -> str:
    """The language that a path says its page is in (`/pl-PL/…`, `?lang=en`); empty when it says none."""
    found = _CODE.search(path)
    if found is None:
        parameter = _PARAMETER.search(path)
        return parameter[0].partition("=")[2][:2].lower() if parameter else ""
    return found[0][:2]


def partly_untranslated(
    pages: Iterable[Version], key: Callable[[str], str], sketch_of: Callable[[str], Sketch]
) -> dict[str, str]:
    """URL to the URL of the version in another language that a page shares some of its text with."""
    return _paired(
        pages,
        key,
        lambda page, other: (
            page.stated != other.stated
            and page.spoken in ("", page.stated)
            and other.stated == other.spoken
            and alike(sketch_of(page.url), sketch_of(other.url), share=_SOME)
        ),
    )


def untranslated(
    pages: Iterable[Version], key: Callable[[str], str], sketch_of: Callable[[str], Sketch]
) -> dict[str, str]:
    """URL to the URL of its original, of every page that claims a language but is in that of another version.

    Versions name each other (hreflang) or have equal keys. A page counts as untranslated when its text
    is in another language than it claims and mostly that of the version which claims this language.
    """
    return _paired(
        pages,
        key,
        lambda page, other: (
            page.stated != page.spoken
            and other.stated == other.spoken == page.spoken
            and alike(sketch_of(page.url), sketch_of(other.url))
        ),
    )


def _paired(
    pages: Iterable[Version], key: Callable[[str], str], fits: Callable[[Version, Version], bool]
) -> dict[str, str]:
    """Each page with the first of its versions that fits."""
    versions = {page.url: page for page in pages}
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for url in versions:
        by_key[key(url)].append(url)
    found: dict[str, str] = {}
    for page in versions.values():
        for url in dict.fromkeys([*page.alternates, *by_key[key(page.url)]]):
            other = versions.get(url)
            if other is not None and url != page.url and fits(page, other):
                found[page.url] = url
                break
    return found


def untranslated_lines(
    document: Document, original: Document, identify: Callable[[str], str | None]
) -> Document:
    """The document without the paragraphs that stand in its original too, in the original's language.

    `meta["partly_translated"]` names the original where there are such paragraphs.
    """
    there = {line for line in original.text.split("\n") if len(line) >= _PARAGRAPH}
    left = without_copies(document, lambda line: line in there and identify(line) == original.lang)
    if left is document:
        return document
    meta = {**left.meta, "partly_translated": original.id}
    return replace(left, lang=identify(left.text) or left.lang, meta=meta)
