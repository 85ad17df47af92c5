"""Inflected form to lemma, in Polish and English, from simplemma's dictionaries.

The Polish dictionary takes 420 MB as a Python dict. As a memory-mapped trie it takes 20 MB and
loads in milliseconds; the trie is built once a machine, in some 15 seconds.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kbassist.cache import build_once, cache_folder

if TYPE_CHECKING:
    from marisa_trie import BytesTrie


class Lexicons:
    """The Polish and the English lexicon, each opened when first asked."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[Callable[[Path | None], Lexicons], tuple[Path | None]]:
        return _shared, (self._folder,)

    @cached_property
    def _polish(self) -> BytesTrie:
        return _open("pl", self._folder or cache_folder())

    @cached_property
    def _english(self) -> BytesTrie:
        return _open("en", self._folder or cache_folder())

    def polish(self, word: str) -> str | None:
        """The lemma of a lower-case Polish form, lower-case; None for a word that is not known.

        Proper names are listed with a capital, so that form is tried as well.
        """
        return _look_up(self._polish, word) or _look_up(self._polish, word.capitalize())

    def english(self, word: str) -> str | None:
        """The lemma of a lower-case English form; None for a word that is not known."""
        return _look_up(self._english, word)


@lru_cache(maxsize=4)
def _shared(folder: Path | None) -> Lexicons:
    """What a pickle comes back as: other processes get one with every task, and open the files once."""
    return Lexicons(folder)


def _look_up(trie: BytesTrie, word: str) -> str | None:
    found = trie.get(word)
    return found[0].decode().lower() if found else None


def _open(language: str, folder: Path) -> BytesTrie:
    from marisa_trie import BytesTrie

    path = folder / f"lexicon-{language}-simplemma-{version('simplemma')}.marisa"

    def build(part: Path) -> None:
        _build(language, part)

    build_once(path, build)
    try:
        return BytesTrie().mmap(str(path))
    except (OSError, RuntimeError) as error:
        warnings.warn(f"The lexicon {path} is damaged ({error}) and is built again", stacklevel=2)
        path.unlink(missing_ok=True)
        build_once(path, build)
        return BytesTrie().mmap(str(path))


def _build(language: str, part: Path) -> None:
    from simplemma.strategies.dictionaries import TrieDictionaryFactory

    with TemporaryDirectory(dir=part.parent) as folder:
        factory = TrieDictionaryFactory(use_disk_cache=True, disk_cache_dir=folder)
        entries: Mapping[str, str] = factory.get_dictionary(language)
        del entries
        shutil.move(str(Path(folder) / f"{language}.dic"), part)
