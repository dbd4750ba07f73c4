"""Promise 5: the reporter narrows at any time and is told who has read; only the reporter widens."""

import pytest
from django.test import Client

from reporting.cases.models import Case
from reporting.events.chain import first_fault
from reporting.events.models import Event
from tests.given import a_report, a_routed_case, an_answered_case, follow
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone


def choose(phone: Phone, report_id: object, audience: str, **changes: int) -> JSON:
    (result,) = phone.sync(phone.operation("report.audience", report_id, {"audience": audience}, **changes))["results"]
    return dict(result)


def holders(case: Case) -> dict[str, str]:
    return {held.office.code: held.role for held in case.assignments.filter(ended_at=None).select_related("office")}


def test_narrowing_takes_it_from_the_office_at_once_and_gives_it_to_somebody_who_may(
    aijan: Phone, cast: People
) -> None:
    case = a_routed_case(aijan, {"audience": "office"})
    assert holders(case) == {"okmotu": "responsible", "mediation": "copy"}
    assert choose(aijan, case.reports.get().id, "mediator")["status"] == "applied"
    assert holders(case) == {"mediation": "copy"}
    follow()
    assert holders(case) == {"mediation": "responsible"}
    assert first_fault(Event.objects.filter(stream=case.id).order_by("number")) is None


def test_widening_gives_it_to_the_office_and_the_mediator_keeps_a_copy(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan, {"audience": "mediator"})
    assert "okmotu" not in holders(case)
    choose(aijan, case.reports.get().id, "office")
    follow()
    assert holders(case) == {"okmotu": "responsible", "mediation": "copy"}


def test_the_reporter_is_told_who_has_read(aijan: Phone, cast: People, client: Client) -> None:
    case = a_routed_case(aijan, {"audience": "border"})
    report = case.reports.get()
    seen = aijan.sees("report", report.id)
    assert seen is not None
    assert seen["read_by"] == []
    client.force_login(cast.bakyt)
    assert client.get(f"/admin/reporting/case/{case.pk}/change/").status_code == 200
    logged_in(cast.dilnoza).sync()
    choose(aijan, report.id, "mediator")
    follow()
    seen = aijan.sees("report", report.id)
    assert seen is not None
    assert [office["code"] for office in seen["read_by"]] == ["okmotu", "mediation"]
    assert seen["audience"] == "mediator"
    assert client.get(f"/admin/reporting/case/{case.pk}/change/").status_code in {302, 404}


def test_an_older_word_that_a_carrier_brings_later_does_not_widen(aijan: Phone) -> None:
    case = a_routed_case(aijan, {"audience": "office"})
    report = case.reports.get().id
    assert choose(aijan, report, "mediator", seq=9)["status"] == "applied"
    assert choose(aijan, report, "border", seq=8)["status"] == "applied"
    follow()
    assert Case.objects.get().audience == "mediator"
    assert "okmotu" not in holders(case)


def test_nobody_but_the_reporter_chooses(aijan: Phone, eve_phone: Phone) -> None:
    report = a_report(aijan, {"audience": "mediator"})
    assert choose(eve_phone, report.id, "border")["code"] == "not_yours"
    assert Case.objects.get().audience == "mediator"


def test_narrowed_before_it_was_routed_the_office_never_sees_it(aijan: Phone) -> None:
    report = a_report(aijan, {"audience": "office"})
    choose(aijan, report.id, "mediator")
    follow()
    assert "okmotu" not in [held.office.code for held in Case.objects.get().assignments.select_related("office")]


def test_an_answered_case_stays_answered_when_it_is_narrowed(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    choose(aijan, case.reports.get().id, "mediator")
    follow()
    case.refresh_from_db()
    assert case.status == "answered"
    assert holders(case) == {"mediation": "responsible"}
    assert not Event.objects.exclude(trouble="").exists()


@pytest.mark.parametrize("audience", ["everybody", None, 3])
def test_an_audience_that_there_is_not_is_refused(aijan: Phone, audience: object) -> None:
    report = a_report(aijan)
    reply = aijan.sync(aijan.operation("report.audience", report.id, {"audience": audience}))
    assert reply["results"][0]["code"] == "invalid"


def test_the_reporter_s_phone_hears_at_once_who_has_read(aijan: Phone, cast: People) -> None:
    """Also when nothing else of the case changes."""
    a_routed_case(aijan)
    aijan.sync()
    mediator = logged_in(cast.dilnoza)
    mediator.sync()
    (change,) = aijan.sync()["changes"]
    assert [office["code"] for office in change["data"]["read_by"]] == ["mediation"]
    mediator.cursor = None
    mediator.sync()
    assert aijan.sync()["changes"] == []
