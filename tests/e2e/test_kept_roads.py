"""Promise 2 in a real browser: what is saved arrives once, whoever answers on the way and however slow it is."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from reporting.cases.models import Report
from reporting.media.models import Medium
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import medium_photo, photo_with_place, report_the_gate, the_report, write_about_the_gate
from tests.e2e.test_lock import CODE, lock, touch
from tests.e2e.words import words
from tests.links import Answer, Fault
from tests.processes import until

pytestmark = pytest.mark.e2e

SOON = 120_000
ARRIVING = 240

HTML = [("Content-Type", "text/html")]
JSON = [("Content-Type", "application/json")]
NOTHING = {"server_time_ms": 1, "epoch": "", "cursor": None, "more": False, "results": [], "changes": []}
REFUSED = json.dumps(
    {"status": 400, "code": "unknown_proto", "title": "Bad Request", "detail": "Update the app."}
).encode()
OTHERS = {
    "a portal's page": Answer(200, HTML, b"<html>Log in to the hotel</html>"),
    "a portal's redirect": Answer(302, [("Location", "/static/portal.html")], b""),
    "nothing at all": Answer(200, [], b""),
    "somebody's JSON": Answer(200, JSON, b'{"ok": true}'),
    "an answer that names nothing": Answer(200, JSON, json.dumps({"proto": 1, **NOTHING}).encode()),
    "a newer server's answer": Answer(200, JSON, json.dumps({"proto": 2, **NOTHING}).encode()),
    "a newer server's refusal": Answer(400, JSON, REFUSED),
    "a bearer refused": Answer(401, [*JSON, ("Tus-Resumable", "1.0.0")], b'{"code": "not_authenticated"}'),
    "somebody's login": Answer(401, JSON, b"{}"),
    "no right": Answer(403, JSON, b"{}"),
    "no such thing": Answer(404, JSON, b"{}"),
    "gone": Answer(410, JSON, b"{}"),
    "later": Answer(429, [("Retry-After", "1")], b""),
    "an error": Answer(500, HTML, b"oops"),
    "nobody behind the gateway": Answer(502, HTML, b"oops"),
}


SAID = {"a bearer refused": "net.paused", "somebody's login": "net.offline", "a newer server's refusal": "net.outdated"}


def at(path: str, answer: Answer) -> Fault:
    """Whoever asks for what begins with this path hears that."""
    return lambda asked: answer if asked.split(" ")[1].startswith(path) else None


def test_nobody_else_takes_a_report_or_a_photo_from_the_phone(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    report_the_gate(phone)
    phone.press("saved.done")
    # The photo too: it may go although nobody of ours answers for the words.
    phone.link.fault = at("/api/v1/", OTHERS["a portal's page"])
    phone.connect(True)
    for name, answer in OTHERS.items():
        hears(phone, at("/api/v1/", answer), name)
        (operation,) = rows(profile(phone.page), "operations")
        assert operation["state"] in ("pending", "attempting"), name
    assert not Report.objects.exists()
    phone.link.fault = at("/api/v1/media", OTHERS["nobody behind the gateway"])
    ten_minutes_go_by(phone)
    phone.wake()
    expect(the_report(phone)).not_to_contain_text(words("state.saved"), timeout=SOON)
    for name in ("a portal's page", "a portal's redirect", "a bearer refused", "no right", "no such thing", "an error"):
        hears(phone, at("/api/v1/media", OTHERS[name]), name)
        kept = profile(phone.page)
        assert len(rows(kept, "mediaBytes")) == 2, name
        assert {medium["state"] for medium in rows(kept, "media")} == {"pending"}, name
    phone.link.fault = None
    ten_minutes_go_by(phone)
    phone.wake()
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2, seconds=ARRIVING)
    assert Report.objects.count() == 1


def hears(phone: Handset, fault: Fault, name: str) -> None:
    """The phone asks, and this is what it is told; what a person must know of it is said."""
    phone.link.fault, phone.link.faults = fault, 0
    ten_minutes_go_by(phone)

    def asked() -> bool:
        phone.wake()
        phone.page.wait_for_timeout(500)
        return phone.link.faults > 0

    until(asked, seconds=ARRIVING)
    if name in SAID:
        expect(phone.page.get_by_text(words(SAID[name]))).to_be_visible()


def ten_minutes_go_by(phone: Handset) -> None:
    """So that whatever was postponed is due again."""
    now = phone.page.evaluate("Date.now()") / 1000
    phone.page.clock.set_system_time(now + 600)


def test_a_report_with_a_photo_arrives_over_a_link_of_30_kbit_and_a_second(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    write_about_the_gate(phone, medium_photo())
    phone.link.slow_down(round_trip=1, bits_a_second=30_000)
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    phone.press("saved.done")
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2, seconds=ARRIVING)
    expect(the_report(phone)).not_to_contain_text(words("state.saved"), timeout=SOON)
    assert Report.objects.count() == 1
    photo = Medium.objects.get(role="photo")
    assert photo.size > 100_000


@pytest.mark.parametrize("locked", [False, True])
def test_what_waits_is_sent_with_the_app_closed(handset: Callable[[str], Handset], locked: bool) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    write_about_the_gate(phone, photo_with_place())
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    if locked:
        phone.press("saved.done")
        lock(phone)
    phone.close()
    before = len(phone.link.sent)
    phone.link.cut = False
    phone.open_blank()
    the_browser_tells_the_worker(phone)
    until(lambda: Report.objects.count() == 1, seconds=ARRIVING)
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2, seconds=ARRIVING)
    assert phone.page.url == "about:blank"
    bearers = {one.bearer for one in phone.link.sent[before:] if "/api/v1/" in one.asked}
    assert (bearers == {None}) is locked, "a locked phone says who it is, or an open one does not"
    phone.open_here()
    if locked:
        expect(phone.heading("lock.title")).to_be_visible()
        touch(phone, CODE)
    expect(the_report(phone)).not_to_contain_text(words("state.saved"))


def the_browser_tells_the_worker(phone: Handset) -> None:
    """The event that browsers send when the connection is back; here at once, and not when this one thinks it is time."""
    known: list[str] = []
    devtools = phone.devtools()
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(
            one["registrationId"] for one in told["registrations"] if one["scopeURL"] == f"{phone.link.address}/"
        ),
    )
    devtools.send("ServiceWorker.enable")
    while not known:
        phone.page.wait_for_timeout(100)
    event = {"origin": phone.link.address, "registrationId": known[0], "tag": "aryk", "lastChance": False}
    devtools.send("ServiceWorker.dispatchSyncEvent", event)
