"""The public object: everything a caller does with a knowledge base."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, get_args

from kbassist.arguments import (
    as_documents,
    as_filter,
    as_labelled,
    as_seconds,
    as_text,
    as_threshold,
    as_turns,
    one_of,
    several,
)
from kbassist.assembly import MEMORY, assemble, holding, language_model
from kbassist.assist.engine import Engine
from kbassist.assist.remembering import remembering
from kbassist.assist.snippets import KINDS, typed_with_context
from kbassist.confidence.adapting import adapt
from kbassist.confidence.calibration import Calibration
from kbassist.confidence.calibrators import Calibrators, answerable, bundled, load
from kbassist.errors import InvalidArgumentError, StaleCalibratorWarning
from kbassist.evaluation.golden import GoldenReport, judge
from kbassist.evaluation.report import ReliabilityReport, report
from kbassist.evaluation.thresholds import Judged, ThresholdChoice, choose_threshold
from kbassist.evaluation.what_if import WhatIf, what_if
from kbassist.governance.access import make_filter
from kbassist.governance.interactions import (
    Interaction,
    InteractionKind,
    interaction_from_dict,
    record_from_answer,
    record_query,
)
from kbassist.governance.personal_data import redact
from kbassist.index.published import Published
from kbassist.index.retriever import HybridRetriever
from kbassist.ingest import Ingest, Vectors, fill
from kbassist.judging import Examined, asked_in_log, judged_before, judged_in_log, judged_labels, labels
from kbassist.passages import passages
from kbassist.protocols import Embedder, IndexReader, ProgressCallback
from kbassist.reading.conflicts import ConflictFinder
from kbassist.reading.extract import ExtractiveReader
from kbassist.reading.generate import TIMEOUT, GeneratingReader
from kbassist.reading.precedence import SOURCE_ORDER, as_source_order
from kbassist.text.analysis import ANALYSIS, TextAnalyzer, words
from kbassist.text.language import detect, identify
from kbassist.text.lexicon import Lexicons
from kbassist.text.synonyms import Synonyms, read_synonyms
from kbassist.text.verify import Verifier
from kbassist.types import (
    Answer,
    Channel,
    Confidence,
    Decision,
    Document,
    Draft,
    Explanation,
    Hit,
    IndexEntry,
    IngestReport,
    Kind,
    PassageFilter,
    Progress,
    Snippet,
    SourceItem,
    When,
)

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from kbassist.audit.report import AuditReport

LANGUAGES = ("pl", "en")
THRESHOLD = 0.5
_CALIBRATOR = "calibrator.json"


@dataclass(frozen=True, slots=True)
class Info:
    """What a knowledge base holds and was made with."""

    path: str
    documents: int
    passages: int
    generation: str | None
    engine: str | None
    model: str | None
    analysis: str
    calibration: str
    fitted: Mapping[str, Any]
    """What the calibrator was fitted on: how many labels, how many right, …"""
    stale: str
    """Why the knowledge base's own calibrator is not used; empty when it is, or when it has none."""
    waiting: int
    """Passages that have no vector yet: `embed_missing` gives them theirs."""


