"""Promises 4 and 5: the answer comes back, and nobody is shown more than the reporter allowed."""

import gzip
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case, Report
from reporting.people.models import Grant, Membership
from reporting.sync.pull import SNAPSHOT
from tests.given import MONDAY, a_report, a_routed_case, an_answered_case, follow, give
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone
from tests.valley import Valley


def test_the_reporter_sees_it_arrive_and_go_to_an_office_and_the_answer_come_back(aijan: Phone, cast: People) -> None:
    report = a_report(aijan)
    seen = aijan.sees("report", report.id)
    assert seen is not None
    assert (seen["state"], seen["office"]) == ("arrived", None)
    follow()
    (change,) = aijan.sync()["changes"]
    assert (change["data"]["state"], change["data"]["office"]["code"]) == ("with_office", "okmotu")
    assert [copy["code"] for copy in change["data"]["copies"]] == ["mediation"]
    assert "Ак-Сай" in change["data"]["reason"]["ky"]
    with events.unit_of_work():
        work.answer(case=report.case_id, by=cast.bakyt, text="The gate is open.", language="ky", at=MONDAY)
    (change,) = aijan.sync()["changes"]
    assert change["data"]["state"] == "answered"
    assert [answer["text"] for answer in change["data"]["answers"]] == ["The gate is open."]
    assert aijan.sync()["changes"] == []


def test_the_village_is_told_only_where_the_phone_may_not_know_it(aijan: Phone, valley: Valley) -> None:
    """Its names were a tenth of what a report costs."""
    position = {"lat": 39.9, "lon": 70.7, "accuracy_m": 30}
    named, placed = aijan.filed(), aijan.filed({"village": None, "position": position})
    told = {change["id"]: change["data"] for change in aijan.sync(named, placed)["changes"]}
    assert told[named["entity_id"]]["village"] is None
    taken = Report.objects.get(pk=placed["entity_id"]).village
    assert told[placed["entity_id"]]["village"] == {"code": taken.code, "names": taken.names}


def test_another_profile_is_shown_nothing_of_it(aijan: Phone, eve_phone: Phone) -> None:
    a_routed_case(aijan)
    assert eve_phone.sync()["changes"] == []


def test_a_forged_cursor_opens_no_other_scope(aijan: Phone, eve_phone: Phone) -> None:
    a_routed_case(aijan)
    eve_phone.cursor = aijan.sync()["cursor"]
    assert eve_phone.sync()["changes"] == []


