"""Where the clauses of a sentence stand that say things side by side."""

from __future__ import annotations

import re
from itertools import pairwise

from kbassist.text.verify.quantities import Quantity

_STRONG = {
    "pl": re.compile(
        r";\s|,\s(?:a|natomiast|zaś|jednak|i|oraz)\s|,?\s(?:ale|lecz|natomiast)\s", re.IGNORECASE
    ),
    "en": re.compile(r";\s|,\s(?:and|while|yet|so)\s|,?\s(?:but|whereas)\s", re.IGNORECASE),
}
_WEAK = re.compile(r",\s|\s(?:i|oraz|and)\s", re.IGNORECASE)
_DEPENDS = re.compile(
    r"\b(?:że|żeby|aby|by|któr\w+|jeśli|jeżeli|gdy|gdyby|kiedy|o ile|chyba|ponieważ|bo|gdyż|jak|co|czy"
    r"|zanim|dopóki|licząc"
    r"|pod warunkiem|w przypadku|w razie|z wyjątkiem|oprócz|także|dlatego|więc|zatem"
    r"|which|who|whose|whom|that|if|unless|when|because|as|provided|where|after|before|until|since|including|with|to|so"
    r"|except|whether|however|then|please)\b",
    re.IGNORECASE,
)
_SEVERAL = frozenset({"money", "percent", "duration", "clock", "number", "date"})


def parted(
    text: str, lang: str, counted: list[Quantity], verbs: list[int], echoes: list[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Where the parts of a sentence stand that say things side by side.

    A comma or an "i" parts them only where a quantity of the same kind stands on both sides, or, a comma,
    where each side has a verb and neither depends on the other.
    """
    strong = {match.start(): match for match in _STRONG[lang].finditer(text)}
    weak = {match.start(): match for match in _WEAK.finditer(text) if match.start() not in strong}
    places = sorted((strong | weak).items())
    cuts: list[int] = []
    opened = 0
    for number, (at, _) in enumerate(places):
        if any(item.start < at < item.end for item in counted):
            continue
        following = next((other for other, _ in places[number + 1 :] if other in strong), len(text))
        before, after = _kinds(counted, opened, at), _kinds(counted, at, following)
        if (
            at in strong
            or before & after
            or (text[at] == "," and _side_by_side(text, opened, at, following, verbs, echoes))
        ):
            cuts.append(at)
            opened = at
    edges = [0, *cuts, len(text)]
    return tuple(pairwise(edges))


def _side_by_side(
    text: str, opened: int, at: int, end: int, verbs: list[int], echoes: list[tuple[int, int]]
) -> bool:
    """Whether both have a verb, or the second has none and takes up a word of the first."""
    if _DEPENDS.search(text, opened, at) or _DEPENDS.match(text[at:end].lstrip(", ")):
        return False
    if not any(opened <= verb < at for verb in verbs):
        return False
    if any(at < verb < end for verb in verbs):
        return True
    return any(opened <= first < at < again < end for first, again in echoes)


def _kinds(counted: list[Quantity], start: int, end: int) -> set[str]:
    return {item.kind for item in counted if start <= item.start < end and item.kind in _SEVERAL}
