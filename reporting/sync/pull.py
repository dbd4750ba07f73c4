"""What changed for this profile since it last asked."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from reporting.cases.choosing import note_reading
from reporting.cases.queries import hidden_from
from reporting.events import feed
from reporting.people.access import Viewer, mediator_viewer, office_scope
from reporting.people.models import Profile
from reporting.sync.rendering import JSON, followed_cases, own_reports

PAGE = 200
SNAPSHOT = 1_500
"""A phone that begins gets as much in one reply, a mediator's thousand cases and the own reports of that person: each further round trip
would cost it a second or two."""


@dataclass(frozen=True)
class Pulled:
    """Changes for the phone, where it stands after them, whether to ask again at once, and the feed's epoch."""

    changes: list[JSON]
    cursor: str | None
    more: bool
    epoch: str


def pull(*, profile: Profile, cursor: str | None, most: int | None = None, at: datetime) -> Pulled:
    """The profile's own reports, and its mediation offices' cases while a mediator's login is in force; what it no longer may see
    comes as removed. A case about an office where they work is not told of at all.

    `most` changes, where the phone says that its link bears no more; else up to `PAGE`, or `SNAPSHOT` for one that begins.
    """
    reader = str(profile.pk)
    viewer = mediator_viewer(profile=profile, at=at)
    scopes = [profile.scope, *(office_scope(pk) for pk in sorted(viewer.offices))] if viewer else [profile.scope]
    limit, at_start = min(PAGE, most or PAGE), min(SNAPSHOT, most or SNAPSHOT)
    page = feed.read(
        reader=reader,
        scopes=scopes,
        cursor=cursor,
        limit=limit,
        at_start=at_start,
        offices=viewer.works_in if viewer else frozenset(),
        hidden_from=hidden_from,
    )
    rendered = _rendered(page.changes, profile=profile, viewer=viewer, at=at)
    changes = {
        (change.entity, change.entity_id): {
            "entity": change.entity,
            "id": str(change.entity_id),
            "version": change.version,
            "data": rendered.get((change.entity, change.entity_id)),
        }
        for change in page.changes
    }
    return Pulled(list(changes.values()), page.cursor, page.more, page.epoch)


def _rendered(
    changes: list[feed.Change], *, profile: Profile, viewer: Viewer | None, at: datetime
) -> dict[tuple[str, uuid.UUID], JSON]:
    ids: dict[str, list[uuid.UUID]] = defaultdict(list)
    for change in changes:
        ids[change.entity].append(change.entity_id)
    reports = own_reports(profile, ids["report"]) if ids["report"] else {}
    cases = followed_cases(viewer, ids["case"], at=at) if viewer and ids["case"] else {}
    if viewer and cases:
        note_reading(cases, offices=viewer.offices, at=at)
    return {("report", pk): data for pk, data in reports.items()} | {("case", pk): data for pk, data in cases.items()}
