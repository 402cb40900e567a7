"""Case: a snapshot with what its causes are found in, each measured once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..training.replica import Replica
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays
from .layers import LayerHealth
from .progress import Progress

# A sigmoid passes on at most a quarter of a gradient, and its weight less than that: five layers
# make a thousandth (Hochreiter 1991; Glorot & Bengio 2010, section 4.2).
VANISHING_SHARE, LEFT_BEHIND, DEEP = 5e-3, 0.05, 3
ADAPTIVE = ("rmsprop", "adam", "adamw")
# Up to so many parameters a gradient of so many samples is quick.
MANY_PARAMETERS, MOST_ROWS = 20_000, 200


@dataclass(frozen=True, eq=False)
class Case:
    """What is known of a run at one instant."""

    snapshot: Snapshot
    layers: tuple[LayerHealth, ...]
    progress: Progress

    @property
    def is_stuck(self) -> bool:
        """Whether it does not get there, and is not on its way."""
        return not self.progress.is_there and self.progress.is_resting

    @cached_property
    def has_vanished(self) -> bool:
        """Whether hardly any gradient reaches layer 1, and nothing makes up for it."""
        first, last = self.layers[0].update_ratio, self.layers[-1].update_ratio
        # Adam and its kin do.
        is_adaptive = self.snapshot.training.optimizer in ADAPTIVE
        if len(self.layers) <= DEEP or (is_adaptive and first >= last * LEFT_BEHIND):
            return False
        return 0.0 < self.share_of_gradient < VANISHING_SHARE

    @cached_property
    def share_of_gradient(self) -> float:
        """How much of the last layer's gradient reaches layer 1.

        Of the samples with the larger targets alone: with all of them the last layer's is 0 where a
        network puts out their mean, and a batch may have none.
        """
        snapshot = self.snapshot
        gradients = snapshot.gradients
        if len(snapshot.parameters) <= MANY_PARAMETERS:
            rows = snapshot.train_rows[:MOST_ROWS]
            targets = snapshot.dataset.targets[rows]
            gradients = Replica(snapshot).gradient_of(rows[targets >= targets.mean()])
        arrays = layer_arrays(snapshot.sizes, gradients)
        first, last = (
            math.sqrt(float(np.mean(np.square(np.concatenate([weight.ravel(), bias])))))
            for weight, bias in (arrays[0], arrays[-1])
        )
        return first / last if last else 0.0
