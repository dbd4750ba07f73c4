"""Where the reporter wants to be told that there is news; given and taken back at any time, kept no longer than the case lasts."""

import uuid

from reporting import events
from reporting.cases.envelopes import NotifyAddress
from reporting.cases.models import Report
from reporting.cases.work import case_to_act_on
from reporting.people import addresses
from reporting.people.models import Profile


def notify(*, report: uuid.UUID, profile: Profile, address: bytes | None, seq: int) -> None:
    """Send notices about the profile's own report to this sealed address, or to nobody (None), in the open unit.

    `seq` orders the reporter's words: an older one that a carrier brings after a newer one changes nothing. When the case has ended
    nothing is kept. No event tells of it: whoever reads a case's history is not to know. Raises Waiting before the report has
    arrived, NotAllowed when it is another's.
    """
    case = case_to_act_on(report, profile)
    if case is None:
        return
    if not Report.objects.filter(pk=report, notify_seq__lt=seq).update(notify_seq=seq):
        return
    if address is None or case.closed:
        NotifyAddress.objects.filter(report=report).delete()
    else:
        NotifyAddress.objects.update_or_create(report_id=report, defaults={"sealed": address})
    events.touch(scope=profile.scope, entity="report", entity_id=report, version=case.version)


def address_for_notices(report: uuid.UUID) -> str | None:
    """For who sends a notice, and for nobody else: a telephone number as +996…, an e-mail address, or None. To be kept and logged nowhere.

    Raises Unavailable while the key file is away.
    """
    row = NotifyAddress.objects.filter(report=report).first()
    return None if row is None else addresses.open_sealed(bytes(row.sealed), report=report)
