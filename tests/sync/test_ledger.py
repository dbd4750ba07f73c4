"""Promise 2: each operation takes effect exactly once, by whatever road and however often it comes."""

import base64
import hashlib
import threading
import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.cases.catalogue import Catalogue
from reporting.cases.categories import Category
from reporting.cases.models import Case, Report
from reporting.people.models import Profile
from reporting.sync.ledger import accept_all
from reporting.sync.models import Operation, Quarantined
from reporting.sync.sealing import MAX_ENVELOPE
from tests.cases.test_appeals import whole_database
from tests.given import a_routed_case, follow
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone, b64, only, report_body
from tests.sealed import Sealed
from tests.valley import Valley


def test_a_report_is_applied_once_and_then_a_duplicate(aijan: Phone) -> None:
    operation = aijan.filed()
    assert only(aijan.sync(operation))["status"] == "applied"
    assert only(aijan.sync(operation))["status"] == "duplicate"
    assert Report.objects.count() == Case.objects.count() == Operation.objects.count() == 1


def test_everything_a_resident_said_is_there(aijan: Phone, valley: Valley) -> None:
    position = {"lat": 39.89, "lon": 70.55, "accuracy_m": 12}
    aijan.sync(aijan.filed({"danger": True, "about_office": "okmotu", "answers": {"dry": "yes"}, "position": position}))
    report = Report.objects.get()
    assert report.text == "The gate above the village was closed."
    assert (report.village, report.category, report.about_office) == (valley.village, valley.water, valley.okmotu)
    assert (report.danger, report.answers, report.accuracy_m) == (True, {"dry": "yes"}, 12)
    assert (report.audience, report.track, report.language) == ("office", "signal", "ky")
    assert report.filed_at.timestamp() == 1_795_000_000


def test_the_same_id_with_other_bytes_is_kept_apart_and_the_first_stays(aijan: Phone) -> None:
    operation = aijan.filed()
    aijan.sync(operation)
    other = operation | {"body": operation["body"] | {"text": "Something else."}}
    result = only(aijan.sync(other))
    assert (result["status"], result["code"]) == ("rejected", "changed")
    assert Report.objects.get().text == "The gate above the village was closed."
    assert "Something else." in str(Quarantined.objects.get().content)


def test_two_profiles_may_use_the_same_op_id(aijan: Phone, eve_phone: Phone) -> None:
    """A hostile carrier cannot occupy somebody's id."""
    mine = aijan.filed()
    theirs = eve_phone.filed(op_id=mine["op_id"])
    assert only(eve_phone.sync(theirs))["status"] == "applied"
    assert only(aijan.sync(mine))["status"] == "applied"


def test_a_stranger_s_phone_carries_it_and_learns_only_accepted(aijan: Phone, eve_phone: Phone) -> None:
    envelope = aijan.envelope(aijan.filed())
    result = only(eve_phone.post(envelope).json())
    assert set(result) == {"digest", "status"}
    assert result["status"] == "accepted"
    assert Report.objects.get().profile == Profile.objects.get(operations__isnull=False)


def test_a_locked_phone_pushes_and_pulls_nothing(aijan: Phone) -> None:
    aijan.sync(aijan.filed())
    assert aijan.cursor
    reply = aijan.post(aijan.envelope(aijan.filed()), bearer=None).json()
    assert (reply["changes"], reply["cursor"]) == ([], None)
    assert only(reply) == {"digest": only(reply)["digest"], "status": "accepted"}
    assert Report.objects.count() == 2


def test_a_copied_envelope_with_another_write_token_is_not_the_author_s(aijan: Phone, eve_phone: Phone) -> None:
    aijan.sync(aijan.filed())
    forged = Phone(secret=aijan.secret)
    operation = forged.filed()
    envelope = forged.envelope(operation, write=b64(eve_phone.write))
    result = only(aijan.post(envelope).json())
    assert (result["status"], result["code"]) == ("rejected", "wrong_author")
    assert Report.objects.count() == 1


def test_one_profile_s_write_token_cannot_be_bound_to_another(aijan: Phone) -> None:
    aijan.sync(aijan.filed())
    thief = Phone()
    envelope = aijan.envelope(aijan.filed(), read_hash=hashlib.sha256(thief.read).hexdigest())
    result = only(thief.post(envelope).json())
    assert (result["status"], result["code"]) == ("rejected", "wrong_author")


