"""Limits, not loss: whoever floods is asked to come later, everybody else goes on, and what was kept back arrives in the end."""

import os
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone
from pytest_django import Settings

from reporting.cases.models import Report
from reporting.people.models import Profile
from reporting.sync.models import Operation, Quarantined
from reporting.sync.sealing import MAX_ENVELOPE
from tests.phones import Phone, b64


def statuses(phone: Phone, *envelopes: bytes, bearer: str | None = "") -> list[str]:
    return [result["status"] for result in phone.post(*envelopes, bearer=bearer).json()["results"]]


def test_a_flood_from_one_profile_is_later_and_nobody_else_s(
    aijan: Phone, eve_phone: Phone, settings: Settings
) -> None:
    settings.OPERATIONS_PER_HOUR = 3
    flood = [aijan.envelope(aijan.filed()) for _ in range(5)]
    assert statuses(aijan, *flood) == ["applied"] * 3
    refused = aijan.post(*flood)
    assert (refused.status_code, refused.json()["code"]) == (429, "later")
    assert int(refused["Retry-After"]) > 0
    assert aijan.post().status_code == 200
    assert statuses(eve_phone, eve_phone.envelope(eve_phone.filed())) == ["applied"]
    Operation.objects.update(received_at=timezone.now() - timedelta(hours=2))
    assert statuses(aijan, *flood) == ["duplicate"] * 3 + ["applied"] * 2
    assert Report.objects.count() == 6


def test_a_carrier_is_told_to_try_again_for_the_one_who_floods(
    aijan: Phone, eve_phone: Phone, settings: Settings
) -> None:
    settings.OPERATIONS_PER_HOUR = 1
    there = aijan.envelope(aijan.filed())
    aijan.post(there)
    carried = there, aijan.envelope(aijan.filed()), eve_phone.envelope(eve_phone.filed())
    assert statuses(aijan, *carried, bearer=None) == ["accepted", "try_again", "accepted"]


def test_other_words_under_one_id_are_one_more_each(aijan: Phone, eve_phone: Phone, settings: Settings) -> None:
    """Also when a carrier brings them; what is kept already comes again and again and is told the same."""
    settings.OPERATIONS_PER_HOUR = 3
    operation = aijan.filed()
    aijan.sync(operation)
    changed = [
        aijan.envelope(operation | {"body": operation["body"] | {"text": f"Other words {n}."}}) for n in range(6)
    ]
    assert statuses(aijan, *changed[:1] * 4) == ["rejected"] * 4
    assert statuses(eve_phone, *changed) == ["accepted"] * 2
    assert statuses(aijan, *changed, bearer=None) == ["accepted"] * 2 + ["try_again"] * 4
    assert aijan.post(changed[5]).status_code == 429
    assert Quarantined.objects.count() == 2
    Quarantined.objects.update(received_at=timezone.now() - timedelta(hours=2))
    assert statuses(aijan, changed[5]) == ["rejected"]


def test_a_village_behind_one_address_is_not_held_up(settings: Settings, aijan: Phone) -> None:
    """Nothing is counted by address: two hundred phones and one carrier for them all."""
    phones = [Phone() for _ in range(200)]
    envelopes = [phone.envelope(phone.filed()) for phone in phones]
    assert statuses(aijan, *envelopes[:100]) == ["accepted"] * 100
    assert statuses(aijan, *envelopes[100:]) == ["accepted"] * 100
    assert Report.objects.count() == 200


def test_too_many_new_profiles_wait_and_those_known_go_on(aijan: Phone, eve_phone: Phone, settings: Settings) -> None:
    aijan.sync()
    settings.NEW_PROFILES_PER_HOUR = 1
    refused = eve_phone.post()
    assert (refused.status_code, refused.json()["code"]) == (429, "later")
    there = aijan.envelope(aijan.filed())
    assert statuses(aijan, there) == ["applied"]
    assert Profile.objects.count() == 1
    carried = eve_phone.envelope(eve_phone.filed()), there
    assert statuses(eve_phone, *carried, bearer=None) == ["try_again", "accepted"]


def test_rubbish_does_not_fill_the_quarantine(aijan: Phone, settings: Settings) -> None:
    settings.NOBODYS_MOST = 3
    assert statuses(aijan, b"\1a", b"\1b") == ["rejected"] * 2
    forged = [aijan.envelope(aijan.filed()), aijan.envelope(aijan.filed(), write=b64(bytes(32)))]
    assert statuses(aijan, *forged) == ["applied", "rejected"]
    assert statuses(aijan, b"\2c", aijan.envelope(aijan.filed(), write=b64(bytes(32)))) == []
    assert Quarantined.objects.count() == 3
    assert statuses(aijan, aijan.envelope(aijan.filed())) == ["applied"]


def test_of_what_is_too_long_for_an_envelope_the_beginning_is_kept(aijan: Phone) -> None:
    rubbish = b"\1" + os.urandom(700_000)
    (told,) = aijan.post(rubbish).json()["results"]
    kept = Quarantined.objects.get()
    assert (told["code"], told["detail"]) == ("unreadable", kept.detail)
    assert f"its first {MAX_ENVELOPE} bytes are kept" in kept.detail
    assert (bytes(kept.raw or b""), bytes(kept.digest)) == (rubbish[:MAX_ENVELOPE], sha256(rubbish).digest())


def test_a_full_quarantine_does_not_keep_phones_from_sealing_again(aijan: Phone, settings: Settings) -> None:
    settings.NOBODYS_MOST = 1
    statuses(aijan, b"\1a")
    stranger = b"\1\0\0\0\0" + aijan.envelope(aijan.filed())[5:]
    told = aijan.post(stranger, b"\2c").json()["results"]
    assert [(result["digest"], result["code"]) for result in told] == [(sha256(stranger).hexdigest(), "unknown_key")]
    assert statuses(aijan, stranger, bearer=None) == ["try_again"]
    assert Quarantined.objects.count() == 1
