"""Layer verdicts: what is wrong with each layer, in a word."""

from __future__ import annotations

import math

from .network import (
    DEAD_SHARE,
    EXPLODING_LAYER_GRADIENT,
    LARGE_UPDATE_RATIO,
    SATURATED_LAYER_SHARE,
    SMALL_GRADIENT,
    SMALL_UPDATE_RATIO,
    VANISHING_LAYER_SHARE,
    LayerHealth,
)

OK = "ok"


def layer_verdicts(layers: tuple[LayerHealth, ...]) -> tuple[str, ...]:
    """A word on each layer; the thresholds, and where they come from, are those of `health`.

    Args:
        layers: As `layer_health` gives them, the output last, after at least one step.

    Returns:
        For each ok, dead, saturated, exploding, vanishing, too large or too small (its update), or
        no gradient. An output layer is never saturated: it is flat where the network is right.
    """
    last = layers[-1]
    return tuple(_verdict(layer, last, is_output=layer is last) for layer in layers)


def _verdict(layer: LayerHealth, last: LayerHealth, *, is_output: bool) -> str:
    if layer.activity.dead >= DEAD_SHARE:
        return "dead"
    if not is_output and layer.activity.saturated > SATURATED_LAYER_SHARE:
        return "saturated"
    if not math.isfinite(layer.gradient) or layer.gradient > EXPLODING_LAYER_GRADIENT:
        return "exploding"
    if layer.gradient == 0.0:
        return "no gradient"
    if layer.gradient < last.gradient * VANISHING_LAYER_SHARE:
        return "vanishing"
    return _verdict_on_update(layer)


def _verdict_on_update(layer: LayerHealth) -> str:
    if layer.update_ratio > LARGE_UPDATE_RATIO:
        return "too large"
    if 0.0 < layer.update_ratio < SMALL_UPDATE_RATIO and layer.gradient > SMALL_GRADIENT:
        return "too small"
    return OK
