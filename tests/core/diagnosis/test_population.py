"""A small population: few false alarms, and most illnesses named.

`tests/benchmarks/diagnosis.py` measures a large one, of other seeds.
"""

from __future__ import annotations

from tests.core.diagnosis.population import (
    ILLNESSES,
    Tally,
    healthy_runs,
    ill_runs,
)

SEED = 5


def test_a_healthy_population_is_left_in_peace() -> None:
    tally = Tally()
    for case, seen in healthy_runs(SEED, 10):
        tally.add(case, seen)
    assert tally.snapshots == 200
    assert tally.alarms <= 0.02 * tally.snapshots
    assert tally.well >= 0.8 * tally.snapshots


def test_an_ill_population_is_named() -> None:
    tally = Tally()
    n = len(ILLNESSES)
    for case, seen in ill_runs(SEED, n):
        tally.add(case, seen)
    assert sum(tally.runs.values()) == n
    assert sum(tally.right.values()) == n
