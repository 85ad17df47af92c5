"""What a regulation refers to: "o którym mowa w art. 5 ust. 1", "ust. 2 stosuje się odpowiednio"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbassist.text.acts import act_named
from kbassist.text.addresses import Address, Mention, Step, canonical, parse_addresses
from kbassist.text.outline import heading_end
from kbassist.types import Anchor, Document, Record

_ORDER = ("art", "§", "motyw", "ust", "pkt", "ppkt", "lit", "tiret")
_OWN = re.compile(
    r"\W*(?:(?:of|w|z|do)\s+)?(?:niniejsz|tej ustawy|tego rozporządzenia|tegoż|powyżej|poniżej"
    r"|this (?:regulation|directive|act|agreement|policy)|th(?:is|ese) terms|above|below|hereof)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\W*(?:tej|tego|wymienion\w+|that|the said) (?:ustaw|rozporządz|dyrektyw|act|directive)\w*",
    re.IGNORECASE,
)
_AMENDS = re.compile(
    r"W\s+(?P<act>(?:ustawie|rozporządzeniu|uchwale|regulaminie|kodeksie|dekrecie)\b[\s\S]{3,800}?)"
    r"(?:\(Dz|wprowadza\s+się|dodaje\s+się|otrzymuje|skreśla\s+się|po\s+art\.|art\.\s*\d)",
    re.IGNORECASE,
)
_OPENING = 1_000
_NUMBER_OF_CHAPTER = 40
# A number that opens the quoted wording of another act: „Art. 18. 1. …”.
_QUOTED_NUMBER = re.compile(r"\.\s+(?:§|\d|[A-ZĄĆĘŁŃÓŚŹŻ„\"])")


@dataclass(frozen=True, slots=True)
class Reference(Record):
    """A place in `Document.text[start:end]` that names a provision.

    `address` is the provision in its one form (`"art 5/1"`), whatever the spelling, and in full where the text
    says only "ust. 1". `target` is its label in the same document, empty where it is not there. `act` names
    the act when it is another one; such references are not resolved.
    """

    start: int
    end: int
    address: str
    target: str = ""
    act: str = ""


def references(document: Document) -> tuple[Reference, ...]:
    """Every reference in `document`, in order; a list or range gives one for each provision.

    The numbers and titles of the provisions themselves are none. What stands relative to a provision
    ("ust. 2", "lit. b") is completed with it. Inside the amendments of another act that act is meant.
    """
    return tuple(_found(document))


def _found(document: Document) -> Iterator[Reference]:
    text = document.text
    provisions = sorted(
        (anchor for anchor in document.anchors if anchor.kind == "provision"),
        key=lambda anchor: (anchor.start, anchor.level),
    )
    headings = [anchor for anchor in document.anchors if anchor.kind == "heading"]
    places = _Places(text, provisions, headings)
    skipped = {anchor.start: anchor.start + 1 for anchor in provisions}
    skipped |= {anchor.start: heading_end(text, anchor) for anchor in headings if anchor.start not in skipped}
    until = -1
    for mention in parse_addresses(text):
        if mention.start in skipped:
            until = skipped[mention.start]
        if mention.start in skipped or mention.start < until or _opens_line(text, mention):
            continue
        yield places.reference(mention, document.title)


def _opens_line(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - 80) : mention.start]
    return not before[before.rfind("\n") + 1 :].strip(' \t\xa0„"”“') and bool(
        _QUOTED_NUMBER.match(text, mention.end)
    )


class _Places:
    """The provisions of a text, by place and by address."""

    def __init__(self, text: str, provisions: Sequence[Anchor], headings: Sequence[Anchor]) -> None:
        self._text = text
        self._provisions = provisions
        self._starts = [anchor.start for anchor in provisions]
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._labels: dict[Address, str] = {}
        self._amended: dict[int, str] = {}
        for anchor in provisions:
            mentions = parse_addresses(anchor.label)
            if len(mentions) == 1:
                self._steps[anchor.label] = mentions[0].steps
                self._labels.setdefault(mentions[0].address, anchor.label)
        for anchor in headings:  # chapters
            mentions = parse_addresses(anchor.label[:_NUMBER_OF_CHAPTER])
            if mentions and mentions[0].start == 0:
                self._labels.setdefault(mentions[0].address, anchor.label)

    def reference(self, mention: Mention, title: str) -> Reference:
        steps = self._around(mention.start)
        act = self._act(mention, title)
        if act is None:
            address = self._completed(mention, steps)
        else:
            address = mention.address
        target = "" if act is not None else self._labels.get(address, "")
        if act is None and not target and mention.other is not None and mention.other in self._labels:
            address, target = mention.other, self._labels[mention.other]
        return Reference(mention.start, mention.end, str(address), target, act or "")

    def _around(self, at: int) -> tuple[Step, ...]:
        """The steps of the innermost provision that `at` stands in."""
        index = bisect_right(self._starts, at) - 1
        return self._steps.get(self._provisions[index].label, ()) if index >= 0 else ()

    def _completed(self, mention: Mention, around: tuple[Step, ...]) -> Address:
        unit = mention.steps[0][0]
        if not self._is_relative(mention, around):
            return mention.address
        rank = _ORDER.index(unit) if unit in _ORDER else len(_ORDER)
        above = tuple(step for step in around if step[0] not in _ORDER or _ORDER.index(step[0]) < rank)
        # A text may call "pkt" what stands directly in an article, and "ust." what is a "pkt" elsewhere.
        for length in range(len(above), 0, -1):
            full = canonical((*above[:length], *mention.steps))
            if full is not None and full in self._labels:
                return full
        return canonical((*above, *mention.steps)) or mention.address

    def _is_relative(self, mention: Mention, around: tuple[Step, ...]) -> bool:
        if mention.address.relative:
            return True
        units = [unit for unit, _ in around]
        if mention.address.root == "pkt":
            return bool({"art", "§"} & {*units})
        nested = mention.address.root == "§" and units[:1] == ["art"]
        counted_anew = (
            mention.address.root in ("§", "art") and mention.address not in self._labels and bool(units)
        )
        return nested or (counted_anew and units[0] not in ("art", "§"))

    def _act(self, mention: Mention, title: str) -> str | None:
        """The other act that is meant, None for this one."""
        if _OWN.match(self._text, mention.end, mention.end + 60):
            return None
        other = _OTHER.match(self._text, mention.end, mention.end + 60)
        if other:
            return " ".join(other.group().split())
        after = self._text[mention.end : mention.end + 300]
        act = act_named(after, 0, 0)
        if act is None or after[: act.start].strip(" \n,(–-ofthewz"):
            before = self._text[max(0, mention.start - 12) : mention.start]
            act = act_named(before, len(before), len(before))  # "RODO art. 22"
            act = act if act is not None and len(act.names) > 1 else None
        if act is None:
            return self._amended_at(mention.start)
        own = act.generic or " " not in act.name
        return None if own and _is_called(title + self._text[:300], act.name) else _plain(act.name)

    def _amended_at(self, at: int) -> str | None:
        """The act that is changed where `at` stands: "W ustawie … wprowadza się następujące zmiany:"."""
        index = bisect_right(self._starts, at) - 1
        while index >= 0 and self._provisions[index].level > 1:
            index -= 1
        if index < 0:
            return None
        start = self._starts[index]
        if start not in self._amended:
            match = _AMENDS.search(self._text, start, start + _OPENING)
            opens = match is not None and match.start() - start < 30
            self._amended[start] = _plain(match["act"]) if match is not None and opens else ""
        return self._amended[start] or None


def _is_called(opening: str, name: str) -> bool:
    """Whether a document that opens so is what the name says: "Regulaminu" in a regulamin."""
    return name.split()[0].lower()[:6] in opening.lower()


def _plain(name: str) -> str:
    plain = " ".join(name.split()).rstrip(" ,–-")
    return plain if plain.count(".") > 1 else plain.rstrip(".")
