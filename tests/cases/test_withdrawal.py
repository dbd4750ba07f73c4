"""Promise 5: what the reporter takes back is gone everywhere, and the history still verifies."""

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case, Note, Report
from reporting.errors import TooLate
from reporting.events.chain import first_fault
from reporting.events.models import Event, Scope
from reporting.media import erasing, processing
from reporting.media.models import Medium
from reporting.people.models import Profile
from reporting.sync.models import Operation, Quarantined
from tests.given import MONDAY, a_report, a_routed_case, an_answered_case, follow
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone, only

WORDS = "The gate above the village was closed."


def withdraw(phone: Phone, report_id: object) -> JSON:
    return only(phone.sync(phone.operation("report.withdraw", report_id, {})))


def everything_kept() -> str:
    """Every word of the tables that could hold what a report said."""
    tables = (Report, Note, Event, Operation, Quarantined, Medium)
    return " ".join(str(row) for model in tables for row in model._default_manager.values())


def test_what_it_said_is_nowhere_and_that_it_was_there_is_on_the_record(aijan: Phone, cast: People) -> None:
    case = an_answered_case(
        aijan, cast.bakyt, {"answers": {"dry": "yes"}, "position": {"lat": 39.89, "lon": 70.55, "accuracy_m": 5}}
    )
    report = case.reports.get()
    aijan.sync(aijan.operation("report.dispute", report.id, {"reason": "Nobody came, says the neighbour."}))
    assert withdraw(aijan, report.id)["status"] == "applied"
    kept = everything_kept()
    for word in (WORDS, "neighbour", "'dry'", "39.89"):
        assert word not in kept
    assert Case.objects.get().status == "withdrawn"
    steps = list(Event.objects.filter(stream=case.id).order_by("number"))
    assert steps[-1].kind == "report.withdrawn"
    assert first_fault(steps) is None


def test_a_copy_that_comes_after_its_author_was_revoked_says_nothing(aijan: Phone) -> None:
    operation = aijan.filed({"text": WORDS})
    aijan.sync(operation)
    assert withdraw(aijan, operation["entity_id"])["status"] == "applied"
    Profile.objects.update(revoked_at=MONDAY)
    aijan.post(aijan.envelope(operation), bearer=None)
    assert Quarantined.objects.get().code == "revoked"
    assert WORDS not in everything_kept()


@pytest.mark.parametrize("about", [str(uuid.UUID(int=9)), "no id"])
def test_other_words_under_the_id_of_what_was_taken_back_say_nothing(aijan: Phone, about: str) -> None:
    operation = aijan.filed()
    aijan.sync(operation)
    withdraw(aijan, operation["entity_id"])
    assert only(aijan.sync(operation | {"entity_id": about}))["code"] == "changed"
    assert WORDS not in everything_kept()


def test_every_phone_that_had_it_is_told(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan, {"answers": {"dry": "yes"}})
    mediator = logged_in(cast.dilnoza)
    (change,) = mediator.sync()["changes"]
    (said,) = change["data"]["reports"]
    assert (said["text"], said["answers"]) == (WORDS, {"dry": "yes"})
    withdraw(aijan, case.reports.get().id)
    (change,) = mediator.sync()["changes"]
    assert change["id"] == str(case.id)
    assert WORDS not in str(change)
    assert change["data"]["status"] == "withdrawn"
    assert change["data"]["reports"][0]["withdrawn"] is True
    assert change["data"]["reports"][0]["answers"] == {}
    seen = aijan.sees("report", case.reports.get().id)
    assert seen is not None
    assert seen["state"] == "withdrawn"


def test_a_copy_that_a_carrier_brings_later_is_not_written(aijan: Phone, eve_phone: Phone) -> None:
    report = aijan.filed()
    carried = aijan.envelope(report)
    assert withdraw(aijan, report["entity_id"])["status"] == "applied"
    assert only(eve_phone.post(carried).json())["status"] == "accepted"
    assert only(aijan.sync(report))["status"] == "duplicate"
    assert not Report.objects.exists()
    assert WORDS not in everything_kept()


