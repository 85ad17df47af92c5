"""Whether a page's text very likely appears only after its scripts ran."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from kbassist.sources.html.tree import Element

_LITTLE = 200  # characters: less is a menu, a slogan, a message
_HARDLY_ANY = 100
_HOLLOW = 40  # characters in the element that an application fills: "Loading…"

_ASKS_FOR_SCRIPTS = re.compile(
    r"(?:enable|turn on|activate|requires?|needs?|without|disabled)\s[^.<>]{0,40}\bjava ?script\b"
    r"|java ?script\b[^.<>]{0,40}\b(?:enabled|disabled|required|must|turned (?:on|off))"
    r"|(?:włącz\w*|uruchom\w*|aktywuj\w*|wymaga\w*|potrzebuje\w*|obsług\w*|wyłączon\w*)\s[^.<>]{0,40}"
    r"\bjava ?script\w*"
    r"|java ?script\w*\b[^.<>]{0,40}\b(?:wyłączon\w+|włączon\w+|wymagan\w+)",
    re.IGNORECASE,
)
_ROOT_IDS = "root app __next __nuxt ___gatsby q-app svelte main-app react-root app-root vue-app ember-app spa"
_ROOTS = etree.XPath(
    f"//*[contains(' {_ROOT_IDS} ', concat(' ', @id, ' ')) and string(@id)] | //app-root | //my-app"
    " | //*[@ng-app or @ng-version or @data-reactroot or @data-server-rendered or @data-v-app]"
)
_MEASURES = re.compile(
    r"googletagmanager|google-analytics|gtag|analytics|fbevents|facebook|hotjar|clarity\.ms|matomo|piwik|plausible"
    r"|cookie|consent|recaptcha|jquery|bootstrap|fontawesome|typekit|polyfill|modernizr|livechat|tawk|intercom",
    re.IGNORECASE,
)
_BUNDLE = re.compile(
    r"(?:^|[/._-])(?:main|app|bundle|index|chunk|runtime|vendors?|webpack|_next|_nuxt|static/js|entry)(?:[/._-]|$)",
    re.IGNORECASE,
)
_STATE = re.compile(r"__NEXT_DATA__|__NUXT__|__INITIAL_STATE__|__APOLLO_STATE__|webpackJsonp|webpackChunk")


@dataclass(frozen=True, slots=True)
class Scripts:
    """What speaks for a page that its scripts write."""

    present: bool = False
    hollow: bool = False  # the element that an application fills is empty
    asked_for: bool = False  # the page says that it needs scripts
    application: bool = False  # the scripts are those of an application

    def write_the_text(self, characters: int) -> bool:
        """Whether they do, when `characters` of text were found without running them."""
        if self.hollow or self.asked_for:
            return self.present and characters < _LITTLE
        return self.application and characters < _HARDLY_ANY


def scripts_of(root: Element) -> Scripts:
    """Read an untouched tree."""
    state = any(map(_holds_state, root.iter("script")))
    scripts = [element for element in root.iter("script") if "json" not in (element.get("type") or "")]
    if not scripts and not state:
        return Scripts()
    return Scripts(
        present=True,
        hollow=any(map(_is_hollow, _ROOTS(root))),
        asked_for=any(map(_asks, root.iter("noscript", "body", "div", "p", "h1", "h2", "strong"))),
        application=state or any(map(_is_application, scripts)),
    )


def _is_hollow(element: Element) -> bool:
    size = 0
    for inner in element.iter():
        if inner.tag not in ("script", "style", "noscript", "template"):
            size += len((inner.text or "").strip())
        size += len((inner.tail or "").strip()) if inner is not element else 0
        if size >= _HOLLOW:
            return False
    return True


def _asks(element: Element) -> bool:
    text = "".join(element.itertext()) if element.tag == "noscript" else element.text or ""
    return "cript" in text and _ASKS_FOR_SCRIPTS.search(text) is not None


def _is_application(script: Element) -> bool:
    source = script.get("src") or ""
    if not source or _MEASURES.search(source):
        return False
    return script.get("type") == "module" or _BUNDLE.search(source) is not None


def _holds_state(script: Element) -> bool:
    return script.get("id") == "__NEXT_DATA__" or _STATE.search((script.text or "")[:2000]) is not None
