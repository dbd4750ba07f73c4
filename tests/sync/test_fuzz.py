"""Promises 1 and 2 against whatever can be sealed: an envelope is never answered by a fault, and what it held is kept."""

import copy
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.media.models import Medium
from reporting.people.models import Membership, Office, User
from reporting.sync import ledger
from reporting.sync.models import Operation, Quarantined
from reporting.sync.opening import digest_of
from reporting.sync.operations import HALF_BYTES, OPERATIONS
from tests import mediators, people
from tests.cases.test_appeals import IDENTITY
from tests.given import MONDAY, a_report, a_routed_case
from tests.mediation.holders import Holder
from tests.phones import JSON, Phone, b64, seal
from tests.sealed import Sealed

BOUNDED = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NUMBERS = st.integers() | st.sampled_from([2**31, 2**53 + 1, 2**63, 10**400, -(10**30)]) | st.floats()
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=60)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
)


def took(envelope: bytes) -> ledger.Result:
    """What became of it. Not None: that would be a fault, and the phone would send it for ever."""
    [result] = ledger.accept_all([envelope], reader=None, at=MONDAY)
    assert result is not None
    return result


def is_kept(envelope: bytes, result: ledger.Result) -> bool:
    """In the ledger as applied or waiting, or in quarantine for a person to see."""
    if result.status in {"applied", "duplicate", "waiting"}:
        return Operation.objects.filter(
            op_id=result.op_id or uuid.UUID(int=0), status__in=["applied", "waiting"]
        ).exists()
    return result.status == "rejected" and Quarantined.objects.filter(digest=digest_of(envelope)).exists()


@BOUNDED
@given(tree=TREES)
def test_any_tree_that_is_sealed_gets_an_answer_and_is_kept(aijan: Phone, tree: Any) -> None:
    envelope = seal(json.dumps(tree).encode())
    result = took(envelope)
    assert (result.status, result.code) == ("rejected", "unreadable")
    assert is_kept(envelope, result)


@BOUNDED
@given(noise=st.binary(max_size=200))
def test_any_bytes_that_are_sealed_or_not_get_an_answer_and_are_kept(aijan: Phone, noise: bytes) -> None:
    for envelope in (noise, seal(noise), seal(b"", packing=noise), seal(noise)[:-1] + noise[:1]):
        assert is_kept(envelope, took(envelope))


FEWER = settings(BOUNDED, max_examples=15)
"""Of each kind of operation."""


@FEWER
@pytest.mark.parametrize("kind", list(OPERATIONS))
@given(data=st.data())
def test_a_real_operation_with_anything_in_any_place_gets_an_answer_and_is_kept(
    aijan: Phone, kind: str, data: st.DataObject
) -> None:
    opened = json.loads(aijan.opened(data.draw(st.sampled_from(REAL[kind]))(aijan)))
    for _ in range(data.draw(st.sampled_from([1, 1, 2, 3]))):
        opened = spoiled(opened, data)
    envelope = seal(json.dumps(opened).encode())
    assert is_kept(envelope, took(envelope))


def a_full_report(phone: Phone) -> JSON:
    photo, preview = Sealed(b"x"), Sealed(b"y", role="preview")
    body = {
        "happened": {"when": "date", "date": "2026-11-20"},
        "position": {"lat": 39.9, "lon": 70.5, "accuracy_m": 20},
        "about_office": "okmotu",
        "answers": {"dry": "yes", "households": 14},
        "consent": 1,
    }
    return phone.filed(body, media=[photo.wanted(), preview.wanted()])


def an_appeal_from_the_beginning(phone: Phone) -> JSON:
    return phone.filed({"track": "appeal", "identity": IDENTITY, "consent": None})


def a_signal_in_confidence(phone: Phone) -> JSON:
    half = {"key": "0" * 16, "sealed": b64(bytes(HALF_BYTES))}
    return phone.filed({"audience": "mediator", "about_unlisted": True, "protected": {"first": half, "second": half}})


def a_verdict(phone: Phone) -> JSON:
    filed = phone.filed()
    took(phone.envelope(filed))
    return phone.operation("report.dispute", filed["entity_id"], {"reason": "Nobody came."}, parent_op=filed["op_id"])


def a_follow_up(phone: Phone) -> JSON:
    body = {
        "case": str(uuid.uuid4()),
        "kind": "visit",
        "happened_on": "2026-11-20",
        "text": "We met.",
        "language": "ky",
        "by": str(uuid.uuid4()),
    }
    return phone.operation("followup.create", uuid.uuid4(), body)


def a_withdrawal(phone: Phone) -> JSON:
    return phone.operation("report.withdraw", uuid.uuid4(), {"sms_link": "0" * 16})


