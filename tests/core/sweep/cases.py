"""What the tests of sweeps have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.sweep.axis import Axis
from toygrad.core.sweep.cell import CellResult
from toygrad.core.sweep.fields import CellRecipe
from toygrad.core.sweep.sweep import Sweep
from toygrad.datasets import DataChoice


def sweep(*over: str, hidden: tuple[int, ...] = (3,), **options: Any) -> Sweep:
    """A small sweep of 60 samples of the circle; settings of the training are keywords too."""
    own = {name: options.pop(name) for name in ("n_seeds", "epochs", "curves") if name in options}
    data = DataChoice(n_samples=60)
    base = CellRecipe(data, NetworkSpec(hidden=hidden), TrainingConfig(**options))
    return Sweep(base, tuple(map(Axis.parse, over)), **{"epochs": 3, **own})


def numbers(results: Iterable[CellResult]) -> dict[int, tuple[Any, ...]]:
    """All that is to be the same however a cell is run, to the bit."""
    return {
        r.cell: (
            *(r.train_loss.hex(), r.test_loss.hex(), r.train_accuracy, r.test_accuracy),
            *(r.epochs, r.steps, r.engine, r.diverged, r.failed, r.seed, r.hidden, r.recipe),
        )
        for r in results
    }
