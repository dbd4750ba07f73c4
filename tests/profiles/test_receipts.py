"""Promise 2: a receipt is valid before and after sync, and survives being written down and read out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.people.receipts import encode, grouped, parse

FIFTY_BITS = st.integers(min_value=0, max_value=2**50 - 1)


@given(FIFTY_BITS)
def test_a_receipt_reads_back_however_it_was_grouped_or_cased(number: int) -> None:
    receipt = encode(number)
    assert len(receipt) == 11
    assert parse(receipt) == parse(grouped(receipt).lower()) == receipt


@given(FIFTY_BITS, st.integers(min_value=0, max_value=9), st.integers(min_value=1, max_value=31))
def test_one_wrong_symbol_is_noticed(number: int, place: int, by: int) -> None:
    shift = 5 * (9 - place)
    wrong = number ^ (by << shift)
    assert parse(encode(wrong)[:10] + encode(number)[10]) is None


@pytest.mark.parametrize("text", ["", "0", "ILO", "0000000000", "000000000000", "ъъъъъъъъъъъ", "UUUUUUUUUU0"])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    assert parse(text) is None


CYRILLIC = str.maketrans("ABCEHKMPTXY0", "АВСЕНКМРТХУО")


@given(FIFTY_BITS)
def test_a_receipt_is_read_from_a_cyrillic_keyboard(number: int) -> None:
    receipt = encode(number)
    assert parse(receipt.translate(CYRILLIC)) == parse(receipt.lower().translate(CYRILLIC)) == receipt


def test_look_alikes_are_read_as_what_was_meant() -> None:
    assert parse("oooooooooo0") == encode(0)


@pytest.mark.parametrize("number", [-1, 2**50])
def test_only_fifty_bits_make_a_receipt(number: int) -> None:
    with pytest.raises(ValueError, match="50 bits"):
        encode(number)
