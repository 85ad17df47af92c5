"""Generations as folders: copied, sealed by a manifest that names every file, and removed."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kbassist.errors import KnowledgeBaseError
from kbassist.index.recipe import check_layout
from kbassist.index.records import LAYOUT
from kbassist.protocols import Manifest

MANIFEST = "manifest.json"
_SYNC_THREADS = 16
_NAME = re.compile(r"gen-(\d{6,})")


def generations(folder: Path) -> dict[str, Path]:
    """Every generation in the folder, unfinished ones included, oldest first."""
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)] if folder.is_dir() else []
    return {path.name: path for path in sorted(found, key=lambda path: int(path.name[4:]))}


def new_generation(folder: Path) -> Path:
    """Create the next one, empty."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        last = max((int(name[4:]) for name in generations(folder)), default=0)
        path = folder / f"gen-{last + 1:06d}"
        try:
            path.mkdir()
        except FileExistsError:  # somebody else was quicker
            continue
        return path


def seal(generation: Path, manifest: Manifest) -> None:
    """Make every file durable, then write the manifest: from here on the generation exists."""
    paths = sorted(path for path in generation.rglob("*") if path.is_file())
    sizes = {path.relative_to(generation).as_posix(): path.stat().st_size for path in paths}
    with ThreadPoolExecutor(_SYNC_THREADS) as pool:  # the disk takes them together as fast as one
        list(pool.map(_sync, paths))
        list(pool.map(_sync_folder, {path.parent for path in paths}))
    content = json.dumps({"layout": LAYOUT, "manifest": asdict(manifest), "files": sizes}, indent=1)
    unfinished = generation / f"{MANIFEST}.unfinished"
    unfinished.write_text(content, encoding="utf-8")
    _sync(unfinished)
    unfinished.replace(generation / MANIFEST)
    _sync_folder(generation)
    _sync_folder(generation.parent)


def read_manifest(generation: Path) -> tuple[Manifest, list[str]]:
    """What was sealed, and the names of its files, all of which are there and of the sealed size.

    Raises `KnowledgeBaseError` otherwise: a memory-mapped file that is shorter than its engine believes
    ends the process when it is read, so it must not be opened at all.
    """
    if not generation.is_dir():
        raise KnowledgeBaseError(f"there is no generation {generation.name!r} in {generation.parent}. {CURE}")
    try:
        stored = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        check_layout(stored.get("layout"), str(generation))
        manifest, files = Manifest(**stored["manifest"]), dict(stored["files"])
    except FileNotFoundError as error:
        raise KnowledgeBaseError(f"generation {generation} was never finished. {CURE}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KnowledgeBaseError(
            f"the manifest of generation {generation} is damaged: {error}. {CURE}"
        ) from error
    _check_sizes(generation, files)
    return manifest, list(files)


CURE = "Go back to an earlier generation, or ingest again into a new folder."


def _check_sizes(generation: Path, files: Mapping[str, Any]) -> None:
    for name, size in files.items():
        try:
            actual = (generation / name).stat().st_size
        except OSError as error:
            raise KnowledgeBaseError(
                f"generation {generation} is damaged: {name} is missing. {CURE}"
            ) from error
        if actual != size:
            raise KnowledgeBaseError(
                f"generation {generation} is damaged: {name} has {actual} bytes, sealed with {size}. {CURE}"
            )


def copy_files(source: Path, target: Path, names: Collection[str]) -> None:
    """Copy with the holes left as holes: most of a small generation's files is unwritten space."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        _copy_sparse(source / name, target / name)


def remove(generation: Path) -> None:
    """Readers that have it open keep their files. What cannot be removed yet is no longer a generation."""
    (generation / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(generation, ignore_errors=True)


def _copy_sparse(source: Path, target: Path) -> None:
    if not hasattr(os, "SEEK_DATA"):
        shutil.copyfile(source, target)
        return
    with source.open("rb", buffering=0) as reader, target.open("wb", buffering=0) as writer:
        size = os.fstat(reader.fileno()).st_size
        start = 0
        while start < size:
            try:
                start = os.lseek(reader.fileno(), start, os.SEEK_DATA)
            except OSError:  # nothing but a hole to the end
                break
            end = os.lseek(reader.fileno(), start, os.SEEK_HOLE)
            os.lseek(reader.fileno(), start, os.SEEK_SET)
            os.lseek(writer.fileno(), start, os.SEEK_SET)
            while start < end:
                block = reader.read(min(end - start, 1 << 20))
                writer.write(block)
                start += len(block)
        writer.truncate(size)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    if os.name != "posix":  # folders cannot be opened elsewhere
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
