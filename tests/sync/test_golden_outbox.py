"""What released phones hold in their outboxes is taken in, byte for byte, for 24 months after the last such release: one of each kind."""

import base64
import json
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.saying import ROOT
from reporting import events
from reporting.cases.envelopes import AppealIdentity, NotifyAddress, ProtectedIdentity
from reporting.cases.models import Report
from reporting.media.models import Medium
from reporting.mediation.models import FollowUp, Opening
from reporting.people import groupkeys, profiles
from reporting.people.models import Membership, Profile, User
from reporting.people.tokens import from_base64url
from reporting.places.models import Place
from reporting.sync import keys, operations
from reporting.sync.ledger import accept_all
from reporting.sync.models import Operation
from reporting.sync.opening import Opened, open_envelope
from reporting.sync.operations import HALF_BYTES, OPERATIONS
from tests.given import MONDAY, follow
from tests.mediation.holders import Holder, say
from tests.mediators import logged_in
from tests.people import member
from tests.phones import JSON, Phone, b64
from tests.valley import Valley

DUMPS = ROOT / "frontend/tests/store/golden"
SEALED = json.loads((ROOT / "tests/vectors/sealed.json").read_text())
KEY_ID = bytes.fromhex(SEALED["key_id"])
VILLAGE = "41705214848010"
FROZEN = sorted(one for one in DUMPS.glob("*-*.json") if not one.stem.startswith("carried-"))


def envelopes(dump: Path) -> list[bytes]:
    """All sealed operations of a dump's profiles, of each in the order in which they were said."""
    return [one for database in json.loads(dump.read_text()) for one in _said_in(database["stores"])]


def _said_in(stores: list[JSON]) -> list[bytes]:
    rows = [row["value"] for store in stores if store["name"] == "operations" for row in store["rows"]]
    rows.sort(key=lambda row: int(row["seq"]))
    return [base64.b64decode(row["envelope"].get("$bytes") or row["envelope"]["$buffer"]) for row in rows]


def opened(dump: Path) -> list[Opened]:
    """What they say."""
    return [open_envelope(one, keys.private_key) for one in envelopes(dump)]


def body_of(one: Opened) -> JSON:
    """What is said with an operation."""
    body: JSON = one.content["body"]
    return body


