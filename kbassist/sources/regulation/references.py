"""What a regulation refers to: "o którym mowa w art. 5 ust. 1", "ust. 2 stosuje się odpowiednio"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbassist.text.acts import act_named
from kbassist.text.addresses import Address, Mention, Step, canonical, parse_addresses, steps_of
from kbassist.text.outline import heading_end
from kbassist.types import Anchor, Document, Record

_CONNECTED = re.compile(
    r"[\s,]*(?:i|oraz|lub|albo|a także|jak i|and|or|w związku z|w zw\. z)?[\s\"]*", re.IGNORECASE
)
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
_SPACE = re.compile(r"\s+")
_OPENING = 1_000
_NUMBER_OF_CHAPTER = 40
# A number that opens the quoted wording of another act: „Art. 18. 1. …”.
_QUOTED_NUMBER = re.compile(r"\.\s+(?:§|\d|[A-ZĄĆĘŁŃÓŚŹŻ„\"])")


@dataclass(frozen=True, slots=True)
class Reference(Record):
    """A place in `Document.text[start:end]` that names a provision.

    `address` is the provision in its one form (`"art 5/1"`), whatever the spelling, and in full where the
    text says only "ust. 1". `target` is its label in the same document, empty where it is not there. `act`
    names the act when it is another one; such references are not resolved.
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
    mentions = []
    until = -1
    for mention in parse_addresses(text):
        until = skipped.get(mention.start, until)
        if mention.start >= until and not _opens_line(text, mention):
            mentions.append(mention)
    acts = _acts(mentions, places, document)
    last: tuple[Mention, tuple[Step, ...]] | None = None
    for mention, act in zip(mentions, acts, strict=True):
        around = places.around(mention.start)
        if last is not None and last[0].start < mention.start and _listed(text, last[0], mention):
            around = last[1]  # "art. 20 ust. 1 oraz ust. 3"
        reference, steps = places.reference(mention, around, act)
        last = (mention, steps)
        yield reference


def _acts(mentions: Sequence[Mention], places: _Places, document: Document) -> list[str | None]:
    """The other act that each one means, None for this one: "art. 5 i art. 7 ustawy o …" mean the same."""
    acts: list[str | None] = []
    following: Mention | None = None
    for mention in reversed(mentions):
        named, act = places.act(mention, document.title)
        if not named and following is not None:
            same = following.start == mention.start or _listed(document.text, mention, following)
            act = acts[-1] if same else act
        acts.append(act)
        following = mention
    return acts[::-1]


def _listed(text: str, first: Mention, second: Mention) -> bool:
    return _CONNECTED.fullmatch(text, first.end, second.start) is not None


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
            steps = steps_of(anchor.label)
            if address := canonical(steps):
                self._steps[anchor.label] = steps
                self._labels.setdefault(address, anchor.label)
        for anchor in headings:  # chapters
            mentions = parse_addresses(anchor.label[:_NUMBER_OF_CHAPTER])
            if mentions and mentions[0].start == 0:
                self._labels.setdefault(mentions[0].address, anchor.label)

    def reference(
        self, mention: Mention, around: tuple[Step, ...], act: str | None
    ) -> tuple[Reference, tuple[Step, ...]]:
        """The reference, and all of its steps."""
        start, end = mention.start, mention.end
        if act is not None:
            steps = mention.steps
            if mention.address.relative and around != self.around(start):
                steps = self._completed(mention, around)
            return Reference(start, end, str(canonical(steps) or mention.address), act=act), steps
        steps = self._completed(mention, around)
        address = canonical(steps) or mention.address
        if address not in self._labels and mention.other in self._labels:
            address = mention.other or address
        return Reference(start, end, str(address), self._labels.get(address, "")), steps

    def around(self, at: int) -> tuple[Step, ...]:
        """The steps of the innermost provision that `at` stands in."""
        index = bisect_right(self._starts, at) - 1
        return self._steps.get(self._provisions[index].label, ()) if index >= 0 else ()

    def _completed(self, mention: Mention, around: tuple[Step, ...]) -> tuple[Step, ...]:
        unit = mention.steps[0][0]
        if not self._is_relative(mention, around):
            return mention.steps
        rank = _ORDER.index(unit) if unit in _ORDER else len(_ORDER)
        above = tuple(step for step in around if step[0] not in _ORDER or _ORDER.index(step[0]) < rank)
        # A text may call "pkt" what stands directly in an article, and "ust." what is a "pkt" elsewhere.
        for length in range(len(above), 0, -1):
            if canonical((*above[:length], *mention.steps)) in self._labels:
                return (*above[:length], *mention.steps)
        return (*above, *mention.steps)

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

    def act(self, mention: Mention, title: str) -> tuple[bool, str | None]:
        """Whether the text says which act is meant, and the act; None for this one."""
        if _OWN.match(self._text, mention.end, mention.end + 60):
            return True, None
        other = _OTHER.match(self._text, mention.end, mention.end + 60)
        if other:
            return True, " ".join(re.sub(r"^\W+", "", other.group()).split())
        after = _SPACE.sub(" ", self._text[mention.end : mention.end + 300])
        act = act_named(after, 0, 0)
        if act is None or after[: act.start].strip(" \n,(–-ofthewz"):
            before = _SPACE.sub(" ", self._text[max(0, mention.start - 12) : mention.start])
            act = act_named(before, len(before), len(before))  # "RODO art. 22"
            act = act if act is not None and len(act.names) > 1 else None
        if act is None:
            return False, self._amended_at(mention.start)
        own = act.generic or " " not in act.name
        called = title
        if act.generic:
            called += self._text[: min(300, self._starts[0] if self._starts else 300)]
        own = (act.generic or " " not in act.name) and _is_called(called, act.name)
        return True, None if own else _plain(act.name)

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
