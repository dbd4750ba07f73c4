"""What took effect, read from PostgreSQL: the simulator compares it with what phones had said was saved."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Min, Q

from reporting.cases.audience import kinds_allowed
from reporting.cases.envelopes import NotifyAddress
from reporting.cases.models import Assignment, Case, Note, Reply, Report, Status
from reporting.cases.notifying import address_for_notices
from reporting.events import chain
from reporting.events.models import Event
from reporting.media.models import Medium
from reporting.mediation.models import FollowUp
from reporting.people.models import Grant, Membership, Profile, User
from reporting.sync.models import Operation, Partial, Quarantined
from tests.chaos import whose

JSON = dict[str, Any]


def of_profiles(said: JSON) -> JSON:
    """Effects by profile (read hash in hex), and what is wrong with the tables by themselves."""
    profiles = Profile.objects.filter(read_hash__in=[bytes.fromhex(one) for one in said["profiles"]])
    return {
        "profiles": {bytes(profile.read_hash).hex(): _of(profile) for profile in profiles},
        "held": _held(),
        "accused": _accused(),
        "works": _works(),
        "receipts": _receipts(),
        "openings": whose.openings(),
        "keys": whose.keys(),
        "faults": _faults(),
    }


def nowhere(said: JSON) -> JSON:
    """Of the links (in hex) of SMS that were taken in, those of which nothing is here: no part, no whole, none that waits for a person."""
    return {"nowhere": [link for link in said["links"] if not _is_here(bytes.fromhex(link))]}


def left(said: JSON) -> JSON:
    """Of these words, those that are still kept, whoever is said to have written them; each from the quarantine with why it is there."""
    rows = [words.objects.filter(text__in=said["texts"]) for words in (Report, Reply, Note)]
    there = [text for kept in rows for text in kept.values_list("text", flat=True)]
    kept = [
        (f"{row.code} {row.type}", json.dumps(row.content, ensure_ascii=False))
        for row in Quarantined.objects.exclude(content=None)
    ]
    aside = [f"{text} (in quarantine: {why})" for text in said["texts"] for why, content in kept if text in content]
    return {"left": [*there, *aside]}


def readable(user: User) -> list[str]:
    """The cases that were in a group of this mediator's since they first logged in, and are not about an office where they work."""
    groups = Membership.objects.filter(user=user, role=Membership.Role.MEDIATOR).values("office")
    begun = Grant.objects.filter(user=user).aggregate(first=Min("granted_at"))["first"]
    about = Report.objects.filter(about_office__memberships__user=user).values("case")
    held = Assignment.objects.filter(office__in=groups).exclude(case__in=about)
    return [str(case) for case in held.exclude(ended_at__lte=begun).values_list("case", flat=True)] if begun else []


def _is_here(link: bytes) -> bool:
    return any(rows.objects.filter(link=link).exists() for rows in (Partial, Operation, Quarantined))


def _of(profile: Profile) -> JSON:
    own = Report.objects.filter(profile=profile).select_related("case", "identity", "protected", "about_office")
    reports = own.prefetch_related("replies", "case__notes")
    happened = _happened([report.case_id for report in reports])
    follow_ups = FollowUp.objects.filter(profile=profile).select_related("by")
    followed = _events("case.followed_up", "follow_up", [one.case_id for one in follow_ups])
    return {
        "operations": {
            str(row.op_id): {
                "status": row.status,
                "code": row.code,
                "type": row.type,
                "entity": row.entity_id and str(row.entity_id),
            }
            for row in Operation.objects.filter(profile=profile)
        },
        "quarantined": [str(one) for one in _quarantined(profile)],
        "reports": {
            str(report.id): {
                "text": report.text,
                "withdrawn": report.withdrawn_at is not None,
                "audience": report.audience,
                "track": report.track,
                "about": report.about_office and report.about_office.code,
                "unlisted": report.about_unlisted,
                "answers": report.answers,
                "consent": report.consent,
                "identity": whose.appealing(report),
                "protected": whose.protected(report),
                "notify": address_for_notices(report.id),
                "events": happened[report.case_id],
                "replies": {str(reply.op_id): reply.text for reply in report.replies.all()},
                "disputes": _disputes(report),
                "media": _media(report),
            }
            for report in reports
        },
        "follow_ups": {
            str(one.id): {"text": one.text, "by": str(one.by.opaque_id), "events": followed[str(one.id)]}
            for one in follow_ups
        },
    }


def _quarantined(profile: Profile) -> list[object]:
    """A revoked author's words are kept without an author; their op_id still names them."""
    known = Quarantined.objects.filter(profile=profile) | Quarantined.objects.filter(code="revoked")
    return list(known.exclude(op_id=None).values_list("op_id", flat=True))


def _events(kind: str, name: str, cases: list[Any]) -> Counter[str]:
    rows = Event.objects.filter(kind=kind, stream__in=cases).values_list("data", flat=True)
    return Counter(data[name] for data in rows if data)


def _happened(cases: list[Any]) -> dict[Any, Counter[str]]:
    """How many events of each kind the reporter left on a case, by silence too; each report has a case of its own here."""
    counts: dict[Any, Counter[str]] = {case: Counter() for case in cases}
    by_reporter = Q(actor="reporter") | Q(kind="case.unconfirmed")
    for case, kind in Event.objects.filter(by_reporter, stream__in=cases).values_list("stream", "kind"):
        counts[case][kind] += 1
    return counts


