"""What every `Embedder` has to do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kbassist.protocols import Embedder

EmbedderCheck = Callable[[Embedder], None]

_TEXTS = ["Zwrot towaru w ciągu 14 dni.", "Returns within 14 days.", "Dostawa kurierem kosztuje 15 zł.", "🙂"]


def check_vectors_are_of_length_one(embedder: Embedder) -> None:
    """Single precision, one row a text."""
    vectors = embedder.embed_passages(_TEXTS)
    assert vectors.shape == (len(_TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    query = embedder.embed_query(_TEXTS[0])
    assert query.shape == (embedder.dimension,)
    assert query.dtype == np.float32
    assert np.isclose(np.linalg.norm(query), 1, atol=1e-3)


def check_rows_follow_the_texts(embedder: Embedder) -> None:
    """Order and company make no difference."""
    forwards = embedder.embed_passages(_TEXTS)
    backwards = embedder.embed_passages(_TEXTS[::-1])[::-1]
    alone = np.vstack([embedder.embed_passages([text]) for text in _TEXTS])
    for other in (backwards, alone):
        # Quantised models round a text a little differently in another batch.
        assert (np.sum(forwards * other, axis=1) > 0.98).all()


def check_nothing_to_embed(embedder: Embedder) -> None:
    """No texts, no rows."""
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
    assert embedder.count_tokens([]) == []


def check_odd_texts_have_a_direction(embedder: Embedder) -> None:
    """Empty, blank and very long texts are embedded too."""
    vectors = embedder.embed_passages(["", " \n\t", "\x00", "słowo " * 5_000])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.isclose(np.linalg.norm(embedder.embed_query("")), 1, atol=1e-3)


def check_related_texts_are_nearer(embedder: Embedder) -> None:
    """A passage that shares the question's words is nearer than one that does not."""
    query = embedder.embed_query("zwrot towaru w ciągu 14 dni")
    related, other = embedder.embed_passages([_TEXTS[0], _TEXTS[2]]) @ query
    assert related > other


def check_longer_texts_have_more_tokens(embedder: Embedder) -> None:
    """Tokens are counted before anything is cut."""
    short, long = embedder.count_tokens(["Zwrot towaru.", "Zwrot towaru w ciągu 14 dni od zakupu."])
    assert 0 < short < long
    assert embedder.max_tokens > 0


def check_several_threads(embedder: Embedder) -> None:
    """At once, with the same results."""
    expected = embedder.embed_passages(_TEXTS)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: embedder.embed_passages(_TEXTS), range(8)))
    assert all(np.allclose(vectors, expected, atol=1e-5) for vectors in found)


EMBEDDER_CHECKS: tuple[EmbedderCheck, ...] = (
    check_vectors_are_of_length_one,
    check_rows_follow_the_texts,
    check_nothing_to_embed,
    check_odd_texts_have_a_direction,
    check_related_texts_are_nearer,
    check_longer_texts_have_more_tokens,
    check_several_threads,
)
"""What every `Embedder` has to pass."""
