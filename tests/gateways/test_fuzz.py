"""Whatever a gateway signs, in any shape: never a fault, and what is no SMS of ours is refused in words or kept for a person."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reporting.gateways.models import Part
from reporting.sync.models import Partial, Quarantined
from tests.phones import JSON, Phone
from tests.sync.test_fuzz import BOUNDED
from tests.texting import NUMBER, Gateway, form, sms

SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/"
NUMBERS = st.integers() | st.sampled_from([2**31, 2**63, 10**400, 1e308]) | st.floats()
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=40) | st.sampled_from(["\0", "\ud800", NUMBER])
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
)
FIELDS = ("number", "text", "ref", "part", "parts")


def answered(gateway: Gateway, body: JSON | bytes) -> Any:
    """A signed request got past the 401, and met no fault."""
    response = gateway.post(body)
    assert response.status_code in {200, 400, 413}, response.content
    return response


@BOUNDED
@given(body=st.binary(max_size=200) | TREES.map(lambda tree: json.dumps(tree).encode()))
def test_any_body_that_is_signed_gets_an_answer(gateway: Gateway, body: bytes) -> None:
    answered(gateway, body)


@BOUNDED
@given(spoiled=st.dictionaries(st.sampled_from(FIELDS), TREES, max_size=3), left_out=st.sampled_from(("", *FIELDS)))
def test_any_field_of_an_sms_that_is_signed_gets_an_answer(gateway: Gateway, spoiled: JSON, left_out: str) -> None:
    body = {"number": NUMBER, "text": "ARYK1A", "ref": 7, "part": 1, "parts": 2} | spoiled
    answered(gateway, {name: value for name, value in body.items() if name != left_out})


@BOUNDED
@given(
    text=st.text(min_size=1, max_size=320) | st.text(SYMBOLS, max_size=310).map(lambda symbols: f"ARYK1{symbols}"),
    place=st.none() | st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(1, 4)),
)
def test_any_text_that_is_signed_is_refused_in_words_or_kept(
    gateway: Gateway, text: str, place: tuple[int, int, int] | None
) -> None:
    body: JSON = {"number": NUMBER, "text": text}
    if place is not None:
        body |= dict(zip(("ref", "part", "parts"), place, strict=True))
    if answered(gateway, body).status_code == 200:
        assert Quarantined.objects.exists() or Part.objects.exists()


@BOUNDED
@given(data=st.data())
def test_any_content_that_is_sealed_and_signed_opens_a_case_or_is_kept(
    gateway: Gateway, aijan: Phone, data: st.DataObject
) -> None:
    content = bytearray(form(aijan, aijan.filed({"about_office": "okmotu"})))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=3)):
        content[place] = data.draw(st.integers(0, 255))
    sealed = bytes(content) if data.draw(st.booleans()) else data.draw(st.binary(min_size=24, max_size=120))
    kept = Quarantined.objects.count() + Partial.objects.count()
    assert answered(gateway, {"number": NUMBER, "text": sms(sealed)}).status_code == 200
    assert Quarantined.objects.count() + Partial.objects.count() == kept + 1
