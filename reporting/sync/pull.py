"""What changed for this profile since it last asked."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from reporting.events import feed
from reporting.people.access import Viewer, mediator_viewer, office_scope
from reporting.people.models import Profile
from reporting.sync.rendering import JSON, followed_cases, own_reports

PAGE = 200


@dataclass(frozen=True)
class Pulled:
    """Changes for the phone, where it stands after them, and whether to ask again at once."""

    changes: list[JSON]
    cursor: str | None
    more: bool


def pull(*, profile: Profile, cursor: str | None, at: datetime) -> Pulled:
    """Up to 200 changes: the profile's own reports, and its mediation offices' cases while a mediator's login is in force."""
    viewer = mediator_viewer(profile=profile, at=at)
    scopes = [profile.scope, *(office_scope(pk) for pk in sorted(viewer.offices))] if viewer else [profile.scope]
    page = feed.read(scopes=scopes, cursor=cursor, limit=PAGE)
    rendered = _rendered(page.changes, profile=profile, viewer=viewer)
    changes = {
        (change.entity, change.entity_id): {
            "entity": change.entity,
            "id": str(change.entity_id),
            "version": change.version,
            "data": rendered.get((change.entity, change.entity_id)),
        }
        for change in page.changes
    }
    return Pulled(list(changes.values()), page.cursor, page.more)


def _rendered(
    changes: list[feed.Change], *, profile: Profile, viewer: Viewer | None
) -> dict[tuple[str, uuid.UUID], JSON]:
    ids: dict[str, list[uuid.UUID]] = defaultdict(list)
    for change in changes:
        ids[change.entity].append(change.entity_id)
    reports = own_reports(profile, ids["report"]) if ids["report"] else {}
    cases = followed_cases(viewer, ids["case"]) if viewer and ids["case"] else {}
    return {("report", pk): data for pk, data in reports.items()} | {("case", pk): data for pk, data in cases.items()}
