"""When something is due: pure date arithmetic over dated terms. Working days are those of Kyrgyzstan (package `holidays`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from reporting.cases.models import Term

BISHKEK = ZoneInfo("Asia/Bishkek")


@dataclass(frozen=True)
class Allowance:
    """How long something may take: `amount` of `unit` (hours or working days)."""

    amount: int
    unit: str


WITHOUT_TERMS = {
    Term.Purpose.REGISTER: Allowance(1, Term.Unit.WORKING_DAYS),
    Term.Purpose.ANSWER: Allowance(14, Term.Unit.WORKING_DAYS),
}
"""When no term was ever entered: those of the law on appeals. A clock always runs."""


def allowance(terms: Iterable[Term], *, track: str, purpose: Term.Purpose, on: date) -> Allowance:
    """The newest term of a track and purpose in force on a day."""
    fitting = [term for term in terms if (term.track, term.purpose) == (track, purpose) and term.in_force_from <= on]
    if not fitting:
        return WITHOUT_TERMS[purpose]
    newest = max(fitting, key=lambda term: term.in_force_from)
    return Allowance(newest.amount, newest.unit)


def by_law(terms: Iterable[Term], track: str, purpose: Term.Purpose, *, at: datetime) -> datetime:
    """The instant by which what came at `at` must be done, by the terms in force on that day."""
    return due(at, allowance(terms, track=track, purpose=purpose, on=at.astimezone(BISHKEK).date()))


def due(start: datetime, allowed: Allowance) -> datetime:
    """The instant by which it must be done: hours later, or the end of the last working day allowed."""
    if allowed.unit == Term.Unit.HOURS:
        return start + timedelta(hours=allowed.amount)
    day = start.astimezone(BISHKEK).date()
    for _ in range(allowed.amount):
        day = _next_working_day(day)
    return datetime.combine(day, time(23, 59, 59), tzinfo=BISHKEK)


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= 5 or day in _holidays(day.year):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KG", years=year))
