"""One sentence against the sentences of a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kbassist.text.analysis import TextAnalyzer
from kbassist.text.lexicon import Lexicons
from kbassist.text.sentences import MARKER, sentences
from kbassist.text.verify.clauses import resting_on
from kbassist.text.verify.roles import actor, roles, side_of, takes_the_place
from kbassist.text.verify.rules import conditions, limits, modality, negation, order, quantifiers, rates
from kbassist.text.verify.statements import Parser, Statement, Token
from kbassist.types import Passage

Span = tuple[int, int]

_RULES = (negation, modality, quantifiers, limits, rates, order, conditions)
_LONGEST_CLAIM = 600
_LONGEST_SENTENCE = 1_200
_MOST_SENTENCES = 60
_CONTEXT = 2
_PAYING = frozenset({"g:pay"})
_LEAST_OWN = 0.5
_REFERS_BACK = re.compile(
    r"\W*(?:it|they|this|these|he|she|his|her|their|such|on|ona|ono|oni|one|to|ten|ta|te|jego|jej|ich|wtedy)\b",
    re.IGNORECASE,
)
_OWN_PERSON = re.compile(r"\w+(?:my|cie|sz|ę)\Z")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a passage says of a sentence.

    `fault` is empty when it supports it. Else it is `"unsupported"` (no sentence names all that it names), or
    what differs from the nearest sentence that does: `"value"`, `"negation"`, `"modality"`, `"quantifier"`,
    `"limit"`, `"order"`, `"condition"`, `"roles"`, `"mixed"`. `missing` are the words and values that were
    not found, `covered` is the share (0..1) of the sentence that was. `spans` are the passage's sentences
    that it rests on, or the nearest.
    """

    fault: str
    covered: float
    missing: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    own: float = 0.0

    @property
    def supported(self) -> bool:
        return not self.fault

    @property
    def contradicted(self) -> bool:
        """Whether the passage says something else, and not just nothing."""
        return self.fault not in ("", "unsupported")


