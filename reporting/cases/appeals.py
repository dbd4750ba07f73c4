"""Who makes a formal appeal, for the office that must answer it and for nobody else."""

import uuid
from collections.abc import Iterator

import structlog
from django.db.models import QuerySet

from reporting.cases.envelopes import AppealIdentity
from reporting.cases.models import Assignment, Report
from reporting.cases.queries import visible_to
from reporting.errors import Unavailable
from reporting.people import identities
from reporting.people.access import Viewer
from reporting.people.identities import Identity

log = structlog.get_logger(__name__)

MOST_SEARCHED = 2000


def identity_of(report: Report, viewer: Viewer) -> Identity | None:
    """The identity of a report that an office of the viewer must answer; None for any other, and while the key file is away."""
    row = _shown_to(viewer).filter(report=report).first()
    return None if row is None else _opened(row)


def named_like(words: str, viewer: Viewer) -> Iterator[uuid.UUID]:
    """Cases that the viewer must answer whose reporter's name, address or contact holds these words."""
    wanted = words.casefold()
    for row in _shown_to(viewer).select_related("report").order_by("-pk")[:MOST_SEARCHED]:
        identity = _opened(row)
        if identity and any(wanted in part.casefold() for part in (identity.name, identity.address, identity.contact)):
            yield row.report.case_id


def _opened(row: AppealIdentity) -> Identity | None:
    try:
        return identities.open_sealed(bytes(row.sealed), report=row.report_id)
    except Unavailable as trouble:  # the rest of the case can be worked on
        log.error("identity_not_opened", why=str(trouble))
        return None


def _shown_to(viewer: Viewer) -> QuerySet[AppealIdentity]:
    answering = Assignment.objects.filter(
        office__in=viewer.answers_for, role=Assignment.Role.RESPONSIBLE, ended_at=None
    )
    cases = visible_to(viewer).filter(pk__in=answering.values("case"))
    return AppealIdentity.objects.filter(report__case__in=cases)
