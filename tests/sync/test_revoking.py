"""Promise 5: a phone that is in other hands can be shut out, by whoever runs the server, on the word of who has the receipt."""

import pytest
from django.core.management import CommandError, call_command

from reporting.cases.models import Report
from reporting.events.models import Event
from reporting.people import receipts
from reporting.people.models import Profile
from reporting.sync.models import Quarantined
from tests.people import People
from tests.phones import Phone
from tests.valley import Valley


def test_a_profile_that_was_revoked_is_told_nothing_and_what_it_says_is_kept_aside(
    aijan: Phone, eve_phone: Phone, cast: People, valley: Valley
) -> None:
    aijan.sync(aijan.filed())
    eve_phone.sync()
    report = Report.objects.get()
    for _ in range(2):
        call_command("revoke_profile", receipts.grouped(report.receipt).lower())
    assert list(Profile.objects.exclude(revoked_at=None)) == [report.profile]
    refused = aijan.post(aijan.envelope(aijan.filed()))
    assert (refused.status_code, refused.json()["code"]) == (401, "bearer_revoked")
    aijan.post(aijan.envelope(aijan.filed()), bearer=None)
    assert Quarantined.objects.get().code == "revoked"
    assert eve_phone.post().status_code == 200
    (event,) = Event.objects.filter(kind="profile.revoked")
    assert (event.stream, event.actor) == (report.profile_id, "system")


@pytest.mark.parametrize("receipt", ["0000-000-001X", "nonsense"])
def test_a_receipt_that_is_not_here_or_was_copied_wrong_shuts_nobody_out(aijan: Phone, receipt: str) -> None:
    aijan.sync(aijan.filed())
    with pytest.raises(CommandError):
        call_command("revoke_profile", receipt)
    assert not Profile.objects.exclude(revoked_at=None).exists()


def test_what_came_by_sms_alone_is_of_no_phone(aijan: Phone) -> None:
    aijan.sync(aijan.filed())
    Profile.objects.update(enrolled_at=None)
    with pytest.raises(CommandError, match="SMS"):
        call_command("revoke_profile", Report.objects.get().receipt)
