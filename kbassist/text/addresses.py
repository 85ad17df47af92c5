"""Addresses of provisions: one form for all the ways in which people write them.

`art. 6 ust. 1 lit. f`, `art.6 ust 1 lit f`, `Article 6(1)(f)` and `point (f) of Article 6(1)` are one
address; so are `§ 7 ust. 2`, `par. 7 pkt 2` and `§7.2`, because a provision has one numbering directly
below it, whatever the text calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbassist.text.address_steps import CHAPTERS, UNIT, Step, brackets, step
from kbassist.text.ordinals import roman

__all__ = ["Address", "Mention", "Step", "address_of", "canonical", "parse_addresses", "steps_of"]

_ROOTS = ("art", "§", "motyw", "pkt", "zał", *CHAPTERS)
_RANK = {name: rank for rank, name in enumerate((*CHAPTERS, "zał", "art", "§", "motyw", "ust", "pkt"))}

_BETWEEN = re.compile(r"[\s,]*")
_TURNED = re.compile(r"\s+(?:(?:of|w|we|z|do)\s+)?", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w.,§])(?P<dotted>\d{1,2}(?:\.\d{1,2}){2,4})(?![\w]|[.,]\d)"
    r"|(?<![\w.])(?P<roman>[IVX]{1,5})\.(?P<part>\d{1,2})(?!\w|\.\d)"
)
_POLISH_STEP = re.compile(r"(art\.|§|ust\.|pkt|ppkt|lit\.|motyw) (\d{1,4}[a-z]{0,2}|[a-z]{1,2})(?= |$)")
_ENGLISH_LABEL = re.compile(
    r"(?P<unit>Article|Section|Recital) (?P<number>\d{1,4}[a-z]?(?:\.\d{1,3})*)"
    r"(?P<below>(?:\((?:\d{1,3}[a-z]?|[a-z]{1,5})\))*)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provision stands, independent of language and spelling.

    `root` names the outermost numbering (`art`, `§`, `pkt` for plain numbers, `motyw`, `rozdz`, `zał` …),
    `path` the numbers from there inwards: `art. 6 ust. 1 lit. f` is `("art", ("6", "1", "f"))`. A root
    below these (`ust`, `lit` …) makes the address relative to where it is written.
    """

    root: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.root} {'/'.join(self.path)}"

    @property
    def relative(self) -> bool:
        """Whether it can only be understood from where it stands ("ust. 2")."""
        return self.root not in _ROOTS

    def parents(self) -> list[Address]:
        """The provisions that hold it, innermost first."""
        return [Address(self.root, self.path[:length]) for length in range(len(self.path) - 1, 0, -1)]


@dataclass(frozen=True, slots=True)
class Mention:
    """An address in `text[start:end]`, as written (`steps`) and in its one form.

    `other` is the second way to read it: "art. 22 (1)" is article 22¹, or its first paragraph.
    """

    start: int
    end: int
    steps: tuple[Step, ...]
    address: Address
    other: Address | None = None


def parse_addresses(text: str) -> tuple[Mention, ...]:
    """Every address in `text`, in order; lists and ranges give one mention for each provision.

    Understands Polish and English, abbreviations and inflected words, superscripts (`22¹`, `22^1`),
    decimals (`§5.2`, `pkt 7.2.3`, `7.2.3`) and both orders (`ust. 2 art. 5`).
    """
    found: list[Mention] = []
    at = 0
    while at < len(text):
        mentions, at = _next(text, at)
        found.extend(mentions)
    return tuple(found)


def address_of(label: str) -> Address | None:
    """The address that a whole `label` is, as in `Anchor.label` and `Passage.address`."""
    return canonical(steps_of(label))


def steps_of(label: str) -> tuple[Step, ...]:
    """The steps of a label that is one address; none for any other text.

    Labels as the library writes them are read ten times as fast as what people write.
    """
    pairs = _POLISH_STEP.findall(label)
    if pairs and " ".join(f"{unit} {number}" for unit, number in pairs) == label:
        return tuple((unit.rstrip("."), number) for unit, number in pairs)
    english = _ENGLISH_LABEL.fullmatch(label)
    if english:
        unit = {"Article": "art", "Recital": "motyw"}.get(english["unit"], "pkt")
        below = english["below"].strip("()").split(")(") if english["below"] else []
        return (
            (unit, english["number"]),
            *(("lit" if number.isalpha() else "ust", number) for number in below),
        )
    mentions = parse_addresses(label)
    return mentions[0].steps if len(mentions) == 1 else ()


