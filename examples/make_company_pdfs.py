"""Make the two PDFs of the example company; the same text gives the same bytes.

    pip install reportlab
    python examples/make_company_pdfs.py --fonts /usr/share/fonts/truetype/dejavu

Any folder with DejaVuSans.ttf and DejaVuSans-Bold.ttf will do; only the glyphs in use are embedded.
"""

from __future__ import annotations

import argparse
import os
import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

COMPANY = Path(__file__).resolve().parent / "company"
RULES = "regulamin-klubu-grzadka"
PRICES = "cennik-uslug"
RULES_MADE = datetime(2026, 2, 20, tzinfo=UTC)
PRICES_MADE = datetime(2026, 1, 20, tzinfo=UTC)

BODY = ParagraphStyle("body", fontName="Regular", fontSize=10, leading=14, spaceAfter=3)
STYLES = {
    "#": ParagraphStyle("title", BODY, fontName="Bold", fontSize=16, leading=21, spaceAfter=8),
    "§": ParagraphStyle("heading", BODY, fontName="Bold", fontSize=12, leading=16, spaceBefore=10),
    "ust": BODY,
    "pkt": ParagraphStyle("pkt", BODY, leftIndent=8 * mm),
    "lit": ParagraphStyle("lit", BODY, leftIndent=16 * mm),
}
CELL = ParagraphStyle("cell", BODY, fontSize=9.5, leading=12, spaceAfter=0)
CELL_BOLD = ParagraphStyle("cell-bold", CELL, fontName="Bold")


class OutlinedTemplate(SimpleDocTemplate):
    """Puts every heading into the PDF's outline."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        if isinstance(flowable, Paragraph) and flowable.style is STYLES["§"]:
            text = flowable.getPlainText()
            key = f"h{self.page}-{text}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, level=0)


def style_of(line: str) -> ParagraphStyle:
    """The indentation that a provision's number asks for."""
    if line.startswith("# "):
        return STYLES["#"]
    if line.startswith(("## ", "§ ")):
        return STYLES["§"]
    if re.match(r"\d+\) ", line):
        return STYLES["pkt"]
    return STYLES["lit"] if re.match(r"[a-z]\) ", line) else STYLES["ust"]


def paragraphs(text: str) -> list[Flowable]:
    lines = [line for line in text.splitlines() if line]
    return [Paragraph(line.lstrip("# "), style_of(line)) for line in lines]


def price_table(text: str) -> Table:
    """A row of `;`-separated cells a line; a line of one cell is a section that spans the row."""
    rows: list[list[Paragraph | str]] = []
    looks: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#b5542b")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f0e2cd")),
    ]
    for number, line in enumerate(text.splitlines()):
        cells = line.split(";")
        bold = number == 0 or len(cells) == 1
        if len(cells) == 1:
            looks.append(("SPAN", (0, number), (-1, number)))
            looks.append(("NOSPLIT", (0, number), (-1, number + 1)))
        filled = [Paragraph(cell.strip(), CELL_BOLD if bold else CELL) for cell in cells]
        rows.append([*filled, *[""] * (3 - len(cells))])
    return Table(rows, colWidths=[100 * mm, 32 * mm, 38 * mm], repeatRows=1, style=TableStyle(looks))


def draw_furniture(canvas: Canvas, document: SimpleDocTemplate, name: str) -> None:
    """The running header and the page number that real documents carry."""
    canvas.setFont("Regular", 8)
    canvas.drawString(20 * mm, 285 * mm, f"Rudy Szpadel sp. z o.o. | {name}")
    canvas.drawRightString(190 * mm, 10 * mm, f"Strona {document.page}")


def write(path: Path, title: str, made: datetime, story: list[Flowable]) -> None:
    # reportlab takes the date of a reproducible file from here only.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(made.timestamp()))
    document = OutlinedTemplate(
        str(path),
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=title,
        author="Rudy Szpadel sp. z o.o.",
        lang="pl",
        invariant=1,
    )
    furniture = partial(draw_furniture, name=title)
    document.build(story, onFirstPage=furniture, onLaterPages=furniture)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the PDFs of the example company.")
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts/truetype/dejavu"))
    parser.add_argument("--out", type=Path, default=COMPANY / "site" / "pliki")
    options = parser.parse_args()
    pdfmetrics.registerFont(TTFont("Regular", options.fonts / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", options.fonts / "DejaVuSans-Bold.ttf"))
    options.out.mkdir(parents=True, exist_ok=True)

    rules = (COMPANY / "pdf" / f"{RULES}.txt").read_text(encoding="utf-8")
    write(options.out / f"{RULES}.pdf", "Regulamin Klubu Grządka", RULES_MADE, paragraphs(rules))

    before, table, after = (COMPANY / "pdf" / f"{PRICES}.txt").read_text(encoding="utf-8").split("\n\n")
    story = [
        *paragraphs(before),
        Spacer(1, 4 * mm),
        price_table(table),
        Spacer(1, 4 * mm),
        *paragraphs(after),
    ]
    write(options.out / f"{PRICES}.pdf", "Cennik usług warsztatu", PRICES_MADE, story)


if __name__ == "__main__":
    main()
