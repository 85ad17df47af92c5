"""Answers, hits, snippets and reports as lines for a person. Pure functions.

The words of the command line are English; what a customer would read keeps the language of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text

from kbassist.interfaces.cli.screen import Line, printable
from kbassist.reading.precedence import rule_in_words
from kbassist.types import (
    Answer,
    Citation,
    Confidence,
    Conflict,
    Decision,
    Explanation,
    Hit,
    IngestReport,
    Outcome,
    Passage,
    Snippet,
)

LISTED = 20
_EXCERPT = 300  # characters of a hit that are enough to recognise it
_NEAREST = 3
_LEVEL_STYLES = {"high": "green", "medium": "yellow", "low": "red"}
_OPTIONS = {
    "allow_private=True": "--allow-private",
    "max_pages=": "--max-pages ",
    "max_depth=": "--max-depth ",
    "render='auto'": "--render auto",
    "password=…": "--password",
}
_COUNTED = ("added", "updated", "unchanged", "removed", "skipped", "failed")
_EXAMPLES = 5
_MEANING: Mapping[Outcome, str] = {
    "fetched": "read, new or changed",
    "unchanged": "read before, and the same",
    "redirected": "leads elsewhere",
    "duplicate": "the same stands elsewhere",
    "robots": "robots.txt does not allow it",
    "noindex": "asks not to be indexed",
    "out_of_scope": "the patterns leave it out",
    "not_html": "neither HTML nor PDF",
    "needs_scripts": "its text appears only when scripts run",
    "no_text": "holds no text",
    "soft_404": "says that it does not exist",
    "missing": "does not exist",
    "trap": "an endless run of pages",
    "limit": "over the limit",
    "stale": "cannot be read now; kept as it was",
    "error": "cannot be read",
    "waiting": "not visited yet",
    "unknown": "never met",
}


def answer_lines(answer: Answer) -> list[Line]:
    """The quotes with where they stand; or why there is no answer and what was nearest to one."""
    lines: list[Line] = []
    quotes = [citation.quote for citation in answer.citations]
    if " ".join(answer.text.split()) != " ".join(" ".join(quotes).split()):
        lines.append(Line(Text(printable(answer.text), "bold")))
    for citation in answer.citations:
        lines += [Line(Text(printable(citation.quote), "bold")), *_source(citation), _blank()]
    if answer.handoff is not None:
        lines += [_blank(), _labelled("Handed over", answer.reason.replace("_", " "))]
        lines += [Line(Text(printable(answer.handoff.summary)), 2)]
    if answer.conflict is not None:
        lines += _conflict(answer.conflict)
    lines.append(_confidence(answer.confidence))
    if answer.handoff is not None and answer.handoff.hits:
        lines += [_blank(), Line(Text("Nearest sources", "bold"))]
        for number, hit in enumerate(answer.handoff.hits[:_NEAREST], start=1):
            lines += [Line(Text(f"{number}. {_place(hit.passage)}"), 2), *_uri(hit.passage.uri, 5)]
    return lines


def hit_lines(hits: Sequence[Hit]) -> list[Line]:
    """The passages found, best first, with an excerpt and what each leg of the search gave."""
    lines: list[Line] = []
    for number, hit in enumerate(hits, start=1):
        parts = ", ".join(f"{name} {value:.2f}" for name, value in hit.parts.items())
        heading = Text.assemble(
            f"{number:>2}. ",
            (_place(hit.passage), "bold"),
            (f"  {hit.score:.3f}" + (f" ({parts})" if parts else ""), "dim"),
        )
        lines += [Line(heading), Line(Text(_excerpt(hit.passage.text)), 4), *_uri(hit.passage.uri, 4)]
        lines += [Line(Text(f"also in {_place(other)}", "dim"), 4) for other in hit.alternates]
    return lines or [Line(Text("Nothing found."))]


def explanation_lines(explanation: Explanation) -> list[Line]:
    """The passage, and why it has its score, in the language of the query."""
    passage = explanation.hit.passage
    return [
        Line(Text(_place(passage), "bold")),
        Line(Text(_excerpt(passage.text)), 4),
        *_uri(passage.uri, 4),
        _blank(),
        Line(Text(_flat(explanation.text))),
    ]


def group_lines(groups: Sequence[Sequence[str]]) -> list[Line]:
    """Synonyms, a group a line."""
    return [Line(Text(_flat("; ".join(group)))) for group in groups] or [Line(Text("No synonyms."))]


def snippet_lines(snippets: Sequence[Snippet]) -> list[Line]:
    """What an agent can send or open, best first, the words that match in bold."""
    lines: list[Line] = []
    for number, snippet in enumerate(snippets, start=1):
        heading = Text.assemble(
            f"{number:>2}. ",
            (snippet.kind, "cyan"),
            f"  {_flat(snippet.title)}",
            (f"  {snippet.score:.3f}", "dim"),
        )
        lines.append(Line(heading))
        if snippet.kind == "link":
            lines += _uri(snippet.text, 4)
            continue
        lines.append(Line(_highlighted(snippet), 4))
        if snippet.citation is not None:
            lines += _uri(snippet.citation.uri, 4)
    return lines or [Line(Text("Nothing to suggest."))]


def report_lines(report: IngestReport) -> list[Line]:
    """How many documents went which way, then what was passed over and why."""
    lines = [Line(Text(f"{name:<10}{len(getattr(report, name)):>7}")) for name in _COUNTED]
    decided = {decision.url for decision in report.decisions}
    lines += _outcome_lines(report)
    for title, entries in (("Skipped", report.skipped), ("Failed", report.failed)):
        others = [entry for entry in entries if entry[0] not in decided]
        if others:
            lines += [_blank(), Line(Text(title, "bold")), *reason_lines(others)]
    return lines


def decision_lines(decision: Decision) -> list[Line]:
    """What became of one URL, and why."""
    lines = [Line(Text(_flat(decision.url), "blue"), wrap=False)]
    lines.append(_labelled(decision.outcome.replace("_", " "), _MEANING[decision.outcome]))
    if decision.reason:
        lines.append(Line(Text(_flat(in_options(decision.reason))), 2))
    if decision.referrer:
        lines.append(Line(Text(f"found on {_flat(decision.referrer)}", "dim"), 2, wrap=False))
    if decision.since is not None:
        crawls = f"{decision.attempts} crawls in a row" if decision.attempts > 1 else "1 crawl"
        lines.append(Line(Text(f"so since {decision.since:%Y-%m-%d %H:%M} ({crawls})", "dim"), 2))
    if decision.at is not None:
        lines.append(Line(Text(f"decided {decision.at:%Y-%m-%d %H:%M}", "dim"), 2))
    return lines


def _outcome_lines(report: IngestReport) -> list[Line]:
    """How many URLs had each outcome, with some of those that gave no text."""
    lines = [_blank()] if report.decisions else []
    for outcome, count in report.outcomes.items():
        heading = Text.assemble(
            (f"{outcome.replace('_', ' '):<14}{count:>5}", "bold"), f"  {_MEANING[outcome]}"
        )
        lines.append(Line(heading))
        if outcome in ("fetched", "unchanged"):
            continue
        some = [decision for decision in report.decisions if decision.outcome == outcome]
        for decision in some[:_EXAMPLES]:
            told = Text.assemble((_flat(decision.url), "blue"), f"  {_flat(in_options(decision.reason))}")
            lines.append(Line(told, 4, wrap=False))
        if count > _EXAMPLES:
            lines.append(Line(Text(f"and {count - _EXAMPLES} more", "dim"), 4))
    if report.decisions:
        lines += [_blank(), Line(Text("'kbassist why URL' tells about one page, --json about all.", "dim"))]
    return lines


def reason_lines(entries: Sequence[tuple[str, str]]) -> list[Line]:
    """The first few of `(url or path, reason)`, and how many more there are."""
    lines: list[Line] = []
    for ref, reason in entries[:LISTED]:
        lines += [Line(Text(_flat(ref)), 2, wrap=False), Line(Text(_flat(in_options(reason)), "dim"), 6)]
    if len(entries) > LISTED:
        lines.append(Line(Text(f"and {len(entries) - LISTED} more; --json lists them all"), 2))
    return lines


def in_options(message: str) -> str:
    """The library's cures name arguments of Python; on the command line they are options."""
    for argument, option in _OPTIONS.items():
        message = message.replace(argument, option)
    return message


