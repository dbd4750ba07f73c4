"""A proxy that counts what a server really sends: requests, bodies as they travel, headers beside."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
class Counted:
    """Where the proxy listens, and everything that passed so far, in order."""

    address: str
    sent: list[Sent] = field(default_factory=list)

    @property
    def bodies(self) -> int:
        """Bytes of all bodies, compressed as they were sent."""
        return sum(one.body for one in self.sent)

    def __str__(self) -> str:
        lines = [f"{one.body:7} + {one.headers:4} {one.asked}" for one in self.sent]
        headers = sum(one.headers for one in self.sent)
        return "\n".join([*lines, f"{self.bodies:7} + {headers:4} in {len(self.sent)} requests"])


@contextmanager
def counting(server: str) -> Iterator[Counted]:
    """A proxy before `server`, on loopback, on a port of its own."""
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    proxy.counted = counted = Counted(f"http://localhost:{proxy.server_port}")  # type: ignore[attr-defined]
    proxy.behind = urlsplit(server).netloc  # type: ignore[attr-defined]
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield counted
    finally:
        proxy.shutdown()
        proxy.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with closing(http.client.HTTPConnection(self.server.behind, timeout=30)) as behind:  # type: ignore[attr-defined]
            behind.request(self.command, self.path, body, dict(self.headers))
            with behind.getresponse() as answer:
                content = answer.read()
        head = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP | {"content-length"}]
        head.append(("Content-Length", str(len(content))))
        size = sum(len(name) + len(value) + 4 for name, value in head)
        self.server.counted.sent.append(Sent(f"{self.command} {self.path}", len(content), size))  # type: ignore[attr-defined]
        self.send_response_only(answer.status)
        for name, value in head:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_HEAD = do_PATCH = do_DELETE = _pass_on  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing."""
