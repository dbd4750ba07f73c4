"""Promise 5: nobody is let into an office without its supervisors seeing it."""

from collections.abc import Callable

import pytest
from django.test import Client

from reporting import events
from reporting.admin.guarding import POLICY
from reporting.events import chain
from reporting.events.models import Event
from reporting.people import memberships
from reporting.people.models import AccessRecord, Grant, Membership, Office, User
from reporting.routing.models import Alarm
from tests.admin.test_cases import logged_in
from tests.given import MONDAY, a_routed_case, follow
from tests.mediators import logged_in as mediator_phone
from tests.people import PASSWORD, People, member
from tests.phones import Phone
from tests.valley import Valley

RECORD = "/admin/reporting/accessrecord/"
ALARMS = "/admin/reporting/alarm/"


@pytest.fixture
def nazgul(cast: People, valley: Valley) -> User:
    """Supervises the aiyl okmotu."""
    return member("nazgul", valley.okmotu, Membership.Role.SUPERVISOR)


def saved(client: Client, user: User, *rows: dict[str, object], is_active: bool = True, press: str = "_save") -> None:
    """The account's page as an operator's browser sends it."""
    kept = user.memberships.count()
    data = {"username": user.username, "language": "ky", "is_staff": "on", press: "1"}
    data |= {"is_active": "on"} if is_active else {}
    data |= {"is_superuser": "on"} if user.is_superuser else {}
    data |= {"memberships-TOTAL_FORMS": str(len(rows)), "memberships-INITIAL_FORMS": str(kept)}
    for number, row in enumerate(rows):
        data |= {f"memberships-{number}-{key}": str(value) for key, value in {"user": user.pk, **row}.items()}
    response = client.post(f"/admin/reporting/user/{user.pk}/change/", data)
    assert response.status_code == 302, response.context["errors"]


def test_an_operator_who_lets_themself_in_is_seen_by_the_supervisor(cast: People, valley: Valley, nazgul: User) -> None:
    role = Membership.Role.SUPERVISOR
    saved(logged_in(cast.olga), cast.olga, {"id": "", "office": valley.okmotu.pk, "role": role})
    follow()
    seen = logged_in(nazgul).get(RECORD)
    assert "olga" in seen.content.decode()
    assert seen.context["cl"].result_count == 1
    assert logged_in(nazgul).get("/admin/reporting/case/").context["alarms"] == 1
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.office, alarm.about) == ("access_given", valley.okmotu, cast.olga)

    refused = logged_in(cast.olga).post(f"{ALARMS}{alarm.pk}/change/", {"cleared_reason": "It was me."})
    assert refused.status_code in (302, 403)
    assert Alarm.objects.get().cleared_at is None
    assert logged_in(nazgul).post(f"{ALARMS}{alarm.pk}/change/", {"cleared_reason": ""}).status_code == 200
    assert Alarm.objects.get().cleared_at is None
    logged_in(nazgul).post(f"{ALARMS}{alarm.pk}/change/", {"cleared_reason": "She mends the printer; agreed."})
    cleared = Alarm.objects.get()
    assert (cleared.cleared_by, cleared.cleared_reason) == (nazgul, "She mends the printer; agreed.")


def test_taking_and_moving_are_recorded_too_and_the_chain_holds(cast: People, valley: Valley) -> None:
    held = cast.bakyt.memberships.get()
    row = {"id": held.pk, "office": valley.rayon_office.pk, "role": Membership.Role.OFFICER}
    saved(logged_in(cast.olga), cast.bakyt, row)
    kinds = Event.objects.filter(stream=valley.okmotu.stream).values_list("kind", flat=True)
    assert list(kinds) == [AccessRecord.TAKEN]
    saved(logged_in(cast.olga), cast.bakyt, {**row, "id": cast.bakyt.memberships.get().pk, "DELETE": "on"})
    there = list(Event.objects.filter(stream=valley.rayon_office.stream).order_by("number"))
    assert [event.kind for event in there] == [AccessRecord.GIVEN, AccessRecord.TAKEN]
    assert chain.first_fault(there) is None
    assert not cast.bakyt.memberships.exists()


