"""What a model makes of the sentences that could answer, as features of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kbassist.protocols import Embedder, Retrieval, TokenEmbedder, Tokens, Vector
from kbassist.reading.features import Candidate

_WIDEST = 2.0


def matched(question: str, best: Sequence[Candidate], embedder: TokenEmbedder) -> list[Candidate]:
    """By late interaction: each token of the question with the token of the sentence that is nearest to it
    (Khattab and Zaharia, "ColBERT", SIGIR 2020).

    `match` is how near they are, by what each tells; `weakest` how near the fifth of them is that is
    farthest, `anywhere` the same with the nearest token of any of the sentences.
    """
    (asked,) = embedder.embed_tokens([question], "query")
    told = embedder.embed_tokens([_in_context(candidate) for candidate in best], "passage")
    nearest = [_nearest(asked, tokens) for tokens in told]
    anywhere = _weakest(np.max(nearest, axis=0)) if nearest else 0.0
    return [
        replace(
            candidate,
            features={
                **candidate.features,
                "match": float(near @ asked.weights),
                "weakest": _weakest(near),
                "anywhere": anywhere,
            },
        )
        for candidate, near in zip(best, nearest, strict=True)
    ]


def _nearest(asked: Tokens, told: Tokens) -> Vector:
    """The cosine of each token of the question with the nearest one."""
    if not len(asked.weights) or not len(told.weights):
        return np.zeros(len(asked.weights), np.float32)
    nearest: Vector = (asked.states @ told.states.T).max(axis=1)
    return nearest


def _weakest(nearest: Vector) -> float:
    return float(np.quantile(nearest, 0.2)) if len(nearest) else 0.0


def compared(retrieval: Retrieval, best: Sequence[Candidate], embedder: Embedder) -> list[Candidate]:
    """With the cosine, in units of how far the cosines lie apart: every model has a scale of its own."""
    assert retrieval.vector is not None
    cosines = embedder.embed_passages([_in_context(candidate) for candidate in best]) @ retrieval.vector
    apart = np.clip((cosines - cosines.mean()) / max(float(cosines.std()), 1e-3), -_WIDEST, _WIDEST)
    return [
        replace(candidate, features={**candidate.features, "cosine": float(value)})
        for candidate, value in zip(best, apart, strict=True)
    ]


def _in_context(candidate: Candidate) -> str:
    """The sentence under its title, and the heading or the question right above it."""
    passage, asked = candidate.unit.passage, candidate.unit.asked
    nearest = (asked,) if asked else passage.headings[-1:]
    above = dict.fromkeys(filter(None, (passage.title, *nearest)))
    return "\n".join((*above, candidate.unit.text))
