"""One page over HTTP, within bounds: addresses, redirects, bytes, time, and the site's patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Literal, Self

import httpx

from kbassist.errors import InvalidArgumentError, UnsafeAddressError
from kbassist.sources.web.guard import GuardedTransport, HostNotFound
from kbassist.sources.web.unpack import BodyError, limited, unpacked
from kbassist.sources.web.urls import host_of, normalise, origin_of

PRODUCT = "kbassist"
"""The name that robots.txt files know this crawler by."""

MAX_BYTES = 25_000_000
"""Of one response, unpacked."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_BUSY = frozenset({429, 503})
_LONGEST_WAIT = 30.0  # seconds that a server may ask for, in Retry-After or Crawl-delay

FailureKind = Literal["address", "host", "network", "timeout", "redirect", "body", "url"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered, after redirects. `content` is decompressed.

    `headers` have lower-case names. `redirects` are the URLs that led elsewhere, in order;
    `moved_for_good` says that all of them did so permanently. `content` is empty for a status of 300
    or more and for a type that the caller did not want.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    fetched_at: datetime
    redirects: tuple[str, ...] = ()
    moved_for_good: bool = False

    @property
    def content_type(self) -> str:
        """`text/html`, in lower case and without parameters; empty when the server does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """What the server says about it."""
        message = Message()
        message["content-type"] = self.headers.get("content-type", "")
        return message.get_content_charset()


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """Why there is no page, for a person (`reason`) and for a program (`kind`).

    `location` is where a redirect led that was not followed; `moved_for_good` says that it and those
    before it were permanent.
    """

    url: str
    kind: FailureKind
    reason: str
    location: str = ""
    moved_for_good: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """Headers and cookies that open one origin (`https://intranet.example.pl`) and go nowhere else."""

    origin: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)


class Fetcher:
    """Fetches pages and keeps a distance between two requests to the same host.

    Safe to use from several threads; at most `concurrency` requests to one host run at a time. `delay`
    and the timeouts are in seconds: `timeout` for each step, `total_timeout` for a whole response,
    however slowly it drips. `max_bytes` counts decompressed bytes. A 429 or 503 is tried again
    `retries` times, after the pause that the server asks for or one that doubles. `credentials` are
    sent to their one origin, which no other ever gets to see.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        delay: float = 0.0,
        concurrency: int = 1,
        timeout: float = 20.0,
        total_timeout: float = 60.0,
        max_bytes: int = MAX_BYTES,
        max_redirects: int = 10,
        retries: int = 2,
        credentials: Credentials | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._delay = delay
        self._total_timeout = total_timeout
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._retries = retries
        self._closing = threading.Event()
        self._sleep = sleep or self._closing.wait  # so that closing ends every pause
        self._credentials = credentials
        self._delays: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._concurrency = concurrency
        self._turns: dict[str, threading.Semaphore] = {}
        self._bookkeeping = threading.Lock()
        guarded = GuardedTransport(allow_private=allow_private, connections=max(concurrency, 4))
        self._client = httpx.Client(
            transport=transport or guarded,
            headers={
                "User-Agent": f"{PRODUCT}/{version('kbassist')}",
                "Accept": "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.8,*/*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
                "Accept-Language": "pl,en;q=0.8",
            },
            timeout=timeout,
            trust_env=False,  # a proxy would connect where the transport cannot look
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. What other threads wait for ends as a failure, soon."""
        self._closing.set()
        self._client.close()

    def slow_down(self, host: str, seconds: float) -> None:
        """Keep at least this distance between two requests to `host` (up to half a minute)."""
        self._delays[host] = min(max(seconds, 0.0), _LONGEST_WAIT)

    def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        admit: Callable[[str], str] = lambda _: "",
        wanted: Callable[[str], bool] = lambda _: True,
    ) -> Page | FetchFailure:
        """GET `url` and follow its redirects.

        `admit` is asked before each redirect is followed: what it returns is the reason not to, empty
        for none. `wanted` is asked for the type before a body is read.
        """
        try:
            current = normalise(url)
        except InvalidArgumentError as error:
            return FetchFailure(url, "url", str(error))
        passed: list[str] = []
        for_good = True
        while True:
            # A condition holds for the page that it was made for, not for where that one leads.
            answer = self._patiently(current, {} if passed else headers or {}, wanted)
            if isinstance(answer, FetchFailure):
                return FetchFailure(url, answer.kind, _via(passed, current) + answer.reason)
            status, answer_headers, content = answer
            target = answer_headers.get("location", "")
            if status not in _REDIRECTS or not target:
                moment = datetime.now(UTC)
                for_good = for_good and bool(passed)
                return Page(url, current, status, answer_headers, content, moment, tuple(passed), for_good)
            passed.append(current)
            for_good = for_good and status in _PERMANENT
            try:
                current = normalise(target, current)
            except InvalidArgumentError as error:
                return FetchFailure(url, "redirect", f"redirects to a bad address: {error}")
            if current in passed:
                return FetchFailure(url, "redirect", f"redirect loop: {' → '.join([*passed, current])}")
            if len(passed) > self._max_redirects:
                return FetchFailure(url, "redirect", f"more than {self._max_redirects} redirects")
            reason = admit(current)
            if reason:
                reason = f"redirects to {current}: {reason}"
                return FetchFailure(url, "redirect", reason, current, for_good)

    def _patiently(
        self, url: str, headers: Mapping[str, str], wanted: Callable[[str], bool]
    ) -> tuple[int, dict[str, str], bytes] | FetchFailure:
        """One hop, tried again when the server is busy or an idle connection broke."""
        host = host_of(url)
        pause = 1.0
        for left in range(self._retries, -1, -1):
            with self._turn(host):
                self._keep_distance(host)
                answer = self._once(url, headers, wanted)
            if isinstance(answer, FetchFailure):
                if answer.kind != "network" or not left:
                    return answer
                continue
            status, answer_headers, _ = answer
            if status not in _BUSY or not left:
                return answer
            asked = _retry_after(answer_headers.get("retry-after", ""))
            if asked is not None and asked > _LONGEST_WAIT:
                return answer
            self._sleep(pause if asked is None else asked)
            pause *= 2
        raise AssertionError("the last round returns")

    def _turn(self, host: str) -> threading.Semaphore:
        with self._bookkeeping:
            return self._turns.setdefault(host, threading.Semaphore(self._concurrency))

    def _keep_distance(self, host: str) -> None:
        with self._bookkeeping:
            delay = max(self._delay, self._delays.get(host, 0.0))
            now = time.monotonic()
            start = max(now, self._last[host] + delay) if host in self._last and delay else now
            self._last[host] = start  # the next one's distance counts from here
        if start > now:
            self._sleep(start - now)

    def _credentials_for(self, url: str) -> Credentials:
        mine = self._credentials
        return mine if mine is not None and mine.origin == origin_of(url) else Credentials("")

    def _once(
        self, url: str, headers: Mapping[str, str], wanted: Callable[[str], bool]
    ) -> tuple[int, dict[str, str], bytes] | FetchFailure:
        if self._closing.is_set():
            return FetchFailure(url, "network", "broken off: the crawl has ended")
        started = time.monotonic()
        deadline = {"deadline": started + self._total_timeout}
        try:
            known = self._credentials_for(url)
            request = self._client.build_request(
                "GET",
                url,
                headers={**known.headers, **headers},
                cookies=dict(known.cookies),
                extensions=deadline,
            )
            response = self._client.send(request, stream=True)
            try:
                answer_headers = {name.lower(): value for name, value in response.headers.items()}
                content_type = answer_headers.get("content-type", "").partition(";")[0].strip().lower()
                content = b""
                if response.status_code < 300 and wanted(content_type):
                    content = _body(response, self._max_bytes)
                return response.status_code, answer_headers, content
            finally:
                response.close()
        except UnsafeAddressError as error:
            return FetchFailure(url, "address", str(error))
        except HostNotFound as error:
            return FetchFailure(url, "host", str(error))
        except httpx.TimeoutException:
            took = time.monotonic() - started
            return FetchFailure(url, "timeout", f"no complete answer after {took:.1f} s")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return FetchFailure(url, "network", _network_reason(url, error))
        except BodyError as error:
            return FetchFailure(url, "body", str(error))


def _body(response: httpx.Response, limit: int) -> bytes:
    """The body, never more than `limit` bytes of it in memory, whatever it unpacks to.

    httpx unpacks each chunk whole, and a chunk of a bomb is a thousand times its size.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise BodyError(f"packed as {encoding!r}, which was not asked for")
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyError(f"larger than {limit / 1e6:g} MB")
    raw = limited(response.iter_raw(), limit)
    return b"".join(raw if encoding in ("", "identity") else unpacked(raw, limit))


def http_date(value: str) -> datetime | None:
    """The moment in an HTTP header, aware; None when it is not one."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def status_text(status: int) -> str:
    """`404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _retry_after(value: str) -> float | None:
    """Seconds, given as such or as a moment."""
    if value.strip().isdecimal():
        return float(value)
    moment = http_date(value)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0) if moment else None


def _via(passed: list[str], current: str) -> str:
    return f"redirects to {current}: " if passed else ""


def _network_reason(url: str, error: Exception) -> str:
    text = str(error)
    if "CERTIFICATE" in text.upper():
        return f"the TLS certificate of {host_of(url)} is not valid ({text})"
    if isinstance(error, httpx.ConnectError):
        return f"{host_of(url)} does not accept connections ({text or type(error).__name__})"
    return f"the connection broke off ({text or type(error).__name__})"
