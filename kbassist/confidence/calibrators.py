"""The calibrators of one file: for several languages, several models, or a tenant's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from kbassist.confidence.calibrator import ANY_MODEL, Calibrator, write_json
from kbassist.errors import KnowledgeBaseError

Outcome = tuple[float, bool, str]
"""A probability, whether the answer was right, the question's language."""


@dataclass(frozen=True, slots=True)
class Calibrators:
    """At least one. `outcomes` are labelled answers with the probability that a fit without them gave."""

    members: tuple[Calibrator, ...]
    outcomes: tuple[Outcome, ...] = ()

    @property
    def name(self) -> str:
        """Of the one for all languages."""
        return self.members[0].name

    def find(self, configuration: str, lang: str) -> Calibrator | None:
        """The one for this configuration and language; or else one that looks at words alone, for any model.

        None when there is neither.
        """
        model, _, analysis = configuration.rpartition("/")
        for wanted in (f"{model}/{analysis}", f"{ANY_MODEL}/{analysis}"):
            fitting = [member for member in self.members if member.configuration == wanted]
            for language in (lang, None):
                for member in fitting:
                    if member.lang == language:
                        return member
        return None

    def save(self, path: Path) -> None:
        values = {"calibrators": [asdict(member) for member in self.members], "outcomes": self.outcomes}
        write_json(path, values)


def bundled() -> Calibrators:
    """Those that come with the package; `benchmarks/answers.py` fits them."""
    return _shipped("bundled.json")


def answerable() -> Calibrators:
    """Of the probability that the knowledge base holds an answer, whichever sentence is quoted."""
    return _shipped("answerable.json")


def load(path: Path) -> Calibrators:
    """Raises `KnowledgeBaseError` when the file holds no calibrator, or cannot be read."""
    try:
        return _parse(path.read_bytes(), str(path))
    except OSError as error:
        raise KnowledgeBaseError(
            f"{path} cannot be read ({error.strerror}): check the permissions"
        ) from error


def _shipped(name: str) -> Calibrators:
    return _parse(files("kbassist.confidence").joinpath(name).read_bytes(), f"the bundled {name}")


def _parse(content: bytes, where: str) -> Calibrators:
    try:
        values = json.loads(content)
        rows = values.get("calibrators", [values])
        outcomes = tuple(
            (float(probability), bool(right), str(lang))
            for probability, right, lang in values.get("outcomes", ())
        )
        if not rows:
            raise ValueError("it is empty")
        return Calibrators(tuple(map(_calibrator, rows)), outcomes)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KnowledgeBaseError(
            f"{where} is not a calibrator ({error}): delete it, or run calibrate() again"
        ) from error


def _calibrator(values: Mapping[str, Any]) -> Calibrator:
    vectors: dict[str, Sequence[Any]] = {
        key: tuple(values[key]) for key in ("features", "mean", "scale", "coefficients")
    }
    if len(set(map(len, vectors.values()))) > 1:
        raise ValueError("its lists differ in length")
    if unknown := set(values) - {field.name for field in fields(Calibrator)}:
        raise ValueError(f"it holds {min(unknown)!r}")
    for name in ("mean", "scale", "coefficients"):
        if not all(isinstance(value, int | float) for value in vectors[name]):
            raise ValueError(f"its {name} holds something else than numbers")
    ends = values.get("ends")
    return Calibrator(**{**values, **vectors, "ends": tuple(ends) if ends else None})
