"""Mediators log in on the phone, by the road that the phone takes: allauth's headless app client, then a grant."""

import threading
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from reporting import events
from reporting.people import memberships, profiles
from reporting.people.models import Grant
from tests.given import a_routed_case
from tests.people import PASSWORD, People
from tests.phones import Phone


def log_in(username: str, password: str = PASSWORD) -> Any:
    data = {"username": username, "password": password}
    return Client().post("/_allauth/app/v1/auth/login", data, content_type="application/json")


def session(username: str) -> str:
    response = log_in(username)
    assert response.status_code == 200, response.content
    return str(response.json()["meta"]["session_token"])


def ask(phone: Phone, token: str | None) -> Any:
    headers = {"authorization": phone.bearer} | ({"x-session-token": token} if token else {})
    return phone.client.post("/api/v1/grant", headers=headers)


def test_a_mediator_s_login_lets_the_profile_pull_for_thirty_days(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    phone = Phone()
    phone.sync()
    assert phone.sees("case", case.id) is None
    given = ask(phone, session("dilnoza"))
    assert given.status_code == 200
    assert [office["code"] for office in given.json()["offices"]] == ["mediation"]
    thirty = (timezone.now() + timedelta(days=30)).timestamp() * 1000
    assert abs(given.json()["until_ms"] - thirty) < 60_000
    assert phone.sees("case", case.id) is not None


def test_giving_it_back_takes_the_cases_away(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    phone = Phone()
    ask(phone, session("dilnoza"))
    assert phone.client.delete("/api/v1/grant", headers={"authorization": phone.bearer}).status_code == 204
    assert phone.sees("case", case.id) is None
    assert Grant.objects.get().revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_login_in_the_moment_in_which_all_end_does_not_stay(aijan: Phone, cast: People) -> None:
    """Otherwise giving the membership back would wake a phone that was stolen meanwhile."""
    membership = cast.dilnoza.memberships.get()

    def leave() -> None:
        try:
            with events.unit_of_work():
                memberships.take(membership=membership, by="system", at=timezone.now())
        finally:
            connection.close()

    leaving = threading.Thread(target=leave)
    with events.unit_of_work():
        profile = profiles.profile_of_reader(token=aijan.read, at=timezone.now())
        profiles.grant(profile=profile, user=cast.dilnoza, at=timezone.now())
        leaving.start()
        leaving.join(1)  # it waits for this unit, or has looked for logins already
    leaving.join(10)
    assert not Grant.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("who", ["bakyt", "temir", "olga", "eve"])
def test_nobody_but_a_mediator_gets_one(cast: People, who: str) -> None:
    refused = ask(Phone(), session(who))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert not Grant.objects.exists()


def test_without_a_session_or_a_bearer_there_is_none(cast: People) -> None:
    assert ask(Phone(), None).status_code == 401
    assert ask(Phone(), "not-a-session").status_code in (401, 403)
    assert Client().post("/api/v1/grant", headers={"x-session-token": session("dilnoza")}).status_code == 401


def test_a_wrong_password_says_nothing_of_the_account(cast: People) -> None:
    known, unknown = log_in("dilnoza", "wrong"), log_in("nobody", "wrong")
    assert known.status_code == unknown.status_code == 400
    assert known.json()["errors"] == unknown.json()["errors"]


class Counted(MD5PasswordHasher):
    """A hasher that counts how often it worked."""

    algorithm = "counted"
    worked: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.worked.append(salt)
        return super().encode(password, salt)


@pytest.mark.parametrize("who", ["dilnoza", "nobody"])
@pytest.mark.parametrize("road", ["phone", "admin"])
def test_a_wrong_password_costs_the_server_once(cast: People, settings: Settings, who: str, road: str) -> None:
    settings.PASSWORD_HASHERS = ["tests.api.test_grant.Counted"]
    cast.dilnoza.set_password(PASSWORD)
    cast.dilnoza.save()
    Counted.worked.clear()
    if road == "phone":
        log_in(who, "wrong")
    else:
        Client().post("/admin/login/", {"username": who, "password": "wrong", "code": "", "next": "/admin/"})
    assert len(Counted.worked) == 1


def test_who_guesses_at_many_names_shuts_nobody_else_out(cast: People) -> None:
    for number in range(31):  # allauth would let 30 a minute in
        log_in(f"nobody-{number}", "wrong")
    assert log_in("dilnoza").status_code == 200


def test_guessing_is_locked(cast: People, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(4):
        log_in("dilnoza", "wrong")
    assert log_in("dilnoza").status_code != 200


def test_with_a_second_factor_the_password_alone_is_no_session(cast: People) -> None:
    TOTP.activate(cast.dilnoza, generate_totp_secret())
    response = log_in("dilnoza")
    assert response.status_code == 401
    token = response.json()["meta"]["session_token"]
    assert ask(Phone(), token).status_code in (401, 403)


def test_nobody_signs_up(db: None) -> None:
    data = {"username": "new", "password": PASSWORD, "email": "new@example.org"}
    response = Client().post("/_allauth/app/v1/auth/signup", data, content_type="application/json")
    assert response.status_code == 403
