"""What one case's page shows, worked out for one viewer in one language. Nothing here names the reporter's profile."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from reporting.cases.appeals import identities_of
from reporting.cases.audience import accused
from reporting.cases.categories import Question
from reporting.cases.lifecycle import is_unread, may_acknowledge, may_ask, may_move
from reporting.cases.models import Answer, Assignment, Case, Inquiry, Reply, Report, Status
from reporting.cases.queries import history
from reporting.cases.skew import was_ahead
from reporting.media.models import Medium
from reporting.media.showing import worth_showing
from reporting.mediation.models import FollowUp
from reporting.people.access import Viewer
from reporting.people.identities import Identity
from reporting.people.models import User
from reporting.places.evidence import BY_POSITION, GPS_ELSEWHERE, NO_COORDINATES
from reporting.places.queries import chain

Questions: TypeAlias = dict[tuple[int, str], Question]
"""By category and code."""
KINDS = {
    "report.received": _("Report received"),
    "report.completed": _("The whole report came after its SMS"),
    "case.assigned": _("Given to an office"),
    "case.acknowledged": _("Acknowledged"),
    "case.asked": _("Asked the reporter"),
    "report.replied": _("The reporter replied"),
    "case.answered": _("Answered"),
    "case.solved": _("The reporter says: solved"),
    "case.disputed": _("The reporter says: not solved"),
    "case.unconfirmed": _("Closed without word from the reporter"),
    "report.withdrawn": _("Withdrawn by the reporter"),
    "report.consented": _("The reporter agreed to the notice"),
    "report.audience_chosen": _("The reporter chose anew who may read"),
    "report.appealed": _("The reporter made it a formal appeal"),
    "case.taken_away": _("Taken from an office that may no longer read"),
    "case.followed_up": _("A mediator followed up"),
    "identity.requested": _("A mediator asked to open who reports"),
    "identity.consented": _("Another mediator consented"),
    "identity.refused": _("Another mediator refused"),
    "identity.opened": _("A mediator looked at who reports"),
    "case.noted": _("A word came late and was kept"),
}
FAULTS = {
    "not_opened": _("What came cannot be opened with the key of its report; it was kept aside."),
    "not_a_recording": _("What came is not a recording; it was kept aside."),
    "too_long": _("The recording is longer than three minutes; it was kept aside."),
    "broken_sound": _("The recording is damaged; it was kept aside."),
    "empty": _("The photo was empty."),
    "not_an_image": _("What came is not a photo; it was kept aside."),
    "too_many_pixels": _("The photo is too large to be opened safely; it was kept aside."),
    "broken": _("The photo is damaged; it was kept aside."),
    "lost": _("The photo's bytes are gone."),
    "too_large": _("The photo is larger than this server takes."),
}


@dataclass(frozen=True)
class Page:
    """Everything the template prints."""

    reports: list[dict[str, Any]]
    places: list[str]
    about: list[str]
    odd: list[str]
    urgent: list[tuple[str, str]]
    office: str
    reason: str
    copies: list[dict[str, str]]
    talk: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    follow_ups: list[FollowUp]
    history: list[dict[str, Any]]
    language: str
    may_acknowledge: bool
    unread: bool
    may_answer: bool
    may_ask: bool


def page(case: Case, *, viewer: Viewer, language: str) -> Page:
    """A visible case as this viewer may see it."""
    held = list(case.assignments.filter(ended_at=None).select_related("office"))
    responsible = next((item for item in held if item.role == Assignment.Role.RESPONSIBLE), None)
    reports = list(case.reports.counting().select_related("about_office").order_by("received_at"))
    media = _media_of(case, reports)
    questions = _questions(reports)
    identities = identities_of(reports, viewer)
    ours = responsible is not None and responsible.office_id in viewer.answers_for
    return Page(
        reports=[_report(report, questions, language, identities.get(report.pk), media) for report in reports],
        places=[place.name(language) for place in chain(case.village)],
        about=_about(reports, language),
        odd=_odd(case),
        urgent=[said for report in reports for said in _answers(report, questions, language, only=case.urgent_because)],
        office=responsible.office.name(language) if responsible else "",
        reason=_words(responsible.reason, language) if responsible else "",
        copies=[
            {"office": item.office.name(language), "reason": _words(item.reason, language)}
            for item in held
            if item.role == Assignment.Role.COPY
        ],
        talk=_talk(case, reports, language, media),
        answers=[_answer(answer, language, media) for answer in case.answers.select_related("office")],
        notes=[{"note": note, "media": _media(_said_in(note.op_id, media))} for note in case.notes.all()],
        follow_ups=list(case.follow_ups.select_related("by")),
        history=_history(case, viewer),
        language=reports[0].language if reports else language,
        may_acknowledge=ours and may_acknowledge(case),
        unread=is_unread(case),
        may_answer=ours and may_move(case, Status.ANSWERED),
        may_ask=ours and may_ask(case),
    )


def _report(
    report: Report, questions: Questions, language: str, identity: Identity | None, media: list[Medium]
) -> dict[str, Any]:
    own = worth_showing(_belonging_to(report, media))
    return {
        "report": report,
        "receipt_end": report.receipt[-4:],
        "answers": _answers(report, questions, language),
        "identity": identity,
        "media": _media(own),
        "clock": _clock(report),
        "spoken": not report.text.strip() and any(one.role == "voice" for one in own) and not report.withdrawn_at,
    }


def _clock(report: Report) -> str:
    """What an officer should know about the time that the phone said; nothing where it may be right."""
    if was_ahead(filed=report.filed_at, received=report.received_at):
        return gettext("The phone's clock was wrong: this was written before it arrived here.")
    if report.written_after is None:
        return ""
    after = f"{timezone.localtime(report.written_after):%d.%m.%Y %H:%M}"
    return gettext("The phone's clock was wrong: by ours, this was written after %(time)s.") % {"time": after}


def _media(media: Iterable[Medium]) -> list[dict[str, Any]]:
    return [{"medium": medium, "fault": gettext(FAULTS.get(medium.fault, FAULTS["broken"]))} for medium in media]


def _media_of(case: Case, reports: list[Report]) -> list[Medium]:
    """Those of the reports and of what was said after them, by either side."""
    said = [*case.inquiries.values_list("pk", flat=True), *case.answers.values_list("pk", flat=True)]
    entities = [*(report.pk for report in reports), *said]
    return list(Medium.objects.filter(entity_id__in=entities).order_by("position", "pk"))


def _said_in(op_id: uuid.UUID | None, media: list[Medium]) -> list[Medium]:
    return [medium for medium in media if op_id and medium.said_in == op_id]


def _belonging_to(said: Report | Inquiry | Answer, media: list[Medium]) -> list[Medium]:
    return [medium for medium in media if medium.saying == (said.pk, None)]


def _answer(answer: Answer, language: str, media: list[Medium]) -> dict[str, Any]:
    return {
        "office": answer.office.name(language),
        "at": answer.at,
        "text": answer.text,
        "language": answer.language,
        "media": _media(_belonging_to(answer, media)),
    }


def _talk(case: Case, reports: list[Report], language: str, media: list[Medium]) -> list[dict[str, Any]]:
    """Questions and replies in the order in which they came; of a report that was taken back, nothing."""
    replies = Reply.objects.filter(report__in=reports, report__withdrawn_at=None)
    said: list[Inquiry | Reply] = sorted([*case.inquiries.select_related("office"), *replies], key=lambda one: one.at)
    return [
        {
            "office": one.office.name(language) if isinstance(one, Inquiry) else "",
            "said": one,
            "at": one.at,
            "media": _media(_belonging_to(one, media) if isinstance(one, Inquiry) else _said_in(one.op_id, media)),
        }
        for one in said
    ]


def _questions(reports: list[Report]) -> Questions:
    asked = Question.objects.filter(category__in={report.category_id for report in reports})
    return {(question.category_id, question.code): question for question in asked}


def _answers(
    report: Report, questions: Questions, language: str, *, only: list[str] | None = None
) -> list[tuple[str, str]]:
    """Questions and answers in words; those of some questions alone."""
    asked = [
        (questions.get((report.category_id, code)), code, answer)
        for code, answer in report.answers.items()
        if only is None or code in only
    ]
    return [
        (question.name(language) if question else code, _said(question, answer, language))
        for question, code, answer in asked
    ]


def _said(question: Question | None, answer: Any, language: str) -> str:
    """One answer in words; as it came where the question, or the choice, is there no more."""
    yes_no = {"yes": gettext("yes"), "no": gettext("no"), "dont_know": gettext("doesn't know")}
    choices = {choice["code"]: _words(choice["names"], language) for choice in question.choices} if question else {}
    return choices.get(answer) or yes_no.get(str(answer)) or str(answer)


def _about(reports: list[Report], language: str) -> list[str]:
    """Whom nobody must carry it to, in words."""
    offices, unlisted = accused(reports)
    notes = []
    if offices:
        names = ", ".join(office.name(language) for office in offices)
        notes.append(gettext("About: %(offices)s. Do not take it to them.") % {"offices": names})
    if unlisted:
        notes.append(
            gettext("About an office that is not in the list. Ask the reporter before you talk to any office.")
        )
    return notes


def _odd(case: Case) -> list[str]:
    """What an officer should know about where it happened."""
    notes = []
    if case.border_uncertain:
        notes.append(gettext("Border uncertain: sources put this place on either side, or too near the line to say."))
    if BY_POSITION in case.place_evidence:
        notes.append(gettext("The reporter named no village: this is the one nearest to where the phone was."))
    elif GPS_ELSEWHERE in case.place_evidence:
        notes.append(gettext("The phone stood in another place than the village that was chosen; the village decides."))
    if NO_COORDINATES in case.place_evidence:
        notes.append(gettext("The village's own coordinates are not known."))
    return notes


def _history(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    steps = history(case, viewer)
    ids = {int(step.actor.removeprefix("staff:")) for step in steps if step.actor.startswith("staff:")}
    names = {f"staff:{user.pk}": user.called for user in User.objects.filter(pk__in=ids)}
    names |= {"reporter": gettext("the reporter"), "system": gettext("the system")}
    return [
        {"at": step.at, "what": gettext(KINDS.get(step.kind, step.kind)), "who": names.get(step.actor, "—")}
        for step in steps
    ]


def _words(reason: dict[str, str], language: str) -> str:
    return reason.get(language) or reason.get("ru") or reason.get("ky") or ""
