"""Bytes of a web page to text, whatever the page or its server says about them."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096  # bytes in which a page has to name its encoding
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]+encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)
_MARKUP = re.compile(rb"<[^<>]*>")
_SAMPLE = 500_000  # bytes; more letters do not change what the encoding is

# Browsers read these names as the superset that people mean by them (WHATWG Encoding Standard).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_POLISH_LETTERS = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_POLISH_ENCODINGS = ("cp1250", "iso8859-2")
_CONFUSED = ("cp1252", *_POLISH_ENCODINGS)
# What Polish letters turn into when one of those encodings is read as another: signs inside words.
_MOJIBAKE = re.compile(
    r"[\x80-\x9f]|(?<=[^\W\d_])[±¶¦¬¹³¿¼¡ˇ](?=[^\W\d_])|(?<=[^\W\d_])[±¶](?!\d)|[±¶](?=[^\W\d_])|(?<=[a-z])Ľ(?=[a-z])"
)
_DETECTED = ["cp1250", "iso8859_2", "cp1252", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1257"]


def decode_html(data: bytes, charset: str | None = None) -> str:
    """Decode a page. `charset` is what the HTTP header says.

    Valid UTF-8 with anything beyond ASCII in it is UTF-8: text in another encoding does not look
    like that by chance, while headers and meta elements are often wrong. Otherwise the byte order
    mark, the header, the page's own word, and the letters themselves decide, in that order.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    named = [name for name in map(_codec, (charset, *_own_word(data[:_HEAD]))) if name]
    if "utf-16" in _codec(charset) and b"\x00" in data:
        return data.decode(named[0], errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if "utf-8" in named:
        text = data.decode("utf-8", errors="replace")
        if text.count("\ufffd") * 20 < len(re.findall(r"[^\x00-\x7f]", text)):
            return text  # cut short or with a slip in it
    for name in named:
        if name == "utf-8":
            continue
        text = data.decode(name, errors="replace")
        if name in _CONFUSED and _MOJIBAKE.search(text):
            return data.decode(_best_for_polish(data, (name, *_POLISH_ENCODINGS)), errors="replace")
        return text
    return data.decode(_detected(data), errors="replace")


def _own_word(head: bytes) -> list[str]:
    found = (_XML.match(head), _META.search(head))
    return [match[1].decode("ascii") for match in found if match]


def _codec(name: str | None) -> str:
    """The name of Python's codec for text; empty for none."""
    if not name:
        return ""
    try:
        found = codecs.lookup(name.strip().strip("\"'").lower()).name
        b"a".decode(found)  # `hex`, `rot13` and their like are codecs but not encodings
    except (LookupError, ValueError):
        return ""
    return _MEANT.get(found, found)


def _best_for_polish(data: bytes, encodings: tuple[str, ...]) -> str:
    """The encoding that gives the most Polish letters and the least mojibake; the first of equals."""
    return max(encodings, key=lambda name: _polishness(_letters(data, name)))


def _polishness(text: str) -> int:
    return sum(text.count(letter) for letter in _POLISH_LETTERS) - 3 * len(_MOJIBAKE.findall(text))


def _letters(data: bytes, encoding: str) -> str:
    return _MARKUP.sub(b" ", data[:_SAMPLE]).decode(encoding, errors="replace")


def _detected(data: bytes) -> str:
    """The encoding of a page on which nobody has a word to say."""
    from charset_normalizer import from_bytes

    best = _best_for_polish(data, _POLISH_ENCODINGS)
    text = _letters(data, best)
    clear = len(_POLISH_LETTERS.intersection(text.lower())) >= 3
    if _polishness(text) > 0 and (clear or _MOJIBAKE.search(_letters(data, "cp1252"))):
        return best
    match = from_bytes(_MARKUP.sub(b" ", data[:_SAMPLE]), cp_isolation=_DETECTED).best()
    return match.encoding if match else "cp1252"
