"""What the ledger and the quarantine still hold of a withdrawn entity's words."""

import uuid

from django.db.models import Q

from reporting.people.models import Profile
from reporting.sync.models import Operation, Quarantined
from reporting.sync.quarantine import without_words


def forget_words(*, profile: Profile, entity_id: uuid.UUID) -> None:
    """Drop the kept content of this profile's operations on an entity, and of an SMS of it, in the open unit. That they came stays on
    record.
    """
    said = Operation.objects.filter(profile=profile, entity_id=entity_id)
    said.filter(status=Operation.Status.WAITING).update(
        status=Operation.Status.APPLIED, content=None, detail="", needs=None
    )
    links = list(said.filter(type="report.create").exclude(link=None).values_list("link", flat=True))
    _forget(Q(profile=profile, entity_id=entity_id) | Q(link__in=links))


def forget_sms(*, link: bytes) -> None:
    """As `forget_words`, of a partial form whose operation may never come."""
    _forget(Q(link=link))


def _forget(which: Q) -> None:
    for row in Quarantined.objects.filter(which):
        kept = without_words(row.content)
        Quarantined.objects.filter(pk=row.pk).update(content=kept, raw=None, link=None)
