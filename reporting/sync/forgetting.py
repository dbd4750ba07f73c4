"""What the ledger and the quarantine still hold of a withdrawn entity's words."""

import uuid

from reporting.people.models import Profile
from reporting.sync.models import Operation, Quarantined


def forget_words(*, profile: Profile, entity_id: uuid.UUID) -> None:
    """Drop the kept content of this profile's operations on an entity, in the open unit. That they came stays on record."""
    waiting = Operation.objects.filter(profile=profile, entity_id=entity_id, status=Operation.Status.WAITING)
    waiting.update(status=Operation.Status.APPLIED, content=None, detail="", needs=None)
    Quarantined.objects.filter(profile=profile, content__entity_id=str(entity_id)).update(content=None, raw=None)
