"""What stands around the text: navigation, headers and footers, cookie bars, forms, buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from itertools import islice

from kbassist.sources.html.phrases import (
    is_feedback,
    is_pager,
    is_trail,
    leads_elsewhere,
    speaks_of_cookies,
)
from kbassist.sources.html.tree import (
    BLOCKS,
    HEADINGS,
    Element,
    detach,
    is_heading,
    names_of,
    opening,
    within,
)

_NEVER_TEXT = frozenset(
    "script style noscript template iframe object embed applet svg canvas audio video map "
    "select datalist textarea meter progress head link meta base param source track area del s strike".split()
)
_NAVIGATION_ROLES = frozenset({"navigation", "search", "menu", "menubar", "toolbar", "banner", "contentinfo"})

_PART = r"(?:[-_]+(?:wrap(?:per)?|container|bar|list|inner|links?|menu|nav|top|bottom|box|section|area|icons?"
_PART += r"|buttons?|main|mobile|desktop|primary|secondary|left|right|content|panel|items?|row|col|\d+))*"
_OWNER = (
    r"(?:(?:site|main|page|global|top|bottom|side|header|footer|mobile|primary|secondary|user|wp|my)[-_]*)?"
)
_NAVIGATION = re.compile(
    _OWNER + r"(?:nav|navbar|navi|navigation|menu|submenu|topbar|breadcrumbs?|okruszki|pagination|paginacja"
    r"|pager|paging|sidebar|(?:sidebar-)?toc(?:-macro)?|tags?|tagcloud|related|socials?|social[-_]media|share|sharing|language[-_]?"
    r"(?:switcher|selector)?|langs?|(?:mini[-_]?)?(?:cart|koszyk|basket)|skip[-_]?links?|back[-_]?to[-_]?top|newsletter)"
    + _PART,
    re.IGNORECASE,
)
_PAGE_EDGE = re.compile(
    r"(?:site|main|page|global|top|app|layout|elementor-location|shopify-section|section)?[-_]?(?:footer|stopka)"
    + _PART
    + r"|(?:site|main|global|top|elementor-location|shopify-section)[-_]?header"
    + _PART
    + r"|masthead|header[-_]top|top[-_]?bar|(?:promo|announcement|notification)[-_]?bar"
    + r"|mw-editsection|sitenotice|printfooter|(?:mui)?snackbar(?:-root)?|toast(?:[-_]container)?"
    + r"|copyrights?",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r".*(?:cookies?|ciasteczk\w*|consent|gdpr|rodo)[-_]*(?:bar|banner|notice|notification|consent|popup|modal|info|law"
    r"|box|overlay|message|msg|alert|dialog|layer|panel|wrap(?:per)?|container|policy[-_]bar|bottom|widget|prompt)"
    r".*|cookie[-_]?(?:consent|law|bar|banner).*|cc[-_](?:window|banner|revoke)|cky-.*|onetrust.*|cybotcookiebot.*"
    r"|iubenda-cs.*|cmplz-.*|klaro",
    re.IGNORECASE,
)
_OTHERS_WORDS = re.compile(
    r"(?:.*[-_])?(?:comments?|comment[-_]?(?:list|area|section|thread|form|respond)|komentarze|disqus\w*|respond"
    r"|replies|outbrain|taboola|recirc\w*|addthis\w*|advert\w*)(?:[-_].*)?",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"(?:btn|button|cta)(?:[-_].+)?|skip[-_]?(?:link|to[-_]content)", re.IGNORECASE)
_SKIP_LINK = re.compile(
    r"(?:przejdź|przeskocz|skip|jump) (?:do|to) .{3,30}|(?:back|return) to (?:the )?top"
    r"|(?:wróć |powrót )?(?:do góry|na górę(?: strony)?|na początek)",
    re.IGNORECASE,
)
_QUANTITY = re.compile(r".*(?:qty|quantity|ilosc|number|count|amount).*", re.IGNORECASE)
_WRITTEN = frozenset({"text", "email", "tel", "password", "search", "url"})
_MOST_OF_PAGE = 0.4
_LONGEST_PHRASE = 500  # characters
_PAGER_LINKS = 0.9
_TEASER_LINKS = 0.25
_NEAR = 50  # elements


class Sizes:
    """Characters of text in each element of a tree, in all and inside links; counted once."""

    def __init__(self, root: Element) -> None:
        self._text: dict[Element, int] = {}
        self._links: dict[Element, int] = {}
        for element in reversed(list(root.iter())):
            text, linked = len((element.text or "").strip()), 0
            for child in element:
                text += self._text[child] + len((child.tail or "").strip())
                linked += self._links[child]
            self._text[element] = text
            self._links[element] = text if element.tag == "a" else linked

    def text(self, element: Element) -> int:
        """Characters without the space around them."""
        return self._text.get(element, 0)

    def linked(self, element: Element) -> float:
        """The share of the text that stands in links."""
        return self._links.get(element, 0) / max(self.text(element), 1)


def drop(root: Element, unwanted: Callable[[Element], bool]) -> None:
    """Remove each element for which `unwanted` holds, with all that is in it but not what follows."""
    node = next(iter(root), None)
    while node is not None:
        if unwanted(node):
            following = _after(node, root)
            detach(node)
            node = following
        else:
            node = node[0] if len(node) else _after(node, root)


def drop_code(root: Element) -> None:
    """Remove what never is text for a reader: scripts, styles, controls, struck-out words."""
    drop(root, lambda element: element.tag in _NEVER_TEXT)


def drop_boilerplate(root: Element, panels: Collection[Element], openers: Collection[Element]) -> None:
    """Remove what is around the text. Panels that open stay, and so does what opens them."""
    sizes = Sizes(root)
    whole = max(sizes.text(root), 1)
    around_title = frozenset(_ancestors_of(root, "h1", "main"))

    def opens(element: Element) -> bool:
        inside = element.iter()
        return any(inner.tag == "details" or inner in panels or inner in openers for inner in inside)

    def says_boilerplate(element: Element) -> bool:
        if element.tag not in BLOCKS or not 0 < sizes.text(element) <= _LONGEST_PHRASE:
            return False
        text = opening(element)
        if is_feedback(text):
            return not opens(element)
        links = [opening(link, 3) for link in islice(element.iter("a"), 3)]
        if links and (is_trail(text) or (sizes.linked(element) >= _PAGER_LINKS and is_pager(links))):
            return True
        if not speaks_of_cookies(text) or within(element, "main", "article"):
            return False
        near = islice(element.iterdescendants("button", "a", "div", "span"), _NEAR)
        return any(map(is_button, near)) and not opens(element)

    def announces_others(element: Element) -> bool:
        if element.tag not in ("div", "section") or sizes.linked(element) < _TEASER_LINKS:
            return False
        said = next((piece.strip() for piece in element.itertext() if not piece.isspace()), "")
        return len(said) < sizes.text(element) and leads_elsewhere(said) and not opens(element)

    def unwanted(element: Element) -> bool:
        tag, share = element.tag, sizes.text(element) / whole
        if tag == "nav":
            return True
        if tag in ("main", "article") or is_heading(element):
            return False
        if is_button(element) or _is_mark(element):
            return element not in openers and (_is_mark(element) or not within(element, *HEADINGS))
        if tag == "form" and (share >= _MOST_OF_PAGE or _wraps_text(element)):
            return False  # some frameworks wrap the whole page in one
        if element in around_title or element in panels or element in openers:
            return False
        if tag == "form" or element.get("role") in _NAVIGATION_ROLES:
            return True
        if tag in ("header", "footer", "aside"):
            return not _belongs_to_text(element, sizes)
        if share < _MOST_OF_PAGE and (_is_dialog(element) or announces_others(element)):
            return True
        return _is_named_boilerplate(element, sizes, share) or says_boilerplate(element)

    drop(root, unwanted)


def is_notice(element: Element) -> bool:
    """A cookie bar or its like."""
    return any(_COOKIES.fullmatch(name) for name in names_of(element))


def drop_buttons(root: Element) -> None:
    """Remove the buttons that opened nothing."""
    drop(root, lambda element: is_button(element) and not within(element, *HEADINGS))


def _belongs_to_text(edge: Element, sizes: Sizes) -> bool:
    """Whether a header, footer or aside is one of the text and not of the page."""
    if sizes.linked(edge) >= 0.5 or any(_PAGE_EDGE.fullmatch(name) for name in names_of(edge)):
        return False
    if edge.tag == "footer" and "©" in opening(edge):
        return False
    if within(edge.getparent(), "main", "article"):
        return True
    headed = any(is_heading(element) for element in edge.iter())
    return bool(edge.tag == "header" and headed and within(edge, "section"))


def _is_named_boilerplate(element: Element, sizes: Sizes, share: float) -> bool:
    """By its classes and its id."""
    names = names_of(element)
    if any(_OTHERS_WORDS.fullmatch(name) for name in names):
        return share < _MOST_OF_PAGE
    if is_notice(element):
        return share < _MOST_OF_PAGE or sizes.text(element) < 1500
    if share >= _MOST_OF_PAGE:
        return False
    if any(_PAGE_EDGE.fullmatch(name) for name in names):
        return not within(element, "main", "article")
    return sizes.linked(element) >= 0.5 and any(_NAVIGATION.fullmatch(name) for name in names)


def _is_dialog(element: Element) -> bool:
    """A dialogue that nothing in the text opens."""
    if element.get("role") in ("dialog", "alertdialog"):
        return True
    names = names_of(element)
    return "modal" in names and "fade" in names


def _is_mark(link: Element) -> bool:
    """A link to a place in this page that is a mere sign: `¶`, `#`, `↑`."""
    if link.tag != "a" or not (link.get("href") or "").startswith("#") or len(link):
        return False
    return not any(map(str.isalnum, link.text or ""))


def _wraps_text(form: Element) -> bool:
    """Whether a form holds text with a heading and nothing to write in, as around a product in a shop."""
    fields = (field for field in form.iter("input") if field.get("type", "text") in _WRITTEN)
    if any(not _QUANTITY.fullmatch(field.get("name") or "") for field in fields):
        return False
    if next(form.iter("label"), None) is not None:
        return False
    return (
        next(form.iter(*HEADINGS), None) is not None and next(form.iter("p", "ul", "table"), None) is not None
    )


def is_button(element: Element) -> bool:
    """A button, or a link that is made to look like one or jumps to the text."""
    if element.tag == "button" or (element.get("role") == "button" and element.tag in ("a", "span", "div")):
        return True
    if element.tag != "a":
        return False
    if any(_BUTTON.fullmatch(name) for name in names_of(element)):
        return True
    text = (element.text or "").strip()
    return (element.get("href") or "").startswith("#") and _SKIP_LINK.fullmatch(text) is not None


def _ancestors_of(root: Element, *tags: str) -> set[Element]:
    found: set[Element] = set()
    for element in root.iter(*tags):
        for ancestor in element.iterancestors():
            if ancestor in found:
                break
            found.add(ancestor)
    return found


def _after(node: Element, root: Element) -> Element | None:
    """What follows a node in the order of the page, its own content left out."""
    place = node
    while place is not None and place is not root:
        following = place.getnext()
        if following is not None:
            return following
        place = place.getparent()
    return None
