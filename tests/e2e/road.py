"""What a resident, an officer and a mediator do on the road of one report, with the hands."""

from io import BytesIO

from django.urls import reverse
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from reporting.cases.categories import Category
from reporting.cases.models import Case
from reporting.people.models import GroupKey, Membership, Office, User
from reporting.places.models import Place
from tests.e2e.handset import Handset
from tests.e2e.words import begins, words
from tests.mediators import keys_of

PASSWORD = "aryk-demo-2026"
WORDS = "Ак-Сайдын үстүндөгү сугат дарбазасы аркы беттен жабылып калды."
ANSWER = "Дарбаза эртең ачылат."
VISIT = "Дарбазанын жанында эки тарап менен сүйлөштүк."
HOUSEHOLDS = "14"
AK_SAI = "41705214848010"


def photo_with_place() -> FilePayload:
    """A photo as a camera makes it, larger than it need be and with the place in it."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 53.0, 24.0), 3: "E", 4: (70.0, 45.0, 0.0)})
    file = BytesIO()
    Image.linear_gradient("L").resize((2400, 1600)).convert("RGB").save(file, "JPEG", exif=exif)
    return {"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def large_photo() -> FilePayload:
    """A photo in which every point is another: some 400 kB once the phone has made it small."""
    return _noise(1280, 853)


def medium_photo() -> FilePayload:
    """Some 120 kB once the phone has made it small."""
    return _noise(640, 427)


def _noise(width: int, height: int) -> FilePayload:
    file = BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(file, "JPEG", quality=90)
    return {"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


GO_TO = """async (place) => {
  location.hash = `#/${place}`
  while (history.state?.path !== `/${place}`) await new Promise(requestAnimationFrame)
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
}"""
"""Resolves when the screen before has gone."""


def go(page: Page, place: str) -> None:
    """To a screen by its address."""
    page.evaluate(GO_TO, place)
    expect(page.locator("h1")).to_be_visible()


def agree_to_the_notice(page: Page) -> None:
    """Which stands before the first report, so that the next touch of *save* saves; from the first screen and back to it."""
    expect(page.get_by_role("button", name=words("home.report"))).to_be_visible()
    page.evaluate("() => { location.hash = '#/consent' }")
    agree = page.get_by_role("button", name=words("consent.yes"), exact=True)
    expect(agree.or_(page.get_by_text(words("consent.given")))).to_be_visible()
    if agree.count():
        agree.click()
    else:
        page.go_back()
    expect(page.get_by_role("button", name=words("home.report"))).to_be_visible()


def begin_the_report(phone: Handset) -> None:
    """Category by its picture, village from the list, words."""
    page = phone.page
    agree_to_the_notice(page)
    phone.press("home.report")
    page.get_by_role("button", name=Category.objects.get(code="water-gate").names["ky"]).click()
    page.get_by_role("searchbox").fill("aksai")
    page.get_by_role("button", name=Place.objects.get(code=AK_SAI).names["ky"]).first.click()
    page.get_by_role("textbox", name=words("words.title")).fill(WORDS)


def begin_as_far_as_who(phone: Handset) -> None:
    """From the words on, past what need not be said, to *who may know*."""
    begin_the_report(phone)
    phone.press("next")
    phone.press("next")


def report_the_gate(phone: Handset) -> str:
    """Write and save the report of the closed gate, with a photo; its receipt."""
    write_about_the_gate(phone, photo_with_place())
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    return phone.page.locator(".receipt").inner_text()


def write_about_the_gate(phone: Handset, photo: FilePayload) -> None:
    """Everything but the last touch, which saves."""
    begin_the_report(phone)
    page = phone.page
    page.locator("input[type=file]:not([capture])").set_input_files(photo)
    expect(page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    phone.press("next")
    page.get_by_role("spinbutton").fill(HOUSEHOLDS)
    phone.press("next")
    page.get_by_role("radio", name=begins("audience.border")).check()
    phone.press("next")
    expect(phone.heading("review.title")).to_be_visible()


def the_report(phone: Handset) -> Locator:
    """The line of the only report on the first screen."""
    expect(phone.page.locator("li .row")).to_have_count(1)
    return phone.page.locator("li .row")


def log_in_to_the_admin(page: Page, address: str, username: str) -> None:
    """As staff."""
    page.goto(f"{address}/admin/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("#login-form button[type=submit]")
    expect(page).to_have_url(f"{address}/admin/")


def answer_in_the_admin(page: Page, address: str) -> None:
    """The officer reads everything that was said, acknowledges and answers."""
    case = Case.objects.get()
    log_in_to_the_admin(page, address, "officer-ak-sai")
    page.goto(address + reverse("admin:reporting_case_change", args=[case.pk]))
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text(HOUSEHOLDS, exact=True)).to_be_visible()
    shown = page.locator(f"img[src^='{reverse('admin:index')}']").first
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 1280)
    page.locator(f"form[action='{reverse('admin:case_acknowledge', args=[case.pk])}'] button[type=submit]").click()
    page.fill("#id_text", ANSWER)
    page.locator(f"form[action='{reverse('admin:case_answer', args=[case.pk])}'] button[type=submit]").click()
    expect(page.locator("blockquote").get_by_text(ANSWER)).to_be_visible()


def group() -> Office:
    """The mediators of Batken."""
    return Office.objects.get(code="mediation-batken")


def another_mediator(username: str) -> User:
    """One more in the group of mediator-batken."""
    user = User.objects.create_user(username, password=PASSWORD)
    Membership.objects.create(user=user, office=group(), role=Membership.Role.MEDIATOR)
    return user


def keys_of_the_group() -> list[GroupKey]:
    """Both keys of that group are there; the first one is mediator-batken's."""
    return keys_of(group(), User.objects.get(username="mediator-batken"), another_mediator("mediator-sanjar"))


def log_in_to_the_room(phone: Handset, username: str) -> None:
    """The mediator's door in the phone app."""
    phone.press("home.room")
    phone.page.get_by_label(words("room.username")).fill(username)
    phone.page.get_by_label(words("room.password")).fill(PASSWORD)
    phone.press("room.login")


def write_a_visit(phone: Handset) -> None:
    """A follow-up on the case that is open on the screen."""
    phone.press("visit.title")
    phone.page.get_by_role("textbox", name=words("visit.text")).fill(VISIT)
    phone.press("review.save")
    expect(phone.page.get_by_text(VISIT)).to_be_visible()
