"""What a phone is shown: rendered at the moment of pulling, for that viewer; the feed itself holds no content.

Every list has one order, so that all phones of a scope show the same.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Exists, F, OuterRef

from reporting.cases.audience import accused
from reporting.cases.envelopes import NotifyAddress, ProtectedIdentity
from reporting.cases.models import (
    Answer,
    Assignment,
    Case,
    Inquiry,
    Note,
    Reading,
    Reply,
    Report,
    Status,
)
from reporting.cases.queries import reports_of, visible_to
from reporting.events.models import Event
from reporting.media.models import Medium
from reporting.mediation.identities import STANDS_FOR
from reporting.mediation.models import FollowUp, Opening
from reporting.people.access import Viewer
from reporting.people.models import GroupKey, Office, Profile
from reporting.people.tokens import base64url
from reporting.places.models import Place

JSON = dict[str, Any]
Groups: TypeAlias = defaultdict[Any, list[Any]]
"""Rows by what they belong to."""

STATES = {
    Status.RECEIVED: "arrived",
    Status.ASSIGNED: "with_office",
    Status.ACKNOWLEDGED: "with_office",
    Status.ANSWERED: "answered",
    Status.SOLVED: "solved",
    Status.DISPUTED: "disputed",
    Status.UNCONFIRMED: "unconfirmed",
    Status.WITHDRAWN: "withdrawn",
}
"""What the reporter sees of a case's status."""

IS_SEALED = Exists(ProtectedIdentity.objects.filter(report=OuterRef("pk")))
"""Of a report: who made it is there, sealed."""


def own_reports(profile: Profile, ids: list[uuid.UUID]) -> dict[uuid.UUID, JSON]:
    """The reporter's view of their own reports: state, office, answers, what became of the photos."""
    notified = Exists(NotifyAddress.objects.filter(report=OuterRef("pk")))
    reports = list(reports_of(profile, ids).select_related("case__village").annotate(notify=notified, sealed=IS_SEALED))
    cases = [report.case for report in reports]
    work = _Work(cases, [report.id for report in reports], _History([case for case in cases if case.version > 1]))
    openings = _opened([report.id for report in reports if report.sealed])
    return {
        report.id: _own_report(report, work)
        | {"notify": report.notify}
        | ({"opened_ms": [milliseconds(one.opened_at) for one in openings[report.id]]} if report.sealed else {})
        for report in reports
    }


def _opened(sealed: list[uuid.UUID]) -> Groups:
    """When each of these reports' names was looked at."""
    if not sealed:
        return Groups(list)
    looked = Opening.objects.filter(identity__report__in=sealed).exclude(opened_at=None).order_by("opened_at")
    return _grouped(looked.annotate(report=F("identity__report")), "report")


def followed_cases(viewer: Viewer, ids: list[uuid.UUID], *, at: datetime) -> dict[uuid.UUID, JSON]:
    """A mediator's view of the cases that the mediator may see."""
    cases = list(visible_to(viewer).filter(pk__in=ids).select_related("category", "village"))
    counting = (
        Report.objects.counting().filter(case__in=cases).select_related("about_office").annotate(sealed=IS_SEALED)
    )
    told = list(counting.order_by("received_at", "id"))
    reports = _grouped(told, "case_id")
    history = _History(cases)
    work = _Work(cases, [report.id for report in told], history)
    followed = FollowUp.objects.filter(case__in=history.of("case.followed_up")).select_related("by")
    follow_ups = _grouped(followed.order_by("happened_on", "received_at", "id"), "case_id")
    disputed = Note.objects.filter(case__in=history.of("case.disputed"), kind=Note.Kind.DISPUTE)
    notes = _grouped(disputed.order_by("at", "id"), "case_id")
    sealed = _SealedIdentities([report for report in told if report.sealed], viewer, at)
    return {
        case.id: {
            **_followed_case(case, work, reports[case.id], follow_ups[case.id], history.all[case.id]),
            **_accused(reports[case.id]),
            "disputes": _disputes(notes[case.id], reports[case.id], work),
            "identities": [one for one in map(sealed.of, reports[case.id]) if one],
        }
        for case in cases
    }


class _History:
    """What happened to many cases, in order. What it does not tell of is not there, and need not be asked for."""

    def __init__(self, cases: list[Case]) -> None:
        told = Event.objects.filter(stream__in=[case.id for case in cases]).order_by("number")
        self.all = _grouped(told.only("stream", "kind", "at"), "stream")

    def of(self, kind: str) -> list[uuid.UUID]:
        """The cases to which this has happened."""
        return [case for case, told in self.all.items() if any(event.kind == kind for event in told)]


