"""Files that are built once a machine and then only read: the model's graph, the lexicons."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from kbassist.errors import KBAssistError

_VARIABLE = "KBASSIST_CACHE"


def cache_folder() -> Path:
    """What `KBASSIST_CACHE` names, else the user's cache folder of this platform."""
    named = os.environ.get(_VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("kbassist", appauthor=False)


def build_once(path: Path, build: Callable[[Path], None]) -> Path:
    """Give `path`, building it when it is missing.

    `build` writes to the path it is given; the result is moved into place in one step, so that no other
    process sees half a file. Of several processes that need it at once one builds it and the others wait.
    Raises `KBAssistError` when the folder cannot be written.
    """
    if path.exists():
        return path
    from filelock import FileLock

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            if not path.exists():
                part = path.with_name(f"{path.name}.part")
                try:
                    build(part)
                    part.replace(path)
                finally:
                    part.unlink(missing_ok=True)
    except OSError as error:
        raise KBAssistError(
            f"{path} cannot be written ({error.strerror}): set {_VARIABLE} to a folder that can be"
        ) from error
    return path


def cached_bytes(folder: Path, name: str, build: Callable[[], bytes]) -> bytes:
    """The content of `folder/name`, built when it is missing or damaged.

    Beside the file stands `name.sha256`; a file that does not agree with it is built again. Of several
    processes that want the same file one builds and the others wait for it, and a reader sees a whole file
    or none. Raises `OSError` when the folder cannot be written.
    """
    path = folder / name
    content = _intact(path)
    if content is None:
        from filelock import FileLock

        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            content = _intact(path)
            if content is None:
                content = build()
                _replace(path, content)
                _replace(_digest_path(path), _digest(content))
    return content


def _digest_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode("ascii")


def _intact(path: Path) -> bytes | None:
    try:
        content, digest = path.read_bytes(), _digest_path(path).read_bytes()
    except OSError:
        return None
    return content if _digest(content) == digest else None


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, then move into place: a crash leaves the old file or the new one."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
