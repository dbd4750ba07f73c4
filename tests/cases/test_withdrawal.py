"""Promise 5: what the reporter takes back is gone everywhere, and the history still verifies."""

import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case, Note, Report
from reporting.errors import TooLate
from reporting.events.chain import first_fault
from reporting.events.models import Event
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


def test_every_phone_that_had_it_is_told(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    mediator = logged_in(cast.dilnoza)
    assert WORDS in str(mediator.sync()["changes"])
    withdraw(aijan, case.reports.get().id)
    (change,) = mediator.sync()["changes"]
    assert change["id"] == str(case.id)
    assert WORDS not in str(change)
    assert change["data"]["status"] == "withdrawn"
    assert change["data"]["reports"][0]["withdrawn"] is True
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
