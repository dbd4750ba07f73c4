"""Promise 5 for who reports: the server has noise, one mediator has noise, and two who agree leave a record."""

import json
import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from reporting.cases.envelopes import ProtectedIdentity
from reporting.cases.models import Report
from reporting.cases.queries import history
from reporting.events.models import Event
from reporting.mediation.models import Opening
from reporting.people.access import staff_viewer
from reporting.people.models import Membership
from tests.cases.test_appeals import whole_database
from tests.given import follow
from tests.mediation.holders import WHO, Group, Holder, half_sealed, say, torn, unb64
from tests.mediation.test_group_keys import given
from tests.mediators import logged_in
from tests.people import People, member
from tests.phones import JSON, Phone, b64
from tests.valley import Valley


def request(holder: Holder, report: Report, reason: str = "She must be warned.") -> JSON:
    return holder.phone.operation("identity.request", uuid.uuid4(), {"report": str(report.id), "reason": reason})


def shown(holder: Holder, report: Report) -> JSON:
    case = holder.phone.sees("case", report.case_id)
    assert case is not None
    (identity,) = case["identities"]
    found: JSON = identity
    return found


def consent(holder: Holder, report: Report) -> JSON:
    """What the other mediator's phone does: opens its half and seals it anew to who asked."""
    (opening,) = shown(holder, report)["openings"]
    half = holder.opens(unb64(opening["half"]), holder.place, report.id)
    passed = half_sealed(half, holder.place, unb64(opening["to"]), report.id)
    return holder.phone.operation("identity.consent", opening["id"], {"report": str(report.id), "passed": b64(passed)})


def look(holder: Holder, opening: object) -> "tuple[int, JSON]":
    response = holder.phone.client.post(f"/api/v1/openings/{opening}", headers={"authorization": holder.phone.bearer})
    return response.status_code, response.json()


def put_together(asks: Holder, other: int, halves: JSON, report: Report) -> str:
    own = asks.opens(unb64(halves["own"]), asks.place, report.id)
    passed = asks.opens(unb64(halves["passed"]), other, report.id)
    content = bytes(one ^ another for one, another in zip(own, passed, strict=True))
    return content.rstrip(b"\0").decode()


def kinds(report: Report) -> list[str]:
    stream = Event.objects.filter(stream=report.case_id, kind__startswith="identity.").order_by("number")
    return list(stream.values_list("kind", flat=True))


def test_two_mediators_who_agree_learn_it_and_everybody_hears_of_it(aijan: Phone, group: Group, report: Report) -> None:
    asked = request(group.first, report)
    assert say(group.first.phone, asked)["status"] == "applied"
    (waiting,) = shown(group.first, report)["openings"]
    assert (waiting["mine"], waiting["consented"]) == (True, None)
    assert "half" not in waiting, "who asks is given nothing before the other consents"
    (told,) = shown(group.second, report)["openings"]
    assert (told["by"], told["reason"], told["mine"]) == ("Dilnoza", "She must be warned.", False)

    assert say(group.second.phone, consent(group.second, report))["status"] == "applied"
    assert aijan.sees("report", report.id)["opened_ms"] == []  # type: ignore[index]
    status, halves = look(group.first, asked["entity_id"])
    assert status == 200
    assert put_together(group.first, 2, halves, report) == WHO
    assert len(aijan.sees("report", report.id)["opened_ms"]) == 1  # type: ignore[index]
    assert kinds(report) == ["identity.requested", "identity.consented", "identity.opened"]


def test_either_of_the_two_may_ask(group: Group, report: Report) -> None:
    asked = request(group.second, report)
    say(group.second.phone, asked)
    say(group.first.phone, consent(group.first, report))
    status, halves = look(group.second, asked["entity_id"])
    assert status == 200
    assert put_together(group.second, 1, halves, report) == WHO


def test_the_server_keeps_nothing_that_says_who(report: Report) -> None:
    for part in WHO.split("\n"):
        assert part not in whole_database()
    sealed = ProtectedIdentity.objects.get(report=report)
    assert len(bytes(sealed.first)) == len(bytes(sealed.second)) == 593


def test_the_vector_opens() -> None:
    vector = json.loads((Path(__file__).parents[1] / "vectors" / "protected.json").read_text())
    halves = []
    for n, (name, key) in enumerate(zip(("first", "second"), vector["keys"], strict=True), start=1):
        private = ec.derive_private_key(int(key["private"], 16), ec.SECP256R1())
        holder, part = Holder(Phone(), n, private), vector["protected"][name]
        assert (part["key"], b64(holder.public)) == (holder.key_id, key["public"])
        halves.append(holder.opens(unb64(part["sealed"]), n, vector["report"]))
    content = bytes(one ^ other for one, other in zip(*halves, strict=True))
    assert content.rstrip(b"\0").decode() == vector["who"]


