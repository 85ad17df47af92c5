"""Every engine passes the public contract."""

from __future__ import annotations

from functools import partial

import pytest

from kbassist.index.edge import EdgeIndex
from kbassist.index.memory import MemoryIndex
from kbassist.testing import DURABLE_INDEX_CHECKS, INDEX_CHECKS, IndexCheck, MakeIndex


@pytest.fixture(params=["memory", "edge"])
def make(request, tmp_path) -> MakeIndex:
    return {"memory": MemoryIndex, "edge": partial(EdgeIndex, tmp_path / "index")}[request.param]


@pytest.mark.parametrize("check", INDEX_CHECKS, ids=lambda check: check.__name__)
def test_index(check: IndexCheck, make: MakeIndex):
    check(make)


@pytest.mark.parametrize("check", DURABLE_INDEX_CHECKS, ids=lambda check: check.__name__)
def test_durable_index(check: IndexCheck, tmp_path):
    check(partial(EdgeIndex, tmp_path / "index"))
