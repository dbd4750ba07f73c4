"""Seeds are handed out in order, and what is enough is decided in one place."""

from typing import Any

from deploy.local.worlds import Lived, Wish


def life(seed: int, operations: int = 100, **faults: int) -> dict[str, Any]:
    return {"seed": seed, "operations": operations, "faults": faults, "kinds": ["evicted", "later"]}


def test_seeds_end_when_enough_was_lived_through() -> None:
    lived = Lived(Wish(first=7, operations=150))
    assert [lived.take(), lived.take()] == [7, 8]
    lived.add(life(8, evicted=1, later=1))
    assert lived.take() == 9
    lived.add(life(7))
    assert lived.take() is None
    assert (lived.last, lived.operations, lived.missed) == (9, 200, [])


def test_it_goes_on_while_a_kind_of_fault_never_struck() -> None:
    lived = Lived(Wish(first=1, operations=100))
    lived.add(life(1, evicted=3))
    assert lived.missed == ["later"]
    assert lived.take() == 1
    lived.add(life(2, operations=300))
    assert lived.take() is None
    assert Lived(Wish(first=1, operations=0, without=("later",))).take() is None


def test_nothing_begins_after_a_broken_promise() -> None:
    lived = Lived(Wish(first=1, seeds=5))
    assert lived.take() == 1
    lived.add({"seed": 1, "broken": "a report is gone"})
    assert lived.take() is None
    assert (lived.operations, lived.broken) == (0, {1: "a report is gone"})
