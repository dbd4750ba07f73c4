"""Nobody walks past the second factor, and a locked account says so."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from pytest_django import Settings

from tests.people import PASSWORD, People


def log_in(username: str, password: str = PASSWORD, code: str = "") -> bool:
    client = Client()
    response = client.post(
        "/admin/login/", {"username": username, "password": password, "code": code, "next": "/admin/"}
    )
    assert response.status_code in (200, 302, 429)
    return response.status_code == 302 and client.get("/admin/").status_code == 200


def test_a_password_is_enough_where_there_is_no_second_factor(cast: People) -> None:
    assert log_in("bakyt")
    assert not log_in("bakyt", "wrong")


def test_with_a_second_factor_the_password_alone_opens_nothing(cast: People) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.bakyt, secret)
    assert not log_in("bakyt")
    assert not log_in("bakyt", code="000000")
    counter = next(iter(yield_hotp_counters_from_time()))
    assert log_in("bakyt", code=format_hotp_value(hotp_value(secret, counter)))


def test_guessing_locks_the_account_for_a_while(cast: People, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(3):
        log_in("bakyt", "wrong")
    assert not log_in("bakyt")


@pytest.mark.parametrize("path", ["/admin/", "/admin/reporting/case/"])
def test_without_a_login_there_is_only_the_login_page(db: None, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_a_browser_s_form_keeps_its_origin(db: None) -> None:
    """Under `no-referrer` Chromium posts the login form with `Origin: null`, and nobody can log in."""
    assert Client().get("/admin/login/")["Referrer-Policy"] == "same-origin"
