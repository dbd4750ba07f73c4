"""A report that comes in part, by SMS, and whole, by any other road, is one report, whichever comes first."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reporting import events
from reporting.cases import intake, withdrawal
from reporting.cases.catalogue import Catalogue, recent, villages
from reporting.cases.categories import Category
from reporting.cases.work import is_withdrawn, lock
from reporting.errors import Rejected
from reporting.media.erasing import erase
from reporting.people.models import Office, Profile
from reporting.sync import sms
from reporting.sync.forgetting import forget_sms
from reporting.sync.limits import refuse_rubbish
from reporting.sync.models import Operation, Partial
from reporting.sync.opening import digest_of
from reporting.sync.quarantine import keep

CUT = "…"


@dataclass(frozen=True)
class Taken:
    """An SMS that could be read: whose receipt and in which language, and whether it only waits for a person in quarantine."""

    receipt: str
    language: str
    aside: bool = False


def accept(text: str, *, at: datetime) -> Taken | None:
    """Take a whole SMS in; what cannot be applied is kept in quarantine. None when it could not be read.

    Raises Unavailable, and Later when too much that proves no author waits for a person.
    """
    with events.unit_of_work():
        try:
            form = sms.read(text)
        except Rejected as refusal:
            refuse_rubbish()
            keep_aside(text.encode(), refusal, at=at)
            return None
        events.alone(form.link)  # until its words are written, here or in quarantine: a withdrawal must not pass them
        try:
            with events.savepoint():
                _receive_part(form, at=at)
        except Rejected as refusal:
            refuse_rubbish()
            keep_aside(text.encode(), refusal, content=_readable(form), link=form.link, at=at)
            return Taken(form.receipt, form.language, aside=True)
        return Taken(form.receipt, form.language)


def receive_whole(
    *, report: intake.NewReport, profile: Profile, link: bytes, catalogue: Catalogue, at: datetime
) -> None:
    """Write a report, or complete the one that came in part, in the open unit; nothing of one that was withdrawn before it came.

    Raises Rejected.
    """
    events.alone(link)
    partial = Partial.objects.filter(link=link).first()
    if is_withdrawn(report.id, profile):
        erase(medium.id for medium in report.media)
        take_back(link=link, at=at)
    elif partial is None or partial.report is None:
        intake.receive(report=report, profile=profile, catalogue=catalogue, at=at)
    else:
        intake.complete(partial=partial.report, report=report, profile=profile, at=at)


def take_back(*, link: bytes, at: datetime) -> None:
    """Erase what came in part of a report that its reporter withdrew, in the open unit; an SMS that comes later is not written.

    What its whole completed goes with the whole.
    """
    events.alone(link)
    forget_sms(link=link)
    partial, _ = Partial.objects.get_or_create(link=link, defaults={"received_at": at})
    if partial.report is not None and partial.report.completed_by is None:
        withdrawal.erase(partial.report.pk, case=lock(partial.report.case_id), at=at)


def _receive_part(form: sms.Form, *, at: datetime) -> None:
    whole = Operation.objects.filter(link=form.link, type="report.create", status=Operation.Status.APPLIED)
    if Partial.objects.filter(link=form.link).exists() or whole.exists():
        return
    report = _report(form)
    intake.receive(report=report, profile=_nobody(form.link), catalogue=recent(), at=at)
    Partial.objects.create(link=form.link, report_id=report.id, received_at=at)


def _nobody(link: bytes) -> Profile:
    """Stands for the reporter until the whole report says who it is, and counts as no new phone. No bearer has this hash: a token has 32
    bytes.
    """
    read_hash = hashlib.sha256(b"aryk sms 1" + link).digest()
    return Profile.objects.get_or_create(read_hash=read_hash)[0]


def _report(form: sms.Form) -> intake.NewReport:
    offices = Office.objects.values_list("code", flat=True)
    return intake.NewReport(
        id=uuid.uuid4(),
        case=sms.case_id_from(form.link),
        category=_code(form.category, Category.objects.values_list("code", flat=True), "unknown_category"),
        village=_code(form.village, villages().values_list("code", flat=True), "unknown_village"),
        text=form.text + (CUT if form.cut else ""),
        answers={},
        language=form.language,
        receipt=form.receipt,
        audience=form.audience,
        track=form.track,
        about_office=None if form.about_office is None else _code(form.about_office, offices, "unknown_office"),
        danger=form.danger,
        happened_when=form.happened_when,
        happened_on=form.happened_on,
        position=None,
        filed_at=form.filed_at,
        partial=True,
    )


def _code(part: bytes, codes: Any, refusal: str) -> str:
    code = sms.named_by(part, codes)
    if code is None:
        raise Rejected(refusal, "The SMS names something that this server does not know.")
    return code


def _readable(form: sms.Form) -> dict[str, Any]:
    """As a person in quarantine may read it, and by which office it may not be read."""
    offices = Office.objects.values_list("code", flat=True)
    return {
        "about_office": form.about_office and sms.named_by(form.about_office, offices),
        "receipt": form.receipt,
        "text": form.text,
        "language": form.language,
        "audience": form.audience,
        "danger": form.danger,
    }


def keep_aside(
    raw: bytes,
    refusal: Rejected,
    *,
    content: dict[str, Any] | None = None,
    link: bytes | None = None,
    at: datetime,
) -> None:
    """Keep what cannot be applied where a person sees it, in the open unit."""
    unread = raw if content is None else None
    keep(digest_of(raw), refusal, kind="report.partial", content=content, raw=unread, link=link, at=at)