NOTHING = Verdict("unsupported", 0.0)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence of the passage, what stands above it, and the sentences before it where it refers back."""

    statement: Statement
    spans: tuple[Span, ...]
    above: tuple[Token, ...]
    before: tuple[Token, ...]


class Verifier:
    """Checks sentences against passages. Safe to use from several threads."""

    def __init__(self, analyzer: TextAnalyzer, lexicons: Lexicons) -> None:
        self._parser = Parser(analyzer, lexicons)
        self._units = lru_cache(maxsize=64)(self._read)

    def verify(self, sentence: str, passage: Passage, lang: str, question: str = "") -> Verdict:
        """Whether the passage supports the sentence, which is in `lang`.

        What the `question` names need not be said again. Each part of a sentence ("…, a …", "…, but …") is
        checked by itself, and may rest on another sentence of the passage.
        """
        if not sentence.strip() or len(sentence) > _LONGEST_CLAIM or sentence.rstrip().endswith("?"):
            return NOTHING
        claim = self._parser.parse(sentence, lang)
        if not claim.content:
            return NOTHING
        asked = self._parser.parse(question, lang) if question else None
        units = self._units(passage)
        verdicts = [self._part(part, units, asked) for part in _parts(claim)]
        worst = max(verdicts, key=lambda verdict: (bool(verdict.fault), verdict.contradicted))
        spans = tuple(sorted({span for verdict in verdicts for span in verdict.spans}))
        missing = tuple(word for verdict in verdicts for word in verdict.missing)
        return Verdict(worst.fault, min(verdict.covered for verdict in verdicts), missing, spans)

    def _part(self, part: Statement, units: Sequence[_Unit], asked: Statement | None) -> Verdict:
        """By the sentence that names most of it; a second one that says it too does not outweigh that."""
        verdicts = [_check(part, unit, asked) for unit in units]
        return max(
            verdicts,
            key=lambda verdict: (verdict.covered, verdict.own, verdict.supported, verdict.contradicted),
            default=NOTHING,
        )

    def _read(self, passage: Passage) -> tuple[_Unit, ...]:
        text, lang = passage.text, passage.lang
        above = self._parser.parse(" ".join((passage.title, *passage.headings)), lang).content
        units: list[_Unit] = []
        before: list[tuple[Token, ...]] = []
        opening: Span | None = None
        for start, end in sentences(text, lang)[:_MOST_SENTENCES]:
            written = text[start:end]
            if end - start > _LONGEST_SENTENCE:
                continue
            if written.endswith("?"):
                above = (*above, *self._parser.parse(written, lang).content)
                continue
            spans: tuple[Span, ...] = ((start, end),)
            if opening and MARKER.match(text, start, end):
                written, spans = f"{text[slice(*opening)]} {written}", (opening, (start, end))
            elif written.endswith(":"):
                opening = (start, end)
                continue
            else:
                opening = None
            statement = self._parser.parse(written, lang)
            context = tuple(token for tokens in before[-_CONTEXT:] for token in tokens)
            units.append(_Unit(statement, spans, above, context if _refers_back(statement) else ()))
            before.append(statement.content)
        return tuple(units)


def _parts(claim: Statement) -> list[Statement]:
    """Its clauses, each with the subject that it takes over."""
    numbers = sorted({token.clause for token in claim.content})
    return [claim.in_clauses(frozenset({number})) for number in numbers]


def _check(claim: Statement, unit: _Unit, asked: Statement | None) -> Verdict:
    sentence = unit.statement
    known = asked.content if asked else ()
    missing = [
        token for token in claim.content if not _found(token, claim, unit) or _repeated(token, claim, unit)
    ]
    if any(token.quantity and token.quantity.kind == "money" for token in claim.content):
        missing = [token for token in missing if _PAYING.isdisjoint(token.keys)]  # "it costs" is "you pay"
    covered = 1 - len(missing) / len(claim.content)
    spans = unit.spans
    own = sum(sentence.find(token) is not None for token in claim.content) / len(claim.content)
    if _plain(claim.text) == _plain(sentence.text):
        return Verdict("", 1.0, (), spans, 1.0)
    if missing:
        values = all(token.quantity for token in missing)
        return Verdict(
            "value" if values and covered >= 0.5 else "unsupported",
            covered,
            tuple(token.written for token in missing),
            spans,
            own,
        )
    if own < _LEAST_OWN and not all(claim.find(token) for token in sentence.content):
        return Verdict("unsupported", own, (), spans, own)
    ground = resting_on(claim, sentence)
    if ground is None:
        return Verdict("mixed", covered, (), spans, own)

    def named(token: Token) -> bool:
        return any(token.same(other) for other in known)

    for rule in _RULES:
        if fault := rule(claim, ground, named):
            return Verdict(fault, covered, (), spans, own)
    if fault := roles(claim, ground):
        return Verdict(fault, covered, (), spans, own)
    return Verdict("", 1.0, (), spans, own)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".!").casefold()


def _found(token: Token, claim: Statement, unit: _Unit) -> bool:
    if unit.statement.find(token):
        return True
    if token.quantity:
        return False
    if side_of(token) and side_of(token) == actor(unit.statement):
        return True
    if not unit.before and takes_the_place(token, claim, unit.statement):
        return False
    return any(token.same(other, family=False) for other in (*unit.above, *unit.before))


def _repeated(token: Token, claim: Statement, unit: _Unit) -> bool:
    """Whether a value or a name stands more often here than there: one of them has taken another's place."""
    if not token.quantity and not token.is_name:
        return False
    here = sum(token.same(other) for other in claim.content)
    if here < 2:
        return False
    around = (*unit.statement.content, *(() if token.quantity else (*unit.above, *unit.before)))
    return here > sum(token.same(other) for other in around)


def _refers_back(statement: Statement) -> bool:
    """Whether who it is about was said before: it begins with a pronoun, or with a verb in the third
    person.
    """
    if _REFERS_BACK.match(statement.plain):
        return True
    first = next((token for token in statement.tokens if token.content or token.is_verb), None)
    return bool(first and first.is_verb and statement.lang == "pl" and not _OWN_PERSON.match(first.plain))
