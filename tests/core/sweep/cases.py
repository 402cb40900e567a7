"""What the tests of sweeps have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.diagnosis.result import as_line
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


def numbers(results: Iterable[CellResult | bytes]) -> dict[int, dict[str, Any]]:
    """All that is to be the same however a cell is run, to the bit: a number has all its digits."""
    lines = (json.loads(r if isinstance(r, bytes) else as_line(r)) for r in results)
    return {
        line["cell"]: {key: value for key, value in line.items() if "second" not in key}
        for line in lines
    }
