"""The audience filter: which kinds of office a reporter let read. It stands before every rule, copy and list."""

from collections.abc import Iterable

from reporting.cases.models import Audience, Report
from reporting.people.models import Office

_ALLOWED = {
    Audience.MEDIATOR: {Office.Kind.MEDIATION},
    Audience.OFFICE: {Office.Kind.MEDIATION, Office.Kind.LOCAL, Office.Kind.MINISTRY},
    Audience.BORDER: {Office.Kind.MEDIATION, Office.Kind.LOCAL, Office.Kind.MINISTRY, Office.Kind.BORDER},
}


def kinds_allowed(audience: str) -> frozenset[str]:
    """The kinds of office that may read what was said to this audience."""
    return frozenset(kind.value for kind in _ALLOWED[Audience(audience)])


def audiences_of(kind: str) -> frozenset[str]:
    """The audiences that let an office of this kind read."""
    return frozenset(audience.value for audience in Audience if kind in kinds_allowed(audience))


def accused(reports: Iterable[Report]) -> tuple[list[Office], bool]:
    """The offices that these reports are about, and whether one is about an office that nobody has named. What was taken back accuses
    nobody, though that office goes on seeing nothing.
    """
    standing = [report for report in reports if report.withdrawn_at is None]
    offices = {report.about_office.pk: report.about_office for report in standing if report.about_office}
    return list(offices.values()), any(report.about_unlisted for report in standing)
