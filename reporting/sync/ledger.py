"""The ledger: (profile, op_id) takes effect at most once, by whatever road it came, and nothing is refused into the void.

Per operation one unit of work: the ledger row, the effect, its events and feed entries, the result. The hash is of the opened
bytes as received, never of JSON written again, so "the same" means the same bytes.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog
from django.db import InterfaceError, OperationalError, connection

from reporting import events
from reporting.errors import Later, Rejected, Unavailable, Waiting
from reporting.people.models import Profile
from reporting.people.profiles import profile_of_author
from reporting.sync.batch import Batch
from reporting.sync.limits import CHANGED, refuse_rubbish
from reporting.sync.models import Operation
from reporting.sync.opening import Opened, digest_of, entity_of, open_envelope
from reporting.sync.operations import Author, carry_out
from reporting.sync.quarantine import keep
from reporting.sync.sms import link_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Result:
    """What became of one envelope. `read_hash` names the profile it says it is from; empty when that could not be read."""

    digest: bytes
    status: str
    read_hash: bytes = b""
    op_id: uuid.UUID | None = None
    code: str = ""
    detail: str = ""
    row_id: int | None = None
    """The ledger's row, where it was carried out or waits."""
    kept: bool = True
    """False: its phone is told what to do with it, and whoever only carries it is to come again."""


def accept_all(envelopes: Sequence[bytes], *, reader: Profile | None, at: datetime) -> list[Result | None]:
    """Take the envelopes of one request in, each by itself. None for one that could not be dealt with now (a fault of ours): the phone
    keeps it and comes again. `reader` brings them; None: a carrier. Raises Later when the reader has sent too much.
    """
    batch = Batch(reader)
    if envelopes:
        batch.refuse_flood(at=at)
    with events.one_wake():
        opened = [_open(envelope, batch, at=at) for envelope in envelopes]
        settled = _settled([one for one in opened if isinstance(one, Opened)])
        results = [_result(one, settled, batch, at=at) for one in opened]
        _let_go_on(batch, at=at)
    return _as_they_stand(results)


def _open(envelope: bytes, batch: Batch, *, at: datetime) -> Opened | Result | None:
    try:
        return open_envelope(envelope, batch.private_key)
    except Rejected as refusal:
        return _keep_unreadable(envelope, refusal, at=at)
    except Unavailable as trouble:
        log.error("envelope_not_opened", why=str(trouble))
        return None


def _result(
    one: Opened | Result | None, settled: dict[bytes, Operation], batch: Batch, *, at: datetime
) -> Result | None:
    if not isinstance(one, Opened):
        return one
    if one.hash in settled:
        return _as_before(one, settled[one.hash])
    return _accept(one, batch, at=at)


def _settled(opened: list[Opened]) -> dict[bytes, Operation]:
    """Those that came before and are done with, by the hash of their opened bytes, who wrote them included.

    After a lost reply a phone sends the whole batch again: one look is enough for that. A single one is found as it is entered.
    """
    if len(opened) < 2:
        return {}
    rows = Operation.objects.filter(
        profile__read_hash__in={one.read_hash for one in opened},
        profile__revoked_at=None,
        op_id__in=[one.op_id for one in opened],
    ).exclude(status=Operation.Status.WAITING)
    return {bytes(row.opened_hash): row for row in rows}


def _as_they_stand(results: list[Result | None]) -> list[Result | None]:
    """What waited for something later in the batch may have taken effect since."""
    waiting = [one.row_id for one in results if one and one.status == Operation.Status.WAITING]
    rows = Operation.objects.exclude(status=Operation.Status.WAITING).in_bulk(waiting)
    return [
        replace(one, status=row.status, code=row.code, detail=row.detail)
        if one and one.row_id and (row := rows.get(one.row_id))
        else one
        for one in results
    ]


def _as_before(opened: Opened, row: Operation) -> Result:
    status = "duplicate" if row.status == Operation.Status.APPLIED else row.status
    return Result(opened.digest, status, opened.read_hash, row.op_id, row.code, row.detail)


def _accept(opened: Opened, batch: Batch, *, at: datetime) -> Result | None:
    return _by_itself(opened.type, partial(_accept_opened, opened, batch, at=at))


