"""How much the server takes in, and how soon each report is with an office. The load comes from the same two cores."""

import gzip
import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.utils import timezone

from reporting.cases.models import Case
from reporting.events.models import Event
from reporting.people.models import Profile, User
from reporting.people.tokens import token_hash
from reporting.sync.models import Operation, SyncKey
from tests.bench.figures import Figure, milliseconds, percentile
from tests.bench.worker import at_work
from tests.phones import JSON, Phone, b64, seal

VILLAGES = ("41705214848010",)
WORDS = "Кечээ кечинде сугат дарбазасы жабылып калып, төмөнкү көчөдөгү он төрт үйгө суу жетпей жатат. "
AT_ONCE = 8
MOST_SECONDS_TO_AN_OFFICE = 2.0
MOST_LATE_SECONDS = 1.0


@dataclass(frozen=True)
class Post:
    """One request, made before the clock runs."""

    bearer: str
    body: bytes
    operations: int


def enrolled(phones: Sequence[Phone]) -> None:
    """As phones that were here before: nearly every report comes from one that has synced already."""
    yesterday = timezone.now() - timedelta(days=1)
    Profile.objects.bulk_create(
        Profile(read_hash=token_hash(phone.read), write_hash=token_hash(phone.write), enrolled_at=yesterday)
        for phone in phones
    )


def a_body() -> JSON:
    """What the demo's valley reports."""
    return {"village": VILLAGES[0], "category": "water-gate", "text": WORDS * 2}


def posts(count: int, *, operations: int) -> list[Post]:
    """Requests of as many phones, each with so many sealed reports."""
    key = SyncKey.objects.get(retired_at=None)
    phones = [Phone() for _ in range(count)]
    enrolled(phones)
    return [
        post(phone, [seal(phone.opened(phone.filed(a_body())), key=key) for _ in range(operations)]) for phone in phones
    ]


def post(phone: Phone, envelopes: list[bytes]) -> Post:
    """The request in which that phone sends these."""
    body = {"proto": 1, "cursor": None, "envelopes": [b64(envelope) for envelope in envelopes]}
    return Post(phone.bearer, gzip.compress(json.dumps(body).encode()), len(envelopes))


class Caller:
    """One connection that is kept, as Caddy keeps it."""

    def __init__(self, server: str) -> None:
        self._where = urlsplit(server).netloc
        self._connection: http.client.HTTPConnection | None = None

    def send(self, post: Post) -> JSON:
        """The reply. Raises RuntimeError when the server does not take it."""
        head = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Authorization": post.bearer}
        status, content = self.ask("POST", "/api/v1/sync", post.body, head)
        if status != 200:
            raise RuntimeError(f"{status}: {content[:200]!r}")
        reply: JSON = json.loads(content)
        return reply

    def ask(self, method: str, path: str, body: bytes | None, head: dict[str, str]) -> tuple[int, bytes]:
        """Once more on a new connection when the server has closed an idle one."""
        for again in (False, True):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._where, timeout=60)
            try:
                self._connection.request(method, path, body, head)
                with self._connection.getresponse() as answer:
                    return answer.status, answer.read()
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if again:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Hang up; the next request calls again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def at_the_desk(username: str) -> dict[str, str]:
    """What a browser sends along in which this officer has logged in."""
    browser = Client()
    browser.force_login(User.objects.get(username=username))
    return {"Cookie": f"sessionid={browser.cookies['sessionid'].value}", "Accept-Language": "ky"}


