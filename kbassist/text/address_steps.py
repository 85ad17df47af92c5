"""One step of an address: a unit with its number, or with a list of numbers ("lit. a i c", "art. 15–22")."""

from __future__ import annotations

import re

from kbassist.text.ordinals import ordinal, roman

Step = tuple[str, str]
"""Unit and number: `("ust", "2")`. The units are `art`, `§`, `ust`, `pkt`, `lit` and the others below."""

_UNITS = (
    ("art", r"art(?:yku[łl][^\W\d_]{0,3}|icles?|s?\.|s)?"),
    ("motyw", r"motyw[^\W\d_]{0,3}|recitals?"),
    ("§", r"§{1,2}|par(?:agraf[^\W\d_]{0,4})?\.?"),
    ("ust", r"ust(?:[ęe]p[^\W\d_]{0,3})?\.?|paragraphs?|paras?\."),
    ("ppkt", r"ppkt\.?|podpunk[^\W\d_]{1,3}|subparagraphs?"),
    (
        "pkt",
        r"pkt\.?|punk(?:t(?:u|em|y|ach|ami|om)?|cie)|points?|(?:sub)?sections?|sec\.|clauses?"
        r"|sekcj[^\W\d_]{1,3}",
    ),
    ("lit", r"lit(?:er[^\W\d_]{1,3})?\.?"),
    ("tiret", r"tirety?|indents?"),
    ("zd", r"zd(?:ani[^\W\d_]{1,3})?\.?|akapi[^\W\d_]{1,4}|sentences?"),
    ("rozdz", r"rozdz(?:ia[łl][^\W\d_]{0,3}|iale)?\.?|chapters?"),
    ("oddz", r"oddz(?:ia[łl][^\W\d_]{0,3}|iale)?\.?"),
    ("dział", r"dzia(?:[łl][^\W\d_]{0,3}|le)"),
    ("tytuł", r"tytu[łl][^\W\d_]{0,3}|titles?"),
    ("część", r"cz[ęe][śs](?:[ćc]|ci[^\W\d_]{0,2})|parts?"),
    ("księga", r"ksi[ęe][^\W\d_]{2,3}|books?"),
    (
        "zał",
        r"za[łl](?:[ąa]cznik[^\W\d_]{0,3})?\.?|aneks[^\W\d_]{0,3}|annex(?:es)?|appendix|appendices"
        r"|schedules?",
    ),
)
_NAMES = tuple(name for name, _ in _UNITS)
UNIT = re.compile(
    rf"(?:{'|'.join(f'({pattern})' for _, pattern in _UNITS)})(?:(?<=\.)|(?![^\W\d_]))"
    r"\s*(?:nr\.?\s*|no\.?\s*)?",
    re.IGNORECASE,
)
CHAPTERS = ("rozdz", "oddz", "dział", "tytuł", "część", "księga")

