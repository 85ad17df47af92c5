"""Text recognition by Tesseract, for the pages of a PDF that are pictures (`pip install 'kbassist[ocr]'`)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kbassist.errors import MissingExtraError, SourceError

DOTS_PER_INCH = 300


@dataclass(frozen=True, slots=True)
class Recognised:
    """A word found in a picture: its edges in dots from the upper left corner, and its line's number."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: int


Ocr = Callable[[bytes], Sequence[Recognised]]
"""From a picture (a grey PGM file) to the words in it, line by line. Raises `SourceError`."""

LANGUAGES = ("pol", "eng")
CURE = "pip install 'kbassist[ocr]' and apt install tesseract-ocr tesseract-ocr-pol"
_SECONDS = 60.0
_LEAST_CONFIDENCE = 30.0  # of 100; what is below are specks and lines taken for letters


class Tesseract:
    """The `tesseract` program, a process for each page. Safe to call from several threads and to pickle."""

    def __init__(self, *, seconds: float = _SECONDS) -> None:
        """Give up on a page after `seconds`.

        Raises `MissingExtraError` without the extra `ocr`, `SourceError` without the program or its
        Polish and English data.
        """
        self._seconds = seconds
        try:
            tesseract = _module("pytesseract")
            _module("PIL.Image")
        except ImportError as error:
            raise MissingExtraError("Text recognition (OCR)", "ocr") from error
        try:
            installed = set(tesseract.get_languages())
        except (tesseract.TesseractNotFoundError, OSError) as error:
            raise SourceError(f"text recognition (OCR) needs the program tesseract: {CURE}") from error
        missing = [language for language in LANGUAGES if language not in installed]
        if missing:
            raise SourceError(f"tesseract has no data for {' and '.join(missing)}: {CURE}")

    def __call__(self, picture: bytes) -> list[Recognised]:
        """The words of a picture of a page at 300 dots per inch."""
        tesseract = _module("pytesseract")
        try:
            with _module("PIL.Image").open(io.BytesIO(picture)) as image:
                found: dict[str, list[Any]] = tesseract.image_to_data(
                    image,
                    lang="+".join(LANGUAGES),
                    config=f"--dpi {DOTS_PER_INCH}",
                    timeout=self._seconds,
                    output_type=tesseract.Output.DICT,
                )
        except (tesseract.TesseractError, RuntimeError, OSError) as error:
            # pytesseract has nothing more exact than RuntimeError for its time-out.
            reason = "takes too long" if "timeout" in str(error) else f"failed ({error})"
            raise SourceError(f"text recognition (OCR) {reason}") from error
        return _words(found)


def _module(name: str) -> Any:
    return import_module(name)  # an extra, so it is not there to be checked


def find_ocr() -> Ocr | None:
    """Tesseract where it is installed with its extra, else None."""
    try:
        return Tesseract()
    except (MissingExtraError, SourceError):
        return None


def _words(found: dict[str, list[Any]]) -> list[Recognised]:
    words: list[Recognised] = []
    lines: dict[tuple[int, int, int], int] = {}
    for at, text in enumerate(map(str.strip, found["text"])):
        if not text or float(found["conf"][at]) < _LEAST_CONFIDENCE:
            continue
        left, top = float(found["left"][at]), float(found["top"][at])
        right, bottom = left + float(found["width"][at]), top + float(found["height"][at])
        place = (found["block_num"][at], found["par_num"][at], found["line_num"][at])
        words.append(Recognised(text, left, top, right, bottom, lines.setdefault(place, len(lines))))
    return words
