"""Who somebody is, as far as the server has it: with appeals, and sealed for two mediators of a group."""

from collections import Counter
from typing import Any

from reporting.cases.envelopes import AppealIdentity, ProtectedIdentity
from reporting.cases.models import Report
from reporting.events.models import Event
from reporting.mediation.models import Opening
from reporting.people import identities
from reporting.people.models import GroupKey
from reporting.people.tokens import base64url
from tests.cases.test_appeals import whole_database

JSON = dict[str, Any]


def appealing(report: Report) -> str | None:
    """Whose appeal it is, opened."""
    row: AppealIdentity | None = getattr(report, "identity", None)
    return None if row is None else identities.opener()(bytes(row.sealed), report.id).name


def protected(report: Report) -> JSON | None:
    """Both halves as they came."""
    row: ProtectedIdentity | None = getattr(report, "protected", None)
    if row is None:
        return None
    return {
        "first": {"key": row.first_key, "sealed": base64url(bytes(row.first))},
        "second": {"key": row.second_key, "sealed": base64url(bytes(row.second))},
    }


def openings() -> JSON:
    """By request: what was asked and decided, with how often histories say so."""
    told = Counter(
        (kind, (data or {}).get("opening"))
        for kind, data in Event.objects.filter(kind__startswith="identity.").values_list("kind", "data")
    )
    return {
        str(one.id): {
            "by": one.by.username,
            "asker": str(one.by.opaque_id),
            "decider": one.decided_by and str(one.decided_by.opaque_id),
            "reason": one.reason,
            "passed": None if one.passed is None else base64url(bytes(one.passed)),
            "asked": told["identity.requested", str(one.id)],
            "decided": told["identity.consented", str(one.id)] + told["identity.refused", str(one.id)],
        }
        for one in Opening.objects.select_related("by", "decided_by")
    }


def keys() -> list[JSON]:
    """Of every group, those in force and those before; `made` is the phone's own time."""
    return [
        {
            "public": base64url(bytes(key.public)),
            "by": str(key.user.opaque_id),
            "where": f"{key.office.code} {key.place}",
            "made": key.made_at.timestamp(),
            "now": key.retired_at is None,
        }
        for key in GroupKey.objects.select_related("office", "user")
    ]


def in_clear(said: JSON) -> JSON:
    """Of these words, those that stand readable in any table, also as bytes."""
    whole = whole_database()
    return {"found": [word for word in said["words"] if word in whole or word.encode().hex() in whole]}
