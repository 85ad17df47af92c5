"""What goes to which stream: results to stdout, everything said on the way to stderr."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from kbassist.types import Progress

if TYPE_CHECKING:
    from kbassist.protocols import ProgressCallback

# Text of strangers must not drive the terminal: C0 and C1 controls but tab and newline, marks that turn
# the direction of writing, and lone surrogates, which no stream can encode.
_UNSAFE = {
    code: f"\\u{code:04x}"
    for code in (
        *(set(range(0x20)) - {0x09, 0x0A}),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
    )
}
_STAGES = {"read": "Reading", "embed": "Embedding", "publish": "Publishing"}


def printable(text: str) -> str:
    r"""`text` with what could drive a terminal written as `\uXXXX`."""
    return text.translate(_UNSAFE)


def json_text(value: Any) -> str:
    """JSON that can be read on a terminal too.

    What `printable` escapes stands only inside strings, where its escapes are JSON's own.
    """
    return printable(json.dumps(value, ensure_ascii=False, indent=2))


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph to print. One that does not wrap is left whole, so that an address can be copied."""

    text: Text
    indent: int = 0
    wrap: bool = True


class Screen:
    """The two streams of one command."""

    def __init__(self, out: Console | None = None, err: Console | None = None) -> None:
        self._out = out or Console(highlight=False)
        self._err = err or Console(highlight=False, stderr=True)

    def show(self, lines: Sequence[Line]) -> None:
        """Print for a person: wrapped on a terminal, one paragraph a line elsewhere."""
        self._print(self._out, lines)

    def complain(self, message: str, details: Sequence[Line] = ()) -> None:
        """Say what is wrong, on stderr."""
        self._print(self._err, [Line(Text.assemble(("Error: ", "bold red"), printable(message))), *details])

    def note(self, message: str) -> None:
        """Say something beside the result, on stderr."""
        self._print(self._err, [Line(Text(printable(message), "yellow"))])

    def document(self, value: Any) -> None:
        """Print for a program: one JSON document in UTF-8, whatever the stream's encoding."""
        typer.echo(f"{json_text(value)}\n".encode(), nl=False)

    @contextmanager
    def working(self, message: str) -> Iterator[None]:
        """A spinner while the block runs, on a terminal."""
        if not self._err.is_interactive:
            yield
            return
        with self._err.status(Text(printable(message))):
            yield

    @contextmanager
    def progress(self) -> Iterator[ProgressCallback]:
        """Bars for what the library reports, on a terminal."""
        bars = Bars(
            TextColumn("{task.description:<10}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}", markup=False),
            TextColumn("{task.fields[note]}", markup=False, style="dim"),
            console=self._err,
            disable=not self._err.is_interactive,
            transient=True,
        )
        tasks: dict[str, TaskID] = {}

        def advance(step: Progress) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bars.add_task(_STAGES[step.stage], total=step.total, count="", note="")
            count = f"{step.done}" if step.total is None else f"{step.done}/{step.total}"
            note = printable(step.note) if step.stage == "read" else ""
            bars.update(tasks[step.stage], completed=step.done, total=step.total, count=count, note=note)

        with bars:
            yield advance

    @staticmethod
    def _print(console: Console, lines: Sequence[Line]) -> None:
        for line in lines:
            parts = line.text.split("\n", allow_blank=True)
            if line.wrap and console.is_terminal:
                parts = line.text.wrap(console, max(console.width - line.indent, 20))
            for part in parts:
                console.print(Text(" " * line.indent) + part, soft_wrap=True)
