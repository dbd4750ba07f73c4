"""Promise 5: a case's number is its own for ever, and says nothing of other cases."""

from itertools import pairwise

from django.db import connection

from tests.admin.test_cases import logged_in
from tests.given import a_report, a_routed_case
from tests.people import People
from tests.phones import Phone


def given(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reporting_next_case_number() FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def test_who_has_two_numbers_cannot_tell_how_many_cases_came_between(aijan: Phone) -> None:
    numbers = [a_report(aijan).case.number for _ in range(20)]
    assert len(set(numbers)) == 20
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))
    steps = [after - before for before, after in pairwise(numbers)]
    assert min(map(abs, steps)) > 1
    assert len(set(steps)) == len(steps), "nor do they go round by the same step"


def test_numbers_have_eight_digits_and_none_comes_twice(db: None) -> None:
    numbers = given(3000)
    assert len(set(numbers)) == 3000
    assert 10_000_000 <= min(numbers) < 20_000_000 < 90_000_000 < max(numbers) < 100_000_000


def test_the_same_place_in_the_row_is_the_same_number(db: None) -> None:
    """So a restored server, which goes on further along, gives none that was given."""
    first = given(5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('reporting_case_number', lastval() - 5)")
    assert given(5) == first


def test_a_case_is_found_by_the_number_that_everybody_is_shown(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    a_routed_case(aijan)
    seen = aijan.sees("report", case.reports.get().pk)
    assert seen is not None
    page = logged_in(cast.bakyt).get("/admin/reporting/case/", {"q": str(seen["number"])})
    assert [row.pk for row in page.context["cl"].result_list] == [case.pk]
