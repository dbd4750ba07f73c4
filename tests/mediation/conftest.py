"""A group with both keys, and a report whose maker is sealed to them."""

import pytest

from reporting.cases.models import Report
from reporting.people.models import Membership
from tests.given import follow
from tests.mediation.holders import Group, Holder, say, torn
from tests.mediators import logged_in
from tests.people import People, member
from tests.phones import Phone
from tests.valley import Valley


@pytest.fixture
def group(cast: People, valley: Valley) -> Group:
    sanjar = member("sanjar", valley.mediators, Membership.Role.MEDIATOR)
    first, second = Holder(logged_in(cast.dilnoza), 1), Holder(logged_in(sanjar), 2)
    for holder in (first, second):
        assert say(holder.phone, holder.made(valley.mediators.code))["status"] == "applied"
    return Group(first, second, sanjar)


@pytest.fixture
def report(aijan: Phone, group: Group) -> Report:
    """A signal to the mediators alone, with who made it."""
    operation = aijan.filed({"audience": "mediator"})
    operation["body"]["protected"] = torn(group.first, group.second, operation["entity_id"])
    assert say(aijan, operation)["status"] == "applied"
    follow()
    return Report.objects.get(pk=operation["entity_id"])
