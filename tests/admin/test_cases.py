"""Promises 3, 4 and 5 in the officers' admin: what is mine is there, what is not mine does not exist, and acts are POSTs."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.cases.models import Case
from reporting.errors import NotAllowed
from reporting.media import processing
from reporting.people.models import Membership, User
from reporting.sync import partials, quarantine
from reporting.sync.models import Quarantined
from reporting.sync.rendering import milliseconds
from tests.given import MONDAY, a_routed_case, an_answered_case, follow
from tests.media.test_pictures import jpeg
from tests.people import People
from tests.phones import Phone
from tests.sealed import Sealed
from tests.texting import form, sms
from tests.valley import Valley

LIST = "/admin/reporting/case/"
WORDS = "The gate above the village was closed."


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(case: Case) -> str:
    return f"{LIST}{case.pk}/change/"


def act(client: Client, case: Case, name: str, **data: str) -> Any:
    return client.post(f"{LIST}{case.pk}/{name}/", data, follow=True)


def test_the_officer_sees_the_case_with_its_words_its_place_and_why(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    client = logged_in(cast.bakyt)
    assert str(case.number) in client.get(LIST).content.decode()
    seen = client.get(page(case)).content.decode()
    for expected in (WORDS, "Ак-Сай", "KG-TJ", "Баткен", str(case.number)):
        assert expected in seen
    assert case.reports.get().receipt not in seen
    assert str(case.reports.get().profile_id) not in seen


@pytest.mark.parametrize("who", ["gulnara", "meerim", "temir", "olga", "eve"])
def test_whoever_has_no_part_in_it_finds_nothing_anywhere(aijan: Phone, cast: People, who: str) -> None:
    case = a_routed_case(aijan)
    report = case.reports.get()
    client = logged_in(getattr(cast, who))
    for path in (
        LIST,
        f"{LIST}?turn=all",
        f"{LIST}?turn=all&q=gate",
        f"{LIST}?q={case.number}",
        f"{LIST}?q={report.receipt}",
        page(case),
        f"{LIST}{case.pk}/history/",
        f"{LIST}{case.pk}/delete/",
        "/admin/",
    ):
        seen = client.get(path).content.decode()
        assert WORDS not in seen, path
        assert str(case.pk) not in seen, path
    assert client.get(page(case)).status_code in (403, 404)


def test_the_office_it_is_about_finds_nothing_of_it(aijan: Phone, cast: People, valley: Valley) -> None:
    case = a_routed_case(aijan, {"about_office": "okmotu"})
    Membership.objects.create(user=cast.bakyt, office=valley.rayon_office, role=Membership.Role.OFFICER)
    client = logged_in(cast.bakyt)
    assert client.get(page(case)).status_code == 404
    for query in ("?turn=all", f"?q={case.number}", "?q=gate"):
        listed = client.get(LIST + query)
        assert listed.context["cl"].result_count == 0
    assert logged_in(cast.gulnara).get(page(case)).status_code == 200


def test_the_queue_shows_what_waits_and_all_on_demand(aijan: Phone, cast: People) -> None:
    waiting, answered = a_routed_case(aijan), an_answered_case(aijan, cast.bakyt)
    client = logged_in(cast.bakyt)
    assert list(client.get(LIST).context["cl"].queryset) == [waiting]
    shown = client.get(f"{LIST}?turn=all")
    assert shown.status_code == 200, (shown.status_code, shown.headers)
    assert set(shown.context["cl"].queryset) == {waiting, answered}


@pytest.mark.parametrize(("who", "turn", "seen"), [("bakyt", "due", 1), ("bakyt", "copy", 0), ("dilnoza", "copy", 1)])
def test_the_queue_has_lists_of_what_is_due_and_what_is_a_copy(
    aijan: Phone, cast: People, who: str, turn: str, seen: int
) -> None:
    a_routed_case(aijan)
    Case.objects.update(acknowledge_by=MONDAY)
    a_routed_case(aijan)
    Case.objects.exclude(acknowledge_by=MONDAY).update(acknowledge_by=timezone.now() + timedelta(days=9))
    shown = logged_in(getattr(cast, who)).get(f"{LIST}?turn={turn}")
    assert shown.context["cl"].result_count == (seen if turn == "due" else 2 * seen)


@pytest.mark.parametrize("how", ["number", "receipt", "words"])
def test_a_case_is_found_by_number_receipt_and_words(aijan: Phone, cast: People, how: str) -> None:
    case = a_routed_case(aijan)
    a_routed_case(aijan, {"text": "Something else."})
    term = {"number": str(case.number), "receipt": case.reports.get().receipt, "words": "the village"}[how]
    found = logged_in(cast.bakyt).get(LIST, {"q": term}).context["cl"].queryset
    assert list(found) == [case]


LATER = "бул ушул убакыттан кийин жазылган"
BEFORE = "кабар бул жакка келгенге чейин жазылган"


@pytest.mark.parametrize(
    ("filed", "heard", "said"),
    [
        (timedelta(days=-9), None, ""),
        (timedelta(days=-9), timedelta(days=-10), ""),
        (timedelta(days=-9), timedelta(days=-9, minutes=4), ""),
        (timedelta(days=-9), timedelta(days=-9, minutes=6), LATER),
        (timedelta(days=-20_000), timedelta(days=-9), LATER),
        (timedelta(days=-9), timedelta(days=1), ""),
        (timedelta(minutes=4), timedelta(days=-1), ""),
        (timedelta(minutes=6), timedelta(days=-1), BEFORE),
    ],
    ids=["late", "heard-before", "a-little", "behind", "1972", "heard-what-is-to-come", "a-little-ahead", "ahead"],
)
def test_the_officer_is_told_where_the_phone_s_clock_was_provably_wrong(
    aijan: Phone, cast: People, filed: timedelta, heard: timedelta | None, said: str
) -> None:
    now = timezone.now()
    clocks = {
        "wall_ms": milliseconds(now + filed),
        "last_server_ms": None if heard is None else milliseconds(now + heard),
    }
    aijan.sync(operation := aijan.filed(**clocks))
    follow()
    case = Case.objects.get(reports=operation["entity_id"])
    seen = logged_in(cast.bakyt).get(page(case)).content.decode()
    assert [words for words in (LATER, BEFORE) if words in seen] == ([said] if said else [])
    after = f"{timezone.localtime(now + heard):%d.%m.%Y %H:%M}" if heard is not None else ""
    assert (f": {after}." in seen) == (said == LATER)
    assert (case.reports.get().written_after is None) == (said != LATER), (
        "else it only tells when that phone was online"
    )


def test_acknowledge_and_answer_reach_the_reporter(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    report = case.reports.get()
    client = logged_in(cast.bakyt)
    assert act(client, case, "acknowledge").status_code == 200
    assert Case.objects.get().status == "acknowledged"
    act(client, case, "answer", text="Ачылды.", language="ky")
    assert Case.objects.get().status == "answered"
    seen = aijan.sees("report", report.id)
    assert seen is not None
    assert (seen["state"], seen["answers"][0]["text"]) == ("answered", "Ачылды.")


def test_looking_changes_nothing(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    client = logged_in(cast.bakyt)
    for name in ("acknowledge", "answer"):
        assert client.get(f"{LIST}{case.pk}/{name}/").status_code == 405
    client.get(page(case))
    assert client.post(page(case), {"status": "solved"}).status_code == 403
    assert Case.objects.get().status == "assigned"


@pytest.mark.parametrize("who", ["dilnoza", "temir"])
def test_a_copy_may_be_read_and_not_acted_on(aijan: Phone, cast: People, who: str) -> None:
    case = a_routed_case(aijan, {"audience": "border"})
    client = logged_in(getattr(cast, who))
    seen = client.get(page(case)).content.decode()
    assert WORDS in seen
    assert "/answer/" not in seen
    act(client, case, "acknowledge")
    refused = act(client, case, "answer", text="No.", language="ky")
    assert refused.status_code == 409
    assert Case.objects.get().status == "assigned"


def test_an_answer_that_cannot_be_sent_is_not_lost(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    report = case.reports.get()
    aijan.sync(aijan.operation("report.confirm", report.id, {}))
    refused = act(logged_in(cast.bakyt), case, "answer", text="One more word.", language="ky")
    assert refused.status_code == 409
    assert refused.context["form"]["text"].value() == "One more word."


@pytest.mark.parametrize(("text", "language"), [("", "ky"), ("x" * 5001, "ky"), ("Good.", "xx")])
def test_a_wrong_answer_is_said_so(aijan: Phone, cast: People, text: str, language: str) -> None:
    case = a_routed_case(aijan)
    response = act(logged_in(cast.bakyt), case, "answer", text=text, language=language)
    assert response.status_code == 422
    assert Case.objects.get().status == "assigned"


def test_what_was_said_is_escaped(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan, {"text": "<script>alert(1)</script>"})
    seen = logged_in(cast.bakyt).get(page(case)).content.decode()
    assert "<script>alert(1)" not in seen
    assert "&lt;script&gt;alert(1)" in seen


def test_the_photo_is_shown_to_whoever_sees_the_case(aijan: Phone, cast: People) -> None:
    photo = Sealed(jpeg())
    aijan.sync(aijan.filed(media=[photo.wanted()]))
    photo.arrive()
    follow()
    processing.drain(now=lambda: MONDAY)
    case = Case.objects.get()
    path = f"{LIST}{case.pk}/medium/{photo.id}/"
    shown = logged_in(cast.bakyt).get(path)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert logged_in(cast.gulnara).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_a_longer_queue_takes_no_more_queries(aijan: Phone, cast: People) -> None:
    client = logged_in(cast.bakyt)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    a_routed_case(aijan)
    queries()
    few = queries()
    for _ in range(5):
        a_routed_case(aijan)
    assert queries() == few


def test_a_case_of_more_reports_takes_no_more_queries(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    client = logged_in(cast.bakyt)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(case)).content.decode().count(WORDS) == case.reports.count()
        return len(captured)

    queries()
    few = queries()
    report = case.reports.get()
    for number in range(3):
        report.pk, report.receipt = uuid.uuid4(), f"OTHER{number}"
        report.save(force_insert=True)
    assert queries() == few


def test_what_is_in_quarantine_is_read_by_national_mediators_only(aijan: Phone, cast: People) -> None:
    aijan.sync(aijan.filed({"category": "no-such", "text": "Quarantined words."}))
    row = Quarantined.objects.get()
    path = f"/admin/reporting/quarantined/{row.pk}/change/"
    assert "Quarantined words." in logged_in(cast.meerim).get(path).content.decode()
    operator = logged_in(cast.olga).get(path)
    assert operator.status_code == 200
    assert "Quarantined words." not in operator.content.decode()
    assert logged_in(cast.bakyt).get(path).status_code == 403
    assert logged_in(cast.dilnoza).get(path).status_code == 403


def test_what_is_in_quarantine_is_not_there_for_the_office_that_it_is_about(aijan: Phone, cast: People) -> None:
    """Refused, said of what was refused, by SMS, of what arrived; and when its words are gone."""
    about = {"about_office": "mediation-national"}
    refused, arrived = aijan.filed(about | {"category": "no-such"}), aijan.filed(about)
    aijan.sync(refused, arrived)
    follow_up = {"case": str(Case.objects.get().pk).upper(), "kind": "shout"}
    aijan.sync(
        aijan.operation("report.dispute", refused["entity_id"], {"reason": 1}),
        aijan.operation("report.dispute", arrived["entity_id"], {"reason": 1}),
        aijan.operation("followup.create", uuid.uuid4(), follow_up),
        aijan.operation("identity.request", uuid.uuid4(), {"report": arrived["entity_id"], "reason": 1}),
    )
    partials.accept(sms(form(aijan, aijan.filed(about | {"village": "nowhere"}))), at=MONDAY)
    assert Quarantined.objects.count() == 6
    hidden = list(Quarantined.objects.values_list("pk", flat=True))
    aijan.sync(aijan.filed({"about_office": "okmotu", "category": "no-such"}), aijan.filed({"village": "nowhere"}))
    aijan.post(b"\1unreadable")

    def sees(user: User) -> set[uuid.UUID]:
        pages = logged_in(user)
        # Before the others: what is said to be not there would be named on the next page.
        listed = pages.get("/admin/reporting/quarantined/").content.decode()
        codes = {pk: pages.get(f"/admin/reporting/quarantined/{pk}/change/").status_code for pk in everything}
        shown = {pk for pk, code in codes.items() if code == 200}
        assert {pk for pk in everything if str(pk) in listed} == shown
        return shown

    everything = set(Quarantined.objects.values_list("pk", flat=True))
    assert len(everything) == 9
    assert sees(cast.meerim) == everything - set(hidden)
    assert sees(cast.olga) == everything
    with pytest.raises(NotAllowed):
        quarantine.settle(row=Quarantined.objects.get(pk=hidden[0]), by=cast.meerim, reason="Nothing.", at=MONDAY)
    for report in (refused, arrived):
        aijan.sync(aijan.operation("report.withdraw", report["entity_id"], {}))
    assert "closed" not in str(Quarantined.objects.filter(entity_id=refused["entity_id"]).values_list("content"))
    assert sees(cast.meerim) == everything - set(hidden)


def test_what_is_in_quarantine_is_settled_once_with_a_reason(aijan: Phone, cast: People) -> None:
    aijan.sync(aijan.filed({"category": "no-such"}))
    row = Quarantined.objects.get()
    path = f"/admin/reporting/quarantined/{row.pk}/change/"
    said = {
        "settled_reason": "The category was missing; it is there now.",
        "code": "invalid",
        "settled_at": "2020-01-01",
    }
    for nobody in (cast.bakyt, cast.dilnoza):
        assert logged_in(nobody).post(path, said).status_code == 403
    assert logged_in(cast.meerim).post(path, {"settled_reason": " "}).status_code == 200
    assert Quarantined.objects.filter(settled_at=None).exists(), "no reason was given"
    assert logged_in(cast.meerim).post(path, said).status_code == 302
    row.refresh_from_db()
    assert (row.settled_by, row.settled_reason, row.code) == (cast.meerim, said["settled_reason"], "unknown_category")
    assert row.settled_at is not None
    assert row.settled_at.year > 2025
    assert logged_in(cast.olga).post(path, {"settled_reason": "Something else."}).status_code == 403
    row.refresh_from_db()
    assert row.settled_by == cast.meerim


def test_every_page_an_operator_has_opens(cast: People) -> None:
    client = logged_in(cast.olga)
    for name in ("category", "term", "place", "user", "office", "rule", "alarm", "quarantined"):
        assert client.get(f"/admin/reporting/{name}/").status_code == 200
    for name in ("category", "term", "place", "user", "office", "rule"):
        assert client.get(f"/admin/reporting/{name}/add/").status_code == 200


def test_a_rule_that_names_nobody_is_refused_in_words(cast: People) -> None:
    data = {"title": "x", "priority": "5", "copies-TOTAL_FORMS": "0", "copies-INITIAL_FORMS": "0"}
    User.objects.update(language="en")
    response = logged_in(cast.olga).post("/admin/reporting/rule/add/", data)
    assert "not both, not neither" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "quarantined/?content__icontains=Quarantined",
        "quarantined/?content__body__text__startswith=Q",
        "quarantined/?raw__isnull=0",
        "quarantined/?profile__isnull=0",
        "office/?cases_about_it__isnull=0",
        "office/?assignments__isnull=0",
        "office/?cases_about_it__isnull=0&_popup=1",
        "category/?cases__isnull=0",
        "place/?cases__isnull=0",
        "place/?cases__reports__text__icontains=gate",
        "user/?grants__isnull=0",
        "rule/?alarms__case__isnull=0",
        "alarm/?case__isnull=0",
    ],
)
def test_an_operator_cannot_probe_by_address_what_no_page_shows(aijan: Phone, cast: People, query: str) -> None:
    a_routed_case(aijan, {"about_office": "okmotu"})
    aijan.sync(aijan.filed({"category": "no-such", "text": "Quarantined words."}))
    refused = logged_in(cast.olga).get(f"/admin/reporting/{query}")
    assert refused.status_code in (302, 400)


def test_the_filters_on_the_page_still_work(aijan: Phone, cast: People) -> None:
    aijan.sync(aijan.filed({"category": "no-such"}))
    client = logged_in(cast.olga)
    for query in (
        "quarantined/?code=unknown_category",
        "quarantined/?settled_at__isempty=1",
        "place/?kind__exact=village",
    ):
        shown = client.get(f"/admin/reporting/{query}")
        assert shown.status_code == 200
        assert shown.context["cl"].result_count == 1


def test_the_officer_asks_and_reads_the_reply(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    client = logged_in(cast.bakyt)
    shown = act(client, case, "ask", text="On which day?", language="ky")
    assert (shown.status_code, case.inquiries.get().text) == (200, "On which day?")
    said = {"text": "On Friday <b>evening</b>.", "language": "ky"}
    aijan.sync(aijan.operation("report.reply", case.reports.get().id, said))
    seen = client.get(page(case)).content.decode()
    assert "On which day?" in seen
    assert "On Friday &lt;b&gt;evening&lt;/b&gt;." in seen
    assert "Кабарлаган адам жооп берди" in client.get(LIST).content.decode()


def test_an_empty_question_is_refused_and_nobody_else_s_is_heard(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    assert act(logged_in(cast.bakyt), case, "ask", text="  ", language="ky").status_code == 422
    kept = act(logged_in(cast.dilnoza), case, "ask", text="Who are you?", language="ky")
    assert (kept.status_code, "Who are you?" in kept.content.decode()) == (409, False)
    assert logged_in(cast.eve).post(f"{LIST}{case.pk}/ask/", {"text": "?", "language": "ky"}).status_code == 404
    assert not case.inquiries.exists()
