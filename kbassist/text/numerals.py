"""Numbers in running text, written in digits or in words, in Polish and English.

Every repetition in the expressions is bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_WORDS_PL = """
0 zero zera
0.5 pół
1 jeden jedna jedno jednego jednej jednemu jednym jedną
1.5 półtora półtorej
2 dwa dwie dwóch dwu dwom dwóm dwoma dwiema dwoje
3 trzy trzech trzem trzema troje
4 cztery czterech czterem czterema czworo
5 pięć pięciu pięcioma
6 sześć sześciu sześcioma
7 siedem siedmiu siedmioma
8 osiem ośmiu ośmioma
9 dziewięć dziewięciu dziewięcioma
10 dziesięć dziesięciu dziesięcioma
11 jedenaście jedenastu jedenastoma
12 dwanaście dwunastu dwunastoma
13 trzynaście trzynastu trzynastoma
14 czternaście czternastu czternastoma
15 piętnaście piętnastu piętnastoma
16 szesnaście szesnastu szesnastoma
17 siedemnaście siedemnastu siedemnastoma
18 osiemnaście osiemnastu osiemnastoma
19 dziewiętnaście dziewiętnastu dziewiętnastoma
20 dwadzieścia dwudziestu dwudziestoma
30 trzydzieści trzydziestu trzydziestoma
40 czterdzieści czterdziestu czterdziestoma
50 pięćdziesiąt pięćdziesięciu pięćdziesięcioma
60 sześćdziesiąt sześćdziesięciu sześćdziesięcioma
70 siedemdziesiąt siedemdziesięciu siedemdziesięcioma
80 osiemdziesiąt osiemdziesięciu osiemdziesięcioma
90 dziewięćdziesiąt dziewięćdziesięciu dziewięćdziesięcioma
100 sto stu
200 dwieście dwustu
300 trzysta trzystu
400 czterysta czterystu
500 pięćset pięciuset
600 sześćset sześciuset
700 siedemset siedmiuset
800 osiemset ośmiuset
900 dziewięćset dziewięciuset
1000 tysiąc tysiąca tysiące tysięcy
1000000 milion miliona miliony milionów
"""
_WORDS_EN = """
0 zero
1 one
2 two
3 three
4 four
5 five
6 six
7 seven
8 eight
9 nine
10 ten
11 eleven
12 twelve
13 thirteen
14 fourteen
15 fifteen
16 sixteen
17 seventeen
18 eighteen
19 nineteen
20 twenty
30 thirty
40 forty
50 fifty
60 sixty
70 seventy
80 eighty
90 ninety
100 hundred
1000 thousand
1000000 million
"""


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands. `scale` is the "thousand" or "million" that `amount` includes."""

    start: int
    end: int
    amount: float
    scale: int = 1


def _table(lines: str) -> Mapping[str, float]:
    rows = (line.split() for line in lines.strip().splitlines())
    return MappingProxyType({word: float(value) for value, *words in rows for word in words})


_WORDS = MappingProxyType({"pl": _table(_WORDS_PL), "en": _table(_WORDS_EN)})


def _digits(thousands: str, decimal: str) -> re.Pattern[str]:
    return re.compile(
        r"(?<!\w)(?<![0-9][.,])"
        r"(?P<whole>[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3}){1,4}"
        rf"|[0-9]{{1,3}}(?:{thousands}[0-9]{{3}}){{1,4}}|[0-9]{{1,12}})"
        rf"(?:[.,](?P<part>[0-9]{{1,2}})(?![0-9])|{decimal}(?P<long>[0-9]{{3,4}}))?"
        r"(?![.,]?[0-9])"
    )


# "1.500" is fifteen hundred in Polish and one and a half in English; "1,500" the other way round.
_DIGITS = MappingProxyType({"pl": _digits(r"\.", ","), "en": _digits(",", r"\.")})
_WORD = re.compile(r"[^\W\d_]{2,20}")
_CONNECTED = re.compile(r"\s|-|\sand\s")
_DIGIT_BEFORE = re.compile(r"[0-9]\s?\Z")
_SCALE = re.compile(
    r"\s?(?:(?P<k>tys\b\.?|tysi[ąa]c\w{0,2}|tysięcy|thousand)|(?P<m>mln\b\.?|milion\w{0,3}|million))(?!\w)",
    re.IGNORECASE,
)


def find_numbers(text: str, lang: str) -> list[Number]:
    """The numbers of `text` in order, those in words included. `lang` is `"pl"`, else English.

    Versions, addresses and dates in digits (`1.2.3`, `31.08.2025`) are not numbers.
    """
    lang = "pl" if lang == "pl" else "en"
    found = [*_in_digits(text, lang), *_in_words(text, lang)]
    return sorted(found, key=lambda number: number.start)


def _in_digits(text: str, lang: str) -> Iterator[Number]:
    for match in _DIGITS[lang].finditer(text):
        whole = re.sub(r"[^0-9]", "", match["whole"])
        amount = float(f"{whole}.{match['part'] or match['long'] or 0}")
        scale = _SCALE.match(text, match.end())
        if scale:
            factor = 1000 if scale["k"] else 1_000_000
            yield Number(match.start(), scale.end(), amount * factor, factor)
        else:
            yield Number(match.start(), match.end(), amount)


def _in_words(text: str, lang: str) -> Iterator[Number]:
    table = _WORDS[lang]
    run: list[tuple[int, int, float]] = []
    for word in _WORD.finditer(text):
        value = table.get(word.group().lower())
        if value is None:
            continue
        # A scale after digits belongs to them.
        if value >= 100 and _DIGIT_BEFORE.search(text, max(0, word.start() - 2), word.start()):
            continue
        if run and not _CONNECTED.fullmatch(text, run[-1][1], word.start()):
            yield from _compose(run, lang)
            run = []
        run.append((*word.span(), value))
    yield from _compose(run, lang)


def _compose(run: list[tuple[int, int, float]], lang: str) -> Iterator[Number]:
    """The numbers that a run of number words spells: one, unless a word cannot go on from the last."""
    opened: tuple[int, int] | None = None
    total = group = 0.0
    room = 0.0
    for start, end, value in run:
        multiplies = value >= 1000 or (value == 100 and lang == "en")
        if opened and multiplies and 0 < group < value:
            group *= value
            room = value
        elif opened and value < room:
            group += value
            room = _room_after(value)
        else:
            if opened:
                yield Number(*opened, total + group)
            opened, total, group, room = (start, end), 0.0, value, _room_after(value)
        if value >= 1000:
            total, group, room = total + group, 0.0, value
        opened = opened[0], end
    if opened:
        yield Number(*opened, total + group)


def _room_after(value: float) -> float:
    """What may follow in the same number has to be smaller: units after tens, tens after hundreds."""
    if value >= 100:
        return 100.0
    return 10.0 if value >= 20 else 0.0


def numeral_words() -> Mapping[str, float]:
    """Every number word, lower-case, with what it says: Polish and English together."""
    return MappingProxyType({**_WORDS["en"], **_WORDS["pl"]})
