"""A report arrives: report, case and event in one unit of work. Everything that can be wrong with it is said here."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from reporting import events
from reporting.cases import deadlines
from reporting.cases.catalogue import Catalogue
from reporting.cases.categories import Category
from reporting.cases.choosing import let_read, narrowest
from reporting.cases.envelopes import AppealIdentity, ProtectedIdentity, SealedHalves
from reporting.cases.models import Case, Report, Term
from reporting.cases.skew import written_after
from reporting.cases.urgency import urgent_because
from reporting.cases.work import changed, lock
from reporting.errors import Rejected
from reporting.media.binding import WantedMedium, bind
from reporting.people.models import GroupKey, Office, Profile
from reporting.places.evidence import GPS_ELSEWHERE, whereabouts
from reporting.places.models import Place
from reporting.places.queries import chain, nearest_village

TELLS_THE_VILLAGE_M = 2_000
"""How well a position must be known, in metres, to stand for a village."""


@dataclass(frozen=True)
class Position:
    """Where the phone stood: degrees WGS 84 and metres."""

    latitude: float
    longitude: float
    accuracy_m: float


@dataclass(frozen=True)
class NewReport:
    """What a resident said, as it came: codes, not rows."""

    id: uuid.UUID
    case: uuid.UUID
    """The case it opens: the same each time, so that a restored server opens the one that follow-ups on phones are about."""
    category: str
    village: str | None
    """None: the one nearest to its position, which it then has."""
    text: str
    answers: Mapping[str, Any]
    language: str
    receipt: str
    audience: str
    track: str
    about_office: str | None
    danger: bool
    happened_when: str
    happened_on: date | None
    position: Position | None
    filed_at: datetime
    heard_at: datetime | None = None
    """The server's time that the phone had heard last; None: it had heard none, or said nothing of it."""
    media: Sequence[WantedMedium] = ()
    identity: bytes | None = None
    """Sealed: see people.identities."""
    protected: SealedHalves | None = None
    about_unlisted: bool = False
    """About an office that the phone's list lacks, so that nobody knows who must not read it but mediators."""
    consent: int | None = None
    """Version of the notice that the reporter agreed to; None: not asked yet."""
    partial: bool = False


def receive(*, report: NewReport, profile: Profile, catalogue: Catalogue, at: datetime) -> Case:
    """Write a report and open its case. Raises Rejected when a code is unknown or its id or receipt is taken."""
    category = catalogue.category(report.category)
    if category is None:
        raise Rejected("unknown_category", f"There is no category “{report.category[:40]}”.")
    village = _village(report, catalogue)
    about = _office_it_is_about(report.about_office)
    _refuse_taken(report)
    try:
        case = _open_case(report, category=category, village=village, catalogue=catalogue, at=at)
    except IntegrityError:  # only an author who looks for it finds a second operation with the same link
        raise Rejected("changed", "This report's case is another report's; the first one stays.") from None
    if about is not None:
        case.excluded.add(about)
    _write_report(report, case=case, about=about, profile=profile, at=at)
    bind(entity_id=report.id, profile=profile, wanted=report.media, at=at)
    data = {"report": str(report.id)}
    events.record(stream=case.id, kind="report.received", actor="reporter", at=at, data=data, opens=True)
    events.touch(scope=profile.scope, entity="report", entity_id=report.id, version=case.version)
    return case


def complete(*, partial: Report, report: NewReport, profile: Profile, at: datetime) -> Case:
    """Add the whole of a report that came in part to its case: a report beside the partial one, which stays as it was.

    Of the two audiences the narrower one counts, whichever said it: the reporter may have narrowed before the SMS was sent, and widens by
    an operation of its own. Raises Rejected `changed` when it says another thing.
    """
    case = lock(partial.case_id)
    named = report if report.village is not None else replace(report, village=partial.village.code)
    if _says(named) != _said(partial):
        raise Rejected("changed", "Its partial form, which came before by SMS, says another thing; that one stays.")
    Report.objects.filter(pk=partial.pk).update(completed_by=report.id)
    _refuse_taken(report)
    audience = narrowest([partial.audience, report.audience])
    _write_report(replace(report, audience=audience), case=case, about=partial.about_office, profile=profile, at=at)
    because = urgent_because(case.category.questions.all(), report.answers)
    evidence = [*case.place_evidence, *_odd_about(report, partial.village)]
    Case.objects.filter(pk=case.pk).update(urgent=bool(because), urgent_because=because, place_evidence=evidence)
    bind(entity_id=report.id, profile=profile, wanted=report.media, at=at)
    data = {"report": str(report.id), "partial": str(partial.id)}
    events.record(stream=case.id, kind="report.completed", actor="reporter", at=at, data=data)
    if audience != partial.audience:
        let_read(case, report=report.id, audience=audience, at=at)
    changed(case, at=at)
    return case


