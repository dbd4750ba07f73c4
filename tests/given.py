"""How tests begin: what has already happened."""

from datetime import UTC, datetime

from reporting import events, reactions
from reporting.cases import work
from reporting.cases.models import Case, Report
from reporting.people.models import Office, User
from tests.phones import JSON, Phone

MONDAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def a_report(phone: Phone, body: JSON | None = None) -> Report:
    """A report that has arrived and that no worker has looked at."""
    operation = phone.filed(body)
    result = phone.sync(operation)["results"][0]
    assert result["status"] == "applied", result
    return Report.objects.get(pk=operation["entity_id"])


def a_routed_case(phone: Phone, body: JSON | None = None) -> Case:
    """A report that has arrived and been routed by the reactions, as a worker would."""
    report = a_report(phone, body)
    follow()
    return Case.objects.get(reports=report)


def an_answered_case(phone: Phone, by: User, body: JSON | None = None) -> Case:
    """A routed case that its office has answered."""
    case = a_routed_case(phone, body)
    with events.unit_of_work():
        work.answer(case=case.id, by=by, text="The gate is open again.", language="ky", at=MONDAY)
    case.refresh_from_db()
    return case


def give(case: Case, office: Office, *, role: str) -> None:
    """Who was responsible has it no longer, once another is."""
    with events.unit_of_work():
        locked = work.lock(case.id)
        work.assign(case=locked, office=office, role=role, reason={}, at=MONDAY)
        work.changed(locked, at=MONDAY)


def follow() -> None:
    """React to everything that happened."""
    while reactions.drain(at=MONDAY):
        pass