class _Work:
    """Offices, answers, questions, replies, readers and media of many cases, with a query for each that there is any of."""

    def __init__(self, shown: list[Case], reports: list[uuid.UUID], history: _History) -> None:
        self.assignments, self.answers, self.inquiries = Groups(list), Groups(list), Groups(list)
        self.replies, self.readings = Groups(list), Groups(list)
        cases = [case.id for case in shown if case.version > 1]  # with the first one nobody has done anything yet
        if cases:
            self._look_up(cases, reports, history)
        said = [one.id for group in [*self.answers.values(), *self.inquiries.values()] for one in group]
        media = list(Medium.objects.filter(entity_id__in=[*reports, *said]).order_by("position", "id"))
        self.media = _grouped(media, "saying")
        self.later = _grouped((one for one in media if one.said_in), "entity_id")

    def _look_up(self, cases: list[uuid.UUID], reports: list[uuid.UUID], history: _History) -> None:
        held = Assignment.objects.filter(case__in=cases, ended_at=None).select_related("office")
        self.assignments = _grouped(held, "case_id")
        answers = Answer.objects.filter(case__in=history.of("case.answered")).select_related("office")
        self.answers = _grouped(answers.order_by("at", "id"), "case_id")
        inquiries = Inquiry.objects.filter(case__in=history.of("case.asked")).select_related("office")
        self.inquiries = _grouped(inquiries, "case_id")
        replied = Reply.objects.filter(report__in=reports, report__case__in=history.of("report.replied"))
        self.replies = _grouped(replied.filter(report__withdrawn_at=None), "report_id")
        readings = Reading.objects.filter(case__in=cases).select_related("office").order_by("first_at", "id")
        self.readings = _grouped(readings, "case_id")

    def responsible(self, case_id: uuid.UUID) -> Assignment | None:
        roles = self.assignments[case_id]
        return next((held for held in roles if held.role == Assignment.Role.RESPONSIBLE), None)

    def talk(self, case_id: uuid.UUID, report_ids: Iterable[uuid.UUID]) -> list[JSON]:
        replies = [reply for report_id in report_ids for reply in self.replies[report_id]]
        said = sorted([*self.inquiries[case_id], *replies], key=lambda one: one.at)
        return [_told(one, self.of(one)) for one in said]

    def of(self, said: Answer | Inquiry | Reply) -> list[Medium]:
        """The recordings of one thing that was said."""
        return self.media[(said.report_id, said.op_id) if isinstance(said, Reply) else (said.id, None)]

    def disputing(self, report_id: uuid.UUID) -> list[Medium]:
        """Recordings of why it is not solved."""
        replies = {reply.op_id for reply in self.replies[report_id]}
        return [one for one in self.later[report_id] if one.said_in not in replies]

    def shared(self, case: Case, report_ids: Iterable[uuid.UUID]) -> JSON:
        held = self.responsible(case.id)
        copies = [copy for copy in self.assignments[case.id] if copy.role == Assignment.Role.COPY]
        return {
            "number": case.number,
            "office": named(held.office) if held else None,
            "reason": held.reason if held else None,
            "copies": [named(copy.office) for copy in copies],
            "due_ms": None if case.closed else milliseconds(case.answer_by),
            "answers": [_answer(answer, self.of(answer)) for answer in self.answers[case.id]],
            "talk": self.talk(case.id, report_ids),
            "media": [_medium(medium) for report_id in report_ids for medium in self.media[(report_id, None)]],
        }


class _SealedIdentities:
    """Who made these reports, as far as a mediator may know: that it is sealed, who asked to open it, and one's own part in that."""

    def __init__(self, reports: list[Report], viewer: Viewer, at: datetime) -> None:
        self.viewer, self.at = viewer, at
        self.sealed: dict[uuid.UUID, ProtectedIdentity] = {}
        self.keys: dict[str, GroupKey] = {}
        self.openings = Groups(list)
        if reports:
            self._look_up(reports)

    def _look_up(self, reports: list[Report]) -> None:
        self.sealed = {one.report_id: one for one in ProtectedIdentity.objects.filter(report__in=reports)}
        named = [key for one in self.sealed.values() for key in (one.first_key, one.second_key)]
        self.keys = {key.key_id: key for key in GroupKey.objects.filter(key_id__in=named).select_related("office")}
        asked = Opening.objects.filter(identity__in=self.sealed.values()).select_related("by")
        self.openings = _grouped(asked.order_by("asked_at", "id"), "identity_id")

    def of(self, report: Report) -> JSON | None:
        """None where nothing is sealed. `holds` is the viewer's own key of the two, or null."""
        sealed = self.sealed.get(report.id)
        if sealed is None:
            return None
        pair = [self.keys[key] for key in (sealed.first_key, sealed.second_key) if key in self.keys]
        own = next((key for key in pair if self.viewer.name == f"staff:{key.user_id}"), None)
        return {
            "report": str(report.id),
            "office": named(pair[0].office) if pair else None,
            "holds": own and own.key_id,
            "openings": [self._opening(one, sealed, own) for one in self.openings[sealed.pk]],
        }

    def _opening(self, opening: Opening, sealed: ProtectedIdentity, own: GroupKey | None) -> JSON:
        told = {
            "id": str(opening.id),
            "by": opening.by.called,
            "reason": opening.reason,
            "asked_ms": milliseconds(opening.asked_at),
            "mine": self.viewer.name == f"staff:{opening.by_id}",
            "consented": None if opening.decided_at is None else opening.passed is not None,
            "until_ms": milliseconds((opening.decided_at or opening.asked_at) + STANDS_FOR),
            "opened_ms": opening.opened_at and milliseconds(opening.opened_at),
        }
        to = self.keys.get(opening.key_id)
        stands = opening.decided_at is None and opening.asked_at > self.at - STANDS_FOR
        if stands and own is not None and to is not None and own.key_id != opening.key_id:
            told |= {"half": base64url(sealed.half_of(own.key_id)), "to": base64url(bytes(to.public))}
        return told


