"""A reliability report as HTML: the diagram, the risk and coverage curve, the table, all of it escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any

from kbassist.evaluation.diagram import reliability_diagram, risk_diagram
from kbassist.html_page import colours, html_page

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "pl": {
            "title": "Wiarygodność pewności",
            "all": "Wszystkie odpowiedzi",
            "pl": "Pytania po polsku",
            "en": "Pytania po angielsku",
            "calibration": "Kalibracja",
            "labelled": "Ocenione pytania",
            "logged": "Odpowiedzi z oceną w dzienniku",
            "answers": "ocenionych odpowiedzi",
            "right": "trafnych",
            "ece": "średni błąd kalibracji (ECE)",
            "brier": "wynik Briera",
            "auroc": "trafne od nietrafnych (AUROC)",
            "aurc": "pole pod krzywą ryzyka (AURC)",
            "claimed": "podana pewność",
            "happened": "odsetek trafnych",
            "coverage": "odsetek pytań z odpowiedzią",
            "risk": "odsetek błędnych wśród odpowiedzi",
            "range": "pewność",
            "count": "odpowiedzi",
            "interval": "przedział 95 %",
        },
        "en": {
            "title": "How far the confidence can be believed",
            "all": "All answers",
            "pl": "Questions in Polish",
            "en": "Questions in English",
            "calibration": "Calibration",
            "labelled": "Labelled questions",
            "logged": "Answers with feedback",
            "answers": "judged answers",
            "right": "right",
            "ece": "expected calibration error (ECE)",
            "brier": "Brier score",
            "auroc": "right from wrong (AUROC)",
            "aurc": "area under risk and coverage (AURC)",
            "claimed": "confidence claimed",
            "happened": "share of right answers",
            "coverage": "share of questions answered",
            "risk": "share of wrong ones among the answers",
            "range": "confidence",
            "count": "answers",
            "interval": "95 % interval",
        },
    }
)
_STYLE = """
.kbassist-report figure { display: inline-block; margin: .5rem 1rem .5rem 0 }
.kbassist-report figcaption { color: var(--soft) }
.kbassist-report table { border-collapse: collapse; margin: .5rem 0 }
.kbassist-report th, .kbassist-report td { border-bottom: 1px solid var(--line); padding: .15rem .75rem;
  text-align: right }
"""


def page(values: Mapping[str, Any], lang: str) -> str:
    """The whole page, from `ReliabilityReport.to_dict()`."""
    return html_page(_WORDS[lang]["title"], _body(values, lang), lang=lang, style=_STYLE)


def fragment(values: Mapping[str, Any], lang: str) -> str:
    """For a notebook: styled by itself, and nothing around it is."""
    return f"<style>{colours('.kbassist-report')}{_STYLE}</style>{_body(values, lang)}"


def _body(values: Mapping[str, Any], lang: str) -> str:
    words = _WORDS[lang]
    named = " ".join(
        f"{words[name]}: {values[name]}." for name in ("calibration", "labelled", "logged") if values[name]
    )
    parts = [(words["all"], values["all"])]
    if len(values["languages"]) > 1:
        parts += [(words.get(name, name), part) for name, part in values["languages"].items()]
    sections = "".join(_section(title, part, lang) for title, part in parts)
    return f'<div class="kbassist-report"><p>{escape(named)}</p>{sections}</div>'


def _section(title: str, part: Mapping[str, Any], lang: str) -> str:
    words = _WORDS[lang]
    figures = [f"{part['count']} {words['answers']}", f"{_percent(part['right'], lang)} {words['right']}"]
    figures += [
        f"{words[name]} {_number(part[name], lang)}"
        for name in ("ece", "brier", "auroc", "aurc")
        if part[name] is not None
    ]
    diagrams = _figure(
        reliability_diagram(part["rows"], words["claimed"], words["happened"], title), words["happened"]
    ) + _figure(risk_diagram(part["curve"], words["coverage"], words["risk"], title), words["risk"])
    return (
        f"<section><h2>{escape(title)}</h2><p>{escape('; '.join(figures))}.</p>{diagrams}"
        f"{_table(part['rows'], lang)}</section>"
    )


def _figure(diagram: str, caption: str) -> str:
    return f"<figure>{diagram}<figcaption>{escape(caption)}</figcaption></figure>"


def _table(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    words = _WORDS[lang]
    heads = ("range", "count", "claimed", "happened", "interval")
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{cell}</td>"
            for cell in (
                f"{_percent(row['low'], lang)}–{_percent(row['high'], lang)}",
                str(row["count"]),
                _percent(row["probability"], lang),
                _percent(row["right"], lang),
                f"{_percent(row['right_from'], lang)}–{_percent(row['right_to'], lang)}",
            )
        )
        + "</tr>"
        for row in rows
        if row["count"]
    )
    head = "".join(f"<th>{words[name]}</th>" for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _percent(share: float, lang: str) -> str:
    return f"{100 * share:.0f} %" if lang == "pl" else f"{100 * share:.0f}%"


def _number(value: float, lang: str) -> str:
    plain = f"{value:.3f}"
    return plain.replace(".", ",") if lang == "pl" else plain
