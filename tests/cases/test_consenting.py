"""Nothing is done with a report behind its reporter's back: which notice they agreed to stands on it."""

import pytest

from reporting.cases.models import Report
from reporting.events.chain import first_fault
from reporting.events.models import Event
from tests.given import a_report, a_routed_case
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone


def say(phone: Phone, report: object, version: object) -> JSON:
    result: JSON = phone.sync(phone.operation("report.consent", report, {"consent": version}))["results"][0]
    return result


def consent_of(report: Report) -> int | None:
    return Report.objects.values_list("consent", flat=True).get(pk=report.pk)


def test_a_report_says_what_was_agreed_to(aijan: Phone) -> None:
    assert a_report(aijan, {"consent": 3}).consent == 3


@pytest.mark.parametrize("body", [{}, {"consent": None}])
def test_in_danger_a_report_comes_before_the_question(aijan: Phone, body: JSON) -> None:
    report = a_report(aijan, body | {"danger": True})
    assert report.consent is None
    assert say(aijan, report.id, 3)["status"] == "applied"
    assert say(aijan, report.id, 4)["status"] == "applied"
    assert consent_of(report) == 3, "what was agreed to first stays"
    steps = list(Event.objects.filter(stream=report.case_id).order_by("number"))
    assert [step.kind for step in steps].count("report.consented") == 1
    assert first_fault(steps) is None


def test_a_mediator_s_phone_hears_of_it(aijan: Phone, cast: People) -> None:
    case, phone = a_routed_case(aijan, {"consent": None, "danger": True}), logged_in(cast.dilnoza)
    phone.sync()
    say(aijan, case.reports.get().id, 3)
    (change,) = phone.sync()["changes"]
    assert change["data"]["history"][-1]["kind"] == "report.consented"


@pytest.mark.parametrize("version", [0, 1001, "1", True, 1.5])
def test_what_is_no_version_is_refused_in_words(aijan: Phone, version: object) -> None:
    result = aijan.sync(aijan.filed({"consent": version}))["results"][0]
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    assert "“consent”" in result["detail"]
    assert not Report.objects.exists()


def test_nobody_agrees_for_another(aijan: Phone, eve_phone: Phone) -> None:
    report = a_report(aijan, {"consent": None})
    assert say(eve_phone, report.id, 1)["code"] == "not_yours"
    assert consent_of(report) is None


def test_what_was_taken_back_is_not_agreed_to(aijan: Phone) -> None:
    report = a_report(aijan, {"consent": None})
    aijan.sync(aijan.operation("report.withdraw", report.id, {}))
    assert say(aijan, report.id, 1)["status"] == "applied"
    assert consent_of(report) is None
