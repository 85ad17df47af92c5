"""A sentence as what it names: words that carry meaning, quantities, and the clauses they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kbassist.text.analysis import TextAnalyzer, fold
from kbassist.text.lexicon import Lexicons
from kbassist.text.verify.forms import (
    alike,
    inflected,
    is_adjectival,
    is_participle,
    is_polish_verb,
    skeleton,
)
from kbassist.text.verify.parting import parted
from kbassist.text.verify.quantities import Quantity, quantities
from kbassist.text.verify.vocabulary import (
    AUXILIARIES,
    FUNCTION,
    GROUPS,
    NEGATING,
    NEUTRAL,
    OBLIGED,
    POSSIBLE,
    QUANTIFIERS,
    SURE_VERBS,
    WITHOUT,
)

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BEFORE_VERB = frozenset(
    "may can must will could should would shall not it they he she we you who which".split()
)
_AFTER_VERB = frozenset(
    "the a an it them him her us you its their his your our this that these those to no any".split()
)
_FOR_FREE = re.compile(r"\b(?:free of charge|for free|za darmo)\b", re.IGNORECASE)
_HAS_TO = re.compile(r"\b(?:has|have|had) to\b", re.IGNORECASE)
_MARKER = re.compile(
    "|".join(
        (*POSSIBLE.values(), *OBLIGED.values(), *NEGATING.values(), *WITHOUT.values(), *QUANTIFIERS.values())
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a quantity. `plain` is lower-case without diacritics; `clause` counts from 0.

    `keys` are what equal words share. `sign` is -1 where the word says the opposite of its keys
    ("nieczynny", "bez zgody"). Only a `content` token has to be found in what supports the sentence.
    """

    start: int
    end: int
    written: str
    plain: str
    clause: int
    content: bool
    keys: frozenset[str] = frozenset()
    lemma: str = ""
    sign: int = 1
    is_verb: bool = False
    is_name: bool = False
    known: bool = False
    quantity: Quantity | None = None

    def same(self, other: Token, *, family: bool = True) -> bool:
        """Whether both name one thing; with `family`, words that begin alike do."""
        if self.quantity or other.quantity:
            return bool(self.quantity and other.quantity and self.quantity.stated_by(other.quantity))
        if not self.keys.isdisjoint(other.keys):
            return True
        if self.is_name:
            return inflected(self.plain, other.plain)
        return family and alike(self.plain, other.plain)


@dataclass(frozen=True)
class Statement:
    """A sentence, taken apart."""

    text: str
    lang: str
    tokens: tuple[Token, ...]
    clauses: tuple[tuple[int, int], ...]

    @cached_property
    def plain(self) -> str:
        return fold(self.text).lower().replace("’", "'")

    @cached_property
    def content(self) -> tuple[Token, ...]:
        return tuple(token for token in self.tokens if token.content)

    def find(self, token: Token) -> Token | None:
        """The content token that is the same as one of another statement; the one most like it."""
        found = [own for own in self.content if token.same(own)]
        return max(found, key=lambda own: (own.plain == token.plain, own.sign == token.sign), default=None)

    def in_clauses(self, clauses: frozenset[int]) -> Statement:
        """Only some of its clauses; text and offsets stay."""
        return Statement(
            self.text,
            self.lang,
            tuple(token for token in self.tokens if token.clause in clauses),
            self.clauses,
        )


