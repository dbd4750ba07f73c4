"""Promise 4: what the server shows of a report and a case is what a phone's types say. Both read tests/vectors/shown.json."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from reporting import events
from reporting.cases import asking, work
from reporting.cases.models import Audience, Status, Track
from reporting.media.models import Medium
from reporting.sync import keys
from reporting.sync.operations import ROLES
from reporting.sync.rendering import STATES
from tests.given import MONDAY, follow
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone
from tests.sealed import Sealed
from tests.valley import Valley

VECTORS = Path(__file__).parents[1] / "vectors"
VECTOR = json.loads((VECTORS / "shown.json").read_text())


def shape(value: Any) -> Any:
    """The names of an object, what a list has first, and of anything else what it is."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value[:1]]
    return type(value).__name__


def everything_said(aijan: Phone, mediator: Phone, cast: People) -> tuple[JSON, JSON]:
    """A report and its case, as its reporter and a mediator are shown them, with something of everything."""
    body = {"audience": "border", "position": {"lat": 39.9, "lon": 70.7, "accuracy_m": 30}}
    filed = aijan.filed(body, media=[Sealed(b"a picture").wanted()])
    aijan.sync(filed)
    follow()
    report = filed["entity_id"]
    case = mediator.sync()["changes"][0]["id"]
    with events.unit_of_work():
        asking.ask(case=uuid.UUID(case), by=cast.bakyt, text="Since when?", language="ky", at=MONDAY)
    spoken = Sealed(b"a voice", role="voice", mime="audio/webm")
    aijan.sync(aijan.operation("report.reply", report, {"text": "", "language": "ky"}, media=[spoken.wanted()]))
    with events.unit_of_work():
        work.answer(case=uuid.UUID(case), by=cast.bakyt, text="It is open.", language="ky", at=MONDAY)
    aijan.sync(aijan.operation("report.dispute", report, {"reason": "It is not."}))
    visit = {"case": case, "kind": "visit", "happened_on": "2026-11-23", "text": "It is shut.", "language": "ky"}
    mediator.sync(mediator.operation("followup.create", uuid.uuid4(), visit))
    shown = aijan.sees("report", report), mediator.sees("case", case)
    assert shown[0] is not None and shown[1] is not None
    return shown[0], shown[1]


def test_what_is_shown_has_the_vector_s_shape(aijan: Phone, cast: People) -> None:
    report, case = everything_said(aijan, logged_in(cast.dilnoza), cast)
    assert (shape(report), shape(case)) == (shape(VECTOR["report"]), shape(VECTOR["case"]))


def test_the_vector_s_request_is_answered_by_the_vector_s_reply(
    valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One round trip as another client may try it: what is a server's own is not compared."""
    vector, sealed = (json.loads((VECTORS / name).read_text()) for name in ("sync.json", "sealed.json"))
    private = ec.derive_private_key(int(sealed["private"], 16), ec.SECP256R1())
    monkeypatch.setattr(keys, "private_key", lambda key_id: private if key_id.hex() == sealed["key_id"] else None)
    headers = {"authorization": f"Bearer {vector['bearer']}"}
    reply = Client().post("/api/v1/sync", vector["request"], content_type="application/json", headers=headers).json()
    assert shape(reply) == shape(vector["reply"])
    own = {name: vector["reply"][name] for name in ("server_time_ms", "cursor")}
    [change], [told] = reply["changes"], vector["reply"]["changes"]
    change["data"] |= {name: told["data"][name] for name in ("number", "due_ms")}
    assert reply | own == vector["reply"]


def test_what_was_taken_back_is_shown_as_the_vector_has_it(aijan: Phone, cast: People) -> None:
    """Of a reply its recording stays, erased, beside the report's own."""
    mediator, photo, spoken = logged_in(cast.dilnoza), Sealed(b"x"), Sealed(b"y", role="voice", mime="audio/webm")
    filed = aijan.filed({"answers": {"dry": "yes"}}, media=[photo.wanted()])
    reply = {"text": "", "language": "ky"}
    aijan.sync(filed, aijan.operation("report.reply", filed["entity_id"], reply, media=[spoken.wanted()]))
    follow()
    case = mediator.sync()["changes"][0]["id"]
    aijan.sync(aijan.operation("report.withdraw", filed["entity_id"], {}))
    report, seen = aijan.sees("report", filed["entity_id"]), mediator.sees("case", case)
    assert report is not None and seen is not None
    [told], vector = seen["reports"], VECTOR["withdrawn"]
    named = {name: vector[name] for name in ("id", "received_ms")}
    assert told | named | {"media": [told["media"][0] | {"id": vector["media"][0]["id"]}]} == vector
    media = {(one["id"], one["state"]) for one in report["media"]}
    assert media == {(str(photo.id), "erased"), (str(spoken.id), "erased")}
    assert (report["state"], report["talk"]) == ("withdrawn", [])


def test_the_vector_has_all_the_words() -> None:
    """An upload that is under way is shown as one that is expected."""
    assert VECTOR["words"] == {
        "audience": sorted(Audience),
        "medium_role": sorted(ROLES),
        "medium_state": sorted(set(Medium.State) - {Medium.State.UPLOADING}),
        "report_state": sorted(set(STATES.values())),
        "status": sorted(Status),
        "track": sorted(Track),
    }
