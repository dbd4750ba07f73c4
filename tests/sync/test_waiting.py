"""What comes before the thing it speaks of waits for it, for nothing else, and goes on by itself."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting import tasks
from reporting.cases.models import Case
from reporting.sync import quarantine
from reporting.sync.models import Operation, Quarantined
from reporting.sync.operations import Author, carry_out
from tests.cases.test_withdrawal import at_once
from tests.people import People
from tests.phones import JSON, Phone, only


def test_what_comes_before_its_parent_waits_and_then_goes_on(aijan: Phone) -> None:
    report = aijan.filed()
    confirm = aijan.operation("report.confirm", report["entity_id"], {}, parent_op=report["op_id"])
    assert only(aijan.sync(confirm))["status"] == "waiting"
    assert only(aijan.sync(confirm))["status"] == "waiting"
    aijan.sync(report)
    assert only(aijan.sync(confirm))["status"] == "duplicate"
    assert Case.objects.get().status == "solved"
    assert Operation.objects.filter(content__isnull=False).count() == 0


def test_what_waits_for_itself_is_refused(aijan: Phone) -> None:
    report = aijan.filed()
    refused = only(aijan.sync(report | {"parent_op": report["op_id"].upper()}))
    assert (refused["code"], refused["detail"]) == ("invalid", "“parent_op” must be another operation.")


def test_within_a_batch_too_what_waits_goes_on_as_soon_as_it_can(aijan: Phone) -> None:
    report, other = aijan.filed(), aijan.filed()
    confirm = aijan.operation("report.confirm", report["entity_id"], {}, parent_op=report["op_id"])
    say = {"text": "It is dry.", "language": "ky"}
    reply = aijan.operation("report.reply", report["entity_id"], say, parent_op=confirm["op_id"])
    last = aijan.operation("report.audience", report["entity_id"], {"audience": "mediator"}, parent_op=reply["op_id"])
    results = aijan.sync(other, reply, confirm, report, last)["results"]
    assert [result["status"] for result in results] == ["applied"] * 5
    assert [result["status"] for result in aijan.sync(reply, confirm)["results"]] == ["duplicate", "duplicate"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("together", [True, False])
def test_who_may_read_holds_from_the_moment_the_report_is_there(aijan: Phone, together: bool) -> None:
    """Chosen anew before anything was sent; in between nobody must see a case that is for the office too."""
    report = aijan.filed({"audience": "office"})
    choice = aijan.operation("report.audience", report["entity_id"], {"audience": "mediator"})
    if together:
        assert [result["status"] for result in aijan.sync(choice, report)["results"]] == ["applied", "applied"]
    else:
        aijan.sync(choice)
        aijan.sync(report)
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, xmin::text FROM reporting_event ORDER BY number")
        kinds, units = zip(*cursor.fetchall(), strict=True)
    assert kinds == ("report.received", "report.audience_chosen")
    assert len(set(units)) == 1, "one transaction"


@pytest.mark.django_db(transaction=True)
def test_a_choice_that_waited_a_week_and_is_being_looked_at_holds_from_that_moment_too(aijan: Phone) -> None:
    report = aijan.filed({"audience": "office"})
    choice = aijan.operation("report.audience", report["entity_id"], {"audience": "mediator"})
    aijan.sync(choice)
    with at_once(aijan) as sent:
        Operation.objects.select_for_update().get()  # as the sweep does, for a person to see it
        sent.send("report", report)
        assert not Case.objects.exists(), "nobody has it yet, and not for the office"
    assert sent.status("report") == "applied"
    assert Case.objects.get().audience == "mediator"


def test_one_report_frees_so_many_in_one_request_and_who_may_read_it_first(
    aijan: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.sync.ledger.MOST_GO_ON", 3)
    monkeypatch.setattr("reporting.sync.ledger.MOST_AT_ONCE", 1)
    report = aijan.filed({"audience": "office"})
    said = [aijan.operation("report.reply", report["entity_id"], {"text": f"{n}", "language": "ky"}) for n in range(5)]
    older, newer = (
        aijan.operation("report.audience", report["entity_id"], {"audience": who}) for who in ("border", "mediator")
    )
    aijan.sync(*said, newer, older)
    aijan.sync(report)
    assert Case.objects.get().audience == "mediator"
    assert Operation.objects.filter(status="waiting").count() == 3
    assert {one["status"] for one in aijan.sync(*said, newer, older)["results"]} == {"applied", "duplicate"}
    assert not Operation.objects.filter(status="waiting").exists()
    assert Case.objects.get().audience == "mediator"


@pytest.mark.django_db(transaction=True)
def test_a_report_that_waited_itself_is_narrowed_as_it_becomes_a_case(
    aijan: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client may say that a report follows on something else; what a request frees is bounded, and its process may die."""
    monkeypatch.setattr("reporting.sync.ledger.MOST_GO_ON", 1)
    first = aijan.filed({"audience": "mediator"})
    report = aijan.filed({"audience": "office"}, parent_op=first["op_id"])
    choice = aijan.operation("report.audience", report["entity_id"], {"audience": "mediator"})
    aijan.sync(choice)
    assert only(aijan.sync(report))["status"] == "waiting"
    aijan.sync(first)
    assert Case.objects.filter(audience="mediator").count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, xmin::text FROM reporting_event ORDER BY number")
        _, received, chosen = cursor.fetchall()
    assert (received[0], chosen[0]) == ("report.received", "report.audience_chosen")
    assert received[1] == chosen[1], "one transaction"


