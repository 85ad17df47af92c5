"""How much of each element is prose, and how much of it is links: what tells text from what stands around it.

*Prose* is text in runs long enough for a sentence, mostly outside links, and whatever stands in panels,
data tables and definition lists.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from kbassist.sources.html.table import is_data
from kbassist.sources.html.tree import BLOCKS, HEADINGS, LABEL, Element, is_heading

SENTENCE = 80  # characters of a run of text that is prose
LINKED = 0.5  # from this share of links up a text is a list of links

_MOST_OF_PAGE = 0.65
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|odt|ods|rtf|zip)(?:[?#]|$)", re.IGNORECASE)


class Prose:
    """Characters of prose, of text and of links in every element of a tree; counted once.

    `title` is the page's heading, where it is known. `shown` are the panels that open and what opens them:
    they stay whole, unless they hold most of the page or little but links, and so do data tables, definition
    lists and addresses.
    """

    def __init__(self, root: Element, shown: Collection[Element], title: Element | None = None) -> None:
        self._text: dict[Element, int] = {}
        self._links: dict[Element, int] = {}
        self._prose: dict[Element, int] = {}
        self._says: set[Element] = set()
        self._holders: set[Element] = set()
        bottom_up = list(root.iter())
        bottom_up.reverse()
        for element in bottom_up:
            self._count_text(element)
        known = title is not None and title in self._text
        titles = [title] if known else list(filter(self.text, root.iter("h1")))
        self.titles: set[Element] = set(titles or root.xpath("(.//h2 | .//h3)[1]"))
        self._titled = {around for title in self.titles for around in (title, *title.iterancestors())}
        whole = (*shown, *root.iter("dl", "details", "address", LABEL), *filter(is_data, root.iter("table")))
        most = _MOST_OF_PAGE * self._text[root]
        self._whole = {item for item in whole if self.text(item) <= most and self.linked(item) < LINKED}
        for element in bottom_up:
            self._count_prose(element)

    def _count_text(self, element: Element) -> None:
        text, links = len((element.text or "").strip()), 0
        for child in element:
            text += self._text[child] + len((child.tail or "").strip())
            links += self._links[child]
        self._text[element] = text
        self._links[element] = text if _leads_elsewhere(element) else links

    def _count_prose(self, element: Element) -> None:
        whole = element in self._whole
        if whole or element in self.titles or any(child in self._holders for child in element):
            self._holders.add(element)
        if whole:
            self._says.add(element)
            self._prose[element] = self.unlinked(element)
            return
        inline, links, prose = len((element.text or "").strip()), 0, 0
        for child in element:
            inline += len((child.tail or "").strip())
            prose += self._prose[child]
            if child.tag not in BLOCKS and not self._prose[child]:
                inline += self._text[child]
                links += self._links[child]
        if inline >= SENTENCE and links < LINKED * inline and not is_heading(element):
            prose += inline - links
            self._says.add(element)
        self._prose[element] = 0 if _leads_elsewhere(element) else prose

    def text(self, element: Element) -> int:
        """Characters without the space around them."""
        return self._text.get(element, 0)

    def prose(self, element: Element) -> int:
        """Characters of prose."""
        return self._prose.get(element, 0)

    def unlinked(self, element: Element) -> int:
        """Characters outside links to other pages."""
        return self.text(element) - self._links.get(element, 0)

    def linked(self, element: Element) -> float:
        """The share of the text that stands in links to other pages."""
        return self._links.get(element, 0) / max(self.text(element), 1)

    def linked_around(self, whole: Element, core: Element) -> float:
        """The share of links in the text of `whole` that does not stand in `core`."""
        return (self._links[whole] - self._links[core]) / max(self._text[whole] - self._text[core], 1)

    def is_whole(self, element: Element) -> bool:
        """Whether `element` stays as it is: a panel, a table, a list of terms."""
        return element in self._whole

    def holds_title(self, element: Element) -> bool:
        """Whether the page's title stands in `element` or is it."""
        return element in self._titled

    def holds_whole(self, element: Element) -> bool:
        """Whether something that stays as it is stands in `element`, or the page's title."""
        return element in self._holders

    def says(self, element: Element) -> bool:
        """Whether prose stands right in `element`."""
        return element in self._says


def _leads_elsewhere(element: Element) -> bool:
    """Whether `element` is a link to another page, rather than to a place in this one, a phone or a file."""
    if element.tag != "a":
        return False
    href = element.get("href") or ""
    return not href.startswith(("#", "tel:", "mailto:")) and not _FILE.search(href)


def is_bare(element: Element) -> bool:
    """Whether no block stands in `element`."""
    return not any(child.tag in BLOCKS or child.tag in HEADINGS for child in element)
