"""Room for more than one text, and more than one document, among the first hits."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

from kbassist.text.telling import differ_in_names, differ_in_negation, telling
from kbassist.types import Hit, Passage

REPEAT = 0.9

_SAME = 0.9  # of the shorter text's runs of words stand in the longer one
_RUN = 4  # words
_SHORTER = 0.8  # as long as the longer one at least: an extract is another text
_SHORT = 12  # words: what a text says that is shorter than this depends on its heading
_CLAUSE = 32  # characters: shorter ones stand everywhere
_WORD = re.compile(r"\w+")


def spread(hits: Iterable[Hit]) -> list[Hit]:
    """Rank hits, given best first, anew: each further passage of a document keeps `REPEAT` of its score.

    Several passages of one document stay on top where they are clearly better than what others say, and do
    not crowd the others out elsewhere. nDCG@10 on statutes, whose long articles are cut into many passages:
    .905 without, .907 with .95, .908 with .9, no more below.
    """
    seen: Counter[str] = Counter()
    spread_out: list[Hit] = []
    for hit in hits:
        before = seen[hit.passage.document_id]
        seen[hit.passage.document_id] += 1
        spread_out.append(replace(hit, score=hit.score * REPEAT**before) if before else hit)
    return sorted(spread_out, key=lambda hit: (-hit.score, hit.passage.id))


def distinct(hits: Sequence[Hit]) -> list[Hit]:
    """Each text once, in the order given, which is best first; where else it stands is in `alternates`.

    Of equal scores the shortest address stays. Texts are the same when nine of ten runs of four words are,
    and they agree in every number, date, unit, negation and name: two that do not contradict each
    other, and both have to be seen. Only texts that share half of their clauses are compared.
    """
    families: list[list[Hit]] = []
    heads: list[_Text] = []
    with_clause: dict[str, list[int]] = {}
    for hit in hits:
        text = _Text(hit.passage)
        family = None
        if known := [with_clause[clause] for clause in text.clauses if clause in with_clause]:
            shared = Counter(chain.from_iterable(known))
            near = sorted(place for place, count in shared.items() if _near(heads[place], text, count))
            family = next((place for place in near if _same(heads[place], text)), None)
        if family is not None:
            families[family].append(hit)
            continue
        for clause in text.clauses:
            with_clause.setdefault(clause, []).append(len(families))
        families.append([hit])
        heads.append(text)
    return [_with_alternates(family) for family in families]


class _Text:
    """A passage's text with what it is compared by, each made when it is asked for."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.text = passage.text
        # Lines may be broken elsewhere in a copy.
        line = self.text.replace("\n", " ").replace("  ", " ").replace(".", ",")
        self.clauses = {part for part in line.split(",") if len(part) >= _CLAUSE} or {line}

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)

    @cached_property
    def lowered(self) -> list[str]:
        return [word.lower() for word in self.words]

    @cached_property
    def runs(self) -> set[tuple[str, ...]]:
        words = self.lowered
        return {tuple(words[at : at + _RUN]) for at in range(max(len(words) - _RUN + 1, 1))}


def _near(one: _Text, other: _Text, shared: int) -> bool:
    """What costs next to nothing to tell, `shared` being how many clauses they have in common."""
    lengths = len(one.text), len(other.text)
    return 2 * shared >= min(len(one.clauses), len(other.clauses)) and min(lengths) >= _SHORTER * max(lengths)


def _same(one: _Text, other: _Text) -> bool:
    first, second = one.passage, other.passage
    if first.lang != second.lang or (first.kind == "reply") != (second.kind == "reply"):
        return False
    if first.address != second.address and first.address and second.address:
        return False
    shorter, longer = sorted((one, other), key=lambda text: len(text.words))
    if len(shorter.words) < _SHORT and _heading(first) != _heading(second):
        return False
    if one.text == other.text:
        return True
    if len(shorter.runs & longer.runs) < _SAME * len(shorter.runs):
        return False
    return (
        telling(one.text) == telling(other.text)
        and not differ_in_negation(one.lowered, other.lowered)
        and not differ_in_names(one.words, other.words)
    )


def _heading(passage: Passage) -> str:
    return passage.headings[-1] if passage.headings else passage.title


def _with_alternates(family: list[Hit]) -> Hit:
    if len(family) == 1:
        return family[0]
    best = [hit for hit in family if math.isclose(hit.score, family[0].score, rel_tol=1e-6)]
    kept = min(best, key=lambda hit: (len(hit.passage.uri), hit.passage.uri, hit.passage.id))
    return replace(kept, alternates=tuple(hit.passage for hit in family if hit is not kept))
