"""Everything the domain refuses, in one tree.

# ArykError
# ├── Rejected          an operation that cannot be applied; kept in quarantine, the person is told
# ├── Waiting           an operation that needs something which has not arrived yet; kept, tried again
# ├── NotAllowed        the actor may not do this; says nothing about what is there
# ├── TooLate           the case has moved on; the words are kept as a note
# ├── BadReference      a file of places, rules or offices is wrong; names line and reason, nothing was changed
# ├── BadUpload         bytes that cannot be taken as sent (wrong offset, wrong hash, too large)
# ├── Later             a limit was reached; nothing is judged, phones come again after a while
# ├── Unavailable       a fault of the server's own (a key file is missing); nothing is judged, phones come again
# └── NoUnitOfWork      a programming error: a write outside a unit of work, or a unit inside another transaction
"""

import uuid
from enum import Enum, auto


class ArykError(Exception):
    """Root of the tree. `str(error)` is a sentence for a person."""


class Rejected(ArykError):
    """An operation cannot be applied. `code` is one of those in docs/sync.md, `detail` a sentence without content."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Waiting(ArykError):
    """An operation refers to an entity or an operation that has not arrived, or to a login. `needs` is the id of what it is about."""

    def __init__(self, needs: uuid.UUID, detail: str = "Something that this builds on has not arrived yet.") -> None:
        super().__init__(detail)
        self.needs = needs


class NotAllowed(ArykError):
    """The actor may not do this to that."""


class TooLate(ArykError):
    """A lifecycle move that the case's status no longer allows."""


class BadReference(ArykError):
    """Reference data that cannot be loaded; the sentence names file, line and reason."""


class BadUpload(ArykError):
    """Bytes refused as sent. `why` is for who answers, `offset` is where the server stands."""

    class Why(Enum):
        UNKNOWN = auto()
        ELSEWHERE = auto()
        """The id stands for other bytes, or the upload stands at another offset."""
        OTHER_VERSION = auto()
        TOO_LARGE = auto()
        FLOOD = auto()
        CHANGED = auto()
        """On its way: the checksum is another."""

    def __init__(self, detail: str, *, why: Why, offset: int | None = None) -> None:
        super().__init__(detail)
        self.why = why
        self.offset = offset


class Later(ArykError):
    """More than a limit allows came in a while. Nothing is lost: the phone keeps it and comes again after `seconds`."""

    def __init__(self, detail: str, *, seconds: int = 600) -> None:
        super().__init__(detail)
        self.seconds = seconds


class Unavailable(ArykError):
    """The server cannot deal with it now, through no fault of what was sent. The sentence is for its operator."""


class NoUnitOfWork(ArykError):
    """A write was tried outside `events.unit_of_work()`, or a unit inside another one."""
