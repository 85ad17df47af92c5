"""Where the text of a page is, and what around it is worth keeping.

The *core* is the smallest element that most of a page's prose stands in. Around a core the title stays,
and so do panels, tables, prose that does not lead elsewhere, and short lines that state what customers
ask for: prices, phone numbers, addresses, hours. A page without navigation around its core is kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from kbassist.sources.html.boilerplate import drop
from kbassist.sources.html.prose import LINKED, SENTENCE, Prose, is_bare
from kbassist.sources.html.tree import BLOCKS, Element, detach, is_heading, names_of, text_of

_LEAST_PROSE = 300  # characters: less than that has no core
_MOST = 0.65  # of the prose stands in the core
_LITTLE = 0.3  # of the prose: what is named as standing around text and holds more is text all the same
_SOME_LINKS = 0.2
_CARD_LINKS = 0.08
_NAVIGATION_LINKS = 5  # as many links, and
_NAVIGATION_SHARE = 0.15  # such a share of links in the text are signs of navigation
_NEIGHBOURS = 20  # that are looked at on either side
_DEEPEST = 60  # levels of elements around the core that are looked into
_SHORT_SENTENCE = 25  # characters
_ANNOUNCEMENT = 30  # characters

_FACT = re.compile(
    r"\d\s*(?:zł|PLN|EUR|€|\$|£|USD|GBP)(?!\w)|[€$£]\s?\d|[\w.+-]+@[\w-]+\.\w|\b(?:NIP|REGON|KRS|IBAN)\b"
    r"|(?:\+?\d{2}[ -]?)?(?:\d{3}[ -]\d{3}[ -]\d{3}|\(?\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2})(?!\d)"
    r"|\b(?i:pon|wt|śr|czw|pt|pią|sob|niedz|nd|mon|tue|wed|thu|fri|sat|sun)\w*\.?\b.{0,20}?"
    r"(?<![\d-])\d{1,2}\s?[-–—]\s?\d{1,2}(?![\d-])"
    r"|\d{1,2}[:.]\d{2}\s?[-–—]\s?\d{1,2}[:.]\d{2}|\b\d{2}-\d{3}\s[A-ZĄĆĘŁŃÓŚŹŻ]",
)
_AROUND = re.compile(
    r"(?:.*[-_])?(?:related\w*|powiazane|podobne|recommended|rekomendowane|trending|popular|najpopularniejsze"
    r"|most[-_]?(?:read|viewed)|share(?:daddy|bar|this)?|sharing|socials?|newsletter|subscribe|promo|sponsored?|ads?"
    r"|banner|categories|category[-_](?:list|menu|top[-_]menu|tree|nav)|catlinks|kategorie|(?:left|right)[-_]?col(?:umn)?|byline|author[-_]?(?:bio|box|info)|widgets?"
    r"|sidebar|tags|post[-_]?meta|entry[-_]?meta|read[-_]?more|teasers?|gallery|slideshow|galeria"
    r"|(?:video|media)[-_]?(?:player|resource|item|caption|credit))(?:[-_].*)?",
    re.IGNORECASE,
)


def narrow(root: Element, prose: Prose) -> None:
    """Remove what stands around the text of a page and is not worth keeping. Changes the tree."""
    if prose.prose(root) < _LEAST_PROSE:
        drop(root, lambda element: prose.linked(element) >= LINKED and _is_around(element, prose))
        if root.tag == "body":
            _drop_end_links(root, prose)
        return
    little = _LITTLE * prose.prose(root)
    drop(root, lambda element: prose.prose(element) < little and _is_around(element, prose))
    core = _core(root, prose)
    if core is not root:
        _Surroundings(core, prose).drop(root)
    _drop_end_links(core, prose)


def _core(root: Element, prose: Prose) -> Element:
    core, most = root, _MOST * prose.prose(root)
    while len(core):
        inner = max(core, key=prose.prose)
        if prose.prose(inner) < most or inner.tag in ("p", "pre"):
            break
        core = inner
    core = _with_title(core, prose)
    links_around = sum(1 for _ in root.iter("a")) - sum(1 for _ in core.iter("a"))
    navigation = links_around >= _NAVIGATION_LINKS and prose.linked_around(root, core) >= _NAVIGATION_SHARE
    return core if navigation else root


def _with_title(core: Element, prose: Prose) -> Element:
    """The core, or what holds both it and the title where prose stands with the title as well.

    A short text between long teasers is still the text.
    """
    around = {core, *core.iterancestors()}
    for title in prose.titles:
        beside = title
        for ancestor in title.iterancestors():
            if ancestor in around:
                return ancestor if prose.prose(beside) >= SENTENCE and ancestor is not core else core
            beside = ancestor
    return core


class _Surroundings:
    """What stands around a core."""

    def __init__(self, core: Element, prose: Prose) -> None:
        self._ancestors = list(core.iterancestors())
        self._path = {core, *self._ancestors}
        self._prose = prose

    def drop(self, root: Element) -> None:
        """Remove what is not worth keeping, between the core and `root`."""
        beside, *around = self._ancestors[: self._ancestors.index(root) + 1]
        self._drop_children(beside, _DEEPEST, least=_SHORT_SENTENCE)
        for node in around:
            self._drop_children(node, _DEEPEST, least=2 * SENTENCE)

    def _drop_children(self, node: Element, depth: int, least: int) -> bool:
        """Whether any child is left. Of prose, `least` characters after the core are worth keeping."""
        kept_any = kept = untitled = False
        for child in reversed(list(node)):
            followed = kept
            if child in self._path:
                kept = untitled = True
                least = min(least, SENTENCE)
            elif child in self._prose.titles:
                kept = True
            elif is_heading(child):
                following = followed and child.getnext() not in self._path
                kept = (following or untitled) and self._prose.linked(child) < LINKED
                untitled = untitled and not kept
            else:
                kept = self._is_worth_keeping(child, depth, least)
            if not kept:
                detach(child)
            kept_any = kept_any or kept
        return kept_any

    def _is_worth_keeping(self, element: Element, depth: int, least: int) -> bool:
        prose = self._prose
        linked = prose.linked(element)
        if _is_around(element, prose):
            return False
        if prose.is_whole(element) or depth == 0 or (linked >= _SOME_LINKS and _is_announced(element)):
            return True
        if prose.holds_whole(element):
            return self._drop_children(element, depth - 1, least)
        if linked >= _CARD_LINKS and _is_one_of_many(element):
            return False
        if linked >= _SOME_LINKS:
            mixed = prose.prose(element) > 0 and not is_bare(element)
            return mixed and self._drop_children(element, depth - 1, least)
        if prose.prose(element) >= max(least, SENTENCE):
            return True
        said = text_of(element)
        if linked < _CARD_LINKS and (
            (len(said) >= least and said.endswith((".", "!"))) or _has_items(element)
        ):
            return True
        return _FACT.search(said) is not None


def _has_items(element: Element) -> bool:
    return len(list(islice(element.iter("li"), 2))) > 1


def drop_link_lists(root: Element) -> None:
    """Remove every list of links to other pages. Changes the tree."""
    prose = Prose(root, ())
    drop(root, lambda element: element.tag in BLOCKS and _is_link_list(element, prose))


def _drop_end_links(core: Element, prose: Prose) -> None:
    """Remove the lists of links that stand before the first and after the last prose."""
    elements = list(core.iterdescendants())
    ends = _subtree_ends(elements)
    said = [at for at, element in enumerate(elements) if prose.says(element)]
    if not said:
        return
    first, last = said[0], ends[said[-1]]
    gone = 0  # elements up to here went with what they stand in
    for at, element in enumerate(elements):
        outside = ends[at] <= first or at >= last
        if at >= gone and outside and element.tag in BLOCKS and _is_link_list(element, prose):
            detach(element)
            gone = ends[at]


def _subtree_ends(elements: list[Element]) -> list[int]:
    """For each of these elements in the order of the page where what follows its subtree stands."""
    ends = list(range(1, len(elements) + 1))
    places = {element: at for at, element in enumerate(elements)}
    for at in range(len(elements) - 1, -1, -1):
        parent = places.get(elements[at].getparent())
        if parent is not None:
            ends[parent] = max(ends[parent], ends[at])
    return ends


def _is_link_list(element: Element, prose: Prose) -> bool:
    if is_heading(element) or prose.linked(element) < LINKED or _is_announced(element):
        return False
    if prose.unlinked(element) >= _ANNOUNCEMENT and is_bare(element):
        return False  # a sentence with links in it
    return len(list(islice(element.iter("a"), 2))) > 1


def _is_one_of_many(card: Element) -> bool:
    """Whether there are three or more of its kind, each with a link: what they announce is on other pages."""
    linked = (other for other in _alike(card) if next(other.iter("a"), None) is not None)
    return len(list(islice(linked, 2))) == 2


def _alike(card: Element) -> Iterator[Element]:
    before = islice(card.itersiblings(preceding=True), _NEIGHBOURS)
    neighbours = chain(before, islice(card.itersiblings(), _NEIGHBOURS))
    return (
        other for other in neighbours if other.tag == card.tag and other.get("class") == card.get("class")
    )


def _is_announced(links: Element) -> bool:
    """Whether a sentence that ends in a colon leads to these links: then they are what it says."""
    before = links.getprevious()
    if before is None or is_heading(before) or not is_bare(before):
        return False
    said = text_of(before)
    return len(said) >= _ANNOUNCEMENT and said.endswith(":")


def _is_around(element: Element, prose: Prose) -> bool:
    """By its classes and its id, where it holds links or no sentence."""
    if prose.holds_title(element):
        return False
    says_nothing = prose.linked(element) >= _SOME_LINKS or not prose.prose(element)
    return says_nothing and any(map(_AROUND.fullmatch, names_of(element)))
