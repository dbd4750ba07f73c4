"""A report that comes by SMS and by other roads, in any order: one report, one case, and one withdrawal takes all of it back."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from reporting.cases.models import Case, Report
from reporting.events.models import Event
from reporting.people.models import Profile
from reporting.places.models import Place
from reporting.sync.models import Partial, Quarantined
from tests.given import follow
from tests.people import People
from tests.phones import JSON, Phone
from tests.texting import Gateway, form, sms
from tests.valley import Valley


def by_network(phone: Phone, operation: JSON, gateway: Gateway) -> None:
    phone.post(phone.envelope(operation))


def by_a_carrier(phone: Phone, operation: JSON, gateway: Gateway) -> None:
    phone.post(phone.envelope(operation), bearer=None)


def by_sms(phone: Phone, operation: JSON, gateway: Gateway) -> None:
    gateway.brings(sms(form(phone, operation)))


ROADS = (by_network, by_a_carrier, by_sms)


@pytest.mark.parametrize(("first", "second"), list(itertools.product(ROADS, ROADS)))
def test_by_any_two_roads_it_is_one_report(
    first: Callable[..., None], second: Callable[..., None], aijan: Phone, gateway: Gateway
) -> None:
    operation = aijan.filed({"text": "The whole of it."})
    first(aijan, operation, gateway)
    follow()
    second(aijan, operation, gateway)
    follow()
    assert Case.objects.count() == 1
    assert Report.objects.filter(completed_by=None).count() == 1
    assert not Quarantined.objects.exists()
    if by_sms not in {first, second}:
        assert Report.objects.count() == 1
    if {first, second} != {by_sms}:
        seen = aijan.sees("report", operation["entity_id"])
        assert seen is not None
        assert seen["state"] == "with_office"


@pytest.mark.parametrize(("longitude", "odd"), [(70.5, False), (72.0, True)])
def test_a_whole_without_a_village_completes_an_sms_that_named_the_phone_s_rayon(
    longitude: float, odd: bool, aijan: Phone, gateway: Gateway, valley: Valley
) -> None:
    other = Place.objects.create(code="06", kind=Place.Kind.RAYON, name_ky="Башка", parent=valley.oblast)
    there = {"name_ky": "Алыс", "latitude": 40.0, "longitude": 72.0, "parent": other}
    Place.objects.create(code="06-1", kind=Place.Kind.VILLAGE, **there)
    whole = aijan.filed({"village": None, "position": {"lat": 40.0, "lon": longitude, "accuracy_m": 20}})
    part = {**whole, "body": {**whole["body"], "village": valley.rayon.code}}
    by_sms(aijan, part, gateway)
    by_network(aijan, whole, gateway)
    case = Case.objects.get()
    assert (case.village, case.reports.count()) == (valley.rayon, 2)
    assert ("gps_elsewhere" in case.place_evidence) == odd


def test_the_whole_is_added_to_the_case_and_what_came_first_stays_as_it_was(
    aijan: Phone, gateway: Gateway, cast: People
) -> None:
    operation = aijan.filed({"text": "The gate above the village was closed. Three days without water."})
    gateway.brings(sms(form(aijan, operation, text="The gate", cut=True)))
    part = Report.objects.get()
    assert aijan.sync(operation)["results"][0]["status"] == "applied"
    whole = Report.objects.get(partial=False)
    part.refresh_from_db()
    assert (part.text, part.completed_by, part.case) == ("The gate…", whole, whole.case)
    assert str(whole.id) == operation["entity_id"]
    assert list(Event.objects.filter(stream=whole.case_id).values_list("kind", flat=True))[-1] == "report.completed"


@pytest.mark.django_db(transaction=True)
def test_a_whole_opens_the_case_of_the_sms_that_a_restored_server_lost(aijan: Phone, gateway: Gateway) -> None:
    """Mediators have that case on their phones, and no SMS comes twice."""
    operation = aijan.filed()
    gateway.brings(sms(form(aijan, operation)))
    case = Case.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reporting_profile, reporting_case, reporting_event, reporting_scope CASCADE")
    aijan.sync(operation)
    assert Case.objects.get().pk == case


def test_a_report_for_a_case_that_is_another_s_is_kept_for_a_person(aijan: Phone, gateway: Gateway) -> None:
    """Two of an author's operations can be made so that they have one link."""
    operation = aijan.filed()
    gateway.brings(sms(form(aijan, operation)))
    Partial.objects.all().delete()
    Report.objects.update(receipt=aijan.filed()["body"]["receipt"])
    assert aijan.sync(operation)["results"][0]["code"] == "changed"
    assert Quarantined.objects.get().code == "changed"


def at_once(*roads: Callable[[], Any]) -> None:
    def closing(road: Callable[[], Any]) -> None:
        try:
            road()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(roads)) as pool:
        list(pool.map(closing, roads))


def test_a_sms_and_its_operation_at_the_same_moment_are_one_report(
    transactional_db: None, aijan: Phone, gateway: Gateway
) -> None:
    for _ in range(5):
        operation = aijan.filed()
        at_once(partial(gateway.brings, sms(form(aijan, operation))), partial(aijan.post, aijan.envelope(operation)))
        assert Case.objects.filter(reports__receipt=operation["body"]["receipt"]).distinct().count() == 1
    assert Report.objects.filter(completed_by=None).count() == 5
    assert not Quarantined.objects.exists()