def _own_report(report: Report, work: _Work) -> JSON:
    shared = work.shared(report.case, [report.id])
    return {
        "state": STATES[Status(report.case.status)],
        "receipt": report.receipt,
        # Without a position the reporter named it, and the phone has its names.
        "village": None if report.latitude is None else named(report.case.village),
        "audience": report.audience,
        "read_by": [named(reading.office) for reading in work.readings[report.case_id]],
        **shared,
        # Nothing else tells its phone that one of them was lost and is to be sent again.
        "media": [*shared["media"], *map(_medium, work.disputing(report.id))],
    }


def _followed_case(
    case: Case, work: _Work, reports: list[Report], follow_ups: list[FollowUp], history: list[Event]
) -> JSON:
    shared = work.shared(case, [report.id for report in reports])
    del shared["media"]
    return {
        **shared,
        "status": case.status,
        "category": case.category.code,
        "village": named(case.village),
        "audience": case.audience,
        "track": case.track,
        "danger": case.danger,
        "urgent": case.urgent,
        "opened_ms": milliseconds(case.opened_at),
        "reports": [_read_report(report, work.media[(report.id, None)]) for report in reports],
        "followups": [_follow_up(follow_up) for follow_up in follow_ups],
        "history": [{"kind": event.kind, "at_ms": milliseconds(event.at)} for event in history],
    }


def _accused(reports: list[Report]) -> JSON:
    """To whom no mediator must carry it."""
    about, unlisted = accused(reports)
    return {"about": [named(office) for office in about], "about_unlisted": unlisted}


def _read_report(report: Report, media: list[Medium]) -> JSON:
    return {
        "id": str(report.id),
        "text": report.text,
        "answers": report.answers,
        "withdrawn": report.withdrawn_at is not None,
        "language": report.language,
        "happened": {"when": report.happened_when, "date": report.happened_on and report.happened_on.isoformat()},
        "filed_ms": milliseconds(report.filed_at),
        "received_ms": milliseconds(report.received_at),
        "partial": report.partial,
        "media": [_medium(medium) for medium in media],
    }


def _answer(answer: Answer, media: list[Medium]) -> JSON:
    return {
        "id": str(answer.id),
        "text": answer.text,
        "media": [_medium(medium) for medium in media],
        "language": answer.language,
        "at_ms": milliseconds(answer.at),
        "office": named(answer.office),
    }


def _told(said: Inquiry | Reply, media: list[Medium]) -> JSON:
    return {
        "id": str(said.id if isinstance(said, Inquiry) else said.op_id),
        "text": said.text,
        "media": [_medium(medium) for medium in media],
        "language": said.language,
        "at_ms": milliseconds(said.at),
        "office": named(said.office) if isinstance(said, Inquiry) else None,
    }


def _disputes(notes: list[Note], reports: list[Report], work: _Work) -> list[JSON]:
    """Why the reporter says that it is not solved; what was taken back says nothing any more."""
    there = [report.id for report in reports if report.withdrawn_at is None]
    said = [(note, [one for report in there for one in work.media[(report, note.op_id)]]) for note in notes]
    return [
        {
            "id": str(note.id),
            "text": note.text,
            "at_ms": milliseconds(note.at),
            "media": [_medium(medium) for medium in media],
        }
        for note, media in said
        if note.text or media
    ]


def _follow_up(follow_up: FollowUp) -> JSON:
    return {
        "id": str(follow_up.id),
        "kind": follow_up.kind,
        "happened_on": follow_up.happened_on.isoformat(),
        "text": follow_up.text,
        "language": follow_up.language,
        "by": follow_up.by.called,
        "at_ms": milliseconds(follow_up.filed_at),
    }


def _medium(medium: Medium) -> JSON:
    state = "expected" if medium.state == Medium.State.UPLOADING else medium.state
    return {"id": str(medium.id), "role": medium.role, "state": state}


def named(row: Office | Place) -> JSON:
    """An office or a place as a phone names it."""
    return {"code": row.code, "names": row.names}


def milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970 UTC."""
    return int(instant.timestamp() * 1000)


def _grouped(rows: Iterable[Any], key: str) -> Groups:
    groups: Groups = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups
