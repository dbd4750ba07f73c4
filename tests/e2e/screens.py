"""Every screen of the phone app, by its address and what to touch there, and what cannot be right on any of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from playwright.sync_api import Geolocation, Page, expect

from reporting.people import receipts
from tests.e2e.test_filing import ACCUSED
from tests.e2e.words import begins, words

Touch = Callable[[Page, str], None]
Walk = Iterator[tuple[str, str, Page]]
"""What a screen is called, the language, and the page that shows it now."""

HERE: Geolocation = {"latitude": 39.874, "longitude": 70.522, "accuracy": 35}
UNLISTED = "?"
NOBODYS = receipts.encode(1)
NO_MICROPHONE = (
    "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') } }"
)
MICROPHONE = "() => { delete navigator.mediaDevices.getUserMedia }"
NOT_YET = "() => { navigator.geolocation.getCurrentPosition = (found, failed) => { window.gaveUp = failed } }"
GIVEN_UP = "() => window.gaveUp(new Error())"
SOMEWHERE = "() => { delete navigator.geolocation.getCurrentPosition }"
IN_1970 = "() => { window.now = Date.now; Date.now = () => 0 }"
TODAY = "() => { Date.now = window.now }"
ASKS_FOR_A_CODE = """() => {
  const [fetched, begun] = [fetch, { meta: { session_token: 't' }, data: { flows: [{ id: 'mfa_authenticate' }] } }]
  window.fetch = async (...given) => {
    if (!`${given[0]}`.endsWith('/login')) return fetched(...given)
    window.fetch = fetched
    return new Response(JSON.stringify(begun), { status: 401 })
  }
}"""

TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, .dock *")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
  .filter((one) => !["INPUT", "SELECT", "TEXTAREA"].includes(one.tagName) && !one.classList.contains("unseen"))
  .map((one) => `${one.textContent.trim().slice(0, 60)} (${one.scrollWidth - one.clientWidth} px)`)"""
UNREAD = """() => [...document.querySelectorAll("select")].map((one) => {
  const [said] = one.selectedOptions;
  const whole = one.cloneNode();
  whole.append(said.cloneNode(true));
  whole.style.cssText = "position: absolute; width: max-content; max-width: none";
  one.after(whole);
  const lacking = whole.offsetWidth - one.offsetWidth;
  whole.remove();
  return [said.textContent, lacking];
}).filter(([, lacking]) => lacking > 1).map(([said, lacking]) => `${said} (${lacking} px)`)"""
"""A choice that is as wide as what is chosen asks, beside the one that is shown: a browser cuts its words off and tells nobody."""
TOO_SMALL = """() => [...document.querySelectorAll("button, a, select, summary, label.option, label.pick")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.height > 0 && (box.height < 47.5 || box.width < 47.5))
  .map(([one, box]) => `${one.textContent.trim().slice(0, 40)} (${Math.round(box.width)} × ${Math.round(box.height)})`)"""


@dataclass(frozen=True)
class Shown:
    """What the walk needs to have happened: a report that was asked about and answered, one of which something is asked, one
    that is still on the phone alone, one there that may be handed to others, one that was closed in silence, a case, a receipt."""

    answered: str
    asked: str
    closed: str
    waiting: str
    handed: str
    case: str
    receipt: str


@dataclass(frozen=True)
class Screen:
    """`path` is what comes after `#`; `touch` is done there before it is looked at, in a language."""

    name: str
    path: str
    touch: Touch | None = None


def press(name: str) -> Touch:
    """The button that says this message."""
    return lambda page, language: page.get_by_role("button", name=words(name, language), exact=True).click()


def choose(name: str) -> Touch:
    """The option that begins with this message."""
    return lambda page, language: page.get_by_role("radio", name=begins(name, language)).check()


def see(selector: str) -> Touch:
    """Nothing is touched; it takes its time to appear."""
    return lambda page, language: expect(page.locator(selector)).to_be_visible()


def speak(page: Page, language: str) -> None:
    """Into the microphone, which goes on; what was said there before is taken away."""
    if page.locator("audio.sound").count():
        press("voice.delete")(page, language)
        press("voice.sure")(page, language)
    press("voice.record")(page, language)
    expect(page.locator(".taping")).to_contain_text("0:01")


def speak_to_none(page: Page, language: str) -> None:
    """Where the person, or the phone, does not allow the microphone."""
    page.evaluate(NO_MICROPHONE)
    press("voice.record")(page, language)
    expect(page.get_by_text(words("voice.refused", language))).to_be_visible()
    page.evaluate(MICROPHONE)


def without_position(page: Page, language: str) -> None:
    """What was found before is taken away."""
    drop = page.get_by_role("button", name=words("where.gps_drop", language), exact=True)
    expect(drop.or_(page.get_by_role("button", name=words("where.gps", language), exact=True))).to_be_visible()
    if drop.count():
        drop.click()


