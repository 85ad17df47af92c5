"""The embedded engine as files: other processes, sudden death, damage."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kbassist.errors import IndexMismatchError, InvalidArgumentError, KnowledgeBaseError
from kbassist.index.edge import EdgeIndex
from kbassist.index.memory import MemoryIndex
from kbassist.index.records import LAYOUT
from kbassist.testing import HashEmbedder, assert_same, make_entry, words
from kbassist.types import PassageFilter

EMBEDDER = HashEmbedder(16)
EVERYTHING = PassageFilter()
PRELUDE = """
import sys
from kbassist.index.edge import EdgeIndex
from kbassist.testing import HashEmbedder, make_entry, words
from kbassist.types import PassageFilter
embedder = HashEmbedder(16)
index = EdgeIndex(sys.argv[1], analyzer=words, analysis="1", model=embedder.name, dimension=16)
"""


def new_index(folder: Path) -> EdgeIndex:
    return EdgeIndex(folder, analyzer=words, analysis="1", model=EMBEDDER.name, dimension=16)


def put(writer, texts: dict[str, str]) -> None:
    entries = [make_entry(passage_id, text) for passage_id, text in texts.items()]
    writer.upsert(entries, EMBEDDER.embed_passages(list(texts.values())))


def seal(index: EdgeIndex, base: str | None, texts: dict[str, str]) -> str:
    writer = index.begin(base)
    put(writer, texts)
    return writer.seal().generation


def found(reader, query: str) -> list[str]:
    hits = reader.search(words(query), EMBEDDER.embed_query(query), EVERYTHING, 50)
    return [candidate.entry.passage.id for candidate in hits if candidate.bm25]


def python(script: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", PRELUDE + script, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_other_processes_read_while_this_one_writes(tmp_path):
    index = new_index(tmp_path)
    first = seal(index, None, {"a1": "zwrot w 14 dni", "a2": "dostawa"})
    script = """
reader = index.open("gen-000001")
for line in sys.stdin:
    hits = reader.search(["zwrot"], embedder.embed_query("zwrot"), PassageFilter(), 9)
    print(*[c.entry.passage.id for c in hits if c.bm25], flush=True)
"""
    others = [python(script, tmp_path) for _ in range(2)]

    def ask() -> list[str]:
        for other in others:
            other.stdin.write("?\n")
            other.stdin.flush()
        return [other.stdout.readline().strip() for other in others]

    try:
        assert ask() == ["a1", "a1"]
        writer = index.begin(first)
        writer.delete(["a1"])
        put(writer, {"b1": "zwrot kurierem", "a2": "zwrot"})
        assert ask() == ["a1", "a1"]
        second = writer.seal().generation
        assert ask() == ["a1", "a1"]
        index.prune([second])
        assert ask() == ["a1", "a1"]
        reader = index.open(second)
        assert found(reader, "zwrot") == ["a2", "b1"]
        reader.close()
    finally:
        for other in others:
            other.stdin.close()
            other.stdout.close()
            assert other.wait(30) == 0


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the platform has no SIGKILL")
def test_killed_writer_leaves_the_base_as_it_was(tmp_path):
    index = new_index(tmp_path)
    first = seal(index, None, {"a1": "zwrot w 14 dni"})
    before = contents(tmp_path / first)
    script = """
writer = index.begin("gen-000001")
writer.delete(["a1"])
for number in range(10_000):
    text = f"zwrot {number}"
    writer.upsert([make_entry(f"b{number}", text)], embedder.embed_passages([text]))
    print(number, flush=True)