def test_what_is_said_about_it_afterwards_is_kept_nowhere(aijan: Phone) -> None:
    report = a_report(aijan)
    withdraw(aijan, report.id)
    for kind, body in (("report.confirm", {}), ("report.dispute", {"reason": "It is not."})):
        assert only(aijan.sync(aijan.operation(kind, report.id, body)))["status"] == "applied"
    assert "It is not." not in everything_kept()
    assert Case.objects.get().status == "withdrawn"


def test_words_that_waited_or_were_refused_go_too(aijan: Phone) -> None:
    report = aijan.filed({"category": "no-such"})
    aijan.sync(report)
    waiting = aijan.operation("report.dispute", report["entity_id"], {"reason": "Too slow."})
    assert only(aijan.sync(waiting))["status"] == "waiting"
    withdraw(aijan, report["entity_id"])
    assert "Too slow." not in everything_kept()
    assert WORDS not in everything_kept()
    assert only(aijan.sync(waiting))["status"] == "duplicate"


@pytest.mark.parametrize("spelled", [str.upper, lambda text: text.replace("-", ""), lambda text: f"{{{text}}}"])
def test_refused_words_go_however_their_phone_spells_its_ids(spelled: Callable[[str], str], aijan: Phone) -> None:
    report = aijan.filed({"category": "no-such"})
    aijan.sync(report | {"entity_id": spelled(report["entity_id"])})
    assert WORDS in everything_kept()
    withdraw(aijan, report["entity_id"])
    assert WORDS not in everything_kept()


def test_what_is_refused_after_it_was_taken_back_is_kept_without_words(aijan: Phone) -> None:
    report = aijan.filed({"language": "eo"})
    withdraw(aijan, report["entity_id"])
    assert only(aijan.sync(report))["code"] == "invalid"
    assert WORDS not in everything_kept()


def test_its_photo_leaves_the_disk(aijan: Phone) -> None:
    report = a_report(aijan)
    medium = Medium.objects.create(
        id=uuid.uuid4(), entity_id=report.id, role="photo", size=3, sha256=bytes(32), created_at=MONDAY, offset=3
    )
    kept = [Path(settings.MEDIA_ROOT) / "images" / "a.jpg", Path(settings.MEDIA_INCOMING_ROOT) / str(medium.pk)]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"abc")
    Medium.objects.update(image="images/a.jpg", key=bytes(32), state="ready")
    withdraw(aijan, report.id)
    assert Medium.objects.get().key is None
    assert erasing.drain() == 1
    assert not [path for path in kept if path.exists()]
    assert erasing.drain() == 0


def test_a_photo_that_is_being_decoded_does_not_come_back(aijan: Phone) -> None:
    report = a_report(aijan)
    Medium.objects.create(
        id=uuid.uuid4(),
        entity_id=report.id,
        role="photo",
        size=3,
        sha256=bytes(32),
        created_at=MONDAY,
        received_at=MONDAY,
        state="received",
    )
    claimed = processing.claim_next(at=MONDAY)
    assert claimed is not None
    withdraw(aijan, report.id)
    processing.process(claimed, at=MONDAY)
    assert Medium.objects.get().state == "erased"


def test_only_the_reporter_takes_it_back(aijan: Phone, eve_phone: Phone) -> None:
    report = a_report(aijan)
    assert withdraw(eve_phone, report.id)["code"] == "not_yours"
    assert Report.objects.get().text == WORDS