def look_for_position(page: Page, language: str) -> None:
    """The phone finds where it is."""
    without_position(page, language)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    press("where.gps")(page, language)
    expect(page.get_by_text(words("where.gps_got", language, m=HERE["accuracy"]))).to_be_visible()


def look_for_long(page: Page, language: str) -> None:
    """The phone goes on looking where it is."""
    without_position(page, language)
    page.evaluate(NOT_YET)
    press("where.gps")(page, language)
    expect(page.get_by_text(words("where.gps_wait", language))).to_be_visible()
    page.evaluate(SOMEWHERE)


def give_up(page: Page, language: str) -> None:
    """The phone cannot say where it is, or may not."""
    look_for_long(page, language)
    page.evaluate(GIVEN_UP)
    expect(page.get_by_text(words("where.gps_none", language))).to_be_visible()


def look_for_none(page: Page, language: str) -> None:
    """A village that is not there."""
    page.get_by_role("searchbox").fill("Wxyz")
    expect(page.get_by_text(words("where.none", language))).to_be_visible()


def happened(when: str, *, danger: bool) -> Touch:
    """When it was, and whether somebody is in danger."""

    def touch(page: Page, language: str) -> None:
        choose(f"when.{when}")(page, language)
        asked = page.get_by_role("group", name=words("endangered.title", language))
        asked.get_by_role("radio", name=words("yes" if danger else "no", language), exact=True).check()

    return touch


def with_a_wrong_clock(page: Page, language: str) -> None:
    """Whose certificates no phone believes; drawn anew from another screen."""
    page.evaluate(IN_1970)
    press("lookup.title")(page, language)
    press("back")(page, language)
    expect(page.get_by_text(words("net.clock", language))).to_be_visible()
    page.evaluate(TODAY)


def ask_for_code(page: Page, language: str) -> None:
    """The second factor, once name and password were right."""
    page.evaluate(ASKS_FOR_A_CODE)
    page.get_by_label(words("room.username", language)).fill("mediator-batken")
    page.get_by_label(words("room.password", language)).fill("secret")
    press("room.login")(page, language)
    expect(page.get_by_label(words("room.code", language))).to_be_visible()


def about(office: str | None) -> Touch:
    """The report is about this office, one that is not in the list, or none."""

    def touch(page: Page, language: str) -> None:
        asked = page.get_by_role("group", name=words("about.title", language))
        asked.get_by_role("radio", name=words("yes" if office else "no", language), exact=True).check()
        if office:
            page.get_by_label(words("about.which", language)).select_option(office)
        if office != UNLISTED:
            choose("audience.border")(page, language)

    return touch


def let_more_read(page: Page, language: str) -> None:
    """A step further; it is asked about first."""
    press("audience.change")(page, language)
    choose("audience.border")(page, language)
    expect(page.get_by_text(words("audience.wider", language))).to_be_visible()


def look_up(said: str) -> Touch:
    """The receipt that stands there; what is told of it begins with this message."""

    def touch(page: Page, language: str) -> None:
        press("lookup.ask")(page, language)
        expect(page.locator("[role=status]").last).to_contain_text(words(said, language))

    return touch


def make_appeal(page: Page, language: str) -> None:
    """Its form; once it was opened it is there again."""
    opens = page.get_by_role("button", name=words("appeal.open", language), exact=True)
    form = page.get_by_label(words("whose.name", language))
    expect(opens.or_(form)).to_be_visible()
    if opens.count():
        opens.click()


def open_group(page: Page, language: str) -> None:
    """The last picture that stands for several: it has an arrow."""
    page.locator(".tiles .tile:has(span svg)").last.click()


