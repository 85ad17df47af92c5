"""A user's texts are embedded once, whatever knowledge base they stand in, and the cache breaks nothing."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from kbassist import Document, InvalidArgumentError, KnowledgeBase
from kbassist.cache import cache_folder
from kbassist.protocols import Vector
from kbassist.testing import HashEmbedder
from kbassist.vector_cache import VectorCache, user_vector_cache

FILE = "vectors-1.sqlite"
DOCUMENTS = [Document(f"d{number}", f"Dokument numer {number} o zwrotach.") for number in range(20)]
QUERY = "zwroty, numer 7"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of its own, with the models and lexicons that the user's has already."""
    path = tmp_path / "cache"
    path.mkdir()
    for built in cache_folder().glob("*"):
        if not built.name.startswith("vectors-"):
            (path / built.name).symlink_to(built)
    monkeypatch.setenv("KBASSIST_CACHE", str(path))
    monkeypatch.delenv("KBASSIST_VECTOR_CACHE_MB")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    with closing(VectorCache(tmp_path / FILE, HashEmbedder(), megabytes=10)) as made:
        yield made


def vector(number: int) -> Vector:
    return HashEmbedder().embed_query(str(number))


def ingest(path: Path | str, embedder: HashEmbedder, **options) -> list[tuple[str, float]]:
    """What a search finds afterwards."""
    with KnowledgeBase(path, embedder=embedder, **options) as kb:
        kb.add(DOCUMENTS)
        return [(hit.passage.id, round(hit.score, 4)) for hit in kb.search(QUERY)]


# --- between knowledge bases -------------------------------------------------------------------


def test_a_second_knowledge_base_embeds_nothing_and_finds_the_same(folder: Path, tmp_path: Path, embedder):
    first = ingest(tmp_path / "one", embedder)
    assert embedder.embedded == [document.text for document in DOCUMENTS]
    embedder.embedded.clear()
    assert ingest(tmp_path / "two", embedder) == first
    assert embedder.embedded == []


def test_only_what_is_new_is_embedded(folder: Path, tmp_path: Path, embedder):
    ingest(tmp_path / "one", embedder)
    embedder.embedded.clear()
    with KnowledgeBase(tmp_path / "two", embedder=embedder) as kb:
        kb.add([*DOCUMENTS, Document("nowy", "Nowy tekst.")])
    assert embedder.embedded == ["Nowy tekst."]


def test_the_cache_is_the_users_own_and_holds_no_text(folder: Path, tmp_path: Path, embedder):
    ingest(tmp_path / "one", embedder)
    files = sorted(folder.glob(f"{FILE}*"))
    assert files[0].name == FILE
    content = b"".join(file.read_bytes() for file in files)
    assert embedder.name.encode() in content
    assert b"zwrotach" not in content
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in files if file.suffix != ".lock"} == {0}


@pytest.mark.parametrize("switched_off_by", ["argument", "variable", "memory"])
def test_it_can_be_switched_off(
    folder: Path, tmp_path: Path, embedder, monkeypatch: pytest.MonkeyPatch, switched_off_by: str
):
    if switched_off_by == "variable":
        monkeypatch.setenv("KBASSIST_VECTOR_CACHE_MB", "0")
    options = {"cache_vectors": False} if switched_off_by == "argument" else {}
    for name in ("one", "two"):
        ingest(":memory:" if switched_off_by == "memory" else tmp_path / name, embedder, **options)
    assert len(embedder.embedded) == 2 * len(DOCUMENTS)
    assert not list(folder.glob("vectors-*"))


def test_other_models_have_other_vectors(folder: Path, tmp_path: Path, embedder):
    ingest(tmp_path / "one", embedder)
    ingest(tmp_path / "two", small := HashEmbedder(16))
    with closing(user_vector_cache(small)) as cache, closing(user_vector_cache(embedder)) as other:
        assert cache.load(["x"]) == other.load(["x"]) == {}
    with KnowledgeBase(tmp_path / "two", embedder=small) as kb:
        assert len(kb.search(QUERY)) == 10


@pytest.mark.parametrize("wrong", ["many", "-1", "nan", "inf"])
def test_a_size_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str):
    monkeypatch.setenv("KBASSIST_VECTOR_CACHE_MB", wrong)
    with pytest.raises(InvalidArgumentError, match=f"KBASSIST_VECTOR_CACHE_MB is '{wrong}'"):
        user_vector_cache(HashEmbedder())


def test_a_name_that_stands_for_another_model_is_noticed(cache: VectorCache, tmp_path: Path):
    class Retrained(HashEmbedder):
        def embed_query(self, text: str) -> Vector:
            return super().embed_query(f"{text} retrained")

    cache.save({"a": vector(1)})
    with closing(VectorCache(tmp_path / FILE, Retrained(), megabytes=10)) as other:
        with pytest.warns(RuntimeWarning, match="'hash-64' gives other vectors than before"):
            assert other.load(["a"]) == {}
        other.save({"a": vector(2)})
        assert other.load(["a"]).keys() == {"a"}


# --- what is kept ------------------------------------------------------------------------------


def test_vectors_come_back_as_the_index_keeps_them(cache: VectorCache):
    kept = {str(number): vector(number) for number in range(2_000)}
    cache.save(kept)
    cache.close()
    found = cache.load([*kept, "never"])
    assert found.keys() == kept.keys()
    for name, each in found.items():
        assert each.dtype == np.float32
        np.testing.assert_array_equal(each, kept[name].astype(np.float16))
    assert cache.load([]) == {}
    cache.save({"1": vector(5)})
    np.testing.assert_array_equal(cache.load(["1"])["1"], vector(5).astype(np.float16))


