"""The commands: each reads its options, makes one call, and gives the result."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text
from typer import Argument, Option

from kbassist.interfaces.cli.calibrating import calibrate, reliability, threshold, what_if
from kbassist.interfaces.cli.options import (
    DEFAULT_FOLDER,
    AsJson,
    AsOf,
    Audience,
    FileKind,
    Folder,
    Lang,
    Most,
    Rendering,
    Seen,
    Threshold,
    VectorsLater,
    headers_from,
)
from kbassist.interfaces.cli.rendering import (
    answer_lines,
    decision_lines,
    explanation_lines,
    group_lines,
    hit_lines,
    info_lines,
    snippet_lines,
)
from kbassist.interfaces.cli.screen import Line, Screen
from kbassist.interfaces.cli.session import (
    FAULT,
    NO_ANSWER,
    give,
    give_report,
    note_waiting,
    one_by_one,
    opened,
)
from kbassist.types import IngestReport, When

app = typer.Typer(
    name="kbassist",
    help="A company's own texts as a knowledge base: answers with quotes, and how sure they are.\n\n"
    "Exit codes: 0 fine; 1 'ask' found no answer that is sure enough and hands over to a person, "
    "or 'threshold' found none; 2 a wrong call or an error, explained on stderr; 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
def crawl(
    url: Annotated[str, Argument(metavar="URL", help="Any page of the site; only its host is read.")],
    kb: Folder = DEFAULT_FOLDER,
    max_pages: Annotated[
        int | None, Option(min=1, metavar="NUMBER", help="Read at most so many pages.")
    ] = None,
    max_depth: Annotated[
        int | None, Option(min=0, metavar="NUMBER", help="Follow at most so many links from URL.")
    ] = None,
    max_bytes: Annotated[
        int, Option(min=1, metavar="NUMBER", help="Pass over pages and files larger than that.")
    ] = 25_000_000,
    delay: Annotated[
        float | None, Option(min=0, metavar="SECONDS", help="Pause between two requests.")
    ] = None,
    include: Annotated[
        list[str] | None, Option(metavar="PATTERN", help="Read only paths like '/help/*'; repeatable.")
    ] = None,
    exclude: Annotated[
        list[str] | None, Option(metavar="PATTERN", help="Pass over paths like '/blog/*'; repeatable.")
    ] = None,
    allow_private: Annotated[
        bool, Option("--allow-private", help="Allow addresses of a private network and of this machine.")
    ] = False,
    concurrency: Annotated[int, Option(min=1, metavar="NUMBER", help="Most requests at a time.")] = 4,
    header: Annotated[
        list[str] | None,
        Option(
            metavar="'NAME: VALUE'",
            help="Sent to this site alone, for a login; '@FILE' reads them from a file; repeatable.",
        ),
    ] = None,
    render: Annotated[
        Rendering, Option(help="Run a page's scripts in Chromium where its text needs them, or never.")
    ] = Rendering.AUTO,
    remove_after: Annotated[
        int, Option(min=1, metavar="NUMBER", help="Remove a page that is missing in so many crawls in a row.")
    ] = 2,
    audience: Audience = None,
    vectors_later: VectorsLater = False,
    as_json: AsJson = False,
) -> None:
    """Read a web site; run it again to bring the knowledge base up to date, or to go on.

    robots.txt and the sitemap are followed. A page that cannot be read is reported and costs nothing else.
    """
    screen = Screen()
    headers = headers_from(header or ())
    with opened(kb, screen, ingests=True) as base, screen.progress() as progress:
        report = base.add_site(
            url,
            max_pages=max_pages,
            max_depth=max_depth,
            max_bytes=max_bytes,
            allow_private=allow_private,
            delay=delay,
            include=include or (),
            exclude=exclude or (),
            concurrency=concurrency,
            headers=headers,
            render=render.value,
            remove_after=remove_after,
            audience=audience,
            vectors="later" if vectors_later else "now",
            progress=progress,
        )
        waiting = base.info().waiting
    give_report(report, screen, as_json=as_json)
    note_waiting(waiting, screen)


@app.command()
def why(
    url: Annotated[str, Argument(metavar="URL", help="A page of a site that was crawled.")],
    kb: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,
) -> None:
    """Tell why a page is in the knowledge base, or why it is not."""
    screen = Screen()
    with opened(kb, screen) as base:
        decision = base.why(url)
    give(decision.to_dict(), decision_lines(decision), screen, as_json=as_json)


@app.command()
def add(
    paths: Annotated[
        list[Path] | None,
        Argument(
            metavar="PATHS",
            help="PDF, DOCX, ODT, HTML, Markdown and text files, folders of them, a help centre's JSON "
            "export, CSV of ready replies.",
        ),
    ] = None,
    kb: Folder = DEFAULT_FOLDER,
    kind: Annotated[FileKind | None, Option(help="What the files are. [default: recognised]")] = None,
    audience: Audience = None,
    password: Annotated[
        str | None, Option(envvar="KBASSIST_PASSWORD", metavar="TEXT", help="Opens encrypted PDF files.")
    ] = None,
    replies: Annotated[
        list[Path] | None,
        Option(
            metavar="FILE",
            help="Ready replies in a file that is not named .csv, such as a JSON export; repeatable.",
        ),
    ] = None,
    vectors_later: VectorsLater = False,
    as_json: AsJson = False,
) -> None:
    """Read files, folders and ready replies; run it again after they have changed."""
    screen = Screen()
    files = [path for path in paths or () if path.suffix.lower() != ".csv"]
    tables = [*(path for path in paths or () if path not in files), *(replies or ())]
    if not files and not tables:
        raise typer.BadParameter("name at least one file or folder", param_hint="PATHS")
    if addresses := [path for path in files if str(path).startswith(("http:", "https:"))]:
        raise typer.BadParameter(f"{addresses[0]} is an address: use 'kbassist crawl'", param_hint="PATHS")
    if tables and audience:
        raise typer.BadParameter(
            "ready replies name theirs in a column of the file: add them separately", param_hint="--audience"
        )
    vectors: When = "later" if vectors_later else "now"
    with opened(kb, screen, ingests=True) as base, screen.progress() as progress:
        steps: list[tuple[str, Callable[[], IngestReport]]] = []
        if files:
            read = partial(
                base.add_files,
                files,
                kind=kind.value if kind else None,
                audience=audience,
                password=password,
                vectors=vectors,
            )
            steps.append((", ".join(map(str, files)), partial(read, progress=progress)))
        steps += [
            (str(path), partial(base.add_replies, path, vectors=vectors, progress=progress))
            for path in tables
        ]
        report = one_by_one(steps)
        waiting = base.info().waiting
    give_report(report, screen, as_json=as_json)
    note_waiting(waiting, screen)


@app.command()
def embed(kb: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Give the passages that 'crawl' and 'add' took in with --vectors-later their vectors.

    They can be searched all the while. Interrupted, it goes on from there the next time.
    """
    screen = Screen()
    with opened(kb, screen, goes_on=True) as base, screen.progress() as progress:
        embedded = base.embed_missing(progress=progress)
    give({"embedded": embedded}, [Line(Text(f"{embedded} embedded"))], screen, as_json=as_json)


