"""What is done with a case. Each function is one use case; the caller opens the unit of work, the function locks the case."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from reporting import events
from reporting.cases.audience import kinds_allowed
from reporting.cases.lifecycle import is_unread, may_move, move
from reporting.cases.models import Answer, Assignment, Case, Note, Report, Status, Withdrawal
from reporting.errors import NotAllowed, Waiting
from reporting.media.binding import WantedMedium, bind
from reporting.media.models import Medium
from reporting.media.speaking import attach
from reporting.people.access import office_scope, staff_viewer
from reporting.people.models import Office, Profile, User, scope_of


def lock(case_id: uuid.UUID) -> Case:
    """The case, its row locked until the unit of work closes; rows that only name it, checked as their unit closes, do not wait."""
    return Case.objects.select_for_update(no_key=True).get(pk=case_id)


def assign(*, case: Case, office: Office, role: str, reason: dict[str, str], at: datetime) -> None:
    """Give a locked case to an office, or a copy of it. Raises NotAllowed when the reporter's choice forbids the office."""
    if not may_hold(case, office):
        raise NotAllowed("The reporter did not let this office read the case.")
    held = holding(case)
    if role == Assignment.Role.RESPONSIBLE:
        taken_over = any(one.role == Assignment.Role.RESPONSIBLE for one in held)
        for one in held:
            if one.role == Assignment.Role.RESPONSIBLE or one.office_id == office.pk:
                end(one, at=at)
        # Answered or solved already, it stays so and is with somebody all the same; what is closed is not handed on.
        if may_move(case, Status.ASSIGNED) or (taken_over and case.closed):
            move(case, Status.ASSIGNED)
        case.responsible = office
    elif any(one.office_id == office.pk for one in held):
        return
    assigned = Assignment.objects.create(case=case, office=office, role=role, reason=reason, assigned_at=at)
    case.all_assignments.append(assigned)
    data = {"office": office.code, "role": role}
    events.record(stream=case.id, kind="case.assigned", actor="system", at=at, data=data)


def holding(case: Case) -> list[Assignment]:
    """Of a locked case: the offices that have it now, and as what."""
    return [one for one in case.all_assignments if one.ended_at is None]


def responsible(case: Case) -> Assignment | None:
    """Of a locked case: the office that has to answer."""
    return next((one for one in holding(case) if one.role == Assignment.Role.RESPONSIBLE), None)


def end(assignment: Assignment, *, at: datetime) -> None:
    """An office has a locked case no longer."""
    assignment.ended_at = at
    assignment.save(update_fields=["ended_at"])


def take_away(case: Case, held: Assignment, *, actor: str, at: datetime) -> None:
    """An office may no longer read a locked case, or is not there any more to do so. The caller gives it to another."""
    end(held, at=at)
    if case.responsible_id == held.office_id:
        case.responsible = None
    data = {"office": held.office.code}
    events.record(stream=case.id, kind="case.taken_away", actor=actor, at=at, data=data)


def may_hold(case: Case, office: Office) -> bool:
    """Whether the reporter lets this office read: its kind is in the audience and the report is not about it."""
    return office.kind in kinds_allowed(case.audience) and office not in case.excluded.all()


def acknowledge(*, case: uuid.UUID, by: User, at: datetime) -> None:
    """The responsible office says it has read the case, or what the reporter said after the answer. Raises NotAllowed, TooLate."""
    locked = lock(case)
    office_acting(locked, by)
    if not is_unread(locked):
        move(locked, Status.ACKNOWLEDGED)
    locked.replied = False
    events.record(stream=case, kind="case.acknowledged", actor=f"staff:{by.pk}", at=at)
    changed(locked, at=at)


def answer(*, case: uuid.UUID, by: User, text: str, language: str, at: datetime, voice: Medium | None = None) -> Answer:
    """The responsible office answers the reporter, in words, by voice or both. Raises NotAllowed, TooLate."""
    locked = lock(case)
    office = office_acting(locked, by)
    move(locked, Status.ANSWERED)
    locked.replied = False
    written = Answer.objects.create(case=locked, office=office, by=by, text=text, language=language, at=at)
    attach(voice, to=written.id)
    data = {"answer": str(written.id)}
    events.record(stream=case, kind="case.answered", actor=f"staff:{by.pk}", at=at, data=data)
    changed(locked, at=at)
    return written


