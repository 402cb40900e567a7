"""Health: each layer's gradient and update in numbers, and what is wrong in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..autograd.ops import FloatArray
from ..training.history import CURVES
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays
from ..training.units import LayerActivity

# A sigmoid passes on at most a quarter of a gradient, and its weight less than that: five layers
# make a thousandth (Hochreiter 1991; Glorot & Bengio 2010, section 4.2). Networks of this size that
# learn well stay above a twentieth.
VANISHING_LAYER_SHARE = 1e-3
# The other way round (Pascanu et al. 2013, section 2.2).
EXPLODING_LAYER_SHARE = 1e3
EXPLODING_LAYER_GRADIENT = 1e3
# An update of a thousandth of the weights is usual (Karpathy, "makemore" lecture 4); of a fifth of
# them leaves little of what they were.
LARGE_UPDATE_RATIO = 0.2
SMALL_UPDATE_RATIO = 3e-5
# Below this a gradient is too small for any rate of the list.
SMALL_GRADIENT = 1e-4
# A relu that never fires learns no more (Lu et al. 2019, arXiv:1903.06733).
DEAD_SHARE = 0.5
# Sums far out on the flat ends (Glorot & Bengio 2010, section 3).
SATURATED_LAYER_SHARE = 0.8
# Neurons that begin alike stay alike (Goodfellow et al. 2016, section 8.4).
ALIKE = 1e-12
# The test loss has risen so far above its least one, and so far above the training loss.
OVERFIT_RISE, OVERFIT_GAP = 1.25, 2.0
# Of the first loss: so much is left where nearly nothing was learned.
UNLEARNED = 0.8


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """One layer at one instant.

    Attributes:
        name: `layer 1`, or `output`.
        gradient: The root mean square of its gradients.
        update_ratio: |update| / |parameters|.
        activity: What it puts out.
    """

    name: str
    gradient: float
    update_ratio: float
    activity: LayerActivity


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        word: What, in a word: vanishing, exploding, dead, ...
        sentence: What was seen, and what to try.
    """

    word: str
    sentence: str


def layer_health(snapshot: Snapshot) -> tuple[LayerHealth, ...]:
    """Every layer, the first after the inputs first."""
    sizes = snapshot.sizes
    tables = [layer_arrays(sizes, flat) for flat in _vectors(snapshot)]
    names = [*(f"layer {k}" for k in range(1, len(sizes) - 1)), "output"]
    rows = []
    for name, parameters, gradients, updates, activity in zip(
        names, *tables, snapshot.activity, strict=True
    ):
        n = sum(array.size for array in parameters)
        size = _norm(parameters)
        rows.append(
            LayerHealth(
                name=name,
                gradient=_norm(gradients) / float(np.sqrt(n)),
                update_ratio=_norm(updates) / size if size else 0.0,
                activity=activity,
            )
        )
    return tuple(rows)


def _vectors(snapshot: Snapshot) -> tuple[FloatArray, FloatArray, FloatArray]:
    return snapshot.parameters, snapshot.gradients, snapshot.updates


def _norm(arrays: tuple[FloatArray, FloatArray]) -> float:
    with np.errstate(all="ignore"):
        # Not by BLAS: for so few numbers its threads cost more than they save.
        return float(np.sqrt(sum(float(np.square(array).sum()) for array in arrays)))


def findings(snapshot: Snapshot) -> tuple[Finding, ...]:
    """What is wrong with a network that has taken a step, the most telling first."""
    if not snapshot.step or snapshot.failure is not None:
        return ()
    layers = layer_health(snapshot)
    return tuple(finding for look in _LOOKS for finding in look(snapshot, layers))


Layers = tuple[LayerHealth, ...]