def test_who_speaks_first_with_a_caught_read_token_takes_the_profile(aijan: Phone) -> None:
    """As the threat model says it; and what the true phone says is not lost."""
    aijan.sync()
    thief = Phone()
    caught = hashlib.sha256(aijan.read).hexdigest()
    first = only(thief.post(thief.envelope(thief.filed(), read_hash=caught), bearer=aijan.bearer).json())
    assert first["status"] == "applied"
    true = only(aijan.sync(aijan.filed({"text": "The true words."})))
    assert (true["status"], true["code"]) == ("rejected", "wrong_author")
    assert "The true words." in str(Quarantined.objects.get().content)
    assert Report.objects.get().text != "The true words."


def test_tokens_are_stored_nowhere(aijan: Phone, eve_phone: Phone) -> None:
    """Applied, waiting, refused, damaged, another's: in whatever form a database could hold them."""
    filed = aijan.filed()
    changed = filed | {"body": filed["body"] | {"text": "Something else."}}
    waiting = aijan.operation("report.reply", uuid.uuid4(), {"text": "And now?", "language": "ky"})
    said = aijan.sync(filed, changed, waiting, aijan.filed({"category": "no-such"}))["results"]
    assert [one["status"] for one in said] == ["applied", "rejected", "waiting", "rejected"]
    assert only(aijan.post(b"\1rubbish").json())["code"] == "unknown_key"
    assert only(aijan.post(aijan.envelope(aijan.filed(), write=b64(eve_phone.write))).json())["code"] == "wrong_author"
    kept = whole_database()
    assert all(words in kept for words in ("The gate above", "Something else.", "And now?", "no-such"))
    for token in (aijan.read, aijan.write, eve_phone.write):
        plain = base64.b64encode(token).decode().rstrip("=")
        assert not [form for form in (token.hex(), token.hex().upper(), plain, b64(token)) if form in kept]


def test_what_is_the_same_for_a_batch_is_read_once(aijan: Phone) -> None:
    aijan.sync(aijan.filed())
    envelopes = [aijan.envelope(aijan.filed()) for _ in range(10)]
    with CaptureQueriesContext(connection) as asked:
        aijan.post(*envelopes)
    shared = ("reporting_synckey", "reporting_profile", "reporting_category", "reporting_place", "reporting_term")
    for table in shared:
        read = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
        assert len(read) <= 2, read


def test_one_report_of_a_known_phone_asks_the_database_no_more_than_it_must(aijan: Phone) -> None:
    aijan.sync(aijan.filed())
    envelope = aijan.envelope(aijan.filed())
    with CaptureQueriesContext(connection) as asked:
        aijan.post(envelope)
    assert len(asked) <= 34, [query["sql"] for query in asked]


