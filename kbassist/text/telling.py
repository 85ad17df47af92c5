"""Words that one text cannot change without saying something else: values, negations, limits, names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_TOKEN = re.compile(r"[%‰€$£]|\w+(?:['’]t\b)?")
_TELLING = re.compile(
    r"[%‰€$£]|\w*\d\w*"
    # how much
    r"|zer\w+|pół\w*|jed(?:en|n[aeo]\w{0,3})|dw(?:a|ie|u|óch|om|óm|oma|iema|oje)|trzy|trzech|trzema?"
    r"|cztery|czter\w{2,3}"
    r"|(?:pię|sześ|siedm|siedem|ośm|osiem|dziewię|dziesię)\w*|\w+(?:naście|nastu|nast\w{1,3}|dzieści"
    r"|dziestu|dziesiąt\w*)"
    r"|sto|stu|dwieście|dwustu|\w+(?:sta|set)|tysi[ąęc]\w*|milion\w*|miliard\w*"
    r"|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif"
    r"|six|seven|eigh|nine)ty|hundreds?|thousands?"
    r"|millions?|half|quarter|double|twice|once"
    r"|pierwsz\w+|drug\w{1,3}|trzeci\w*|czwart\w+|first|second|third|fourth|fifth"
    # of what
    r"|dni\w?|dzień|dób|dob[aęy]|god[zź]\w*|minut\w*|tydzień|tygodni\w*|miesi[ąę]c\w*|mies|kwarta\w+"
    r"|rok\w?|roczn\w+|lat\w{0,3}"
    r"|robocz\w+|kalendarz\w+|business|calendar|working|days?|hours?|minutes?|weeks?|months?|years?"
    r"|annual\w*|daily|weekly"
    r"|zł\w*|pln|eur\w?|usd|gbp|groszy?|gr|netto|brutto|net|gross|procent\w*|percent|kg|g|dag|mm|cm|m|km|ml|l"
    # when
    r"|stycz\w+|lut[eyo]\w*|marz?[ec]\w*|kwie[tc]\w+|maj\w?|czerw\w+|lip[ce]\w*|sierp\w+|wrze[sś]\w+"
    r"|paździer\w+|listopad\w*"
    r"|grud\w+|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|poniedział\w+|wtor\w+|śr[oó]d\w+|czwartk\w*|czwartek|piąt\w+|sobot\w*|niedziel\w*|świ[aę]t\w+"
    r"|weekend\w*"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|holidays?"
    # yes or no, from and to
    r"|nie|bez|brak\w*|nigdy|ani|żad\w+|nic|tak|tylko|wyłącznie|jedynie|oprócz|poza|wyjątk\w+|chyba"
    r"|zakaz\w*|zabr\w+|wolno"
    r"|no|not|never|none|nor|neither|without|nothing|yes|only|except\w*|unless|cannot|\w+['’]t"
    r"|ponad|powyżej|poniżej|mniej|więcej|najmniej|najwyżej|najwięcej|najpóźniej|najwcześniej|maksym\w+"
    r"|minim\w+|until|till|before|after|above|below|more|less|least|most|max\w*|min\w*"
    r"|musi\w*|muszą|powin\w+|może\w*|mogą|można|należy|trzeba|obowiąz\w+|zobowiąz\w+|uprawni\w+|must"
    r"|shall|should|may|can|might|required|allowed|entitled"
    r"|(?:za|ot|o)?(?:mknięt|twart)\w+|open|closed|wewnątrz|within|outside|inside"
)
# These stand everywhere, and limit something only before a value.
_LIMIT = frozenset("od do przed po za w from to by over under in".split())
_NEGATING = ("nie", "bez", "un", "in", "im", "ir", "non", "dis")
_SHORTEST = 3  # letters: "in" and "put" are not "input"


def telling(text: str) -> tuple[str, ...]:
    """Numbers, units, dates, negations, limits and permissions, in order, in lower case."""
    found: list[str] = []
    before = ""
    for word in _TOKEN.findall(text.lower()):
        if _TELLING.fullmatch(word):
            found += [before, word] if before in _LIMIT else [word]
        before = word
    return tuple(found)


def differ_in_negation(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a word stands in one and its opposite in its place in the other: `"płatny"`, `"bezpłatny"`."""
    first, second = _only_there(one, other), _only_there(other, one)
    return any(
        prefix + word in there
        for here, there in ((first, second), (second, first))
        for word in here
        if len(word) >= _SHORTEST
        for prefix in _NEGATING
    )


def differ_in_names(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each has words with a capital that the other has not: the same said of two things."""
    return all(
        any(word[0].isupper() for word in _only_there(here, there))
        for here, there in ((one, other), (other, one))
    )


def _only_there(here: Sequence[str], there: Sequence[str]) -> set[str]:
    return set(Counter(here) - Counter(there))
