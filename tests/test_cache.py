import hashlib
import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from kbassist.cache import cache_folder, cached_bytes

EMBED = """
import hashlib
from kbassist.models.e5 import E5Embedder
print(hashlib.sha256(E5Embedder(threads=1).embed_query("Ile trwa zwrot?").tobytes()).hexdigest())
"""
BUILD = """
import sys
from pathlib import Path
from kbassist.cache import cached_bytes
folder, log = map(Path, sys.argv[1:])
def build():
    with log.open("a") as file:
        file.write("built\\n")
    return bytes(range(256)) * 40_000
print(len(cached_bytes(folder, "file", build)))
"""


def must_not_build():
    raise AssertionError("built although the file is intact")


def run_at_once(count, code, *arguments, **environment):
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    processes = [
        subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    outputs = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * count, outputs
    return [output for output, _ in outputs]


def test_the_variable_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("KBASSIST_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path


@pytest.mark.parametrize("value", [None, ""])
def test_without_it_the_platform_does(monkeypatch, value):
    monkeypatch.delenv("KBASSIST_CACHE", raising=False)
    if value is not None:
        monkeypatch.setenv("KBASSIST_CACHE", value)
    assert cache_folder() == platformdirs.user_cache_path("kbassist", appauthor=False)


def test_built_once(tmp_path):
    folder = tmp_path / "not" / "yet"
    assert cached_bytes(folder, "file", lambda: b"content") == b"content"
    assert cached_bytes(folder, "file", must_not_build) == b"content"
    assert (folder / "file").read_bytes() == b"content"


def overwrite(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def shorten(path):
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [overwrite, shorten, Path.unlink])
@pytest.mark.parametrize("name", ["file", "file.sha256"])
def test_damaged_is_built_again(tmp_path, damage, name):
    cached_bytes(tmp_path, "file", lambda: b"content")
    damage(tmp_path / name)
    assert cached_bytes(tmp_path, "file", lambda: b"content") == b"content"
    assert cached_bytes(tmp_path, "file", must_not_build) == b"content"


def test_a_failed_build_leaves_nothing_and_can_be_repeated(tmp_path):
    with pytest.raises(ZeroDivisionError):
        cached_bytes(tmp_path, "file", lambda: bytes(1 // 0))
    assert not (tmp_path / "file").exists()
    assert cached_bytes(tmp_path, "file", lambda: b"content") == b"content"


def test_what_a_killed_process_left_is_written_over(tmp_path):
    (tmp_path / "file").write_bytes(b"moved into place, digest not yet written")
    (tmp_path / "file.part").write_bytes(b"half")
    assert cached_bytes(tmp_path, "file", lambda: b"content") == b"content"
    assert not (tmp_path / "file.part").exists()


def test_one_of_many_processes_builds(tmp_path):
    log = tmp_path / "log"
    lengths = run_at_once(4, BUILD, tmp_path / "cache", log)
    assert lengths == ["10240000\n"] * 4
    assert log.read_text() == "built\n"


def test_two_processes_that_build_the_model_at_once_both_embed(tmp_path):
    first, second = run_at_once(2, EMBED, KBASSIST_CACHE=str(tmp_path))
    assert first == second
    (model,) = tmp_path.glob("*.onnx")
    assert not list(tmp_path.glob("*.part"))
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    assert model.with_name(f"{model.name}.sha256").read_text() == digest