def _by_itself(kind: str, do: Callable[[], Result | None]) -> Result | None:
    """What fails over one operation is no other's concern; its content is never logged. Without a database all of them come again."""
    try:
        return do()
    except Later:
        return None
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.error("operation_failed", type=kind, error=type(error).__name__)
        return None


def _accept_opened(opened: Opened, batch: Batch, *, at: datetime) -> Result:
    digest = opened.digest
    with events.unit_of_work():
        _alone_with(entity_of(opened.content))
        try:
            author = _author(opened, batch, at=at)
        except Rejected as refusal:
            refuse_rubbish()
            _keep(digest, refusal, profile_id=None, op_id=opened.op_id, content=opened.content, at=at)
            return _refused(digest, opened, refusal)
        row, is_new = _enter(opened, author, at=at)
        if is_new:
            batch.count(author, at=at)
        if bytes(row.opened_hash) != opened.hash:
            changed = Rejected(CHANGED, "Another operation with this id is already here; the first one stays.")
            if _keep(
                digest, changed, profile_id=author.pk, op_id=opened.op_id, content=opened.content, first=row, at=at
            ):
                batch.count(author, at=at)
            return _refused(digest, opened, changed)
        if not is_new and row.status != Operation.Status.WAITING:
            return _as_before(opened, row)
        _carry_out(row, opened.content, batch, digest=digest, at=at)
        return Result(digest, row.status, opened.read_hash, row.op_id, row.code, row.detail, row.pk)


def _alone_with(entity: uuid.UUID | None) -> None:
    """A withdrawal and a copy of what it takes back must not pass each other, wherever its words are kept. Before any row is locked: the
    withdrawal locks those of the words that wait.
    """
    if entity is not None:
        events.alone(entity.bytes)


def _author(opened: Opened, batch: Batch, *, at: datetime) -> Profile:
    known = batch.known_author(write_token=opened.write_token, read_hash=opened.read_hash)
    if known is not None:
        return known
    with events.savepoint():  # a forged author must not leave an enrolled profile behind
        return profile_of_author(write_token=opened.write_token, read_hash=opened.read_hash, at=at)


def _refused(digest: bytes, opened: Opened, refusal: Rejected) -> Result:
    return Result(digest, "rejected", opened.read_hash, opened.op_id, refusal.code, refusal.detail)


def _enter(opened: Opened, author: Profile, *, at: datetime) -> tuple[Operation, bool]:
    """The ledger's row for this operation, locked, and whether it was entered just now. A twin in flight is waited for."""
    link = link_of(opened.write_token, opened.op_id)
    entered = Operation(
        profile=author,
        op_id=opened.op_id,
        opened_hash=opened.hash,
        link=link,
        type=opened.type,
        entity_id=entity_of(opened.content),
        status=Operation.Status.WAITING,
        received_at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reporting_operation "
            "(profile_id, op_id, opened_hash, link, type, entity_id, status, code, detail, received_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, 'waiting', '', '', %s) ON CONFLICT (profile_id, op_id) DO NOTHING RETURNING id",
            [author.pk, opened.op_id, opened.hash, link, opened.type, entered.entity_id, at],
        )
        inserted = cursor.fetchone()
    if inserted is None:
        entered = Operation.objects.select_for_update().get(profile=author, op_id=opened.op_id)
        entered.profile = author
        return entered, False
    entered.pk = inserted[0]
    return entered, True


def _carry_out(row: Operation, content: dict[str, object], batch: Batch, *, digest: bytes, at: datetime) -> None:
    author = Author(row.profile, at, bytes(row.link or b""), batch.catalogue)
    row.content, row.code, row.detail, row.needs = None, "", "", None
    try:
        with events.savepoint():
            _await_parent(content, author.profile)
            carry_out(content, author)
        row.status = Operation.Status.APPLIED
        batch.arrived |= {(row.profile_id, row.op_id), (row.profile_id, row.entity_id)}
    except Waiting as waiting:
        row.status, row.detail, row.content, row.needs = Operation.Status.WAITING, str(waiting), content, waiting.needs
    except Rejected as refusal:
        row.status, row.code, row.detail = Operation.Status.REJECTED, refusal.code, refusal.detail[:300]
        _keep(digest, refusal, profile_id=row.profile_id, op_id=row.op_id, content=content, at=at)
    row.save(update_fields=["status", "code", "detail", "content", "needs"])
    if row.status == Operation.Status.APPLIED and row.type == "report.create":
        _carry_out_what_waited(row, batch, at=at)