def test_categories_are_kept_for_some_seconds_and_one_that_is_new_is_found_at_once(
    aijan: Phone, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.cases.catalogue.KEPT_SECONDS", 60)
    monkeypatch.setattr("reporting.cases.catalogue._kept", (time.monotonic(), Catalogue()))
    new = {"category": "a-new-one"}
    sent = aijan.sync(aijan.filed(), aijan.filed(new))["results"]
    assert [result["status"] for result in sent] == ["applied", "rejected"]
    Category.objects.create(code="a-new-one", **dict.fromkeys(("name_ky", "name_ru", "name_en"), "New"))
    with CaptureQueriesContext(connection) as asked:
        assert only(aijan.sync(aijan.filed()))["status"] == "applied"
    assert not [query for query in asked if 'FROM "reporting_category"' in query["sql"]]
    assert only(aijan.sync(aijan.filed(new)))["status"] == "applied"


def test_a_batch_that_comes_again_after_a_lost_reply_is_answered_with_one_look(aijan: Phone) -> None:
    envelopes = [
        aijan.envelope(aijan.filed({"category": "no-such"})),
        *(aijan.envelope(aijan.filed()) for _ in range(9)),
    ]
    first = aijan.post(*envelopes).json()["results"]
    with CaptureQueriesContext(connection) as asked:
        again = aijan.post(*envelopes).json()["results"]
    assert [one["status"] for one in again] == ["rejected"] + ["duplicate"] * 9
    assert [one["digest"] for one in again] == [one["digest"] for one in first]
    looked = [query["sql"] for query in asked if "reporting_operation" in query["sql"]]
    assert len(looked) == 2, looked  # how many operations came in this hour, and the look


def test_one_bad_operation_does_not_hold_up_its_neighbours(aijan: Phone) -> None:
    reply = aijan.sync(aijan.filed(), aijan.filed({"category": "no-such"}), aijan.filed())
    assert [result["status"] for result in reply["results"]] == ["applied", "rejected", "applied"]


def test_a_report_of_what_staff_took_out_of_use_meanwhile_is_taken(aijan: Phone, valley: Valley) -> None:
    Category.objects.filter(pk=valley.water.pk).update(active=False)
    reply = aijan.sync(aijan.filed())
    assert [result["status"] for result in reply["results"]] == ["applied"]


REJECTED: list[tuple[JSON, JSON, str]] = [
    ({"category": "no-such"}, {}, "unknown_category"),
    ({"village": "no-such"}, {}, "unknown_village"),
    ({"village": "05"}, {}, "unknown_village"),
    ({"village": None}, {}, "invalid"),
    ({"about_office": "no-such"}, {}, "unknown_office"),
    ({"audience": "everybody"}, {}, "invalid"),
    ({"text": ""}, {}, "invalid"),
    ({"text": "x" * 5001}, {}, "invalid"),
    ({"text": None}, {}, "invalid"),
    ({"danger": "yes"}, {}, "invalid"),
    ({"receipt": "00000000001"}, {}, "invalid"),
    ({"happened": {"when": "date", "date": "2026-02-31"}}, {}, "invalid"),
    ({"happened": "today"}, {}, "invalid"),
    ({"answers": {"a": {"b": "c"}}}, {}, "invalid"),
    ({"position": {"lat": 91, "lon": 0, "accuracy_m": 1}}, {}, "invalid"),
    ({}, {"type": "report.destroy"}, "unknown_type"),
    ({}, {"schema": 99}, "unknown_schema"),
    ({}, {"schema": "1"}, "invalid"),
    ({}, {"entity_id": "not-a-uuid"}, "invalid"),
    ({}, {"body": []}, "invalid"),
    ({}, {"wall_ms": -1}, "invalid"),
    ({}, {"wall_ms": 10**18}, "invalid"),
    ({}, {"seq": True}, "invalid"),
    ({}, {"parent_op": 17}, "invalid"),
    ({}, {"media": [{}] * 9}, "invalid"),
    ({}, {"media": [{"id": "x"}]}, "invalid"),
]


@pytest.mark.parametrize(("body", "changes", "code"), REJECTED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_applied_is_kept_and_answered(aijan: Phone, body: JSON, changes: JSON, code: str) -> None:
    result = only(aijan.sync(aijan.filed(body, **changes)))
    assert (result["status"], result["code"]) == ("rejected", code)
    assert result["detail"].endswith(".")
    kept = Quarantined.objects.get()
    assert (kept.code, kept.settled_at) == (code, None)
    assert body.get("about_office", "–") not in kept.detail, (
        "operators see the detail, and not which office it is about"
    )
    assert not Report.objects.exists()


@pytest.mark.parametrize("missing", ["audience", "track", "about_office", "danger", "language", "receipt"])
def test_what_safety_needs_must_be_there(aijan: Phone, missing: str) -> None:
    operation = aijan.filed()
    del operation["body"][missing]
    result = only(aijan.sync(operation))
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    assert missing in result["detail"]


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        (b"", "unreadable"),
        (b"\1", "unknown_key"),
        (b"\1nokey" + bytes(90), "unknown_key"),
        (b"\0{}", "unknown_version"),
        (b"\xff", "unknown_version"),
        (b"\2" + bytes(MAX_ENVELOPE), "unknown_version"),
    ],
    ids=["empty", "nothing", "no-key", "version-0", "version-255", "longer-version"],
)
def test_what_cannot_be_read_is_kept_as_it_came(aijan: Phone, envelope: bytes, code: str) -> None:
    result = only(aijan.post(envelope).json())
    assert (result["status"], result["code"]) == ("rejected", code)
    assert bytes(Quarantined.objects.get().raw or b"") == envelope[:MAX_ENVELOPE]


def test_the_same_unreadable_envelope_is_kept_once(aijan: Phone) -> None:
    aijan.post(b"\1sealed")
    aijan.post(b"\1sealed")
    assert Quarantined.objects.count() == 1


def test_two_reports_cannot_share_a_receipt(aijan: Phone, eve_phone: Phone) -> None:
    body = {"receipt": report_body()["receipt"]}
    aijan.sync(aijan.filed(body))
    assert only(eve_phone.sync(eve_phone.filed(body)))["code"] == "receipt_taken"


