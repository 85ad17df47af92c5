"""Polish numbers in words, in the case and the gender that their place asks for."""

from __future__ import annotations

from typing import Literal, NamedTuple

Case = Literal["nom", "gen", "dat", "instr", "loc"]

LARGEST = 999_999_999

_COUNTED = """
0 zero zera zeru zerem
1 jeden jednego jednemu jednym
2 dwa dwóch dwóm dwoma
3 trzy trzech trzem trzema
4 cztery czterech czterem czterema
5 pięć pięciu pięciu pięcioma
6 sześć sześciu sześciu sześcioma
7 siedem siedmiu siedmiu siedmioma
8 osiem ośmiu ośmiu ośmioma
9 dziewięć dziewięciu dziewięciu dziewięcioma
10 dziesięć dziesięciu dziesięciu dziesięcioma
11 jedenaście jedenastu jedenastu jedenastoma
12 dwanaście dwunastu dwunastu dwunastoma
13 trzynaście trzynastu trzynastu trzynastoma
14 czternaście czternastu czternastu czternastoma
15 piętnaście piętnastu piętnastu piętnastoma
16 szesnaście szesnastu szesnastu szesnastoma
17 siedemnaście siedemnastu siedemnastu siedemnastoma
18 osiemnaście osiemnastu osiemnastu osiemnastoma
19 dziewiętnaście dziewiętnastu dziewiętnastu dziewiętnastoma
20 dwadzieścia dwudziestu dwudziestu dwudziestoma
30 trzydzieści trzydziestu trzydziestu trzydziestoma
40 czterdzieści czterdziestu czterdziestu czterdziestoma
50 pięćdziesiąt pięćdziesięciu pięćdziesięciu pięćdziesięcioma
60 sześćdziesiąt sześćdziesięciu sześćdziesięciu sześćdziesięcioma
70 siedemdziesiąt siedemdziesięciu siedemdziesięciu siedemdziesięcioma
80 osiemdziesiąt osiemdziesięciu osiemdziesięciu osiemdziesięcioma
90 dziewięćdziesiąt dziewięćdziesięciu dziewięćdziesięciu dziewięćdziesięcioma
100 sto stu stu stu
200 dwieście dwustu dwustu dwustu
300 trzysta trzystu trzystu trzystu
400 czterysta czterystu czterystu czterystu
500 pięćset pięciuset pięciuset pięciuset
600 sześćset sześciuset sześciuset sześciuset
700 siedemset siedmiuset siedmiuset siedmiuset
800 osiemset ośmiuset ośmiuset ośmiuset
900 dziewięćset dziewięciuset dziewięciuset dziewięciuset
"""
_ORDINALS = (
    "zerow pierwsz drug trzec czwart piąt szóst siódm ósm dziewiąt dziesiąt jedenast dwunast trzynast "
    "czternast "
    "piętnast szesnast siedemnast osiemnast dziewiętnast"
).split()
_ORDINAL_TENS = (
    "dwudziest trzydziest czterdziest pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt "
    "dziewięćdziesiąt"
).split()
_ORDINAL_HUNDREDS = (
    "setn dwusetn trzechsetn czterechsetn pięćsetn sześćsetn siedemsetn osiemsetn dziewięćsetn".split()
)
_PREFIXES = (
    "zero jedno dwu trzy cztero pięcio sześcio siedmio ośmio dziewięcio dziesięcio jedenasto dwunasto "
    "trzynasto "
    "czternasto piętnasto szesnasto siedemnasto osiemnasto dziewiętnasto"
).split()
_PREFIX_TENS = (
    "dwudziesto trzydziesto czterdziesto pięćdziesięcio sześćdziesięcio siedemdziesięcio osiemdziesięcio "
    "dziewięćdziesięcio"
).split()
_ENDINGS = {
    "m.nom": ("y", "i"), "m.gen": ("ego", "iego"), "m.instr": ("ym", "im"), "m.loc": ("ym", "im"),
    "f.nom": ("a", "a"), "f.gen": ("ej", "iej"), "f.acc": ("ą", "ą"), "f.instr": ("ą", "ą"),
}  # fmt: skip
_THOUSAND = ("tysiąc", "tysiące", "tysięcy", "tysiąca")
_MILLION = ("milion", "miliony", "milionów", "miliona")