def info_lines(info: Mapping[str, object]) -> list[Line]:
    """One fact a line."""
    return [Line(Text(f"{name:<12}  {_flat(_fact(value))}")) for name, value in info.items() if value != ""]


def _fact(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', ' ')} {_fact(part)}" for name, part in value.items())
    if isinstance(value, float):
        return f"{value:.3f}"
    return "none" if value is None else str(value)


def _conflict(conflict: Conflict) -> list[Line]:
    ruled = rule_in_words(conflict.resolution, "en")
    lines = [_blank(), _labelled("The sources disagree", f"{conflict.kind}; {ruled}")]
    for claim in conflict.claims:
        quote = Text.assemble((_flat(claim.value), "bold"), f"  {_flat(claim.citation.quote)}")
        lines += [Line(quote, 2), *_source(claim.citation, 4)]
    return [*lines, _blank()]


def _confidence(confidence: Confidence) -> Line:
    text = Text.assemble(
        ("Confidence: ", "bold"),
        (f"{confidence.probability:.0%}", _LEVEL_STYLES[confidence.level]),
        f" ({confidence.level}; threshold {confidence.threshold:.0%})",
    )
    return Line(text)


def _source(citation: Citation, indent: int = 2) -> list[Line]:
    page = f"page {citation.page}" if citation.page is not None else ""
    place = ", ".join(filter(None, (_flat(citation.title), _flat(citation.address), page)))
    return [Line(Text(f"— {place or _flat(citation.document_id)}"), indent), *_uri(citation.uri, indent + 2)]


def _uri(uri: str, indent: int) -> list[Line]:
    return [Line(Text(_flat(uri), "blue"), indent, wrap=False)] if uri else []


def _place(passage: Passage) -> str:
    """From the document down to the provision or the page."""
    named = _joined((passage.title, *passage.headings, passage.address)) or passage.document_id
    return _flat(named) + (f", page {passage.page}" if passage.page is not None else "")


def _joined(parts: Iterable[str]) -> str:
    return " › ".join(dict.fromkeys(filter(None, parts)))


def _excerpt(text: str) -> str:
    flat = _flat(text)
    if len(flat) <= _EXCERPT:
        return flat
    return (flat[:_EXCERPT].rsplit(" ", 1)[0] or flat[:_EXCERPT]) + " …"


def _highlighted(snippet: Snippet) -> Text:
    """Piece by piece, since escaping a piece moves the offsets of those after it."""
    text, position = Text(), 0
    for start, end in snippet.highlights:
        text.append(printable(snippet.text[position:start]))
        text.append(printable(snippet.text[start:end]), "bold")
        position = end
    return text.append(printable(snippet.text[position:]))


def _labelled(label: str, value: str) -> Line:
    return Line(Text.assemble((f"{label}: ", "bold"), _flat(value)))


def _flat(text: str) -> str:
    """On one line, whatever it holds."""
    return printable(" ".join(text.split()))


def _blank() -> Line:
    return Line(Text())
