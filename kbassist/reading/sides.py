"""The sides of a conflict, and which of them to answer with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kbassist.reading.precedence import SOURCE_ORDER, as_source_order, prefer, standing
from kbassist.text.quotes import cite
from kbassist.types import Claim, Conflict, Document, Hit

Documents = Callable[[Sequence[str]], Iterable[Document]]
"""The documents of these ids, those that exist."""


@dataclass(frozen=True, slots=True)
class Side:
    """What a hit says between `start` and `end`. Sides with the same `given` agree; `says` is for people.

    `holds` is False where it gives dates that today is outside of.
    """

    hit: Hit
    kind: str
    says: str
    given: Hashable
    start: int
    end: int
    holds: bool = True


class Weighing:
    """Tells by the rules of `kbassist.reading.precedence` which side goes before the others."""

    def __init__(
        self, documents: Documents | None = None, source_order: Sequence[str] = SOURCE_ORDER
    ) -> None:
        """Raises `InvalidArgumentError` for a sort of source unknown."""
        self._documents = documents
        self._order = as_source_order(source_order)

    def weigh(self, sides: Sequence[Side], today: date) -> Conflict:
        """The conflict between them, beginning with the winners where a rule decides."""
        ids = [side.hit.passage.document_id for side in sides]
        known = {document.id: document for document in self._documents(ids)} if self._documents else {}
        standings = [
            standing(
                side.hit.passage,
                known.get(side.hit.passage.document_id),
                self._order,
                today,
                in_force=side.holds,
            )
            for side in sides
        ]
        ruled = prefer([side.given for side in sides], standings)
        if ruled is None:
            return conflict(sides, None)
        rule, winners = ruled
        others = [side for place, side in enumerate(sides) if place not in winners]
        return conflict([*(sides[place] for place in winners), *others], rule)


def conflict(sides: Sequence[Side], resolution: str | None) -> Conflict:
    """Between the sides, in their order."""
    return Conflict(
        kind=sides[0].kind,
        claims=tuple(Claim(side.says, cite(side.hit.passage, side.start, side.end)) for side in sides),
        resolution=resolution,
    )
