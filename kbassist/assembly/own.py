"""What a company set for its knowledge base: its synonyms, and its calibrator."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

from kbassist.catalog import Catalog
from kbassist.confidence.calibration import Calibration
from kbassist.confidence.calibrators import Calibrators, load
from kbassist.errors import StaleCalibratorWarning
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.synonyms import Synonyms, read_synonyms

_CALIBRATOR = "calibrator.json"


class OwnSynonyms:
    """The groups in the catalog, ready to search with. Those that another process sets are not followed."""

    def __init__(self, catalog: Catalog, analyzer: TextAnalyzer) -> None:
        self._catalog = catalog
        self._analyzer = analyzer
        self._synonyms = self._read()

    def current(self) -> Synonyms | None:
        """As they are now; None where there are none."""
        return self._synonyms

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """As they were given."""
        return self._catalog.synonyms()

    def set(self, groups: str | Path | Iterable[Iterable[str]]) -> None:
        """Take the place of those before. Raises `InvalidArgumentError` that names what is wrong."""
        self._catalog.set_synonyms(read_synonyms(groups))
        self._synonyms = self._read()

    def _read(self) -> Synonyms | None:
        groups = self._catalog.synonyms()
        return Synonyms(groups, self._analyzer) if groups else None


def own_calibrators(folder: Path | None) -> Calibrators | None:
    """Those kept in the folder; None where there are none. Raises `KnowledgeBaseError` for a damaged file."""
    path = folder / _CALIBRATOR if folder else None
    return load(path) if path and path.exists() else None


def keep_calibrators(fitted: Calibrators, folder: Path | None) -> None:
    """In the folder, where there is one."""
    if folder is not None:
        fitted.save(folder / _CALIBRATOR)


def warn_when_stale(calibration: Calibration, folder: Path | None) -> None:
    """That the folder's own calibrator is not used, and why. Names the line that called its caller."""
    if calibration.stale:
        warnings.warn(
            f"The calibrator of {folder} is stale: {calibration.stale}. It is not used; run "
            "calibrate() again with your labelled questions",
            StaleCalibratorWarning,
            stacklevel=3,
        )
