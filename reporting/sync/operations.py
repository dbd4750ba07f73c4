"""The kinds of operation there are: each reads its body strictly and calls one function of the domain."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reporting.cases import appealing, asking, choosing, consenting, intake, notifying, withdrawal, work
from reporting.cases.catalogue import Catalogue
from reporting.cases.envelopes import SealedHalves
from reporting.cases.models import Audience, Track
from reporting.errors import NotAllowed, Rejected
from reporting.media.binding import WantedMedium
from reporting.media.sealing import id_of
from reporting.mediation import followups, identities
from reporting.mediation.models import FollowUp
from reporting.people import groupkeys, receipts
from reporting.people.models import GroupKey, Profile, User
from reporting.people.profiles import mediator_speaking
from reporting.people.tokens import from_base64url
from reporting.places.names import LANGUAGES
from reporting.sync import partials
from reporting.sync.fields import Fields
from reporting.sync.forgetting import forget_words
from reporting.sync.sms import case_id_from

MAX_TEXT = 5_000
MAX_REASON = 2_000
MAX_MEDIA = 12
MAX_RECORDINGS = 3
NO_IDENTITY = "“identity” must have a name, an address and a contact, and belongs to an appeal."
HALF_BYTES = 65 + 512 + 16
"""A half of a protected identity: HPKE's encapsulated key, the padded half, the tag."""
ROLES = ("photo", "voice", "preview")


@dataclass(frozen=True)
class Author:
    """Whose operation it is, when the server got it, the link that a partial form of it carries, and what it is read against."""

    profile: Profile
    at: datetime
    link: bytes
    catalogue: Catalogue


def carry_out(content: dict[str, Any], author: Author) -> None:
    """Apply one operation in the open unit of work. Raises Rejected or Waiting; then nothing of it has happened."""
    operation = Fields(content)
    kind = operation.text("type", most=40)
    if kind not in OPERATIONS:
        raise Rejected("unknown_type", f"This server does not know operations of type “{kind}”.")
    schema = operation.whole("schema", least=0, most=1_000_000)
    handler = OPERATIONS[kind].get(schema)
    if handler is None:
        raise Rejected("unknown_schema", f"This server does not know schema {schema} of “{kind}”.")
    operation.whole("seq", least=0, most=2**53)
    try:
        handler(operation, operation.object("body"), author)
    except NotAllowed as refusal:
        raise Rejected("not_yours", str(refusal)) from None


def _create_report(operation: Fields, body: Fields, author: Author) -> None:
    media = [_medium(item) for item in operation.objects("media", most=MAX_MEDIA)]
    text = body.text("text", most=MAX_TEXT)
    if not text.strip() and not media:
        raise Rejected("invalid", "“text” must say something when there is no photo or recording.")
    position = _position(body)
    happened = body.object("happened")
    when = happened.choice("when", ("now", "today", "date"))
    report = intake.NewReport(
        id=operation.id("entity_id"),
        case=case_id_from(author.link),
        category=body.text("category", most=40),
        village=_village(body, position),
        text=text,
        answers=_answers(body.object("answers").value),
        language=body.choice("language", LANGUAGES),
        receipt=_receipt(body),
        audience=body.choice("audience", Audience.values),
        track=body.choice("track", Track.values),
        about_office=None if body.absent("about_office") else body.text("about_office", most=40),
        about_unlisted=_is_about_unlisted(body),
        danger=body.flag("danger"),
        happened_when=when,
        happened_on=happened.day("date") if when == "date" else None,
        position=position,
        identity=_identity(body),
        protected=None if body.value.get("protected") is None else _protected(body.object("protected")),
        filed_at=operation.instant("wall_ms"),
        heard_at=operation.heard(),
        media=media,
        consent=None if body.value.get("consent") is None else _consent(body),
    )
    partials.receive_whole(
        report=report, profile=author.profile, link=author.link, catalogue=author.catalogue, at=author.at
    )


def _confirm(operation: Fields, _body: Fields, author: Author) -> None:
    work.confirm(report=operation.id("entity_id"), profile=author.profile, at=author.at)


def _dispute(operation: Fields, body: Fields, author: Author) -> None:
    media = _recordings(operation)
    work.dispute(
        op_id=operation.id("op_id"),
        report=operation.id("entity_id"),
        profile=author.profile,
        reason=body.text("reason", least=0 if media else 1, most=MAX_REASON),
        media=media,
        at=author.at,
    )


