"""Where the best quotes of different documents contradict each other, as a model judges them.

Rules see values and permissions that are said alike. What is said freely ("od ręki", "we'll send a courier at
our cost") is seen by a judge that was trained on pairs of pages, in the light of the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kbassist.protocols import Judge, Reading, Retrieval
from kbassist.reading.precedence import source_of
from kbassist.reading.sides import Side
from kbassist.text.sentences import around
from kbassist.text.validity import holds_on
from kbassist.types import Citation, Hit

_CONTRADICTED = 0.72
"""Mean probability, of both orders, from which two texts contradict each other."""
_HOPELESS = 0.5
"""In the first order: the second is not tried below it."""
_LONGEST = 450
"""Characters of a passage that are read, around the quote."""


def judged_sides(retrieval: Retrieval, reading: Reading, judge: Judge, today: date) -> list[Side]:
    """What was read as the answer, and the rivals that cannot be right when it is; nothing without these."""
    quoted = reading.citations[0]
    rivals = [rival for rival in reading.rivals if rival.quote.split() != quoted.quote.split()]
    if not rivals:
        return []
    hits = {hit.passage.id: hit for hit in retrieval.hits}
    mine, *others = (
        _side(hits[quote.passage_id], quote, place > 0, today)
        for place, quote in enumerate((quoted, *rivals))
    )
    others = [side for side in others if not (_is_act(mine) and _is_act(side))]
    against = _contradicting(retrieval.query, mine, others, judge)
    return [mine, *against] if against else []


def _is_act(side: Side) -> bool:
    """Acts of the law say what holds for different things; nobody wrote two for one thing by mistake."""
    return source_of(side.hit.passage) == "act"


def _side(hit: Hit, quote: Citation, is_rival: bool, today: date) -> Side:
    passage = hit.passage
    start, end = quote.start - passage.start, quote.end - passage.start
    holds = holds_on(passage.text[start:end], passage.lang, today)
    return Side(hit, "statement", " ".join(quote.quote.split()), is_rival, start, end, holds)


def _contradicting(question: str, mine: Side, others: Sequence[Side], judge: Judge) -> list[Side]:
    """Each pair is judged in both orders, the second only where the first leaves hope."""
    if not others:
        return []
    here = _shown(mine)
    shown = [_shown(side) for side in others]
    there = judge.contradiction(question, [(here, text) for text in shown])
    likely = [place for place, share in enumerate(there) if share >= _HOPELESS]
    back = judge.contradiction(question, [(shown[place], here) for place in likely])
    return [
        others[place]
        for place, share in zip(likely, back, strict=True)
        if (there[place] + share) / 2 >= _CONTRADICTED
    ]


def _shown(side: Side) -> str:
    """What is said with what stands around it, under its title and the nearest heading."""
    passage = side.hit.passage
    start, end = around(passage.text, passage.lang, side.start, side.end, longest=_LONGEST)
    above = " – ".join(dict.fromkeys(filter(None, (passage.title, *passage.headings[-1:]))))
    return f"{above}: {passage.text[start:end]}"
