"""A link between phones and the server that can be cut, slow or somebody else's, and that counts what the server really sends."""

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass
class Sent:
    """One answer: what was asked, bytes on the wire, and as whom it was asked."""

    asked: str
    body: int
    headers: int
    bearer: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a phone is told."""

    status: int
    head: list[tuple[str, str]]
    body: bytes


Fault = Callable[[str], Answer | None]
"""Who answers in the server's place, by `METHOD /path`; None: the server does."""

Change = Callable[[str, Answer], Answer]
"""What becomes of the server's answer on the way. The server is then asked for it whole and uncompressed."""


@dataclass
class Speed:
    """A link that takes its time, the same for all who share it: a round trip, and bytes a second each way."""

    bytes_a_second: float
    round_trip: float = 0
    _busy: dict[str, threading.Lock] = field(default_factory=lambda: {"up": threading.Lock(), "down": threading.Lock()})

    def take(self, way: str, count: int) -> None:
        """Return when so many bytes have passed."""
        with self._busy[way]:
            time.sleep(count / self.bytes_a_second)


PIECE = 1024


@dataclass
class Link:
    """Where phones reach the server, and every answer that passed, in order. While it is `cut`, nobody answers."""

    address: str
    sent: list[Sent] = field(default_factory=list)
    cut: bool = False
    speed: Speed | None = None
    fault: Fault | None = None
    change: Change | None = None
    faults: int = 0
    """How often the fault answered."""
    exchanging: int = 0
    most_exchanging: int = 0
    """How many requests to the sync endpoint were ever under way at once."""

    def slow_down(self, *, round_trip: float, bits_a_second: float = 1e9) -> None:
        """From now on; the round trip in seconds."""
        self.speed = Speed(bits_a_second / 8, round_trip)

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

    @property
    def _link(self) -> Link:
        return self.server.link  # type: ignore[attr-defined, no-any-return]

    def _pass_on(self) -> None:
        if self._link.cut:
            self.close_connection = True
            return
        asked = f"{self.command} {self.path}"
        exchange = asked == "POST /api/v1/sync"
        self._link.exchanging += exchange
        self._link.most_exchanging = max(self._link.most_exchanging, self._link.exchanging)
        try:
            answer = self._answer_to(asked, self._body())
        except ConnectionError:  # the browser was closed meanwhile
            self.close_connection = True
            return
        finally:
            self._link.exchanging -= exchange
        with suppress(ConnectionError):
            self._send(asked, answer)

    def _body(self) -> bytes:
        left = int(self.headers.get("Content-Length", 0))
        if self._link.speed:
            time.sleep(self._link.speed.round_trip)
        body = b""
        while left > len(body):
            piece = self.rfile.read(min(PIECE, left - len(body)))
            if not piece:
                raise ConnectionError
            self._take("up", len(piece))
            body += piece
        return body

    def _take(self, way: str, count: int) -> None:
        if self._link.speed:
            self._link.speed.take(way, count)
        if self._link.cut:
            raise ConnectionError

    def _answer_to(self, asked: str, body: bytes) -> Answer:
        answer = self._link.fault(asked) if self._link.fault else None
        if answer is None:
            return self._ask(asked, body)
        self._link.faults += 1
        return answer

    def _send(self, asked: str, answer: Answer) -> None:
        head = [(name, value) for name, value in answer.head if name.lower() not in HOP | {"content-length"}]
        head.append(("Content-Length", str(len(answer.body))))
        size = sum(len(name) + len(value) + 4 for name, value in head)
        self._link.sent.append(Sent(asked, len(answer.body), size, self.headers["Authorization"]))
        self.send_response_only(answer.status)
        for name, value in head:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            for start in range(0, len(answer.body), PIECE):
                self._take("down", len(answer.body[start : start + PIECE]))
                self.wfile.write(answer.body[start : start + PIECE])

    def _ask(self, asked: str, body: bytes) -> Answer:
        head = dict(self.headers)
        if self._link.change:
            head = {
                name: value for name, value in head.items() if name.lower() not in {"if-none-match", "accept-encoding"}
            }
        with closing(http.client.HTTPConnection(self.server.behind, timeout=30)) as behind:  # type: ignore[attr-defined]
            behind.request(self.command, self.path, body, head)
            with behind.getresponse() as reply:
                answer = Answer(reply.status, reply.getheaders(), reply.read())
        return self._link.change(asked, answer) if self._link.change else answer

    do_GET = do_POST = do_HEAD = do_PATCH = do_DELETE = _pass_on  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing."""
