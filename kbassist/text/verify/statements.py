"""A sentence as what it names: words that carry meaning, quantities, and the clauses they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kbassist.text.analysis import TextAnalyzer, fold
from kbassist.text.lexicon import Lexicons
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
_FOR_FREE = re.compile(r"\b(?:free of charge|for free|za darmo)\b", re.IGNORECASE)
_HAS_TO = re.compile(r"\b(?:has|have|had) to\b", re.IGNORECASE)
_STRONG = {
    "pl": re.compile(r";\s|,\s(?:a|natomiast|zaś|jednak|i|oraz)\s|,?\s(?:ale|lecz|natomiast)\s", re.IGNORECASE),
    "en": re.compile(r";\s|,\s(?:and|while|yet|so)\s|,?\s(?:but|whereas)\s", re.IGNORECASE),
}
_WEAK = re.compile(r",\s|\s(?:i|oraz|and)\s", re.IGNORECASE)
_DEPENDS = re.compile(
    r"\b(?:że|żeby|aby|by|któr\w+|jeśli|jeżeli|gdy|gdyby|kiedy|o ile|chyba|ponieważ|bo|gdyż|jak|co|czy|zanim|dopóki|licząc"
    r"|pod warunkiem|w przypadku|w razie|z wyjątkiem|oprócz|także|dlatego|więc|zatem"
    r"|which|who|whose|whom|that|if|unless|when|because|as|provided|where|after|before|until|since|including|with|to|so"
    r"|except|whether|however|then|please)\b",
    re.IGNORECASE,
)
_SEVERAL = frozenset({"money", "percent", "duration", "clock", "number", "date"})
_ADJECTIVE_FORM = re.compile(r"\w+(?:[nt][yaei]|[nt]ych|[nt]ym|[nt]ymi|[nt]ego|[nt]ej|[nt]emu|[nt]ą)\Z")
_POLISH_VERB = re.compile(r"\w+(?:[aeiyuąęó]ć|[śź]ć|ść|c)\Z")
_NO_VERB = re.compile(r"\w*(?:ość|miesiąc|noc|pomoc|moc|koc|plac|piec|część|pięć|sześć|dziewięć|dziesięć|sieć|pamięć|wieść)\Z")
_GERUND = re.compile(r"(\w{3,}?)(?:ni|ci)[eau]m?\Z")
_PARTICIPLE = re.compile(r"\w+(?:[aoę][nt]|y[t]|u[t]|ąc)(?:[yaieą]|ych|ym|ymi|ego|ej|emu|i)\Z")
_VOWELS = str.maketrans("", "", "aeiouy")
_SOFT = (("sz", "s"), ("rz", "z"), ("cz", "c"), ("dz", "d"), ("ch", "h"))
_FEWEST_CONSONANTS = 4
_SHARED = 0.62  # of the longer of two words of one family, from its beginning
_FEWEST_SHARED = 5
_SHORTEST_NAME = 3
_ENDINGS = frozenset("a e i o u y em ie ego emu iem om ow ach ami owi owie ej im ym imi ymi ii".split())


def _only(alternatives: str) -> re.Pattern[str]:
    return re.compile(alternatives)


_MARKER = re.compile(
    "|".join((*POSSIBLE.values(), *OBLIGED.values(), *NEGATING.values(), *WITHOUT.values(), *QUANTIFIERS.values()))
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
            return _inflected(self.plain, other.plain)
        return family and _alike(self.plain, other.plain)


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
            self.text, self.lang, tuple(token for token in self.tokens if token.clause in clauses), self.clauses
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
        verbs = [token.start for token in tokens if _acts(token, lang)]
        clauses = _clauses(text, lang, counted, verbs)
        tokens.sort(key=lambda token: token.start)
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
            token = self._word(text, start, end, first)
            if any(begun <= start < stop for begun, stop in obliged):
                token = Token(start, end, token.written, "must", 0, content=False)
            elif any(begun <= start < stop for begun, stop in free):
                token = replace(token, content=token.keys >= {"g:free"})
            elif any(begun <= start < stop for begun, stop in limiting):
                token = replace(token, content=False)
            yield token
            first = False

    def _word(self, text: str, start: int, end: int, first: bool) -> Token:
        written = text[start:end]
        lower = written.lower().replace("’", "'").removesuffix("'s")
        plain = fold(lower)
        sign = 1
        base = self._without_nie(lower)
        if base:
            lower, plain, sign = base, fold(base), -1
        in_lexicon = self._lexicons.polish(lower) or self._lexicons.english(lower)
        lemma = in_lexicon or lower
        folded = fold(lemma)
        keys = {f"l:{folded}", *self._analyzer.word_terms(lower)}
        groups = self._groups.get(plain) or self._groups.get(folded) or ()
        for group, direction in groups:
            keys.add(group)
            sign *= direction
        verb = _is_polish_verb(lemma) and self._lexicons.polish(lower) is not None
        finite = verb and not _is_participle(lower, lemma)
        if skeleton := _skeleton(lemma, verb):
            keys.add(skeleton)
        empty = plain in FUNCTION or _MARKER.fullmatch(plain) is not None
        named = written[0].isupper() and not empty and (not first or not self._analyzer.is_word(lower))
        content = named or not (
            empty or plain in NEUTRAL or folded in NEUTRAL or len(plain) < 2
        )
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
        if not lower.startswith("nie") or len(lower) < 7 or not _ADJECTIVE_FORM.match(lower):
            return ""
        rest = lower[3:]
        lemma = self._lexicons.polish(rest)
        return rest if lemma and (lemma[-1] in "yi" or _is_polish_verb(lemma)) else ""


def _token(text: str, item: Quantity) -> Token:
    written = text[item.start : item.end]
    return Token(item.start, item.end, written, fold(written).lower(), 0, content=True, quantity=item)


def _placed(token: Token, clauses: tuple[tuple[int, int], ...]) -> Token:
    clause = next((n for n, (start, end) in enumerate(clauses) if start <= token.start < end), 0)
    return replace(token, clause=clause)


def _without(tokens: tuple[Token, ...], lang: str) -> Iterator[Token]:
    """With the sign turned of what stands right behind "bez" and "without"."""
    turned = False
    pattern = _only(WITHOUT[lang])
    for token in tokens:
        if token.content and turned:
            yield replace(token, sign=-token.sign)
            turned = False
            continue
        turned = turned or pattern.fullmatch(token.plain) is not None
        yield token


def _acts(token: Token, lang: str) -> bool:
    """Whether it is surely a verb that makes a clause of its own."""
    if lang == "pl":
        return token.is_verb
    return token.plain in AUXILIARIES or token.plain in SURE_VERBS


def _clauses(
    text: str, lang: str, counted: list[Quantity], verbs: list[int]
) -> tuple[tuple[int, int], ...]:
    """Where the parts of a sentence stand that say things side by side.

    A comma or an "i" parts them only where a quantity of the same kind stands on both sides, or, a comma, where
    each side has a verb and neither depends on the other.
    """
    strong = {match.start(): match for match in _STRONG[lang].finditer(text)}
    weak = {match.start(): match for match in _WEAK.finditer(text) if match.start() not in strong}
    places = sorted((strong | weak).items())
    cuts: list[int] = []
    opened = 0
    for number, (at, _) in enumerate(places):
        if any(item.start < at < item.end for item in counted):
            continue
        following = next((other for other, _ in places[number + 1 :] if other in strong), len(text))
        before, after = _kinds(counted, opened, at), _kinds(counted, at, following)
        if at in strong or before & after or (text[at] == "," and _parted(text, opened, at, following, verbs)):
            cuts.append(at)
            opened = at
    edges = [0, *cuts, len(text)]
    return tuple(pairwise(edges))


def _parted(text: str, opened: int, at: int, end: int, verbs: list[int]) -> bool:
    acting = any(opened <= verb < at for verb in verbs) and any(at < verb < end for verb in verbs)
    return acting and not _DEPENDS.search(text, opened, at) and not _DEPENDS.match(text[at:end].lstrip(", "))


def _kinds(counted: list[Quantity], start: int, end: int) -> set[str]:
    return {item.kind for item in counted if start <= item.start < end and item.kind in _SEVERAL}


def _alike(one: str, other: str) -> bool:
    """Whether two words begin so much alike that they are of one family."""
    if min(len(one), len(other)) < _FEWEST_SHARED:
        return False
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared >= max(_FEWEST_SHARED, _SHARED * max(len(one), len(other)))


def _inflected(one: str, other: str) -> bool:
    """Whether two names differ in nothing but a Polish ending."""
    short, long = sorted((one, other), key=len)
    shared = next((n for n, letter in enumerate(short) if long[n] != letter), len(short))
    return shared >= _SHORTEST_NAME and len(short) - shared <= 1 and long[shared:] in _ENDINGS


def _is_polish_verb(lemma: str) -> bool:
    return _POLISH_VERB.match(lemma) is not None and _NO_VERB.match(lemma) is None


def _is_participle(lower: str, lemma: str) -> bool:
    return _PARTICIPLE.match(lower) is not None and lower != lemma[:-1]


def _skeleton(lemma: str, verb: bool) -> str:
    """The consonants of a verb or of a noun made of one: "zgłosić" and "zgłaszać" share theirs."""
    if verb:
        stem = lemma[:-1].removesuffix("ś").removesuffix("ź")
    elif gerund := _GERUND.fullmatch(lemma):
        stem = gerund[1]
    else:
        return ""
    plain = fold(stem.replace("ó", "o"))
    for pair, single in _SOFT:
        plain = plain.replace(pair, single)
    bones = plain.translate(_VOWELS)
    return f"k:{plain[:2]}{bones}" if len(bones) >= _FEWEST_CONSONANTS else ""


