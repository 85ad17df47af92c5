"""Which clauses of a sentence another one rests on, and whether it may mix them."""

from __future__ import annotations

import re

from kbassist.text.verify.statements import Statement, Token
from kbassist.text.verify.vocabulary import AUXILIARIES

_DETERMINER = frozenset("a an the of for in on at by with our your their its his her".split())
_PRONOUNS = frozenset("ja je go jego jej nia nim nich niego it them him her".split())
_CONTRAST = re.compile(r",?\s*(?:ale|lecz|but|natomiast|whereas|while)\b", re.IGNORECASE)


def resting_on(claim: Statement, sentence: Statement) -> Statement | None:
    """The clauses of `sentence` that say what `claim` says; None where it mixes what they keep apart.

    "Dostawa kurierem kosztuje 14,99 zł, a do paczkomatu 9,99 zł": the second clause takes over what it leaves
    out, but neither price goes with the other way of delivery.
    """
    if len(sentence.clauses) < 2:
        return sentence
    places = {token: _clauses_with(token, sentence) for token in claim.content}
    own = {
        clause: [token for token, found in places.items() if found == {clause}]
        for clause in range(len(sentence.clauses))
    }
    used = sorted(clause for clause, tokens in own.items() if tokens)
    if not used:
        best = max(range(len(sentence.clauses)), key=lambda n: sum(n in found for found in places.values()))
        return sentence.in_clauses(frozenset({best}))
    if _value_without_its_label(own, sentence):
        return None
    last = used[-1]
    takes_over = not _has_verb(sentence, last)
    for earlier in used[:-1]:
        if _rival(own[earlier], sentence, last):
            return None
        if not takes_over and not _only_subject(own[earlier], sentence, earlier, last):
            return None
    if not takes_over:
        return sentence.in_clauses(frozenset({last}))
    if last > 0 and not all(claim.find(token) for token in sentence.content if token.clause == last):
        return None  # what stands in a clause without a verb is all that sets it apart
    start = sentence.clauses[last][0]
    before = set(used) | {max(0, last - 1)}
    if _CONTRAST.match(sentence.text, start) and len(used) == 1 and own[last]:
        before = {max(0, last - 1), last}
    return sentence.in_clauses(frozenset(before))


def _clauses_with(token: Token, sentence: Statement) -> set[int]:
    return {other.clause for other in sentence.content if token.same(other)}


def _value_without_its_label(own: dict[int, list[Token]], sentence: Statement) -> bool:
    """Whether a clause gives only its value, which other clauses give of something else."""
    for clause, tokens in own.items():
        values = [token for token in tokens if token.quantity]
        if not values or len(values) < len(tokens):
            continue
        labels = [
            token
            for token in sentence.content
            if token.clause == clause
            and not token.quantity
            and not any(token.same(other) for other in sentence.content if other.clause != clause)
        ]
        if labels and any(tokens for other, tokens in own.items() if other != clause):
            return True
    return False


def _rival(tokens: list[Token], sentence: Statement, clause: int) -> bool:
    """Whether `clause` gives a value of the kind of one of the tokens'."""
    kinds = {token.quantity.kind for token in tokens if token.quantity}
    return any(
        own.clause == clause and own.quantity and own.quantity.kind in kinds for own in sentence.content
    )


def _only_subject(tokens: list[Token], sentence: Statement, earlier: int, last: int) -> bool:
    """Whether all that is taken from the earlier clause is its subject, which the last one lacks, or"
    " what a pronoun
    of the last one stands for.
    """
    verb, own_verb = _verb_place(sentence, earlier), _verb_place(sentence, last)
    opening = [
        token
        for token in sentence.content
        if token.clause == last and token.start < own_verb and not token.lemma.endswith(("y", "i", "er"))
    ]
    found = [
        other
        for token in tokens
        for other in sentence.content
        if other.clause == earlier and token.same(other)
    ]
    if not opening:
        return all(other.start < verb for other in found)
    stands_for = any(token.plain in _PRONOUNS for token in sentence.tokens if token.clause == last)
    return stands_for and all(other.start > verb and not other.quantity for other in found)


def _has_verb(sentence: Statement, clause: int) -> bool:
    return _verb_place(sentence, clause) < len(sentence.text)


def _verb_place(sentence: Statement, clause: int) -> int:
    """Where the clause's first verb begins; the text's end where there is none."""
    before = ""
    for token in sentence.tokens:
        if token.clause == clause:
            if token.plain in AUXILIARIES or token.is_verb:
                return token.start
            past = sentence.lang == "en" and token.content and token.plain.endswith("ed")
            if past and not token.quantity and before not in _DETERMINER:
                return token.start
            before = token.plain if token.plain not in ("and", "but", "while") else "the"
    return len(sentence.text)
