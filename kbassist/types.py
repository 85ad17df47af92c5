"""The nouns of the library. Frozen, standard library only, every one with `to_dict()`.

Offsets are Python string indices into `Document.text`; scores and probabilities are plain floats.
Dates without a time are `datetime.date`; moments are timezone-aware `datetime.datetime`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal["page", "pdf", "regulation", "faq", "reply"]
Status = Literal["draft", "approved", "retired"]
AnchorKind = Literal["heading", "page", "provision"]
AnswerStatus = Literal["answered", "clarify", "handoff"]
Level = Literal["low", "medium", "high"]
Urgency = Literal["normal", "high"]
SnippetKind = Literal["reply", "paragraph", "link", "action"]
Severity = Literal["info", "warning", "error"]
Channel = Literal["chat", "email", "voice"]
When = Literal["now", "later"]
Outcome = Literal[
    "fetched",
    "unchanged",
    "redirected",
    "duplicate",
    "robots",
    "noindex",
    "out_of_scope",
    "not_html",
    "needs_scripts",
    "no_text",
    "soft_404",
    "missing",
    "trap",
    "limit",
    "stale",
    "error",
    "waiting",
    "unknown",
]

PUBLIC = frozenset({"public"})


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


class Record:
    """What every type here shares: a plain, JSON-ready form."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Nested dictionaries, lists, strings and numbers; dates in ISO 8601; sets as sorted lists."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}  # type: ignore[arg-type]


# --- what is known -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Anchor(Record):
    """Where a heading, a page or a provision begins in `Document.text`.

    `label` is the heading's text, the page's number, or the provision's canonical address
    (`"§ 7 ust. 2 pkt 3"`); `level` is 1 for the outermost. `fragment` is what follows `#` in a deep
    link to this place, where the source has one.
    """

    start: int
    label: str
    level: int = 1
    kind: AnchorKind = "heading"
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Document(Record):
    """One approved (or draft, or retired) text: a page, a PDF, a regulation, a ready reply."""

    id: str
    text: str
    title: str = ""
    uri: str = ""
    kind: Kind = "page"
    lang: str | None = None
    anchors: tuple[Anchor, ...] = ()
    fetched_at: datetime | None = None
    modified_at: datetime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    audience: frozenset[str] = PUBLIC
    status: Status = "approved"
    topic: str | None = None
    owner: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Document:
        """The inverse of `to_dict`."""
        moments = {name: _moment(values[name]) for name in ("fetched_at", "modified_at")}
        days = {name: _day(values[name]) for name in ("valid_from", "valid_until")}
        made = {
            "anchors": tuple(Anchor(**anchor) for anchor in values["anchors"]),
            "audience": frozenset(values["audience"]),
        }
        return cls(**{**values, **moments, **days, **made})


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@dataclass(frozen=True, slots=True)
class Passage(Record):
    """The unit that is found. `document.text[start:end] == text`, always.

    `uri` is the deep link (`…#zwroty`, `…#page=3`), `address` the place inside a regulation,
    `page` the 1-based page of a PDF, `headings` the titles above it, outermost first. `provisions` are
    the provisions that begin inside it, as `(offset in text, address)`; one whose number stands in the
    heading right before it begins at offset 0.
    """

    id: str
    document_id: str
    text: str
    start: int
    end: int
    title: str = ""
    uri: str = ""
    headings: tuple[str, ...] = ()
    address: str = ""
    page: int | None = None
    lang: str = "pl"
    kind: Kind = "page"
    provisions: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class IndexEntry(Record):
    """A passage with what the index needs beside it.

    `context` is searched together with the text but never quoted: title, headings, the opening
    words of the provisions above. The rest decides who may see the passage and when it is in force
    (`valid_until` is the last day on which it holds).
    """

    passage: Passage
    context: str = ""
    audience: frozenset[str] = PUBLIC
    status: Status = "approved"
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def search_text(self) -> str:
        """What is analysed and embedded: the context, then the passage."""
        return f"{self.context}\n{self.passage.text}" if self.context else self.passage.text


