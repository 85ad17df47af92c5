"""The engine that answers, from the parts of a knowledge base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from kbassist.assembly.own import OwnSynonyms
from kbassist.assembly.parts import Parts
from kbassist.assist.engine import Engine
from kbassist.assist.remembering import remembering
from kbassist.catalog import Catalog
from kbassist.confidence.calibration import Calibration
from kbassist.confidence.calibrators import Calibrators, answerable, bundled
from kbassist.index.retriever import HybridRetriever
from kbassist.protocols import IndexReader, LanguageModel
from kbassist.reading.conflicts import ConflictFinder
from kbassist.reading.extract import ExtractiveReader
from kbassist.reading.generate import GeneratingReader
from kbassist.text.analysis import ANALYSIS, TextAnalyzer
from kbassist.text.language import detect
from kbassist.text.lexicon import Lexicons
from kbassist.text.verify import Verifier


def new_engine(
    parts: Parts,
    published: Callable[[], IndexReader | None],
    analyzer: TextAnalyzer,
    lexicons: Lexicons,
    *,
    own: Calibrators | None,
    synonyms: OwnSynonyms,
    source_order: Sequence[str],
    model: LanguageModel | None,
    timeout: float,
) -> Engine:
    """`own` are the calibrators fitted to the knowledge base; `model` words the answers, in `timeout` s."""
    embedder = remembering(parts.embedder) if parts.embedder else None
    configuration = f"{embedder.name if embedder else 'lexical'}/{ANALYSIS}"
    language = partial(detect, lexicons=lexicons)
    reader, verifier = ExtractiveReader(analyzer, embedder), Verifier(analyzer, lexicons)
    writer = GeneratingReader(reader, model, verifier, analyzer, language, timeout=timeout) if model else None
    return Engine(
        retriever=HybridRetriever(analyzer, embedder, language, synonyms=synonyms.current),
        reader=reader,
        analyzer=analyzer,
        language=language,
        published=published,
        calibration=Calibration(bundled(), configuration, own, answerable()),
        dated=partial(_dated, parts.catalog),
        synonyms=synonyms.current,
        conflicts=ConflictFinder(analyzer, parts.catalog.documents, source_order),
        verifier=verifier,
        writer=writer,
    )


def _dated(catalog: Catalog, document_id: str) -> date | None:
    """The day that a document was last changed, or else last read."""
    document = catalog.document(document_id)
    moment = (document.modified_at or document.fetched_at) if document else None
    return moment.date() if moment else None
