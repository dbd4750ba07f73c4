"""Which office answers and who gets a copy: a pure function over rules and offices already read.

The reporter's choice stands before everything: an office whose kind the audience leaves out, or that the report is about,
is not there for any rule, copy, substitution or catch-all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reporting.cases.audience import kinds_allowed
from reporting.people.models import Office
from reporting.routing.models import Alarm, Rule, Target

LEVELS = [level.value for level in Office.Level]


@dataclass(frozen=True)
class Facts:
    """What a decision looks at. `places` are the ids of the village and everything it lies in, nearest first."""

    category: int
    places: tuple[int, ...]
    section: str
    track: str
    audience: str
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Choice:
    """An office, and the rule and circumstances that led to it."""

    office: Office
    rule: Rule | None = None
    passed_over: tuple[Office, ...] = ()


@dataclass
class Decision:
    """Who is responsible (None only when no office at all may read it), who gets a copy, and what a person must mend."""

    responsible: Choice | None = None
    copies: list[Choice] = field(default_factory=list)
    alarms: list[tuple[Alarm.Kind, Rule | None]] = field(default_factory=list)


def decide(facts: Facts, *, rules: Sequence[Rule], offices: Sequence[Office]) -> Decision:
    """Take the first rule by priority that matches and names an office that may read; the catch-all comes last."""
    decision = Decision()
    for rule in sorted(rules, key=lambda rule: (rule.catch_all, rule.priority, rule.pk)):
        if not rule.active or not _matches(rule, facts):
            continue
        if not _candidates(rule, facts, offices, filtered=False):
            decision.alarms.append((Alarm.Kind.RULE_NAMES_NOBODY, rule))
        elif found := _candidates(rule, facts, offices):
            passed = tuple(o for o in _candidates(rule, facts, offices, filtered=False) if o.pk in facts.excluded)
            decision.responsible = Choice(found[0], rule, passed)
            decision.copies = _copies(rule, facts, offices, responsible=found[0])
            return decision
    decision.responsible = _last_resort(facts, offices)
    alarm = Alarm.Kind.NOBODY_ALLOWED if decision.responsible else Alarm.Kind.NO_OFFICE
    decision.alarms.append((alarm, None))
    return decision


def one_level_up(current: Office, facts: Facts, *, offices: Sequence[Office]) -> Office | None:
    """The next office above that may read; None when there is none above."""
    by_id = {office.pk: office for office in offices if office.pk != current.pk}
    above = by_id.pop(current.parent_id or 0, None)
    while above is not None and not _may_read(above, facts):
        above = by_id.pop(above.parent_id or 0, None)  # each once, should one be above itself
    return above


def _matches(rule: Rule, facts: Facts) -> bool:
    return (
        rule.category_id in (None, facts.category)
        and (rule.place_id is None or rule.place_id in facts.places)
        and rule.section in ("", facts.section)
        and rule.track in ("", facts.track)
    )


def _may_read(office: Office, facts: Facts) -> bool:
    return office.active and office.kind in kinds_allowed(facts.audience) and office.pk not in facts.excluded


def _candidates(target: Target, facts: Facts, offices: Sequence[Office], *, filtered: bool = True) -> list[Office]:
    """The offices a target may mean, nearest first: that very office, or those of its kind from its level upwards."""
    if target.office_id is not None:
        named = [office for office in offices if office.pk == target.office_id and office.active]
    else:
        named = [office for office in offices if _answers_there(office, target, facts)]
        named.sort(key=lambda office: (LEVELS.index(office.level), _nearness(office, facts), office.pk))
    return [office for office in named if _may_read(office, facts)] if filtered else named


def _answers_there(office: Office, target: Target, facts: Facts) -> bool:
    if not office.active or office.kind != target.kind:
        return False
    if target.level and LEVELS.index(office.level) < LEVELS.index(target.level):
        return False
    return office.section in ("", facts.section) and (office.place_id is None or office.place_id in facts.places)


def _nearness(office: Office, facts: Facts) -> int:
    return facts.places.index(office.place_id) if office.place_id in facts.places else len(facts.places)


def _copies(rule: Rule, facts: Facts, offices: Sequence[Office], *, responsible: Office) -> list[Choice]:
    chosen: dict[int, Choice] = {}
    for copy in rule.copies.all():
        found = _candidates(copy, facts, offices)
        if found and found[0].pk != responsible.pk:
            chosen.setdefault(found[0].pk, Choice(found[0], rule))
    return list(chosen.values())


def _last_resort(facts: Facts, offices: Sequence[Office]) -> Choice | None:
    """The highest mediation office that may read: the national one, unless the report is about it."""
    mediation = [office for office in offices if office.kind == Office.Kind.MEDIATION and _may_read(office, facts)]
    mediation.sort(key=lambda office: (-LEVELS.index(office.level), _nearness(office, facts), office.pk))
    return Choice(mediation[0]) if mediation else None
