"""What may be read, by whom. There is no query here without a viewer."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from reporting.cases.audience import audiences_of
from reporting.cases.models import Assignment, Case, Report, Status
from reporting.events.models import Event
from reporting.media.models import Medium
from reporting.people.access import Viewer
from reporting.people.models import Office, Profile

WAITING_FOR_OFFICE = (Status.ASSIGNED, Status.ACKNOWLEDGED, Status.DISPUTED, Status.RECEIVED)


def visible_to(viewer: Viewer) -> QuerySet[Case]:
    """Cases that an office of the viewer holds or has a copy of, whose audience lets that office's kind read.

    A case about one of the viewer's offices is not there at all, whatever other office they work in.
    """
    held = Assignment.objects.filter(case=OuterRef("pk"), office__in=viewer.offices, ended_at=None)
    about_them = Case.excluded.through.objects.filter(case=OuterRef("pk"), office__in=viewer.offices)
    return Case.objects.filter(Exists(held.filter(_kind_in_audience())), ~Exists(about_them))


def _kind_in_audience() -> Q:
    allowed = Q()
    for kind in Office.Kind:
        allowed |= Q(office__kind=kind, case__audience__in=audiences_of(kind))
    return allowed


def due_for(viewer: Viewer) -> QuerySet[Case]:
    """Visible cases for which one of the viewer's offices is responsible and has yet to answer, dangerous ones first."""
    responsible = Assignment.objects.filter(
        case=OuterRef("pk"), office__in=viewer.offices, ended_at=None, role=Assignment.Role.RESPONSIBLE
    )
    waiting = visible_to(viewer).filter(Exists(responsible), status__in=WAITING_FOR_OFFICE)
    return waiting.order_by("-danger", "answer_by", "number")


def history(case: Case, viewer: Viewer) -> list[Event]:
    """A visible case's events in order; nothing of one that is not visible."""
    if not visible_to(viewer).filter(pk=case.pk).exists():
        return []
    return list(Event.objects.filter(stream=case.pk).order_by("number"))


def reports_of(profile: Profile, ids: list[uuid.UUID]) -> QuerySet[Report]:
    """The profile's own reports among `ids`."""
    return Report.objects.filter(profile=profile, pk__in=ids)


def own_medium(profile: Profile, medium_id: uuid.UUID) -> Medium | None:
    """A ready picture or recording of the profile's own report; None for any other."""
    reports = Report.objects.filter(profile=profile).values("pk")
    return Medium.objects.filter(pk=medium_id, state=Medium.State.READY, entity_id__in=reports).first()


def medium_seen_by(viewer: Viewer, medium_id: uuid.UUID) -> Medium | None:
    """A ready picture or recording of a report whose case the viewer may see; None for any other."""
    medium = Medium.objects.filter(pk=medium_id, state=Medium.State.READY).first()
    if medium is None or medium.entity_id is None:
        return None
    cases = Report.objects.filter(pk=medium.entity_id).values("case")
    return medium if visible_to(viewer).filter(pk__in=cases).exists() else None
