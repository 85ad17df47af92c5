"""Who does what to whom."""

from __future__ import annotations

import re
from dataclasses import replace

from kbassist.text.verify.places import compared, exchanged, is_among, renamed
from kbassist.text.verify.statements import Statement, Token
from kbassist.text.verify.vocabulary import AGENTLESS

_PASSIVE = re.compile(
    r"\b(?:zosta\w+|jest|sa|by[lł]\w*|bywa\w*|bedzie|beda)\s(?:\w+\s)?\w+(?:[nt][yaei]|eni)\b"
)
_SECOND_PERSON = re.compile(r"\w{3,}[aeiy]sz\Z")
_BE = re.compile(r"\b(?:is|are|was|were|be|been|being|get|gets|got)(?: \w+){0,2} \Z")
_FIRST_PLURAL = re.compile(r"\w{3,}(?:my|lismy)\Z")
_DETERMINER = frozenset(
    "a an the of for in on at by with our your their its his her this that these from to".split()
)
_PREPOSITION = re.compile(r"\s(?:of|in|at|on|for|with|to|from|within|before|after|and|during)\s|[,;]")
_BY = re.compile(
    r" by (?!(?:e-?mail|mail|post|phone|telephone|card|courier|bank|transfer|law|default|train|bus"
    r"|plane|car|hand|cheque"
    r"|sms|\w+ing|\d)\b)"
)
_ADVERBIAL = re.compile(r" (?:by|under|in|within|at|on|from|with|during|for) ")
_CUSTOMER, _SELLER = "g:customer", "g:seller"
_RECEIVED = "g:receive"


def roles(claim: Statement, ground: Statement) -> str | None:
    """`"roles"` when what acts in one is acted upon in the other."""
    if (
        _persons_differ(claim, ground)
        or exchanged(claim, ground)
        or renamed(claim, ground)
        or compared(claim, ground)
    ):
        return "roles"
    swapped = _swapped_polish if claim.lang == "pl" else _swapped_english
    return "roles" if swapped(claim, ground) else None


def _persons_differ(claim: Statement, ground: Statement) -> bool:
    """Whether "we" act where the customer does, or "you" where the seller does."""
    mine, theirs = actor(claim), actor(ground)
    if not mine or not theirs or mine == theirs:
        return False
    received = any(_RECEIVED in token.keys for token in claim.content)
    return not (received and not any(_RECEIVED in token.keys for token in ground.content))


def side_of(token: Token) -> str:
    """`"customer"` or `"seller"` where a word names one of them."""
    return next((side for side in (_CUSTOMER, _SELLER) if side in token.keys), "")


def actor(statement: Statement) -> str:
    """The side that acts: by a pronoun, by the verb's person, or by the noun before the first verb."""
    if statement.lang == "en":
        return _english_actor(statement)
    passive = _PASSIVE.search(statement.plain) is not None
    for token in statement.tokens:
        if token.is_verb and _FIRST_PLURAL.match(token.plain):
            return _SELLER
        if token.is_verb and _SECOND_PERSON.match(token.plain):
            return _CUSTOMER
        if not passive and _nominative(token) and side_of(token):
            return side_of(token)
    return ""


def _english_actor(statement: Statement) -> str:
    for token in statement.tokens:
        if token.plain in ("we", "you"):
            return _SELLER if token.plain == "we" else _CUSTOMER
        if token.content and not token.quantity:
            following = [other for other in statement.content if other.start > token.start]
            passive = any(_is_passive(statement, other) for other in following)
            return "" if passive else side_of(token)
    return ""


def _nominative(token: Token) -> bool:
    """A noun in the form that acts, as far as the form tells. Of a name that no lexicon has it tells
    nothing.
    """
    noun = (
        token.content
        and token.known
        and not token.is_verb
        and token.quantity is None
        and token.lemma[-1] not in "iy"
    )
    return noun and token.written.lower() == token.lemma


def _agents(statement: Statement) -> list[Token]:
    """Nouns that may be the one who acts: in the nominative, or behind "przez" in the passive."""
    if _PASSIVE.search(statement.plain) and " przez " in statement.plain:
        at = statement.plain.index(" przez ")
        return [token for token in statement.content if token.start > at and not token.quantity][:2]
    return [token for token in statement.content if _nominative(token) and token.lemma not in AGENTLESS]


def _swapped_polish(claim: Statement, ground: Statement) -> bool:
    mine, theirs = _agents(claim), _agents(ground)
    if _lost(mine, theirs, claim, ground) or _lost(theirs, mine, ground, claim):
        return True
    if _made_to_act(claim, ground):
        return True
    return _names_swapped(claim, ground) or _order_swapped(claim, ground)


def _made_to_act(claim: Statement, ground: Statement) -> bool:
    """Whether a noun acts here, before the verb, that is in another case there, with the same verb."""
    if any(_PASSIVE.search(item.plain) for item in (claim, ground)):
        return False
    theirs = {token.lemma for token in ground.tokens if token.is_verb}
    acting = [token for token in claim.tokens if token.is_verb and token.lemma in theirs]
    verb = next((token for token in acting if token.lemma != token.plain), None)
    if verb is None:
        return False
    for token in claim.content:
        there = ground.find(token)
        if there is None or token.lemma in AGENTLESS:
            continue
        if token.start >= verb.start and there.plain not in (f"{token.plain}a", f"{token.plain[:-1]}e"):
            continue
        acts = _nominative(replace(token, is_verb=False) if there.is_name else token)
        if acts and not there.is_verb and _other_form(token, there):
            return True
    return False


