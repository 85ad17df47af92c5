"""What is known, what was crawled, what was asked."""

from kbassist.catalog.crawl_log import CatalogCrawlLog
from kbassist.catalog.store import (
    Catalog,
    DocumentRow,
    PassageRow,
    Publication,
    document_hash,
    passage_row,
)

__all__ = [
    "Catalog",
    "CatalogCrawlLog",
    "DocumentRow",
    "PassageRow",
    "Publication",
    "document_hash",
    "passage_row",
]