def test_one_half_alone_is_noise(group: Group, report: Report) -> None:
    sealed = ProtectedIdentity.objects.get(report=report)
    halves = [
        group.first.opens(bytes(sealed.first), 1, report.id),
        group.second.opens(bytes(sealed.second), 2, report.id),
    ]
    for half in halves:
        assert all(part.encode() not in half for part in WHO.split("\n"))
        assert len(set(half)) > 200, "a half shows a pattern"


def test_a_half_opens_for_no_other_report_and_not_as_the_other_half(group: Group, report: Report) -> None:
    sealed = bytes(ProtectedIdentity.objects.get(report=report).first)
    for n, of in ((1, uuid.uuid4()), (2, report.id)):
        with pytest.raises(InvalidTag):
            group.first.opens(sealed, n, of)


def test_an_office_that_reads_the_case_does_not_learn_that_mediators_know_a_name(
    cast: People, valley: Valley, aijan: Phone, group: Group, report: Report
) -> None:
    """Nor does who works there and mediates in a group that does not hold it."""
    say(aijan, aijan.operation("report.audience", report.id, {"audience": "office"}))
    follow()
    say(group.first.phone, request(group.first, report))
    report.case.refresh_from_db()
    elsewhere = member("nurlan", valley.okmotu, Membership.Role.OFFICER)
    Membership.objects.create(user=elsewhere, office=valley.national_mediators, role=Membership.Role.MEDIATOR)
    seen = {
        user.username: {step.kind for step in history(report.case, staff_viewer(user))}
        for user in (cast.bakyt, elsewhere, cast.dilnoza)
    }
    assert all("report.received" in kinds for kinds in seen.values())
    assert [who for who, kinds in seen.items() if "identity.requested" in kinds] == ["dilnoza"]


def test_a_name_that_is_sealed_to_the_very_group_that_it_is_about_is_not_kept(
    aijan: Phone, group: Group, valley: Valley
) -> None:
    def filed(about: str) -> Report:
        operation = aijan.filed({"audience": "mediator", "about_office": about})
        operation["body"]["protected"] = torn(group.first, group.second, operation["entity_id"])
        assert say(aijan, operation)["status"] == "applied"
        return Report.objects.get(pk=operation["entity_id"])

    report = filed(valley.mediators.code)
    assert ProtectedIdentity.objects.count() == 0
    assert report.text, "the report itself is taken in"
    seen = aijan.sees("report", report.id)
    assert seen is not None
    assert "opened_ms" not in seen
    filed(valley.okmotu.code)
    assert ProtectedIdentity.objects.count() == 1


def test_refused_is_refused(group: Group, report: Report) -> None:
    asked = request(group.first, report)
    say(group.first.phone, asked)
    late = consent(group.second, report)
    say(
        group.second.phone,
        group.second.phone.operation("identity.refuse", asked["entity_id"], {"report": str(report.id)}),
    )
    assert say(group.second.phone, late)["status"] == "applied"
    assert look(group.first, asked["entity_id"])[0] == 403
    assert kinds(report) == ["identity.requested", "identity.refused"]
    (told,) = shown(group.first, report)["openings"]
    assert told["consented"] is False


def test_nobody_consents_to_their_own_request(group: Group, report: Report) -> None:
    asked = request(group.first, report)
    say(group.first.phone, asked)
    own = group.first.phone.operation(
        "identity.consent", asked["entity_id"], {"report": str(report.id), "passed": b64(os.urandom(593))}
    )
    assert say(group.first.phone, own)["code"] == "not_yours"
    assert look(group.first, asked["entity_id"])[0] == 403


def test_who_holds_no_key_neither_asks_nor_consents_nor_looks(valley: Valley, group: Group, report: Report) -> None:
    third = Holder(logged_in(member("nurlan", valley.mediators, Membership.Role.MEDIATOR)), 1)
    assert shown(third, report)["holds"] is None
    assert say(third.phone, request(third, report))["code"] == "not_yours"
    asked = request(group.first, report)
    say(group.first.phone, asked)
    assert "half" not in shown(third, report)["openings"][0]
    word = third.phone.operation(
        "identity.consent", asked["entity_id"], {"report": str(report.id), "passed": b64(os.urandom(593))}
    )
    assert say(third.phone, word)["code"] == "not_yours"
    say(group.second.phone, consent(group.second, report))
    assert look(third, asked["entity_id"])[0] == 403
    assert look(group.second, asked["entity_id"])[0] == 403, "who consents does not learn who it is"
    assert look(Holder(Phone(), 1), asked["entity_id"])[0] == 403


def test_a_group_that_does_not_follow_the_case_cannot_ask(group: Group, report: Report) -> None:
    report.case.excluded.add(report.case.responsible or 0)
    assert say(group.first.phone, request(group.first, report))["code"] == "not_yours"


