"""What released phones hold in their outboxes is taken in, byte for byte, for 24 months after the last such release: one of each kind."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.saying import ROOT
from reporting.places.models import Place
from reporting.sync import keys
from reporting.sync.ledger import accept_all
from reporting.sync.models import Operation
from reporting.sync.operations import OPERATIONS
from tests.given import MONDAY
from tests.valley import Valley

DUMPS = ROOT / "frontend/tests/store/golden"
SEALED = json.loads((ROOT / "tests/vectors/sealed.json").read_text())
VILLAGE = "41705214848010"
FROZEN = sorted([*DUMPS.glob("step-*.json"), *DUMPS.glob("locked-*.json")])


def envelopes(dump: Path) -> list[bytes]:
    """All sealed operations of a dump's profile, in the order in which they were said."""
    stores = [store for database in json.loads(dump.read_text()) for store in database["stores"]]
    rows = [row["value"] for store in stores if store["name"] == "operations" for row in store["rows"]]
    rows.sort(key=lambda row: int(row["seq"]))
    return [base64.b64decode(row["envelope"].get("$bytes") or row["envelope"]["$buffer"]) for row in rows]


@pytest.fixture(autouse=True)
def _where_they_were_said(valley: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    Place.objects.filter(pk=valley.village.pk).update(code=VILLAGE)
    private = ec.derive_private_key(int(SEALED["private"], 16), ec.SECP256R1())
    monkeypatch.setattr(keys, "private_key", lambda key_id: private if key_id.hex() == SEALED["key_id"] else None)


@pytest.mark.parametrize("dump", FROZEN, ids=lambda dump: dump.stem)
def test_each_is_taken_in_or_waits_for_what_it_is_about(dump: Path) -> None:
    results = accept_all(envelopes(dump), reader=None, at=MONDAY)
    bad = [(one.status, one.code, one.detail) for one in results if one and one.code]
    assert bad == []
    assert Operation.objects.count() == len(results) > 4


def test_there_is_one_of_each_kind() -> None:
    accept_all([one for dump in FROZEN for one in envelopes(dump)], reader=None, at=MONDAY)
    assert set(Operation.objects.values_list("type", flat=True)) == set(OPERATIONS)
