"""Two things that have changed places: names, values, owners, what is compared."""

from __future__ import annotations

import re
from itertools import pairwise

from kbassist.text.verify.statements import Statement, Token

_THAN = re.compile(r" (?:niz|than) |(?<=sz[yae]) od ")
_WINDOW = 2


def exchanged(claim: Statement, ground: Statement) -> bool:
    """Whether two names, or two values of a kind, fit the other's neighbours better than their own."""
    pairs = [(token, found) for token in claim.content if (found := ground.find(token))]
    movable = [
        (token, found) for token, found in pairs if token.quantity or (token.is_name and not token.quantity)
    ]
    for place, (one, there) in enumerate(movable):
        for other, elsewhere in movable[place + 1 :]:
            if there is elsewhere or _kind(one) != _kind(other) or _side_by_side(ground, there, elsewhere):
                continue
            aside = (one, other)
            near = [_near(claim, token, aside) for token in aside]
            home = [
                [_near(ground, own, aside) for own in ground.content if token.same(own)] for token in aside
            ]
            kept = _best(near[0], home[0]) + _best(near[1], home[1])
            crossed = _best(near[0], home[1]) + _best(near[1], home[0])
            if crossed > kept + (kept > 2):
                return True
    return False


def renamed(claim: Statement, ground: Statement) -> bool:
    """Whether a noun right before a name stands before another one of the names there: "plac X", "ulica
    Y".
    """
    for noun, name in pairwise(claim.tokens):
        if noun.written.endswith(("'s", "’s")) and name.content and not name.quantity:
            owners = [
                one
                for one, two in pairwise(ground.tokens)
                if two.same(name) and one.written.endswith(("'s", "’s"))
            ]
            if any(claim.find(one) for one in owners) and not any(noun.same(one) for one in owners):
                return True
        if not name.is_name or not noun.content or noun.is_name or noun.is_verb or noun.quantity:
            continue
        following = [two for one, two in pairwise(ground.tokens) if noun.same(one)]
        others = [two for two in following if two.is_name and claim.find(two)]
        if others and len(others) == len(following) and not any(name.same(two) for two in others):
            return True
    return False


def compared(claim: Statement, ground: Statement) -> bool:
    """Whether what is more than something here is less than it there."""
    here, there = _THAN.search(claim.plain), _THAN.search(ground.plain)
    if not here or not there:
        return False
    more, less = _around(claim, here.start())
    larger, smaller = _around(ground, there.start())
    forth = any(is_among(token, smaller) and not is_among(token, larger) for token in more)
    return forth and any(is_among(token, larger) and not is_among(token, smaller) for token in less)


def _around(statement: Statement, at: int) -> tuple[list[Token], list[Token]]:
    words = [token for token in statement.content if not token.quantity]
    return [token for token in words if token.end <= at], [token for token in words if token.start > at]


def _best(near: list[Token], homes: list[list[Token]]) -> int:
    return max(sum(any(token.same(other) for other in home) for token in near) for home in homes)


def _kind(token: Token) -> str:
    return token.quantity.kind if token.quantity else "name"


def _side_by_side(statement: Statement, one: Token, other: Token) -> bool:
    first, second = sorted((one, other), key=lambda token: token.start)
    return not any(first.end <= token.start < second.start for token in statement.content)


def _near(statement: Statement, token: Token, aside: tuple[Token, Token]) -> list[Token]:
    """The content words around it, without the two that are compared."""
    words = [
        own
        for own in statement.content
        if own.start == token.start or not any(own.same(each) for each in aside)
    ]
    at = next((n for n, own in enumerate(words) if own.start == token.start), 0)
    return [own for own in words[max(0, at - _WINDOW) : at + _WINDOW + 1] if own.start != token.start]


def is_among(token: Token, tokens: list[Token]) -> bool:
    """Whether one of the tokens is the same."""
    return any(token.same(other) for other in tokens)