def test_after_seven_days_it_is_asked_anew(group: Group, report: Report) -> None:
    asked = request(group.first, report)
    say(group.first.phone, asked)
    word = consent(group.second, report)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert "half" not in shown(group.second, report)["openings"][0]
        assert say(group.second.phone, word)["status"] == "applied"
        assert look(group.first, asked["entity_id"])[0] == 403
        again = request(group.first, report)
        say(group.first.phone, again)
        openings = shown(group.second, report)["openings"]
        half = group.second.opens(unb64(openings[1]["half"]), 2, report.id)
        passed = half_sealed(half, 2, group.first.public, report.id)
        say(
            group.second.phone,
            group.second.phone.operation(
                "identity.consent", again["entity_id"], {"report": str(report.id), "passed": b64(passed)}
            ),
        )
        assert look(group.first, again["entity_id"])[0] == 200
    with time_machine.travel(timezone.now() + timedelta(days=16)):
        assert look(group.first, again["entity_id"])[0] == 403


def test_each_look_is_written_down(group: Group, report: Report) -> None:
    asked = request(group.first, report)
    say(group.first.phone, asked)
    say(group.second.phone, consent(group.second, report))
    for _ in range(2):
        assert look(group.first, asked["entity_id"])[0] == 200
    assert kinds(report)[-2:] == ["identity.opened"] * 2


def test_a_report_that_is_taken_back_takes_it_along(aijan: Phone, group: Group, report: Report) -> None:
    asked = request(group.first, report)
    say(group.first.phone, asked)
    word = consent(group.second, report)
    say(group.second.phone, word)
    say(aijan, aijan.operation("report.withdraw", report.id, {}))
    assert not ProtectedIdentity.objects.exists()
    assert look(group.first, asked["entity_id"])[0] == 403
    assert not Opening.objects.exists(), "half of it was left"
    assert say(group.second.phone, word | {"op_id": str(uuid.uuid4())})["status"] == "applied", "it would wait for ever"


def test_who_was_robbed_is_replaced_and_the_old_key_opens_what_was_sealed_to_it(
    valley: Valley, aijan: Phone, group: Group, report: Report
) -> None:
    nurlan = member("nurlan", valley.mediators, Membership.Role.MEDIATOR)
    newer = Holder(logged_in(nurlan), 2)
    assert say(newer.phone, newer.made(valley.mediators.code, wall_ms=1_795_000_100_000))["status"] == "applied"
    assert given(aijan) == [b64(group.first.public), b64(newer.public)]
    asked = request(group.first, report)
    say(group.first.phone, asked)
    assert "half" not in shown(newer, report)["openings"][0]
    say(group.second.phone, consent(group.second, report))
    assert look(group.first, asked["entity_id"])[0] == 200


@pytest.mark.parametrize(
    "protected",
    [
        "noise",
        {"first": 1},
        {"first": {"key": "0" * 16, "sealed": "AAAA"}, "second": {"key": "0" * 16, "sealed": "AAAA"}},
    ],
)
def test_what_is_no_pair_of_halves_is_refused_and_kept(aijan: Phone, protected: object) -> None:
    assert say(aijan, aijan.filed({"protected": protected}))["code"] == "invalid"
    assert not Report.objects.exists()


def test_whoever_has_a_case_is_told_of_a_key_that_comes_after_the_name_sealed_to_it(
    cast: People, valley: Valley, aijan: Phone
) -> None:
    """On a server that was restored to before the keys were made, the reporter's phone may be the first to come back."""
    sanjar = member("sanjar", valley.mediators, Membership.Role.MEDIATOR)
    first, second = Holder(logged_in(cast.dilnoza), 1), Holder(logged_in(sanjar), 2)
    filed = aijan.filed({"track": "signal"})
    filed["body"]["protected"] = torn(first, second, filed["entity_id"])
    say(aijan, filed)
    follow()

    def told(holder: Holder, *said: JSON) -> list[str | None]:
        changes = [one["data"] for one in holder.phone.sync(*said)["changes"] if one["entity"] == "case"]
        return [identity["holds"] for case in changes for identity in case["identities"]]

    assert [told(first), told(second)] == [[None], [None]]
    made = first.made(valley.mediators.code)
    assert [told(first, made), told(second)] == [[first.key_id], [None]]
    assert told(second, second.made(valley.mediators.code)) == [second.key_id]
    assert told(first) == [first.key_id]
    assert [told(first, made), told(second)] == [[], []]


def test_after_a_restore_the_request_waits_for_login_and_report(group: Group, report: Report) -> None:
    elsewhere = Holder(Phone(), 1)
    assert say(elsewhere.phone, request(elsewhere, report))["status"] == "waiting"
    unknown = Report(id=uuid.uuid4())
    assert say(group.first.phone, request(group.first, unknown))["status"] == "waiting"
    word = group.second.phone.operation("identity.refuse", uuid.uuid4(), {"report": str(report.id)})
    assert say(group.second.phone, word)["status"] == "waiting"
