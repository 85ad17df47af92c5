"""English numbers in words."""

from __future__ import annotations

LARGEST = 999_999_999

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_IRREGULAR = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


def cardinal(number: int) -> str:
    """`cardinal(115)` is "one hundred and fifteen". Up to `LARGEST`."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[units]}" if units else "")
    for scale, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= scale:
            count, rest = divmod(number, scale)
            joint = " and " if rest < 100 else " "
            return f"{cardinal(count)} {name}" + (f"{joint}{cardinal(rest)}" if rest else "")
    raise AssertionError(number)


def ordinal(number: int) -> str:
    """`ordinal(31)` is "thirty-first"."""
    whole = cardinal(number)
    head, mark, last = whole.rpartition("-") if "-" in whole.rpartition(" ")[2] else whole.rpartition(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("y"):
        last = f"{last[:-1]}ieth"
    else:
        last = f"{last}th"
    return f"{head}{mark}{last}"


def year(number: int) -> str:
    """`year(1987)` is "nineteen eighty-seven"."""
    head, tail = divmod(number, 100)
    if (head == 20 and tail < 10) or not 11 <= head <= 20:
        return cardinal(number)
    if not tail:
        return f"{cardinal(head)} hundred"
    return f"{cardinal(head)} {f'oh {cardinal(tail)}' if tail < 10 else cardinal(tail)}"