def canonical(steps: Sequence[Step]) -> Address | None:
    """The one form of an address given step by step; None when it names no provision."""
    named = [step for step in steps if step[0] != "zd"]
    if not named:
        return None
    root = named[0][0]
    path: list[str] = []
    for unit, number in named:
        inner = path and unit in ("art", "§", "zał") and root in ("zał", *CHAPTERS)
        parts = number.split(".")
        if len(parts) > 1 and path and path[-1].lstrip("§art") == parts[0]:
            parts = parts[1:]  # "§ 7 pkt 7.2": the number repeats its parent's
        if inner:
            parts[0] = unit + parts[0]
        if unit == "tiret":
            parts[0] = "–" + parts[0]
        path.extend(parts)
    return Address(root, tuple(path))


# --- scanning ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """Addresses that were written as one: a chain of steps whose numbers may be lists."""

    start: int
    end: int
    chains: tuple[tuple[Step, ...], ...]
    other: tuple[Step, ...] = ()


_START = re.compile(
    rf"(?<![\w§])(?:(?={UNIT.pattern}[\d(„\"'^]|{UNIT.pattern}[^\W\d_])|(?=\d{{1,2}}\.\d|[IVX]{{1,5}}\.\d))",
    re.IGNORECASE,
)


def _next(text: str, at: int) -> tuple[list[Mention], int]:
    """The mentions that begin first after `at`, and where to go on."""
    while True:
        match = _START.search(text, at)
        if match is None:
            return [], len(text)
        run = _run(text, match.start()) or _bare(text, match.start())
        if run is None:
            at = match.start() + 1
            continue
        turned = _turned(text, run)
        return list(_mentions(turned)), turned.end


def _mentions(run: _Run) -> Iterator[Mention]:
    other = canonical(run.other) if run.other else None
    for chain in run.chains:
        address = canonical(chain)
        if address is not None:
            yield Mention(run.start, run.end, chain, address, other)


def _turned(text: str, run: _Run) -> _Run:
    """Join "ust. 2" with the "art. 5" that follows it and holds it."""
    while run.chains[0][0][0] not in ("art", "§", "motyw", *CHAPTERS):
        between = _TURNED.match(text, run.end)
        outer = _run(text, between.end()) if between else None
        if outer is None or _rank(outer.chains[0]) >= _rank(run.chains[0]):
            break
        chains = tuple((*outer.chains[0], *chain) for chain in run.chains)
        run = _Run(run.start, outer.end, chains)
    return run


def _rank(chain: Sequence[Step]) -> int:
    return _RANK.get(chain[0][0], len(_RANK))


def _run(text: str, at: int) -> _Run | None:
    first = step(text, at)
    if first is None:
        return None
    chains, other, end = first
    while True:
        between = _BETWEEN.match(text, end)
        following = step(text, between.end() if between else end)
        listed = between is not None and "," in between.group()
        if following is None or not _goes_below(chains[-1], following[0][0], listed=listed):
            break
        inner, inner_other, end = following
        last = chains.pop()
        other = (*(other or last), *inner[0]) if other or inner_other else ()
        chains.extend((*last, *steps) for steps in inner)
    return _Run(at, end, tuple(chains), other)


def _goes_below(chain: Sequence[Step], step: Sequence[Step], *, listed: bool) -> bool:
    """Whether a step can stand inside what the chain names."""
    below = step[0][0]
    unit = next((unit for unit, _ in reversed(chain) if unit != "zd"), "zd")
    order = ("art", "§", "motyw", "ust", "pkt", "ppkt", "lit", "tiret", "zd")
    if unit in ("zał", *CHAPTERS):
        return below != "zał" and below not in CHAPTERS
    if below not in order or unit not in order or below in ("art", "motyw"):
        return False
    if below == "lit" and unit == "lit":
        return False
    return order.index(below) > order.index(unit) or (
        unit == "lit" and below in ("ppkt", "pkt") and not listed
    )


def _bare(text: str, at: int) -> _Run | None:
    """`7.2.3` and `IV.2`."""
    match = _BARE.match(text, at)
    if match is None:
        return None
    if match["dotted"]:
        return _Run(at, *_bare_end(text, match.end(), (("pkt", match["dotted"]),)))
    value = roman(match["roman"])
    steps = (("rozdz", str(value)), ("pkt", match["part"]))
    return _Run(at, match.end(), (steps,)) if value else None


def _bare_end(text: str, end: int, steps: tuple[Step, ...]) -> tuple[int, tuple[tuple[Step, ...], ...]]:
    longer, after = brackets(text, end, steps)
    return after, (longer,)
