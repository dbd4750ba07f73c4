"""Promise 3: a clock runs, and it is the right one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reporting.cases.deadlines import BISHKEK, WITHOUT_TERMS, Allowance, allowance, due
from reporting.cases.models import Term

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=BISHKEK)


def term(amount: int, on: date, track: str = "appeal") -> Term:
    return Term(track=track, purpose="answer", amount=amount, unit="working_days", in_force_from=on)


def test_hours_run_through_nights_and_weekends() -> None:
    assert due(FRIDAY, Allowance(24, "hours")) == FRIDAY + timedelta(hours=24)


def test_a_working_day_ends_with_the_day_and_skips_the_weekend() -> None:
    assert due(FRIDAY, Allowance(1, "working_days")) == datetime(2026, 11, 23, 23, 59, 59, tzinfo=BISHKEK)


def test_fourteen_working_days() -> None:
    assert due(FRIDAY, Allowance(14, "working_days")).date() == date(2026, 12, 10)


def test_public_holidays_do_not_count() -> None:
    before_new_year = datetime(2026, 12, 31, 12, tzinfo=BISHKEK)
    ends = due(before_new_year, Allowance(1, "working_days")).date()
    assert ends > date(2027, 1, 1)


def test_the_day_is_the_day_in_bishkek() -> None:
    """20:00 UTC on Sunday is already Monday in Bishkek."""
    late = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert due(late, Allowance(1, "working_days")).date() == date(2026, 11, 24)


@pytest.mark.parametrize(("on", "amount"), [(date(2025, 6, 1), 14), (date(2026, 7, 1), 10)])
def test_a_case_keeps_the_term_in_force_when_it_was_received(on: date, amount: int) -> None:
    terms = [term(14, date(2007, 5, 4)), term(10, date(2026, 7, 1)), term(3, date(2007, 5, 4), track="signal")]
    assert allowance(terms, track="appeal", purpose=Term.Purpose.ANSWER, on=on).amount == amount


def test_without_any_term_the_law_s_own_runs() -> None:
    found = allowance([], track="appeal", purpose=Term.Purpose.ANSWER, on=date(2026, 1, 1))
    assert found == WITHOUT_TERMS[Term.Purpose.ANSWER]
