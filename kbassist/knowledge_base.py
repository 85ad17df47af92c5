"""The public object: everything a caller does with a knowledge base."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from kbassist.arguments import (
    LANGUAGES,
    as_asked,
    as_documents,
    as_filter,
    as_seconds,
    as_snippet_kinds,
    as_threshold,
    at_least_one,
    is_later,
    one_of,
    several,
)
from kbassist.assembly import (
    Closed,
    Info,
    OwnSynonyms,
    assemble,
    holding,
    info_of,
    keep_calibrators,
    language_model,
    new_engine,
    own_calibrators,
    warn_when_stale,
)
from kbassist.assist.snippets import typed_with_context
from kbassist.errors import InvalidArgumentError
from kbassist.evaluation.golden import GoldenReport
from kbassist.evaluation.report import ReliabilityReport, report
from kbassist.evaluation.thresholds import ThresholdChoice, choose_threshold
from kbassist.evaluation.what_if import WhatIf, what_if
from kbassist.governance.access import make_filter
from kbassist.governance.log import InteractionLog
from kbassist.index.published import Published
from kbassist.ingest import Intake, why
from kbassist.judging import asked_in_log, fitted, golden_report, judged
from kbassist.protocols import Embedder, ProgressCallback
from kbassist.reading.generate import TIMEOUT
from kbassist.reading.precedence import SOURCE_ORDER, as_source_order
from kbassist.sources import opening
from kbassist.text.analysis import ANALYSIS, TextAnalyzer
from kbassist.text.language import identify
from kbassist.text.lexicon import Lexicons
from kbassist.types import (
    Answer,
    Channel,
    Confidence,
    Decision,
    Document,
    Draft,
    Explanation,
    Hit,
    IngestReport,
    Kind,
    Snippet,
    When,
)

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from kbassist.audit.report import AuditReport

__all__ = ["Info", "KnowledgeBase"]

THRESHOLD = 0.5


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
        order, timeout = as_source_order(source_order), as_seconds(llm_timeout)
        self._lexicons = Lexicons()
        analyzer = TextAnalyzer(self._lexicons)
        self._parts = parts = assemble(
            path,
            analyzer=analyzer.index_terms,
            analysis=ANALYSIS,
            embedder=embedder,
            index_url=index_url,
            catalog_url=catalog_url,
            cache_vectors=cache_vectors,
        )
        self._published = Published(parts.index, parts.catalog.published)
        try:
            self._synonyms = OwnSynonyms(parts.catalog, analyzer)
            self._engine = new_engine(
                parts,
                self._published.reader,
                analyzer,
                self._lexicons,
                own=own_calibrators(parts.folder),
                synonyms=self._synonyms,
                source_order=order,
                model=None if llm is None else language_model(llm, parts.embedder),
                timeout=timeout,
            )
            self._log = InteractionLog(
                parts.catalog,
                keep=log_interactions,
                configuration=self._engine.calibration.configuration,
                language=self._engine.language,
            )
            self._intake = Intake(
                parts.catalog,
                parts.index,
                parts.embedder,
                parts.vector_cache,
                published=self._published.reader,
                holding=partial(holding, parts, threading.Lock()),
                detect=self._engine.language,
                identify=partial(identify, lexicons=self._lexicons),
            )
            warn_when_stale(self._engine.calibration, parts.folder)
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
        site = opening.site(
            url,
            self._lexicons,
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
            audience=make_filter(audience).audience,
            progress=progress,
        )
        return self._intake.crawl(site, later=is_later(vectors), progress=progress)

    def why(self, url: str) -> Decision:
        """What the last crawl, or the one that was interrupted, decided about a URL, and why.

        For a URL that no crawl has met the outcome is `unknown`, and the reason what to do about it.
        """
        return why(self._parts.catalog, url)

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
        one_of("kind", kind, get_args(Kind))
        given = opening.files(
            paths,
            self._lexicons,
            self._intake.known,
            kind=kind,
            audience=make_filter(audience).audience,
            password=password,
        )
        return self._intake.take(given, later=is_later(vectors), progress=progress)

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
        given = opening.replies(path_or_rows)
        return self._intake.take(given, later=is_later(vectors), progress=progress)

    def add(
        self,
        documents: Iterable[Document],
        *,
        vectors: When = "now",
        progress: ProgressCallback | None = None,
    ) -> IngestReport:
        """Add or update documents made by the caller. `vectors` is as in `add_site`."""
        given = opening.Delivery("documents", as_documents(documents))
        return self._intake.take(given, later=is_later(vectors), progress=progress)

    def embed_missing(self, *, progress: ProgressCallback | None = None) -> int:
        """Give passages the vectors that were left for later; returns how many it were.

        They are published step by step, so that search gains by them while the rest is made. It may be
        interrupted at any time: what was made is kept, and the next call goes on from there. Nobody else can
        write meanwhile.
        """
        return self._intake.embed_missing(progress)

    def remove(self, document_ids: Iterable[str]) -> int:
        """Remove documents; returns how many there were."""
        return self._intake.remove(several("document_ids", document_ids))

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
        at_least_one("k", k)
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
        asked = as_asked(question, history, channel, self._limit(threshold), audience, as_of, lang)
        return self._log.answer(self._engine.answer(*asked), channel, asked.where)

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
        asked = as_asked(question, history, channel, self._limit(threshold), audience, as_of, lang)
        # Not a generator itself, so that wrong arguments are told at the call and not at the first sentence.
        return self._log.stream(self._engine.answer_stream(*asked), channel, asked.where)

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
        at_least_one("k", k)
        wanted = as_snippet_kinds(kinds)
        query = typed_with_context(text, tuple(several("context", context)))
        if not query.strip():
            return []
        where = as_filter(audience, None, {"kinds": {"reply"}} if wanted == {"reply"} else {})
        record_id, given = self._engine.snippets(query, where, k, wanted)
        self._log.snippets(record_id, query, given, where)
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
        self._log.draft(draft, message, where)
        return draft

    # --- keeping it right ------------------------------------------------------------------------

    def feedback(self, record_id: str, **signals: Any) -> None:
        """Note what became of an answer, a snippet or a draft: `displayed`, `clicked`, `copied`, `correct`, …

        Raises `InvalidArgumentError` for an id that no record of this knowledge base has.
        """
        self._log.feedback(record_id, signals)

    def set_synonyms(self, groups: str | Path | Iterable[Iterable[str]]) -> None:
        """Groups of words and phrases that mean the same here: `[["zwrot", "oddanie", "odesłanie"], …]`, or a
        text file with one group a line, parted by commas or semicolons.

        They take the place of those set before; an empty list takes them away. Nothing is indexed again: the
        next search has them. Other processes take them when they open the knowledge base again. Raises
        `InvalidArgumentError` that names the group or the line which is wrong.
        """
        self._synonyms.set(groups)

    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """The groups that `set_synonyms` was given last."""
        return self._synonyms.groups()

    def calibrate(self, labelled: Iterable[Mapping[str, Any]]) -> str:
        """Fit the confidence to your own questions; returns the name of the new calibrator.

        Each row has `question` and `correct`: whether this knowledge base answers it rightly (True, 1, "yes",
        "tak", …), and perhaps the `answer` that was judged: a row whose answer is not today's is left out.
        It takes at least 50 rows, right and wrong ones among them. The calibrator is kept in the folder, with
        the outcomes but without the questions; `info().fitted` tells what it was fitted on.
        """
        own = fitted(labelled, self._engine)
        keep_calibrators(own, self._parts.folder)
        self._engine = replace(self._engine, calibration=replace(self._engine.calibration, own=own))
        return own.name

    def threshold_for(
        self, precision: float = 0.95, *, labelled: Iterable[Mapping[str, Any]] | None = None
    ) -> ThresholdChoice:
        """The least threshold at which so large a share of the judged answers is right, and how sure that is.

        Judged are the rows of `labelled`, as `calibrate` takes them; where they are omitted, those that
        `calibrate` was given last (each with the probability that a fit without it gives) and the answers
        that `feedback(id, correct=…)` spoke of. The choice is a threshold for `answer` and the others.
        """
        before, logged = judged(labelled, self._engine, self._log.since)
        return choose_threshold([*before, *logged], as_threshold(precision, "precision"))

    def what_if(self, threshold: float, *, since: datetime | None = None) -> WhatIf:
        """What another threshold would have done to the logged questions: answered, asked back, handed over,
        and how many answers right; altogether, by day, language and topic.
        """
        asked, left_out = asked_in_log(self._log.since(since), self._engine.calibration)
        return what_if(asked, as_threshold(threshold), left_out=left_out)

    def reliability(
        self, labelled: Iterable[Mapping[str, Any]] | None = None, *, lang: str = "pl"
    ) -> ReliabilityReport:
        """Did 80 % mean 80 of 100? The table, the measures and the curves, altogether and by language.

        Judged answers come from where `threshold_for` has them. `lang` is the language of the report's page.
        Raises `InvalidArgumentError` when no answer was judged.
        """
        one_of("lang", lang, LANGUAGES)
        before, logged = judged(labelled, self._engine, self._log.since)
        return report(before, logged, calibration=self._engine.calibration.name, lang=lang)

    def evaluate(
        self, golden: Iterable[Mapping[str, Any]], *, threshold: float | None = None
    ) -> GoldenReport:
        """Answer your own questions and compare.

        Each row has `question` and `answer`: text that a right quote holds, a list of such texts, or None for
        a question that must not be answered.
        """
        return golden_report(golden, self._engine, self._limit(threshold))

    def audit(
        self, *, checks: Iterable[str] | None = None, since: datetime | None = None, lang: str = "pl"
    ) -> AuditReport:
        """What is wrong with the knowledge: contradictions, what is out of date, duplicates, gaps, poor text.

        `checks` names some of them. `since` limits the logged questions that gaps are looked for in.
        """
        from kbassist.audit.gathering import gather
        from kbassist.audit.run import run_audit

        material = gather(
            self._parts.catalog,
            self._published.reader(),
            self._log.since(since),
            analyze=self._engine.analyzer,
            lang=lang,
        )
        return run_audit(material, checks)

    def info(self) -> Info:
        """Counts, and what the knowledge base was made with."""
        return info_of(self._parts, self._published.reader(), self._engine.calibration)

    def close(self) -> None:
        """Release the files. The object cannot be used afterwards: its calls raise `KnowledgeBaseError`."""
        self._published.close()
        self._parts.close()
        gone: Any = Closed(self._parts.where)
        self._parts = self._published = self._synonyms = self._engine = self._log = self._intake = gone

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _limit(self, threshold: float | None) -> float:
        return self._threshold if threshold is None else as_threshold(threshold)
