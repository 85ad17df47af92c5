"""Which elements a reader does not see: the `style` attribute, the page's own style sheets, and
class names that mean "hidden" by convention.

Style sheets in other files are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kbassist.sources.html.tree import SCREEN_READER_CLASSES, Element

_HIDING_CLASSES = SCREEN_READER_CLASSES | frozenset(
    "hidden hide d-none invisible is-hidden u-hidden uk-hidden display-none".split()
)
# `hidden md:block`, `d-none d-lg-flex`: hidden on some screens only.
_RESPONSIVE = re.compile(r"(?:(?:sm|md|lg|xl|2xl|print):|d-(?:sm|md|lg|xl|xxl)-)(?!hidden|none)")
_ANIMATED = re.compile(r"transform|transition|animation|will-change|translate")

_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_PART = re.compile(r"[{}]|[^{}]+")
_SIMPLE = re.compile(r"([a-z][\w-]*)?([.#])([\w-]+)", re.IGNORECASE)
_STATE = re.compile(r"[~+]|:checked|:target|:focus-within|\[open\]")
_SUBJECT = re.compile(r"[.#]([\w-]+)")

_ZERO = re.compile(r"[+-]?0*\.?0*(?:[a-z%]+)?")
_PIXELS = re.compile(r"(-?\d+(?:\.\d+)?|-?\.\d+)(px|em|rem|pt|%|vw|vh)?")
_FAR = -500.0
_COLOURS = {"white": "#ffffff", "black": "#000000", "transparent": "transparent", "red": "#ff0000"}
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+%?))?\s*\)")

Declarations = dict[str, str]


def declarations(style: str) -> Declarations:
    """The properties in a `style` attribute or a rule, in lower case; the last one counts."""
    found: Declarations = {}
    for item in style.lower().split(";"):
        name, colon, value = item.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def hides(style: Declarations, *, inline: bool = True) -> bool:
    """Whether an element of this style is not seen.

    `opacity: 0` counts only in an element's own style and without signs of an animation: pages fade
    their real text in.
    """
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    size = _length(style.get("font-size", ""))
    if size is not None and size[0] <= (2 if size[1] in ("px", "pt") else 0.1 if size[1] != "%" else 10):
        return True
    if inline and _is_zero(style.get("opacity")) and not _ANIMATED.search(" ".join(style)):
        return True
    if style.get("color") == "transparent" and "background-clip" not in " ".join(style):
        return True
    clipped = "hidden" in (style.get("overflow", "") + style.get("overflow-x", ""))
    tiny = any(_is_tiny(style.get(side)) for side in ("width", "height", "max-width", "max-height"))
    return (clipped and tiny) or _is_off_screen(style)


def _is_off_screen(style: Declarations) -> bool:
    if style.get("position") in ("absolute", "fixed"):
        for side in ("left", "top", "right", "bottom"):
            length = _length(style.get(side, ""))
            if length and length[0] <= (_FAR if length[1] != "em" else _FAR / 16):
                return True
        if re.fullmatch(r"rect\((?:\s*[01](?:px)?[\s,]*){4}\)", style.get("clip", "")):
            return True
    indent = _length(style.get("text-indent", ""))
    if indent and indent[0] <= (_FAR if indent[1] == "px" else -50):
        return True
    if re.fullmatch(r"inset\((?:50|100)%\)", style.get("clip-path", "")):
        return True
    return "scale(0)" in style.get("transform", "")


def _length(value: str) -> tuple[float, str] | None:
    match = _PIXELS.fullmatch(value)
    return (float(match[1]), match[2] or "px") if match else None


def _is_zero(value: str | None) -> bool:
    return bool(value) and _ZERO.fullmatch(value or "") is not None


def _is_tiny(value: str | None) -> bool:
    return _is_zero(value) or value == "1px"


def colour(value: str) -> str:
    """A colour in one spelling; what is not understood stays as it is."""
    value = value.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(2 * digit for digit in value[1:])
    match = _RGB.fullmatch(value)
    if match:
        if match[4] and float(match[4].rstrip("%")) == 0:
            return "transparent"
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in match.group(1, 2, 3))
    return _COLOURS.get(value, value)


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """Classes and ids that a page's own style sheets hide, and nothing in them ever shows."""

    hidden: frozenset[tuple[str, str, str]] = frozenset()  # tag or "", "." or "#", name
    opened: frozenset[str] = frozenset()  # names that open by a state, as in `#t2:checked ~ .c2`

    def hides(self, element: Element) -> bool:
        """By one of its classes or by its id."""
        if not self.hidden:
            return False
        names = [(".", name) for name in (element.get("class") or "").split()]
        names.append(("#", element.get("id") or ""))
        if any(name in self.opened for _, name in names):
            return False
        return any(
            ("", kind, name) in self.hidden or (element.tag, kind, name) in self.hidden
            for kind, name in names
        )


