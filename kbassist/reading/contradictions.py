"""Where the best quotes of different documents contradict each other, as a model judges them.

Rules see values and permissions that are said alike. What is said freely ("od ręki", "we'll send a courier at
our cost") is seen by a judge that was trained on pairs of pages, in the light of the question.
"""

from __future__ import annotations

from datetime import date

from kbassist.protocols import Judge, Reading, Retrieval
from kbassist.reading.precedence import source_of
from kbassist.reading.sides import Side
from kbassist.text.analysis import words
from kbassist.text.asking import query_kind
from kbassist.text.sentences import around
from kbassist.text.validity import holds_on
from kbassist.types import Citation, Hit

_CONTRADICTED = 0.8
"""Mean probability, of both orders, from which two texts contradict each other."""
_HOPELESS = 0.68
"""In the first order: the second is not tried below it."""
_LONGEST = 300
"""Characters of a passage that are read, around the quote."""


def judged_sides(retrieval: Retrieval, reading: Reading, judge: Judge, today: date) -> list[Side]:
    """What was read as the answer, and the likeliest rival where it cannot be right as well; else nothing.

    Only one is judged, since each takes as long as all of reading. Words that ask nothing leave open whether
    two texts answer the same.
    """
    if query_kind(retrieval.query) == "keywords":
        return []
    quoted = reading.citations[0]
    hits = {hit.passage.id: hit for hit in retrieval.hits}
    mine = _side(hits[quoted.passage_id], quoted, False, today)
    for rival in reading.rivals:
        other = _side(hits[rival.passage_id], rival, True, today)
        if _repeats(mine.says, other.says) or (_is_act(mine) and _is_act(other)):
            continue
        return [mine, other] if _contradict(retrieval.query, mine, other, judge) else []
    return []


def _repeats(one: str, other: str) -> bool:
    """Whether they say the same in the same words, one of them perhaps with whole sentences beside it."""
    if words(one) == words(other):
        return True
    shorter, longer = sorted((f" {one.casefold()}", f" {other.casefold()}"), key=len)
    return shorter.endswith((".", "!")) and shorter in longer


def _is_act(side: Side) -> bool:
    """Acts of the law say what holds for different things; nobody wrote two for one thing by mistake."""
    return source_of(side.hit.passage) == "act"


def _side(hit: Hit, quote: Citation, is_rival: bool, today: date) -> Side:
    passage = hit.passage
    start, end = quote.start - passage.start, quote.end - passage.start
    holds = holds_on(passage.text[start:end], passage.lang, today)
    return Side(hit, "statement", " ".join(quote.quote.split()), is_rival, start, end, holds)


def _contradict(question: str, one: Side, other: Side, judge: Judge) -> bool:
    """In both orders, the second only where the first leaves hope."""
    here, there = _shown(one), _shown(other)
    (first,) = judge.contradiction(question, [(here, there)])
    if first < _HOPELESS:
        return False
    (second,) = judge.contradiction(question, [(there, here)])
    return (first + second) / 2 >= _CONTRADICTED


def _shown(side: Side) -> str:
    """What is said with what stands around it, under its title and the nearest heading."""
    passage = side.hit.passage
    start, end = around(passage.text, passage.lang, side.start, side.end, longest=_LONGEST)
    above = " – ".join(dict.fromkeys(filter(None, (passage.title, *passage.headings[-1:]))))
    return f"{above}: {passage.text[start:end]}"
