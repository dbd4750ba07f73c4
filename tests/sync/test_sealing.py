"""Promises 2 and 5: what was sealed on a phone is opened here and nowhere else, and what cannot be opened is not lost."""

import base64
import json
import zlib
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from deploy.local.saying import ROOT
from reporting import tasks
from reporting.cases.models import Report
from reporting.errors import Rejected
from reporting.sync import keys
from reporting.sync.models import Quarantined, SyncKey
from reporting.sync.opening import digest_of
from reporting.sync.sealing import MAX_OPENED, SUITE, unseal
from tests.phones import Phone, only, seal


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_sync_key", *options, stdout=out)
    return out.getvalue()


def test_the_envelope_shows_nothing_of_what_it_says(aijan: Phone) -> None:
    operation = aijan.filed()
    envelope = aijan.envelope(operation)
    for secret in (operation["body"]["receipt"], operation["op_id"], "The gate", "water-gate"):
        assert secret.encode() not in envelope
    assert aijan.write not in envelope
    assert unseal(envelope) == aijan.opened(operation)


def test_sealed_twice_is_one_operation(aijan: Phone) -> None:
    operation = aijan.filed()
    first, second = aijan.envelope(operation), aijan.envelope(operation)
    assert first != second
    assert only(aijan.post(first).json())["status"] == "applied"
    assert only(aijan.post(second).json())["status"] == "duplicate"
    assert Report.objects.count() == 1


def test_a_phone_without_compression_is_understood(aijan: Phone) -> None:
    operation = aijan.filed()
    envelope = seal(b"", packing=b"\0" + aijan.opened(operation))
    assert only(aijan.post(envelope).json())["status"] == "applied"


@pytest.mark.parametrize(
    "packing",
    [
        b"",
        b"\2{}",
        b"\1not zlib",
        b"\1" + zlib.compress(b"x" * 2000)[:-8],
        b"\1" + zlib.compress(b" " * 50_000_000),
        b"\0" + b" " * (MAX_OPENED + 1),
        b"\0{}",
        b"\0[1]",
        b"\0" + b"[" * 60_000,
        b'\0{"auth": 1, "operation": 2}',
        b"\0\xff\xfe",
    ],
    ids=["nothing", "packing-2", "not-zlib", "cut", "bomb", "long", "fields", "list", "deep", "numbers", "not-utf8"],
)
def test_what_is_sealed_and_no_operation_is_kept_as_it_came(aijan: Phone, packing: bytes) -> None:
    envelope = seal(b"", packing=packing)
    result = only(aijan.post(envelope).json())
    assert (result["status"], result["code"]) == ("rejected", "unreadable")
    assert bytes(Quarantined.objects.get().raw or b"") == envelope


@pytest.mark.parametrize(
    ("old", "new"), [(b'{"auth"', b'\xef\xbb\xbf{"auth"'), (b"null", b"NaN")], ids=["byte-order-mark", "nan"]
)
def test_what_some_call_json_is_none_here(aijan: Phone, old: bytes, new: bytes) -> None:
    content = aijan.opened(aijan.filed()).replace(old, new, 1)
    assert new in content
    assert only(aijan.post(seal(content)).json())["code"] == "unreadable"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(at=st.integers(0, 400), flip=st.integers(1, 255))
def test_one_changed_byte_is_noticed_wherever_it_is(aijan: Phone, at: int, flip: int) -> None:
    envelope = bytearray(aijan.envelope(aijan.filed()))
    envelope[at] ^= flip
    with pytest.raises(Rejected) as refusal:
        unseal(bytes(envelope))
    assert refusal.value.code in {"unreadable", "unknown_version", "unknown_key"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rubbish=st.binary(max_size=300))
def test_rubbish_to_a_known_key_is_refused_in_words(aijan: Phone, rubbish: bytes) -> None:
    envelope = b"\1" + bytes(SyncKey.objects.get().key_id) + rubbish
    with pytest.raises(Rejected, match="damaged"):
        unseal(envelope)


def test_the_reference_gives_the_present_key(aijan: Phone) -> None:
    told = aijan.client.get("/api/v1/reference").json()["sync_key"]
    assert told["id"] == bytes(SyncKey.objects.get().key_id).hex()
    before = aijan.client.get("/api/v1/reference")["ETag"]
    rotate()
    after = aijan.client.get("/api/v1/reference")
    assert after["ETag"] != before
    assert after.json()["sync_key"]["id"] == bytes(SyncKey.objects.get(retired_at=None).key_id).hex()


def test_an_old_key_opens_for_24_months_and_is_then_destroyed_by_the_clock(aijan: Phone) -> None:
    envelope, late = aijan.envelope(aijan.filed()), aijan.envelope(aijan.filed())
    rotate()
    assert only(aijan.post(envelope).json())["status"] == "applied"
    SyncKey.objects.exclude(retired_at=None).update(retired_at=timezone.now() - keys.OPENS_FOR - timedelta(days=1))
    assert only(aijan.post(late).json())["code"] == "unknown_key"
    assert bytes(Quarantined.objects.get().raw or b"") == late
    assert SyncKey.objects.filter(wrapped=None).count() == 0
    tasks.sweep()
    assert SyncKey.objects.filter(wrapped=None).count() == 1


