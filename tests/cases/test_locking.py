"""The order of locks: a case, then scopes. What the database checks by itself as a unit closes must not go against it."""

import threading

import pytest
from django.db import connection

from reporting import events
from reporting.cases import choosing, work
from reporting.cases.models import Reading
from reporting.people.models import Office
from tests.given import MONDAY, a_routed_case
from tests.people import People
from tests.phones import Phone


@pytest.mark.django_db(transaction=True)
def test_who_reads_a_case_and_who_works_on_it_do_not_wait_for_each_other(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    mediators = Office.objects.get(code="mediation")

    def read() -> None:
        try:
            choosing.note_reading([case.id], offices=[mediators.pk], at=MONDAY)
        finally:
            connection.close()

    reading = threading.Thread(target=read)
    with events.unit_of_work():
        locked = work.lock(case.id)
        reading.start()
        reading.join(2)  # it has the reporter's scope by now, and is done unless it waits for the case
        work.changed(locked, at=MONDAY)
    reading.join(10)
    assert Reading.objects.filter(case=case).count() == 1