def test_setting_somebody_s_password_is_recorded(cast: People, valley: Valley, nazgul: User) -> None:
    new = {"password1": "another-long-password", "password2": "another-long-password", "usable_password": "true"}
    done = logged_in(cast.olga).post(f"/admin/reporting/user/{cast.bakyt.pk}/password/", new)
    assert done.status_code == 302
    follow()
    assert Alarm.objects.filter(office=valley.okmotu, about=cast.bakyt).count() == 1
    assert logged_in(nazgul).get(RECORD).context["cl"].result_count == 1


@pytest.mark.parametrize("who", ["bakyt", "dilnoza", "temir", "eve"])
def test_others_see_neither_record_nor_alarm(cast: People, valley: Valley, who: str) -> None:
    with events.unit_of_work():
        memberships.give(user=cast.eve, office=valley.border, role="liaison", by="staff:1", at=MONDAY)
    follow()
    client = logged_in(getattr(cast, who))
    assert client.get(RECORD).status_code == 403
    assert client.get(ALARMS).status_code == 403
    assert client.get(f"{ALARMS}{Alarm.objects.get().pk}/change/").status_code in (302, 403)


def test_a_supervisor_watches_over_the_offices_below_and_no_other(cast: People, valley: Valley) -> None:
    oblast = member("oblast-head", valley.oblast_office, Membership.Role.SUPERVISOR)
    with events.unit_of_work():
        for office in (valley.okmotu, valley.mediators):
            memberships.give(user=cast.eve, office=office, role="officer", by=f"staff:{cast.olga.pk}", at=MONDAY)
    follow()
    assert [row.data["office"] for row in memberships.record_seen_by(oblast) if row.data] == ["okmotu"]
    assert logged_in(oblast).get(ALARMS).context["cl"].result_count == 1


def test_an_account_that_is_switched_on_again_is_seen_by_its_supervisors(
    cast: People, valley: Valley, nazgul: User
) -> None:
    operator = logged_in(cast.olga)
    for is_active in (False, True, True):
        held = cast.bakyt.memberships.get()
        row = {"id": held.pk, "office": valley.okmotu.pk, "role": held.role}
        saved(operator, cast.bakyt, row, is_active=is_active)
        cast.bakyt.refresh_from_db()
        assert cast.bakyt.is_active is is_active
        follow()
        alarms = Alarm.objects.filter(kind=Alarm.Kind.ACCESS_GIVEN, about=cast.bakyt)
        assert alarms.exists() is is_active
    kinds = [row.kind for row in memberships.record_seen_by(nazgul) if row.kind.startswith("account")]
    assert kinds == [AccessRecord.ON, AccessRecord.OFF], "saved once more without a change it is not switched"


def test_no_page_changes_the_record(cast: People, valley: Valley) -> None:
    with events.unit_of_work():
        memberships.give(user=cast.eve, office=valley.okmotu, role="officer", by="system", at=MONDAY)
    row, client = AccessRecord.objects.get(kind=AccessRecord.GIVEN), logged_in(cast.olga)
    for path in (f"{RECORD}add/", f"{RECORD}{row.pk}/delete/"):
        assert client.post(path).status_code == 403
    assert client.post(f"{RECORD}{row.pk}/change/", {"kind": "x"}).status_code == 403
    assert AccessRecord.objects.filter(pk=row.pk, kind=AccessRecord.GIVEN).exists()


def test_the_server_s_own_commands_raise_no_alarm(cast: People, valley: Valley) -> None:
    with events.unit_of_work():
        memberships.give(user=cast.eve, office=valley.okmotu, role="officer", by="system", at=MONDAY)
    follow()
    assert not Alarm.objects.exists()


def test_cases_leave_the_phone_of_a_mediator_who_leaves(aijan: Phone, cast: People, valley: Valley) -> None:
    case = a_routed_case(aijan)
    phone = mediator_phone(cast.dilnoza)
    assert {change["id"] for change in phone.sync()["changes"]} == {str(case.pk)}
    with events.unit_of_work():
        memberships.take(membership=cast.dilnoza.memberships.get(), by=f"staff:{cast.olga.pk}", at=MONDAY)
    follow()
    assert [(change["id"], change["data"]) for change in phone.sync()["changes"]] == [(str(case.pk), None)]