class Noun(NamedTuple):
    """Forms beside a number: with 1, with 2 to 4, with 5 and more; in the genitive with 1 (and after a
    fraction), with many in the locative and in the instrumental.
    """

    one: str
    few: str
    many: str
    of_one: str
    loc: str
    instr: str
    feminine: bool = False


def _table() -> dict[int, tuple[str, ...]]:
    rows = (line.split() for line in _COUNTED.strip().splitlines())
    return {int(value): tuple(forms) for value, *forms in rows}


_FORMS = _table()
_COLUMN: dict[Case, int] = {"nom": 0, "gen": 1, "loc": 1, "dat": 2, "instr": 3}


def cardinal(number: int, case: Case = "nom", *, feminine: bool = False) -> str:
    """`cardinal(22, "gen")` is "dwudziestu dwóch". Up to `LARGEST`."""
    if number == 0:
        return _FORMS[0][_COLUMN[case]]
    parts: list[str] = []
    for scale, noun in ((1_000_000, _MILLION), (1_000, _THOUSAND)):
        count, number = divmod(number, scale)
        if count:
            parts.append(_scaled(count, noun, case))
    if number:
        parts.append(_below_thousand(number, case, feminine=feminine, alone=not parts))
    return " ".join(parts)


def form(number: int, noun: Noun, case: Case = "nom") -> str:
    """The form of the noun beside the number."""
    if case in ("loc", "instr") and number != 1:
        return noun.loc if case == "loc" else noun.instr
    if number == 1:
        return noun.one if case == "nom" else noun.of_one
    if case == "nom" and number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
        return noun.few
    return noun.many


def ordinal(number: int, ending: str) -> str:
    """`ordinal(25, "m.gen")` is "dwudziestego piątego"; only the last two digits decline."""
    rest = number % 100
    head = number - rest
    if not rest:
        return _round_ordinal(number, ending)
    words = [cardinal(head)] if head else []
    if rest < 20:
        words.append(_declined(_ORDINALS[rest], ending))
    else:
        tens, units = divmod(rest, 10)
        words.append(_declined(_ORDINAL_TENS[tens - 2], ending))
        if units:
            words.append(_declined(_ORDINALS[units], ending))
    return " ".join(words)


def prefix(number: int) -> str:
    """What makes an adjective: `prefix(14)` is "czternasto", of "czternastodniowy"; up to 100."""
    if number == 100:
        return "stu"
    if number < 20:
        return _PREFIXES[number]
    tens, units = divmod(number, 10)
    return _PREFIX_TENS[tens - 2] + (_PREFIXES[units] if units else "")


def _scaled(count: int, noun: tuple[str, ...], case: Case) -> str:
    if count == 1:
        return noun[0] if case == "nom" else noun[3]
    words = _below_thousand(count, case, feminine=False, alone=False)
    few = case == "nom" and count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return f"{words} {noun[1] if few else noun[2]}"


def _below_thousand(number: int, case: Case, *, feminine: bool, alone: bool) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [_FORMS[hundreds * 100][_COLUMN[case]]] if hundreds else []
    if rest >= 20:
        parts.append(_FORMS[rest // 10 * 10][_COLUMN[case]])
        rest %= 10
    if rest:
        parts.append(_unit(rest, case, feminine=feminine, alone=alone and not parts))
    return " ".join(parts)


def _unit(unit: int, case: Case, *, feminine: bool, alone: bool) -> str:
    if unit == 1 and not alone:
        return "jeden"
    if unit == 1 and feminine:
        return {"nom": "jedna", "instr": "jedną"}.get(case, "jednej")
    if unit == 2 and feminine:
        return {"nom": "dwie", "instr": "dwiema"}.get(case, _FORMS[2][_COLUMN[case]])
    return _FORMS[unit][_COLUMN[case]]


def _round_ordinal(number: int, ending: str) -> str:
    if number == 0:
        return _declined("zerow", ending)
    if number % 1000:
        head = number - number % 1000
        hundred = _declined(_ORDINAL_HUNDREDS[number % 1000 // 100 - 1], ending)
        return f"{cardinal(head)} {hundred}" if head else hundred
    thousands = number // 1000
    return _declined("tysięczn" if thousands == 1 else f"{prefix(min(thousands, 100))}tysięczn", ending)


def _declined(stem: str, ending: str) -> str:
    hard, soft = _ENDINGS[ending]
    if stem == "trzec":
        return stem + {"a": "ia", "ą": "ią"}.get(soft, soft)
    return stem + (soft if stem == "drug" else hard)
