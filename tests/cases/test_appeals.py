"""Promise 5: whoever makes a formal appeal is known to the office that must answer it, and to nobody and nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from reporting.cases.appeals import identities_of, named_like
from reporting.cases.envelopes import AppealIdentity
from reporting.cases.models import Case, Report, Term
from reporting.people.access import staff_viewer
from reporting.sync.models import Operation, Quarantined
from tests.given import a_routed_case, follow
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone

IDENTITY = {"name": "Айжан Үлгү кызы", "address": "Ак-Сай, Мектеп көчөсү 3", "contact": "0555 000 000"}


def appeal(**changes: object) -> JSON:
    return {"track": "appeal", "audience": "office", "identity": IDENTITY, **changes}


def who_is_shown_it(case: Case, cast: People) -> set[str]:
    """Those of the cast who read the name on the case's page, or find the case by it."""
    shown = set()
    for user in (cast.bakyt, cast.gulnara, cast.dilnoza, cast.meerim, cast.temir, cast.olga, cast.eve):
        client = Client()
        client.force_login(user)
        page = client.get(f"/admin/reporting/case/{case.pk}/change/").content.decode()
        found = client.get("/admin/reporting/case/?turn=all&q=айжан үлгү").content.decode()
        if any(part in page for part in IDENTITY.values()) or str(case.number) in found:
            shown.add(user.username)
    return shown


def let_read(phone: Phone, case: Case, audience: str) -> None:
    result = phone.sync(phone.operation("report.audience", case.reports.get().id, {"audience": audience}))["results"][0]
    assert result["status"] == "applied"


def whole_database() -> str:
    """Every value of every table of ours, as text."""
    words = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("reporting_"):
                cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names from the database itself
                words += [row[0] for row in cursor.fetchall()]
    return " ".join(words)


def test_the_office_that_must_answer_is_shown_it_on_the_case(aijan: Phone, cast: People, client: Client) -> None:
    case = a_routed_case(aijan, appeal())
    client.force_login(cast.bakyt)
    page = client.get(f"/admin/reporting/case/{case.pk}/change/").content.decode()
    for part in IDENTITY.values():
        assert part in page


def test_nobody_else_is(aijan: Phone, cast: People, client: Client) -> None:
    case = a_routed_case(aijan, appeal())
    report = case.reports.get()
    for user in (cast.gulnara, cast.dilnoza, cast.meerim, cast.temir, cast.olga, cast.eve):
        assert identities_of([report], staff_viewer(user)) == {}
        assert list(named_like("Айжан", staff_viewer(user))) == []
        client.force_login(user)
        response = client.get(f"/admin/reporting/case/{case.pk}/change/")
        assert IDENTITY["name"] not in response.content.decode()
    assert IDENTITY["name"] not in str(logged_in(cast.dilnoza).sync())


def test_who_lets_mediators_alone_read_shows_nobody_the_name_until_an_office_must_answer_again(
    aijan: Phone, cast: People
) -> None:
    case = a_routed_case(aijan, appeal())
    assert who_is_shown_it(case, cast) == {"bakyt"}
    let_read(aijan, case, "mediator")
    follow()
    case.refresh_from_db()
    assert case.responsible is not None
    assert (case.track, case.responsible.code) == ("appeal", "mediation")
    assert who_is_shown_it(case, cast) == set()
    told = str(logged_in(cast.dilnoza).sync())
    assert str(case.pk) in told
    assert not any(part in told for part in IDENTITY.values())
    let_read(aijan, case, "office")
    assert who_is_shown_it(case, cast) == set(), "no worker has given it to an office yet"
    follow()
    assert who_is_shown_it(case, cast) == {"bakyt"}


def test_mediators_with_whom_an_ended_appeal_stays_are_not_shown_it_when_more_may_read(
    aijan: Phone, cast: People
) -> None:
    case = a_routed_case(aijan, appeal())
    aijan.sync(aijan.operation("report.confirm", case.reports.get().id, {}))
    for audience in ("mediator", "office"):
        let_read(aijan, case, audience)
        follow()
    case.refresh_from_db()
    assert case.responsible is not None
    assert (case.status, case.audience, case.responsible.code) == ("solved", "office", "mediation")
    assert who_is_shown_it(case, cast) == set()


def test_the_office_finds_its_appeals_by_the_name(aijan: Phone, cast: People, client: Client) -> None:
    case = a_routed_case(aijan, appeal())
    client.force_login(cast.bakyt)
    assert str(case.number) in client.get("/admin/reporting/case/?turn=all&q=айжан үлгү").content.decode()
    client.force_login(cast.dilnoza)
    assert str(case.number) not in client.get("/admin/reporting/case/?turn=all&q=айжан үлгү").content.decode()


