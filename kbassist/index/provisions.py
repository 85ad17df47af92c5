"""Provisions as exact terms: which ones a passage holds, and which ones a question asks for.

Two terms a provision: one for the passage it begins in, one for every passage inside it. They stand in the
sparse vectors beside the words, so that any number of documents may have a "§ 5". A hit that holds what was
asked for is then lifted over the others (`kbassist.index.addressed`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kbassist.protocols import Analyzer, IndexReader
from kbassist.text.acts import Act, act_named
from kbassist.text.addresses import Address, Mention, canonical, parse_addresses, steps_of
from kbassist.text.analysis import fold, words
from kbassist.text.ordinals import roman
from kbassist.types import IndexEntry, Passage

_BEGINS, _HOLDS = "§begins ", "§holds "  # no word begins so
TITLED = "titled"
CHAPTERS = ("rozdz", "oddz", "dział", "tytuł", "część", "księga", "zał")
_ASKING = frozenset(
    "co jak jest czego dotyczy mówi mowi stanowi brzmi treść tresc pokaż pokaz podaj w we z wg według "
    "zgodnie na podstawie o i oraz lub tej the of in and to what does is say says show me under "
    "according".split()
)
"""Words that ask for a provision and say nothing else."""
_SENTENCE_END = re.compile(r"[;?!\n]|\.(?=\s+[A-ZĄĆĘŁŃÓŚŹŻ]|\s*\Z)")
_MOST = 12
_OPENING = 40
_LONGEST_TITLE = 25


def entry_terms(entry: IndexEntry, analyzer: Analyzer) -> list[str]:
    """All terms of a passage: its words', then its provisions'."""
    return [*analyzer(entry.search_text), *provision_terms(entry.passage)]


def provision_terms(passage: Passage) -> list[str]:
    """Each term once; none for a passage that stands in no provision.

    The title of a provision is one more way to name it: "Organ nadzorczy" for art. 51.
    """
    begun = {form for _, label in passage.provisions for form in _forms(label)}
    around = _forms(passage.address) if passage.address else set()
    for heading in passage.headings if passage.address or begun else ():
        named = _opening(heading)
        if named is not None and named.root in CHAPTERS:
            around.add(named)
        if title := title_of(heading):
            (begun if named in begun else around).add(Address(TITLED, (title,)))
    held = begun | around | {parent for form in begun | around for parent in form.parents()}
    return sorted([*map(begins, begun), *map(holds, held)])


def begins(address: Address) -> str:
    """The term of the passage in which the provision begins."""
    return f"{_BEGINS}{address}"


def holds(address: Address) -> str:
    """The term of every passage that holds a part of the provision."""
    return f"{_HOLDS}{address}"


def title_of(heading: str) -> str:
    """The words of a provision's heading without its number; empty where there is nothing else."""
    mentions = parse_addresses(heading[:_OPENING])
    start = mentions[0].end if mentions and mentions[0].start == 0 else 0
    found = [fold(word) for word in words(heading[start:])]
    while found and (found[0].isdigit() or (len(found) > 1 and roman(found[0].upper()))):
        del found[0]
    return " ".join(found) if len(found) <= _LONGEST_TITLE else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for by address: the provisions that exist, each with the act it names."""

    provisions: tuple[tuple[Address, Act | None], ...]
    rest: str
    topic: str

    def terms(self) -> list[str]:
        addresses = dict.fromkeys(address for address, _ in self.provisions)
        return [term for address in addresses for term in (begins(address), holds(address))]


def asked_for(query: str, reader: IndexReader) -> Asked | None:
    """The provisions of the index that `query` names; None when it names none that is there.

    Of one that is not there the innermost provision around it counts. `rest` is the query without them,
    `topic` what is left without the names of their acts.
    """
    mentions = [mention for mention in parse_addresses(query) if not mention.address.relative][:_MOST]
    if not mentions:
        title = Address(TITLED, ("" if "?" in query else title_of(query),))
        return Asked(((title, None),), query, "") if title.path[0] and _known([title], reader) else None
    ways = [_ways(mention) for mention in mentions]
    known = _known([address for way in ways for address in way], reader)
    provisions, rest, topic = [], list(query), list(query)
    for mention, way in zip(mentions, ways, strict=True):
        address = next((address for address in way if address in known), None)
        if address is not None:
            act = _whole_name(query, act_named(query, mention.start, mention.end))
            provisions.append((address, act))
            _blank(rest, mention.start, mention.end)
            _blank(topic, mention.start, mention.end)
            if act is not None:
                _blank(topic, act.start, act.end)
    left = " ".join(word for word in words("".join(topic)) if word not in _ASKING)
    return Asked(tuple(provisions), "".join(rest), left) if provisions else None


def _whole_name(query: str, act: Act | None) -> Act | None:
    """With what follows up to the end of the sentence as another name: titles of acts have commas in them."""
    if act is None or act.generic or len(act.names) > 1:
        return act
    end = _SENTENCE_END.search(query, act.end)
    return replace(act, names=(act.name, query[act.start : end.start() if end else len(query)]))


def _blank(characters: list[str], start: int, end: int) -> None:
    characters[start:end] = " " * (end - start)


def _ways(mention: Mention) -> list[Address]:
    """The provisions it may mean, best first: as read, read otherwise, without its chapter, those around."""
    ways = [mention.address, *([mention.other] if mention.other else [])]
    ways += [form for way in list(ways) for form in _without_chapter(way)]
    return list(dict.fromkeys([*ways, *(parent for way in ways for parent in way.parents())]))


def _known(addresses: Sequence[Address], reader: IndexReader) -> set[Address]:
    # The empty term, which no passage holds, shows what an unknown one weighs.
    unknown, *weights = reader.idf(["", *map(holds, addresses)])
    return {address for address, weight in zip(addresses, weights, strict=True) if weight < unknown}


def _forms(label: str) -> set[Address]:
    """The address, and the shorter ones that people use for the same place."""
    steps = steps_of(label)
    address = canonical(steps)
    if address is None:
        return set()
    decimal = next((place for place, step in enumerate(steps) if place and "." in step[1]), None)
    own = canonical(steps[decimal:]) if decimal else None  # "pkt 7.2" of "§ 7 pkt 7.2"
    return {address, *_without_chapter(address), *([own] if own else [])}


def _without_chapter(address: Address) -> list[Address]:
    """§ 3 for "rozdz. 2 § 3"."""
    for place, number in enumerate(address.path):
        for unit in ("art", "§"):
            if place and number.startswith(unit):
                return [Address(unit, (number.removeprefix(unit), *address.path[place + 1 :]))]
    return []


def _opening(heading: str) -> Address | None:
    """The address that a heading begins with."""
    mentions = parse_addresses(heading[:_OPENING])
    return mentions[0].address if mentions and mentions[0].start == 0 else None
