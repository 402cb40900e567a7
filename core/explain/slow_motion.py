"""Slow motion: the last step in stages: forward, loss, backward, gradient and update."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..diagnosis.layers import layer_names
from ..diagnosis.step_report import StepReport, before_step, step_report
from ..nn import LOSSES
from ..nn.parameters import element_at
from ..training.sabotage import spoils_gradients
from ..training.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class SlowStep:
    """One step, stage by stage.

    Attributes:
        rows: Its batch, rows of the data set.
        outputs: The network's outputs for them, shape (rows, outputs).
        targets: The outputs they should have, shape (rows, outputs).
        layers: The names of the layers, from the first after the inputs.
        spreads: The standard deviation of each layer's outputs, shape (layers,).
        report: The losses of the batch before and after it, |gradient| and |update|.
        worst: The place in `rows` of the sample with the largest loss.
        worst_loss: Its loss.
        arriving: The derivative of the loss that arrived at each layer: the root mean square of
            the derivatives of each sample's own loss by the layer's outputs, shape (layers,).
        steepest: The name of the parameter with the largest gradient.
        steepest_layer: Its layer; 1 is the first after the inputs.
        steepest_gradient: Its gradient.
        steepest_update: Its update.
        optimizer: What turned the gradient into the update.
        learning_rate: With the schedule's factor and that of the steepest one's layer.
        is_spoiled: Whether a bug has made the gradient wrong.
        names_bugs: Whether that may be said.
    """

    rows: NDArray[np.int64]
    outputs: FloatArray
    targets: FloatArray
    layers: tuple[str, ...]
    spreads: FloatArray
    report: StepReport
    worst: int
    worst_loss: float
    arriving: FloatArray
    steepest: str
    steepest_layer: int
    steepest_gradient: float
    steepest_update: float
    optimizer: str
    learning_rate: float
    is_spoiled: bool
    names_bugs: bool


def slow_step(snapshot: Snapshot) -> SlowStep | None:
    """Repeats the last step of a snapshot in stages; None where `step_report` returns None."""
    report, replica = step_report(snapshot), before_step(snapshot)
    if report is None or replica is None:
        return None
    rows = snapshot.batch_rows
    targets = replica.targets(rows)
    outputs = [Value(replica.inputs(rows), constant=True)]
    with np.errstate(all="ignore"):
        for layer in replica.network.layers:
            outputs.append(layer(outputs[-1]))
        loss = LOSSES[snapshot.loss].on_arrays
        loss(outputs[-1], targets).backward()
        final = np.asarray(outputs[-1].data)
        losses = [float(loss(Value(o[None]), t[None])) for o, t in zip(final, targets, strict=True)]
        spreads = np.array([float(np.std(value.data)) for value in outputs[1:]])
        arriving = np.array([_rms(value.grad) * len(rows) for value in outputs[1:]])
    worst = int(np.argmax(losses))
    place = int(np.argmax(np.abs(snapshot.gradients)))
    steepest = element_at(snapshot.sizes, place)
    factor = snapshot.training.factors_of(steepest.layer)[-1]
    return SlowStep(
        rows=rows,
        outputs=final,
        targets=targets,
        layers=layer_names(snapshot.sizes),
        spreads=spreads,
        report=report,
        worst=worst,
        worst_loss=losses[worst],
        arriving=arriving,
        steepest=steepest.name,
        steepest_layer=steepest.layer,
        steepest_gradient=float(snapshot.gradients[place]),
        steepest_update=float(snapshot.updates[place]),
        optimizer=snapshot.training.optimizer,
        learning_rate=snapshot.learning_rate * factor,
        is_spoiled=spoils_gradients(snapshot.training.mistakes),
        names_bugs=not snapshot.training.hidden_sabotage,
    )


def _rms(numbers: object) -> float:
    return float(np.sqrt(np.mean(np.square(np.asarray(numbers, dtype=np.float64)))))
