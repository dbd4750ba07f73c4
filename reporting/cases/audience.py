"""The audience filter: which kinds of office a reporter let read. It stands before every rule, copy and list."""

from reporting.cases.models import Audience
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