def test_nobody_works_on_it_any_more(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    withdraw(aijan, case.reports.get().id)
    follow()
    with pytest.raises(TooLate), events.unit_of_work():
        work.answer(case=case.id, by=cast.bakyt, text="Too late.", language="ky", at=MONDAY)
    assert case.assignments.filter(ended_at=None).exists()


def test_withdrawn_before_it_was_routed_it_goes_to_nobody(aijan: Phone) -> None:
    report = a_report(aijan)
    withdraw(aijan, report.id)
    follow()
    assert not Case.objects.get().assignments.exists()
    assert not Event.objects.exclude(trouble="").exists()


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_late_copy_at_the_same_moment_leave_no_words(aijan: Phone) -> None:
    """Whichever comes first, the other waits for it: otherwise neither sees the other, and the words stay."""
    for _ in range(8):
        report = aijan.filed()
        said = [aijan.envelope(report), aijan.envelope(aijan.operation("report.withdraw", report["entity_id"], {}))]
        start = threading.Barrier(2)

        def send(envelope: bytes, start: threading.Barrier = start) -> None:
            try:
                twin = Phone(secret=aijan.secret)
                start.wait(10)
                twin.post(envelope)
            finally:
                connection.close()

        threads = [threading.Thread(target=send, args=(envelope,)) for envelope in said]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert WORDS not in everything_kept()


class AtOnce:
    """Requests that each wait in the database for what a test holds there."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.replies = phone, dict[str, JSON]()
        self.threads: list[threading.Thread] = []

    def send(self, name: str, operation: JSON) -> None:
        """Begin it, and go on once it waits for somebody, or is answered."""
        waited = _how_many_wait()

        def work() -> None:
            try:
                twin = Phone(secret=self.phone.secret)
                self.replies[name] = twin.post(twin.envelope(operation)).json()
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        self.threads.append(thread)
        thread.start()
        for _ in range(1000):
            if not thread.is_alive() or _how_many_wait() > waited:
                break
            time.sleep(0.01)

    def status(self, name: str) -> str:
        """What it was answered; a problem's code where it was not taken."""
        reply = self.replies[name]
        return str(only(reply)["status"] if "results" in reply else reply["code"])


def _how_many_wait() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks "
            "WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        (count,) = cursor.fetchone()
    return int(count)


@contextmanager
def at_once(phone: Phone) -> Iterator[AtOnce]:
    """What is locked in here is let go of as it ends; then everybody is waited for."""
    sent = AtOnce(phone)
    try:
        with transaction.atomic():
            yield sent
    finally:
        for thread in sent.threads:
            thread.join(20)
    assert not any(thread.is_alive() for thread in sent.threads)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", ["it comes again", "what it waited for comes"])
def test_a_withdrawal_and_a_word_that_waited_do_not_wait_for_each_other(aijan: Phone, again: str) -> None:
    other, report = aijan.filed(), str(uuid.uuid4())
    word = aijan.operation("report.dispute", report, {"reason": WORDS}, parent_op=other["op_id"])
    assert only(aijan.sync(word))["status"] == "waiting"
    with at_once(aijan) as sent:
        _hold(uuid.UUID(report))
        sent.send("withdrawal", aijan.operation("report.withdraw", report, {}))
        sent.send("word", word if again == "it comes again" else other)
    assert sent.status("withdrawal") == "applied"
    assert sent.status("word") == ("duplicate" if again == "it comes again" else "applied")
    assert WORDS not in str(list(Operation.objects.filter(type="report.dispute").values()))


@pytest.mark.django_db(transaction=True)
def test_other_words_under_the_same_id_do_not_pass_a_withdrawal(aijan: Phone) -> None:
    """They go to quarantine; a withdrawal that looked there already, and is not on record yet, would leave them."""
    report = aijan.filed()
    aijan.sync(report)
    changed = report | {"body": report["body"] | {"text": "Said by Aijan alone."}}
    with at_once(aijan) as sent:
        Scope.objects.select_for_update().get(key=Profile.objects.get().scope)
        sent.send("withdrawal", aijan.operation("report.withdraw", report["entity_id"], {}))
        sent.send("changed", changed)
    assert (sent.status("withdrawal"), sent.status("changed")) == ("applied", "rejected")
    assert Quarantined.objects.get().code == "changed"
    assert "Said by Aijan alone." not in everything_kept()


def _hold(entity: uuid.UUID) -> None:
    """As a unit that works on this report would, in the test's own transaction."""
    number = int.from_bytes(hashlib.sha256(entity.bytes).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
