"""What a person chooses while reporting is what arrives, and no more: questions, photos, whom it is about, whose it is, when it was."""

import base64
import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from reporting.cases.categories import Question
from reporting.cases.envelopes import AppealIdentity, ProtectedIdentity
from reporting.cases.models import Assignment, Case, Report, Track
from reporting.media.models import Medium
from reporting.media.sealing import unseal
from reporting.people.models import Office
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import begin_as_far_as_who, begin_the_report, log_in_to_the_admin, photo_with_place
from tests.e2e.words import begins, words
from tests.processes import until

pytestmark = pytest.mark.e2e

ARRIVING = 120
MOST_PHOTOS = 4
ACCUSED = "okmotu-ak-sai"
SECRET = "Гүлнара Токтосунова"
DAY = date(2026, 11, 20)
IN_1970 = """{
  const Real = Date, began = Real.now();
  globalThis.Date = class extends Real {
    constructor(...of) { of.length ? super(...of) : super(Real.now() - began); }
    static now() { return Real.now() - began; }
  };
}"""


def choose(page: Page, question: str, answer: str) -> None:
    """By the words of both, as they are read out."""
    page.get_by_role("group", name=question).get_by_role("radio", name=answer).check()


def save(phone: Handset) -> None:
    expect(phone.heading("review.title")).to_be_visible()
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    phone.press("saved.done")


def waiting(phone: Handset) -> list[dict[str, object]]:
    """The operations that the phone keeps, as it can read them."""
    return [json.loads(one["opened"])["operation"] for one in rows(profile(phone.page), "operations") if one["opened"]]


def test_answers_photos_and_the_office_it_is_about_arrive_as_chosen(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    begin_the_report(phone)
    add_photos(phone.page, MOST_PHOTOS + 1)
    phone.press("next")
    answer_the_questions(phone.page)
    phone.press("next")
    phone.page.get_by_role("radio", name=begins("audience.border")).check()
    choose(phone.page, words("about.title"), words("yes"))
    expect(phone.page.get_by_role("button", name=words("next"), exact=True)).to_be_disabled()
    phone.page.get_by_label(words("about.which")).select_option(ACCUSED)
    phone.press("next")
    save(phone)
    for sealed in photos_kept(phone):
        assert not Image.open(BytesIO(sealed)).getexif()
        assert b"Exif" not in sealed
    phone.connect(True)
    phone.wake()
    until(lambda: Medium.objects.filter(state="ready", role="photo").count() == MOST_PHOTOS, seconds=ARRIVING)
    report = Report.objects.get()
    assert report.answers == {"what": "broken", "dry": "dont_know"}
    assert report.about_office == Office.objects.get(code=ACCUSED)
    until(lambda: Assignment.objects.filter(role="responsible").exists(), seconds=ARRIVING)
    assert not Assignment.objects.filter(office__code=ACCUSED).exists()
    sees_nothing(address, browser)


def add_photos(page: Page, count: int) -> None:
    """At once, each with the place in it; no more are taken than may be, and then none can be chosen any more."""
    photo: FilePayload = photo_with_place()
    assert b"Exif" in photo["buffer"]
    page.locator("input[type=file]:not([capture])").set_input_files([photo] * count)
    expect(page.get_by_role("img", name=words("photos.n", n=MOST_PHOTOS))).to_be_visible(timeout=60_000)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator(".photo")).to_have_count(MOST_PHOTOS)
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_role("alert")).to_contain_text(words("photos.most", max=MOST_PHOTOS))


def answer_the_questions(page: Page) -> None:
    """One by a picture, one that the person cannot answer, one not at all."""
    broken, dry = Question.objects.get(code="what", category__code="water-gate"), Question.objects.get(code="dry")
    pictured = next(one for one in broken.choices if one["code"] == "broken")
    option = page.locator("label.option", has_text=pictured["names"]["ky"])
    expect(option.locator("svg.picture")).to_be_visible()
    choose(page, broken.names["ky"], pictured["names"]["ky"])
    choose(page, dry.names["ky"], words("unknown"))


def photos_kept(phone: Handset) -> list[bytes]:
    """What the phone sealed, opened with the keys that travel in the operation; previews too."""
    kept = {row["key"]: base64.b64decode(row["value"]["$buffer"]) for row in rows(profile(phone.page), "mediaBytes")}
    (operation,) = waiting(phone)
    media = operation["media"]
    assert isinstance(media, list)
    assert len(media) == len(kept) == 2 * MOST_PHOTOS
    return [unseal(kept[one["id"]], key=from_base64url(one["key"]), medium_id=UUID(one["id"])) for one in media]


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sees_nothing(address: str, browser: Browser) -> None:
    """The office that it is about: neither in its list nor by the case's own address."""
    case = Case.objects.get()
    page = browser.new_page(locale="ky")
    log_in_to_the_admin(page, address, "officer-ak-sai")
    own = reverse("admin:reporting_case_change", args=[case.pk])
    page.goto(address + reverse("admin:reporting_case_changelist"))
    expect(page.locator("#changelist")).to_be_visible()
    assert page.locator(f"a[href*='{case.pk}']").count() == 0
    answer = page.goto(address + own)
    assert answer is not None
    assert answer.status == 404


def test_an_appeal_is_whose_it_is_and_a_signal_is_nobody_s(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    to_whose_it_is(phone)
    phone.press("next")
    save(phone)
    to_whose_it_is(phone)
    phone.page.get_by_role("radio", name=begins("named.nobody")).check()
    expect(phone.page.get_by_label(words("whose.name"))).to_have_count(0)
    phone.press("next")
    save(phone)
    appeal, signal = waiting(phone)
    assert SECRET in json.dumps(appeal, ensure_ascii=False)
    assert SECRET not in json.dumps(signal, ensure_ascii=False)
    phone.connect(True)
    phone.wake()
    until(lambda: Report.objects.count() == 2, seconds=ARRIVING)
    assert AppealIdentity.objects.get().report.track == Track.APPEAL
    assert Report.objects.exclude(identity=None).count() == 1
    assert not ProtectedIdentity.objects.exists()


def to_whose_it_is(phone: Handset) -> None:
    """An appeal, with everything that it asks for."""
    begin_as_far_as_who(phone)
    phone.page.get_by_role("radio", name=begins("named.office")).check()
    expect(phone.page.get_by_role("button", name=words("next"), exact=True)).to_be_disabled()
    for field in ("name", "address", "contact"):
        phone.page.get_by_role("textbox", name=words(f"whose.{field}")).fill(SECRET)


def test_a_phone_in_1970_reports_offline_and_it_arrives(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open_blank()
    phone.page.add_init_script(IN_1970)
    phone.connect(True)
    phone.open_here()
    assert phone.page.evaluate("new Date().getFullYear()") == 1970
    expect(phone.page.get_by_text(words("net.ready"))).to_be_visible()
    phone.connect(False)
    begin_the_report(phone)
    phone.press("next")
    choose(phone.page, words("when.title"), words("when.date"))
    phone.page.get_by_label(words("when.which")).fill(DAY.isoformat())
    phone.press("next")
    phone.press("next")
    save(phone)
    phone.connect(True)
    phone.wake()
    until(Report.objects.exists, seconds=ARRIVING)
    report = Report.objects.get()
    assert (report.happened_when, report.happened_on) == ("date", DAY)
    assert report.filed_at.year == 1970
    until(lambda: Assignment.objects.filter(role="responsible").exists(), seconds=ARRIVING)
    expect(phone.page.locator("li .row")).not_to_contain_text(words("state.saved"), timeout=60_000)
