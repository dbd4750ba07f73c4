"""Promise 1: what a phone lets somebody say is what the server takes. Both read tests/vectors/limits.json."""

import json
from pathlib import Path

from reporting.cases.intake import TELLS_THE_VILLAGE_M
from reporting.people import identities
from reporting.sync.operations import MAX_MEDIA, MAX_REASON, MAX_RECORDINGS, MAX_TEXT

VECTOR = Path(__file__).parents[1] / "vectors" / "limits.json"


def test_the_server_takes_what_a_phone_lets_somebody_say() -> None:
    assert json.loads(VECTOR.read_text()) == {
        "text": MAX_TEXT,
        "reason": MAX_REASON,
        "identity": identities.MOST,
        "recordings": MAX_RECORDINGS,
        "media": MAX_MEDIA,
        "tells_the_village_m": TELLS_THE_VILLAGE_M,
    }
