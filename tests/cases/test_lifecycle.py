"""Promise 3 and 4: who resolves may not close, and nothing gets stuck."""

import itertools

import pytest

from reporting.cases.lifecycle import MOVES, may_move, move
from reporting.cases.models import Case, Status
from reporting.errors import TooLate

EXPECTED = """
received assigned
received solved
assigned assigned
assigned acknowledged
assigned answered
assigned solved
acknowledged assigned
acknowledged answered
acknowledged solved
answered answered
answered solved
answered disputed
answered unconfirmed
solved disputed
disputed assigned
disputed solved
unconfirmed solved
unconfirmed disputed
received withdrawn
assigned withdrawn
acknowledged withdrawn
answered withdrawn
solved withdrawn
disputed withdrawn
unconfirmed withdrawn
"""
ALLOWED = {tuple(line.split()) for line in EXPECTED.split("\n") if line}


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), list(itertools.product(Status.values, Status.values)))
def test_the_table_allows_exactly_these_moves(before: str, after: str) -> None:
    case = Case(status=before)
    if (before, after) in ALLOWED:
        move(case, Status(after))
        assert case.status == after
    else:
        with pytest.raises(TooLate):
            move(case, Status(after))
        assert case.status == before


def test_every_status_but_withdrawn_can_still_come_to_the_reporter_s_word() -> None:
    for status in set(Status) - {Status.WITHDRAWN}:
        reached = {status}
        while new := {after for before in reached for after in MOVES[before]} - reached:
            reached |= new
        assert Status.SOLVED in reached


def test_an_office_cannot_close_from_anywhere() -> None:
    assert all(not may_move(Case(status=status), Status.UNCONFIRMED) for status in Status if status != Status.ANSWERED)
