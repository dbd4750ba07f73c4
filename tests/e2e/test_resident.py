"""Promise 1 where phones are as they are: no storage, no lists yet, a broken photo, a reload, the back button."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Geolocation, Page, expect

from reporting.cases.categories import Category
from reporting.cases.models import Report
from reporting.media.models import Medium
from reporting.places.models import Place
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import (
    AK_SAI,
    WORDS,
    agree_to_the_notice,
    begin_as_far_as_who,
    begin_the_report,
    photo_with_place,
    report_the_gate,
)
from tests.e2e.words import words
from tests.processes import until

pytestmark = pytest.mark.e2e

OTHER_WORDS = "Коңшулар жол үчүн урушту."
NOTHING_KEPT = """
const no = () => { throw new DOMException('no', 'SecurityError') }
IDBFactory.prototype.open = no
window.BroadcastChannel = class { constructor() { no() } }
LockManager.prototype.request = async () => no()
ServiceWorkerContainer.prototype.register = async () => no()
for (const name of ['localStorage', 'sessionStorage', 'caches']) Object.defineProperty(window, name, { get: no })
"""
"""As Firefox is where a person has forbidden it to keep anything."""


def test_where_nothing_can_be_kept_it_is_said_before_the_first_word_and_a_report_is_sent_at_once(
    address: str, browser: Browser
) -> None:
    page = browser.new_page(locale="ky")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.add_init_script(NOTHING_KEPT)
    page.goto(address)
    said = page.get_by_role("alert").filter(has_text=words("storage.unavailable"))
    expect(said).to_have_count(1)
    page.get_by_role("button", name=words("lookup.title")).click()
    expect(page.get_by_label(words("receipt"))).to_be_visible()
    goes_without_asking(page)
    page.get_by_role("button", name=words("back")).click()
    page.get_by_role("button", name=words("home.danger")).click()
    expect(page.get_by_role("link", name=words("danger.call", number=112))).to_be_visible()
    page.get_by_role("button", name=words("danger.report")).click()
    page.get_by_role("button", name=Category.objects.get(code="water-gate").names["ky"]).click()
    page.get_by_role("searchbox").fill("aksai")
    page.get_by_role("button", name=Place.objects.get(code=AK_SAI).names["ky"]).first.click()
    expect(said).to_have_count(1)
    page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    page.locator("input[type=file]:not([capture])").set_input_files(photo_with_place())
    expect(page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name=words("next"), exact=True).click()
    asks_before_it_goes(page)
    page.context.set_offline(True)
    page.get_by_role("button", name=words("review.save"), exact=True).click()
    receipt = page.locator(".receipt")
    expect(receipt).to_be_visible()
    expect(said).to_have_count(1)
    expect(page.get_by_text(words("saved.title"))).to_have_count(0)
    asks_before_it_goes(page)
    page.context.set_offline(False)
    until(lambda: Report.objects.filter(text=WORDS).exists())
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2)
    # Whoever was told to wait until it arrives is told so, in the network.
    expect(page.get_by_role("heading", level=1)).not_to_have_text(words("state.sending"), timeout=60_000)
    page.get_by_role("button", name=words("exit")).click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("h1 button").click()
    expect(page.locator(".link-line.idle")).to_be_visible()
    goes_without_asking(page)
    assert not faults


def asks_before_it_goes(page: Page) -> None:
    """Whoever closes or leaves the page is asked, and stays."""
    with page.expect_event("dialog") as asked:
        page.evaluate("() => { window.same = true; setTimeout(() => location.reload()) }")
    assert asked.value.type == "beforeunload"
    assert page.evaluate("() => window.same")


def goes_without_asking(page: Page) -> None:
    """Somebody has touched the page, so it could ask, and would stay."""
    with page.expect_navigation():
        page.evaluate("() => setTimeout(() => location.reload())")
    expect(page.locator("h1")).to_be_visible()


def test_where_not_even_the_memory_can_be_used_the_numbers_and_a_receipt_are_there(
    address: str, browser: Browser
) -> None:
    page = browser.new_page(locale="ky")
    page.add_init_script(NOTHING_KEPT)
    page.route("**/memory-*", lambda route: route.abort())
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text(words("storage.unavailable"))
    page.get_by_role("button", name=words("home.danger")).click()
    expect(page.get_by_role("link", name=words("danger.call", number=112))).to_be_visible()
    expect(page.get_by_role("button", name=words("danger.report"))).to_have_count(0)
    page.go_back()
    page.get_by_role("button", name=words("lookup.title")).click()
    expect(page.get_by_label(words("receipt"))).to_be_visible()


def test_a_phone_without_its_lists_says_so_and_gets_them_by_itself(address: str, browser: Browser) -> None:
    page = browser.new_page(locale="ky")
    page.route("**/api/v1/reference*", lambda route: route.abort())
    page.goto(address)
    expect(page.get_by_text(words("net.never"))).to_be_visible()
    page.get_by_role("button", name=words("home.report")).click()
    expect(page.get_by_text(words("what.nolist"))).to_be_visible()
    page.unroute("**/api/v1/reference*")
    expect(page.locator(".tile").first).to_be_visible(timeout=60_000)


def test_languages_that_were_spoken_once_are_spoken_offline_too(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    spoken = phone.page.locator("header select")
    with phone.page.expect_response(lambda one: "/api/v1/reference" in one.url):
        spoken.select_option("uz")
    phone.page.locator("html[lang=uz]").wait_for()
    until(lambda: any("languages=ky%2Cuz" in one.asked for one in phone.link.sent))
    phone.connect(False)
    names = Category.objects.get(code="water-gate").names
    for language in ("ky", "uz", "ky"):
        spoken.select_option(language)
        phone.page.locator(f"html[lang={language}]").wait_for()
        phone.page.locator(".dock .main").click()
        expect(phone.page.get_by_role("button", name=names[language], exact=True)).to_be_visible()
        phone.page.go_back()


def test_what_was_begun_survives_a_reload_and_a_broken_photo(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    broken: FilePayload = {"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8 not a photo"}
    choose = phone.page.locator("input[type=file]:not([capture])")
    choose.set_input_files([broken, photo_with_place()])
    expect(phone.page.get_by_role("alert")).to_contain_text(words("photos.bad"))
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    expect(phone.page.locator("[aria-busy=true]")).to_have_count(0)  # it is on the disk
    phone.page.reload()
    expect(phone.page.get_by_role("textbox", name=words("words.title"))).to_have_value(WORDS)
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    phone.page.get_by_role("button", name=words("photos.remove", n=1)).click()
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_have_count(0)
    until(lambda: rows(profile(phone.page), "draftParts") == [])
    phone.page.reload()
    expect(phone.page.get_by_role("textbox", name=words("words.title"))).to_have_value(WORDS)
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_have_count(0)


def test_the_back_button_goes_through_each_step_and_home_after_saving(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_as_far_as_who(phone)
    for title in ("when.title", "words.title", "where.title", "what.title", "home.mine"):
        phone.page.go_back()
        expect(phone.heading(title)).to_be_visible()
    report_the_gate(phone)
    phone.page.go_back()
    expect(phone.heading("home.mine")).to_be_visible()
    expect(phone.page.locator("li .row")).to_have_count(1)
    phone.press("home.report")
    phone.page.get_by_role("button", name=Category.objects.get(code="quarrel").names["ky"]).click()
    # Where one reports from most stands first.
    first = phone.page.locator(".found button").first
    expect(first).to_contain_text(Place.objects.get(code=AK_SAI).names["ky"])
    expect(first).to_contain_text(words("where.usual"))


def test_a_new_report_leaves_what_was_begun_and_both_can_be_finished(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    phone.page.locator("input[type=file]:not([capture])").set_input_files(photo_with_place())
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    phone.press("leave")
    phone.press("home.report")
    phone.page.get_by_role("button", name=Category.objects.get(code="quarrel").names["ky"]).click()
    phone.page.locator(".found button").first.click()
    phone.page.get_by_role("textbox", name=words("words.title")).fill(OTHER_WORDS)
    phone.close()
    phone.open(online=False)
    drafts = phone.page.get_by_role("button", name=words("home.draft"))
    expect(drafts).to_have_count(2)
    drafts.nth(1).click()
    expect(phone.page.get_by_text(WORDS)).to_be_visible()
    expect(phone.page.get_by_role("img", name=words("review.photos", n=1))).to_be_visible()
    phone.press("review.save")
    phone.press("saved.done")
    expect(drafts).to_have_count(1)
    drafts.click()
    expect(phone.page.get_by_text(OTHER_WORDS)).to_be_visible()
    expect(phone.page.get_by_role("img", name=words("review.photos", n=1))).to_have_count(0)
    phone.press("review.discard")
    phone.press("wipe.yes")
    expect(drafts).to_have_count(0)
    expect(phone.page.locator("li .row")).to_have_count(1)


def a_hundred_megapixels() -> FilePayload:
    """More than a phone can hold unpacked."""
    file = BytesIO()
    Image.new("L", (10_000, 10_000), 90).save(file, "JPEG")
    return {"name": "huge.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_a_photo_no_browser_reads_or_of_a_hundred_megapixels_costs_no_word(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    choose = phone.page.locator("input[type=file]:not([capture])")
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)
    choose.set_input_files({"name": "gate.heic", "mimeType": "image/heic", "buffer": heic})
    bad = phone.page.get_by_role("alert")
    expect(bad).to_contain_text(words("photos.bad"))
    phone.page.reload()
    expect(phone.heading("words.title")).to_be_visible()
    expect(bad).to_have_count(0)
    choose.set_input_files(a_hundred_megapixels())
    photo = phone.page.get_by_role("img", name=words("photos.n", n=1))
    expect(photo.or_(bad)).to_be_visible(timeout=60_000)
    if bad.count():
        expect(bad).to_contain_text(words("photos.bad"))
    else:
        expect(photo).to_have_js_property("naturalWidth", 1280)
    expect(phone.page.get_by_role("textbox", name=words("words.title"))).to_have_value(WORDS)
    phone.press("next")
    expect(phone.heading("when.title")).to_be_visible()


def looking_for_the_place(address: str, browser: Browser, place: Place) -> Page:
    """A new report, its category chosen, by a phone that stands there and was asked where it is."""
    here: Geolocation = {"latitude": place.latitude or 0, "longitude": place.longitude or 0, "accuracy": 35}
    page = browser.new_context(permissions=["geolocation"], geolocation=here, locale="ky").new_page()
    page.goto(address)
    agree_to_the_notice(page)
    page.get_by_role("button", name=words("home.report")).click()
    page.get_by_role("button", name=Category.objects.get(code="water-gate").names["ky"]).click()
    page.get_by_role("button", name=words("where.gps")).click()
    return page


def test_the_nearest_village_is_offered_and_the_place_travels_only_when_asked_for(
    address: str, browser: Browser
) -> None:
    place = Place.objects.get(code=AK_SAI)
    page = looking_for_the_place(address, browser, place)
    expect(page.get_by_text(words("where.gps_got", m=35))).to_be_visible()
    expect(page.locator(".found button").first).to_contain_text(place.names["ky"])
    page.locator(".found button").first.click()
    page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    for _ in range(3):
        page.get_by_role("button", name=words("next"), exact=True).click()
    expect(page.get_by_text(words("where.gps_got", m=35))).to_be_visible()
    page.get_by_role("button", name=words("review.save")).click()
    until(lambda: Report.objects.filter(accuracy_m=35).exists())
    assert Report.objects.get().latitude == pytest.approx(place.latitude)


def test_the_place_is_not_sent_where_the_village_was_chosen_while_the_phone_looked(
    address: str, browser: Browser
) -> None:
    page = browser.new_page(locale="ky")
    page.add_init_script("Geolocation.prototype.getCurrentPosition = (found) => { window.found = found }")
    page.goto(address)
    agree_to_the_notice(page)
    page.get_by_role("button", name=words("home.report")).click()
    page.get_by_role("button", name=Category.objects.get(code="water-gate").names["ky"]).click()
    page.get_by_role("button", name=words("where.gps")).click()
    expect(page.get_by_text(words("where.gps_wait"))).to_be_visible()
    page.locator(".found button").first.click()
    page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    page.evaluate("() => found({ coords: { latitude: 39.9, longitude: 70.5, accuracy: 35 } })")
    for _ in range(3):
        page.get_by_role("button", name=words("next"), exact=True).click()
    expect(page.get_by_text(words("where.gps_got", m=35))).to_have_count(0)
    page.get_by_role("button", name=words("review.save")).click()
    until(Report.objects.exists)
    assert Report.objects.get().latitude is None


def test_the_place_where_the_phone_is_will_do_without_a_village(address: str, browser: Browser) -> None:
    place = Place.objects.get(code=AK_SAI)
    page = looking_for_the_place(address, browser, place)
    page.locator(".found button").nth(1).click()
    page.go_back()
    page.get_by_role("button", name=words("where.instead", place=words("where.gps"))).click()
    page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    for _ in range(3):
        page.get_by_role("button", name=words("next"), exact=True).click()
    page.get_by_role("button", name=words("review.save")).click()
    until(lambda: Report.objects.filter(accuracy_m=35).exists())
    assert Report.objects.get().village == place
    # The reporter is told which village was taken.
    page.get_by_role("button", name=words("saved.done")).click()
    expect(page.locator("li .row")).to_contain_text(place.names["ky"])


def test_a_rayon_that_is_not_on_the_phone_will_do_without_network(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    other = Place.objects.create(code="07-X", kind=Place.Kind.RAYON, name_ky="Алыс району")
    phone.open()
    agree_to_the_notice(phone.page)
    phone.press("home.report")
    tile = phone.page.get_by_role("button", name=Category.objects.get(code="water-gate").names["ky"])
    # The categories are here, and the rayons with them.
    tile.wait_for()
    phone.connect(False)
    tile.click()
    phone.page.get_by_label(words("where.rayon")).select_option(other.code)
    expect(phone.page.get_by_text(words("where.rayon_failed"))).to_be_visible()
    phone.page.get_by_role("button", name=words("where.instead", place=other.names["ky"])).click()
    phone.page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    for _ in range(3):
        phone.press("next")
    expect(phone.page.get_by_text(other.names["ky"])).to_be_visible()
    phone.press("review.save")
    phone.connect(True)
    until(lambda: Report.objects.filter(village=other).exists())


def test_a_village_that_is_not_in_the_list_is_replaced_by_its_rayon(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    rayon = Place.objects.get(kind=Place.Kind.RAYON, children__children__code=AK_SAI)
    phone.open()
    agree_to_the_notice(phone.page)
    phone.press("home.report")
    phone.page.locator(".tile").first.click()
    phone.page.get_by_role("searchbox").fill("Вашингтон")
    expect(phone.page.get_by_text(words("where.none"))).to_be_visible()
    phone.page.get_by_role("button", name=words("where.instead", place=rayon.names["ky"])).click()
    phone.page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    for _ in range(3):
        phone.press("next")
    phone.press("review.save")
    until(lambda: Report.objects.filter(village=rayon).exists())


def test_without_a_position_the_village_is_chosen_all_the_same(address: str, browser: Browser) -> None:
    page = browser.new_page(locale="ky")
    page.add_init_script("Geolocation.prototype.getCurrentPosition = (_, failed) => failed(new Error())")
    page.goto(address)
    page.get_by_role("button", name=words("home.report")).click()
    page.locator(".tile").first.click()
    page.get_by_role("button", name=words("where.gps")).click()
    expect(page.get_by_text(words("where.gps_none"))).to_be_visible()
    page.locator(".found button").first.click()
    expect(page.get_by_role("heading", level=1, name=words("words.title"))).to_be_visible()


def test_a_group_opens_and_its_back_button_leads_to_the_groups(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    group, category = (Category.objects.get(code=code).names["ky"] for code in ("services", "school"))
    phone.press("home.report")
    phone.page.get_by_role("button", name=group).click()
    expect(phone.page.get_by_role("heading", level=1, name=group)).to_be_visible()
    phone.page.go_back()
    expect(phone.heading("what.title")).to_be_visible()
    phone.page.get_by_role("button", name=group).click()
    phone.page.get_by_role("button", name=category).click()
    phone.page.locator(".found button").first.click()
    phone.page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    for _ in range(3):
        phone.press("next")
    phone.page.get_by_role("button", name=f"{words('change')}: {words('review.what')}").click()
    phone.page.get_by_role("button", name=group).click()
    phone.page.get_by_role("button", name=Category.objects.get(code="clinic").names["ky"]).click()
    expect(phone.heading("when.title")).to_be_visible()  # another category asks its own questions
    for _ in range(2):
        phone.press("next")
    expect(phone.heading("review.title")).to_be_visible()
    expect(phone.page.locator(".facts")).to_contain_text(Category.objects.get(code="clinic").names["ky"])


@pytest.mark.parametrize("tells", [True, False])
def test_photos_wait_for_wifi_only_where_the_browser_can_tell_wifi(
    handset: Callable[[str], Handset], tells: bool
) -> None:
    phone = handset("resident")
    phone.open()
    report_the_gate(phone)
    kind = "'cellular'" if tells else "undefined"
    phone.page.add_init_script(
        f"Object.defineProperty(NetworkInformation.prototype, 'type', {{ get: () => {kind}, configurable: true }})"
    )
    phone.press("saved.done")
    expect(phone.page.locator("li .row")).to_have_count(1)
    phone.page.reload()
    expect(phone.page.locator("li .row")).to_have_count(1)
    expect(phone.page.get_by_label(words("wifi.photos"))).to_have_count(int(tells))
