"""Forms of words, by their letters: what is a verb, what is of one family, what is one name in another
case.
"""

from __future__ import annotations

import re

from kbassist.text.analysis import fold

_ADJECTIVE_FORM = re.compile(r"\w+(?:[nt][yaei]|[nt]ych|[nt]ym|[nt]ymi|[nt]ego|[nt]ej|[nt]emu|[nt]ą)\Z")
_POLISH_VERB = re.compile(r"\w+(?:[aeiyuąęó]ć|[śź]ć|ść|c)\Z")
_NO_VERB = re.compile(
    r"\w*(?:ość|miesiąc|noc|pomoc|moc|koc|plac|piec|część|pięć|sześć|dziewięć|dziesięć|sieć|pamięć|wieść)\Z"
)
_GERUND = re.compile(r"(\w{3,}?)(?:ni|ci)[eau]m?\Z")
_PARTICIPLE = re.compile(r"\w+(?:[aoę][nt]|y[t]|u[t]|ąc)(?:[yaieą]|ych|ym|ymi|ego|ej|emu|i)\Z")
_VOWELS = str.maketrans("", "", "aeiouy")
_SOFT = (("sz", "s"), ("rz", "z"), ("cz", "c"), ("dz", "d"), ("ch", "h"))
_FEWEST_CONSONANTS = 4
_SHARED = 0.62  # of the longer of two words of one family, from its beginning
_FEWEST_SHARED = 5
_SHORTEST_NAME = 3
_ENDINGS = frozenset("a e i o u y em ie ego emu iem om ow ach ami owi owie ej im ym imi ymi ii".split())


def is_adjectival(lower: str) -> bool:
    """Whether a Polish word has the ending of an adjective made of a verb, or of a participle."""
    return _ADJECTIVE_FORM.match(lower) is not None


def alike(one: str, other: str) -> bool:
    """Whether two words begin so much alike that they are of one family."""
    if min(len(one), len(other)) < _FEWEST_SHARED:
        return False
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared >= max(_FEWEST_SHARED, _SHARED * max(len(one), len(other)))


def inflected(one: str, other: str) -> bool:
    """Whether two names differ in nothing but a Polish ending."""
    short, long = sorted((one, other), key=len)
    shared = next((n for n, letter in enumerate(short) if long[n] != letter), len(short))
    return shared >= _SHORTEST_NAME and len(short) - shared <= 1 and long[shared:] in _ENDINGS


def is_polish_verb(lemma: str) -> bool:
    """Whether a Polish lemma is an infinitive, by its ending."""
    return _POLISH_VERB.match(lemma) is not None and _NO_VERB.match(lemma) is None


def is_participle(lower: str, lemma: str) -> bool:
    """Whether a form of a verb is declined like an adjective."""
    return _PARTICIPLE.match(lower) is not None and lower != lemma[:-1]


def skeleton(lemma: str, verb: bool) -> str:
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
