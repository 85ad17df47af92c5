"""Accordions and tabs: which panel is opened by what, and the opener as the panel's heading.

Covers `<details>`, the ARIA patterns, Bootstrap, tabs by `href` or `data-…`, the checkbox trick, and
the classes that hand-made accordions use.
"""

from __future__ import annotations

import re
from itertools import islice

from kbassist.sources.html.tree import (
    BLOCKS,
    HEADINGS,
    LABEL,
    Element,
    detach,
    has_text,
    is_heading,
    names_of,
    opening,
    text_of,
    within,
    xml_text,
)

Panels = dict[Element, Element]
"""A panel to what opens it."""

_LONGEST_LABEL = 250  # characters
_NEAR = 1000  # elements among which a list of tabs has its panels
_MOST_PIECES = 40  # of text between the tags of a label
_TOGGLES = frozenset({"collapse", "tab", "pill", "accordion", "toggle"})
_OPENER_CLASS = re.compile(
    r"(?:accordion|akordeon|faq|collaps\w*|toggle|expand\w*|spoiler)s?[-_]*(?:item[-_]*)?"
    r"(?:title|header|heading|head|trigger|toggle|button|btn|question|label|summary|pytanie|tab|q)"
    r"|(?:[a-z0-9]+[-_]+)*(?:question|pytanie)(?:[-_]+(?:title|text|header|btn|button))?"
    r"|accordion|akordeon|collapsible",
    re.IGNORECASE,
)
_GROUP_CLASS = re.compile(r"accordion|akordeon|faq|collaps|toggle|tab(?:s|list|-nav)|pytania", re.IGNORECASE)
_TAB_LIST = re.compile(
    r"(?:.*[-_])?tabs?(?:[-_]*(?:list|nav\w*|controls?|head\w*|menu|titles?|labels?|buttons?|links?|wrapper))?",
    re.IGNORECASE,
)
_MOST_TABS = 12
_QUOTED = re.compile(r"['\"]#?([\w:.-]+)['\"]")


def find_panels(root: Element) -> Panels:
    """Every panel that something on the page opens, hidden ones included."""
    ids: dict[str, Element] = {}
    for element in root.iter():
        name = element.get("id")
        if name:
            ids.setdefault(name, element)
    panels: Panels = {}
    switched: set[Element] = set()  # elements whose switches have been seen to
    for element in root.iter():
        if not element.attrib and element.tag not in ("summary", "button"):
            continue
        found = [ids[name] for name in _targets(element) if name in ids]
        label = ids.get(element.get("aria-labelledby") or "")
        if label is not None and _is_opener(label) and label not in element.iter():
            panels.setdefault(element, label)
        elif not found and element.tag != "summary" and not _is_switch(element) and _is_opener(element):
            following = _following(element)
            found = [] if following is None else [following]
        if element.get("role") == "tablist":
            panels.update(_tabs(element))
        elif any(map(_TAB_LIST.fullmatch, names_of(element))):
            for panel, opener in _tabs_in_place(element).items():
                panels.setdefault(panel, opener)
        elif _is_switch(element) and element.getparent() not in switched:
            switched.add(element.getparent())
            panels.update(_switched(element.getparent()))
        for panel in found:
            if panel is not element and panel not in element.iterancestors() and panel.tag != "body":
                panels.setdefault(panel, element)
    return panels


def _tabs(tablist: Element) -> Panels:
    """Tabs that name no panel, each with the panel in its place."""
    tabs = [element for element in islice(tablist.iterdescendants(), _NEAR) if element.get("role") == "tab"]
    if not tabs or any("aria-controls" in tab.attrib for tab in tabs):
        return {}
    for around in islice(tablist.iterancestors(), 3):
        near = islice(around.iterdescendants(), _NEAR)
        panels = [element for element in near if element.get("role") == "tabpanel"]
        if panels:
            return dict(zip(panels, tabs, strict=True)) if len(panels) == len(tabs) else {}
    return {}


def _tabs_in_place(tabs: Element) -> Panels:
    """Tabs known by a class alone, each with the panel in its place among as many blocks right after them."""
    labels = [item for item in islice(tabs, _MOST_TABS + 1) if has_text(item)]
    if not 2 <= len(labels) <= _MOST_TABS or not all(map(_short_label, labels)):
        return {}
    openers = [next((inner for inner in label.iter("a", "button")), label) for label in labels]
    if any(opener.tag == "a" and (opener.get("href") or "#")[0] != "#" for opener in openers):
        return {}  # a menu
    following = [block for block in islice(tabs.itersiblings(), _MOST_TABS + 1) if has_text(block)]
    inside = [block for block in islice(following[0], _MOST_TABS + 1) if has_text(block)] if following else []
    for blocks in (following, inside):
        alike = len({block.tag for block in blocks}) == 1 and blocks[0].tag in BLOCKS - HEADINGS - {"li"}
        if alike and len(blocks) == len(labels):
            return dict(zip(blocks, openers, strict=True))
    return {}


def _is_switch(label: Element) -> bool:
    """Whether this is a label right after the checkbox or radio button that it switches."""
    if label.tag != "label":
        return False
    before = label.getprevious()
    return (
        before is not None
        and before.tag == "input"
        and before.get("id") == label.get("for", "")
        and before.get("type") in ("checkbox", "radio")
    )


def _switched(parent: Element) -> Panels:
    """Panels of the switches in `parent`: what follows each or, where all stand first, has its place."""
    labels = [label for label in parent.iterchildren("label") if _is_switch(label)]
    followed = [(label, _following(label)) for label in labels]
    if len(labels) > 1 and all(panel is None for _, panel in followed[:-1]):
        blocks = [
            element for element in labels[-1].itersiblings() if element.tag in BLOCKS and has_text(element)
        ]
        return dict(zip(blocks, labels, strict=True)) if len(blocks) == len(labels) else {}
    return {panel: label for label, panel in followed if panel is not None}


