"""What several test files share: the example company's site, the lexicons, an embedder that keeps count."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from kbassist.errors import KBAssistError
from kbassist.protocols import Matrix
from kbassist.sources.ocr import Tesseract
from kbassist.sources.web.browser import browser_available
from kbassist.testing import HashEmbedder
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.lexicon import Lexicons

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
sys.path.insert(0, str(EXAMPLES))  # examples are scripts that stand side by side, not a package

# How long one example takes says nothing on a machine that does other things too.
settings.register_profile("kbassist", deadline=None)
settings.load_profile("kbassist")


class CountingEmbedder(HashEmbedder):
    """Keeps every text that it was asked to embed as a passage."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        self.embedded.extend(texts)
        return super().embed_passages(texts)


@pytest.fixture(scope="session", autouse=True)
def _no_vectors_of_other_tests() -> Iterator[None]:
    """All tests share the user's cache folder; what they embed must not depend on one another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KBASSIST_VECTOR_CACHE_MB", "0")
        yield


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture(scope="session")
def lexicons() -> Lexicons:
    return Lexicons()


@pytest.fixture(scope="session")
def analyzer(lexicons: Lexicons) -> TextAnalyzer:
    return TextAnalyzer(lexicons)


@pytest.fixture(scope="session")
def company() -> Path:
    """The folder of the example company."""
    return EXAMPLES / "company"


@pytest.fixture(scope="session")
def company_url() -> Iterator[str]:
    """Where the example company's site answers."""
    from serve_company import serve

    with serve() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> None:
    """Skips what needs a browser where there is none, or fails where `KBASSIST_REQUIRE_BROWSER` is 1."""
    if reason := browser_available():
        _lacking(reason, "KBASSIST_REQUIRE_BROWSER")


@pytest.fixture(scope="session")
def tesseract() -> None:
    """Skips what needs text recognition where there is none, or fails where `KBASSIST_REQUIRE_OCR` is 1."""
    try:
        Tesseract()
    except KBAssistError as error:
        _lacking(str(error), "KBASSIST_REQUIRE_OCR")


def _lacking(reason: str, variable: str) -> None:
    if os.environ.get(variable) == "1":
        pytest.fail(reason)
    pytest.skip(reason)