def all_of_them(shown: Shown) -> list[Screen]:
    """In the order in which a person meets them."""
    return [
        Screen("home", "/"),
        Screen("wrong-clock", "/", with_a_wrong_clock),
        Screen("danger", "/danger"),
        Screen("what", "/report/what"),
        Screen("group", "/report/what", open_group),
        Screen("where", "/report/where", without_position),
        Screen("where-none", "/report/where", look_for_none),
        Screen("where-waiting", "/report/where", look_for_long),
        Screen("where-nowhere", "/report/where", give_up),
        Screen("where-found", "/report/where", look_for_position),
        Screen("words", "/report/words"),
        Screen("no-microphone", "/report/words", speak_to_none),
        Screen("recording", "/report/words", speak),
        Screen("recorded", "/report/words", press("voice.delete")),
        Screen("details-danger", "/report/details", happened("date", danger=True)),
        Screen("review-lacking", "/report/review"),
        Screen("details", "/report/details", happened("now", danger=False)),
        Screen("who-appeal", "/report/who", choose("named.office")),
        Screen("who-sealed", "/report/who", choose("named.mediator")),
        Screen("who-nobody", "/report/who", choose("named.nobody")),
        Screen("who", "/report/who", about(None)),
        Screen("who-unlisted", "/report/who", about(UNLISTED)),
        Screen("who-named", "/report/who", about(ACCUSED)),
        Screen("review", "/report/review"),
        Screen("notice", "/consent"),
        Screen("saved", f"/saved/{shown.waiting}"),
        Screen("mine-waiting", f"/mine/{shown.waiting}"),
        Screen("delete", f"/mine/{shown.waiting}", press("delete.open")),
        Screen("mine-asked", f"/mine/{shown.asked}"),
        Screen("make-appeal", f"/mine/{shown.asked}", make_appeal),
        Screen("notices", f"/mine/{shown.waiting}", press("notify.open")),
        Screen("mine-answered", f"/mine/{shown.answered}"),
        Screen("not-solved", f"/mine/{shown.answered}", press("solved.no")),
        Screen("withdraw", f"/mine/{shown.answered}", press("withdraw.open")),
        Screen("receipt-code", f"/mine/{shown.answered}", press("receipt.qr")),
        Screen("mine-closed", f"/mine/{shown.closed}"),
        Screen("let-read", f"/mine/{shown.closed}", press("audience.change")),
        Screen("let-more-read", f"/mine/{shown.closed}", let_more_read),
        Screen("hand-over", f"/hand/{shown.handed}"),
        Screen("qr", f"/qr/{shown.handed}", see(".frame")),
        Screen("sms", f"/sms/{shown.handed}"),
        Screen("look-up", "/receipt"),
        Screen("look-up-offline", f"/receipt/{shown.receipt}", look_up("lookup.offline")),
        Screen("carry", "/carry"),
        Screen("phone", "/phone"),
        Screen("calendar", "/days"),
        Screen("wipe", "/phone", press("wipe.open")),
        Screen("lock-number", "/lock/pin"),
        Screen("lock-pictures", "/lock/pictures"),
        Screen("room", "/room"),
        Screen("case", f"/room/{shown.case}"),
        Screen("keys", "/room/keys"),
        Screen("visit", f"/room/{shown.case}/visit"),
        Screen("log-out", "/room", press("room.logout")),
        Screen("read-qr", "/room/qr", see("video, .note.alarm")),
        Screen("login", "/room/login"),
        Screen("login-code", "/room/login", ask_for_code),
    ]


def later(shown: Shown) -> list[Screen]:
    """What came of it, in the network."""
    return [
        Screen("home-later", "/"),
        Screen("mine-solved", f"/mine/{shown.answered}"),
        Screen("mine-disputed", f"/mine/{shown.closed}"),
        Screen("mine-withdrawn", f"/mine/{shown.asked}"),
        Screen("mine-refused", f"/mine/{shown.waiting}"),
        Screen("delete-refused", f"/mine/{shown.waiting}", press("delete.open")),
        Screen("look-up-found", f"/receipt/{shown.receipt}", look_up("state.solved")),
        Screen("look-up-unknown", f"/receipt/{NOBODYS}", look_up("lookup.not_found")),
    ]


def by_address(page: Page, screens: Sequence[Screen], languages: Sequence[str]) -> Walk:
    """Each of them in each language."""
    for language in languages:
        choose_language(page, language)
        for screen in screens:
            open_screen(page, screen, language)
            yield screen.name, language, page


def choose_language(page: Page, language: str) -> None:
    """On the first screen, which has the choice."""
    open_screen(page, Screen("home", "/"), language)
    page.locator("header select").select_option(language)
    page.locator(f"html[lang={language}]").wait_for()


def open_screen(page: Page, screen: Screen, language: str) -> None:
    """Go there, as a link would, and do what is to be done there."""
    page.evaluate("(path) => { location.hash = path }", "/")
    page.locator(".dock .main").wait_for()
    page.evaluate("(path) => { location.hash = path }", screen.path)
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_function("(path) => history.state?.path === path", arg=screen.path)
    painted(page)
    if screen.touch:
        screen.touch(page, language)


def painted(page: Page) -> None:
    """Return once what is there now is on the screen."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def faults(page: Page) -> Iterator[str]:
    """What does not fit on the screen that is shown, whatever it says."""
    if page.evaluate(TOO_WIDE):
        yield "wider than the screen"
    for one in page.evaluate(CUT_OFF):
        yield f"cut off: {one}"
    for one in page.evaluate(UNREAD):
        yield f"chosen and not to be read: {one}"
    for one in page.evaluate(TOO_SMALL):
        yield f"too small to touch: {one}"