def test_it_stands_nowhere_in_the_database_in_the_clear(aijan: Phone) -> None:
    """Applied, waiting, and refused."""
    a_routed_case(aijan, appeal())
    aijan.sync(aijan.filed(appeal(), parent_op="019a0000-0000-7000-8000-00000000dead"))
    aijan.sync(aijan.filed(appeal(category="no-such")))
    assert Operation.objects.exclude(content=None).count() == 1
    assert Quarantined.objects.count() == 1
    kept = whole_database()
    for part in IDENTITY.values():
        assert part not in kept
        assert part.encode("unicode_escape").decode() not in kept


def test_what_waited_is_opened_all_the_same(aijan: Phone, cast: People) -> None:
    first = aijan.filed()
    later = aijan.filed(appeal(), parent_op=first["op_id"])
    aijan.sync(later)
    aijan.sync(first)
    report = Report.objects.get(pk=later["entity_id"])
    assert AppealIdentity.objects.filter(report=report).exists()


def test_another_report_s_identity_does_not_open_here(aijan: Phone, cast: People) -> None:
    mine, other = a_routed_case(aijan, appeal()), a_routed_case(aijan, appeal())
    sealed = AppealIdentity.objects.get(report__case=other).sealed
    AppealIdentity.objects.filter(report__case=mine).update(sealed=sealed)
    reports = [mine.reports.get(), other.reports.get()]
    assert list(identities_of(reports, staff_viewer(cast.bakyt))) == [reports[1].id]


@pytest.mark.parametrize(
    "changes",
    [
        {"track": "signal", "audience": "mediator"},
        {"identity": {"name": "Айжан"}},
        {"identity": IDENTITY | {"name": ""}},
        {"identity": IDENTITY | {"contact": "0" * 201}},
        {"identity": IDENTITY | {"passport": "1"}},
        {"identity": "Айжан"},
    ],
)
def test_what_is_no_identity_or_stands_on_a_signal_is_refused(aijan: Phone, changes: JSON) -> None:
    (result,) = aijan.sync(aijan.filed(appeal(**changes)))["results"]
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    assert "Айжан" not in whole_database()


def test_taking_the_report_back_erases_it(aijan: Phone) -> None:
    case = a_routed_case(aijan, appeal())
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().id, {}))
    assert not AppealIdentity.objects.exists()


def test_without_the_key_file_nothing_is_taken_in_and_nothing_lost(aijan: Phone) -> None:
    operation = aijan.filed(appeal())
    envelope = aijan.envelope(operation)
    key = Path(settings.KEY_FILE)
    content = key.read_bytes()
    key.unlink()
    assert aijan.post(envelope).json()["results"] == []
    key.write_bytes(content)
    assert aijan.post(envelope).json()["results"][0]["status"] == "applied"
    assert Case.objects.count() == 1


def turn(phone: Phone, case: Case, identity: object = IDENTITY) -> JSON:
    operation = phone.operation("report.appeal", case.reports.get().id, {"identity": identity})
    result: JSON = phone.sync(operation)["results"][0]
    return result


def test_only_the_reporter_turns_a_signal_into_an_appeal(aijan: Phone, eve_phone: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    assert turn(eve_phone, case)["code"] == "not_yours"
    assert turn(aijan, case)["status"] == "applied"
    report = case.reports.get()
    assert (report.track, Case.objects.get().track, report.audience) == ("appeal", "appeal", "office")
    assert identities_of([report], staff_viewer(cast.bakyt))[report.id].name == IDENTITY["name"]
    for user in (cast.gulnara, cast.dilnoza, cast.temir, cast.eve):
        assert identities_of([report], staff_viewer(user)) == {}
    assert not any(part in whole_database() for part in IDENTITY.values())


def test_an_appeal_stays_as_it_is(aijan: Phone) -> None:
    case = a_routed_case(aijan, appeal())
    before = bytes(AppealIdentity.objects.get().sealed)
    assert turn(aijan, case, {**IDENTITY, "name": "Somebody else"})["status"] == "applied"
    assert bytes(AppealIdentity.objects.get().sealed) == before


@pytest.mark.parametrize("identity", [None, {}, "AAAA", {**IDENTITY, "name": " "}])
def test_no_signal_becomes_an_appeal_of_nobody(aijan: Phone, identity: object) -> None:
    case = a_routed_case(aijan)
    assert turn(aijan, case, identity)["code"] == "invalid"
    assert (case.reports.get().track, AppealIdentity.objects.count()) == ("signal", 0)


def test_the_law_s_clock_starts_and_no_earlier_day_is_moved(aijan: Phone) -> None:
    case = a_routed_case(aijan)
    Term.objects.all().delete()
    soon, far = case.opened_at + timedelta(hours=1), case.opened_at + timedelta(days=400)
    Case.objects.update(acknowledge_by=soon, answer_by=far)
    turn(aijan, case)
    case.refresh_from_db()
    assert case.acknowledge_by == soon
    assert timedelta(days=14) < case.answer_by - timezone.now() < timedelta(days=40)


def test_what_was_taken_back_becomes_no_appeal(aijan: Phone) -> None:
    case = a_routed_case(aijan)
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().id, {}))
    assert turn(aijan, case)["status"] == "applied"
    assert not AppealIdentity.objects.exists()
