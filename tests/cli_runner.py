"""The command line, run in this process or in one of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kbassist.interfaces.cli import app


@dataclass(frozen=True)
class Outcome:
    """The exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Fails unless stdout is one JSON document."""
        return json.loads(self.out)


def kbassist(*args: object, kb: Path | None = None) -> Outcome:
    """Run here; a traceback fails the test."""
    env = {"KBASSIST_KB": str(kb)} if kb else {}
    result = CliRunner().invoke(app, [str(arg) for arg in args], env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def process(*args: object) -> subprocess.Popen[str]:
    """Start a process of its own, which Ctrl-C interrupts."""
    command = [sys.executable, "-m", "kbassist.interfaces.cli", *map(str, args)]
    # Where the tests run in a shell's background, SIGINT is ignored, also by what they start.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
    finally:
        signal.signal(signal.SIGINT, handler)


def finished(run: subprocess.Popen[str]) -> Outcome:
    """Wait for it."""
    out, err = run.communicate(timeout=120)
    return Outcome(run.returncode, out, err)