class Parser:
    """Takes sentences apart, in Polish and English."""

    def __init__(self, analyzer: TextAnalyzer, lexicons: Lexicons) -> None:
        self._analyzer = analyzer
        self._lexicons = lexicons
        self._groups = dict(self._read_groups())

    def parse(self, text: str, lang: str) -> Statement:
        lang = "pl" if lang == "pl" else "en"
        counted = quantities(text, lang)
        tokens = [*self._words(text, lang, counted), *(_token(text, item) for item in counted)]
        tokens.sort(key=lambda token: token.start)
        if lang == "en":
            tokens = list(_with_verbs(tokens))
        verbs = [token.start for token in tokens if token.is_verb or token.plain in AUXILIARIES]
        clauses = parted(text, lang, counted, verbs, _echoes(tokens))
        placed = tuple(_placed(token, clauses) for token in tokens)
        return Statement(text, lang, tuple(_without(placed, lang)), clauses)

    def _read_groups(self) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
        found: dict[str, dict[str, int]] = {}
        for line in GROUPS.strip().splitlines():
            name, _, members = line.partition(":")
            for member in members.split():
                word = member.lstrip("-")
                found.setdefault(word, {})[f"g:{name}"] = -1 if member.startswith("-") else 1
        for word, groups in found.items():
            yield word, tuple(groups.items())

    def _words(self, text: str, lang: str, counted: list[Quantity]) -> Iterator[Token]:
        taken = [(item.start, item.end) for item in counted]
        limiting = [(item.opened, item.start) for item in counted if item.opened < item.start]
        free = [match.span() for match in _FOR_FREE.finditer(text)]
        obliged = [match.span() for match in _HAS_TO.finditer(text)] if lang == "en" else []
        first = True
        for match in _WORD.finditer(text):
            start, end = match.span()
            if any(start < stop and end > begun for begun, stop in taken):
                first = False
                continue
            token = self._word(text, start, end, first, lang)
            if any(begun <= start < stop for begun, stop in obliged):
                token = Token(start, end, token.written, "must", 0, content=False)
            elif any(begun <= start < stop for begun, stop in free):
                token = replace(token, content=token.keys >= {"g:free"})
            elif any(begun <= start < stop for begun, stop in limiting):
                token = replace(token, content=False)
            yield token
            first = False

    def _word(self, text: str, start: int, end: int, first: bool, lang: str) -> Token:
        written = text[start:end]
        lower = written.lower().replace("’", "'").removesuffix("'s")
        plain = fold(lower)
        sign = 1
        base = self._without_nie(lower)
        if base:
            lower, plain, sign = base, fold(base), -1
        own, other = self._lexicons.polish, self._lexicons.english
        in_lexicon = own(lower) or other(lower) if lang == "pl" else other(lower) or own(lower)
        lemma = in_lexicon or lower
        folded = fold(lemma)
        keys = {f"l:{folded}", *self._analyzer.word_terms(lower)}
        groups = self._groups.get(plain) or self._groups.get(folded) or ()
        for group, direction in groups:
            keys.add(group)
            sign *= direction
        verb = lang == "pl" and is_polish_verb(lemma) and self._lexicons.polish(lower) is not None
        finite = verb and not is_participle(lower, lemma)
        if bones := skeleton(lemma, verb):
            keys.add(bones)
        empty = plain in FUNCTION or _MARKER.fullmatch(plain) is not None
        named = written[0].isupper() and not empty and (not first or not self._analyzer.is_word(lower))
        content = named or not (empty or plain in NEUTRAL or folded in NEUTRAL or len(plain) < 2)
        return Token(
            start=start,
            end=end,
            written=written,
            plain=plain,
            clause=0,
            content=content,
            keys=frozenset(keys),
            lemma=lemma,
            sign=sign,
            is_verb=finite and not named,
            is_name=named,
            known=bool(in_lexicon),
        )

    def _without_nie(self, lower: str) -> str:
        """`"czynny"` of `"nieczynny"`; only of adjectives and participles."""
        if not lower.startswith("nie") or len(lower) < 7 or not is_adjectival(lower):
            return ""
        rest = lower[3:]
        lemma = self._lexicons.polish(rest)
        return rest if lemma and (lemma[-1] in "yi" or is_polish_verb(lemma)) else ""


def _echoes(tokens: list[Token]) -> list[tuple[int, int]]:
    """Where words stand that come again, and where they do."""
    words = [token for token in tokens if token.content and not token.quantity]
    return [
        (one.start, other.start)
        for place, one in enumerate(words)
        for other in words[place + 1 :]
        if other.plain == one.plain
    ]


def _token(text: str, item: Quantity) -> Token:
    written = text[item.start : item.end]
    return Token(item.start, item.end, written, fold(written).lower(), 0, content=True, quantity=item)


def _placed(token: Token, clauses: tuple[tuple[int, int], ...]) -> Token:
    clause = next((n for n, (start, end) in enumerate(clauses) if start <= token.start < end), 0)
    return replace(token, clause=clause)


def _without(tokens: tuple[Token, ...], lang: str) -> Iterator[Token]:
    """With the sign turned of what stands right behind "bez" and "without"."""
    turned = False
    pattern = re.compile(WITHOUT[lang])
    for token in tokens:
        if token.content and turned:
            yield replace(token, sign=-token.sign)
            turned = False
            continue
        turned = turned or pattern.fullmatch(token.plain) is not None
        yield token


def _with_verbs(tokens: list[Token]) -> Iterator[Token]:
    """English words that are verbs by where they stand: "landlord returns it", "may cancel"."""
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        verb = token.plain in SURE_VERBS or (before is not None and before.plain in _BEFORE_VERB)
        if not verb and before and after and token.plain.endswith("s") and before.content:
            verb = after.plain in _AFTER_VERB or (
                after.quantity is not None and after.quantity.kind == "money"
            )
        acts = verb and not token.quantity and not token.is_name
        yield replace(token, is_verb=True) if acts else token