_RAISED = r"[⁰¹²³⁴-⁹]+|\^?\{\d{1,2}\}|\^\d{1,2}|\[\d{1,2}\]|<sup>\d{1,2}</sup>"
_NUMBER = re.compile(
    rf"(?P<whole>\d{{1,4}})(?P<raised>{_RAISED})?(?P<letter>[a-z]{{1,2}}(?![^\W\d_]))?"
    r"(?P<parts>(?:(?:\.\d{1,3}[a-z]?(?!\w))+(?:\.[a-z](?!\w))?)?)(?![\d_%]|(?!ust|pkt|lit)[^\W\d_])",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[„\"'(]?(?P<letter>[a-z]{1,2}|[ivx]{1,5})(?![^\W_])[”\"']?\)?", re.IGNORECASE)
_LONE_LETTER = re.compile(r"(?P<letter>[ivx]{2,5}|[a-z])(?:\)|(?=\s*(?:$|[.,;?!])))", re.IGNORECASE)
_ROMAN = re.compile(r"(?P<roman>[IVXLC]{1,7})(?P<parts>(?:\.\d{1,3}(?!\w))*)(?!\w)")
_WORD = re.compile(r"[^\W\d_]{4,}")
_BRACKETED = re.compile(r"\s?\((?P<number>\d{1,3}[a-z]?|[a-z]{1,2}|[ivx]{1,5})\)", re.IGNORECASE)
_LOOSE_RAISED = re.compile(r"\s(?P<raised>\d{1,2})(?=\s*(?:$|[.,;?]|ust|§|pkt|k\.|kc))")
_LISTED = re.compile(
    r"\s*(?:(?P<range>[–—-]|\bdo\b|\bto\b|\bthrough\b)|,|\bi\b|\boraz\b|\blub\b|\balbo\b|\band\b|\bor\b|&)\s*"
)
_AMOUNT = re.compile(
    r"\s*(?:dni\b|dzie[nń]|zł|pln|eur|%|godz|rok|lat\b|r\.|mies|tyg|osob|os[oó]b|szt|km|kg|days?|hours?|months?|years?|weeks?)",
    re.IGNORECASE,
)
_LONGEST_RANGE = 40
_ONE_LETTER_WORDS = frozenset("aiouwz")


def step(text: str, at: int) -> tuple[list[tuple[Step, ...]], tuple[Step, ...], int] | None:
    """A unit with its number or numbers, its second reading, and where it ends."""
    match = UNIT.match(text, at)
    if match is None:
        return None
    unit = _NAMES[(match.lastindex or 1) - 1]
    word = match.group().strip()
    if unit == "ust" and word.lower().startswith("paragraph") and text[match.end() : match.end() + 1] == "(":
        bracket = _BRACKETED.match(text, match.end())
        return ([(("ust", bracket["number"]),)], (), bracket.end()) if bracket else None
    if unit == "pkt" and (bracket := _BRACKETED.match(text, match.end())):  # point (f)
        return _listed(text, [(_letter_step(bracket["number"]),)], bracket.end())
    read = _number(text, match.end(), unit)
    if read is None and unit == "zał" and _has_part(text, match.end()):  # "załącznik pkt 3": the only annex
        read = ((unit, "1"),), match.end()
    if read is None:
        return None
    steps, end = read
    chains: list[tuple[Step, ...]] = [steps]
    other: tuple[Step, ...] = ()
    if unit in ("art", "motyw") and not steps[0][1].count("."):
        chains, other, end = _with_brackets(text, end, steps, abbreviated=word.lower() in ("art", "art."))
    else:
        steps, end = brackets(text, end, steps)
        chains = [steps]
    return _listed(text, chains, end, other)


def _has_part(text: str, at: int) -> bool:
    match = UNIT.match(text, at)
    return match is not None and _number(text, match.end(), _NAMES[(match.lastindex or 1) - 1]) is not None


def _letter_step(number: str) -> Step:
    return ("pkt" if number[0].isdigit() else "lit", number.lower())


def _with_brackets(
    text: str, end: int, steps: tuple[Step, ...], *, abbreviated: bool
) -> tuple[list[tuple[Step, ...]], tuple[Step, ...], int]:
    """`6(1)(f)`; after "art." one number in brackets may also be raised: 22(1) is 22¹."""
    longer, after = brackets(text, end, steps)
    inner = longer[len(steps) :]
    if abbreviated and len(inner) == 1 and inner[0][1].isdigit():
        return [((steps[0][0], f"{steps[0][1]}^{inner[0][1]}"),)], longer, after
    if not inner and abbreviated and (loose := _LOOSE_RAISED.match(text, end)):
        raised = ((steps[0][0], f"{steps[0][1]}^{loose['raised']}"),)
        return [raised], (*steps, ("ust", loose["raised"])), loose.end()
    return [longer], (), after


def brackets(text: str, end: int, steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], int]:
    """`steps` with the numbers in brackets that follow them: "(1)(f)"; and where they end."""
    while match := _BRACKETED.match(text, end):
        spaced = match.group()[0].isspace()
        if spaced and text[match.end() : match.end() + 1] not in ("", "(", " ", ",", ".", ";", ")", "?"):
            break
        steps = (*steps, *_inside(match["number"]))
        end = match.end()
    return steps, end


def _inside(number: str) -> tuple[Step, ...]:
    return (("lit" if number.isalpha() else "ust", number.lower()),)