END = "reporting_user_end_logins"


def saved_by_hand(cast: People, *, is_active: bool = True, press: str = "_save") -> None:
    """Dilnoza's page as Olga's browser sends it."""
    held = cast.dilnoza.memberships.get()
    row = {"id": held.pk, "office": held.office_id, "role": held.role}
    saved(logged_in(cast.olga), cast.dilnoza, row, is_active=is_active, press=press)


def a_password_by_the_operator(cast: People) -> None:
    new = {"password1": "another-long-password", "password2": "another-long-password", "usable_password": "true"}
    done = logged_in(cast.olga).post(f"/admin/reporting/user/{cast.dilnoza.pk}/password/", new)
    assert done.status_code == 302


def a_password_by_herself(cast: People) -> None:
    new = {"old_password": PASSWORD, "new_password1": "another-long-one", "new_password2": "another-long-one"}
    done = logged_in(cast.dilnoza).post("/admin/password_change/", new)
    assert done.status_code == 302


def a_password_on_the_phone_s_road(cast: People) -> None:
    client, app = Client(), "/_allauth/app/v1"
    login = {"username": "dilnoza", "password": PASSWORD}
    told = client.post(f"{app}/auth/login", login, content_type="application/json")
    new = {"current_password": PASSWORD, "new_password": "another-long-one"}
    headers = {"x-session-token": told.json()["meta"]["session_token"]}
    client.post(f"{app}/account/password/change", new, content_type="application/json", headers=headers)
    assert User.objects.get(pk=cast.dilnoza.pk).check_password("another-long-one")


def a_password_typed_at_the_server(cast: People) -> None:
    """As `manage.py changepassword` does."""
    user = User.objects.get(pk=cast.dilnoza.pk)
    user.set_password("another-long-password")
    user.save()


def taken_and_given(cast: People) -> None:
    held, olga = cast.dilnoza.memberships.get(), f"staff:{cast.olga.pk}"
    with events.unit_of_work():
        memberships.take(membership=held, by=olga, at=MONDAY)
    with events.unit_of_work():
        memberships.give(user=cast.dilnoza, office=held.office, role=held.role, by=olga, at=MONDAY)


def an_officer_and_a_mediator_again(cast: People) -> None:
    office, olga = cast.dilnoza.memberships.get().office, f"staff:{cast.olga.pk}"
    for role in (Membership.Role.OFFICER, Membership.Role.MEDIATOR):
        with events.unit_of_work():
            memberships.give(user=cast.dilnoza, office=office, role=role, by=olga, at=MONDAY)


def switched_off_and_on(cast: People) -> None:
    for is_active in (False, True):
        saved_by_hand(cast, is_active=is_active)
        cast.dilnoza.refresh_from_db()


def ended_on_her_page(cast: People) -> None:
    saved_by_hand(cast, press=END)


@pytest.mark.parametrize(
    "what",
    [
        a_password_by_the_operator,
        a_password_by_herself,
        a_password_on_the_phone_s_road,
        a_password_typed_at_the_server,
        taken_and_given,
        an_officer_and_a_mediator_again,
        switched_off_and_on,
        ended_on_her_page,
    ],
)
def test_a_stolen_phone_has_no_case_any_more_and_does_not_come_back_to_life(
    aijan: Phone, cast: People, what: Callable[[People], None]
) -> None:
    case = a_routed_case(aijan)
    stolen = mediator_phone(cast.dilnoza)
    mediator_phone(cast.meerim)
    assert {change["id"] for change in stolen.sync()["changes"]} == {str(case.pk)}
    what(cast)
    assert [(change["id"], change["data"]) for change in stolen.sync()["changes"]] == [(str(case.pk), None)]
    a_routed_case(aijan)
    assert stolen.sync()["changes"] == []
    assert list(Grant.objects.filter(revoked_at=None).values_list("user", flat=True)) == [cast.meerim.pk]
    assert len(mediator_phone(cast.dilnoza).sync()["changes"]) == 2, "who she is logs in anew"


