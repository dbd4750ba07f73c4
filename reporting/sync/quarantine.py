"""What came and could not be applied waits for a person: who reads it, and who says what was found."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Lower

from reporting import events
from reporting.cases.models import Report, Withdrawal
from reporting.cases.queries import hidden_from
from reporting.errors import NotAllowed, Rejected, TooLate
from reporting.people.access import staff_viewer
from reporting.people.memberships import mediates_nationally
from reporting.people.models import Office, User
from reporting.routing import alarms
from reporting.sync.models import Operation, Quarantined
from reporting.sync.opening import digest_of
from reporting.sync.sealing import MAX_ENVELOPE

WAITING = "waiting"
WAITS_UNSEEN = timedelta(days=7)


def may_read(user: User) -> bool:
    """National mediators: what somebody said may be about any office below them."""
    return mediates_nationally(user)


def sees(user: User) -> bool:
    """Who sees that something is there: those who read it, and operators, who read none of it."""
    return (user.is_superuser and user.is_active) or may_read(user)


def about_their_offices(user: User) -> QuerySet[Any, Any]:
    """Ids of what is about an office where this person works, or comes from a report that is: to them it is not there.

    So of a report that was refused, of what else was said about it, and of a mediator's words on such a case.
    """
    offices = staff_viewer(user).offices
    codes = list(Office.objects.filter(pk__in=offices).values_list("code", flat=True))
    named = Q(content__body__about_office__in=codes) | Q(content__about_office__in=codes)
    reports = Report.objects.filter(about_office__in=offices)
    cases = hidden_from(offices).annotate(as_text=Cast("case_id", TextField())).values("as_text")
    ids = Q(entity_id__in=reports.values("pk")) | Q(case__in=cases)
    ids |= Q(report__in=reports.annotate(as_text=Cast("pk", TextField())).values("as_text"))
    ids |= Q(Exists(Quarantined.objects.filter(named, entity_id=OuterRef("entity_id"))))
    said = Quarantined.objects.annotate(
        case=Lower(KT("content__body__case")), report=Lower(KT("content__body__report"))
    )
    return said.filter(named | ids).values("pk")


def settle(*, row: Quarantined, by: User, reason: str, at: datetime) -> None:
    """Somebody looked and says what was found or done; it stays. Raises NotAllowed, and TooLate when another did before."""
    if not sees(by):
        raise NotAllowed("Only national mediators and operators can say that this was looked at.")
    if about_their_offices(by).filter(pk=row.pk).exists():
        raise NotAllowed("It is about an office where you work.")
    open_still = Quarantined.objects.filter(pk=row.pk, settled_at=None)
    if not open_still.update(settled_at=at, settled_by=by, settled_reason=reason):
        raise TooLate("Somebody looked at this meanwhile.")


def keep(
    digest: bytes,
    refusal: Rejected,
    *,
    kind: str = "",
    content: dict[str, Any] | None = None,
    raw: bytes | None = None,
    profile_id: uuid.UUID | None = None,
    op_id: uuid.UUID | None = None,
    about: Iterable[uuid.UUID] = (),
    link: bytes | None = None,
    at: datetime,
) -> bool:
    """Keep where a person sees it what cannot be applied, in the open unit; False: it is there already. `raw` is what could not be read.

    `about`: the entities that it is about, the first of which takes it along when it is taken back.
    """
    entities = list(about)
    if content is not None:
        content = without_words(content) if _taken_back(entities, profile_id) else _without_address(content)
    _, is_new = Quarantined.objects.get_or_create(
        digest=digest,
        defaults={
            "profile_id": profile_id,
            "op_id": op_id,
            "entity_id": entities[0] if entities else None,
            "link": link,
            "type": kind[:40],
            "content": content,
            "raw": None if raw is None else raw[:MAX_ENVELOPE],
            "code": refusal.code,
            "detail": refusal.detail[:300],
            "received_at": at,
        },
    )
    if is_new:
        _call_to_danger(content, entity=entities[0] if entities else None, at=at)
    return is_new


def _taken_back(entities: list[uuid.UUID], profile_id: uuid.UUID | None) -> bool:
    """A revoked author's words are kept without their author; a carrier may bring a copy of what was taken back before."""
    whose = {} if profile_id is None else {"profile": profile_id}
    return Withdrawal.objects.filter(report_id__in=entities, **whose).exists()


def _without_address(content: dict[str, object]) -> dict[str, object]:
    """An address for notices goes when its case ends; what is kept aside has no case, so it keeps none, not even sealed."""
    body = content.get("body")
    return {**content, "body": {**body, "notify": False}} if isinstance(body, dict) and body.get("notify") else content


def without_words(content: dict[str, Any] | None) -> dict[str, Any] | None:
    """What stays of words that were taken back: the office that they are about, which must not see that something was there."""
    office = _said(content, "about_office")
    return {"body": {"about_office": office}} if isinstance(office, str) else None


def _call_to_danger(content: dict[str, Any] | None, *, entity: uuid.UUID | None, at: datetime) -> None:
    """What has just been set aside says that somebody is in danger: no office has it, so an alarm rings, in the open unit."""
    if _said(content, "danger") is True:
        code = _said(content, "about_office")
        about = Office.objects.filter(code=code).first() if isinstance(code, str) else None
        if about is None and entity is not None:
            about = Office.objects.filter(pk__in=Report.objects.filter(pk=entity).values("about_office")).first()
        alarms.danger_aside(about=about, at=at)


def _said(content: dict[str, Any] | None, name: str) -> Any:
    """By an operation in its body, or by an SMS."""
    body = content and content.get("body")
    return (body.get(name) if isinstance(body, dict) else None) or (content and content.get(name))


def show_what_waits(*, at: datetime) -> None:
    """What waits for something that may never come, for a report that was refused say, is shown to a person after a week; what has taken
    effect since is shown no longer.
    """
    same = {"profile": OuterRef("profile"), "op_id": OuterRef("op_id")}
    waiting = Operation.objects.filter(status=Operation.Status.WAITING)
    with events.unit_of_work():
        shown = Quarantined.objects.filter(code=WAITING, settled_at=None)
        shown.exclude(Exists(waiting.filter(**same))).delete()
        unseen = waiting.filter(received_at__lt=at - WAITS_UNSEEN).exclude(Exists(Quarantined.objects.filter(**same)))
        rows = list(unseen.select_for_update(skip_locked=True)[:200])  # a withdrawal must not pass it
        Quarantined.objects.bulk_create([_waiting(row) for row in rows], ignore_conflicts=True)
        for row in rows:
            _call_to_danger(row.content, entity=row.entity_id, at=at)


def _waiting(row: Operation) -> Quarantined:
    return Quarantined(
        profile_id=row.profile_id,
        op_id=row.op_id,
        entity_id=row.entity_id,
        type=row.type,
        digest=digest_of(b"waiting" + bytes(row.opened_hash)),  # what it comes to in the end is kept beside this
        content=_without_address(row.content or {}),
        code=WAITING,
        detail=f"It has waited for {row.needs} for a week. {row.detail}".strip()[:300],
        received_at=row.received_at,
    )
