"""What a sentence may not change of what it rests on: negation, permission, limits, order, conditions.

Each rule takes the sentence (`claim`) and the clauses of the passage's sentence that it rests on
(`ground`), and gives what is wrong in one word, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from kbassist.text.verify.forms import is_participle
from kbassist.text.verify.statements import Statement, Token
from kbassist.text.verify.vocabulary import (
    AFTER,
    BEFORE,
    CONDITIONS,
    FROM,
    NEGATING,
    OBLIGED,
    POSSIBLE,
    QUANTIFIERS,
    TOWARDS,
)

Rule = Callable[[Statement, Statement, Callable[[Token], bool]], str | None]
"""The third argument says whether the question names a token of the ground."""

_LIMIT_WORDS = re.compile(
    r"\bnie (?:wiecej|mniej|dluzej|krocej|pozniej|wczesniej|wyzej|nizej) niz\b|\bnie tylko\b"
    r"|\b(?:no|not) (?:more|less|later|longer|fewer|earlier) than\b|\bnot only\b"
    r"|\b(?:each|every|kazd\w+) (?:day|week|month|year|time|dzien|dnia|tydzien|tygodnia|miesiac\w*"
    r"|miesiecy|rok|roku)\b"
    r"|\b(?:at most|at least|co najmniej|co najwyzej)\b|\bnic nie kosztuj\w+|\bno (?:charge|cost|fee)\b"
    r"|\bof charge\b"
)
_PER = re.compile(r"\bper (?!cent)(\w+)")
_EACH = re.compile(r"\b(?:per|an?|each|every) (\w+)")
_MAY_ANYWAY = re.compile(r"\b(?:masz|macie|termin|czas|okres|deadline|time limit|period)\b|\byou have\b")
_UNLESS = re.compile(r"\b(?:unless|chyba ze)\b")
_FORBIDDING = re.compile(
    r"\bnie (?:nalezy|powin\w+|mozna|moze|moga|wolno|trzeba)\b|\b(?:can|may|must|should|shall"
    r"|could)(?:not| not|n't)\b"
)
_SECOND_PERSON = re.compile(r"\w{3,}[aeiy]sz\Z")
_COMMAND = {
    "pl": re.compile(r"(?:\A|[,:]\s|\bnie )\w+(?:aj|ij|yj|uj|oz|ow|ejdz|isz|cz|nij)(?:cie)?\b"),
    "en": re.compile(
        r"\b(?:do not|don't|never|please)\b|\A(?:to [^,]+, )?(?!(?:you|we|the|it|they|an?|this|if|when"
        r"|for|in|on|at|with|unless|after|before|all|by|under|of|from|to|is|are|as"
        r"|like)\b)[a-z]+ (?:the|a|an|your)\b"
    ),
}
_RELATIVE = {
    "pl": re.compile(r",\s(?:w |z |na |dla |do |o |od |przez )?ktor\w+\b"),
    "en": re.compile(r"(?<!,)\s(?:who|that)\b(?! is why)"),
}
_LOOSE_CONDITION = re.compile(
    r"\b(?:przy|dla|po|powyzej|ponizej|ponad|ktor\w+|bez|podczas|for|over|under|with|without|who|that|which|after"
    r"|during|up to|do)\b"
)
_MODIFYING = frozenset("z ze dla przy na za with for over under about".split())
_NEGATIVE_MODIFYING = frozenset("bez without".split())
_KEPT_OF_CONDITION, _KEPT_OF_RELATIVE = 0.6, 0.8
_BOUND_TO_WITHIN = frozenset({"", "most"})


def negation(claim: Statement, ground: Statement, _: Callable[[Token], bool]) -> str | None:
    """An odd number of turns between them says the opposite."""
    pairs = [(token, found) for token in claim.content if (found := ground.find(token))]
    here, there = _negations(claim), _negations(ground)
    opposite = sum(token.sign != found.sign for token, found in pairs)
    if (here - there + opposite) % 2 or (not opposite and (here == 0) != (there == 0)):
        return "negation"
    mine, theirs = _negated_verb(claim), _negated_verb(ground)
    if mine and theirs and not mine.same(theirs) and ground.find(mine) and claim.find(theirs):
        return "negation"
    return None


def modality(claim: Statement, ground: Statement, _: Callable[[Token], bool]) -> str | None:
    """What may be is not what must be, and neither is what is."""
    negative = _negative(claim)
    can, must = _says(claim, POSSIBLE), _says(claim, OBLIGED)
    could, had_to = _says(ground, POSSIBLE), _says(ground, OBLIGED)
    if must and not had_to and not (_commands(ground) or (_forbids(claim) and _forbids(ground))):
        return "modality"
    if can and not could and not must and (had_to or not (negative or _permits(ground))):
        return "modality"
    if could and not had_to and not can and not must and not negative and not _permits(claim):
        return "modality"
    return None


def quantifiers(claim: Statement, ground: Statement, _: Callable[[Token], bool]) -> str | None:
    """Words like "all", "only", "usually" are neither put in nor, but for "all", left out."""
    for name, words in QUANTIFIERS.items():
        pattern = re.compile(rf"\b(?:{words})\b")
        claimed, given = (_has(statement, pattern, without=_LIMIT_WORDS) for statement in (claim, ground))
        if claimed and not given and name not in ("even", "still"):
            return "quantifier"
        if given and not claimed and name in ("some", "usually", "only"):
            return "quantifier"
    return None


def limits(claim: Statement, ground: Statement, asked: Callable[[Token], bool]) -> str | None:
    """A limit of a quantity ("at least") stays; a bounded quantity that is left out was a condition."""
    for token in claim.content:
        found = [own.quantity for own in ground.content if own.quantity and token.same(own)]
        mine = token.quantity
        if mine and found and not any(_same_bound(mine.bound, other.bound, other.within) for other in found):
            return "limit"
    for own in ground.content:
        if _is_condition(ground, own) and not (claim.find(own) or asked(own)):
            return "condition"
    return None


def _is_condition(ground: Statement, token: Token) -> bool:
    """Whether a limited quantity narrows a noun down: "kwoty do 20 000 zł", "orders over $75"."""
    if (
        not token.quantity
        or token.quantity.kind == "times"
        or token.quantity.bound not in ("most", "least", "over", "under")
    ):
        return False
    before = [other for other in ground.tokens if other.end <= token.quantity.opened]
    return bool(before) and before[-1].content and not before[-1].is_verb


def rates(claim: Statement, ground: Statement, _: Callable[[Token], bool]) -> str | None:
    """What is charged a night is not charged a stay."""
    rated = {word for text in _texts(claim) for word in _PER.findall(text)}
    given = {word for text in _texts(ground) for word in _EACH.findall(text)}
    return "limit" if rated - given else None


def order(claim: Statement, ground: Statement, _: Callable[[Token], bool]) -> str | None:
    """Before is not after, and from is not to."""
    for token in claim.content:
        mine = _relations(claim, token)
        if not mine:
            continue
        theirs = [_relations(ground, own) for own in ground.content if token.same(own)]
        if not theirs:
            continue
        for one, other in (("before", "after"), ("after", "before"), ("from", "to"), ("to", "from")):
            if (
                one in mine
                and other not in mine
                and all(other in each and one not in each for each in theirs)
            ):
                return "order"
        earlier = "before" in mine and "after" not in mine and not any("before" in each for each in theirs)
        if earlier and not _has(ground, _BEFORE):
            return "order"
    if _has(claim, _BEFORE) or not any(token.quantity for token in claim.content):
        return None
    dropped = any("before" in _relations(ground, own) for own in ground.content if own.quantity is None)
    return "order" if dropped else None


def conditions(claim: Statement, ground: Statement, asked: Callable[[Token], bool]) -> str | None:
    """What something depends on is neither left out, unless the question says it, nor made up."""
    spans = list(_condition_spans(ground))
    for start, end, least in spans:
        inside = [token for token in ground.content if start <= token.start < end]
        kept = [token for token in inside if claim.find(token) or asked(token)]
        if len(kept) < least * len(inside) or any(token.quantity and token not in kept for token in inside):
            return "condition"
    pattern = re.compile(rf"\b(?:{CONDITIONS['pl']}|{CONDITIONS['en']})\b")
    if _has(claim, pattern) and not spans and not _has(ground, _LOOSE_CONDITION):
        return "condition"
    lost = any(rule(claim, ground, asked) for rule in (_lost_modifier, _lost_exception, _lost_attribute))
    return "condition" if lost else None


def _lost_modifier(claim: Statement, ground: Statement, asked: Callable[[Token], bool]) -> bool:
    """Whether a noun has lost what narrows it down: "pacjenci z gorączką", "fee for cards"."""
    tokens = ground.tokens
    last = max((token.clause for token in tokens), default=0)
    for place, token in enumerate(tokens):
        if token.plain not in _MODIFYING or place == 0 or place + 1 == len(tokens):
            continue
        noun = tokens[place - 1]
        following = next((other for other in tokens[place + 1 :] if other.content), None)
        if noun.clause < last or (following and following.quantity):
            continue
        if (
            noun.content
            and following
            and claim.find(noun)
            and not (claim.find(following) or asked(following))
        ):
            return True
    return False


def _lost_attribute(claim: Statement, ground: Statement, asked: Callable[[Token], bool]) -> bool:
    """Whether a noun has lost the word right before it that narrows it down: "zarejestrowani klienci"."""
    for before, noun in pairwise(ground.tokens):
        if not (before.content and noun.content) or before.quantity or noun.quantity or noun.is_verb:
            continue
        if before.is_verb or before.is_name or ground.text[before.end : noun.start].strip():
            continue
        if ground.lang == "pl" and not (
            before.lemma[-1] in "yi" or is_participle(before.written.lower(), before.lemma)
        ):
            continue
        if ground.lang == "en" and before.plain.endswith("ly"):
            continue
        if claim.find(noun) and not (claim.find(before) or asked(before)):
            return True
    return False


def _lost_exception(claim: Statement, ground: Statement, asked: Callable[[Token], bool]) -> bool:
    """Whether "not without …" has become "not"."""
    if not _negative(ground):
        return False
    for place, token in enumerate(ground.tokens):
        if token.plain in _NEGATIVE_MODIFYING:
            following = next((other for other in ground.tokens[place + 1 :] if other.content), None)
            if following and not (claim.find(following) or asked(following)):
                return True
            owned = [other for other in ground.tokens[place + 1 : place + 5] if other.content]
            if owned and not any(claim.find(other) or asked(other) for other in owned[-1:]):
                return True
    return False


def _condition_spans(ground: Statement) -> Iterator[tuple[int, int, float]]:
    plain = ground.plain
    held = [ground.clauses[number] for number in sorted({token.clause for token in ground.tokens})]
    for opened, closed in held:
        for match in re.compile(rf"\b(?:{CONDITIONS[ground.lang]})\b").finditer(plain, opened, closed):
            comma = plain.find(",", match.end(), closed)
            yield match.start(), comma if comma > 0 else closed, _KEPT_OF_CONDITION
        for match in _RELATIVE[ground.lang].finditer(plain, opened, closed):
            before = [token for token in ground.tokens if token.end <= match.start() and token.content]
            if before and not before[-1].is_name:
                comma = plain.find(",", match.end(), closed)
                yield match.start(), comma if comma > 0 else closed, _KEPT_OF_RELATIVE


_BEFORE = re.compile(rf"\b(?:{'|'.join(sorted(BEFORE))}|najpozniej)\b")


def _relations(statement: Statement, token: Token) -> frozenset[str]:
    """How the words right before a token relate it to something: before, after, from, to."""
    tokens = statement.tokens
    place = tokens.index(token)
    found: set[str] = set()
    for word in reversed(tokens[max(0, place - 3) : place]):
        if word.content:
            break
        for name, words in (("before", BEFORE), ("after", AFTER), ("from", FROM), ("to", TOWARDS)):
            if word.plain in words:
                found.add(name)
        if found:
            break
    return frozenset(found)


def _same_bound(mine: str, other: str, within: bool) -> bool:
    return mine == other or (within and {mine, other} <= _BOUND_TO_WITHIN)


def _negative(statement: Statement) -> bool:
    return _has(statement, re.compile(rf"\b(?:{NEGATING[statement.lang]})\b"), without=_LIMIT_WORDS)


def _negations(statement: Statement) -> int:
    """How many; in Polish "nikt nigdy nie" is one."""
    pattern = re.compile(rf"\b(?:{NEGATING[statement.lang]})\b")
    found = [word for text in _texts(statement) for word in pattern.findall(_LIMIT_WORDS.sub(" ", text))]
    turned = sum(len(_UNLESS.findall(text)) for text in _texts(statement))
    if statement.lang == "en":
        return len(found) + turned
    return (found.count("nie") or min(1, len(found))) + turned


def _negated_verb(statement: Statement) -> Token | None:
    pattern = re.compile(NEGATING[statement.lang])
    for place, token in enumerate(statement.tokens):
        if pattern.fullmatch(token.plain):
            following = next((other for other in statement.tokens[place + 1 :] if other.content), None)
            if following and following.is_verb:
                return following
    return None


def _says(statement: Statement, words: dict[str, str]) -> bool:
    return any(
        re.fullmatch(words[statement.lang], token.plain) for token in statement.tokens if not token.is_name
    )


def _permits(statement: Statement) -> bool:
    """Without a word that permits: "zwrócisz", "termin wynosi"."""
    if _MAY_ANYWAY.search(statement.plain):
        return True
    return statement.lang == "pl" and any(_SECOND_PERSON.match(token.plain) for token in statement.tokens)


def _forbids(statement: Statement) -> bool:
    return _has(statement, _FORBIDDING)


def _commands(statement: Statement) -> bool:
    return _COMMAND[statement.lang].search(statement.plain) is not None


def _has(statement: Statement, pattern: re.Pattern[str], *, without: re.Pattern[str] | None = None) -> bool:
    """Whether the pattern stands in one of the clauses that are left of the statement."""
    return any(pattern.search(without.sub(" ", text) if without else text) for text in _texts(statement))


def _texts(statement: Statement) -> list[str]:
    held = sorted({token.clause for token in statement.tokens})
    return [statement.plain[slice(*statement.clauses[number])] for number in held]