def _odd_about(report: NewReport, named: Place) -> list[str]:
    """An SMS has no room for a position: for a report without a village it names the phone's rayon, which may be another."""
    near = _nearest(report) if report.village is None else None
    return [] if near is None or named in chain(near) else [GPS_ELSEWHERE]


def _says(report: NewReport) -> tuple[object, ...]:
    what = (report.category, report.village, report.about_office)
    return (*what, report.track, report.danger, report.receipt)


def _said(partial: Report) -> tuple[object, ...]:
    about = partial.about_office and partial.about_office.code
    what = (partial.category.code, partial.village.code, about)
    return (*what, partial.track, partial.danger, partial.receipt)


def _village(report: NewReport, catalogue: Catalogue) -> Place:
    if report.village is not None:
        found, missing = catalogue.village(report.village), f"There is no village “{report.village[:40]}”."
    else:
        found, missing = _nearest(report), "No coordinates of villages are known here: a village must be named."
    if found is None:
        raise Rejected("unknown_village", missing)
    return found


def _nearest(report: NewReport) -> Place | None:
    return nearest_village(report.position.latitude, report.position.longitude) if report.position else None


def _office_it_is_about(code: str | None) -> Office | None:
    if code is None:
        return None
    office = Office.objects.filter(code=code).first()
    # Guessing would show the report to the very office it is about; the code in the refusal would tell operators which one.
    if office is None:
        raise Rejected("unknown_office", "The office that it is about is not here.")
    return office


def _refuse_taken(report: NewReport) -> None:
    taken = Report.objects.filter(id=report.id) | Report.objects.counting().filter(receipt=report.receipt)
    ids = list(taken.values_list("id", flat=True))
    if report.id in ids:
        raise Rejected("changed", "A report with this id is already here; the first one stays.")
    if ids:
        raise Rejected("receipt_taken", "Another report has this receipt.")


def _open_case(report: NewReport, *, category: Category, village: Place, catalogue: Catalogue, at: datetime) -> Case:
    point = (report.position.latitude, report.position.longitude) if report.position else None
    named = report.village is not None
    where = whereabouts(village=village, point=point, named=named) if point else catalogue.whereabouts(village)
    terms = catalogue.terms(report.track)
    because = urgent_because(category.questions.all(), report.answers) if report.answers else []

    return Case.objects.create(
        id=report.case,
        category=category,
        village=village,
        section=where.section,
        border_uncertain=where.uncertain,
        place_evidence=[*where.datasets, *where.notes],
        audience=report.audience,
        track=report.track,
        danger=report.danger,
        urgent=bool(because),
        urgent_because=because,
        opened_at=at,
        acknowledge_by=deadlines.by_law(terms, report.track, Term.Purpose.REGISTER, at=at),
        answer_by=deadlines.by_law(terms, report.track, Term.Purpose.ANSWER, at=at),
        changed_at=at,
    )


def _write_report(report: NewReport, *, case: Case, about: Office | None, profile: Profile, at: datetime) -> None:
    Report.objects.create(
        id=report.id,
        case=case,
        profile=profile,
        category=case.category,
        village=case.village,
        text=report.text,
        answers=dict(report.answers),
        language=report.language,
        receipt=report.receipt,
        audience=report.audience,
        track=report.track,
        about_office=about,
        about_unlisted=report.about_unlisted,
        danger=report.danger,
        happened_when=report.happened_when,
        happened_on=report.happened_on,
        latitude=report.position.latitude if report.position else None,
        longitude=report.position.longitude if report.position else None,
        accuracy_m=report.position.accuracy_m if report.position else None,
        filed_at=report.filed_at,
        written_after=written_after(filed=report.filed_at, heard=report.heard_at, received=at),
        received_at=at,
        consent=report.consent,
        partial=report.partial,
    )
    if report.identity is not None:
        AppealIdentity.objects.create(report_id=report.id, sealed=report.identity)
    if report.protected is not None and not _sealed_to(report.protected, about):
        ProtectedIdentity.objects.create(report_id=report.id, **asdict(report.protected))


def _sealed_to(halves: SealedHalves, office: Office | None) -> bool:
    """A group that a report is about must never open who made it, not even once the case is somewhere else."""
    keys = [halves.first_key, halves.second_key]
    return office is not None and GroupKey.objects.filter(office=office, key_id__in=keys).exists()
