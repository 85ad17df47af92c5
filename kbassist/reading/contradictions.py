"""Which two sentences of different documents answer the question with different values?

Rules compare statements by what each word is (`kbassist.text.disagreement`), which pages seldom say alike.
Here two logistic models weigh what can be seen of any two sentences: how likely each of them is to answer,
and how much alike they are apart from the value. Both were fitted to invented companies whose pages agree,
and to pages that contradict one of theirs in one thing, the second also to real texts and to pairs that only
look contradictory (`benchmarks/companies.py`, which prints what they find where they were not fitted to).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import product

from kbassist.protocols import Analyzer, Reading, Retrieval
from kbassist.reading.choice import ReadingWeights
from kbassist.reading.contenders import Contender, contenders, titled
from kbassist.reading.differences import PLAIN, are_twins, differing, is_open, kinds_of, weighted
from kbassist.reading.features import Asked
from kbassist.reading.given import Given, given
from kbassist.text.disagreement import Comparison, compare, contradict
from kbassist.text.scope import Page, told_apart
from kbassist.text.statements import Statement, statements
from kbassist.text.subjects import Subjects, unmatched


@dataclass(frozen=True, slots=True)
class ContradictionWeights:
    """Weights by feature, and under `""` an intercept: does a sentence answer, do two contradict each other.

    `threshold` is the probability from which they are taken to.
    """

    answers: Mapping[str, float]
    contradict: Mapping[str, float]
    threshold: float

    @classmethod
    def bundled(cls) -> ContradictionWeights:
        """What is shipped, in `contradictions.json`."""
        stored = files("kbassist.reading").joinpath("contradictions.json").read_text(encoding="utf-8")
        return cls(**json.loads(stored))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two contenders of different documents, the likelier one first, and the value in which they differ."""

    one: Contender
    other: Contender
    values: tuple[Given, Given]
    probability: float

    @property
    def sides(self) -> tuple[Contender, Contender]:
        return self.one, self.other


class Contradictions:
    """Finds the likeliest contradiction among the sentences that may answer. Safe to use from several
    threads.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        weights: ContradictionWeights | None = None,
        words: ReadingWeights | None = None,
    ) -> None:
        """`words` weigh a sentence by words alone, as in reading."""
        self._analyzer = analyzer
        self._subjects = Subjects(analyzer)
        self._weights = weights or ContradictionWeights.bundled()
        self._words = (words or ReadingWeights.bundled()).words

    def weigh(self, retrieval: Retrieval, reading: Reading) -> list[Contradiction]:
        """All pairs of sentences that give different values of what was asked, the likeliest first."""
        asked = Asked.of(retrieval, self._analyzer)
        if not asked.terms or not kinds_of(asked) or (is_open(asked) and not _gives(retrieval, reading)):
            return []
        found = contenders(asked, retrieval, reading, self._analyzer, self._words)
        return sorted(self.pairs(asked, found), key=lambda pair: -pair.probability)

    def likeliest(self, weighed: Sequence[Contradiction]) -> Contradiction | None:
        """The first that is as likely as the threshold, and that nothing else tells apart."""
        certain = (pair for pair in weighed if pair.probability >= self._weights.threshold)
        return next((pair for pair in certain if not self._told_apart(pair)), None)

    def _told_apart(self, pair: Contradiction) -> bool:
        """Whether titles tell them apart, or rules that read both values find them to be of different things:
        what tells sentences that are otherwise alike apart ("kurierem", "do paczkomatu") is a word that only
        rules look at. Of two sentences that are all alike but for the value, rules know no better.
        """
        if self._titles_tell(pair):
            return True
        twins = are_twins(pair.one, pair.other)
        sides = zip(pair.sides, pair.values, strict=True)
        both = list(product(*(self._statements(side, value) for side, value in sides)))
        if not both:
            return not twins and self._name_two_things(pair)
        return any(
            not contradict(mine, theirs)
            or not (twins or self._of_one_thing(compare(mine, theirs, self._subjects), pair))
            for mine, theirs in both
        )

    def _name_two_things(self, pair: Contradiction) -> bool:
        """Whether each has words of its own, where rules cannot read both."""
        keys = [self._about(side.candidate.unit.text) for side in pair.sides]
        above = [self._about(titled(side.passage)) for side in pair.sides]
        own = (unmatched(keys[n], keys[1 - n] | above[1 - n]) for n in (0, 1))
        return all(any(not self._subjects.is_light(key) for key in some) for some in own)

    def _about(self, text: str) -> frozenset[str]:
        return frozenset(key for key in self._subjects.keys(text) if not key.startswith("n:"))

    def _of_one_thing(self, compared: Comparison, pair: Contradiction) -> bool:
        """Also where what makes one of them narrower is said in the other as well, in another place."""
        wider = {"first narrower": pair.other, "second narrower": pair.one}.get(compared.relation)
        if wider is None:
            return compared.relation == "same"
        return compared.extra <= set(self._subjects.keys(wider.candidate.unit.text))

    def _titles_tell(self, pair: Contradiction) -> bool:
        one, other = (self._about(side.candidate.unit.text) for side in pair.sides)
        return told_apart((self._page(pair.one), self._page(pair.other)), one | other, self._subjects)

    def _statements(self, contender: Contender, value: Given) -> list[Statement]:
        """What rules read of the value."""
        unit, passage = contender.candidate.unit, contender.passage
        above = frozenset(self._subjects.keys(titled(passage)))
        told = unit.text[value.start : value.end]
        span = (unit.start, unit.end)
        found = statements(passage.text, passage.lang, self._subjects, above, [span])
        return [statement for statement in found if statement.says == told]

    def _page(self, contender: Contender) -> Page:
        title, text = titled(contender.passage), contender.passage.text
        return Page(title, lambda: frozenset(self._subjects.keys(f"{title} {text}")))

    def pairs(self, asked: Asked, found: Sequence[Contender]) -> Iterator[Contradiction]:
        """Those of the likeliest contenders that give different values, with their probability."""
        for one, other, values, features in differing(asked, found, self._weights.answers, self._analyzer):
            logit = weighted(self._weights.contradict, features)
            yield Contradiction(one, other, values, 1 / (1 + math.exp(-logit)))


def _gives(retrieval: Retrieval, reading: Reading) -> bool:
    """Whether the answer gives a value that is compared."""
    langs = {hit.passage.id: hit.passage.lang for hit in retrieval.hits}
    return any(
        value.kind in PLAIN
        for cited in reading.citations[:1]
        for value in given(cited.quote, langs.get(cited.passage_id, retrieval.lang))
    )
