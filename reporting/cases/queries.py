"""What may be read, by whom. There is no query here without a viewer."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models as db
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least
from django.db.models.lookups import LessThan

from reporting.cases.audience import audiences_of
from reporting.cases.models import UNREAD, WAITING, WAITS, Answer, Assignment, Case, Inquiry, Report, Status
from reporting.events.models import Event
from reporting.media.models import Medium
from reporting.people.access import Viewer
from reporting.people.models import Office, Profile

NEXT_DEADLINE = db.Case(db.When(status__in=UNREAD, then=Least("acknowledge_by", "answer_by")), default=F("answer_by"))
"""`Case.next_deadline` for the database."""


def visible_to(viewer: Viewer) -> QuerySet[Case]:
    """Cases that an office of the viewer holds or has a copy of, whose audience lets that office's kind read.

    A case about one of the viewer's offices is not there at all, whatever other office they work in.
    """
    held = Assignment.objects.filter(case=OuterRef("pk"), office__in=viewer.offices, ended_at=None)
    about_them = Case.excluded.through.objects.filter(case=OuterRef("pk"), office__in=viewer.works_in)
    return Case.objects.filter(Exists(_in_audience(held)), ~Exists(about_them))


def hidden_from(offices: Collection[int]) -> QuerySet[Any, Any]:
    """Ids of the cases that are about one of a viewer's offices: that they are there is not to be known either."""
    return Case.excluded.through.objects.filter(office__in=offices).values_list("case_id")


def _in_audience(held: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Those whose office's kind the outer case's audience lets read. Joining that case once more would make the database read all."""
    allowed = Q()
    for kind in Office.Kind:
        allowed |= Q(office__kind=kind, audience__in=audiences_of(kind))
    return held.annotate(audience=db.ExpressionWrapper(OuterRef("audience"), db.CharField())).filter(allowed)


def waiting_for(viewer: Viewer) -> QuerySet[Case]:
    """Visible cases in which one of the viewer's offices has something to do; dangerous ones first, then urgent ones."""
    return visible_to(viewer).filter(is_waiting(viewer)).order_by("-danger", "-urgent", NEXT_DEADLINE, "number")


def is_waiting(viewer: Viewer) -> Q:
    """Of visible cases: one of the viewer's offices is responsible, and has yet to answer or to read what the reporter said since."""
    return Q(responsible__in=viewer.offices) & WAITS


def due_by(viewer: Viewer, instant: datetime) -> QuerySet[Case]:
    """Those of `waiting_for` that must be acknowledged or answered before `instant`, late ones too."""
    return waiting_for(viewer).filter(_is_due(instant))


def is_due_by(viewer: Viewer, instant: datetime) -> Q:
    """Of visible cases: waiting, and to be acknowledged or answered before `instant`."""
    return is_waiting(viewer) & _is_due(instant)


def _is_due(instant: datetime) -> Q:
    """A reply that nobody has read is late for nothing."""
    return Q(LessThan(NEXT_DEADLINE, instant), status__in=WAITING)


def copied_to(viewer: Viewer) -> QuerySet[Case]:
    """Visible cases of which the viewer's offices have a copy only."""
    return visible_to(viewer).filter(is_copied(viewer))


def is_copied(viewer: Viewer) -> Q:
    """Of visible cases: the viewer's offices have a copy only."""
    copies = Assignment.objects.filter(office__in=viewer.offices, ended_at=None, role=Assignment.Role.COPY)
    return Q(Exists(copies.filter(case=OuterRef("pk")))) & ~Q(responsible__in=viewer.offices)


def history(case: Case, viewer: Viewer) -> list[Event]:
    """A visible case's events in order; nothing of one that is not visible. Only a group that follows it sees that a name was asked for."""
    if not visible_to(viewer).filter(pk=case.pk).exists():
        return []
    steps = Event.objects.filter(stream=case.pk).order_by("number")
    held = case.assignments.filter(office__in=viewer.offices, ended_at=None)
    follows = held.filter(office__kind=Office.Kind.MEDIATION).exists()
    return list(steps if follows else steps.exclude(kind__startswith="identity."))


RECEIPT_STATES = {
    Status.RECEIVED: "arrived",
    Status.ASSIGNED: "with_office",
    Status.ACKNOWLEDGED: "with_office",
    Status.ANSWERED: "answered",
    Status.SOLVED: "solved",
    Status.DISPUTED: "with_office",
    Status.UNCONFIRMED: "closed",
    Status.WITHDRAWN: "closed",
}
"""What a receipt tells whoever holds it: not whether the reporter disputed or took it back."""


def state_of_receipt(receipt: str) -> str | None:
    """How far the report with this receipt is; the viewer is whoever holds all 11 characters."""
    status = Report.objects.counting().filter(receipt=receipt).values_list("case__status", flat=True).first()
    return None if status is None else RECEIPT_STATES[Status(status)]


def reports_of(profile: Profile, ids: list[uuid.UUID]) -> QuerySet[Report]:
    """The profile's own reports among `ids`."""
    return Report.objects.filter(profile=profile, pk__in=ids)


def own_medium(profile: Profile, medium_id: uuid.UUID) -> Medium | None:
    """A ready picture or recording of the profile's own report, or of what an office said to it; None for any other."""
    medium = _ready(medium_id)
    if medium is None:
        return None
    own = Report.objects.filter(profile=profile)
    said = Q(pk=medium.entity_id) | Q(case__inquiries=medium.entity_id) | Q(case__answers=medium.entity_id)
    return medium if own.filter(said).exists() else None


def medium_seen_by(viewer: Viewer, medium_id: uuid.UUID, *, case: uuid.UUID | None = None) -> Medium | None:
    """A ready picture or recording of a case that the viewer may see, or of this case alone; None for any other."""
    medium = _ready(medium_id)
    said_in = None if medium is None else _case_of(medium)
    if said_in is None or case not in (None, said_in):
        return None
    return medium if visible_to(viewer).filter(pk=said_in).exists() else None


def _ready(medium_id: uuid.UUID) -> Medium | None:
    return Medium.objects.filter(pk=medium_id, state=Medium.State.READY, entity_id__isnull=False).first()


def _case_of(medium: Medium) -> uuid.UUID | None:
    """The case of the report, question or answer that the medium belongs to: three look-ups by key, where one query would read all."""
    for said in (Report, Inquiry, Answer):
        found: uuid.UUID | None = (
            said.objects.filter(pk__in=[medium.entity_id]).values_list("case_id", flat=True).first()
        )
        if found is not None:
            return found
    return None
