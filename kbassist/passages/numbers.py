"""Whether words are nothing but the number of a provision."""

from __future__ import annotations

from kbassist.types import Anchor


def is_number_of(words: str, provision: Anchor) -> bool:
    """`Art. 12.` is the number of `art. 12`."""
    return _letters(provision.label).endswith(_letters(words))


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