def accepted(server: str, *, seconds: float = 10.0, most: int = 6_000) -> Iterator[Figure]:
    """Operations a second, in batches of 20 as a phone sends after days offline, and alone."""
    for size in (20, 1):
        ready = posts(most // (2 if size == 1 else 1) // size, operations=size)
        before = Operation.objects.filter(status=Operation.Status.APPLIED).count()
        took, waits = _storm(server, ready, seconds=seconds)
        applied = Operation.objects.filter(status=Operation.Status.APPLIED).count() - before
        measured = (
            f"{applied / took:.0f} operations/s ({applied:,} in {took:.1f} s, {AT_ONCE} connections; "
            f"a request p50 {milliseconds(percentile(waits, 50))}, p95 {milliseconds(percentile(waits, 95))})"
        )
        yield Figure("accept", f"reports accepted, {size} a request{at_cases()}", measured)
        _forget_what_is_unrouted()


def _storm(server: str, ready: list[Post], *, seconds: float) -> tuple[float, list[float]]:
    waiting, waits, lock = iter(ready), [], threading.Lock()
    began = time.monotonic()

    def send_on() -> None:
        with closing(Caller(server)) as caller:
            while time.monotonic() - began < seconds:
                with lock:
                    post = next(waiting, None)
                if post is None:
                    return
                sent = time.monotonic()
                caller.send(post)
                waits.append(time.monotonic() - sent)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(send_on) for _ in range(AT_ONCE)]:
            done.result()
    return time.monotonic() - began, waits


def _forget_what_is_unrouted() -> None:
    """No worker ran, so that only accepting was measured; what it would have to do now is not the next part's."""
    Event.objects.filter(reacted_at=None).update(reacted_at=timezone.now())


def routed(server: str, *, seconds: int = 60, rate: int = 50) -> Iterator[Figure]:
    """From the commit that accepts a report to the commit that assigns it, by PostgreSQL's own commit times: of phones that send a few, and
    of phones that send one each. A load that could not be sent in time has not been borne, however soon each report was assigned.
    """
    for size in (5, 1):
        ready = posts(rate * seconds // size, operations=size)
        with at_work():
            warm_up(server)
            began = timezone.now()
            late = _steadily(server, ready, rate=rate / size)
            _until_drained()
        delays = _delays(began)
        measured = (
            f"p50 {milliseconds(percentile(delays, 50))}, p95 {milliseconds(percentile(delays, 95))}, "
            f"p99 {milliseconds(percentile(delays, 99))} of {len(delays):,} reports; "
            f"{rate * seconds / (seconds + late):.0f} reports/s were sent, the last {late:.1f} s late"
        )
        what = f"accepted → responsible office assigned, {rate} reports/s for {seconds} s, {size} a request{at_cases()}"
        soon = len(delays) == size * len(ready) and percentile(delays, 99) <= MOST_SECONDS_TO_AN_OFFICE
        yield Figure(
            "route", what, measured, f"p99 ≤ {MOST_SECONDS_TO_AN_OFFICE:.0f} s", soon and late <= MOST_LATE_SECONDS
        )


def warm_up(server: str) -> None:
    """The worker has started once it has routed something."""
    with closing(Caller(server)) as caller:
        caller.send(posts(1, operations=1)[0])
    _until_drained()


def _steadily(server: str, ready: list[Post], *, rate: float) -> float:
    """Sends each at its time, whether or not earlier ones were answered; by how much the last one was late."""
    own = threading.local()
    began = time.monotonic()

    def send(place: int) -> float:
        due = began + place / rate
        time.sleep(max(0.0, due - time.monotonic()))
        late = time.monotonic() - due
        own.caller.send(ready[place])
        return late

    with ExitStack() as hung_up:

        def call() -> None:
            own.caller = hung_up.enter_context(closing(Caller(server)))

        with ThreadPoolExecutor(2 * AT_ONCE, initializer=call) as pool:
            return max(pool.map(send, range(len(ready))))


def _until_drained(seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while Event.objects.filter(reacted_at=None, kind="report.received").exists():
        if time.monotonic() > deadline:
            raise RuntimeError("the worker did not come to an end")
        time.sleep(0.1)


def _delays(since: datetime) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM pg_xact_commit_timestamp(a.xmin) - pg_xact_commit_timestamp(r.xmin))::float "
            "FROM reporting_report r JOIN reporting_assignment a ON a.case_id = r.case_id AND a.role = 'responsible' "
            "WHERE r.received_at >= %s",
            [since],
        )
        return [row[0] for row in cursor.fetchall()]


def at_cases() -> str:
    """How many there are, where that matters."""
    count = Case.objects.count()
    return f", {count:,} cases there" if count >= 1000 else ""
