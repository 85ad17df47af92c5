"""XML parts of a zipped document, within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from kbassist.errors import SourceError

Element: TypeAlias = etree._Element

_LARGEST = 32 * 2**20  # bytes of one part, unpacked: its tree takes ten times that
_DIRECTORY = 4 * 2**20  # bytes of the list of what is in the archive
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
)


class Archive:
    """The parts of a document by their names."""

    def __init__(self, data: bytes, identifier: str) -> None:
        """Raises `SourceError` for what is not a whole archive."""
        self._identifier = identifier
        if data.startswith(_OLD_OFFICE):
            raise self.error(
                "protected by a password, or in the format of Word 97: save it as DOCX without one"
            )
        end = data.rfind(b"PK\x05\x06")
        if end < 0 or not data.startswith(b"PK"):
            raise self.error("damaged or cut short: fetch or save it again")
        if int.from_bytes(data[end + 12 : end + 16], "little") > _DIRECTORY:
            raise self.error("an archive of too many files")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise self.error("damaged or cut short: fetch or save it again") from error

    def error(self, reason: str) -> SourceError:
        """With the file's name in front of the reason."""
        return SourceError(f"{self._identifier}: {reason}")

    def part(self, name: str) -> Element | None:
        """The root of a part; None when there is no such part."""
        try:
            with self._zip.open(name) as stream:
                data = stream.read(_LARGEST + 1)
        except KeyError:
            return None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise self.error(f"its part {name} is damaged: save it again") from error
        except (NotImplementedError, RuntimeError) as error:
            raise self.error(f"its part {name} is packed in a way that is not read: save it again") from error
        if len(data) > _LARGEST:
            raise self.error(f"its part {name} unpacks to more than {_LARGEST >> 20} MB: split the document")
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.error(f"its part {name} is damaged: {error}") from error


def local(element: Element) -> str:
    """The tag without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Those of this local name."""
    return (child for child in element if local(child) == name) if element is not None else iter(())


def child(element: Element | None, *path: str) -> Element | None:
    """The first along a path of local names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """By its local name."""
    if element is None:
        return default
    own = (value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return str(next(own, default))


def number(value: str, default: int = 0) -> int:
    """A whole number of sane size."""
    digits = value.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else default
