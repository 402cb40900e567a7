"""Snapshots at the edge of what the engine may give: what is drawn has to live with all of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.core.training.history import CURVES, Curves, History
from toygrad.core.training.snapshot import TrainingFailure
from toygrad.datasets import Dataset

LEAST, GREATEST = 5e-324, 1.7976931348623157e308
NUMBERS = (0.0, -0.0, 1.0, LEAST, -LEAST, 1e308, GREATEST, -GREATEST, math.inf, -math.inf, math.nan)
SIZES = (
    *((1, 1), (2, 2), (3, 9), (10, 3), (20, 5), (59, 15), (60, 16), (61, 30), (80, 24), (80, 60)),
    *((99, 16), (100, 30), (120, 40), (150, 16), (150, 46), (250, 80)),
)
Settings = tuple[NetworkSpec, Dataset, TrainingConfig]


def table(n: int, columns: int, classes: int = 0, scale: float = 1.0) -> Dataset:
    """Some samples, of classes or with numbers for targets, in a view where there may be one."""
    rng = np.random.default_rng(n * columns)
    labels = (np.arange(n) % max(classes, 1)).astype(np.float64)
    targets = labels if classes else rng.normal(size=n) * scale
    return Dataset(
        name="table",
        points=rng.uniform(-1.0, 1.0, (n, columns)) * scale,
        targets=2.0 * targets - 1.0 if classes == 2 else targets,
        columns=tuple(f"x{k}" for k in range(columns)),
        classes=tuple(f"class {k}" for k in range(classes)),
        task="classification" if classes else "regression",
        domain=(-scale, scale) if columns <= 2 else None,
        input_scale=np.full((), scale),
        target_scale=1.0 if classes else scale,
    )


SETTINGS: dict[str, Settings] = {
    "a plane": (NetworkSpec(), table(40, 2, 2), TrainingConfig()),
    "a line": (NetworkSpec(), table(9, 1), TrainingConfig(train_share=1.0)),
    "two samples": (NetworkSpec(hidden=(1,)), table(2, 2, 2), TrainingConfig()),
    "one sample": (NetworkSpec(hidden=(1,)), table(1, 1), TrainingConfig(train_share=1.0)),
    "100 classes": (NetworkSpec(), table(100, 2, 100), TrainingConfig()),
    "300 columns": (NetworkSpec(), table(12, 300, 3), TrainingConfig()),
    "no hidden layer": (NetworkSpec(hidden=()), table(20, 2, 2), TrainingConfig(loss="hinge")),
    "20 layers": (NetworkSpec(hidden=(2,) * 20, activation="relu"), table(20, 2), TrainingConfig()),
    "huge data": (NetworkSpec(), table(9, 2, scale=1e150), TrainingConfig()),
    "tiny data": (NetworkSpec(), table(9, 1, scale=1e-300), TrainingConfig()),
}


@cache
def session_of(name: str) -> Session:
    session = Session(*SETTINGS[name])
    session.advance(3)
    return session


def snapshot_with(name: str, numbers: tuple[float, ...], grid: tuple[int, int]) -> Snapshot:
    """A snapshot in which whatever may be extreme is.

    Args:
        name: Of the settings.
        numbers: All parameters, gradients, updates and losses are among them, in turn.
        grid: The resolution of the output picture, across and down.
    """
    session = session_of(name)
    flat = session.network.flat_parameters
    kept = flat.copy()
    with np.errstate(all="ignore"):
        try:
            flat[:] = np.resize(numbers, flat.size)
            session._loop.run.learner.parameters_changed()
            snapshot = session.snapshot(grid, (1, 0))
        finally:
            flat[:] = kept
            session._loop.run.learner.parameters_changed()
    first, last = numbers[0], numbers[-1]
    is_lost = not math.isfinite(first)
    return replace(
        snapshot,
        state="diverged" if is_lost else "paused",
        failure=TrainingFailure(3, first, "layer1.weight[0,0]", abs(last)) if is_lost else None,
        gradients=np.resize(numbers, flat.size),
        updates=np.resize(numbers[::-1], flat.size),
        batch_loss=first,
        learning_rate=_rate(abs(last)),
        steps_per_second=_rate(abs(first)),
        evaluation=replace(snapshot.evaluation, train_loss=abs(first), test_loss=abs(last)),
        curves=curves_through(numbers),
    )


def _rate(number: float) -> float:
    """A learning rate or a speed is finite, and may be 0."""
    return number if math.isfinite(number) else 0.0


def curves_through(numbers: tuple[float, ...], step: int = 1) -> Curves:
    """Curves that go through some numbers, with gaps where they are not finite."""
    history = History()
    for k, number in enumerate(numbers):
        history.append(k * step, (abs(number),) * (len(CURVES) - 2) + (0.5, math.nan), k)
    history.mark(0.0, f"learning rate {numbers[0]:g}")
    return history.curves()


def all_numbers() -> Iterator[tuple[float, ...]]:
    """Each number alone, and all together."""
    yield from ((number,) for number in NUMBERS)
    yield NUMBERS
    yield (1.0, math.nan, math.nan, 2.0, math.nan, 0.0)


TABLES: dict[str, str] = {
    "two samples": "x,y\n1,2.5\n2,3.5\n",
    "wide names": f"{'犬' * 100},{'é' * 99},👩‍👩‍👧,kind\n" + "1,猫,x,a\n2,猫が,y,b\n3,猫,x,a\n" * 4,
    "names that hide": "a\u202eb,\u200b,e\u0301\u0301,[bold]k[/]\n" + "1,2,3,[a]\n2,3,4,$x\n" * 4,
    "huge numbers": "a,b,c\n" + "1e99,-1e99,5e-324\n0,1,2\n-1e99,1e99,1e-300\n" * 3,
    "nearly all missing": "a,b,c\n1,,2.5\n" + ",,\n,,NA\n?,-,3.5\n" * 9,
    "nothing to learn": "a,b\nx,x\n" * 9,
    "256 columns": ",".join(f"c{k}" for k in range(256))
    + "\n"
    + "".join(",".join(str(k * j % 11) for j in range(256)) + "\n" for k in range(9)),
    "a fault in each": "a,b,c\n" + "1,2,3\n2,3,4\n" * 9 + "1x,2y,3z\n",
    "every kind": "id,t,d,u,yes,k,w,y\n"
    + "".join(
        f"{k},{k % 24}:30,0{1 + k % 9}/0{1 + k % 7}/2020,{k} kg,{'yn'[k % 2]},{k}.5K,w{k},{k % 3}\n"
        for k in range(40)
    ),
}
"""Tables of which the list of columns has to show whatever is in them."""
