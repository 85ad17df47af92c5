"""Diagrams of the unit square as SVG text, in the colours that `html_page` names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_SIDE = 260
_LEFT, _TOP, _BELOW, _RIGHT = 46, 12, 40, 12
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability_diagram(rows: Sequence[Mapping[str, Any]], across: str, up: str, title: str) -> str:
    """What was claimed against what happened: a dot a row, the larger the more answers, and its interval.

    Dots on the diagonal mean that the confidence can be believed.
    """
    most = max((row["count"] for row in rows), default=0) or 1
    marks = [_line((0, 0), (1, 1), 'stroke="var(--soft)" stroke-dasharray="4 4"')]
    for row in rows:
        if not row["count"]:
            continue
        place = row["probability"]
        marks.append(
            _line((place, row["right_from"]), (place, row["right_to"]), 'stroke="var(--one)" opacity=".6"')
        )
        size = 2.5 + 5 * (row["count"] / most) ** 0.5
        marks.append(
            f'<circle cx="{_x(place)}" cy="{_y(row["right"])}" r="{size:.1f}" fill="var(--one)">'
            f"<title>{row['count']}: {100 * place:.0f} % → {100 * row['right']:.0f} %</title></circle>"
        )
    return _framed("".join(marks), across, up, title)


def risk_diagram(curve: Sequence[Sequence[float]], across: str, up: str, title: str) -> str:
    """The share of wrong answers for every share of questions answered."""
    points = " ".join(f"{_x(coverage)},{_y(risk)}" for coverage, risk in curve)
    line = f'<polyline points="{points}" fill="none" stroke="var(--two)" stroke-width="2"/>'
    return _framed(line, across, up, title)


def _framed(marks: str, across: str, up: str, title: str) -> str:
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BELOW
    grid = "".join(
        _line((tick, 0), (tick, 1), 'stroke="var(--line)"')
        + _line((0, tick), (1, tick), 'stroke="var(--line)"')
        + _text(_x(tick), _TOP + _SIDE + 15, f"{100 * tick:.0f}", "middle")
        + _text(_LEFT - 5, float(_y(tick)) + 4, f"{100 * tick:.0f}", "end")
        for tick in _TICKS
    )
    middle = _TOP + _SIDE / 2
    names = _text(_LEFT + _SIDE / 2, height - 6, f"{across} (%)", "middle") + _text(
        12, middle, f"{up} (%)", "middle", f' transform="rotate(-90 12 {middle})"'
    )
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(f"{title}: {up}")}" font-size="11" font-family="system-ui, sans-serif">'
        f"{grid}{marks}{names}</svg>"
    )


def _line(start: tuple[float, float], end: tuple[float, float], style: str) -> str:
    return f'<line x1="{_x(start[0])}" y1="{_y(start[1])}" x2="{_x(end[0])}" y2="{_y(end[1])}" {style}/>'


def _text(x: float | str, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="var(--soft)"{more}>{escape(text)}</text>'


def _x(share: float) -> str:
    return f"{_LEFT + _SIDE * share:.1f}"


def _y(share: float) -> str:
    return f"{_TOP + _SIDE * (1 - share):.1f}"