def test_the_oldest_go_when_it_is_full_and_the_file_stays_small(tmp_path: Path):
    with closing(VectorCache(tmp_path / FILE, HashEmbedder(), megabytes=0.2)) as cache:
        for start in range(0, 4_000, 100):
            cache.save({str(number): vector(number) for number in range(start, start + 100)})
            assert cache.load([str(start + 99)])
        found = sorted(map(int, cache.load([str(number) for number in range(4_000)])))
    assert 300 < len(found) < 1_500
    assert found == list(range(4_000 - len(found), 4_000))
    assert (tmp_path / FILE).stat().st_size <= 0.25e6


def test_a_limit_below_the_empty_file_keeps_nothing(tmp_path: Path):
    with closing(VectorCache(tmp_path / FILE, HashEmbedder(), megabytes=0.001)) as cache:
        cache.save({"a": vector(1)})
        assert cache.load(["a"]) == {}


# --- what goes wrong ---------------------------------------------------------------------------


def overwrite_all(path: Path) -> None:
    path.write_bytes(b"not a database " * 10_000)


def overwrite_the_tables(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4_096:] = b"\xff" * (len(content) - 4_096)
    path.write_bytes(content)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


@pytest.mark.parametrize("damage", [overwrite_all, overwrite_the_tables, shorten])
def test_a_damaged_file_begins_anew(folder: Path, tmp_path: Path, embedder, damage: Callable[[Path], None]):
    first = ingest(tmp_path / "one", embedder)
    damage(folder / FILE)
    with pytest.warns(RuntimeWarning, match=f"{FILE} was damaged .* and begins anew") as told:
        assert ingest(tmp_path / "two", embedder) == first
    assert len(told) == 1
    embedder.embedded.clear()
    assert ingest(tmp_path / "three", embedder) == first
    assert embedder.embedded == []


def test_a_damaged_vector_is_not_known(cache: VectorCache, tmp_path: Path):
    cache.save({"a": vector(1), "b": vector(2), "c": vector(3)})
    cache.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        (stored,) = connection.execute("SELECT vector FROM vectors WHERE text = 'a'").fetchone()
        changed = bytes([stored[0] ^ 1]) + stored[1:]
        connection.execute("UPDATE vectors SET vector = ? WHERE text = 'a'", (changed,))
        connection.execute("UPDATE vectors SET vector = 'text' WHERE text = 'b'")
    assert cache.load(["a", "b", "c"]).keys() == {"c"}
    cache.save({"a": vector(1)})
    assert cache.load(["a", "c"]).keys() == {"a", "c"}


def test_a_folder_that_cannot_be_written_is_told_once(folder: Path, tmp_path: Path, embedder):
    (folder / FILE).mkdir()
    with KnowledgeBase(tmp_path / "one", embedder=embedder) as kb:
        with pytest.warns(RuntimeWarning, match="Vectors are not cached: .* cannot be used"):
            kb.add(DOCUMENTS)
        kb.add([Document("nowy", "Nowy tekst.")])  # a second warning would be an error
        assert len(kb.search("dokument", k=50)) == 21


def test_an_embedder_that_fails_is_not_the_caches_fault(tmp_path: Path):
    class Failing(HashEmbedder):
        fails = True

        def embed_query(self, text: str) -> Vector:
            if self.fails:
                raise ZeroDivisionError
            return super().embed_query(text)

    with closing(VectorCache(tmp_path / FILE, failing := Failing(), megabytes=10)) as cache:
        with pytest.raises(ZeroDivisionError):
            cache.load(["a"])
        failing.fails = False
        cache.save({"a": vector(1)})
        assert cache.load(["a"]).keys() == {"a"}


SAVE_AND_LOAD = """
import sys
from pathlib import Path
from kbassist.testing import HashEmbedder
from kbassist.vector_cache import VectorCache

path, who = Path(sys.argv[1]), sys.argv[2]
embedder = HashEmbedder()
cache = VectorCache(path, embedder, megabytes=10)
print("ready", flush=True)
sys.stdin.readline()
for start in range(0, 1_000, 50):
    texts = [f"{who if number % 2 else 'both'} {number}" for number in range(start, start + 50)]
    cache.save(dict(zip(texts, embedder.embed_passages(texts), strict=True)))
    assert cache.load(texts).keys() == set(texts)
cache.close()
"""


def test_several_processes_write_at_once(tmp_path: Path, cache: VectorCache):
    command = [sys.executable, "-W", "error", "-c", SAVE_AND_LOAD, str(tmp_path / FILE)]
    processes = [
        subprocess.Popen([*command, who], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for who in ("one", "two", "three")
    ]
    try:
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            process.communicate(timeout=60)
        assert [process.returncode for process in processes] == [0, 0, 0]
    finally:
        for process in processes:
            process.kill()
    texts = [
        f"{who} {number}"
        for number in range(1_000)
        for who in (("one", "two", "three") if number % 2 else ("both",))
    ]
    found = cache.load(texts)
    assert found.keys() == set(texts)
    for text in texts[::97]:
        np.testing.assert_array_equal(found[text], HashEmbedder().embed_query(text).astype(np.float16))
