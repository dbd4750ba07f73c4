"""Every screen of the phone app, by its address and what to touch there, and what cannot be right on any of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.words import begins, words

Touch = Callable[[Page, str], None]

TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, .dock *")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
  .filter((one) => !["INPUT", "SELECT", "TEXTAREA"].includes(one.tagName) && !one.classList.contains("unseen"))
  .map((one) => `${one.textContent.trim().slice(0, 60)} (${one.scrollWidth - one.clientWidth} px)`)"""
TOO_SMALL = """() => [...document.querySelectorAll("button, a, select, summary, label.option, label.pick")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.height > 0 && (box.height < 47.5 || box.width < 47.5))
  .map(([one, box]) => `${one.textContent.trim().slice(0, 40)} (${Math.round(box.width)} × ${Math.round(box.height)})`)"""


@dataclass(frozen=True)
class Shown:
    """What the walk needs to have happened: a report that was asked about and answered, one of which something is asked, one
    that is still on the phone alone, one there that may be handed to others, a case."""

    answered: str
    asked: str
    waiting: str
    handed: str
    case: str


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


def as_a_signal(*, sealed: bool) -> Touch:
    """Protected, with or without a name for the mediators."""

    def touch(page: Page, language: str) -> None:
        choose("track.signal")(page, language)
        page.get_by_role("checkbox", name=begins("protect.title", language)).set_checked(sealed)

    return touch


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
        Screen("danger", "/danger"),
        Screen("what", "/report/what"),
        Screen("group", "/report/what", open_group),
        Screen("where", "/report/where"),
        Screen("words", "/report/words"),
        Screen("recording", "/report/words", speak),
        Screen("recorded", "/report/words", press("voice.delete")),
        Screen("details", "/report/details"),
        Screen("how-appeal", "/report/how", choose("track.appeal")),
        Screen("how-sealed", "/report/how", as_a_signal(sealed=True)),
        Screen("how", "/report/how", as_a_signal(sealed=False)),
        Screen("who", "/report/who"),
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
        Screen("hand-over", f"/hand/{shown.handed}"),
        Screen("qr", f"/qr/{shown.handed}", see(".frame")),
        Screen("sms", f"/sms/{shown.handed}"),
        Screen("look-up", "/receipt"),
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
        Screen("login", "/room/login"),
    ]


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
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    if screen.touch:
        screen.touch(page, language)


def faults(page: Page) -> Iterator[str]:
    """What does not fit on the screen that is shown, whatever it says."""
    if page.evaluate(TOO_WIDE):
        yield "wider than the screen"
    for one in page.evaluate(CUT_OFF):
        yield f"cut off: {one}"
    for one in page.evaluate(TOO_SMALL):
        yield f"too small to touch: {one}"
