"""A PDF writer of one screen, so that tests decide where every letter stands."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

# (x, y, size, text): points from the lower left corner of a page of 595 x 842. Text after "**" is bold.
Line = tuple[float, float, float, str]
# (x1, y1, x2, y2): a straight line.
Rule = tuple[float, float, float, float]
# (name, value, left, bottom, right, top)
Field = tuple[str, str, float, float, float, float]

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
    rules: Sequence[Rule] = (),
    fields: Sequence[Field] = (),
    xfa: Sequence[tuple[str, str]] = (),
    turned: bool = False,
) -> bytes:
    """The pages as a PDF; `outline` is `(title, page)` with pages counted from 1.

    `rules` are drawn on every page; form `fields` stand on the first. `xfa` are the packets of a form
    that has no pages of its own. A page that is `turned` lies on its side and is shown upright.
    """
    kids = " ".join(f"{7 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "CATALOG",  # once it is known where the form is
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        _font("Courier"),
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
        shown = [_show(line, turned=turned) for line in lines]
        shown += [f"{x1} {y1} m {x2} {y2} l S" for x1, y1, x2, y2 in rules]
        content = "q 200 0 0 200 50 50 cm /Im Do Q" if picture_only else "\n".join(shown)
        annotations = " ".join(f"{first + len(outline) + at} 0 R" for at in range(len(fields)))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * index} 0 R "
            f"{'/Rotate 90 ' if turned else ''}{f'/Annots [{annotations}] ' if index == 0 else ''}"
            f"/Resources << /Font << /F 3 0 R /B {_font('Courier-Bold')} >> /XObject << /Im 6 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream")
    for index, (label, page) in enumerate(outline):
        around = f"/Prev {first + index - 1} 0 R " if index else ""
        around += f"/Next {first + index + 1} 0 R " if index + 1 < len(outline) else ""
        objects.append(f"<< /Title {_string(label)} /Parent 5 0 R {around}/Dest [{5 + 2 * page} 0 R /Fit] >>")
    start = len(objects) + 1
    for name, value, left, bottom, right, top in fields:
        objects.append(
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T {_string(name)} /V {_string(value)} "
            f"/Rect [{left} {bottom} {right} {top}] /DA (/F 10 Tf) >>"
        )
    form = f"/Fields [{' '.join(f'{start + at} 0 R' for at in range(len(fields)))}]"
    if xfa:
        form += (
            f" /XFA [{' '.join(f'({name}) {len(objects) + at} 0 R' for at, (name, _) in enumerate(xfa, 1))}]"
        )
    for _, packet in xfa:
        length = len(packet.encode())
        objects.append(f"<< /Length {length} >>\nstream\n{packet.encode().decode('latin-1')}\nendstream")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R "
    objects[0] += f"/AcroForm << {form} >> " if fields or xfa else ""
    objects[0] += "/NeedsRendering true >>" if xfa else ">>"
    return _file(objects)


def picture_pdf(pictures: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Pages of 595 x 842 that each are one grey picture, given as width, height and a byte a dot."""
    kids = " ".join(f"{3 + 3 * index} 0 R" for index in range(len(pictures)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pictures)} /Kids [{kids}] >>",
    ]
    for index, (width, height, dots) in enumerate(pictures):
        number = 3 + 3 * index
        data = zlib.compress(dots).decode("latin-1")
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R "
            f"/Resources << /XObject << /Im {number + 2} 0 R >> >> >>",
            "<< /Length 30 >>\nstream\nq 595 0 0 842 0 0 cm /Im Do Q   \nendstream",
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray "
            f"/BitsPerComponent 8 /Filter /FlateDecode /Length {len(data)} >>\nstream\n{data}\nendstream",
        ]
    return _file(objects, information="")


def _file(objects: Sequence[str], *, information: str = "/Info 4 0 R ") -> bytes:
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(data)
    size = len(objects) + 1
    data += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n".encode()
    data += f"<< /Size {size} /Root 1 0 R {information}>>\nstartxref\n{start}\n%%EOF\n".encode()
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


def _font(name: str) -> str:
    names = " ".join(f"/{letter}" for letter in _NAMES.split())
    widths = " ".join("600" for _ in range(32, 256))
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /FirstChar 32 /LastChar 255 "
        f"/Widths [{widths}] /Encoding << /Type /Encoding /Differences [128 {names}] >> >>"
    )


def grid(columns: Sequence[float], rows: Sequence[float]) -> list[Rule]:
    """The lines of a table with these edges."""
    across = [(columns[0], y, columns[-1], y) for y in rows]
    return [*across, *((x, rows[0], x, rows[-1]) for x in columns)]


def _show(line: Line, *, turned: bool) -> str:
    x, y, size, text = line
    font = "B" if text.startswith("**") else "F"
    codes = "".join(f"{_CODES.get(character, ord(character)):02x}" for character in text.removeprefix("**"))
    place = f"0 1 -1 0 {595 - y} {x} Tm" if turned else f"{x} {y} Td"
    return f"BT /{font} {size} Tf {place} <{codes}> Tj ET"


def _string(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