@pytest.fixture(autouse=True)
def _where_they_were_said(valley: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    Place.objects.filter(pk=valley.village.pk).update(code=VILLAGE)
    private = ec.derive_private_key(int(SEALED["private"], 16), ec.SECP256R1())
    own = keys.private_key
    monkeypatch.setattr(keys, "private_key", lambda key_id: private if key_id == KEY_ID else own(key_id))


@pytest.fixture
def mediators(valley: Valley, aijan: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case, who made its report, and who asked, as they were when mediators spoke of them; each is logged in where they did."""
    said = [one for dump in FROZEN for one in opened(dump) if "by" in body_of(one)]
    (by,), (case,), (report,) = ({body_of(one)[name] for one in said if name in body_of(one)} for name in ASKED)
    mediator, other = (member(name, valley.mediators, Membership.Role.MEDIATOR) for name in ("dilnoza", "sanjar"))
    User.objects.filter(pk=mediator.pk).update(opaque_id=by)
    for read_hash in {one.read_hash for one in said}:
        with events.unit_of_work():
            profiles.grant(profile=Profile.objects.create(read_hash=read_hash), user=mediator, at=MONDAY)
    (first,) = (body_of(one)["public"] for one in said if one.type == "group.key")
    holder = Holder(logged_in(other), 2)
    assert say(holder.phone, holder.made(valley.mediators.code))["status"] == "applied"
    noise = b64(bytes(HALF_BYTES))
    names = {"first": groupkeys.id_of(from_base64url(first) or b""), "second": holder.key_id}
    halves = {half: {"key": key, "sealed": noise} for half, key in names.items()}
    operation = aijan.filed({"audience": "mediator", "village": VILLAGE, "protected": halves}) | {"entity_id": report}
    with monkeypatch.context() as patch:
        patch.setattr(operations, "case_id_from", lambda _: uuid.UUID(case))
        assert say(aijan, operation)["status"] == "applied"
    follow()
    for one in said:
        if one.type in ("identity.consent", "identity.refuse"):
            asked = {"report": report, "reason": "She must be warned."}
            asks = holder.phone.operation("identity.request", one.content["entity_id"], asked)
            assert say(holder.phone, asks)["status"] == "applied"


ASKED = ("by", "case", "report")


@pytest.mark.usefixtures("mediators")
@pytest.mark.parametrize("dump", FROZEN, ids=lambda dump: dump.stem)
def test_each_takes_effect(dump: Path) -> None:
    results = accept_all(envelopes(dump), reader=None, at=MONDAY)
    assert {(one.status, one.code, one.detail) for one in results if one} == {("applied", "", "")}
    assert None not in results


@pytest.mark.usefixtures("mediators")
def test_what_was_said_is_there() -> None:
    for dump in FROZEN:
        accept_all(envelopes(dump), reader=None, at=MONDAY)
    own = Report.objects.exclude(text="The gate above the village was closed.")
    assert own.count() == 17
    assert own.filter(text="").count() == 1, "said by voice alone"
    assert own.filter(about_unlisted=True).count() == own.filter(about_office__code="okmotu").count() == 1
    assert own.exclude(answers={}).count() == 1
    assert own.filter(consent=None).count() == 2, "of the third it was said afterwards"
    assert AppealIdentity.objects.count() == 3
    assert ProtectedIdentity.objects.count() == 2
    assert NotifyAddress.objects.count() == 1
    assert FollowUp.objects.count() == 4
    assert Counter(Medium.objects.values_list("role", flat=True)) == {"photo": 8, "voice": 5, "preview": 1}
    assert Opening.objects.exclude(decided_at=None).count() == 2
    assert Opening.objects.count() == 3


def test_only_mediators_words_wait_until_they_have_logged_in() -> None:
    for dump in FROZEN:
        accept_all(envelopes(dump), reader=None, at=MONDAY)
    theirs = {str(one.op_id) for dump in FROZEN for one in opened(dump) if "by" in body_of(one)}
    waiting = Operation.objects.filter(status=Operation.Status.WAITING).values_list("op_id", flat=True)
    assert {str(one) for one in waiting} == theirs
    assert set(Operation.objects.exclude(op_id__in=theirs).values_list("status", flat=True)) == {"applied"}
    assert set(Operation.objects.values_list("type", flat=True)) == set(OPERATIONS)


SHAPES: dict[str, Callable[[JSON, list[str]], object]] = {
    "sealed for mediators": lambda body, _: body.get("protected"),
    "an appeal": lambda body, _: body.get("track") == "appeal" and body["identity"],
    "a place without a village": lambda body, _: body.get("position") and body["village"] is None,
    "a village and a place": lambda body, _: body.get("position") and body["village"],
    "about an office": lambda body, _: body.get("about_office"),
    "about one that is not listed": lambda body, _: body.get("about_unlisted"),
    "answers": lambda body, _: body.get("answers"),
    "a day": lambda body, _: body.get("happened", {}).get("date"),
    "before any consent": lambda body, _: body.get("consent", 0) is None,
    "by voice alone": lambda body, media: body.get("text") == "" and media == ["voice"],
    "a photo and its preview": lambda _, media: sorted(media) == ["photo", "preview"],
    "a dispute by voice": lambda body, media: body.get("reason") == "" and media == ["voice"],
    "an address": lambda body, _: body.get("notify"),
    "no address any more": lambda body, _: body.get("notify", 0) is None,
    "an SMS that goes too": lambda body, _: body.get("sms_link"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_there_is_one_of_each_shape(shape: str) -> None:
    said = [one for dump in FROZEN for one in opened(dump)]
    media = [[str(medium["role"]) for medium in one.content["media"]] for one in said]
    assert any(SHAPES[shape](body_of(one), roles) for one, roles in zip(said, media, strict=True))