def test_a_mediator_pulls_the_office_s_cases_while_the_login_is_in_force(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    phone = logged_in(cast.dilnoza)
    seen = phone.sees("case", case.id)
    assert seen is not None
    assert seen["reports"][0]["text"] == "The gate above the village was closed."
    assert seen["office"]["code"] == "okmotu"
    assert "receipt" not in str(seen)
    Grant.objects.update(until=timezone.now() - timedelta(days=1))
    assert phone.sees("case", case.id) is None


def test_a_narrowed_audience_narrows_at_the_next_pull_even_without_a_feed_entry(aijan: Phone, cast: People) -> None:
    """The feed holds no content; what is shown is decided as it is shown."""
    case = a_routed_case(aijan)
    phone = logged_in(cast.dilnoza)
    assert phone.sees("case", case.id) is not None
    case.excluded.add(cast.dilnoza.memberships.get().office)
    assert phone.sees("case", case.id) is None


def test_a_case_that_went_to_another_office_is_taken_from_the_phone(aijan: Phone, cast: People, valley: Valley) -> None:
    case = a_routed_case(aijan, {"audience": "mediator"})
    phone = logged_in(cast.dilnoza)
    assert phone.sees("case", case.id) is not None
    give(case, valley.national_mediators, role="responsible")
    (change,) = phone.sync()["changes"]
    assert (change["entity"], change["data"]) == ("case", None)


def test_work_done_offline_on_a_case_that_moved_on_is_kept_and_told_to_who_has_it_now(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    case = a_routed_case(aijan, {"audience": "mediator"})
    phone = logged_in(cast.dilnoza)
    give(case, valley.national_mediators, role="responsible")
    Grant.objects.update(until=timezone.now() - timedelta(days=1))
    body = {"case": str(case.id), "kind": "visit", "happened_on": "2026-11-22", "text": "We met.", "language": "ky"}
    reply = phone.sync(phone.operation("followup.create", "00000000-0000-4000-8000-000000000009", body))
    assert reply["results"][0]["status"] == "applied"
    seen = logged_in(cast.meerim).sees("case", case.id)
    assert seen is not None
    assert [said["text"] for said in seen["followups"]] == ["We met."]


def test_the_reporter_confirms_and_it_is_on_the_case(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    report = Report.objects.get()
    aijan.sync(aijan.operation("report.confirm", report.id, {}))
    assert Case.objects.get(pk=case.pk).status == "solved"
    seen = aijan.sees("report", report.id)
    assert seen is not None
    assert (seen["state"], seen["due_ms"]) == ("solved", None)


def test_a_dispute_keeps_the_words_and_goes_one_level_up(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    report = Report.objects.get()
    aijan.sync(aijan.operation("report.dispute", report.id, {"reason": "Still no water."}))
    follow()
    assert case.notes.get().text == "Still no water."
    held = case.assignments.get(role="responsible", ended_at=None)
    assert held.office.code == "rayon"
    seen = aijan.sees("report", report.id)
    assert seen is not None
    assert (seen["state"], seen["office"]["code"]) == ("with_office", "rayon")


def test_a_word_that_comes_too_late_is_a_note_and_not_an_error(aijan: Phone) -> None:
    case = a_routed_case(aijan)
    report = Report.objects.get()
    reply = aijan.sync(aijan.operation("report.dispute", report.id, {"reason": "Nothing happens."}))
    assert reply["results"][0]["status"] == "applied"
    assert case.notes.get().text == "Nothing happens."
    assert Case.objects.get(pk=case.pk).status == "assigned"


def test_pulling_many_cases_takes_no_more_queries_than_pulling_one(aijan: Phone, cast: People) -> None:
    phone = logged_in(cast.dilnoza)

    def queries() -> int:
        phone.cursor = None
        with CaptureQueriesContext(connection) as captured:
            phone.sync()
        return len(captured)

    a_routed_case(aijan)
    one = queries()
    for _ in range(5):
        a_routed_case(aijan)
    assert queries() == one


def test_when_the_login_ends_the_phone_is_told_to_drop_the_cases(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    phone = logged_in(cast.dilnoza)
    phone.sync()
    Grant.objects.update(until=timezone.now() - timedelta(days=1))
    assert [(change["id"], change["data"]) for change in phone.sync()["changes"]] == [(str(case.id), None)]
    assert phone.sync()["changes"] == []


def test_a_mediator_who_leaves_one_office_keeps_what_the_other_follows(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    shared, theirs = a_routed_case(aijan), a_routed_case(aijan)
    second = Membership.objects.create(
        user=cast.dilnoza, office=valley.national_mediators, role=Membership.Role.MEDIATOR
    )
    give(shared, valley.national_mediators, role="copy")
    phone = logged_in(cast.dilnoza)
    assert {change["id"] for change in phone.sync()["changes"]} == {str(shared.id), str(theirs.id)}
    cast.dilnoza.memberships.exclude(pk=second.pk).delete()
    told = {change["id"]: change["data"] for change in phone.sync()["changes"]}
    assert told[str(theirs.id)] is None
    assert told[str(shared.id)] is not None


def test_a_mediator_begins_with_one_snapshot_and_goes_on_with_deltas(
    aijan: Phone, cast: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.sync.pull.PAGE", 4)
    for _ in range(6):
        a_report(aijan)
    follow()
    phone = logged_in(cast.dilnoza)
    first = phone.sync()
    assert (len(first["changes"]), first["more"]) == (6, False)
    assert SNAPSHOT >= 1_000  # a mediator's cases
    a_routed_case(aijan)
    assert len(phone.sync()["changes"]) == 1


def test_the_snapshot_is_compressed_and_has_room_for_nothing_that_left(
    aijan: Phone, cast: People, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_mediators = {"audience": "mediator"}
    left = [a_routed_case(aijan, for_mediators) for _ in range(3)]
    stayed = [a_routed_case(aijan, for_mediators) for _ in range(2)]
    before = logged_in(cast.dilnoza)
    before.sync()
    for case in left:
        give(case, valley.national_mediators, role="responsible")
    monkeypatch.setattr("reporting.sync.pull.SNAPSHOT", len(stayed))
    phone = logged_in(cast.dilnoza)
    body: JSON = {"proto": 1, "cursor": None, "envelopes": []}
    headers = {"authorization": phone.bearer, "accept-encoding": "gzip"}
    reply = phone.client.post("/api/v1/sync", body, content_type="application/json", headers=headers)
    assert reply["Content-Encoding"] == "gzip"
    told = json.loads(gzip.decompress(reply.content))
    assert {change["id"] for change in told["changes"]} == {str(case.id) for case in stayed}
    assert not told["more"]
    phone.cursor = told["cursor"]
    assert phone.sync()["changes"] == []
    # Whoever had them is told, also when the server cannot read any more how far they had come.
    gone = {str(case.id) for case in left}
    assert {change["id"] for change in before.sync()["changes"] if change["data"] is None} == gone
    before.cursor = "of another time"
    monkeypatch.setattr("reporting.sync.pull.SNAPSHOT", 100)
    assert {change["id"] for change in before.sync()["changes"] if change["data"] is None} == gone


def test_a_phone_on_a_bad_link_may_ask_for_less(aijan: Phone, cast: People) -> None:
    for _ in range(5):
        a_report(aijan)
    body: JSON = {"proto": 1, "cursor": None, "envelopes": [], "most": 2}
    seen, more = [], True
    while more:
        reply = aijan.client.post(
            "/api/v1/sync", body, content_type="application/json", headers={"authorization": aijan.bearer}
        ).json()
        assert len(reply["changes"]) <= 2
        seen += [change["id"] for change in reply["changes"]]
        body["cursor"], more = reply["cursor"], reply["more"]
    assert len(seen) == 5


def test_follow_ups_of_one_moment_stand_in_one_order_on_every_phone(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    phone = logged_in(cast.dilnoza)
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in (3, 1, 2)]
    body = {"case": str(case.id), "kind": "visit", "happened_on": "2026-11-22", "text": "We met.", "language": "ky"}
    phone.sync(*(phone.operation("followup.create", one, body) for one in ids))
    seen = phone.sees("case", case.id)
    assert seen is not None
    assert [item["id"] for item in seen["followups"]] == sorted(ids)


def test_asking_costs_few_questions_to_the_database(aijan: Phone, cast: People) -> None:
    """Nothing is asked for that the case's history does not tell of."""
    dilnoza = logged_in(cast.dilnoza)
    case = a_routed_case(aijan)
    for phone in (aijan, dilnoza):  # has read it now, and its reporter hears of that
        phone.sync()
    aijan.sync()
    with events.unit_of_work():
        work.acknowledge(case=case.id, by=cast.bakyt, at=MONDAY)
    for phone, one_change, none in ((aijan, 9, 3), (dilnoza, 12, 4)):
        for most in (one_change, none):
            with CaptureQueriesContext(connection) as asked:
                phone.sync()
            assert len(asked) <= most, [one["sql"][:100] for one in asked]
