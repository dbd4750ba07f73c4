"""What a report costs on the link: bytes, round trips, and seconds on a very slow one. The phone is the app's own code."""

import time
from collections.abc import Iterator

from reporting.cases.models import Case, Status
from tests.bench.figures import Figure
from tests.bench.links import Exchange, SlowLink, exchanges, link_to
from tests.bench.phone import NodePhone, phone_at
from tests.bench.worker import at_work

LETTERS = 200
MOST_BYTES = 1_500
BITS, ROUND_TRIP = 30_000, 1.0
MOST_OVER_WIRE = 1.3


def bytes_of_a_report(server: str) -> Iterator[Figure]:
    """A text report on a connection that is open, a sync without news, and the one that brings the office."""
    with link_to(server) as link, phone_at(link.address, server) as phone:
        phone.do("sync")
        phone.do("report", letters=LETTERS)
        yield _row(f"text report of {LETTERS} Kyrgyz letters, warm connection", _synced(link, phone), most=MOST_BYTES)
        yield _row("sync without news", _synced(link, phone))
        with at_work():
            _until_nothing_is_unrouted()
        yield _row("sync that brings which office has it", _synced(link, phone))


def _synced(link: SlowLink, phone: NodePhone) -> list[Exchange]:
    link.forget()
    told = phone.do("sync")
    if told["outcome"] != "done":
        raise RuntimeError(f"the phone could not sync: {told}")
    return exchanges(link)


def _row(what: str, said: list[Exchange], *, most: int | None = None) -> Figure:
    up, down = sum(one.body_up for one in said), sum(one.body_down for one in said)
    heads = sum(one.head_up + one.head_down for one in said)
    trips = f"{len(said)} round trip" + ("" if len(said) == 1 else "s")
    measured = f"{up} B up + {down} B down = {up + down} B in {trips}; beside it {heads} B of headers (HTTP/1.1)"
    target = f"≤ {most:,} B in one round trip" if most else ""
    return Figure("bytes", what, measured, target, None if most is None else up + down <= most and len(said) == 1)


def _until_nothing_is_unrouted() -> None:
    deadline = time.monotonic() + 60
    while Case.objects.filter(status=Status.RECEIVED).exists():
        if time.monotonic() > deadline:
            raise RuntimeError("the worker did not route the report")
        time.sleep(0.1)


def report_with_photo(server: str, *, photo: int = 120_000, bits: float = BITS) -> Iterator[Figure]:
    """A report and a photo over the slow link, against the time that its bytes and round trips need at least."""
    with link_to(server, bits=bits, round_trip=ROUND_TRIP) as link, phone_at(link.address, server) as phone:
        phone.do("report", letters=LETTERS, photo=photo)
        began = time.monotonic()
        said = _synced(link, phone)
        took = time.monotonic() - began
        trips = len(said) + link.connections()
        least = link.carried * 8 / bits + trips * ROUND_TRIP
        measured = f"{took:.1f} s; {link.carried:,} B and {trips} round trips need {least:.1f} s: {took / least:.2f} × wire time"
        what = f"report and a photo of {photo // 1000} kB at {bits / 1000:.0f} kbit/s, {ROUND_TRIP:.0f} s round trip"
        yield Figure("link", what, measured, f"≤ {MOST_OVER_WIRE} × wire time", took / least <= MOST_OVER_WIRE)