def after_a_report(kind: str, body: JSON) -> Callable[[Phone], JSON]:
    """What a reporter says of a report that is here."""

    def said(phone: Phone) -> JSON:
        filed = phone.filed()
        took(phone.envelope(filed))
        media = [Sealed(b"z", role="voice").wanted()] if kind == "report.reply" else []
        return phone.operation(kind, filed["entity_id"], body, media=media)

    return said


def a_mediators(kind: str, body: JSON) -> Callable[[Phone], JSON]:
    return lambda phone: phone.operation(kind, uuid.uuid4(), body | {"by": str(uuid.uuid4())})


def logged_in_there(kind: str, body: Callable[[Phone], JSON]) -> Callable[[Phone], JSON]:
    """Said by a mediator whose login there stands, so that nothing of it waits for one."""

    def said(phone: Phone) -> JSON:
        dilnoza = User.objects.filter(username="dilnoza").first() or people.member(
            "dilnoza", Office.objects.get(code="mediation"), Membership.Role.MEDIATOR
        )
        mediators.logged_in(dilnoza, phone)
        return phone.operation(kind, uuid.uuid4(), body(phone) | {"by": str(dilnoza.opaque_id)})

    return said


def a_visit(phone: Phone) -> JSON:
    case = a_routed_case(phone)
    return {"case": str(case.id), "kind": "visit", "happened_on": "2026-11-20", "text": "We met.", "language": "ky"}


def a_new_key(_phone: Phone) -> JSON:
    return {"office": "mediation", "place": 1, "public": b64(Holder(Phone(), 1).public)}


def a_reason_to_open(phone: Phone) -> JSON:
    return {"report": str(a_report(phone).id), "reason": "To help."}


ABOUT = {"report": str(uuid.UUID(int=7))}
REAL: dict[str, list[Callable[[Phone], JSON]]] = {
    "report.create": [a_full_report, an_appeal_from_the_beginning, a_signal_in_confidence],
    "report.confirm": [after_a_report("report.confirm", {})],
    "report.dispute": [a_verdict],
    "report.reply": [after_a_report("report.reply", {"text": "And now?", "language": "ky"})],
    "report.audience": [after_a_report("report.audience", {"audience": "border"})],
    "report.consent": [after_a_report("report.consent", {"consent": 1})],
    "report.appeal": [after_a_report("report.appeal", {"identity": IDENTITY})],
    "report.notify": [after_a_report("report.notify", {"notify": "+996700000001"})],
    "report.withdraw": [a_withdrawal],
    "followup.create": [a_follow_up, logged_in_there("followup.create", a_visit)],
    "group.key": [logged_in_there("group.key", a_new_key)],
    "identity.request": [
        a_mediators("identity.request", ABOUT | {"reason": "To help."}),
        logged_in_there("identity.request", a_reason_to_open),
    ],
    "identity.consent": [a_mediators("identity.consent", ABOUT | {"passed": b64(bytes(HALF_BYTES))})],
    "identity.refuse": [a_mediators("identity.refuse", ABOUT)],
}


def test_every_operation_there_is_is_spoiled_here() -> None:
    assert REAL.keys() == OPERATIONS.keys()


def spoiled(opened: JSON, data: st.DataObject) -> JSON:
    """One place of it replaced, left out, or said twice."""
    changed = copy.deepcopy(opened)
    how = data.draw(st.sampled_from(["replaced", "a number", "left out", "said twice"]))
    where = [(holder, place) for holder, place in places(changed) if how != "said twice" or isinstance(holder, list)]
    if not where:
        return changed
    holder, place = data.draw(st.sampled_from(where))
    if how == "left out":
        del holder[place]
    elif how == "said twice":
        holder.append(copy.deepcopy(holder[place]))
    else:
        holder[place] = data.draw(TREES if how == "replaced" else NUMBERS)
    return changed


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it: what holds it, and where."""
    for place in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, place
        if isinstance(tree[place], dict | list) and tree[place]:
            yield from places(tree[place])


@pytest.mark.parametrize("place", ["lat", "lon", "accuracy_m"])
def test_a_number_that_no_float_can_hold_is_wrong_and_not_a_fault(aijan: Phone, place: str) -> None:
    position = {"lat": 39.9, "lon": 70.5, "accuracy_m": 20} | {place: 10**400}
    result = aijan.sync(aijan.filed({"position": position}))["results"][0]
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    assert place in result["detail"]


def test_a_medium_that_is_named_twice_counts_once_and_is_not_a_fault(aijan: Phone) -> None:
    photo = Sealed(b"x")
    result = aijan.sync(aijan.filed(media=[photo.wanted(), photo.wanted(role="preview")]))["results"][0]
    assert result["status"] == "applied"
    assert Medium.objects.get().role == "photo"


def test_a_digest_with_spaces_in_it_is_wrong(aijan: Phone) -> None:
    photo = Sealed(b"x").wanted(sha256="ab " * 21 + " ")
    result = aijan.sync(aijan.filed(media=[photo]))["results"][0]
    assert (result["status"], result["code"]) == ("rejected", "invalid")
