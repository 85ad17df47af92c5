import stat
from difflib import SequenceMatcher

import pypdfium2
import pytest
from conftest import EXAMPLES
from pdf_writer import picture_pdf

from kbassist.errors import MissingExtraError, SourceError
from kbassist.sources import ocr
from kbassist.sources.ocr import Tesseract, find_ocr
from kbassist.sources.pdf import read_pdf

COMPANY = EXAMPLES / "company" / "site" / "pliki"


def scanned(data, *, pages=1, dots_per_inch=200):
    """The first pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(data)
    pictures = []
    for index in range(pages):
        bitmap = document[index].render(scale=dots_per_inch / 72, grayscale=True)
        pictures.append((bitmap.width, bitmap.height, bitmap.to_numpy().tobytes()))
    document.close()
    return picture_pdf(pictures)


@pytest.mark.usefixtures("tesseract")
def test_a_scan_reads_as_the_page_that_it_was_made_from():
    data = (COMPANY / "cennik-uslug.pdf").read_bytes()
    printed = read_pdf(data, uri="a.pdf")
    pages = [anchor.start for anchor in printed.anchors if anchor.kind == "page"]
    words = printed.text[: pages[1]].split()
    document = read_pdf(scanned(data), uri="skan.pdf", ocr=Tesseract())
    assert document.meta == {"pages": 1}
    matcher = SequenceMatcher(None, words, document.text.split(), autojunk=False)
    assert sum(block.size for block in matcher.get_matching_blocks()) > 0.9 * len(words)


@pytest.mark.usefixtures("tesseract")
def test_a_page_that_takes_too_long_is_named():
    data = scanned((COMPANY / "cennik-uslug.pdf").read_bytes())
    with pytest.raises(SourceError, match=r"only pictures, and text recognition \(OCR\) takes too long"):
        read_pdf(data, uri="skan.pdf", ocr=Tesseract(seconds=0.01))


@pytest.mark.usefixtures("tesseract")
def test_what_is_no_picture_is_an_error_with_a_reason():
    with pytest.raises(SourceError, match=r"text recognition \(OCR\) failed"):
        Tesseract()(b"no picture")


@pytest.mark.usefixtures("tesseract")
def test_tesseract_is_found_where_it_is_installed():
    assert isinstance(find_ocr(), Tesseract)


def test_without_the_extra_the_cure_is_told(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(ocr, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'kbassist\[ocr\]'"):
        Tesseract()
    assert find_ocr() is None


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (None, "needs the program tesseract: pip install"),
        (
            "#!/bin/sh\necho 'List of available languages (1):'\necho eng\n",
            "tesseract has no data for pol: .*apt",
        ),
    ],
)
def test_without_the_program_or_its_data_the_cure_is_told(program, reason, tmp_path, monkeypatch):
    pytest.importorskip("pytesseract")
    if program is not None:
        path = tmp_path / "tesseract"
        path.write_text(program)
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{tmp_path}:/nowhere" if program is None else f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(SourceError, match=reason):
        Tesseract()
    assert find_ocr() is None
