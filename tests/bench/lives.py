"""The whole life of a case: filed by a phone, given to its office, answered, called solved by who reported it, searched for."""

import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connections
from django.urls import reverse
from django.utils import timezone

from reporting import events, reactions
from reporting.cases import work
from reporting.cases.models import Report, Status
from reporting.cases.queries import visible_to
from reporting.people.access import staff_viewer
from reporting.people.models import Profile, User
from reporting.people.tokens import token_hash
from reporting.sync.ledger import accept_all
from reporting.sync.models import SyncKey
from tests.bench.figures import Figure
from tests.bench.load import AT_ONCE, Caller, a_body, at_cases, at_the_desk, enrolled, post, warm_up
from tests.bench.scale import QUEUE
from tests.bench.worker import at_work
from tests.phones import Phone, seal

OFFICER = "officer-ak-sai"
LEAST_A_SECOND = 20
ANSWER = "Дарбаза ачылды."
TOKEN = "t" * 32
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Life:
    """One report and what its phone sends, sealed before the clock runs."""

    report: uuid.UUID
    phone: Phone
    filed: bytes
    confirmed: bytes


def lifecycles(server: str, *, lives: int = 400) -> Iterator[Figure]:
    """Whole lives a second over HTTP, phones, officer, worker and web server on the same processors; and in one process, without HTTP."""
    ready = _ready(lives)
    with at_work():
        warm_up(server)
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            shares = [ready[at::AT_ONCE] for at in range(AT_ONCE)]
            list(pool.map(lambda share: _lived(server, share), shares))
        took = time.monotonic() - began
    yield _figure(f"over HTTP, {AT_ONCE} at once", ready, took)
    ready = _ready(lives // 4)
    began = time.monotonic()
    for life in ready:
        _lived_here(life)
    yield _figure("in one process, one after another", ready, time.monotonic() - began, target=False)


def _figure(how: str, ready: Sequence[Life], took: float, *, target: bool = True) -> Figure:
    solved = Report.objects.filter(pk__in=[life.report for life in ready], case__status=Status.SOLVED).count()
    if solved != len(ready):
        raise RuntimeError(f"{len(ready) - solved} of {len(ready)} were not solved")
    pace = len(ready) / took
    what = f"lives of a case (filed, assigned, answered, solved, searched for) {how}{at_cases()}"
    measured = f"{pace:.1f} a second ({len(ready):,} in {took:.1f} s)"
    if not target:
        return Figure("lives", what, measured)
    return Figure("lives", what, measured, f"≥ {LEAST_A_SECOND}/s", pace >= LEAST_A_SECOND)


def _ready(count: int) -> list[Life]:
    key = SyncKey.objects.get(retired_at=None)
    phones = [Phone() for _ in range(count)]
    enrolled(phones)
    ready = []
    for phone in phones:
        filed = phone.filed(a_body())
        confirmed = phone.operation("report.confirm", filed["entity_id"], {})
        sealed = [seal(phone.opened(one), key=key) for one in (filed, confirmed)]
        ready.append(Life(uuid.UUID(filed["entity_id"]), phone, *sealed))
    return ready


def _lived(server: str, share: Sequence[Life]) -> None:
    look = at_the_desk(OFFICER)
    write = {
        **look,
        "Cookie": f"{look['Cookie']}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    said = urlencode({"text": ANSWER, "language": "ky"}).encode()
    try:
        with closing(Caller(server)) as phones, closing(Caller(server)) as desk:
            for life in share:
                phones.send(post(life.phone, [life.filed]))
                case, number = _assigned(life.report)
                _expect(desk.ask("POST", reverse("admin:case_answer", args=[case]), said, write)[0], 302)
                phones.send(post(life.phone, [life.confirmed]))
                status, page = desk.ask("GET", f"{QUEUE}?q={number}", None, look)
                _expect(status, 200)
                if str(case).encode() not in page:
                    raise RuntimeError(f"case {number} was not found")
    finally:
        connections.close_all()


def _assigned(report: uuid.UUID) -> tuple[uuid.UUID, int]:
    """Its case and that one's number, once the worker has given it to an office."""
    assigned = Report.objects.filter(pk=report, case__responsible__isnull=False).values_list("case", "case__number")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := assigned.first()) is None:
        if time.monotonic() > deadline:
            raise RuntimeError("the worker did not assign a report")
        time.sleep(0.02)
    return found


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"{status} in place of {wanted}")


def _lived_here(life: Life) -> None:
    """The functions that web server, worker and admin call, one after another."""
    officer = User.objects.get(username=OFFICER)
    reader = Profile.objects.get(read_hash=token_hash(life.phone.read))
    accept_all([life.filed], reader=reader, at=timezone.now())
    reactions.drain(at=timezone.now())
    case, number = _assigned(life.report)
    with events.unit_of_work():
        work.answer(case=case, by=officer, text=ANSWER, language="ky", at=timezone.now())
    accept_all([life.confirmed], reader=reader, at=timezone.now())
    list(visible_to(staff_viewer(officer)).filter(number=number))
