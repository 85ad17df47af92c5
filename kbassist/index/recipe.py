"""What a generation is made with; two of them go together only when it is the same."""

from __future__ import annotations

from dataclasses import dataclass

from kbassist.errors import IndexMismatchError, InvalidArgumentError
from kbassist.index.records import LAYOUT
from kbassist.protocols import Manifest


@dataclass(frozen=True, slots=True)
class Recipe:
    """Engine, model (None for lexical only), its dimension, and the version of the analysis."""

    engine: str
    model: str | None
    dimension: int | None
    analysis: str

    def __post_init__(self) -> None:
        if (self.model is None) != (self.dimension is None):
            raise InvalidArgumentError(
                f"model {self.model!r} and dimension {self.dimension!r}: give both, or neither for an index "
                "without vectors"
            )
        if self.dimension is not None and self.dimension < 1:
            raise InvalidArgumentError(f"dimension {self.dimension}: must be 1 or more")

    def manifest(self, generation: str, passages: int, average_length: float) -> Manifest:
        return Manifest(
            generation=generation,
            engine=self.engine,
            model=self.model,
            dimension=self.dimension,
            analysis=self.analysis,
            passages=passages,
            average_length=average_length,
        )

    def check(self, manifest: Manifest, where: str) -> None:
        """Raises `IndexMismatchError` that names both sides and the cure."""
        for what, theirs, ours in (
            ("model", manifest.model, self.model),
            ("dimension", manifest.dimension, self.dimension),
            ("analysis", manifest.analysis, self.analysis),
        ):
            if theirs != ours:
                raise IndexMismatchError(
                    f"{where} was made with {what} {theirs!r}, this index uses {ours!r}: open it with {what} "
                    f"{theirs!r}, or ingest again into a new folder"
                )


def check_layout(layout: object, where: str) -> None:
    """Raises `IndexMismatchError` for what another version of the library has written."""
    if layout != LAYOUT:
        raise IndexMismatchError(
            f"{where} was written by another version of kbassist (layout {layout}, this one reads {LAYOUT}): "
            "ingest again into a new folder"
        )
