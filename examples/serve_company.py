"""Serve the example company's site on this machine.

    python examples/serve_company.py --port 8000

The site behaves as a small shop's does: redirects, a 404 page, ETag and Last-Modified with 304, and a
sitemap with absolute addresses (`{{base}}` becomes the address that was asked). Each request reads its file
anew, so a page edited while the site runs is served as edited, with a new ETag.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

COMPANY = Path(__file__).resolve().parent / "company"

# HTML names its own charset, as it does on many shared hosts: one page of the site is ISO-8859-2.
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}
FIXED_DATE = datetime(2026, 1, 2, tzinfo=UTC)


def read_redirects(path: Path) -> dict[str, str]:
    """`/from /to` pairs, one a line; other lines are comments."""
    return dict(re.findall(r"(?m)^(/\S*) (\S+)$", path.read_text(encoding="utf-8")))


def read_dates(sitemap: Path) -> dict[str, datetime]:
    """The `lastmod` of each path in the sitemap; a checkout does not keep the files' own dates."""
    found = re.findall(r"<loc>\{\{base\}\}(.*?)</loc><lastmod>(.*?)</lastmod>", sitemap.read_text("utf-8"))
    return {path: datetime.fromisoformat(day).replace(tzinfo=UTC) for path, day in found}


class CompanyHandler(BaseHTTPRequestHandler):
    """GET and HEAD for the files under `site`."""

    server_version = "RudySzpadel"
    sys_version = ""

    def __init__(
        self, *args: Any, site: Path, redirects: Mapping[str, str], dates: Mapping[str, datetime]
    ) -> None:
        self.site = site
        self.redirects = redirects
        self.dates = dates
        super().__init__(*args)

    def do_GET(self) -> None:
        self.respond()

    def do_HEAD(self) -> None:
        self.respond()

    def respond(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path in self.redirects:
            self.reply(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": self.redirects[path]})
            return
        file = self.file_at(path)
        if file is None:
            self.reply(
                HTTPStatus.NOT_FOUND,
                (self.site / "404.html").read_bytes(),
                {"Content-Type": CONTENT_TYPES[".html"]},
            )
            return
        if file.is_dir():
            self.reply(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": f"{path}/"})
            return
        body = file.read_bytes()
        if file.suffix in {".txt", ".xml"}:
            body = body.replace(b"{{base}}", self.base().encode())
        changed = self.dates.get(path, FIXED_DATE)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Last-Modified": format_datetime(changed, usegmt=True)}
        if self.is_known(tag, changed):
            self.reply(HTTPStatus.NOT_MODIFIED, b"", headers)
            return
        content_type = CONTENT_TYPES.get(file.suffix, "application/octet-stream")
        self.reply(HTTPStatus.OK, body, {**headers, "Content-Type": content_type})

    def file_at(self, path: str) -> Path | None:
        """The file that a path names, a folder that lacks its slash, or None."""
        if "\0" in path:
            return None
        file = (self.site / path.lstrip("/")).resolve()
        if not file.is_relative_to(self.site):
            return None
        if path.endswith("/"):
            file = file / "index.html"
        return file if file.exists() else None

    def base(self) -> str:
        host, port = self.connection.getsockname()[:2]
        return f"http://{self.headers.get('Host', f'{host}:{port}')}"

    def is_known(self, tag: str, changed: datetime) -> bool:
        """Whether the client holds this version; an ETag decides alone where both are sent (RFC 9110)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or tag in re.split(r"\s*,\s*", tags.replace("W/", "").strip())
        try:
            return changed <= parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except (TypeError, ValueError):
            return False

    def reply(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: tests and notebooks read what is printed."""


class QuietServer(ThreadingHTTPServer):
    """Says nothing when a client hangs up in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def make_server(host: str, port: int, company: Path) -> ThreadingHTTPServer:
    site = (company / "site").resolve()
    handler = partial(
        CompanyHandler,
        site=site,
        redirects=read_redirects(company / "redirects.txt"),
        dates=read_dates(site / "sitemap.xml"),
    )
    return QuietServer((host, port), handler)


@contextmanager
def serve(host: str = "127.0.0.1", port: int = 0, company: Path = COMPANY) -> Iterator[str]:
    """Serve in a thread while the block runs; yields the address, without a slash at its end.

    Port 0 takes a free one. `company` may be a copy to edit. `Last-Modified` comes from the sitemap as it
    was at the start, so a client that sends back no ETag does not see such an edit.
    """
    with make_server(host, port, company) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the site of the example company until Ctrl-C.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free port")
    options = parser.parse_args()
    with make_server(options.host, options.port, COMPANY) as server:
        print(f"http://{options.host}:{server.server_port}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