@pytest.mark.parametrize(("days", "opens"), [(700, True), (761, False)], ids=["after 23 months", "after 25"])
def test_how_long_an_old_key_opens(aijan: Phone, days: int, opens: bool) -> None:
    envelope = aijan.envelope(aijan.filed())
    rotate()
    SyncKey.objects.exclude(retired_at=None).update(retired_at=timezone.now() - timedelta(days=days))
    tasks.sweep()
    result = only(aijan.post(envelope).json())
    assert (result["status"], result["code"]) == (("applied", None) if opens else ("rejected", "unknown_key"))


def test_a_lost_key_file_loses_nothing(aijan: Phone, settings: Settings) -> None:
    """The drill: phones are told which envelopes could not be opened, seal the same operation again, and it is one."""
    waiting, arrived = aijan.filed(), aijan.filed()
    aijan.sync(arrived)
    lost_too = aijan.envelope(waiting)
    Path(settings.KEY_FILE).unlink()
    keys._unwrapped.cache_clear()
    reply = aijan.post(lost_too).json()
    assert reply["results"] == []
    with pytest.raises(CommandError, match="--key-file-lost"):
        rotate()
    rotate("--key-file-lost")
    assert only(aijan.post(lost_too).json())["code"] == "unknown_key"
    assert only(aijan.sync(waiting))["status"] == "applied"
    assert only(aijan.sync(arrived))["status"] == "duplicate"
    assert Report.objects.count() == 2


def test_a_key_file_that_opens_is_not_given_up(aijan: Phone) -> None:
    with pytest.raises(CommandError, match="still opens"):
        rotate("--key-file-lost")
    assert only(aijan.sync(aijan.filed()))["status"] == "applied"


def test_another_key_file_is_noticed_and_refuses_nothing(aijan: Phone, settings: Settings) -> None:
    Path(settings.KEY_FILE).write_bytes(bytes(32))
    keys._unwrapped.cache_clear()
    assert aijan.post(aijan.envelope(aijan.filed())).json()["results"] == []
    assert not Quarantined.objects.exists()


def test_a_stolen_key_is_marked_and_still_opens_what_phones_hold(aijan: Phone) -> None:
    envelope = aijan.envelope(aijan.filed())
    stolen = SyncKey.objects.get()
    rotate("--stolen")
    stolen.refresh_from_db()
    assert stolen.stolen_at is not None
    assert only(aijan.post(envelope).json())["status"] == "applied"


def test_the_database_alone_opens_nothing(aijan: Phone, settings: Settings) -> None:
    wrapped = bytes(SyncKey.objects.get().wrapped or b"")
    file = Path(settings.KEY_FILE)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes() not in wrapped
    with pytest.raises(ValueError):
        load_der_private_key(wrapped[12:], password=None)


def test_a_start_makes_the_first_key_and_no_other(db: None) -> None:
    assert "fingerprint" in rotate("--if-none")
    assert rotate("--if-none") == ""
    assert SyncKey.objects.count() == 1


@pytest.mark.parametrize("wrong", [None, bytes(32), b"short"], ids=["missing", "another", "damaged"])
def test_a_start_takes_no_key_for_one_that_cannot_be_unwrapped_and_replaces_none(
    db: None, settings: Settings, wrong: bytes | None
) -> None:
    rotate()
    file = Path(settings.KEY_FILE)
    right = file.read_bytes()
    file.unlink() if wrong is None else file.write_bytes(wrong)
    keys._unwrapped.cache_clear()
    with pytest.raises(CommandError, match="rotate_sync_key --key-file-lost"):
        rotate("--if-none")
    assert SyncKey.objects.exclude(wrapped=None).count() == 1
    file.write_bytes(right)
    assert rotate("--if-none") == ""


def test_a_start_makes_a_key_where_the_last_one_was_given_up(db: None) -> None:
    rotate()
    SyncKey.objects.update(wrapped=None)
    assert "fingerprint" in rotate("--if-none")
    assert keys.is_there()


@pytest.mark.parametrize(("which", "packing"), [("", b"\1"), ("_plain", b"\0")], ids=["compressed", "plain"])
def test_the_vector_opens(which: str, packing: bytes) -> None:
    vector = json.loads((ROOT / "tests" / "vectors" / "sealed.json").read_text())
    private = ec.derive_private_key(int(vector["private"], 16), ec.SECP256R1())
    envelope = bytes.fromhex(vector["envelope" + which])
    assert SUITE.decrypt(envelope[5:], private, info=b"aryk operation 1" + envelope[1:5])[:1] == packing
    assert unseal(envelope, lambda _: private).decode() == vector["opened"]
    assert digest_of(envelope).hex() == vector["digest" + which]


def test_the_vectors_fingerprint_is_the_one_that_is_printed_on_posters() -> None:
    vector = json.loads((ROOT / "tests" / "vectors" / "sealed.json").read_text())
    public = base64.urlsafe_b64decode(vector["public"] + "=")
    assert keys.fingerprint(public) == vector["fingerprint"]