def test_a_stranger_cannot_take_the_place_of_somebody_s_report(
    aijan: Phone, eve_phone: Phone, gateway: Gateway
) -> None:
    operation = aijan.filed()
    gateway.brings(sms(form(eve_phone, operation | {"body": operation["body"] | {"receipt": "0000000000" + "0"}})))
    assert aijan.sync(operation)["results"][0]["status"] == "applied"
    assert Case.objects.count() == 2


def test_nobody_pulls_a_report_that_came_in_part(aijan: Phone, eve_phone: Phone, gateway: Gateway) -> None:
    gateway.brings(sms(form(aijan, aijan.filed())))
    part = Report.objects.get()
    assert part.profile.write_hash is None
    assert eve_phone.sees("report", part.id) is None
    assert Profile.objects.count() == 2


def test_a_whole_that_says_another_thing_than_its_part_is_kept_for_a_person(aijan: Phone, gateway: Gateway) -> None:
    operation = aijan.filed()
    gateway.brings(sms(form(aijan, operation | {"body": operation["body"] | {"category": "road"}})))
    result = aijan.sync(operation)["results"][0]
    assert (result["status"], result["code"]) == ("rejected", "changed")
    assert Report.objects.get().category.code == "road"
    assert Quarantined.objects.get().code == "changed"


def readers(case: Case) -> set[str]:
    return set(case.assignments.filter(ended_at=None).values_list("office__kind", flat=True))


def test_a_reporter_who_narrowed_before_the_sms_is_read_by_no_more_when_the_whole_comes(
    aijan: Phone, gateway: Gateway, cast: People
) -> None:
    operation = aijan.filed({"audience": "border"})
    gateway.brings(sms(form(aijan, operation | {"body": operation["body"] | {"audience": "mediator"}})))
    follow()
    assert aijan.sync(operation)["results"][0]["status"] == "applied"
    follow()
    case = Case.objects.get()
    assert (case.audience, readers(case)) == ("mediator", {"mediation"})
    assert set(Report.objects.values_list("audience", flat=True)) == {"mediator"}
    aijan.sync(aijan.operation("report.audience", operation["entity_id"], {"audience": "office"}))
    follow()
    case.refresh_from_db()
    assert (case.audience, "local" in readers(case)) == ("office", True)


def test_a_whole_for_fewer_than_its_part_takes_it_from_the_others(aijan: Phone, gateway: Gateway, cast: People) -> None:
    operation = aijan.filed({"audience": "mediator"})
    gateway.brings(sms(form(aijan, operation | {"body": operation["body"] | {"audience": "border"}})))
    follow()
    case = Case.objects.get()
    assert readers(case) > {"mediation", "local"}
    assert aijan.sync(operation)["results"][0]["status"] == "applied"
    assert readers(case) == {"mediation"}
    follow()
    case.refresh_from_db()
    assert (case.audience, readers(case), case.responsible is None) == ("mediator", {"mediation"}, False)


ORDERS = (
    "sms withdraw",
    "withdraw sms",
    "sms whole withdraw",
    "sms withdraw whole",
    "withdraw sms whole",
    "withdraw whole sms",
)


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_taken_back_is_taken_back_from_the_sms_too(order: str, aijan: Phone, gateway: Gateway) -> None:
    operation = aijan.filed({"text": "The words of it."})
    link = form(aijan, operation)[:8].hex()
    withdrawal = aijan.operation("report.withdraw", operation["entity_id"], {"sms_link": link})
    roads: dict[str, Callable[[], Any]] = {
        "sms": lambda: gateway.brings(sms(form(aijan, operation))),
        "whole": lambda: aijan.sync(operation),
        "withdraw": lambda: aijan.sync(withdrawal),
    }
    for road in order.split():
        roads[road]()
    assert not Report.objects.filter(text__contains="words").exists()
    came_first = not order.startswith("withdraw")
    assert Event.objects.filter(kind="report.withdrawn").count() == came_first


@pytest.mark.parametrize("order", ["sms withdraw", "withdraw sms", "sms whole quiet", "sms whole withdraw"])
def test_an_sms_in_quarantine_is_taken_back_too(order: str, aijan: Phone, gateway: Gateway) -> None:
    operation = aijan.filed({"text": "The words of it.", "village": "nowhere"})
    link = form(aijan, operation)[:8].hex()
    roads: dict[str, Callable[[], Any]] = {
        "sms": lambda: gateway.brings(sms(form(aijan, operation))),
        "whole": lambda: aijan.sync(operation),
        "withdraw": lambda: aijan.sync(aijan.operation("report.withdraw", operation["entity_id"], {"sms_link": link})),
        "quiet": lambda: aijan.sync(aijan.operation("report.withdraw", operation["entity_id"], {})),
    }
    for road in order.split():
        roads[road]()
    assert not [kept for kept in Quarantined.objects.values() if "words" in str(kept)]
    assert Quarantined.objects.exists() == (order != "withdraw sms")


@pytest.mark.parametrize("link", ["", "zz" * 8, "00" * 9, 7, None])
def test_a_withdrawal_with_a_malformed_link_is_rejected(link: object, aijan: Phone) -> None:
    withdrawal = aijan.operation("report.withdraw", aijan.filed()["entity_id"], {"sms_link": link})
    assert aijan.sync(withdrawal)["results"][0]["code"] == "invalid"
