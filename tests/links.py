"""A link between phones and the server that can be cut, and that counts what the server really sends."""

import http.client
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass
class Sent:
    """One answer: what was asked, and bytes on the wire."""

    asked: str
    body: int
    headers: int


@dataclass
class Link:
    """Where phones reach the server, and every answer that passed, in order. While it is `cut`, nobody answers."""

    address: str
    sent: list[Sent] = field(default_factory=list)
    cut: bool = False

    @property
    def bodies(self) -> int:
        """Bytes of all bodies, compressed as they were sent."""
        return sum(one.body for one in self.sent)

    def only(self, wanted: Iterable[Sent]) -> "Link":
        """The same link with these answers alone."""
        return Link(self.address, list(wanted))

    def __str__(self) -> str:
        lines = [f"{one.body:7} + {one.headers:4} {one.asked}" for one in self.sent]
        headers = sum(one.headers for one in self.sent)
        return "\n".join([*lines, f"{self.bodies:7} + {headers:4} in {len(self.sent)} requests"])


@contextmanager
def link_to(server: str) -> Iterator[Link]:
    """A link to `server`, on loopback, on a port of its own."""
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    proxy.link = link = Link(f"http://localhost:{proxy.server_port}")  # type: ignore[attr-defined]
    proxy.behind = urlsplit(server).netloc  # type: ignore[attr-defined]
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield link
    finally:
        proxy.shutdown()
        proxy.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        link: Link = self.server.link  # type: ignore[attr-defined]
        if link.cut:
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with closing(http.client.HTTPConnection(self.server.behind, timeout=30)) as behind:  # type: ignore[attr-defined]
            behind.request(self.command, self.path, body, dict(self.headers))
            with behind.getresponse() as answer:
                content = answer.read()
        head = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP | {"content-length"}]
        head.append(("Content-Length", str(len(content))))
        size = sum(len(name) + len(value) + 4 for name, value in head)
        link.sent.append(Sent(f"{self.command} {self.path}", len(content), size))
        with suppress(ConnectionError):  # the browser was closed meanwhile
            self.send_response_only(answer.status)
            for name, value in head:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = do_PATCH = do_DELETE = _pass_on  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing."""
