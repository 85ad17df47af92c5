"""The way into a site: its first page, and the rules that hold there."""

from __future__ import annotations

from functools import partial

from kbassist.errors import InvalidArgumentError, SourceError, UnsafeAddressError
from kbassist.sources.web.fetch import PRODUCT, Fetcher, FetchFailure, Page, status_text
from kbassist.sources.web.robots import Robots, fetch_robots
from kbassist.sources.web.urls import canonical_url, host_of, origin_of
from kbassist.sources.web.webpage import is_readable

_MOST_ENTRANCES = 5


def start_of(url: str) -> str:
    """The canonical URL to begin at. Raises `SourceError` for what is not one."""
    try:
        return canonical_url(url)
    except InvalidArgumentError as error:
        example = "https://www.example.pl" if "://" in url or not url.strip() else f"https://{url.strip()}"
        raise SourceError(f"{error}. Give it as a browser shows it, like {example}") from None


def enter(fetcher: Fetcher, start: str) -> tuple[Page, Robots]:
    """The first page and the rules of the site that the start leads to, be it on another host.

    Raises `SourceError` when there is no way in, `UnsafeAddressError` when it is a private address.
    """
    url = start
    for _ in range(_MOST_ENTRANCES):
        origin = origin_of(url)
        robots = fetch_robots(fetcher, origin)
        if isinstance(robots, FetchFailure):
            raise _no_entrance(start, robots)
        if robots.unreachable:
            raise SourceError(
                f"{start} cannot be read: {robots.unreachable}, and until it answers nothing on the site may "
                "be fetched (RFC 9309). Try again later"
            )
        if not robots.allows(url):
            raise SourceError(
                f"{start} cannot be read: {origin}/robots.txt does not allow it. Ask for a group "
                f"'User-agent: {PRODUCT}' with 'Allow: /' there, or add the site's files with add_files"
            )
        fetcher.slow_down(host_of(origin), robots.delay)
        answer = fetcher.fetch(url, admit=partial(_barred, origin, robots), wanted=is_readable)
        if isinstance(answer, Page):
            if answer.status != 200:
                raise SourceError(
                    f"{start} cannot be read: the server answered {status_text(answer.status)}. Check the "
                    "address in a browser"
                )
            return answer, robots
        if not answer.location:
            raise _no_entrance(start, answer)
        url = canonical_url(answer.location)
    raise SourceError(f"{start} cannot be read: it redirects from host to host. Give the last address")


def _barred(origin: str, robots: Robots, url: str) -> str:
    """Why a redirect is not simply followed: the rules for where it leads are to be read first."""
    return "" if origin_of(url) == origin and robots.allows(url) else "other rules"


def _no_entrance(start: str, failure: FetchFailure) -> SourceError:
    if failure.kind == "address":
        return UnsafeAddressError(f"{start} cannot be read: {failure.reason}")
    cure = {
        "host": "Check the spelling and the connection to the network",
        "network": "Check the address and whether the site is up",
        "timeout": "Check in a browser whether the site is up, and try again later",
        "redirect": "Check the address in a browser",
        "url": "Check the address",
        "body": "Start at another page of the site",
    }[failure.kind]
    return SourceError(f"{start} cannot be read: {failure.reason}. {cure}")