def test_what_came_by_another_request_in_the_middle_of_a_batch_goes_on_at_its_end(
    aijan: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, other = aijan.filed(), aijan.filed()
    confirm = aijan.operation("report.confirm", report["entity_id"], {}, parent_op=report["op_id"])
    real = carry_out

    def and_the_other_request(content: JSON, author: Author) -> None:
        real(content, author)
        if content["op_id"] == report["op_id"]:  # it did not see the report, whose unit is still open, and waits
            row = {"op_id": confirm["op_id"], "opened_hash": b"\0" * 32, "type": "report.confirm"}
            waits = {"status": Operation.Status.WAITING, "content": confirm, "received_at": author.at}
            waits["needs"] = report["op_id"]
            Operation.objects.create(profile=author.profile, entity_id=report["entity_id"], **row, **waits)

    monkeypatch.setattr("reporting.sync.ledger.carry_out", and_the_other_request)
    aijan.sync(other, report)
    assert not Operation.objects.filter(status=Operation.Status.WAITING).exists()


def test_what_waits_for_something_else_is_not_looked_at_again(aijan: Phone) -> None:
    aijan.sync(aijan.filed())
    envelopes = [aijan.envelope(aijan.filed()) for _ in range(2)]
    with CaptureQueriesContext(connection) as before:
        aijan.post(envelopes[0])
    aijan.sync(*(aijan.filed(parent_op=str(uuid.uuid4())) for _ in range(20)))
    with CaptureQueriesContext(connection) as after:
        aijan.post(envelopes[1])
    assert Operation.objects.filter(status=Operation.Status.WAITING).count() == 20
    assert len(after) == len(before)


def test_one_that_fails_as_it_goes_on_holds_up_nothing(aijan: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    report = aijan.filed()
    broken = aijan.filed(parent_op=report["op_id"])
    confirm = aijan.operation("report.confirm", report["entity_id"], {}, parent_op=report["op_id"])
    aijan.sync(broken, confirm)

    def and_fail(content: JSON, author: Author) -> None:
        if content["op_id"] == broken["op_id"]:
            raise ZeroDivisionError
        carry_out(content, author)

    monkeypatch.setattr("reporting.sync.ledger.carry_out", and_fail)
    assert only(aijan.sync(report))["status"] == "applied"
    waiting = Operation.objects.filter(status=Operation.Status.WAITING)
    assert [str(row.op_id) for row in waiting] == [broken["op_id"]]


def test_what_waits_for_what_never_comes_is_shown_to_a_person_after_a_week(aijan: Phone) -> None:
    refused, late = aijan.filed({"category": "no-such"}), aijan.filed()
    say = {"text": "It is dry.", "language": "ky"}
    aijan.sync(refused, *(aijan.operation("report.reply", one["entity_id"], say) for one in (refused, late)))
    notify = {"notify": "+996700000001"}
    assert only(aijan.sync(aijan.operation("report.notify", refused["entity_id"], notify)))["status"] == "waiting"

    def shown() -> list[str]:
        return sorted(Quarantined.objects.filter(code="waiting").values_list("type", flat=True))

    now = timezone.now()
    quarantine.show_what_waits(at=now + timedelta(days=6))
    assert shown() == []
    for _ in range(2):
        quarantine.show_what_waits(at=now + timedelta(days=8))
        assert shown() == ["report.notify", "report.reply", "report.reply"]
    kept = Quarantined.objects.get(type="report.notify").content
    assert kept is not None
    assert kept["body"] == {"notify": False}
    aijan.sync(late)
    quarantine.show_what_waits(at=now + timedelta(days=8))
    assert shown() == ["report.notify", "report.reply"]
    aijan.sync(aijan.operation("report.withdraw", refused["entity_id"], {}))
    tasks.sweep()
    assert shown() == []


@pytest.mark.parametrize("looked_at", [True, False])
def test_what_waited_long_and_is_refused_in_the_end_stays_in_quarantine(
    aijan: Phone, cast: People, looked_at: bool
) -> None:
    """That it waited leaves by itself, unless somebody said what they found."""
    now = timezone.now()
    parent = aijan.filed()
    aijan.sync(aijan.filed({"category": "no-such"}, parent_op=parent["op_id"]))
    quarantine.show_what_waits(at=now + timedelta(days=8))
    if looked_at:
        quarantine.settle(row=Quarantined.objects.get(), by=cast.meerim, reason="It waits.", at=now)
    aijan.sync(parent)
    quarantine.show_what_waits(at=now + timedelta(days=8))
    kept = {(row.code, row.settled_at is not None) for row in Quarantined.objects.all()}
    assert kept == {("unknown_category", False)} | ({("waiting", True)} if looked_at else set())
