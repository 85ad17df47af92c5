"""What a knowledge base holds and was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kbassist.assembly.parts import Parts
from kbassist.confidence.calibration import Calibration
from kbassist.protocols import IndexReader
from kbassist.text.analysis import ANALYSIS


@dataclass(frozen=True, slots=True)
class Info:
    """What a knowledge base holds and was made with."""

    path: str
    documents: int
    passages: int
    generation: str | None
    engine: str | None
    model: str | None
    analysis: str
    calibration: str
    fitted: Mapping[str, Any]
    """What the calibrator was fitted on: how many labels, how many right, …"""
    stale: str
    """Why the knowledge base's own calibrator is not used; empty when it is, or when it has none."""
    waiting: int
    """Passages that have no vector yet: `embed_missing` gives them theirs."""


def info_of(parts: Parts, reader: IndexReader | None, calibration: Calibration) -> Info:
    """`reader` shows what is published."""
    manifest = reader.manifest if reader else None
    return Info(
        path=parts.where,
        documents=parts.catalog.document_count(),
        passages=manifest.passages if manifest else 0,
        generation=manifest.generation if manifest else None,
        engine=manifest.engine if manifest else None,
        model=parts.embedder.name if parts.embedder else None,
        analysis=ANALYSIS,
        calibration=calibration.name,
        fitted=dict(calibration.calibrator("").provenance),
        stale=calibration.stale,
        waiting=parts.catalog.waiting_count(),
    )
