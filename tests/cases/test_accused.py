"""Promise 5: what is about an office reaches nobody in it, neither by the reporter's later word nor by a mediator who was not told."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from reporting.cases.models import Case, Report
from reporting.people.models import User
from reporting.sync import partials
from tests.given import MONDAY, a_routed_case, follow
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone, only
from tests.texting import form, sms
from tests.valley import Valley

UNLISTED = {"audience": "mediator", "about_unlisted": True}
IDENTITY = {"name": "Айжан Үлгү кызы", "address": "Ак-Сай, Мектеп көчөсү 3", "contact": "0555 000 000"}
NAMED = "Do not take it to them."
UNNAMED = "Ask the reporter before you talk to any office."


def holders(case: Case) -> set[str]:
    return set(case.assignments.filter(ended_at=None).values_list("office__code", flat=True))


def page(case: Case, user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(f"/admin/reporting/case/{case.pk}/change/").content.decode()


def test_a_report_about_an_office_that_is_not_in_the_list_stays_with_mediators(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan, UNLISTED)
    report = case.reports.get()
    assert report.about_unlisted
    for audience in ("office", "border"):
        refused = only(aijan.sync(aijan.operation("report.audience", report.id, {"audience": audience})))
        assert (refused["status"], refused["code"]) == ("rejected", "invalid")
        assert "not in the list" in refused["detail"]
    kept = only(aijan.sync(aijan.operation("report.audience", report.id, {"audience": "mediator"})))
    assert kept["status"] == "applied"
    follow()
    assert (Case.objects.get().audience, holders(case)) == ("mediator", {"mediation"})


@pytest.mark.parametrize("later", [False, True], ids=["from the beginning", "afterwards"])
def test_as_an_appeal_it_is_the_mediators_to_answer_and_stays_with_them(
    aijan: Phone, cast: People, later: bool
) -> None:
    whose: JSON = {"identity": IDENTITY}
    case = a_routed_case(aijan, UNLISTED if later else UNLISTED | {"track": "appeal"} | whose)
    report = case.reports.get()
    if later:
        assert only(aijan.sync(aijan.operation("report.appeal", report.id, whose)))["status"] == "applied"
        follow()
    refused = only(aijan.sync(aijan.operation("report.audience", report.id, {"audience": "office"})))
    assert (refused["status"], refused["code"]) == ("rejected", "invalid")
    follow()
    case.refresh_from_db()
    assert (case.track, case.audience, holders(case)) == ("appeal", "mediator", {"mediation"})
    assert str(case.number) in page(case, cast.dilnoza)
    for user in (cast.dilnoza, cast.bakyt, cast.gulnara, cast.eve):
        assert IDENTITY["name"] not in page(case, user)


@pytest.mark.parametrize(
    "changes",
    [{"audience": "office"}, {"audience": "border"}, {"about_office": "okmotu"}, {"about_unlisted": "yes"}],
)
def test_what_says_two_things_at_once_is_refused(aijan: Phone, changes: JSON) -> None:
    refused = only(aijan.sync(aijan.filed(UNLISTED | changes)))
    assert (refused["status"], refused["code"]) == ("rejected", "invalid")
    assert "about_unlisted" in refused["detail"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("said", [{}, {"about_unlisted": None}, {"about_unlisted": False}])
def test_a_phone_that_does_not_say_so_is_heard_as_before(aijan: Phone, said: JSON) -> None:
    case = a_routed_case(aijan, {"audience": "office", **said})
    assert not case.reports.get().about_unlisted
    assert holders(case) == {"okmotu", "mediation"}


def test_not_even_a_mistake_of_ours_widens_it(aijan: Phone) -> None:
    report = a_routed_case(aijan, UNLISTED).reports.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(audience="office")


def test_its_sms_which_cannot_say_so_is_for_mediators_and_the_whole_says_it(aijan: Phone) -> None:
    operation = aijan.filed(UNLISTED)
    partials.accept(sms(form(aijan, operation)), at=MONDAY)
    follow()
    case = Case.objects.get()
    assert holders(case) == {"mediation"}
    assert only(aijan.sync(operation))["status"] == "applied"
    whole = case.reports.get(partial=False)
    assert (whole.about_unlisted, whole.audience) == (True, "mediator")
    refused = only(aijan.sync(aijan.operation("report.audience", whole.id, {"audience": "office"})))
    assert refused["code"] == "invalid"
    follow()
    assert holders(case) == {"mediation"}


def test_an_sms_for_more_than_its_whole_is_taken_from_the_office(aijan: Phone) -> None:
    """No phone of ours says so; what came first does not stay wider for that."""
    operation = aijan.filed(UNLISTED)
    wider = operation | {"body": operation["body"] | {"audience": "office"}}
    partials.accept(sms(form(aijan, wider)), at=MONDAY)
    follow()
    case = Case.objects.get()
    assert "okmotu" in holders(case)
    aijan.sync(operation)
    follow()
    assert holders(case) == {"mediation"}


def test_mediators_are_told_whom_it_is_about_and_the_office_nothing(aijan: Phone, cast: People, valley: Valley) -> None:
    case = a_routed_case(aijan, {"about_office": "okmotu"})
    assert holders(case) == {"rayon", "mediation"}
    seen = logged_in(cast.dilnoza).sees("case", case.id)
    assert seen is not None
    assert seen["about"] == [{"code": "okmotu", "names": valley.okmotu.names}]
    assert seen["about_unlisted"] is False
    User.objects.update(language="en")
    for reader in (cast.dilnoza, cast.gulnara):
        reader.refresh_from_db()
        assert f"About: {valley.okmotu.name('en')}. {NAMED}" in page(case, reader)
    assert NAMED not in page(case, cast.bakyt)
    reported = aijan.sees("report", case.reports.get().id)
    assert reported is not None
    assert "about" not in reported


def test_mediators_are_told_that_the_office_has_no_name(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan, UNLISTED)
    seen = logged_in(cast.dilnoza).sees("case", case.id)
    assert seen is not None
    assert (seen["about"], seen["about_unlisted"]) == ([], True)
    User.objects.update(language="en")
    cast.dilnoza.refresh_from_db()
    shown = page(case, cast.dilnoza)
    assert UNNAMED in shown
    assert NAMED not in shown
    other = a_routed_case(aijan, {"audience": "mediator"})
    assert UNNAMED not in page(other, cast.dilnoza)


@pytest.mark.parametrize("about", [UNLISTED, {"audience": "mediator", "about_office": "okmotu"}])
def test_what_was_taken_back_accuses_nobody(aijan: Phone, cast: People, about: JSON) -> None:
    case = a_routed_case(aijan, about)
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().id, {}))
    seen = logged_in(cast.dilnoza).sees("case", case.id)
    assert seen is not None
    assert (seen["about"], seen["about_unlisted"]) == ([], False)
    assert not case.reports.get().about_unlisted
    User.objects.update(language="en")
    cast.dilnoza.refresh_from_db()
    shown = page(case, cast.dilnoza)
    assert NAMED not in shown
    assert UNNAMED not in shown