AT_ONCE = ("report.audience", "report.withdraw")
"""What must hold when others first see a report: that fewer may read it, or nobody."""
MOST_AT_ONCE = 20
MOST_GO_ON = 200


def _carry_out_what_waited(report: Operation, batch: Batch, *, at: datetime) -> None:
    """What was said before a report came of who may read it, in the report's own unit. The newest counts, so it is looked at first; all
    else goes on after it.
    """
    about = Operation.objects.filter(
        profile=report.profile, entity_id=report.entity_id, status=Operation.Status.WAITING, type__in=AT_ONCE
    )
    newest = about.select_for_update().order_by("-type", "-content__seq")
    for row in newest[:MOST_AT_ONCE]:
        if row.content is not None:
            _carry_out(row, row.content, batch, digest=bytes(row.opened_hash), at=at)


def _await_parent(content: dict[str, object], author: Profile) -> None:
    parent = content.get("parent_op")
    if parent is None:
        return
    try:
        parent_id = uuid.UUID(str(parent))
    except ValueError:
        raise Rejected("invalid", "“parent_op” must be a UUID or null.") from None
    if parent_id == uuid.UUID(str(content["op_id"])):
        raise Rejected("invalid", "“parent_op” must be another operation.")
    if not Operation.objects.filter(profile=author, op_id=parent_id, status=Operation.Status.APPLIED).exists():
        raise Waiting(parent_id)


def _let_go_on(batch: Batch, *, at: datetime) -> None:
    """What waited for something that took effect in this request, and then what waited for that: so many in one request. Its phone sends
    what waits again.
    """
    left = MOST_GO_ON
    while batch.arrived:
        profiles, needs = {profile for profile, _ in batch.arrived}, {one for _, one in batch.arrived}
        batch.arrived = set()
        waiting = Operation.objects.filter(profile__in=profiles, needs__in=needs, status=Operation.Status.WAITING)
        go_on = list(waiting.order_by("id").values_list("id", "entity_id", "type")[:left])
        left -= len(go_on)
        for row_id, entity, kind in go_on:
            _by_itself(kind, partial(_retry, row_id, entity, batch, at=at))


def _retry(row_id: int, entity: uuid.UUID | None, batch: Batch, *, at: datetime) -> None:
    with events.unit_of_work():
        _alone_with(entity)
        row = Operation.objects.select_for_update(of=("self",)).select_related("profile").get(pk=row_id)
        if row.status == Operation.Status.WAITING and row.content is not None:
            _carry_out(row, row.content, batch, digest=bytes(row.opened_hash), at=at)


def _keep_unreadable(envelope: bytes, refusal: Rejected, *, at: datetime) -> Result | None:
    digest = digest_of(envelope)
    try:
        refuse_rubbish()
    except Later:
        if refusal.code != "unknown_key":
            return None
        return Result(digest, "rejected", code=refusal.code, detail=refusal.detail, kept=False)
    with events.unit_of_work():
        keep(digest, refusal, raw=envelope, at=at)
    return Result(digest, "rejected", code=refusal.code, detail=refusal.detail)


def _keep(
    digest: bytes,
    refusal: Rejected,
    *,
    profile_id: uuid.UUID | None,
    op_id: uuid.UUID,
    content: dict[str, object],
    first: Operation | None = None,
    at: datetime,
) -> bool:
    """False: it is there already. `first`: the operation with this id that is here and stays; what took it back takes back whatever else
    is said under its id.
    """
    about = [one for one in (first.entity_id if first else None, entity_of(content)) if one]
    return keep(
        digest,
        refusal,
        kind=str(content.get("type", "")),
        content=content,
        profile_id=profile_id,
        op_id=op_id,
        about=about,
        at=at,
    )
