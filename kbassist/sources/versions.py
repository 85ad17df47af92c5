"""Language versions of one page, and those of them that were never translated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kbassist.sources.likeness import Sketch, alike

_CODE = re.compile(r"(?<=/)[a-z]{2}(?:[-_][A-Za-z]{2,4})?(?=/|$)")
_PARAMETER = re.compile(r"(?<=[?&])((?:lang|language|locale|hl|jezyk)=)[A-Za-z_-]{2,5}(?=&|$)")


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


def untranslated(
    pages: Iterable[Version], key: Callable[[str], str], sketch_of: Callable[[str], Sketch]
) -> dict[str, str]:
    """URL to the URL of its original, of every page that claims a language but is in that of another version.

    Versions name each other (hreflang) or have equal keys. A page counts as untranslated when its text
    is in another language than it claims and mostly that of the version which claims this language.
    """
    versions = {page.url: page for page in pages}
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for url in versions:
        by_key[key(url)].append(url)
    found: dict[str, str] = {}
    for page in versions.values():
        if page.stated == page.spoken:
            continue
        for url in dict.fromkeys([*page.alternates, *by_key[key(page.url)]]):
            other = versions.get(url)
            if other is None or not other.stated == other.spoken == page.spoken:
                continue
            if alike(sketch_of(page.url), sketch_of(other.url)):
                found[page.url] = other.url
                break
    return found