def test_an_account_s_page_that_is_saved_as_it_was_ends_no_login(cast: People) -> None:
    mediator_phone(cast.dilnoza)
    saved_by_hand(cast)
    assert Grant.objects.filter(revoked_at=None).exists()
    page = logged_in(cast.olga).get(f"/admin/reporting/user/{cast.dilnoza.pk}/change/")
    assert f'name="{END}"' in page.content.decode()


def test_an_alarm_of_routing_is_cleared_by_an_operator_with_a_reason(cast: People, valley: Valley) -> None:
    alarm = Alarm.objects.create(kind="rule_names_nobody", rule=valley.rules["water"], raised_at=MONDAY)
    client = logged_in(cast.olga)
    assert client.get(f"{ALARMS}{alarm.pk}/change/").status_code == 200
    client.post(f"{ALARMS}{alarm.pk}/change/", {"cleared_reason": "The okmotu is in the list again."})
    assert Alarm.objects.get().cleared_by == cast.olga
    again = client.post(f"{ALARMS}{alarm.pk}/change/", {"cleared_reason": "Twice."})
    assert again.status_code == 403
    assert Alarm.objects.get().cleared_reason == "The okmotu is in the list again."


def test_pages_carry_a_policy_that_runs_no_script_written_into_them(cast: People) -> None:
    page = logged_in(cast.bakyt).get("/admin/reporting/case/")
    assert page["Content-Security-Policy"] == POLICY
    scripts = next(part for part in POLICY.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "<script>" not in page.content.decode()


def test_staff_read_in_the_language_of_their_account_and_change_it_themselves(cast: People) -> None:
    client = logged_in(cast.bakyt)
    assert "Менин иштерим" in client.get("/admin/reporting/case/").content.decode()
    client.post("/i18n/setlang/", {"language": "ru", "next": "/admin/"})
    assert User.objects.get(pk=cast.bakyt.pk).language == "ru"
    elsewhere = logged_in(cast.bakyt)
    assert "Мне на исполнение" in elsewhere.get("/admin/reporting/case/").content.decode()
    client.post("/i18n/setlang/", {"language": "xx", "next": "/admin/"})
    assert User.objects.get(pk=cast.bakyt.pk).language == "ru"


@pytest.mark.parametrize("username", ["bakyt", "nobody-at-all"])
def test_a_locked_account_is_told_so_in_words_whether_it_exists_or_not(
    cast: People, settings: object, username: str
) -> None:
    settings.AXES_FAILURE_LIMIT = 2  # type: ignore[attr-defined]
    client = Client()
    for _ in range(3):
        page = client.post(
            "/admin/login/", {"username": username, "password": "wrong"}, headers={"accept-language": "ru"}
        )
    assert page.status_code == 429
    assert page["Retry-After"] == "900"
    assert "Подождите 15 минут" in page.content.decode()
    assert "unfold/css/styles.css" in page.content.decode()
    phone = client.post(
        "/_allauth/app/v1/auth/login", {"username": username, "password": PASSWORD}, content_type="application/json"
    )
    assert phone.status_code == 429
    assert phone["Content-Type"] == "application/problem+json"
    assert phone.json()["code"] == "later"


def test_what_an_office_is_and_how_reports_name_it_is_said_once(cast: People, valley: Valley) -> None:
    """As a mediation office for a day it would read what was said to mediators alone; under another code, what is about it."""
    page, office = f"/admin/reporting/office/{valley.okmotu.pk}/change/", valley.okmotu
    form = {"code": "another", "kind": Office.Kind.MEDIATION, "level": office.level, "active": "on"}
    names = {f"name_{language}": "New name" for language in ("ky", "ru", "tg", "uz", "en")}
    assert logged_in(cast.olga).post(page, form | names).status_code == 302
    office.refresh_from_db()
    assert (office.code, office.kind, office.name_ru) == ("okmotu", Office.Kind.LOCAL, "New name")
    made = logged_in(cast.olga).post("/admin/reporting/office/add/", form | names)
    assert made.status_code == 302
    assert Office.objects.get(code="another").kind == Office.Kind.MEDIATION


def test_offices_have_streams_of_their_own(valley: Valley) -> None:
    assert len({office.stream for office in Office.objects.all()}) == Office.objects.count()