def _alike(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    arrays = layer_arrays(snapshot.sizes, snapshot.parameters)
    for layer, (weight, bias) in zip(layers[:-1], arrays[:-1], strict=True):
        columns = np.vstack([weight, bias])
        if columns.shape[1] > 1 and np.all(np.abs(columns - columns[:, :1]) <= ALIKE):
            yield Finding(
                "alike",
                f"All neurons of {layer.name} are alike and get the same gradient, so they stay "
                "one neuron: take another initializer than zeros, then R.",
            )
            return


def _dead(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    worst = max(layers, key=lambda layer: layer.activity.dead)
    if worst.activity.dead >= DEAD_SHARE:
        yield Finding(
            "dead",
            f"{worst.activity.dead:.0%} of {worst.name}'s relus are 0 for every sample and pass no "
            "gradient on: reset with a smaller learning rate, or try leaky relu.",
        )


def _too_large(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    worst = max(layers, key=lambda layer: layer.update_ratio)
    if worst.update_ratio > LARGE_UPDATE_RATIO:
        yield Finding(
            "too large",
            f"The last step moved {worst.name} by {worst.update_ratio:.0%} of its size: the "
            "learning rate is too large. Press [ to lower it.",
        )


def _saturated(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    for layer in layers[:-1]:
        if layer.activity.saturated > SATURATED_LAYER_SHARE:
            yield Finding(
                "saturated",
                f"{layer.activity.saturated:.0%} of what {layer.name} puts out lies on the flat "
                "ends of its activation, where hardly a gradient passes: reset with a smaller "
                "learning rate, or try relu.",
            )
            return


def _vanishing(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    first, last = layers[0].gradient, layers[-1].gradient
    if 0.0 < first < last * VANISHING_LAYER_SHARE and last > SMALL_GRADIENT:
        yield Finding(
            "vanishing",
            f"Layer 1 receives {first / last:.0e} of the last layer's gradient: vanishing. Try "
            "relu, fewer layers, or the xavier initializer.",
        )


def _exploding(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    first, last = layers[0].gradient, layers[-1].gradient
    largest = max(layers, key=lambda layer: layer.gradient)
    if first > last * EXPLODING_LAYER_SHARE > 0.0 or largest.gradient > EXPLODING_LAYER_GRADIENT:
        yield Finding(
            "exploding",
            f"The gradient of {largest.name} is {largest.gradient:.0e}, {first / last:.0e} times "
            "the last layer's at layer 1: exploding. Lower the learning rate with [, or take the "
            "xavier initializer."
            if last
            else f"The gradient of {largest.name} is {largest.gradient:.0e}: exploding. Lower the "
            "learning rate with [.",
        )


def _too_small(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    epochs = snapshot.curves.mean[:, CURVES.index("train_loss")]
    moves = max(layer.update_ratio for layer in layers)
    has_gradient = max(layer.gradient for layer in layers) > SMALL_GRADIENT
    if (
        0.0 < moves < SMALL_UPDATE_RATIO
        and has_gradient
        and len(epochs)
        and snapshot.evaluation.train_loss > UNLEARNED * epochs[0]
    ):
        yield Finding(
            "too small",
            f"A step moves no layer by more than {moves:.0e} of its size, and the loss has hardly "
            "fallen: the learning rate is too small. Press ] to raise it.",
        )


def _overfitting(snapshot: Snapshot, layers: Layers) -> Iterator[Finding]:
    tests = snapshot.curves.low[:, CURVES.index("test_loss")]
    tests = tests[np.isfinite(tests)]
    now = snapshot.evaluation
    if (
        len(tests)
        and now.test_loss > OVERFIT_RISE * tests.min()
        and now.test_loss > OVERFIT_GAP * now.train_loss
    ):
        yield Finding(
            "overfitting",
            f"The test loss has risen from {tests.min():.3g} to {now.test_loss:.3g} while the "
            f"training loss is {now.train_loss:.3g}: overfitting. Try l2 regularization, fewer "
            "neurons or more points.",
        )


_LOOKS: tuple[Callable[[Snapshot, Layers], Iterator[Finding]], ...] = (
    _alike,
    _dead,
    _saturated,
    _exploding,
    _too_large,
    _vanishing,
    _too_small,
    _overfitting,
)
