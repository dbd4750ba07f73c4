"""Nobody walks past the second factor, and a locked account says so."""

import re
import urllib.parse
import urllib.request
from pathlib import Path

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

from deploy.local import servers
from reporting.people.models import User
from tests.people import PASSWORD, People
from tests.processes import environment, web


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


def refusal(username: str, password: str, code: str = "") -> str:
    """What the login page says."""
    response = Client().post(
        "/admin/login/", {"username": username, "password": password, "code": code}, headers={"accept-language": "en"}
    )
    assert response.status_code == 200
    return " ".join(response.context["form"].non_field_errors())


def test_nothing_tells_that_a_password_was_right(cast: People) -> None:
    TOTP.activate(cast.bakyt, generate_totp_secret())
    User.objects.create_user("no-staff", password=PASSWORD)
    said = {
        refusal("bakyt", "wrong"),
        refusal("bakyt", PASSWORD),
        refusal("bakyt", PASSWORD, "000000"),
        refusal("no-staff", PASSWORD),
        refusal("nobody", PASSWORD),
    }
    assert said == {"The username, the password or the code is wrong. A code is used once only."}


@pytest.mark.workers
@pytest.mark.django_db(transaction=True)
def test_a_used_code_is_refused_by_every_web_process_also_without_a_broker(
    cast: People, settings: Settings, tmp_path: Path
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    cast.bakyt.set_password(PASSWORD)
    cast.bakyt.save()
    secret = generate_totp_secret()
    TOTP.activate(cast.bakyt, secret)
    env = environment(f"redis://127.0.0.1:{servers.free_port()}/0", tmp_path)
    with web(env, tmp_path / "one.log") as one, web(env, tmp_path / "two.log") as two:
        for _ in range(2):  # a period may end in between, which proves nothing; the next one does not end so soon
            counter = next(iter(yield_hotp_counters_from_time()))
            code = format_hotp_value(hotp_value(secret, counter))
            logged_in = [logged_in_over_http(address, code) for address in (one, two)]
            if counter == next(iter(yield_hotp_counters_from_time())):
                break
        else:
            pytest.fail("two logins took longer than a period")
        assert logged_in == [True, False]


def logged_in_over_http(address: str, code: str) -> bool:
    """Whether the login form of a real server lets Bakyt in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"{address}/admin/login/", timeout=20) as page:
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[0]
    fields = {"username": "bakyt", "password": PASSWORD, "code": code, "csrfmiddlewaretoken": token, "next": "/admin/"}
    with browser.open(f"{address}/admin/login/", urllib.parse.urlencode(fields).encode(), timeout=20) as page:
        return str(page.url) == f"{address}/admin/"


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