def _disputes(report: Report) -> JSON:
    """Each by the operation that brought it, those that came too late too."""
    return {str(note.op_id): note.text for note in report.case.notes.all() if note.op_id is not None}


def _held() -> dict[str, list[str]]:
    """By office, the cases that it has by what was written down as they were given and taken away: an account of its own."""
    cases: dict[Any, dict[str, str]] = {}
    steps = Event.objects.filter(kind__in=["case.assigned", "case.taken_away"]).order_by("stream", "number")
    for case, kind, said in steps.values_list("stream", "kind", "data"):
        data: JSON = said or {}
        offices, office, role = cases.setdefault(case, {}), data["office"], data.get("role", "")
        answering = [one for one, other in offices.items() if role == other == Assignment.Role.RESPONSIBLE]
        for one in {office, *answering}:
            offices.pop(one, None)
        if kind == "case.assigned":
            offices[office] = role
    held: dict[str, list[str]] = {}
    for case, offices in cases.items():
        for office in offices:
            held.setdefault(office, []).append(str(case))
    return held


def _accused() -> dict[str, list[str]]:
    """By office, the cases that are about it by what their reports say."""
    cases: dict[str, list[str]] = {}
    for office, case in Report.objects.exclude(about_office=None).values_list("about_office__code", "case"):
        cases.setdefault(office, []).append(str(case))
    return cases


def _works() -> dict[str, dict[str, str]]:
    """By name, the offices where somebody works, and as what."""
    works: dict[str, dict[str, str]] = {}
    for name, office, role in Membership.objects.values_list("user__username", "office__code", "role"):
        works.setdefault(name, {})[office] = role
    return works


def _receipts() -> dict[str, str]:
    """How the case of each receipt stands; a part by SMS and its whole are one report."""
    return dict(Report.objects.filter(completed_by=None).values_list("receipt", "case__status"))


def _media(report: Report) -> JSON:
    return {str(medium.id): _medium(medium) for medium in Medium.objects.filter(entity_id=report.id)}


def _medium(medium: Medium) -> JSON:
    kinds = list(Event.objects.filter(stream=medium.pk).values_list("kind", flat=True))
    times = {"received": kinds.count("medium.received"), "ready": kinds.count("medium.ready")}
    said_in = medium.said_in and str(medium.said_in)
    return {"state": _state(medium), "sha256": bytes(medium.sha256).hex(), "said_in": said_in, **times}


def _state(medium: Medium) -> str:
    """What its row says, and where the disk says otherwise that too."""
    shown = medium.image or medium.sound
    if medium.state == Medium.State.READY and not (shown and shown.storage.exists(str(shown.name))):
        return "ready, and its file is gone"
    if medium.state == Medium.State.ERASED and any(Path(settings.MEDIA_ROOT).rglob(f"{medium.pk}*")):
        return "erased, and its file is here"
    return medium.state


def _faults() -> list[str]:
    """Cases without a report or an office, events that nobody could react to, and chains that do not verify."""
    streams: dict[Any, list[Event]] = {}
    for event in Event.objects.order_by("stream", "number"):
        streams.setdefault(event.stream, []).append(event)
    faults = [f"case {case.pk} has no report" for case in Case.objects.filter(reports=None)]
    wholes = Operation.objects.filter(type="report.create", status=Operation.Status.APPLIED)
    nobodys = Report.objects.filter(came_in_part=None).exclude(pk__in=wholes.values("entity_id"))
    faults += [f"report {report.pk} was said by nobody" for report in nobodys]
    held = Assignment.objects.filter(role=Assignment.Role.RESPONSIBLE, ended_at=None)
    nowhere = Case.objects.exclude(pk__in=held.values("case")).exclude(status=Status.WITHDRAWN)
    faults += [f"case {case.pk} ({case.status}) is with no office" for case in nowhere]
    faults += [f"{event.kind} {event.pk}: {event.trouble}" for event in Event.objects.filter(reacted_at=None)]
    faults += [
        f"case {held.case_id} is for {held.case.audience} and is with {held.office.code}"
        for held in Assignment.objects.filter(ended_at=None).select_related("case", "office")
        if held.office.kind not in kinds_allowed(held.case.audience)
    ]
    faults += [
        f"report {one.report_id} has ended and has an address"
        for one in NotifyAddress.objects.select_related("report__case")
        if one.report.case.closed or one.report.withdrawn_at
    ]
    faults += [
        f"case {held.case_id} is about {held.office.code} and is with it"
        for held in Assignment.objects.filter(ended_at=None, case__reports__about_office=F("office")).select_related(
            "office"
        )
    ]
    parts = Partial.objects.filter(report__completed_by=None, report__withdrawn_at=None, link__in=wholes.values("link"))
    faults += [f"part {part.report_id} and its whole are two reports" for part in parts.exclude(report=None)]
    broken = {stream: chain.first_fault(rows) for stream, rows in streams.items()}
    return faults + [f"stream {stream}: {fault}" for stream, fault in broken.items() if fault]
