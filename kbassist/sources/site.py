"""A web site as a source: crawled within its rules, and brought up to date at little cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from kbassist.errors import InvalidArgumentError, SourceError, UnsafeAddressError
from kbassist.protocols import ProgressCallback
from kbassist.sources.crawl import Crawl, Entrance, is_wanted
from kbassist.sources.fetch import Fetcher, FetchFailure, status_text
from kbassist.sources.page import PageReader
from kbassist.sources.robots import Robots, fetch_robots
from kbassist.sources.state import PageState
from kbassist.sources.urls import Scope, canonical_url, host_of, origin_of
from kbassist.types import Document, SourceItem