# --- what is found -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PassageFilter(Record):
    """What a caller may see. Applied before scoring; nothing outside it is scored, shown or counted.

    A passage qualifies when its audience shares a label with `audience`, its status is in
    `statuses`, `as_of` lies within its validity, and it matches the optional restrictions.
    """

    audience: frozenset[str] = PUBLIC
    as_of: date | None = None
    statuses: frozenset[str] = frozenset({"approved"})
    langs: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    document_ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A passage found, its score in 0..1, and the parts of it.

    `alternates` are other places where (nearly) the same text stands. `parts` may hold:

    - `bm25`: the score of BM25 as it came, 0 and up; `lexical`: the same as a share of the most it could be
    - `dense`: the cosine with the query's vector, missing where the passage has none (yet); `semantic`: the
      same on a scale of 0..1, or what passages like it usually have
    - `coverage`: the share of what the query's words weigh that stands in passage, title or headings;
      `context`: in title or headings; `together`: within 25 words of one another
    - `pairs`: how near the query's neighbours stand to one another here; `exact`: words in the same form;
      `names`: the share of its names, numbers and codes that is here
    - `address`: how well it is the provision that was asked for, where one was
    """

    passage: Passage
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    alternates: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplanationPart(Record):
    """What one part of `Hit.parts` gave the score: `contribution = value * weight`.

    Two more are told like parts, both after the weighted ones: `address` with the share of the way to 1 by
    which it lifted, and `repeated`, the number of better passages of the same document, which lowers.
    """

    name: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Explanation(Record):
    """Why a passage has its score for a query; the contributions of its `parts` add up to it.

    `rank` counts from 1 in what `search` gives with `k=100`, None when the passage is not among those; it is
    the place of the hit that shows it, as itself or among its `alternates`. `found` has the query's words, as
    typed, with the form in which each stands in the passage, its title or headings; `missing` has the rest
    of those that say what is asked about. `text` says all this in the query's language.
    """

    query: str
    hit: Hit
    rank: int | None
    found: Mapping[str, str]
    missing: tuple[str, ...]
    parts: tuple[ExplanationPart, ...]
    text: str

    @property
    def score(self) -> float:
        return self.hit.score


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """A verbatim quote and where it stands. `document.text[start:end] == quote`."""

    document_id: str
    passage_id: str
    title: str
    uri: str
    address: str
    page: int | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Confidence(Record):
    """The probability that the answer is right, and why.

    `level` is `high` from `HIGH_LEVEL` up, `low` below `LOW_LEVEL`; `signals` are the features that
    the probability was computed from; `calibration` names the calibrator; `reasons` say in the question's
    language what speaks against the answer.
    """

    probability: float
    level: Level
    threshold: float
    signals: Mapping[str, float] = field(default_factory=dict)
    calibration: str = ""
    reasons: tuple[str, ...] = ()

    def __float__(self) -> float:
        return self.probability


@dataclass(frozen=True, slots=True)
class Claim(Record):
    """One side of a conflict: the value a source gives, and the quote that gives it."""

    value: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Conflict(Record):
    """Two or more sources that disagree. `resolution` is the rule that decided, or None."""

    kind: str
    claims: tuple[Claim, ...]
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff(Record):
    """Everything a person needs to take over.

    `summary` is for the person, `message` for the customer; `suggested` is a question that the person may ask
    the customer next.
    """

    question: str
    rewritten: tuple[str, ...]
    history: tuple[Mapping[str, str], ...]
    tried: tuple[str, ...]
    hits: tuple[Hit, ...]
    confidence: Confidence
    reason: str
    topic: str | None
    urgency: Urgency
    lang: str
    summary: str
    message: str = ""
    suggested: str | None = None
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """What is said to the customer, or why nothing is.

    `text` is made of the citations' quotes; it is empty unless `status` is `"answered"`, apart from
    the sentence that asks back or hands over. `clarification` is the question that asks back, `options` what
    the customer may pick from.
    """

    id: str
    question: str
    status: AnswerStatus
    reason: str
    text: str
    citations: tuple[Citation, ...]
    confidence: Confidence
    hits: tuple[Hit, ...]
    conflict: Conflict | None = None
    clarification: str | None = None
    handoff: Handoff | None = None
    lang: str = "pl"
    disclosure: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet(Record):
    """Something an agent can send or open: a ready reply, a paragraph, a link.

    `highlights` are `(start, end)` pairs in `text` that match what was typed.
    """

    id: str
    kind: SnippetKind
    title: str
    text: str
    citation: Citation | None
    score: float
    highlights: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPart(Record):
    """One question found in a message, and its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Draft(Record):
    """A reply to a message with several questions. `coverage` is the share of them answered."""

    id: str
    parts: tuple[DraftPart, ...]
    text: str
    coverage: float


# --- what happened -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision(Record):
    """What a crawl decided about one URL, and why.

    `referrer` is the page that led there, or `"the sitemap"` or `"the last crawl"`. `since` is when a
    page that is kept could first not be read (`stale`) or was first missing; `attempts` counts the
    crawls in a row that found it so.
    """

    url: str
    outcome: Outcome
    reason: str = ""
    referrer: str = ""
    at: datetime | None = None
    since: datetime | None = None
    attempts: int = 0

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Decision:
        """The inverse of `to_dict`."""
        return cls(**{**values, "at": _moment(values["at"]), "since": _moment(values["since"])})


@dataclass(frozen=True, slots=True)
class PageState(Record):
    """A page as a crawl left it, so that the next one can ask whether it changed.

    `lang` is what its text is in, `lang_stated` what it claims. `links` are the paths that it led to on
    its site: a server that says "not modified" does not say where the page links to.
    """

    etag: str = ""
    last_modified: str = ""
    content_hash: str = ""
    modified_at: datetime | None = None
    lang: str = ""
    lang_stated: str = ""
    links: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PageState:
        """The inverse of `to_dict`."""
        return cls(
            **{**values, "modified_at": _moment(values["modified_at"]), "links": tuple(values["links"])}
        )


@dataclass(frozen=True, slots=True)
class IngestReport(Record):
    """What an ingest did: document ids by what happened, and `(url or path, reason)` pairs.

    A crawl also gives its `decisions`, one for each URL that it met, in the order of meeting.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many URLs of a crawl had each outcome, the commonest first."""
        return dict(Counter(decision.outcome for decision in self.decisions).most_common())


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """One step of long work. `total` is None while it is not known."""

    stage: Literal["read", "embed", "publish"]
    done: int
    total: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged(Record):
    """A source's word that a known document is as it was."""

    document_id: str


@dataclass(frozen=True, slots=True)
class Gone(Record):
    """A source's word that a known document is no longer there (404, 410, deleted file)."""

    document_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped(Record):
    """Something passed over on purpose (robots.txt, a duplicate, another host), and why."""

    ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed(Record):
    """Something that could not be read, and why. A known document of that name stays as it was."""

    ref: str
    reason: str


SourceItem = Document | Unchanged | Gone | Skipped | Failed


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """One thing wrong with the knowledge. `id` is stable between runs."""

    id: str
    check: str
    severity: Severity
    documents: tuple[str, ...]
    citations: tuple[Citation, ...]
    message: str
    suggestion: str
