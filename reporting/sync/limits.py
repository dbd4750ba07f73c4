"""Limits, not loss: whoever is over one comes again later. Wide enough for a village behind one address and for carriers.

They count profiles and rows, never addresses: this server is not told who asks from where (docs/threat-model.md).
"""

from datetime import datetime, timedelta

from django.conf import settings

from reporting.errors import Later
from reporting.people.models import Profile
from reporting.sync.models import Operation, Quarantined

HOUR = timedelta(hours=1)
CHANGED = "changed"


FLOOD = "This phone profile has sent as much as it may in an hour. It goes on by itself later."


def room(profile: Profile, *, at: datetime, entered: int = 0) -> int:
    """How many more operations this profile may send in this hour, besides the `entered` just now.

    Other words under an id that is here are one more too: the ledger has no row for them, the quarantine has.
    """
    most = settings.OPERATIONS_PER_HOUR
    latest = Operation.objects.filter(profile=profile, received_at__gt=at - HOUR).values("op_id")
    changed = Quarantined.objects.filter(profile=profile, received_at__gt=at - HOUR, code=CHANGED).values("op_id")
    return most - (latest.union(changed, all=True)[: most + entered].count() - entered)


def refuse_rubbish() -> None:
    """Raises Later when `NOBODYS_MOST` envelopes that prove no author wait for a person already."""
    most = settings.NOBODYS_MOST
    if Quarantined.objects.filter(settled_at=None, profile=None)[:most].count() >= most:
        raise Later("Too much that proves no author is waiting for a person here.", seconds=3600)
