"""One spelling for one page, and which pages belong to a site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import quote, urljoin, urlsplit

from kbassist.errors import InvalidArgumentError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_IN_PATH = "/:@!$&'()*+,;=~"
_IN_QUERY = _IN_PATH + "?"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_CONTROLS = re.compile(r"[\t\n\r]")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)

_TRACKING = frozenset(
    "gclid gclsrc dclid gbraid wbraid fbclid msclkid yclid ttclid twclid igshid srsltid epik mc_cid mc_eid "
    "mkt_tok _ga _gl _hsenc _hsmi _openstat vero_id wickedid ceneo_cid "
    "phpsessid jsessionid sessionid session_id aspsessionid cfid cftoken oscsid zenid".split()
)
_TRACKING_PREFIXES = ("utm_", "hsa_", "aspsessionid")
# "sid" may number a shop's stores as well: only a long random value is a session.
_SESSION_VALUE = re.compile(r"(?:s|sid)=(?=[^&]*\d)[0-9A-Za-z]{24,}", re.IGNORECASE)


def normalise(url: str, base: str = "") -> str:
    """`url` (joined to `base`) in the one spelling that RFC 3986 section 6.2 leaves.

    Lower-case scheme and host (international names as `xn--…`), no default port, no fragment, dot
    segments resolved, escapes in capitals and only where they are needed, `/` for an empty path.
    Raises `InvalidArgumentError` for anything but http and https, for a URL without a host, and for
    one that carries a user name or password, which the message does not repeat.
    """
    cleaned = _CONTROLS.sub("", url).strip().split("#", 1)[0]
    before, question, after = cleaned.partition("?")
    cleaned = before.replace("\\", "/") + question + after  # as browsers do in http URLs
    try:
        parts = urlsplit(urljoin(base, cleaned))
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        raise InvalidArgumentError(f"{_shown(url)} is not a URL") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise InvalidArgumentError(
            f"{_shown(url)} is not a web address: it has to begin with http:// or https://"
        )
    if "@" in parts.netloc:
        raise InvalidArgumentError(
            f"The URL for {host} carries a user name or password, which would end up in every citation: "
            "leave it out"
        )
    if not host:
        raise InvalidArgumentError(f"{_shown(url)} names no host")
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    path = _without_dots(_requote(parts.path, _IN_PATH)) or "/"
    query = _requote(parts.query, _IN_QUERY)
    return f"{parts.scheme}://{netloc}{path}{'?' + query if query else ''}"


def canonical_url(url: str, base: str = "") -> str:
    """`normalise`, without the parameters that track visits or carry session ids.

    The other parameters stay in their order: to some sites it matters.
    """
    address, _, query = normalise(url, base).partition("?")
    kept = "&".join(item for item in query.split("&") if item and not _is_tracking(item))
    scheme, _, rest = address.partition("://")
    address = f"{scheme}://{_SESSION_IN_PATH.sub('', rest)}"
    return f"{address}?{kept}" if kept else address


def host_of(url: str) -> str:
    """Host and, where it is not the default, port of a normalised URL."""
    return urlsplit(url).netloc


def path_of(url: str) -> str:
    """Path and query of a normalised URL: what a site's own rules are written for."""
    return url.split("://", 1)[-1].removeprefix(host_of(url))


def origin_of(url: str) -> str:
    """Scheme and host of a normalised URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def site_name(url: str) -> str:
    """The host that stands for a site, `www.` left out; the URL itself when it has none."""
    try:
        return host_of(canonical_url(url if "://" in url else f"https://{url}")).removeprefix("www.")
    except InvalidArgumentError:
        return url


def spellings(url: str) -> list[str]:
    """The canonical URL with http and https, with and without `www.`; only itself when it is not one."""
    try:
        canonical = canonical_url(url if "://" in url else f"https://{url}")
    except InvalidArgumentError:
        return [url]
    host, path = host_of(canonical).removeprefix("www."), path_of(canonical)
    made = [f"{scheme}://{www}{host}{path}" for scheme in _DEFAULT_PORTS for www in ("", "www.")]
    return list(dict.fromkeys([url, canonical, *made]))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which URLs belong to a site, and which of them are wanted.

    A site is one host, with or without `www.`, by http or https; `aliases` are further hosts that
    stand for it. `include` and `exclude` are patterns with `*` for path and query (`/pomoc/*`);
    without `include` everything is wanted.
    """

    origin: str
    aliases: frozenset[str] = frozenset()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def locate(self, url: str) -> str | None:
        """As `own`, for a URL as somebody wrote it, relative ones included."""
        try:
            return self.own(canonical_url(url, self.origin))
        except InvalidArgumentError:
            return None

    def own(self, url: str) -> str | None:
        """The canonical URL as this site spells it; None when it belongs to another site."""
        host = host_of(url)
        same = host.removeprefix("www.") == host_of(self.origin).removeprefix("www.")
        if not same and host not in self.aliases:
            return None
        return self.origin + path_of(url)

    def unwanted(self, url: str) -> str:
        """Why a URL of this site is left out; empty when it is wanted."""
        path = path_of(url)
        for pattern in self.exclude:
            if fnmatchcase(path, pattern):
                return f"out of scope: excluded by {pattern!r}"
        if self.include and not any(fnmatchcase(path, pattern) for pattern in self.include):
            return "out of scope: no include pattern matches"
        return ""


def _shown(url: str) -> str:
    # What stands before an @ may be a password.
    return repr(re.sub(r"(?<=://)[^/@]*@", "", url)[:200])


def _host(host: str) -> str:
    host = host.removesuffix(".").lower()
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = host.encode("idna").decode("ascii")
    if host and not _HOST.fullmatch(host):
        raise ValueError(host)
    return host


def _requote(part: str, safe: str) -> str:
    def fix(escape: re.Match[str]) -> str:
        if escape[1] is None:
            return "%25"
        character = chr(int(escape[1], 16))
        return character if character in _UNRESERVED else f"%{escape[1].upper()}"

    return quote(_ESCAPE.sub(fix, part), safe=safe + "%", errors="replace")


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4 for an absolute path."""
    kept: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
        if segment in (".", "..") and position == len(segments) - 1:
            kept.append("")
    return "/".join(kept)


def _is_tracking(item: str) -> bool:
    name = item.partition("=")[0].lower()
    return (
        name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or _SESSION_VALUE.fullmatch(item) is not None
    )