def style_sheet(css: str) -> StyleSheet:
    """Read the rules with a plain selector (`.note`, `#note`, `p.note`) outside `@media`.

    A name that another rule shows (`.open .answer {display: block}`) is a panel that opens, so it
    is not hidden.
    """
    hidden: set[tuple[str, str, str]] = set()
    shown: set[str] = set()
    opened: set[str] = set()
    for selectors, body in _rules(_CSS_COMMENT.sub(" ", css)):
        style = declarations(body)
        hiding = hides(style, inline=False)
        showing = not hiding and ("display" in style or "visibility" in style or "max-height" in style)
        for selector in selectors.split(","):
            simple = _SIMPLE.fullmatch(selector.strip())
            if hiding and simple:
                hidden.add(((simple[1] or "").lower(), simple[2], simple[3]))
            elif showing and selector.strip():
                names = _SUBJECT.findall(selector.split()[-1])
                shown.update(names)
                opened.update(names if _STATE.search(selector) else ())
    return StyleSheet(frozenset(item for item in hidden if item[2] not in shown), frozenset(opened))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule outside blocks like `@media`."""
    depth = 0
    text = prelude = ""
    for part in _CSS_PART.findall(css):
        if part == "{":
            depth += 1
            if depth == 1:
                prelude = text.rpartition(";")[2]
        elif part == "}":
            if depth == 1 and "@" not in prelude:
                yield prelude, text
            depth = max(depth - 1, 0)
            text = ""
        else:
            text = part


def is_hidden(element: Element, sheet: StyleSheet) -> bool:
    """Whether a reader does not see `element`, judged by itself alone."""
    if not element.attrib:
        return bool(element.tag == "dialog")
    hidden = element.get("hidden")
    if hidden is not None and hidden.lower() != "until-found":
        return True
    if element.get("aria-hidden", "").lower() == "true":
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    stated = element.get("style")
    style = declarations(stated) if stated else {}
    if (style and hides(style)) or _blends_in(element, style):
        return True
    classes = element.get("class") or ""
    if not _HIDING_CLASSES.isdisjoint(classes.lower().split()) and not _RESPONSIVE.search(classes):
        return True
    return sheet.hides(element)


def _blends_in(element: Element, style: Declarations) -> bool:
    """Text in the colour of what is behind it, as far as the page itself says what that is."""
    stated = style.get("color") or element.get("color")
    if not stated:
        return False
    ink = colour(stated)
    place = element
    plain = True
    while place is not None:
        own = style if place is element else declarations(place.get("style") or "")
        behind = own.get("background-color") or own.get("background") or place.get("bgcolor") or ""
        if "url(" in behind or "gradient" in behind or "background-image" in own:
            return False
        behind = colour(re.split(r"\s+(?![^(]*\))", behind.strip())[0])
        if behind not in ("", "transparent", "none"):
            return behind == ink
        # A class or an id may have a background in a style sheet that nobody has read.
        plain = plain and not place.get("class") and not place.get("id")
        place = place.getparent()
    return plain and ink == "#ffffff"