def _number(text: str, at: int, unit: str) -> tuple[tuple[Step, ...], int] | None:
    if unit == "lit":
        match = _LETTER.match(text, at)
        return (((unit, match["letter"].lower()),), match.end()) if match else None
    if unit in ("pkt", "ust", "§", "zał", *CHAPTERS) and (match := _ROMAN.match(text, at)):
        value = roman(match["roman"])
        if value:
            plain = unit in ("pkt", "ust", "§")
            steps: tuple[Step, ...] = (("rozdz" if plain else unit, str(value)),)
            return (*steps, *(("pkt", part) for part in match["parts"].split(".")[1:])), match.end()
    if unit == "motyw" and (bracket := _BRACKETED.match(text, at)):
        return ((unit, bracket["number"]),), bracket.end()
    if unit in ("pkt", "ppkt") and (letter := _LONE_LETTER.match(text, at)):  # "punkt a)"
        return (("lit" if unit == "pkt" else unit, letter["letter"].lower()),), letter.end()
    match = _NUMBER.match(text, at)
    if match is None:
        word = _WORD.match(text, at)
        value = ordinal(word.group()) if word else 0
        return (((unit, str(value)),), word.end()) if word and value else _lettered(text, at, unit)
    raised = re.sub(r"\D", "", _plain_digits(match["raised"] or ""))
    number = match["whole"].lstrip("0") or "0"
    number += (f"^{raised}" if raised else "") + (match["letter"] or "").lower() + match["parts"]
    end = match.end()
    if unit in ("ust", "pkt", "ppkt") and text[end : end + 1] == ")" and text[at - 1 : at] != "(":
        end += 1
    return ((unit, number),), end


def _lettered(text: str, at: int, unit: str) -> tuple[tuple[Step, ...], int] | None:
    """Annex A."""
    match = re.compile(r"(?P<letter>[A-Z])(?!\w)").match(text, at) if unit == "zał" else None
    return (((unit, match["letter"].lower()),), match.end()) if match else None


def _plain_digits(number: str) -> str:
    return number.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def _listed(
    text: str, chains: list[tuple[Step, ...]], end: int, other: tuple[Step, ...] = ()
) -> tuple[list[tuple[Step, ...]], tuple[Step, ...], int]:
    """The numbers that follow with "i", a comma or a dash: "§ 5 i 7", "art. 15–22"."""
    while match := _LISTED.match(text, end):
        *above, (unit, number) = chains[-1]
        if len(chains[-1]) > 1 and text[end - 1] == ")" and (bracket := _BRACKETED.match(text, match.end())):
            chains.append((*above, *_inside(bracket["number"])))
            end = bracket.end()
            continue
        if len(chains[-1]) > 1 and unit != "lit":
            break
        read = _number(text, match.end(), unit) if number.count(".") == 0 else None
        if read is None or _AMOUNT.match(text, read[1]) or len(read[0]) > 1 or read[0][0][0] != unit:
            break
        if _is_other(text, match, read[1], unit):
            break
        if match["range"]:
            chains += [(*above, (unit, inner)) for inner in _range(number, read[0][0][1])]
        last, end = brackets(text, read[1], read[0]) if unit == "art" else read
        chains.append((*above, *last))
    return chains, other, end


def _is_other(text: str, separator: re.Match[str], end: int, unit: str) -> bool:
    """Whether the next number is a word ("lit. a, o ile") or opens an item ("ust. 5, 3) a")."""
    closed = text[end - 1] == ")" or text[end : end + 1] == ")"
    if unit == "lit":
        letters = text[separator.end() : end]
        return not closed and (len(letters) > 1 or letters in _ONE_LETTER_WORDS)
    before = text[max(0, separator.start() - 200) : separator.start()]
    return closed and before.rfind("(") <= before.rfind(")")


def _range(first: str, last: str) -> list[str]:
    """What lies between two numbers or letters; nothing when that is unclear."""
    if first.isdigit() and last.isdigit():
        low, high = int(first), int(last)
        return [str(number) for number in range(low + 1, high)] if high - low <= _LONGEST_RANGE else []
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        return [chr(code) for code in range(ord(first) + 1, ord(last))]
    return []