def openable(panels: Panels) -> frozenset[Element]:
    """The panels, with what is around each of them as far as that does not hold its opener too."""
    found: set[Element] = set()
    for panel, opener in panels.items():
        around = set(opener.iterancestors())
        found.add(panel)
        for ancestor in panel.iterancestors():
            if ancestor in around:
                break
            found.add(ancestor)
    return frozenset(found)


def label_panels(root: Element, panels: Panels) -> None:
    """Turn openers into headings that stand right before what they open. Changes the tree."""
    for panel, opener in panels.items():
        if _is_opener(opener) and root in (opener, *opener.iterancestors()):
            _label(panel, opener, root)
    for summary in list(root.iter("summary")):
        if not _holds_heading(summary):
            summary.tag = LABEL
    for bold in list(root.iter("b", "strong")):
        if _is_question_line(bold):
            bold.tag = LABEL
    for term in list(root.iter("dt")):
        if text_of(term).endswith("?") and not _holds_heading(term):
            term.tag = LABEL
    for element in root.xpath('.//*[contains(@itemtype, "schema.org/Question")]//*[@itemprop="name"]'):
        if not within(element, *HEADINGS) and not _holds_heading(element) and element.tag != "meta":
            element.tag = LABEL


def _label(panel: Element, opener: Element, root: Element) -> None:
    label = _short_label(opener)
    if not label or opener.tag == "summary" or is_heading(panel):
        return
    if within(opener, *HEADINGS) or _holds_heading(opener):
        return
    if _following(opener) is panel:
        opener.tag = LABEL
    elif root not in panel.iterancestors() or not has_text(panel):
        return
    elif _opens_with_heading(panel):
        first = next(filter(is_heading, panel.iter()))
        if text_of(first).lower() == label.lower():
            detach(opener)
    else:
        heading = panel.makeelement(LABEL)
        heading.text, heading.tail, panel.text = xml_text(label), xml_text(panel.text or ""), None
        panel.insert(0, heading)
        detach(opener)


def _opens_with_heading(panel: Element) -> bool:
    for element in panel.iter():
        if is_heading(element):
            return True
        if (element.text or "").strip():
            return False
    return False


def _targets(element: Element) -> list[str]:
    """Ids that an element's attributes point to as what it opens."""
    found: list[str] = []
    for name, value in element.attrib.items():
        if name == "aria-controls":
            found.extend(value.split())
        elif name == "onclick":
            found.extend(_QUOTED.findall(value))
        elif (name.startswith("data-") and len(value) < 100) or (name == "href" and value[:1] == "#"):
            found.append(value.strip().lstrip("#."))
    return found


def _is_opener(element: Element) -> bool:
    """Whether an element looks and behaves like the title of a panel."""
    attributes = element.attrib
    role = attributes.get("role", "")
    if "aria-haspopup" in attributes or role in ("menuitem", "option", "presentation"):
        return False
    toggle = attributes.get("data-bs-toggle") or attributes.get("data-toggle") or ""
    if "aria-expanded" in attributes or toggle in _TOGGLES or role == "tab" or element.tag == "summary":
        return True
    if any(_OPENER_CLASS.fullmatch(name) for name in names_of(element)):
        return bool(_short_label(element)) and not _holds_blocks(element)
    if _is_switch(element):
        return True
    clickable = element.tag == "button" or role == "button" or "onclick" in attributes
    if not clickable and not (element.tag == "a" and (attributes.get("href") or "").startswith("#")):
        return False
    if clickable and _short_label(element).endswith("?"):
        return True
    groups = [element, *list(element.iterancestors())[:3]]
    return any(_GROUP_CLASS.search(group.get("class") or "") for group in groups)


def _following(opener: Element) -> Element | None:
    """The element after an opener, or after what holds nothing but the opener."""
    node = opener
    for _ in range(4):
        following = node.getnext()
        while following is not None and following.tag not in BLOCKS and not has_text(following):
            following = following.getnext()  # an icon
        if following is not None:
            if not has_text(following) or is_heading(following) or following.tag not in BLOCKS:
                return None
            return following if not _is_opener(following) else None
        parent = node.getparent()
        if parent is None or parent.tag in ("body", "li", "td"):
            return None
        if opening(parent) != opening(node):
            return None
        node = parent
    return None


def _holds_heading(element: Element) -> bool:
    return any(is_heading(inner) for inner in element.iterdescendants())


def _holds_blocks(element: Element) -> bool:
    """Whether there are two or more blocks of text in a short element."""
    inside = islice(element.iterdescendants(*BLOCKS), 20)
    return len(list(islice(filter(has_text, inside), 2))) > 1


def _short_label(element: Element) -> str:
    """The text of an element, unless it is too long to be a label."""
    pieces = list(islice(element.itertext(), _MOST_PIECES + 1))
    label = " ".join("".join(pieces).split())
    short = len(pieces) <= _MOST_PIECES and len(label) <= _LONGEST_LABEL
    return label if short else ""


def _is_question_line(bold: Element) -> bool:
    """A question in bold that opens its block and is followed by a line break or nothing."""
    text = text_of(bold)
    parent = bold.getparent()
    if not text.endswith("?") or len(text) > _LONGEST_LABEL or parent is None or within(parent, *HEADINGS):
        return False
    if parent.tag not in ("p", "div", "li", "dt", "section", "article") or (parent.text or "").strip():
        return False
    before, after = bold.getprevious(), bold.getnext()
    if (bold.tail or "").strip() or (before is not None and before.tag != "br"):
        return False
    return after is None or after.tag == "br" or after.tag in BLOCKS
