"""A PDF writer of one screen, so that tests decide where every letter stands."""

from __future__ import annotations

from collections.abc import Sequence

# (x, y, size, text): points from the lower left corner of a page of 595 x 842.
Line = tuple[float, float, float, str]

_LETTERS = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–•§´˛"
_NAMES = """aogonek cacute eogonek lslash nacute oacute sacute zacute zdotaccent
    Aogonek Cacute Eogonek Lslash Nacute Oacute Sacute Zacute Zdotaccent
    quotedblbase quotedblright endash bullet section acute ogonek"""
_CODES = {character: code for code, character in enumerate(_LETTERS, start=128)}


def write_pdf(
    pages: Sequence[Sequence[Line]],
    *,
    title: str = "",
    outline: Sequence[tuple[str, int]] = (),
    picture_only: bool = False,
) -> bytes:
    """The pages as a PDF; `outline` is `(title, page)` with pages counted from 1."""
    names = " ".join(f"/{name}" for name in _NAMES.split())
    kids = " ".join(f"{7 + 2 * index} 0 R" for index in range(len(pages)))
    widths = " ".join("556" for _ in range(32, 256))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 32 /LastChar 255 "
        f"/Widths [{widths}] /Encoding << /Type /Encoding /Differences [128 {names}] >> >>",
        f"<< /Title {_string(title)} >>",
    ]
    first = 7 + 2 * len(pages)
    objects.append(
        f"<< /Type /Outlines /Count {len(outline)} /First {first} 0 R /Last {first + len(outline) - 1} 0 R >>"
        if outline
        else "<< /Type /Outlines /Count 0 >>"
    )
    objects.append(
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        "/Length 1 >>\nstream\n0\nendstream"
    )
    for index, lines in enumerate(pages):
        content = "q 200 0 0 200 50 50 cm /Im Do Q" if picture_only else "\n".join(map(_show, lines))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * index} 0 R "
            "/Resources << /Font << /F 3 0 R >> /XObject << /Im 6 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream")
    for index, (label, page) in enumerate(outline):
        around = f"/Prev {first + index - 1} 0 R " if index else ""
        around += f"/Next {first + index + 1} 0 R " if index + 1 < len(outline) else ""
        objects.append(f"<< /Title {_string(label)} /Parent 5 0 R {around}/Dest [{5 + 2 * page} 0 R /Fit] >>")

    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(data)
    size = len(objects) + 1
    data += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n".encode()
    data += f"<< /Size {size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return data


def paragraph(text: str, x: float, y: float, *, size: float = 10, width: int = 60) -> list[Line]:
    """`text` wrapped at `width` characters, the first line at `y`."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [(x, y - index * 1.2 * size, size, line) for index, line in enumerate(lines)]


def _show(line: Line) -> str:
    x, y, size, text = line
    codes = "".join(f"{_CODES.get(character, ord(character)):02x}" for character in text)
    return f"BT /F {size} Tf {x} {y} Td <{codes}> Tj ET"


def _string(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
