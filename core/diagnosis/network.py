"""Findings: what is wrong with a network, and what to try, each in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..training.history import CURVES
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays
from .layers import (
    DEAD_SHARE,
    EXPLODING_LAYER_GRADIENT,
    LARGE_UPDATE_RATIO,
    SATURATED_LAYER_SHARE,
    SMALL_GRADIENT,
    SMALL_UPDATE_RATIO,
    VANISHING_LAYER_SHARE,
    LayerHealth,
    layer_health,
)

# The reverse of `VANISHING_LAYER_SHARE` (Pascanu et al. 2013, section 2.2).
EXPLODING_LAYER_SHARE = 1e3
# Neurons that begin alike stay alike (Goodfellow et al. 2016, section 8.4).
ALIKE = 1e-12
# How far the test loss is above its minimum, and above the training loss.
OVERFIT_RISE, OVERFIT_GAP = 1.25, 2.0
# The share of the first loss that is left where almost nothing was learned.
UNLEARNED = 0.8

Layers = tuple[LayerHealth, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        word: The problem in a word: vanishing, exploding, dead, ...
        sentence: What was seen, and what to try.
    """

    word: str
    sentence: str


def findings(snapshot: Snapshot) -> tuple[Finding, ...]:
    """What is wrong with a network that has taken a step, the most informative first."""
    if not snapshot.step or snapshot.failure is not None:
        return ()
    layers = layer_health(snapshot)
    with np.errstate(all="ignore"):
        return tuple(
            Finding(word, sentence)
            for word, find in _FINDERS.items()
            for sentence in find(snapshot, layers)
        )


# From here on a percentage is written with an exponent.
_HUGE_SHARE = 1e4


def _alike(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    arrays = layer_arrays(snapshot.sizes, snapshot.parameters)
    for layer, (weight, bias) in zip(layers[:-1], arrays[:-1], strict=True):
        columns = np.vstack([weight, bias])
        if columns.shape[1] > 1 and np.all(np.abs(columns - columns[:, :1]) <= ALIKE):
            yield (
                f"All neurons of {layer.name} are identical and get the same gradient, so they "
                "stay identical. Choose another initializer than zeros, then draw new initial "
                "weights."
            )
            return


def _dead(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    worst = max(layers, key=lambda layer: layer.activity.dead)
    if worst.activity.dead >= DEAD_SHARE:
        yield (
            f"{_percent(worst.activity.dead)} of the relu units in {worst.name} output 0 for every "
            "sample and pass no gradient. Reset with a smaller learning rate, or try leaky relu."
        )


def _saturated(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    for layer in layers[:-1]:
        if layer.activity.saturated > SATURATED_LAYER_SHARE:
            yield (
                f"{_percent(layer.activity.saturated)} of {layer.name}'s outputs lie on the flat "
                "ends of its activation, where almost no gradient passes. Reset with a smaller "
                "learning rate, or try relu."
            )
            return


def _exploding(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    first, last = layers[0].gradient, layers[-1].gradient
    largest = max(layers, key=lambda layer: layer.gradient)
    if first > last * EXPLODING_LAYER_SHARE > 0.0 or largest.gradient > EXPLODING_LAYER_GRADIENT:
        compared = f", and layer 1's is {first / last:.0e} times the last layer's" if last else ""
        other = ", or use the xavier initializer" if last else ""
        yield (
            f"The gradient of {largest.name} is {largest.gradient:.0e}{compared}. "
            f"Lower the learning rate{other}."
        )


def _too_large(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    worst = max(layers, key=lambda layer: layer.update_ratio)
    if worst.update_ratio > LARGE_UPDATE_RATIO:
        yield (
            f"The last step changed {worst.name} by {_percent(worst.update_ratio)} of its size: "
            "the learning rate is too large. Lower it."
        )


def _vanishing(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    first, last = layers[0].gradient, layers[-1].gradient
    if 0.0 < first < last * VANISHING_LAYER_SHARE and last > SMALL_GRADIENT:
        yield (
            f"Layer 1 gets only {first / last:.0e} of the last layer's gradient. Try relu, fewer "
            "layers, or the xavier initializer."
        )


def _too_small(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    epochs = snapshot.curves.mean[:, CURVES.index("train_loss")]
    moves = max(layer.update_ratio for layer in layers)
    has_gradient = max(layer.gradient for layer in layers) > SMALL_GRADIENT
    if (
        0.0 < moves < SMALL_UPDATE_RATIO
        and has_gradient
        and len(epochs)
        and snapshot.evaluation.train_loss > UNLEARNED * epochs[0]
    ):
        yield (
            f"A step changes no layer by more than {moves:.0e} of its size, and the loss has "
            "hardly fallen: the learning rate is too small. Raise it."
        )


def _overfitting(snapshot: Snapshot, layers: Layers) -> Iterator[str]:
    tests = snapshot.curves.low[:, CURVES.index("test_loss")]
    tests = tests[np.isfinite(tests)]
    now = snapshot.evaluation
    if (
        len(tests)
        and now.test_loss > OVERFIT_RISE * tests.min()
        and now.test_loss > OVERFIT_GAP * now.train_loss
    ):
        yield (
            f"The test loss rose from {tests.min():.3g} to {now.test_loss:.3g}, while the training "
            f"loss is {now.train_loss:.3g}. Try l2 regularization, fewer neurons or "
            "more samples."
        )


def _percent(share: float) -> str:
    return f"{100.0 * share:{'.0f' if share < _HUGE_SHARE else '.0e'}} %"


_FINDERS: dict[str, Callable[[Snapshot, Layers], Iterator[str]]] = {
    "alike": _alike,
    "dead": _dead,
    "saturated": _saturated,
    "exploding": _exploding,
    "too large": _too_large,
    "vanishing": _vanishing,
    "too small": _too_small,
    "overfitting": _overfitting,
}