class KnowledgeBase:
    """A company's approved texts, searchable and quotable. Safe to use from several threads.

    One process writes at a time; any number read, and move to what was published last by themselves.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        index_url: str | None = None,
        catalog_url: str | None = None,
        embedder: Embedder | Literal["bundled"] | None = "bundled",
        threshold: float = THRESHOLD,
        log_interactions: bool = True,
        cache_vectors: bool = True,
        source_order: Sequence[str] = SOURCE_ORDER,
        llm: LLM | None = None,
        llm_timeout: float = TIMEOUT,
    ) -> None:
        """Open the folder `path`, creating it when it is missing; `":memory:"` keeps nothing on disk.

        `index_url` puts the passages into a Qdrant server, `catalog_url` the catalog into another database.
        `embedder=None` makes a lexical knowledge base, without vectors. `threshold` is the least confidence
        to answer with (0..1, or a percentage above 1).

        Vectors are kept in the user's cache folder too, by the embedder's name and a hash of the text: no
        knowledge base of this user embeds a text twice. `cache_vectors=False` leaves that cache alone.

        `source_order` names sorts of sources, highest first, for answers whose sources disagree: `"act"`,
        `"regulation"`, `"page"`, `"pdf"`, `"faq"`, `"post"`, `"reply"`.

        `llm`, any `LLM` of llama-index, words the answers. Of what it writes only those sentences are given
        that the passages support; where it fails, or has not finished after `llm_timeout` seconds, the quotes
        are.

        Raises `NotAKnowledgeBaseError` for a folder that holds something else, `IndexMismatchError` for one
        made with another model.
        """
        self._threshold = as_threshold(threshold)
        self._source_order = as_source_order(source_order)
        self._lexicons = Lexicons()
        self._analyzer = TextAnalyzer(self._lexicons)
        self._verifier = Verifier(self._analyzer, self._lexicons)
        self._identify = partial(identify, lexicons=self._lexicons)
        self._parts = assemble(
            path,
            analyzer=self._analyzer.index_terms,
            analysis=ANALYSIS,
            embedder=embedder,
            index_url=index_url,
            catalog_url=catalog_url,
            cache_vectors=cache_vectors,
        )
        self._published = Published(self._parts.index, self._parts.catalog.published)
        self._log_interactions = log_interactions
        self._llm_timeout = as_seconds(llm_timeout)
        self._model = None if llm is None else language_model(llm, self._parts.embedder)
        self._writing = threading.Lock()
        try:
            self._synonyms = self._read_synonyms()
            self._engine = self._new_engine(self._load_calibrator())
            self._warn_of_a_stale_calibrator()
            self._published.reader()
        except BaseException:
            self.close()
            raise

    # --- taking in -----------------------------------------------------------------------------

    def add_site(
        self,
        url: str,
        *,
        max_pages: int | None = None,
        max_depth: int | None = None,
        max_bytes: int = 25_000_000,
        allow_private: bool = False,
        delay: float | None = None,
        concurrency: int = 4,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        render: Literal["auto", "never"] = "auto",
        remove_after: int = 2,
        audience: Iterable[str] | None = None,
        vectors: When = "now",
        progress: ProgressCallback | None = None,
    ) -> IngestReport:
        """Crawl the site that `url` belongs to; run again to bring it up to date, or to go on.

        Only pages of the same host are read, as robots.txt allows: at most `max_pages` that give text, at
        most `max_depth` links away from `url`, none larger than `max_bytes`. `allow_private` permits
        addresses of a private network or of this machine. `delay` is the pause between requests in
        seconds, `concurrency` the most of them at a time. `headers` and `cookies` open a site behind a login
        and are sent to its host alone. Pages whose text appears only when scripts run are rendered by an
        installed Chromium (extra `browser`) unless `render` is `"never"`. A page that answers 404 in
        `remove_after` crawls in a row is removed, one that answers 410 at once; one that fails in any other
        way stays. `audience` labels who may see the pages (everybody when omitted); it holds for the whole
        site, whatever an earlier crawl of it said.

        `vectors="later"` makes the pages searchable by their words and leaves the vectors to `embed_missing`.

        The report's `decisions` say what became of each URL. Raises `SourceError` when the site cannot be
        reached at all; a page that fails is in the report.
        """
        from kbassist.sources.ocr import find_ocr
        from kbassist.sources.pdf import read_pdf
        from kbassist.sources.regulation import structure
        from kbassist.sources.web.site import SiteSource
        from kbassist.sources.web.urls import site_name

        key = f"site:{site_name(url)}"
        labels = make_filter(audience).audience
        log = self._parts.catalog.crawl_log(key)
        with holding(self._parts, self._writing):
            source = SiteSource(
                url,
                max_pages=max_pages,
                max_depth=max_depth,
                max_bytes=max_bytes,
                allow_private=allow_private,
                delay=delay,
                concurrency=concurrency,
                include=include,
                exclude=exclude,
                headers=headers,
                cookies=cookies,
                render=render,
                remove_after=remove_after,
                audience=labels,
                known=self._parts.catalog.documents(list(self._parts.catalog.hashes(source=key))),
                log=log,
                read_pdf=partial(read_pdf, ocr=find_ocr(), lexicons=self._lexicons),
                structure=structure,
                identify=self._identify,
                progress=progress,
            )
            # The source tells how far it has read, which is more than the documents that come out.
            ingest = self._new_ingest(_without_reading(progress or _ignore), vectors)
            report = ingest.run(source.read(), key, whole=False)
            return replace(report, decisions=log.finish())

    def why(self, url: str) -> Decision:
        """What the last crawl, or the one that was interrupted, decided about a URL, and why.

        For a URL that no crawl has met the outcome is `unknown`, and the reason what to do about it.
        """
        from kbassist.sources.web.urls import site_name, spellings

        catalog = self._parts.catalog
        found = catalog.decisions(spellings(url))
        if found:
            return found[0]
        if catalog.document(url) is not None:
            return Decision(url, "fetched", "added as a document, not by a crawl")
        site = site_name(url)
        if catalog.crawl_log(f"site:{site}").crawled():
            cure = "link to it, name it in a sitemap, or begin a crawl there"
            return Decision(url, "unknown", f"no page of {site} links to it and no sitemap names it: {cure}")
        return Decision(url, "unknown", f"{site} was never crawled: crawl it first")

    def add_files(
        self,
        paths: str | Path | Iterable[str | Path],
        *,
        kind: Kind | None = None,
        audience: Iterable[str] | None = None,
        password: str | None = None,
        vectors: When = "now",
        progress: ProgressCallback | None = None,
    ) -> IngestReport:
        """Read PDF, DOCX, ODT, HTML, Markdown and text files, or folders of them. Regulations are recognised.

        JSON exports of help-centre articles (Zendesk Guide) are read too, each article as a document.
        `audience` labels who may see them (everybody when omitted), `password` opens encrypted PDFs. Run it
        again to bring a folder up to date: a file that did not change is not read, one that has gone is
        removed. `vectors` is as in `add_site`.

        Raises `SourceError` when none of the paths can be read; a file that fails is in the report.
        """
        from kbassist.sources.files import FileSource
        from kbassist.sources.ocr import find_ocr

        one_of("kind", kind, get_args(Kind))
        named = [paths] if isinstance(paths, str | Path) else list(paths)
        key = "files:" + "|".join(sorted(str(path) for path in named))
        known = self._parts.catalog.documents(list(self._parts.catalog.hashes(source=key)))
        source = FileSource(
            named,
            kind=kind,
            audience=make_filter(audience, kinds=kind and {kind}).audience,
            password=password,
            ocr=find_ocr(),
            lexicons=self._lexicons,
            known={document.id: str(document.meta.get("content_hash", "")) for document in known},
        )
        return self._ingest(source.read(), key, whole=True, vectors=vectors, progress=progress)

    def add_replies(
        self,
        path_or_rows: str | Path | Iterable[Mapping[str, Any]],
        *,
        vectors: When = "now",
        progress: ProgressCallback | None = None,
    ) -> IngestReport:
        """Read ready replies from a CSV file, a JSON export (Zendesk macros, Freshdesk canned responses), or
        rows with a title and a text.

        Replies that have gone from the file since the last run are removed. `vectors` is as in `add_site`.

        Raises `SourceError` when the file cannot be read or lacks the columns.
        """
        from kbassist.sources.replies import ReplySource

        is_file = isinstance(path_or_rows, str | Path)
        key = f"replies:{path_or_rows}" if is_file else "replies"
        items = ReplySource(path_or_rows).read()
        return self._ingest(items, key, whole=is_file, vectors=vectors, progress=progress)

    def add(
        self,
        documents: Iterable[Document],
        *,
        vectors: When = "now",
        progress: ProgressCallback | None = None,
    ) -> IngestReport:
        """Add or update documents made by the caller. `vectors` is as in `add_site`."""
        items = as_documents(documents)
        return self._ingest(items, "documents", whole=False, vectors=vectors, progress=progress)

    def embed_missing(self, *, progress: ProgressCallback | None = None) -> int:
        """Give passages the vectors that were left for later; returns how many it were.

        They are published step by step, so that search gains by them while the rest is made. It may be
        interrupted at any time: what was made is kept, and the next call goes on from there. Nobody else can
        write meanwhile.
        """
        parts = self._parts
        with holding(parts, self._writing):
            return fill(
                parts.catalog, parts.index, self._published.reader, self._vectors, progress or _ignore
            )

    def remove(self, document_ids: Iterable[str]) -> int:
        """Remove documents; returns how many there were."""
        ids = several("document_ids", document_ids)
        with holding(self._parts, self._writing):
            return len(self._new_ingest(_ignore).remove(ids).removed)

    # --- finding -------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        audience: Iterable[str] | None = None,
        as_of: date | None = None,
        **filters: Any,
    ) -> list[Hit]:
        """The best `k` passages that `audience` may see and that are in force on `as_of`.

        `filters` are `langs`, `kinds`, `document_ids` and `statuses`, each a set.
        """
        if k < 1:
            raise InvalidArgumentError(f"k is {k}: it must be 1 or more")
        return list(self._engine.search(query, as_filter(audience, as_of, filters), k).hits)

    def explain(
        self,
        query: str,
        passage_id: str,
        *,
        audience: Iterable[str] | None = None,
        as_of: date | None = None,
    ) -> Explanation:
        """Why a passage (`Hit.passage.id`) has its score for a query: by its parts, by words, and as text.

        Raises `InvalidArgumentError` for an id that no passage has which `audience` may see on `as_of`.
        """
        explanation = self._engine.explain(query, passage_id, make_filter(audience, as_of))
        if explanation is None:
            raise InvalidArgumentError(
                f"No passage {passage_id!r} may be seen: give the passage.id of a hit of search(), with the "
                "same audience and as_of"
            )
        return explanation

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Mapping[str, str]] = (),
        channel: Channel = "chat",
        threshold: float | None = None,
        audience: Iterable[str] | None = None,
        as_of: date | None = None,
        lang: str | None = None,
    ) -> Answer:
        """The sentences that answer, quoted; below `threshold` a question that asks back, or a handoff.

        `channel` decides how `Answer.text` is put: `"chat"` short, `"email"` as a letter with the sources
        named, `"voice"` to be spoken; the citations are the same. Give the question that asked back, and the
        reply to it, in `history`: the first question is then answered with that detail.
        """
        one_of("lang", lang, LANGUAGES)
        one_of("channel", channel, get_args(Channel))
        where, turns = make_filter(audience, as_of), as_turns(history)
        answer = self._engine.answer(
            as_text("question", question), turns, where, self._limit(threshold), lang, channel
        )
        self._log_answer(answer, channel, where)
        return answer

    def answer_stream(
        self,
        question: str,
        *,
        history: Sequence[Mapping[str, str]] = (),
        channel: Channel = "chat",
        threshold: float | None = None,
        audience: Iterable[str] | None = None,
        as_of: date | None = None,
        lang: str | None = None,
    ) -> Iterator[str | Answer]:
        """What `answer` gives, sentence by sentence as the language model writes them, and the `Answer` last.

        A sentence comes when it has been checked, and none is taken back. Without a language model, and where
        the confidence is below `threshold`, only the answer comes.
        """
        one_of("lang", lang, LANGUAGES)
        one_of("channel", channel, get_args(Channel))
        where, turns = make_filter(audience, as_of), as_turns(history)
        sentences = self._engine.answer_stream(
            as_text("question", question), turns, where, self._limit(threshold), lang, channel
        )

        # A generator of its own, so that wrong arguments are told at the call and not at the first sentence.
        def told() -> Iterator[str | Answer]:
            answer = yield from sentences
            self._log_answer(answer, channel, where)
            yield answer

        return told()

    def suggest_snippets(
        self,
        text: str,
        *,
        context: Sequence[str] = (),
        k: int = 5,
        kinds: Iterable[str] | None = None,
        audience: Iterable[str] | None = None,
    ) -> list[Snippet]:
        """Ready replies, paragraphs and links for what an agent is typing, best first.

        `context` holds the conversation's last messages, oldest first. `kinds` restricts to `"reply"`,
        `"paragraph"` or `"link"`.
        """
        wanted = frozenset(KINDS if kinds is None else several("kinds", kinds))
        if unknown := sorted(wanted - set(KINDS)):
            raise InvalidArgumentError(f"kinds holds {unknown[0]!r}: choose from {', '.join(KINDS)}")
        if k < 1:
            raise InvalidArgumentError(f"k is {k}: it must be 1 or more")
        query = typed_with_context(text, tuple(several("context", context)))
        if not query.strip():
            return []
        where = as_filter(audience, None, {"kinds": {"reply"}} if wanted == {"reply"} else {})
        record_id, given = self._engine.snippets(query, where, k, wanted)
        cited = (item.citation.document_id for item in given if item.citation)
        self._log_query("snippets", record_id, query, where, cited)
        return given

    def confidence(
        self,
        question: str,
        answer: str | None = None,
        *,
        audience: Iterable[str] | None = None,
        as_of: date | None = None,
    ) -> Confidence:
        """How likely the knowledge base answers the question rightly; or that `answer`, written by somebody
        else, is supported by it.
        """
        return self._engine.confidence(question, answer, make_filter(audience, as_of), self._threshold)

    def draft_reply(
        self,
        message: str,
        *,
        threshold: float | None = None,
        audience: Iterable[str] | None = None,
        tone: Literal["polite", "plain"] | None = None,
    ) -> Draft:
        """A reply to a message that may ask several things: each question is answered by itself.

        `tone="plain"` leaves out the greeting and the closing.
        """
        where = make_filter(audience)
        draft = self._engine.draft(message, where, self._limit(threshold), tone)
        cited = (item.document_id for part in draft.parts for item in part.answer.citations)
        self._log_query("draft", draft.id, message, where, cited)
        for part in draft.parts:
            self._log_answer(part.answer, None, where)
        return draft

    # --- keeping it right ------------------------------------------------------------------------

    def feedback(self, record_id: str, **signals: Any) -> None:
        """Note what became of an answer, a snippet or a draft: `displayed`, `clicked`, `copied`, `correct`, …

        Raises `InvalidArgumentError` for an id that no record of this knowledge base has.
        """
        if not signals:
            raise InvalidArgumentError("feedback needs at least one signal, such as correct=True")
        base, _, item = record_id.partition(".")
        noted = {name: redact(value) if isinstance(value, str) else value for name, value in signals.items()}
        noted |= {"item": record_id} if item else {}
        if not self._parts.catalog.add_feedback(base, datetime.now(UTC), noted):
            raise InvalidArgumentError(
                f"No record has the id {record_id!r}: give the id of an answer, a snippet or a draft, from a "
                "knowledge base that logs its interactions"
            )

    def set_synonyms(self, groups: str | Path | Iterable[Iterable[str]]) -> None:
        """Groups of words and phrases that mean the same here: `[["zwrot", "oddanie", "odesłanie"], …]`, or a
        text file with one group a line, parted by commas or semicolons.

        They take the place of those set before; an empty list takes them away. Nothing is indexed again: the
        next search has them. Other processes take them when they open the knowledge base again. Raises
        `InvalidArgumentError` that names the group or the line which is wrong.
        """
        self._parts.catalog.set_synonyms(read_synonyms(groups))
        self._synonyms = self._read_synonyms()

    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """The groups that `set_synonyms` was given last."""
        return self._parts.catalog.synonyms()

    def calibrate(self, labelled: Iterable[Mapping[str, Any]]) -> str:
        """Fit the confidence to your own questions; returns the name of the new calibrator.

        Each row has `question` and `correct`: whether this knowledge base answers it rightly (True, 1, "yes",
        "tak", …), and perhaps the `answer` that was judged: a row whose answer is not today's is left out.
        It takes at least 50 rows, right and wrong ones among them. The calibrator is kept in the folder, with
        the outcomes but without the questions; `info().fitted` tells what it was fitted on.
        """
        kept, left_out = labels(as_labelled(labelled), self._examine)
        name = f"tenant-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        fitted = adapt(self._engine.calibration, kept, name=name, left_out=len(left_out))
        if self._parts.folder is not None:
            fitted.save(self._parts.folder / _CALIBRATOR)
        self._engine = self._new_engine(fitted)
        return fitted.name

    def threshold_for(
        self, precision: float = 0.95, *, labelled: Iterable[Mapping[str, Any]] | None = None
    ) -> ThresholdChoice:
        """The least threshold at which so large a share of the judged answers is right, and how sure that is.

        Judged are the rows of `labelled`, as `calibrate` takes them; where they are omitted, those that
        `calibrate` was given last (each with the probability that a fit without it gives) and the answers
        that `feedback(id, correct=…)` spoke of. The choice is a threshold for `answer` and the others.
        """
        judged, logged = self._judged(labelled)
        return choose_threshold([*judged, *logged], as_threshold(precision, "precision"))

    def what_if(self, threshold: float, *, since: datetime | None = None) -> WhatIf:
        """What another threshold would have done to the logged questions: answered, asked back, handed over,
        and how many answers right; altogether, by day, language and topic.
        """
        asked, left_out = asked_in_log(self._logged(since), self._engine.calibration)
        return what_if(asked, as_threshold(threshold), left_out=left_out)

    def reliability(
        self, labelled: Iterable[Mapping[str, Any]] | None = None, *, lang: str = "pl"
    ) -> ReliabilityReport:
        """Did 80 % mean 80 of 100? The table, the measures and the curves, altogether and by language.

        Judged answers come from where `threshold_for` has them. `lang` is the language of the report's page.
        Raises `InvalidArgumentError` when no answer was judged.
        """
        one_of("lang", lang, LANGUAGES)
        judged, logged = self._judged(labelled)
        return report(judged, logged, calibration=self._engine.calibration.name, lang=lang)

    def evaluate(
        self, golden: Iterable[Mapping[str, Any]], *, threshold: float | None = None
    ) -> GoldenReport:
        """Answer your own questions and compare.

        Each row has `question` and `answer`: text that a right quote holds, a list of such texts, or None for
        a question that must not be answered.
        """
        limit, where = self._limit(threshold), make_filter()
        return judge(
            (
                row["question"],
                row.get("answer"),
                self._engine.answer(row["question"], (), where, 0.0),
                limit,
            )
            for row in golden
        )

    def audit(
        self, *, checks: Iterable[str] | None = None, since: datetime | None = None, lang: str = "pl"
    ) -> AuditReport:
        """What is wrong with the knowledge: contradictions, what is out of date, duplicates, gaps, poor text.

        `checks` names some of them. `since` limits the logged questions that gaps are looked for in.
        """
        from kbassist.audit.material import AuditInput
        from kbassist.audit.run import run_audit

        documents = list(self._parts.catalog.documents())
        reader = self._published.reader()
        ids = list(self._parts.catalog.passages([document.id for document in documents]))
        logged = self._parts.catalog.interactions(since)
        material = AuditInput(
            documents=documents,
            today=date.today(),
            analyze=self._analyzer,
            entries=reader.entries(ids) if reader else (),
            questions=[interaction_from_dict(record) for record in logged],
            troubled=self._parts.catalog.decisions_in_trouble(),
            lang="pl" if lang == "pl" else "en",
        )
        return run_audit(material, checks)

    def info(self) -> Info:
        """Counts, and what the knowledge base was made with."""
        reader = self._published.reader()
        manifest = reader.manifest if reader else None
        embedder = self._parts.embedder
        return Info(
            path=str(self._parts.folder or MEMORY),
            documents=self._parts.catalog.document_count(),
            passages=manifest.passages if manifest else 0,
            generation=manifest.generation if manifest else None,
            engine=manifest.engine if manifest else None,
            model=embedder.name if embedder else None,
            analysis=ANALYSIS,
            calibration=self._engine.calibration.name,
            fitted=dict(self._engine.calibration.calibrator("").provenance),
            stale=self._engine.calibration.stale,
            waiting=self._parts.catalog.waiting_count(),
        )

    def close(self) -> None:
        """Release the files. The object cannot be used afterwards."""
        self._published.close()
        self._parts.index.close()
        if self._parts.vector_cache is not None:
            self._parts.vector_cache.close()
        self._parts.catalog.close()

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- inside ------------------------------------------------------------------------------------

    def _ingest(
        self,
        items: Iterable[SourceItem],
        source: str,
        *,
        whole: bool,
        vectors: When,
        progress: ProgressCallback | None,
    ) -> IngestReport:
        with holding(self._parts, self._writing):
            ingest = self._new_ingest(progress or _ignore, vectors)
            return ingest.run(map(self._in_a_language, items), source, whole=whole)

    def _in_a_language(self, item: SourceItem) -> SourceItem:
        if isinstance(item, Document) and item.lang is None:
            return replace(item, lang=self._identify(item.text))
        return item

    def _new_ingest(self, progress: ProgressCallback, vectors: When = "now") -> Ingest:
        one_of("vectors", vectors, get_args(When))
        reader = self._published.reader()
        return Ingest(
            self._parts.catalog,
            self._parts.index,
            self._vectors(reader),
            self._cut,
            reader=reader,
            progress=progress,
            later=vectors == "later",
        )

    def _vectors(self, reader: IndexReader | None) -> Vectors | None:
        parts = self._parts
        if parts.embedder is None:
            return None
        return Vectors(parts.catalog, parts.embedder, reader=reader, cache=parts.vector_cache)

    def _cut(self, document: Document) -> list[IndexEntry]:
        return passages(
            document, count_tokens=self._count_tokens, detect=self._language, identify=self._identify
        )

    def _new_engine(self, own: Calibrators | None) -> Engine:
        embedder = remembering(self._parts.embedder) if self._parts.embedder else None
        configuration = f"{embedder.name if embedder else 'lexical'}/{ANALYSIS}"
        reader = ExtractiveReader(self._analyzer, embedder)
        return Engine(
            retriever=HybridRetriever(
                self._analyzer, embedder, self._language, synonyms=lambda: self._synonyms
            ),
            reader=reader,
            analyzer=self._analyzer,
            language=self._language,
            published=self._published.reader,
            calibration=Calibration(bundled(), configuration, own, answerable()),
            dated=self._dated,
            synonyms=lambda: self._synonyms,
            conflicts=ConflictFinder(self._analyzer, self._parts.catalog.documents, self._source_order),
            verifier=self._verifier,
            writer=self._new_writer(reader),
        )

    def _new_writer(self, reader: ExtractiveReader) -> GeneratingReader | None:
        if self._model is None:
            return None
        return GeneratingReader(
            reader, self._model, self._verifier, self._analyzer, self._language, timeout=self._llm_timeout
        )

    def _read_synonyms(self) -> Synonyms | None:
        groups = self._parts.catalog.synonyms()
        return Synonyms(groups, self._analyzer) if groups else None

    def _load_calibrator(self) -> Calibrators | None:
        own = self._parts.folder / _CALIBRATOR if self._parts.folder else None
        return load(own) if own and own.exists() else None

    def _warn_of_a_stale_calibrator(self) -> None:
        calibration = self._engine.calibration
        if calibration.stale:
            warnings.warn(
                f"The calibrator of {self._parts.folder} is stale: {calibration.stale}. It is not used; run "
                "calibrate() again with your labelled questions",
                StaleCalibratorWarning,
                stacklevel=3,
            )

    def _dated(self, document_id: str) -> date | None:
        """The day that a document was last changed, or else last read."""
        document = self._parts.catalog.document(document_id)
        moment = (document.modified_at or document.fetched_at) if document else None
        return moment.date() if moment else None

    def _examine(self, question: str) -> Examined:
        return Examined(*self._engine.examine(question, make_filter()))

    def _judged(self, labelled: Iterable[Mapping[str, Any]] | None) -> tuple[list[Judged], list[Judged]]:
        """Of labelled questions, and of the log where none are given."""
        calibration = self._engine.calibration
        if labelled is not None:
            return judged_labels(labels(as_labelled(labelled), self._examine)[0], calibration), []
        return judged_before(calibration), judged_in_log(self._logged(), calibration)

    def _logged(self, since: datetime | None = None) -> Iterator[Interaction]:
        return map(interaction_from_dict, self._parts.catalog.interactions(since))

    def _limit(self, threshold: float | None) -> float:
        return self._threshold if threshold is None else as_threshold(threshold)

    def _language(self, text: str) -> str:
        return detect(text, self._lexicons)

    @property
    def _count_tokens(self) -> Callable[[Sequence[str]], list[int]]:
        embedder = self._parts.embedder
        return embedder.count_tokens if embedder else _count_words

    def _log_answer(self, answer: Answer, channel: Channel | None, where: PassageFilter) -> None:
        self._log(
            record_from_answer(
                answer,
                at=datetime.now(UTC),
                channel=channel,
                audience=where.audience,
                configuration=self._engine.calibration.configuration,
            )
        )

    def _log_query(
        self,
        kind: InteractionKind,
        record_id: str,
        text: str,
        where: PassageFilter,
        cited: Iterable[str],
    ) -> None:
        self._log(
            record_query(
                kind,
                record_id,
                text,
                at=datetime.now(UTC),
                lang=self._language(text),
                channel=None,
                audience=where.audience,
                document_ids=dict.fromkeys(cited),
            )
        )

    def _log(self, interaction: Interaction) -> None:
        if self._log_interactions:
            self._parts.catalog.log(interaction.id, interaction.at, interaction.to_dict())


def _count_words(texts: Sequence[str]) -> list[int]:
    """Roughly the tokens of a Polish text, for a knowledge base without a model."""
    return [round(1.6 * len(words(text))) for text in texts]


def _without_reading(progress: ProgressCallback) -> ProgressCallback:
    def told(step: Progress) -> None:
        if step.stage != "read":
            progress(step)

    return told


def _ignore(_: Progress) -> None:
    """For callers who do not watch."""
