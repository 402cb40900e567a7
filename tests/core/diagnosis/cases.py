"""Cases made by hand: a snapshot with any progress and any numbers of its layers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from toygrad.core.diagnosis.case import Case
from toygrad.core.diagnosis.layers import LayerHealth
from toygrad.core.diagnosis.progress import Progress
from toygrad.core.training.units import LayerActivity

if TYPE_CHECKING:
    from tests.core.conftest import Make
    from toygrad.core import Snapshot

# A loss at rest, halfway to what can be reached.
AT_REST = Progress(
    constant=0.5,
    level=0.5,
    skill=0.4,
    usual_skill=0.4,
    test_skill=0.4,
    reachable=1.0,
    points=100,
    fall=0.0,
    late_fall=0.0,
    noise=0.01,
    jumps=0.0,
    late_share=0.5,
    peak=1.0,
)
Changes = dict[str, Any]


class Bench:
    """Makes cases from one snapshot, each with some numbers changed."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._snapshots: dict[tuple[object, ...], Snapshot] = {}

    def snapshot(self, hidden: tuple[int, ...], activation: str) -> Snapshot:
        key = hidden, activation
        if key not in self._snapshots:
            run = self._make("circle", hidden, activation=activation)
            run.advance()
            self._snapshots[key] = run.snapshot(grid=(1, 1))
        return self._snapshots[key]

    def case(self, changes: Changes) -> Case:
        """A case.

        Args:
            changes: Of a `Progress`, of the training settings, of every layer (`update`,
                `gradient`, `dead`, `saturated`; a tuple has one for each), of the snapshot
                (`step`, `learning_rate`, `term`, `scale` of the weights, `tests`, `test_loss`),
                `hidden`, `activation`, and `share` of the gradient that reaches layer 1.
        """
        changes = dict(changes)
        take = changes.pop
        snapshot = self.snapshot(take("hidden", (8, 8)), take("activation", "tanh"))
        n_layers = len(snapshot.sizes) - 1
        columns = [
            _each(take(name, usual), n_layers)
            for name, usual in (("gradient", 0.1), ("update", 0.01), ("dead", 0.0))
        ]
        flat = _each(take("saturated", 0.0), n_layers)
        layers = tuple(
            LayerHealth(f"layer {k}", gradient, update, LayerActivity(0.0, 1.0, dead, saturated))
            for k, (gradient, update, dead, saturated) in enumerate(
                zip(*columns, flat, strict=True), 1
            )
        )
        fields = set(Progress.__dataclass_fields__)
        progress = replace(AT_REST, **{k: take(k) for k in list(changes) if k in fields})
        evaluation = replace(
            snapshot.evaluation,
            regularization_term=take("term", 0.0),
            test_loss=take("test_loss", 0.5),
        )
        tests = take("tests", None)
        curves = snapshot.curves
        if tests is not None:
            low = np.full((len(tests), curves.low.shape[1]), np.nan)
            low[:, 1] = tests
            curves = replace(curves, low=low, epochs=np.arange(float(len(tests))))
        share = take("share", None)
        snapshot = replace(
            snapshot,
            step=take("step", 1000),
            learning_rate=changes.get("learning_rate", 0.03),
            parameters=snapshot.parameters * take("scale", 1.0),
            evaluation=evaluation,
            curves=curves,
            training=replace(snapshot.training, **changes),
        )
        case = Case(snapshot, layers, progress)
        if share is not None:
            # A cached property: what is there is not computed.
            case.__dict__["share_of_gradient"] = share
        return case


def _each(value: Any, count: int) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,) * count
