"""A real HTTP server on loopback, in a thread, for tests that crawl."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Request:
    """What the server was asked: path with query, and headers with lower-case names."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What it answers. `stream` replaces `body`: its pieces are sent as they come, without a length."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: dict(HTML))
    stream: Callable[[Event], Iterator[bytes]] | None = None


Route = Reply | str | bytes | Callable[[Request], Reply]


def redirect(target: str, status: int = 301) -> Reply:
    """To `target`, which may be relative."""
    return Reply(status=status, headers={"Location": target})


def page(body: str, *, title: str = "", head: str = "") -> str:
    """An HTML page in Polish."""
    return (
        f'<!doctype html><html lang="pl"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # the other side had enough
            super().handle_error(request, client_address)


class SiteServer:
    """Serves `routes`, path (with query, where that matters) to answer; anything else is a 404.

    `requests` are those that came, in order. `stopping` is set when the server ends, so that a slow
    answer can wait on it and never outlives its test.
    """

    def __init__(self, routes: dict[str, Route]) -> None:
        self.routes = routes
        self.requests: list[Request] = []
        self.stopping = Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.path for request in self.requests]

    def answer(self, request: Request) -> Reply:
        route = self.routes.get(request.path, self.routes.get(urlsplit(request.path).path))
        if route is None:
            return Reply(b"<h1>404</h1>", 404)
        if callable(route):
            return route(request)
        if isinstance(route, Reply):
            return route
        return Reply(route.encode() if isinstance(route, str) else route)

    def start(self) -> None:
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def serve(routes: dict[str, Route]) -> Iterator[SiteServer]:
    """A server for the time of a `with` block."""
    server = SiteServer(routes)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _handler(site: SiteServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            request = Request(self.path, {name.lower(): value for name, value in self.headers.items()})
            site.requests.append(request)
            reply = site.answer(request)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.stream is not None:
                self.send_header("Connection", "close")
                self.end_headers()
                for piece in reply.stream(site.stopping):
                    self.wfile.write(piece)
            else:
                if "Content-Length" not in reply.headers and reply.status != 304:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
