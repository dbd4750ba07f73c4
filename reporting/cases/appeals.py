"""Who makes a formal appeal, for the office that must answer and nobody else: not for mediators, whom its reporter was not told of."""

import uuid
from collections.abc import Iterable, Iterator

import structlog
from django.db.models import QuerySet

from reporting.cases.envelopes import AppealIdentity
from reporting.cases.models import Assignment, Report
from reporting.cases.queries import visible_to
from reporting.errors import Unavailable
from reporting.people import identities
from reporting.people.access import Viewer
from reporting.people.identities import Identity
from reporting.people.models import Office

log = structlog.get_logger(__name__)

MOST_SEARCHED = 2000


def identities_of(reports: Iterable[Report], viewer: Viewer) -> dict[uuid.UUID, Identity]:
    """By report, of those that an office of the viewer, and no mediators' group, must answer; of none while the key file is away."""
    rows = _shown_to(viewer).filter(report__in=list(reports))
    return {row.report_id: identity for row, identity in _opened(rows)}


def named_like(words: str, viewer: Viewer) -> Iterator[uuid.UUID]:
    """Cases that the viewer must answer whose reporter's name, address or contact holds these words."""
    wanted = words.casefold()
    rows = _shown_to(viewer).select_related("report").order_by("-pk")[:MOST_SEARCHED]
    for row, identity in _opened(rows):
        if any(wanted in part.casefold() for part in (identity.name, identity.address, identity.contact)):
            yield row.report.case_id


def _opened(rows: Iterable[AppealIdentity]) -> Iterator[tuple[AppealIdentity, Identity]]:
    """Those that open; the key file is read once, and only where there is something to open."""
    opened = None
    for row in rows:
        try:
            opened = opened or identities.opener()
            identity = opened(bytes(row.sealed), row.report_id)
        except Unavailable as trouble:  # the rest of the case can be worked on
            log.error("identity_not_opened", why=str(trouble))
        else:
            yield row, identity


def _shown_to(viewer: Viewer) -> QuerySet[AppealIdentity]:
    # Not only while mediators alone may read: a case that ended stays with them, and others do for seconds, when more may read again.
    answering = Assignment.objects.filter(
        office__in=viewer.answers_for, role=Assignment.Role.RESPONSIBLE, ended_at=None
    ).exclude(office__kind=Office.Kind.MEDIATION)
    cases = visible_to(viewer).filter(pk__in=answering.values("case"))
    return AppealIdentity.objects.filter(report__case__in=cases)
