"""Routing carries out what `decision` decided: every case gets to an office, and what is wrong with the rules is seen."""

import uuid
from datetime import datetime

from django.db.models import prefetch_related_objects

from reporting.cases import work
from reporting.cases.lifecycle import waits
from reporting.cases.models import Assignment, Case, Note, Status
from reporting.places.queries import chain
from reporting.routing import alarms, wording
from reporting.routing.book import Book
from reporting.routing.decision import Decision, Facts, decide, one_level_up
from reporting.routing.models import Alarm


def route(*, case: uuid.UUID, book: Book, at: datetime) -> None:
    """Give a case to the responsible office and its copies. A case that is with an office, or was withdrawn, is left there."""
    locked = work.lock(case)
    if work.responsible(locked) is None and locked.status != Status.WITHDRAWN:
        _carry_out(locked, held=None, book=book, at=at)


def route_anew(*, case: uuid.UUID, book: Book, at: datetime) -> None:
    """The reporter chose anew who may read: the rules are asked again. A closed case goes to nobody new unless nobody has it."""
    locked = work.lock(case)
    held = work.responsible(locked)
    if locked.status != Status.WITHDRAWN and (held is None or not locked.closed):
        _carry_out(locked, held=held, book=book, at=at)


def route_again(*, case: uuid.UUID, book: Book, at: datetime) -> None:
    """What no office has, or what waits for one that is switched off, goes to one that works: where the reporter disputed what was done,
    above the one that is off if there is any; else where the rules say.
    """
    locked = work.lock(case)
    held = work.responsible(locked)
    if locked.status == Status.WITHDRAWN or (held is not None and (held.office.active or not waits(locked))):
        return
    above = None
    if held is not None:
        work.take_away(locked, held, actor="system", at=at)
        work.changed(locked, at=at)
        if locked.notes.filter(kind=Note.Kind.DISPUTE).exists():
            above = one_level_up(held.office, facts_of(locked, book), offices=book.offices)
    if held is None or above is None:
        _carry_out(locked, held=None, book=book, at=at)
        return
    reason = wording.after_dispute(held.office)
    work.assign(case=locked, office=above, role=Assignment.Role.RESPONSIBLE, reason=reason, at=at)
    work.changed(locked, at=at)


def _carry_out(locked: Case, *, held: Assignment | None, book: Book, at: datetime) -> None:
    decision = decide(facts_of(locked, book), rules=book.rules, offices=book.offices)
    _raise_alarms(locked, decision, at=at)
    if decision.responsible is None:
        return
    office, rule = decision.responsible.office, decision.responsible.rule
    if held is None or held.office_id != office.pk:
        reason = wording.by_rule(locked, decision.responsible) if rule else wording.nobody_else()
        work.assign(case=locked, office=office, role=Assignment.Role.RESPONSIBLE, reason=reason, at=at)
    for copy in decision.copies:
        words = wording.as_copy(copy.office)
        work.assign(case=locked, office=copy.office, role=Assignment.Role.COPY, reason=words, at=at)
    work.changed(locked, at=at)


def escalate(*, case: uuid.UUID, book: Book, at: datetime) -> None:
    """A disputed case goes to the office one level up, or back to the same one when none above may read it."""
    locked = work.lock(case)
    held = work.responsible(locked)
    if held is None or locked.status != Status.DISPUTED:
        return
    above = one_level_up(held.office, facts_of(locked, book), offices=book.offices) or held.office
    reason = wording.after_dispute(held.office)
    work.assign(case=locked, office=above, role=Assignment.Role.RESPONSIBLE, reason=reason, at=at)
    if above != held.office and work.may_hold(locked, held.office):
        words = wording.had_it_before()
        work.assign(case=locked, office=held.office, role=Assignment.Role.COPY, reason=words, at=at)
    work.changed(locked, at=at)


def facts_of(case: Case, book: Book) -> Facts:
    """What the rules look at in a case, which from here on has its village, category and excluded offices at hand."""
    case.village, case.category = book.village(case.village_id), book.category(case.category_id)
    prefetch_related_objects([case], "excluded")
    return Facts(
        category=case.category_id,
        places=tuple(place.pk for place in chain(case.village)),
        section=case.section,
        track=case.track,
        audience=case.audience,
        excluded=frozenset(office.pk for office in case.excluded.all()),
    )


def _raise_alarms(case: Case, decision: Decision, *, at: datetime) -> None:
    for kind, rule in decision.alarms:
        if kind == Alarm.Kind.RULE_NAMES_NOBODY:
            Alarm.objects.get_or_create(kind=kind, rule=rule, cleared_at=None, defaults={"raised_at": at})
        else:
            alarms.stands(kind, case=case, at=at)