def confirm(*, report: uuid.UUID, profile: Profile, at: datetime) -> None:
    """The reporter says it is solved. Too late to change the status, it is kept as a note."""
    case = case_to_act_on(report, profile)
    if case is None:
        return
    if not may_move(case, Status.SOLVED):
        _note_late(case, text="", at=at)
    else:
        move(case, Status.SOLVED)
        events.record(stream=case.id, kind="case.solved", actor="reporter", at=at)
    changed(case, at=at)


def dispute(
    *,
    op_id: uuid.UUID,
    report: uuid.UUID,
    profile: Profile,
    reason: str,
    at: datetime,
    media: Sequence[WantedMedium] = (),
) -> None:
    """The reporter says it is not solved, and why, in words or by voice; the case will go one level up. Too late, it is kept as a note."""
    case = case_to_act_on(report, profile)
    if case is None:
        return
    if not may_move(case, Status.DISPUTED):
        _note_late(case, text=reason, at=at, op_id=op_id)
    else:
        move(case, Status.DISPUTED)
        Note.objects.create(case=case, kind=Note.Kind.DISPUTE, op_id=op_id, text=reason, at=at)
        events.record(stream=case.id, kind="case.disputed", actor="reporter", at=at)
    bind(entity_id=report, said_in=op_id, profile=profile, wanted=media, at=at)
    changed(case, at=at)


def close_silent(*, case: uuid.UUID, at: datetime) -> None:
    """Nobody said whether it is solved for `ANSWER_SILENCE_DAYS`: closed as unconfirmed, unless that changed meanwhile.

    Whoever said something that the office has not read was not silent.
    """
    locked = lock(case)
    if locked.status != Status.ANSWERED or locked.replied or locked.changed_at > silence_began(at):
        return
    move(locked, Status.UNCONFIRMED)
    events.record(stream=case, kind="case.unconfirmed", actor="system", at=at)
    changed(locked, at=at)


def silence_began(at: datetime) -> datetime:
    """Answered before then and silent since means unconfirmed."""
    return at - timedelta(days=settings.ANSWER_SILENCE_DAYS)


def changed(case: Case, *, at: datetime) -> None:
    """Save a locked case as a new version and tell every phone that may read it."""
    case.version += 1
    case.changed_at = at
    case.save(update_fields=["status", "responsible", "replied", "version", "changed_at"])
    for report, profile in case.reports.counting().values_list("id", "profile_id"):
        events.touch(scope=scope_of(profile), entity="report", entity_id=report, version=case.version)
    for one in case.all_assignments:
        if one.office.kind == Office.Kind.MEDIATION:
            scope, gone = office_scope(one.office_id), one.ended_at is not None
            events.touch(scope=scope, entity="case", entity_id=case.id, version=case.version, removed=gone)


def is_withdrawn(report_id: uuid.UUID, profile: Profile) -> bool:
    """Whether this profile took this report back, arrived or not."""
    return Withdrawal.objects.filter(profile=profile, report_id=report_id).exists()


def office_acting(case: Case, by: User) -> Office:
    """The office for which this person acts on a locked case. Raises NotAllowed unless it is the responsible one."""
    viewer = staff_viewer(by)
    held = responsible(case)
    about_them = case.excluded.filter(pk__in=viewer.works_in).exists()
    if held is None or held.office_id not in viewer.answers_for or about_them or not may_hold(case, held.office):
        raise NotAllowed("Only the responsible office can do this.")
    return held.office


def case_to_act_on(report_id: uuid.UUID, profile: Profile) -> Case | None:
    """For every word of a reporter after the report: as `lock_case_of`; None once it was taken back, arrived or not: what is said about it
    afterwards is kept nowhere.
    """
    return None if is_withdrawn(report_id, profile) else lock_case_of(report_id, profile)


def lock_case_of(report_id: uuid.UUID, profile: Profile) -> Case:
    """The locked case of the profile's own report. Raises Waiting before it has arrived, NotAllowed when it is another's."""
    report = Report.objects.filter(pk=report_id).first()
    if report is None:
        raise Waiting(report_id)
    if report.profile_id != profile.pk:
        raise NotAllowed("Only the reporter can say this.")
    return lock(report.case_id)


def _note_late(case: Case, *, text: str, at: datetime, op_id: uuid.UUID | None = None) -> None:
    Note.objects.create(case=case, kind=Note.Kind.LATE, op_id=op_id, text=text, at=at)
    events.record(stream=case.id, kind="case.noted", actor="reporter", at=at)
