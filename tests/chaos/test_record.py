"""The record adds up, and the next run goes on where the last one ended."""

import re
from collections import Counter
from pathlib import Path

import pytest

from deploy.local import chaos
from deploy.local.worlds import Lived, Wish


def test_the_total_is_the_sum_of_the_runs_on_record() -> None:
    text = chaos.RECORD.read_text()
    runs = [int(count.replace(",", "")) for *_, count in chaos.ROW.findall(text)]
    total = chaos.HEAD.search(text)
    assert total is not None
    assert int(total[1].replace(",", "")) == sum(runs)
    assert len(runs) == len(re.findall(r"^\| \d{4}-", text, re.MULTILINE))


def test_no_seed_is_counted_twice() -> None:
    seeds = [
        seed
        for first, last, _ in chaos.ROW.findall(chaos.RECORD.read_text())
        for seed in range(int(first), int(last) + 1)
    ]
    assert len(seeds) == len(set(seeds))
    assert chaos._next_seed() > max(seeds, default=0)
    assert chaos._next_seed() > chaos.TESTED.first + 100


@pytest.mark.parametrize("broke", [True, False])
def test_lives_that_held_are_counted_and_one_that_did_not_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broke: bool
) -> None:
    before = chaos.RECORD.read_text()
    record = tmp_path / "chaos.md"
    record.write_text(before)
    monkeypatch.setattr(chaos, "RECORD", record)
    monkeypatch.setattr(chaos, "ROOT", tmp_path)
    first = chaos._next_seed()
    lived = Lived(Wish(first), next=3, operations=1_234, faults=Counter(evicted=2))
    lived.broken = {first + 1: "a report is gone"} if broke else {}
    chaos._write_down(lived)
    after = record.read_text()
    assert (f"seed {first + 1}: a report is gone" in after.split("## On record")[0]) == broke
    assert f"| {first}–{first + 2} | 1,234 | {'1 broke | see above' if broke else '0 | 0'} |" in after
    assert chaos._next_seed() == first + 3
    old, new = (int(chaos.HEAD.findall(text)[0].replace(",", "")) for text in (before, after))
    assert new == old + 1_234
