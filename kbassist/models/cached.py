"""Graphs that are built once a machine."""

from __future__ import annotations

import warnings
from collections.abc import Callable

from kbassist.cache import cache_folder, cached_bytes
from kbassist.models.weights import Weights


def cached_graph(name: str, weights: Weights, build: Callable[[], bytes]) -> bytes:
    """The serialised graph of this name for these weights, from the user's cache folder where it is there.

    Warns when the folder cannot be written; it is built each time then.
    """
    try:
        return cached_bytes(cache_folder(), f"{name}-{weights.digest()[:16]}.onnx", build)
    except OSError as error:
        warnings.warn(
            f"The model cannot be kept in the cache folder ({error}) and is built again each time; "
            "name a folder that can be written in KBASSIST_CACHE.",
            RuntimeWarning,
            stacklevel=4,
        )
        return build()
