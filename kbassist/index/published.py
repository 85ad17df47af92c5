"""The generation that was published last, followed by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kbassist.errors import KnowledgeBaseError
from kbassist.protocols import IndexReader, PassageIndex


class Published:
    """Opens what is published, and moves on when something newer is. Safe to use from several threads."""

    def __init__(self, index: PassageIndex, generation: Callable[[], str | None]) -> None:
        """`generation` gives the name of the published generation, None while there is none."""
        self._index = index
        self._generation = generation
        self._opening = threading.Lock()
        self._reader: IndexReader | None = None

    def reader(self) -> IndexReader | None:
        """A reader of the published generation; None before the first publication.

        Raises `IndexMismatchError` for a generation made with another model or analysis.
        """
        published = self._generation()
        reader = self._reader
        if published is None or (reader is not None and reader.manifest.generation == published):
            return reader
        with self._opening:
            while published is not None:
                reader = self._reader
                if reader is not None and reader.manifest.generation == published:
                    break
                try:
                    # The one before is not closed: another thread may still be searching it.
                    reader = self._reader = self._index.open(published)
                    break
                except KnowledgeBaseError:
                    # Between the name and the opening others may have published twice and pruned it.
                    newer = self._generation()
                    if newer == published:
                        raise
                    published = newer
        return reader

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
