"""The life of a case: one table, enforced by one function.

    received ── assigned ── acknowledged ── answered ──┬── solved        the reporter says so
                  │  ▲            │             │      └── unconfirmed   nobody said anything
                  │  └── disputed ◄─────────────┘ ◄── unconfirmed, solved
                  └── answered

    anything ── withdrawn     the reporter takes everything back; nothing comes after it

While it waits for its answer the office may ask the reporter something: to ask is to acknowledge, and moves nothing else.
Who resolves may not close: only the reporter's word makes `solved`, only silence makes `unconfirmed`.
Where a case ends, the addresses for notices about it are gone with the same step; one that is disputed afterwards has none.
"""

from reporting.cases.envelopes import NotifyAddress
from reporting.cases.models import WAITING, Case, Status
from reporting.errors import TooLate

_MOVES: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.ASSIGNED, Status.SOLVED}),
    Status.ASSIGNED: frozenset({Status.ASSIGNED, Status.ACKNOWLEDGED, Status.ANSWERED, Status.SOLVED}),
    Status.ACKNOWLEDGED: frozenset({Status.ASSIGNED, Status.ANSWERED, Status.SOLVED}),
    Status.ANSWERED: frozenset({Status.ANSWERED, Status.SOLVED, Status.DISPUTED, Status.UNCONFIRMED}),
    Status.SOLVED: frozenset({Status.DISPUTED}),
    Status.DISPUTED: frozenset({Status.ASSIGNED, Status.SOLVED}),
    Status.UNCONFIRMED: frozenset({Status.SOLVED, Status.DISPUTED}),
    Status.WITHDRAWN: frozenset(),
}
MOVES = {
    status: after if status == Status.WITHDRAWN else after | {Status.WITHDRAWN} for status, after in _MOVES.items()
}


def may_move(case: Case, to: Status) -> bool:
    """Whether the table lets a case go there from where it is."""
    return to in MOVES[Status(case.status)]


def may_acknowledge(case: Case) -> bool:
    """Whether the office may say that it has read: the case, or what the reporter said when it was not the office's turn any more."""
    return may_move(case, Status.ACKNOWLEDGED) or is_unread(case)


def is_unread(case: Case) -> bool:
    """The reporter has said something after the answer, and nobody has read it yet."""
    return case.replied and case.status not in WAITING


def waits(case: Case) -> bool:
    """Whether its office has something to do: to answer, or to read what the reporter said since."""
    return case.status in WAITING or case.replied


def may_ask(case: Case) -> bool:
    """Whether the office may ask the reporter something: while it is the office's turn."""
    return case.status in WAITING


def move(case: Case, to: Status) -> None:
    """Set the status, or raise TooLate. The caller holds the case's lock and saves."""
    if not may_move(case, to):
        raise TooLate(f"The case is {Status(case.status).label.lower()}; it cannot become {to.label.lower()}.")
    case.status = to
    if case.closed:
        NotifyAddress.objects.filter(report__case=case).delete()
