"""Promise 5: a receipt tells how far a report is, and nothing of what it says or whose it is."""

from typing import Any

import pytest
from django.test import Client

from reporting.cases.models import Case, Status
from reporting.cases.queries import RECEIPT_STATES
from reporting.people import receipts
from tests.given import a_report
from tests.phones import Phone


def look_up(text: object) -> Any:
    return Client().post("/api/v1/receipts", {"receipt": text}, content_type="application/json")


def test_whoever_holds_it_learns_the_state_alone(aijan: Phone) -> None:
    report = a_report(aijan)
    for written in (report.receipt, receipts.grouped(report.receipt), report.receipt.lower()):
        response = look_up(written)
        assert response.json() == {"state": "arrived"}
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_one_of_five_states(aijan: Phone, status: Status) -> None:
    report = a_report(aijan)
    Case.objects.update(status=status)
    assert look_up(report.receipt).json()["state"] == RECEIPT_STATES[status]
    assert set(RECEIPT_STATES.values()) == {"arrived", "with_office", "answered", "solved", "closed"}


def test_part_of_it_is_not_enough(aijan: Phone) -> None:
    report = a_report(aijan)
    for part in (report.receipt[:10], report.receipt[1:], report.receipt[:4], "", " "):
        assert look_up(part).status_code == 400
    assert look_up(receipts.encode(7)).status_code == 404


@pytest.mark.parametrize("rubbish", [None, 7, {"a": 1}, "x" * 41, "\0" * 11, "ЖЖЖЖЖЖЖЖЖЖЖ"])
def test_rubbish_is_a_clear_answer(db: None, rubbish: object) -> None:
    response = look_up(rubbish)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
