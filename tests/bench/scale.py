"""What a phone and an officer wait for as cases grow: one request at a time, on a server that does nothing else."""

import gzip
import json
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from reporting import events
from reporting.cases import work
from reporting.cases.choosing import note_reading
from reporting.cases.models import Report
from reporting.cases.queries import waiting_for
from reporting.events import feed
from reporting.events.models import FeedEntry, Scope
from reporting.people.access import office_scope, staff_viewer
from reporting.people.models import Office, Profile, User
from reporting.people.profiles import grant
from reporting.people.tokens import token_hash
from reporting.sync.models import SyncKey
from tests.bench.figures import Figure, milliseconds, percentile
from tests.bench.filling import fill
from tests.bench.load import Caller, a_body, at_the_desk, enrolled
from tests.phones import JSON, Phone, b64, seal

SIZES = (1_000, 100_000, 1_000_000)
MOST_SECONDS_A_PULL = 0.030
MOST_SECONDS_A_QUEUE = 0.300
OFFICERS = ("officer-ak-sai", "mediator-batken")
QUEUE = "/admin/reporting/case/"
MEDIATOR, GROUP = "mediator-batken", "mediation-batken"


@dataclass
class Asking:
    """A phone that has pulled everything and comes back when one thing of its scopes has changed."""

    phone: Phone
    cursor: str
    change: Callable[[], None]


def pulls(server: str, *, sizes: Sequence[int] = SIZES, samples: int = 100) -> Iterator[Figure]:
    """Incremental pulls and the officer's queue at each size."""
    with closing(Caller(server)) as caller:
        for size in sizes:
            fill(upto=size)
            yield from _pulls_now(caller, size, samples)
            yield from _queues_now(caller, size, samples)
        yield _first_load(caller, sizes[-1])


def _pulls_now(caller: Caller, size: int, samples: int) -> Iterator[Figure]:
    for who, asking in (
        ("a resident's phone", _residents(caller, samples)),
        ("a mediator's phone", _mediators(samples)),
    ):
        waits = [_pull(caller, one) for one in asking]
        p95 = percentile(waits, 95)
        measured = f"p50 {milliseconds(statistics.median(waits))}, p95 {milliseconds(p95)} ({len(waits)} pulls)"
        what = f"incremental pull of one change, {who}, {size:,} cases"
        yield Figure("pull", what, measured, "p95 ≤ 30 ms", p95 <= MOST_SECONDS_A_PULL)


def _pull(caller: Caller, asking: Asking) -> float:
    asking.change()
    began = time.monotonic()
    reply = _sync(caller, asking.phone, asking.cursor)
    took = time.monotonic() - began
    if len(reply["changes"]) != 1 or reply["changes"][0]["data"] is None:
        raise RuntimeError(f"one change was to come, and {len(reply['changes'])} came")
    return took


def _sync(caller: Caller, phone: Phone, cursor: str | None, *envelopes: str) -> JSON:
    return _sync_counted(caller, phone, cursor, *envelopes)[0]


def _sync_counted(caller: Caller, phone: Phone, cursor: str | None, *envelopes: str) -> tuple[JSON, int]:
    """The reply, and its bytes as they were sent."""
    body = json.dumps({"proto": 1, "cursor": cursor, "envelopes": envelopes}).encode()
    head = {"Content-Type": "application/json", "Authorization": phone.bearer, "Accept-Encoding": "gzip"}
    status, content = caller.ask("POST", "/api/v1/sync", body, head)
    if status != 200:
        raise RuntimeError(f"{status}: {content[:200]!r}")
    return json.loads(_plain(content)), len(content)


def _plain(content: bytes) -> bytes:
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def _residents(caller: Caller, samples: int) -> Iterator[Asking]:
    """Phones with one report each; its case changes."""
    key = SyncKey.objects.get(retired_at=None)
    for _ in range(samples):
        phone = Phone()
        enrolled([phone])
        filed = phone.filed(a_body())
        cursor = _sync(caller, phone, None, b64(seal(phone.opened(filed), key=key)))["cursor"]
        case = Report.objects.get(pk=filed["entity_id"]).case_id
        yield Asking(phone, cursor, partial(_change, case))


def _mediators(samples: int) -> Iterator[Asking]:
    """One phone of a mediators' group that has pulled, and so read, all its cases; one of them, of whatever age, changes."""
    phone, office = Phone(), Office.objects.get(code=GROUP)
    enrolled([phone])
    profile = Profile.objects.get(read_hash=token_hash(phone.read))
    with events.unit_of_work():
        grant(profile=profile, user=User.objects.get(username=MEDIATOR), at=timezone.now())
    cases = FeedEntry.objects.filter(scope__key=office_scope(office), entity="case").values_list("entity_id", flat=True)
    for case in random.sample(list(cases[:20_000]), samples):
        note_reading([case], offices=[office.pk], at=timezone.now())
        yield Asking(phone, _cursor_at_the_end(profile, office), partial(_change, case))


def _cursor_at_the_end(profile: Profile, office: Office) -> str:
    """As if it had pulled everything, which for a hundred thousand cases would take a while."""
    heads = Scope.objects.filter(key__in=[profile.scope, office_scope(office)]).values_list("pk", "head")
    return feed._encode(dict(heads), reader=str(profile.pk), epoch=feed.epoch(), offices=frozenset({office.pk}))


def _change(case: uuid.UUID) -> None:
    with events.unit_of_work():
        work.changed(work.lock(case), at=timezone.now())


def _queues_now(caller: Caller, size: int, samples: int) -> Iterator[Figure]:
    for username in OFFICERS:
        waits, held = _queue(caller, username, max(5, samples // 3))
        p95 = percentile(waits, 95)
        measured = f"p50 {milliseconds(statistics.median(waits))}, p95 {milliseconds(p95)} ({len(waits)} pages; {held:,} cases wait)"
        what = f"officer's queue page, {username}, {size:,} cases"
        yield Figure("pull", what, measured, "p95 ≤ 300 ms", p95 <= MOST_SECONDS_A_QUEUE)


def _queue(caller: Caller, username: str, times: int) -> tuple[list[float], int]:
    head = at_the_desk(username)
    waits, held = [], waiting_for(staff_viewer(User.objects.get(username=username))).count()
    for _ in range(times):
        began = time.monotonic()
        status, content = caller.ask("GET", QUEUE, None, head)
        waits.append(time.monotonic() - began)
        if status != 200 or (held and b"result_list" not in content):
            raise RuntimeError(f"{QUEUE}: {status}")
    return waits, held


def _first_load(caller: Caller, size: int) -> Figure:
    phone = Phone()
    enrolled([phone])
    profile = Profile.objects.get(read_hash=token_hash(phone.read))
    with events.unit_of_work():
        grant(profile=profile, user=User.objects.get(username=MEDIATOR), at=timezone.now())
    began = time.monotonic()
    reply, sent = _sync_counted(caller, phone, None)
    took = time.monotonic() - began
    measured = f"{took:.2f} s, {len(reply['changes']):,} cases in {sent / 1000:.0f} kB"
    return Figure("pull", f"a mediator's first load, one reply, {size:,} cases", measured)