"""
    writer = python(script, tmp_path)
    for _ in range(50):
        assert writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    writer.stdin.close()
    writer.stdout.close()
    assert writer.wait(30) == -signal.SIGKILL

    assert contents(tmp_path / first) == before
    with pytest.raises(KnowledgeBaseError, match="never finished"):
        index.open("gen-000002")
    reader = index.open(first)
    assert found(reader, "zwrot") == ["a1"]
    reader.close()
    index.prune([first])
    assert [path.name for path in tmp_path.iterdir()] == [first]
    second = seal(index, first, {"b1": "zwrot"})
    reader = index.open(second)
    assert found(reader, "zwrot") == ["a1", "b1"]
    reader.close()


def test_opening_changes_no_file(tmp_path):
    index = new_index(tmp_path)
    generation = seal(index, seal(index, None, {"a1": "zwrot", "a2": "dostawa"}), {"a1": "płatność"})
    before = contents(tmp_path / generation)
    readers = [index.open(generation) for _ in range(2)]
    for reader in readers:
        assert found(reader, "dostawa") == ["a2"]
        reader.close()
    assert contents(tmp_path / generation) == before


def test_writer_copies_holes_as_holes(tmp_path):
    index = new_index(tmp_path)
    first = seal(index, None, {"a1": "zwrot"})
    second = seal(index, first, {})
    sizes = [
        sum(path.stat().st_blocks for path in (tmp_path / generation).rglob("*"))
        for generation in (first, second)
    ]
    assert sizes[1] < 2 * sizes[0]


def test_reader_closes_after_its_generation_was_pruned(tmp_path):
    index = new_index(tmp_path)
    generation = seal(index, None, {"a1": "zwrot"})
    reader = index.open(generation)
    index.prune([])
    assert found(reader, "zwrot") == ["a1"]
    reader.close()
    assert list(tmp_path.iterdir()) == []


def test_generations_are_numbered_on(tmp_path):
    index = new_index(tmp_path)
    first = seal(index, None, {})
    unfinished = index.begin(first)
    names = [first, unfinished.generation, seal(index, first, {})]
    assert names == ["gen-000001", "gen-000002", "gen-000003"]
    unfinished.abort()


def test_place_that_cannot_be_written_to_is_an_error_with_the_cure(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(KnowledgeBaseError, match=r"file cannot be written to.*check the disk"):
        new_index(tmp_path / "file").begin(None)


def test_foreign_files_are_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "gen-old").mkdir()
    index = new_index(tmp_path)
    seal(index, None, {})
    index.prune([])
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "gen-old"}


def damaged(folder: Path, pattern: str, change) -> None:
    path = max(folder.rglob(pattern), key=lambda path: path.stat().st_blocks)
    change(path)


DAMAGE = {
    "removed": Path.unlink,
    "empty": lambda path: os.truncate(path, 0),
    "short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "long": lambda path: path.write_bytes(path.read_bytes() + bytes(4096)),
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE.keys())
@pytest.mark.parametrize("pattern", ["manifest.json", "terms.npz", "edge_config.json", "page_0.dat"])
def test_damaged_file_is_an_error_with_the_cure(tmp_path, pattern, change):
    index = new_index(tmp_path)
    generation = seal(index, None, {"a1": "zwrot"})
    damaged(tmp_path / generation, pattern, change)
    with pytest.raises(KnowledgeBaseError, match="ingest again") as caught:
        index.open(generation)
    assert str(tmp_path) in str(caught.value)
    with pytest.raises(KnowledgeBaseError, match="ingest again"):
        index.begin(generation)
    assert [path.name for path in tmp_path.iterdir()] == [generation]


@pytest.mark.parametrize("name", ["page_0.dat", "tracker.dat", "*.mmap", "*.json", "terms.npz", "*.mappings"])
def test_overwritten_file_never_ends_the_process(tmp_path, name):
    generation = seal(new_index(tmp_path), None, {f"a{n}": f"zwrot {n}" for n in range(40)})
    for path in (tmp_path / generation).rglob(name):
        content = bytearray(path.read_bytes())
        content[:2000] = bytes(byte ^ 0xFF if byte else 0 for byte in content[:2000])
        path.write_bytes(content)
    script = """
from kbassist.errors import KnowledgeBaseError
try:
    reader = index.open("gen-000001")
    reader.search(["zwrot"], embedder.embed_query("zwrot"), PassageFilter(), 50)
    reader.count(PassageFilter(document_ids=frozenset("a")))
    reader.entries(["a1", "a2"])
    reader.vectors(["a1", "a2"])
except KnowledgeBaseError as error:
    print(error)
"""
    other = python(script, tmp_path)
    other.communicate(timeout=60)
    assert other.returncode == 0


def test_mismatch_says_how_to_go_on(tmp_path):
    generation = seal(new_index(tmp_path), None, {})
    other = EdgeIndex(tmp_path, analyzer=words, analysis="1", model="e5", dimension=384)
    with pytest.raises(IndexMismatchError, match=r"'hash-16'.*'e5'.*ingest again into a new folder"):
        other.open(generation)


def test_other_layout_is_a_mismatch(tmp_path):
    generation = seal(new_index(tmp_path), None, {})
    manifest = tmp_path / generation / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"layout": {LAYOUT}', '"layout": 0'))
    with pytest.raises(
        IndexMismatchError, match=rf"layout 0.*reads {LAYOUT}.*ingest again into a new folder"
    ):
        new_index(tmp_path).open(generation)


def test_model_without_dimension_is_refused(tmp_path):
    with pytest.raises(InvalidArgumentError, match="give both"):
        EdgeIndex(tmp_path, analyzer=words, analysis="1", model="e5", dimension=None)


def test_large_generation_is_compacted_and_stays_exact(tmp_path):
    """Big enough for the engine to rewrite its segments; then changed so much that it does so again."""
    dimension, passages = 1024, 3_000
    rng = np.random.default_rng(7)
    vocabulary = [f"w{number}" for number in range(300)]
    entries = [
        make_entry(f"p{number:04d}", " ".join(rng.choice(vocabulary, size=rng.integers(1, 12))))
        for number in range(passages)
    ]
    vectors = rng.standard_normal((passages, dimension), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    recipe = {"analyzer": words, "analysis": "1", "model": "random", "dimension": dimension}
    index, oracle = EdgeIndex(tmp_path, **recipe), MemoryIndex(**recipe)
    generations = {}
    for engine in (index, oracle):
        writer = engine.begin(None)
        writer.upsert(entries, vectors)
        first = writer.seal().generation
        writer = engine.begin(first)
        writer.delete([entry.passage.id for entry in entries[::3]])
        writer.upsert([make_entry(f"p{number:04d}", "w1 w2 " * 9) for number in range(50)], vectors[:50])
        generations[engine] = [first, writer.seal().generation]
    segments = [len(list((tmp_path / name / "shard/segments").iterdir())) for name in generations[index]]
    assert segments == [2, 2]
    for name, reference in zip(generations[index], generations[oracle], strict=True):
        reader, other = index.open(name), oracle.open(reference)
        for _ in range(6):
            terms, vector = list(rng.choice(vocabulary, 4)), vectors[rng.integers(passages)]
            ours = reader.search(terms, vector, EVERYTHING, 10)
            theirs = {c.entry.passage.id: c for c in other.search(terms, vector, EVERYTHING, passages)}
            assert_same(ours, [theirs[c.entry.passage.id] for c in ours])
            assert reader.count(EVERYTHING) == len(theirs)
        reader.close()