@app.command()
def ask(
    question: Annotated[str, Argument(metavar="QUESTION", help="In Polish or in English.")],
    kb: Folder = DEFAULT_FOLDER,
    threshold: Threshold = None,
    audience: Seen = None,
    lang: Annotated[Lang | None, Option(help="Language of the question. [default: recognised]")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with quotes and where they stand.

    Exit code 1 when no answer is sure enough and the question is handed over to a person.
    """
    screen = Screen()
    with opened(kb, screen) as base, screen.working("Looking for the answer"):
        answer = base.answer(
            question,
            threshold=threshold,
            audience=audience,
            lang=lang.value if lang else None,
            as_of=as_of.date() if as_of else None,
        )
    give(answer.to_dict(), answer_lines(answer), screen, as_json=as_json)
    if answer.status != "answered":
        raise typer.Exit(NO_ANSWER)


@app.command()
def suggest(
    text: Annotated[str, Argument(metavar="TEXT", help="What an agent is typing.")],
    kb: Folder = DEFAULT_FOLDER,
    k: Most = 5,
    audience: Seen = None,
    as_json: AsJson = False,
) -> None:
    """Suggest ready replies, paragraphs and links."""
    screen = Screen()
    with opened(kb, screen) as base, screen.working("Looking for snippets"):
        snippets = base.suggest_snippets(text, k=k, audience=audience)
    give([snippet.to_dict() for snippet in snippets], snippet_lines(snippets), screen, as_json=as_json)


@app.command()
def search(
    query: Annotated[str, Argument(metavar="QUERY", help="Words or a question.")],
    kb: Folder = DEFAULT_FOLDER,
    k: Most = 10,
    audience: Seen = None,
    lang: Annotated[Lang | None, Option(help="Only passages in this language.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that fit a query best."""
    screen = Screen()
    filters: dict[str, Any] = {"langs": {lang.value}} if lang else {}
    with opened(kb, screen) as base, screen.working("Searching"):
        hits = base.search(query, k=k, audience=audience, as_of=as_of.date() if as_of else None, **filters)
    give([hit.to_dict() for hit in hits], hit_lines(hits), screen, as_json=as_json)


@app.command()
def explain(
    query: Annotated[str, Argument(metavar="QUERY", help="What was searched for.")],
    passage_id: Annotated[
        str, Argument(metavar="PASSAGE_ID", help="The passage's id, which 'search --json' tells.")
    ],
    kb: Folder = DEFAULT_FOLDER,
    audience: Seen = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Tell why a passage has its score and its place for a query."""
    screen = Screen()
    with opened(kb, screen) as base, screen.working("Searching"):
        explanation = base.explain(
            query, passage_id, audience=audience, as_of=as_of.date() if as_of else None
        )
    give(explanation.to_dict(), explanation_lines(explanation), screen, as_json=as_json)


@app.command()
def synonyms(
    file: Annotated[
        Path | None,
        Argument(
            metavar="FILE",
            help="One group a line, parted by commas or semicolons. It takes the place of the groups set "
            "before; an empty file takes them away. [default: show the groups]",
        ),
    ] = None,
    kb: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,
) -> None:
    """Set the words and phrases that mean the same in this company, or show them.

    Nothing is indexed again: whatever opens the knowledge base from now on searches with them.
    """
    screen = Screen()
    with opened(kb, screen) as base:
        if file is not None:
            base.set_synonyms(file)
        groups = base.synonyms()
    give([list(group) for group in groups], group_lines(groups), screen, as_json=as_json)


@app.command()
def info(kb: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Show what the knowledge base holds and what it was made with."""
    screen = Screen()
    with opened(kb, screen) as base:
        facts = asdict(base.info())
    give(facts, info_lines(facts), screen, as_json=as_json)


for command in (calibrate, reliability, threshold, what_if):
    app.command()(command)


def main() -> None:
    """Run the command line as a process of its own."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    warnings.showwarning = _show_warning
    try:
        app()
    # Python would exit with 1, which says that there was no answer: a fault must not be taken for that.
    except Exception:
        traceback.print_exc()
        sys.exit(FAULT)


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    Screen().note(f"Warning: {message}")
