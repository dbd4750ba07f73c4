"""What took effect, read from PostgreSQL: the simulator compares it with what phones had said was saved."""

from collections import Counter
from typing import Any

from reporting.cases.models import Assignment, Case, Report, Status
from reporting.events import chain
from reporting.events.models import Event
from reporting.media.models import Medium
from reporting.mediation.models import FollowUp
from reporting.people.models import Profile
from reporting.sync.models import Operation, Quarantined

JSON = dict[str, Any]

VERDICTS = ("case.solved", "case.disputed", "case.noted")


def of_profiles(said: JSON) -> JSON:
    """Effects by profile (read hash in hex), and what is wrong with the tables by themselves."""
    profiles = Profile.objects.filter(read_hash__in=[bytes.fromhex(one) for one in said["profiles"]])
    return {
        "profiles": {bytes(profile.read_hash).hex(): _of(profile) for profile in profiles},
        "cases": Case.objects.count(),
        "reports": Report.objects.count(),
        "faults": _faults(),
    }


def _of(profile: Profile) -> JSON:
    reports = Report.objects.filter(profile=profile).select_related("case")
    received = _events("report.received", "report", [report.case_id for report in reports])
    follow_ups = FollowUp.objects.filter(profile=profile)
    followed = _events("case.followed_up", "follow_up", [one.case_id for one in follow_ups])
    verdicts = Counter(
        Event.objects.filter(stream__in=[report.case_id for report in reports], actor="reporter", kind__in=VERDICTS)
        .order_by()
        .values_list("stream", flat=True)
    )
    return {
        "operations": {
            str(row.op_id): {"status": row.status, "code": row.code, "type": row.type}
            for row in Operation.objects.filter(profile=profile)
        },
        "quarantined": [str(one) for one in _quarantined(profile)],
        "reports": {
            str(report.id): {
                "text": report.text,
                "events": received[str(report.id)],
                "verdicts": verdicts[report.case_id],
                "media": _media(report),
            }
            for report in reports
        },
        "follow_ups": {str(one.id): {"text": one.text, "events": followed[str(one.id)]} for one in follow_ups},
    }


def _quarantined(profile: Profile) -> list[object]:
    """A revoked author's words are kept without an author; their op_id still names them."""
    known = Quarantined.objects.filter(profile=profile) | Quarantined.objects.filter(code="revoked")
    return list(known.exclude(op_id=None).values_list("op_id", flat=True))


def _events(kind: str, name: str, cases: list[Any]) -> Counter[str]:
    rows = Event.objects.filter(kind=kind, stream__in=cases).values_list("data", flat=True)
    return Counter(data[name] for data in rows if data)


def _media(report: Report) -> JSON:
    media = Medium.objects.filter(entity_id=report.id)
    return {str(medium.id): {"state": medium.state, "sha256": bytes(medium.sha256).hex()} for medium in media}


def _faults() -> list[str]:
    """Cases without a report or an office, events that nobody could react to, and chains that do not verify."""
    streams: dict[Any, list[Event]] = {}
    for event in Event.objects.order_by("stream", "number"):
        streams.setdefault(event.stream, []).append(event)
    faults = [f"case {case.pk} has no report" for case in Case.objects.filter(reports=None)]
    held = Assignment.objects.filter(role=Assignment.Role.RESPONSIBLE, ended_at=None)
    nowhere = Case.objects.exclude(pk__in=held.values("case")).exclude(status=Status.WITHDRAWN)
    faults += [f"case {case.pk} ({case.status}) is with no office" for case in nowhere]
    faults += [f"{event.kind} {event.pk}: {event.trouble}" for event in Event.objects.filter(reacted_at=None)]
    broken = {stream: chain.first_fault(rows) for stream, rows in streams.items()}
    return faults + [f"stream {stream}: {fault}" for stream, fault in broken.items() if fault]