def takes_the_place(token: Token, claim: Statement, sentence: Statement) -> bool:
    """Whether a word that `sentence` lacks acts in `claim`, where in `sentence` another one does."""
    if claim.lang == "pl":
        return _nominative(token) and any(_nominative(other) for other in sentence.content)
    verb = next((own for own in claim.content if _verb_like(claim, own) and sentence.find(own)), None)
    if verb is None or token.start > verb.start:
        return False
    there = sentence.find(verb)
    return there is not None and any(
        own.start < there.start and not own.quantity and not claim.find(own) for own in sentence.content
    )


def _lost(mine: list[Token], theirs: list[Token], claim: Statement, ground: Statement) -> bool:
    """Whether one that acts here does not act there, while another noun has changed its form too."""
    for agent in mine:
        there = ground.find(agent)
        if there is None or any(agent.same(other) for other in theirs) or not _other_form(agent, there):
            continue
        for noun in claim.content:
            found = ground.find(noun)
            changed = found and noun is not agent and _other_form(noun, found) and noun not in mine
            if found and changed and not noun.is_verb and not found.is_verb:
                return True
    return False


def _other_form(one: Token, other: Token) -> bool:
    """Whether they are one word in two forms, and not two words of one family."""
    shared = one.keys & other.keys
    return one.plain != other.plain and any(key.startswith(("s:", "l:")) for key in shared)


def _names_swapped(claim: Statement, ground: Statement) -> bool:
    """Of two names that no lexicon has, each in the form of the other: shorter in one, longer in the
    other.
    """
    changed: list[int] = []
    for token in claim.content:
        if token.quantity or token.is_verb:
            continue
        found = ground.find(token)
        if (
            found
            and len(found.written) != len(token.written)
            and (token.is_name or _nominative(token) or _nominative(found))
        ):
            changed.append(len(found.written) - len(token.written))
    voice = [bool(_PASSIVE.search(item.plain)) and " przez " in item.plain for item in (claim, ground)]
    return voice[0] == voice[1] and bool(changed) and min(changed) < 0 < max(changed)


def _order_swapped(claim: Statement, ground: Statement) -> bool:
    """Two nouns in forms that do not tell, around one verb, the other way round."""
    nouns = [(token, found) for token in claim.content if (found := _same_form(token, ground))]
    for verb in claim.content:
        there = ground.find(verb) if verb.is_verb else None
        if there is None:
            continue
        before = [found for token, found in nouns if token.start < verb.start]
        behind = [found for token, found in nouns if token.start > verb.start]
        if any(own.start > there.start for own in before) and any(own.start < there.start for own in behind):
            return True
    return False


def _same_form(token: Token, ground: Statement) -> Token | None:
    """The token there, where both are in the form that acts."""
    found = ground.find(token) if _nominative(token) else None
    return found if found and _nominative(found) else None


def _swapped_english(claim: Statement, ground: Statement) -> bool:
    for verb in claim.content:
        if verb.quantity or not _verb_like(claim, verb):
            continue
        there = next((own for own in ground.content if verb.same(own) and _verb_like(ground, own)), None)
        if there is None:
            continue
        passive = [_is_passive(claim, verb), _is_passive(ground, there)]
        agents, patients = _sides(claim, verb, passive[0])
        acting, suffering = _sides(ground, there, passive[1])
        forth = any(is_among(token, suffering) and not is_among(token, acting) for token in agents)
        back = any(is_among(token, acting) and not is_among(token, suffering) for token in patients)
        if (forth and back) or (any(passive) and (forth or back)):
            return True
    return False


def _is_passive(statement: Statement, verb: Token) -> bool:
    changed = verb.plain != verb.lemma and not verb.plain.endswith(("s", "ing", "er"))
    after = _ADVERBIAL.match(statement.plain, verb.end) is not None
    return changed and (after or _BE.search(statement.plain[: verb.start]) is not None)


def _sides(statement: Statement, verb: Token, passive: bool) -> tuple[list[Token], list[Token]]:
    """Who acts and who is acted upon: before and behind the verb; in the passive, behind "by" and before."""
    comma = statement.plain.rfind(",", 0, verb.start)
    words = [token for token in statement.content if not token.quantity and token is not verb]
    before = [
        token for token in words if comma < token.start < verb.start and not _governed(statement, token)
    ]
    behind = [token for token in words if token.start > verb.start]
    if not passive:
        return before, behind
    found = _BY.search(statement.plain, verb.end)
    if found is None:
        return [], before
    by = found.start()
    ended = _PREPOSITION.search(statement.plain, by + 4)
    return [
        token for token in behind if by < token.start < (ended.start() if ended else len(statement.text))
    ], before


def _governed(statement: Statement, token: Token) -> bool:
    """Whether a preposition stands right before it: no name that acts."""
    before = statement.plain[: token.start].split()[-2:]
    return bool(before) and (
        before[-1] in ("of", "in", "at", "for", "from", "with", "to", "on", "without")
        or (
            len(before) > 1
            and before[-1] in ("the", "a", "an")
            and before[-2] in ("of", "in", "at", "for", "from", "with", "on")
        )
    )


def _verb_like(statement: Statement, token: Token) -> bool:
    before = statement.plain[: token.start].split()[-1:]
    if not before or before[0] in _DETERMINER:
        return False
    if token.is_verb:
        return True
    return token.plain != token.lemma and not token.plain.endswith("s")
