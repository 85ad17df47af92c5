"""The page around a report: one file that needs no other, in light and in dark."""

from __future__ import annotations

from html import escape

_LIGHT = (
    "--ink: #1a1a1a; --soft: #666; --line: #ccc; --box: #f7f7f7; "
    "--one: #2a5db0; --two: #b26a00; --bad: #b3261e"
)
_DARK = (
    "--ink: #e8e8e8; --soft: #a0a0a0; --line: #4a4a4a; --box: #242424; "
    "--one: #8ab4f8; --two: #f0b35a; --bad: #f28b82"
)
_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--ink) }
@media (prefers-color-scheme: dark) { body { background: #161616 } }
a { color: var(--one) }
small { color: var(--soft) }
"""


def colours(selector: str) -> str:
    """`--ink`, `--soft`, `--line`, `--box`, `--one`, `--two` and `--bad`, for what stands in `selector`."""
    dark = f"@media (prefers-color-scheme: dark) {{ {selector} {{ {_DARK} }} }}"
    return f"{selector} {{ {_LIGHT} }}\n{dark}\n"


def html_page(title: str, body: str, *, lang: str, style: str = "") -> str:
    """`body` and `style` as they are; the title is escaped. `lang` is `"pl"` or `"en"`."""
    return (
        f'<!doctype html>\n<html lang="{escape(lang)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{colours(':root')}{_STYLE}{style}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )
