"""A link that is as slow as a phone's, over real sockets on loopback, and that keeps every byte that passed."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PIECE = 512
"""Bytes that are on the wire at once: about a packet."""
AHEAD_SECONDS = 0.5
"""How much the sender may write ahead of the wire, as a socket's buffer lets it."""


@dataclass
class Wire:
    """One direction of a link, shared by all connections. `bits` per second and `delay` seconds; no `bits`: as fast as it goes."""

    bits: float | None
    delay: float
    free_at: float = 0.0
    passed: int = 0

    def arrival(self, size: int, now: float) -> float:
        """When a piece put on the wire now is at the other end."""
        self.passed += size
        if self.bits is None:
            return now + self.delay
        self.free_at = max(now, self.free_at) + size * 8 / self.bits
        return self.free_at + self.delay


@dataclass
class Talk:
    """One connection, as it was said."""

    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)


@dataclass
class SlowLink:
    """Where phones reach the server. What passed is in `talks`, what each direction carried in `up` and `down`."""

    up: Wire
    down: Wire
    server: tuple[str, int]
    address: str = ""
    talks: list[Talk] = field(default_factory=list)

    @property
    def carried(self) -> int:
        """Bytes both ways: bodies and headers."""
        return self.up.passed + self.down.passed

    def forget(self) -> None:
        """Count from here; what was said on open connections is forgotten."""
        self.up.passed = self.down.passed = 0
        for talk in self.talks:
            talk.up.clear()
            talk.down.clear()

    def connections(self) -> int:
        """Connections that said something since `forget`."""
        return sum(1 for talk in self.talks if talk.up)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from the phone's knock to its end."""
        talk = Talk()
        self.talks.append(talk)
        ends = [writer]
        try:
            await asyncio.sleep(self.up.delay + self.down.delay)  # the handshake
            behind_reader, behind_writer = await asyncio.open_connection(*self.server)
            ends.append(behind_writer)
            await asyncio.gather(
                _carry(reader, behind_writer, self.up, talk.up), _carry(behind_reader, writer, self.down, talk.down)
            )
        except (OSError, asyncio.CancelledError):
            pass  # either end went away, or the link ends
        finally:
            for end in ends:
                end.close()
                with suppress(OSError):
                    await end.wait_closed()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire, said: bytearray) -> None:
    loop = asyncio.get_running_loop()
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    delivering = asyncio.create_task(_deliver(on_the_way, writer))
    while piece := await _read(reader):
        said += piece
        at = wire.arrival(len(piece), loop.time())
        on_the_way.put_nowait((at, piece))
        ahead = at - wire.delay - loop.time() - AHEAD_SECONDS
        if ahead > 0:
            await asyncio.sleep(ahead)
    on_the_way.put_nowait((loop.time() + wire.delay, b""))
    await delivering


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(PIECE)
    except OSError:
        return b""


async def _deliver(on_the_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    with suppress(OSError):
        while True:
            at, piece = await on_the_way.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextmanager
def link_to(server: str, *, bits: float | None = None, round_trip: float = 0.0) -> Iterator[SlowLink]:
    """A link to `server`: `bits` per second each way, `round_trip` seconds there and back."""
    where = urlsplit(server)
    link = SlowLink(Wire(bits, round_trip / 2), Wire(bits, round_trip / 2), (where.hostname or "", where.port or 80))
    loop = asyncio.new_event_loop()
    listening = threading.Event()

    accepting: asyncio.Server

    async def listen() -> None:
        nonlocal accepting
        accepting = await asyncio.start_server(link.serve, "127.0.0.1", 0, limit=PIECE)
        link.address = f"http://localhost:{accepting.sockets[0].getsockname()[1]}"
        listening.set()

    def run() -> None:
        loop.run_until_complete(listen())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    listening.wait(10)
    try:
        yield link
    finally:
        asyncio.run_coroutine_threadsafe(_end_all(accepting), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end_all(accepting: asyncio.Server) -> None:
    """Connections that are still open end with the link."""
    accepting.close()
    running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


@dataclass(frozen=True)
class Exchange:
    """One request and its answer: bytes of bodies and of heads."""

    asked: str
    body_up: int
    head_up: int
    body_down: int
    head_down: int


def exchanges(link: SlowLink) -> list[Exchange]:
    """What was asked over a link since `forget`, told from the bytes that passed."""
    return [
        Exchange(asked, body_up, head_up, body_down, head_down)
        for talk in link.talks
        for (asked, head_up, body_up), (_, head_down, body_down) in zip(
            _messages(talk.up), _messages(talk.down), strict=False
        )
    ]


def _messages(said: bytearray) -> Iterator[tuple[str, int, int]]:
    rest = bytes(said)
    while rest:
        head, found, after = rest.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        names = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        length = int(names.get("content-length", 0))
        yield lines[0], len(head) + len(found), length
        rest = after[length:]