def _reply(operation: Fields, body: Fields, author: Author) -> None:
    media = _recordings(operation)
    asking.reply(
        op_id=operation.id("op_id"),
        report=operation.id("entity_id"),
        profile=author.profile,
        text=body.text("text", least=0 if media else 1, most=MAX_TEXT),
        language=body.choice("language", LANGUAGES),
        media=media,
        filed_at=operation.instant("wall_ms"),
        at=author.at,
    )


def _withdraw(operation: Fields, body: Fields, author: Author) -> None:
    if "sms_link" in body.value:
        partials.take_back(link=_link(body.text("sms_link", least=16, most=16)), at=author.at)
    withdrawal.withdraw(report=operation.id("entity_id"), profile=author.profile, at=author.at)
    forget_words(profile=author.profile, entity_id=operation.id("entity_id"))


def _choose_audience(operation: Fields, body: Fields, author: Author) -> None:
    choosing.choose_audience(
        report=operation.id("entity_id"),
        profile=author.profile,
        audience=body.choice("audience", Audience.values),
        seq=operation.whole("seq", least=0, most=2**53),
        at=author.at,
    )


def _consent_late(operation: Fields, body: Fields, author: Author) -> None:
    consenting.consent(report=operation.id("entity_id"), profile=author.profile, version=_consent(body), at=author.at)


def _appeal(operation: Fields, body: Fields, author: Author) -> None:
    identity = body.value.get("identity")
    if not isinstance(identity, str):
        raise Rejected("invalid", NO_IDENTITY)
    appealing.appeal(
        report=operation.id("entity_id"), profile=author.profile, identity=base64.b64decode(identity), at=author.at
    )


def _notify(operation: Fields, body: Fields, author: Author) -> None:
    address = None
    if not body.absent("notify"):
        if not isinstance(body.value["notify"], str):  # sealed when the envelope was opened
            raise Rejected("invalid", "“notify” must be a telephone number as +996…, an e-mail address or null.")
        address = base64.b64decode(body.value["notify"])
    notifying.notify(
        report=operation.id("entity_id"),
        profile=author.profile,
        address=address,
        seq=operation.whole("seq", least=0, most=2**53),
    )


def _create_follow_up(operation: Fields, body: Fields, author: Author) -> None:
    follow_up = followups.NewFollowUp(
        id=operation.id("entity_id"),
        case=body.id("case"),
        kind=body.choice("kind", FollowUp.Kind.values),
        happened_on=body.day("happened_on"),
        text=body.text("text", least=1, most=MAX_TEXT),
        language=body.choice("language", LANGUAGES),
        filed_at=operation.instant("wall_ms"),
    )
    user = _speaking(body, author, waits_for=follow_up.case)
    followups.add(follow_up=follow_up, user=user, profile=author.profile, at=author.at)


def _make_group_key(operation: Fields, body: Fields, author: Author) -> None:
    public = _bytes(body, "public", groupkeys.POINT_BYTES)
    is_new = groupkeys.add(
        office=body.text("office", most=40),
        place=body.whole("place", least=min(GroupKey.PLACES), most=max(GroupKey.PLACES)),
        public=public,
        user=_speaking(body, author, waits_for=operation.id("entity_id")),
        made_at=max(operation.instant("wall_ms"), operation.heard()),
        at=author.at,
    )
    if is_new:
        identities.tell_of_key(groupkeys.id_of(public), at=author.at)


def _request_identity(operation: Fields, body: Fields, author: Author) -> None:
    identities.ask(
        opening=operation.id("entity_id"),
        report=body.id("report"),
        reason=body.text("reason", least=1, most=MAX_REASON),
        user=_speaking(body, author, waits_for=body.id("report")),
        at=author.at,
    )


def _consent_to_opening(operation: Fields, body: Fields, author: Author) -> None:
    _decide(operation, body, author, passed=_bytes(body, "passed", HALF_BYTES))


def _refuse_opening(operation: Fields, body: Fields, author: Author) -> None:
    _decide(operation, body, author, passed=None)


def _decide(operation: Fields, body: Fields, author: Author, *, passed: bytes | None) -> None:
    identities.decide(
        opening=operation.id("entity_id"),
        report=body.id("report"),
        passed=passed,
        user=_speaking(body, author, waits_for=body.id("report")),
        at=author.at,
    )


def _speaking(body: Fields, author: Author, *, waits_for: uuid.UUID) -> User:
    """The mediator whose words these are; older apps do not say who."""
    by = body.id("by") if "by" in body.value else None
    return mediator_speaking(author.profile, by=by, waits_for=waits_for)


