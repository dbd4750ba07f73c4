"""The record adds up, and the next run goes on where the last one ended."""

import re

from deploy.local import chaos


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
    assert chaos._next_seed() > chaos.TESTED_FROM + 100
