"""Every engine passes the public contract."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient

from kbassist.index.edge import EdgeIndex
from kbassist.index.memory import MemoryIndex
from kbassist.index.server import ServerIndex
from kbassist.testing import (
    DURABLE_INDEX_CHECKS,
    EMBEDDER_CHECKS,
    INDEX_CHECKS,
    EmbedderCheck,
    HashEmbedder,
    IndexCheck,
    MakeIndex,
    check_growing_equals_rebuilding,
)

pytestmark = pytest.mark.filterwarnings(
    # The local mode takes the requests of a server, this one in vain.
    "ignore:Payload indexes have no effect in the local Qdrant:UserWarning"
)
SERVER = os.environ.get("KBASSIST_QDRANT_URL")
ENGINES = ["memory", "edge", "local", *(["server"] if SERVER else [])]


# What is checked here is not what a disk does when power fails, so no disk has to wait for it.
MEMORY_DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None


@contextmanager
def _maker(engine: str) -> Iterator[MakeIndex]:
    """A maker of indexes on one store, which is empty at first and gone afterwards."""
    if engine == "memory":
        yield MemoryIndex
    elif engine == "edge":
        with TemporaryDirectory(dir=MEMORY_DISK) as folder:
            yield partial(EdgeIndex, folder)
    else:
        client = QdrantClient(":memory:") if engine == "local" else QdrantClient(url=SERVER)
        make = partial(ServerIndex, client, collection=f"kbassist-test-{uuid.uuid4().hex}")
        yield make
        make(analyzer=str.split, analysis="", model=None, dimension=None).prune([])
        client.close()


@pytest.fixture(params=ENGINES)
def make(request) -> Iterator[MakeIndex]:
    with _maker(request.param) as make:
        yield make


@pytest.fixture(params=[engine for engine in ENGINES if engine != "memory"])
def make_durable(request) -> Iterator[MakeIndex]:
    with _maker(request.param) as make:
        yield make


@pytest.mark.parametrize("check", INDEX_CHECKS, ids=lambda check: check.__name__)
def test_index(check: IndexCheck, make: MakeIndex):
    check(make)


@pytest.mark.parametrize("check", DURABLE_INDEX_CHECKS, ids=lambda check: check.__name__)
def test_durable_index(check: IndexCheck, make_durable: MakeIndex):
    check(make_durable)


@pytest.mark.parametrize("check", EMBEDDER_CHECKS, ids=lambda check: check.__name__)
def test_hash_embedder(check: EmbedderCheck):
    check(HashEmbedder())


texts = st.lists(st.sampled_from("zwrot dostawa 14 dni płatność sklep".split()), max_size=12).map(" ".join)
changes = st.dictionaries(st.sampled_from("a1 a2 b1 b2 c1 c2 d1".split()), texts | st.none(), max_size=6)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=15, deadline=None)
@given(history=st.lists(changes, min_size=1, max_size=4), query=texts)
def test_growing_equals_rebuilding(engine, history, query):
    with _maker(engine) as make:
        check_growing_equals_rebuilding(make, history, [query, "dni sklep"])
