"""A transport that connects only to addresses that have been looked at.

The check sits where the socket is opened, after the host's name has been resolved, and the
connection goes to the very address that was checked. So it holds for each redirect, and a name that
resolves to something else the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from weakref import WeakSet

import httpcore
import httpx

from kbassist.errors import UnsafeAddressError

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to IP addresses; raises `OSError` when there is none."""

_NAT64 = IPv6Network("64:ff9b::/96")
# Azure's is a public address; the others are link-local or private.
_METADATA = frozenset({"168.63.129.16", "169.254.169.254", "100.100.100.200", "fd00:ec2::254"})


def system_addresses(host: str, port: int) -> list[str]:
    """What the system's resolver says, without repeats."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def refusal(address: str, *, allow_private: bool = False) -> str:
    """What is wrong with connecting to an IP address; empty when nothing is.

    `allow_private` lets loopback and private networks through. Link-local and multicast addresses
    and those where cloud machines keep their credentials are never let through: no site lives there.
    """
    ip = _inner(ip_address(address.partition("%")[0]))
    if str(ip) in _METADATA:
        return "a cloud metadata address"
    if ip.is_link_local:
        return "a link-local address"
    if ip.is_multicast or ip.is_unspecified:
        return "not the address of one machine"
    if allow_private:
        return ""
    if ip.is_loopback:
        return "a loopback address"
    return "" if ip.is_global and not ip.is_reserved else "a private or reserved address"


def _inner(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address leads to, where it is one of those."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


class GuardedTransport(httpx.BaseTransport):
    """HTTP/1.1 straight to the host, never through a proxy: the address has to be seen.

    A request's extension `"deadline"` (a `time.monotonic()` moment) bounds all its reads together,
    which a timeout for each read does not. Safe to use from several threads.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolve: Resolver = system_addresses,
        network: httpcore.NetworkBackend | None = None,
        connections: int = 4,
    ) -> None:
        self._network = _GuardedNetwork(allow_private, resolve, network or httpcore.SyncBackend())
        self._connections = connections
        self._pools: dict[bool, httpcore.ConnectionPool] = {}
        self._opening = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._network.begin(float(request.extensions.get("deadline", "inf")))
        with _as_httpx(request):
            answer = self._pool(request.url.scheme == "https").handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer, request), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close the connections. Requests that other threads are waiting for break off."""
        self._network.abort()
        for pool in self._pools.values():
            pool.close()

    def _pool(self, secure: bool) -> httpcore.ConnectionPool:
        with self._opening:
            if secure not in self._pools:  # reading the certificates takes a tenth of a second
                self._pools[secure] = httpcore.ConnectionPool(
                    ssl_context=httpx.create_ssl_context() if secure else None,
                    network_backend=self._network,
                    max_connections=self._connections,
                    keepalive_expiry=15.0,
                )
            return self._pools[secure]


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response, request: httpx.Request) -> None:
        self._answer = answer
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx(self._request):
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _GuardedNetwork(httpcore.NetworkBackend):
    def __init__(self, allow_private: bool, resolve: Resolver, inner: httpcore.NetworkBackend) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._inner = inner
        self._request = threading.local()  # whose deadline it is: a thread serves one request at a time
        self._streams: WeakSet[_BoundedStream] = WeakSet()
        self._aborted = False

    def begin(self, deadline: float) -> None:
        """From now on this thread works on a request that ends at `deadline`."""
        self._request.deadline = deadline

    def abort(self) -> None:
        """Wake up every thread that waits for bytes."""
        self._aborted = True
        for stream in list(self._streams):
            stream.wake()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._checked(host, port)
        for position, address in enumerate(addresses):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self.bounded(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses) - 1:
                    raise
            else:
                bounded = _BoundedStream(stream, self)
                self._streams.add(bounded)
                return bounded
        raise AssertionError("_checked returns at least one address")

    def bounded(self, timeout: float | None) -> float | None:
        if self._aborted:
            raise httpcore.ReadError("the transport was closed")
        left = getattr(self._request, "deadline", float("inf")) - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this request is over")
        return min(left, timeout) if timeout is not None else (None if left == float("inf") else left)

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise HostNotFound(f"there is no host named {host}") from error
        # One bad address among good ones is how rebinding looks, so all have to be good.
        for address in addresses:
            reason = refusal(address, allow_private=self._allow_private)
            if reason:
                cure = "" if refusal(address, allow_private=True) else "; allow_private=True lets it through"
                named = host if host == address else f"{host} ({address})"
                raise UnsafeAddressError(f"{named} is {reason}, which is refused{cure}")
        if not addresses:
            raise HostNotFound(f"{host} has no address")
        return addresses


class HostNotFound(httpx.ConnectError):
    """The host's name cannot be resolved."""


class _BoundedStream(httpcore.NetworkStream):
    """A stream whose reads and writes end by the deadline of the request that is being served."""

    def __init__(self, inner: httpcore.NetworkStream, network: _GuardedNetwork) -> None:
        self._inner = inner
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._network.bounded(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._network.bounded(timeout))

    def close(self) -> None:
        self._inner.close()

    def wake(self) -> None:
        """End the reads and writes that are going on in other threads."""
        connection = self._inner.get_extra_info("socket")
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        bounded = self._network.bounded(timeout)
        return _BoundedStream(self._inner.start_tls(ssl_context, server_hostname, bounded), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@contextmanager
def _as_httpx(request: httpx.Request) -> Iterator[None]:
    """The errors of httpcore under the names that httpx gives them, which are the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise getattr(httpx, type(error).__name__)(str(error), request=request) from error