OPERATIONS: dict[str, dict[int, Callable[[Fields, Fields, Author], None]]] = {
    "report.create": {1: _create_report},
    "report.confirm": {1: _confirm},
    "report.dispute": {1: _dispute},
    "report.reply": {1: _reply},
    "report.audience": {1: _choose_audience},
    "report.consent": {1: _consent_late},
    "report.appeal": {1: _appeal},
    "report.notify": {1: _notify},
    "report.withdraw": {1: _withdraw},
    "followup.create": {1: _create_follow_up},
    "group.key": {1: _make_group_key},
    "identity.request": {1: _request_identity},
    "identity.consent": {1: _consent_to_opening},
    "identity.refuse": {1: _refuse_opening},
}
"""Type → schema → handler. A schema stays for 24 months after the last release whose app sends it."""


def _recordings(operation: Fields) -> list[WantedMedium]:
    """What was said after a report may be a recording; a photo is a new report's."""
    media = [_medium(item) for item in operation.objects("media", most=MAX_RECORDINGS)]
    if any(medium.role != "voice" for medium in media):
        raise Rejected("invalid", "“media” may hold recordings only.")
    return media


def _medium(item: Fields) -> WantedMedium:
    key = _key(item.text("key", least=43, most=43))
    if item.id("id") != id_of(key):
        raise Rejected("invalid", "The “id” of a medium must be the one that its key gives.")
    return WantedMedium(
        id=id_of(key),
        key=key,
        sha256=item.digest("sha256"),
        size=item.whole("bytes", least=1, most=2**31 - 1),
        mime=item.text("mime", most=60),
        role=item.choice("role", ROLES),
    )


def _consent(body: Fields) -> int:
    return body.whole("consent", least=1, most=1000)


def _link(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Rejected("invalid", "“sms_link” must be 8 bytes in hex.") from None


def _key(text: str) -> bytes:
    key = from_base64url(text)
    if key is None:
        raise Rejected("invalid", "“key” must be the base64url of 32 bytes.")
    return key


def _identity(body: Fields) -> bytes | None:
    """Sealed when the envelope was opened; only a formal appeal has one."""
    if body.value.get("identity") is None:
        return None
    if body.value.get("track") != Track.APPEAL or not isinstance(body.value["identity"], str):
        raise Rejected("invalid", NO_IDENTITY)
    return base64.b64decode(body.value["identity"])


def _protected(body: Fields) -> SealedHalves:
    """Noise to the server: only its shape is looked at."""
    first, second = body.object("first"), body.object("second")
    return SealedHalves(
        first_key=first.text("key", least=16, most=16),
        first=_bytes(first, "sealed", HALF_BYTES),
        second_key=second.text("key", least=16, most=16),
        second=_bytes(second, "sealed", HALF_BYTES),
    )


def _bytes(body: Fields, name: str, size: int) -> bytes:
    value = from_base64url(body.text(name, least=-(-size * 4 // 3), most=-(-size * 4 // 3)))
    if value is None or len(value) != size:
        raise Rejected("invalid", f"“{name}” must be the base64url of {size} bytes.")
    return value


def _receipt(body: Fields) -> str:
    receipt = receipts.parse(body.text("receipt", most=20))
    if receipt is None:
        raise Rejected("invalid", "“receipt” does not check.")
    return receipt


def _village(body: Fields, position: intake.Position | None) -> str | None:
    if not body.absent("village"):
        return body.text("village", most=32)
    if position is None or position.accuracy_m > intake.TELLS_THE_VILLAGE_M:
        raise Rejected("invalid", f"“village” may be null only with a “position” to {intake.TELLS_THE_VILLAGE_M} m.")
    return None


def _is_about_unlisted(body: Fields) -> bool:
    if body.value.get("about_unlisted") is None or not body.flag("about_unlisted"):
        return False
    if body.value["audience"] != Audience.MEDIATOR or body.value["about_office"] is not None:
        raise Rejected("invalid", "“about_unlisted” must go with the audience mediator, and with no “about_office”.")
    return True


def _position(body: Fields) -> intake.Position | None:
    if body.absent("position"):
        return None
    position = body.object("position")
    return intake.Position(
        latitude=position.number("lat", least=-90, most=90),
        longitude=position.number("lon", least=-180, most=180),
        accuracy_m=position.number("accuracy_m", least=0, most=1e7),
    )


def _answers(value: dict[str, Any]) -> dict[str, str | int | float | bool | None]:
    """At most 20 answers, each a plain value; which questions there are may have changed since the phone asked."""
    plain = all(isinstance(answer, str | int | float | bool | None) for answer in value.values())
    if len(value) > 20 or not plain or any(len(str(answer)) > 200 for answer in value.values()):
        raise Rejected("invalid", "“answers” must be at most 20 short values.")
    return value
