"""What is the same for all operations of one request, each read once: keys, authors, how much they may still send, the catalogue.

What changes meanwhile (a key destroyed, a profile revoked) counts from the next request on.
"""

import uuid
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from reporting.cases import catalogue
from reporting.errors import Later
from reporting.people.models import Profile
from reporting.people.profiles import known_author
from reporting.people.tokens import token_hash
from reporting.sync import keys
from reporting.sync.limits import FLOOD, room

PrivateKey = EllipticCurvePrivateKey | None


class Batch:
    """One request's operations, and who brings them: None for a carrier. Make one for each and let go of it."""

    def __init__(self, reader: Profile | None) -> None:
        self.catalogue = catalogue.recent()
        self.arrived: set[tuple[uuid.UUID, uuid.UUID | None]] = set()
        """What took effect, as the profile and the id of an operation or of what it is about: others may wait for it."""
        self._reader = reader
        self._keys: dict[bytes, PrivateKey] = {}
        self._authors: dict[tuple[bytes, bytes], Profile] = {}
        self._room: dict[uuid.UUID, int] = {}

    def private_key(self, key_id: bytes) -> PrivateKey:
        """As `keys.private_key`."""
        if key_id not in self._keys:
            self._keys[key_id] = keys.private_key(key_id)
        return self._keys[key_id]

    def known_author(self, *, write_token: bytes, read_hash: bytes) -> Profile | None:
        """As `profiles.known_author`. One who is enrolled in an open unit is not kept: the unit may yet be undone."""
        if self._reader and _is(self._reader, write_token=write_token, read_hash=read_hash):
            return self._reader
        named = (write_token, read_hash)
        if named not in self._authors:
            known = known_author(write_token=write_token, read_hash=read_hash)
            if known is None:
                return None
            self._authors[named] = known
        return self._authors[named]

    def refuse_flood(self, *, at: datetime) -> None:
        """Raises Later when who brings them sent `OPERATIONS_PER_HOUR` in the last hour. A carrier is not held up for one of many."""
        if self._reader is None:
            return
        self._room[self._reader.pk] = room(self._reader, at=at)
        if self._room[self._reader.pk] <= 0:
            raise Later(FLOOD)

    def count(self, author: Profile, *, at: datetime) -> None:
        """One more operation of an author was entered. Raises Later when it is one too many in this hour."""
        if author.pk not in self._room:
            self._room[author.pk] = room(author, at=at, entered=1)
        if self._room[author.pk] <= 0:
            raise Later(FLOOD)
        self._room[author.pk] -= 1


def _is(reader: Profile, *, write_token: bytes, read_hash: bytes) -> bool:
    """Whether it is bound already, and this is its own word."""
    bound = reader.write_hash is not None and bytes(reader.write_hash) == token_hash(write_token)
    return bound and bytes(reader.read_hash) == read_hash
