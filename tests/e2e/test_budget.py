"""How much a phone must fetch before it can be offline: bytes and requests, never times. The targets are DESIGN's, section 7."""

import re
from collections.abc import Callable
from itertools import takewhile

import pytest
from playwright.sync_api import expect

from deploy.local.saying import ROOT
from tests.e2e.handset import Handset
from tests.e2e.road import keys_of_the_group, log_in_to_the_room
from tests.e2e.words import words
from tests.links import Link, Sent

pytestmark = pytest.mark.e2e

MOST_BYTES = 60_000
MOST_REQUESTS = 6
MOST_BYTES_OF_A_LANGUAGE = 6_000
MOST_BYTES_OF_THE_ROOM = 60_000


def needed_offline(one: Sent) -> bool:
    """False from the manifest on, which the app asks for once it is ready, for the icon on the home screen."""
    return not one.asked.startswith("GET /manifest.webmanifest")


def test_little_is_fetched_until_the_phone_can_be_offline(handset: Callable[[str], Handset]) -> None:
    keys_of_the_group()
    phone = handset("resident")
    phone.get_ready()
    until_ready = phone.link.only(takewhile(needed_offline, phone.link.sent))
    print(until_ready)
    assert {"GET /", "GET /serviceworker.js", "GET /api/v1/reference"} <= {
        one.asked.partition("?")[0] for one in until_ready.sent
    }
    assert until_ready.bodies <= MOST_BYTES, until_ready
    assert len(until_ready.sent) <= MOST_REQUESTS, until_ready
    assert len(bodies_of(until_ready, "GET /static/app/index-")) == 1, "page and worker fetch their script once"
    assert len(bodies_of(until_ready, "GET /")) == len({one.asked for one in until_ready.sent}), "something came twice"
    assert not [one for one in phone.link.sent if "/api/v1/sync" in one.asked], "who only looks is not made known"

    for language in ("ru", "tg", "uz", "en"):
        phone.link.sent.clear()
        phone.page.locator("header select").select_option(language)
        phone.page.locator(f"html[lang={language}]").wait_for()
        one = [sent for sent in phone.link.sent if f"/{language}-" in sent.asked]
        assert len(one) == 1
        assert one[0].body <= MOST_BYTES_OF_A_LANGUAGE, phone.link


def test_a_phone_that_speaks_another_language_needs_its_words_besides(handset: Callable[[str], Handset]) -> None:
    for language in ("ru", "tg"):
        phone = handset(language)
        phone.locale = language
        phone.open()
        expect(phone.page.get_by_text(words("net.ready", language))).to_be_visible()
        until_ready = phone.link.only(takewhile(needed_offline, phone.link.sent))
        print(until_ready)
        assert until_ready.bodies <= MOST_BYTES + MOST_BYTES_OF_A_LANGUAGE, until_ready
        assert len(until_ready.sent) <= MOST_REQUESTS + 1, until_ready


def test_the_readme_says_how_much_a_phone_must_fetch() -> None:
    readme = " ".join((ROOT / "README.md").read_text().split())
    said = re.search(r"within (\d+) kB in (\d+) requests", readme)
    more = re.search(r"words of another language are one more and at most (\d+) kB", readme)
    assert said and more, "the README says it in other words"
    assert [int(one) for one in (*said.groups(), *more.groups())] == [
        MOST_BYTES // 1000,
        MOST_REQUESTS,
        MOST_BYTES_OF_A_LANGUAGE // 1000,
    ]


def bodies_of(link: Link, asked: str) -> list[Sent]:
    """The answers that brought something; a 304 brings nothing."""
    return [one for one in link.sent if one.asked.startswith(asked) and one.body]


def test_the_mediators_room_is_a_second_small_bundle(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.link.sent.clear()
    log_in_to_the_room(phone, "mediator-batken")
    expect(phone.page.get_by_text(words("room.none"))).to_be_visible()
    room = phone.link.only(one for one in phone.link.sent if "/static/app/" in one.asked)
    print(room)
    assert room.sent
    assert room.bodies <= MOST_BYTES_OF_THE_ROOM, room