def test_nobody_confirms_or_disputes_another_s_report(aijan: Phone, eve_phone: Phone) -> None:
    report = aijan.filed()
    aijan.sync(report)
    for kind, body in (("report.confirm", {}), ("report.dispute", {"reason": "no"})):
        assert only(eve_phone.sync(eve_phone.operation(kind, report["entity_id"], body)))["code"] == "not_yours"
    assert Case.objects.get().status == "received"


def test_a_revoked_profile_is_told_and_its_words_are_kept(aijan: Phone) -> None:
    aijan.sync()
    Profile.objects.update(revoked_at="2026-11-01T00:00:00Z")
    envelope = aijan.envelope(aijan.filed())
    assert aijan.post(envelope).status_code == 401
    assert only(aijan.post(envelope, bearer=None).json())["status"] == "accepted"
    assert Quarantined.objects.get().code == "revoked"


def test_what_comes_again_is_refused_once_its_profile_was_revoked(aijan: Phone) -> None:
    operation = aijan.filed()
    aijan.sync(operation)
    Profile.objects.update(revoked_at="2026-11-01T00:00:00Z")
    (result,) = accept_all([aijan.envelope(operation)], reader=None, at=timezone.now())
    assert result is not None
    assert (result.status, result.code) == ("rejected", "revoked")


def test_a_medium_that_never_comes_does_not_hold_up_the_report(aijan: Phone) -> None:
    wanted = Sealed(b"never sent").wanted()
    operation = aijan.filed(media=[wanted])
    assert only(aijan.sync(operation))["status"] == "applied"
    seen = aijan.sees("report", operation["entity_id"])
    assert seen is not None
    assert seen["media"] == [{"id": wanted["id"], "role": "photo", "state": "expected"}]


@pytest.mark.django_db(transaction=True)
def test_the_same_operation_sent_many_times_at_once_takes_effect_once(aijan: Phone) -> None:
    operation = aijan.filed()
    start = threading.Barrier(4)
    statuses: list[str] = []

    def send() -> None:
        try:
            twin = Phone(secret=aijan.secret)
            start.wait(10)
            response = twin.post(aijan.envelope(operation))
            statuses.append(only(response.json())["status"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == ["applied", "duplicate", "duplicate", "duplicate"]
    assert Report.objects.count() == 1


def test_a_mediator_s_follow_up_is_on_the_case_once(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    phone = logged_in(cast.dilnoza)
    body = {
        "case": str(case.id),
        "kind": "visit",
        "happened_on": "2026-11-22",
        "text": "We went to the gate.",
        "language": "ky",
    }
    visit = phone.operation("followup.create", uuid.uuid4(), body)
    assert only(phone.sync(visit))["status"] == "applied"
    assert only(phone.sync(visit))["status"] == "duplicate"
    seen = phone.sees("case", case.id)
    assert seen is not None
    assert [item["text"] for item in seen["followups"]] == ["We went to the gate."]


@pytest.mark.django_db(transaction=True)
def test_a_follow_up_waits_for_what_a_restored_server_does_not_know_yet(aijan: Phone, cast: People) -> None:
    """The login, the report, and that the case was with this office came after the backup."""
    filed = aijan.filed()
    aijan.sync(filed)
    follow()
    about = Case.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reporting_profile, reporting_case, reporting_event, reporting_scope CASCADE")

    phone = Phone()
    body = {"case": str(about), "kind": "visit", "happened_on": "2026-11-22", "text": "At the gate.", "language": "ky"}
    visit = phone.operation("followup.create", uuid.uuid4(), body)
    assert only(phone.sync(visit))["status"] == "waiting"
    logged_in(cast.dilnoza, phone)
    assert only(phone.sync(visit))["status"] == "waiting"
    aijan.sync(filed)
    assert only(phone.sync(visit))["status"] == "waiting"
    follow()
    assert only(phone.sync(visit))["status"] == "applied"
    seen = phone.sees("case", about)
    assert seen is not None
    assert [item["text"] for item in seen["followups"]] == ["At the gate."]


def test_a_report_costs_few_queries(aijan: Phone) -> None:
    """Each one more costs every phone of a village a moment of the server; it was 27. One of them is the entity's lock."""

    def queries(count: int) -> int:
        envelopes = [aijan.envelope(aijan.filed()) for _ in range(count)]
        with CaptureQueriesContext(connection) as seen:
            aijan.post(*envelopes)
        return len(seen)

    queries(1)  # the profile's first
    assert (queries(5) - queries(1)) / 4 <= 24
