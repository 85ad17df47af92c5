"""Files that are built once a machine and then only read: the model's graph, the lexicons.

They lie in the user's cache folder (`platformdirs`); `KBASSIST_CACHE` names another.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from kbassist.errors import KBAssistError


def cache_folder() -> Path:
    """The folder for derived files. Created when missing."""
    named = os.environ.get("KBASSIST_CACHE")
    if named:
        folder = Path(named)
    else:
        import platformdirs

        folder = Path(platformdirs.user_cache_dir("kbassist", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KBAssistError(
            f"The cache folder {folder} cannot be created ({error.strerror}): "
            "set KBASSIST_CACHE to a folder that can be written to"
        ) from error
    return folder


def build_once(path: Path, build: Callable[[Path], None]) -> Path:
    """Give `path`, building it when it is missing.

    `build` writes to the path it is given; the result is moved into place in one step, so that no
    other process sees half a file, and of two processes that need it at once one builds it and the
    other waits.
    """
    if path.exists():
        return path
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        if not path.exists():
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            try:
                build(part)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
    return path
