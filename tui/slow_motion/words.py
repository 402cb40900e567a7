"""What each stage of an update did, in words and numbers."""

from __future__ import annotations

from typing import Final

from ...core.explain.slow_motion import SlowStep
from ..drawing.numbers import loss_text, signed

STAGES: Final = ("forward", "loss", "backward", "gradient", "update")
MAX_LAYERS: Final = 6
MAX_OUTPUTS: Final = 4
NUMBER: Final = 9


def stage_lines(step: SlowStep, stage: int) -> tuple[str, str]:
    """Two lines on one stage.

    Args:
        step: The step.
        stage: A place in `STAGES`.
    """
    return (_forward, _loss, _backward, _gradient, _update)[stage](step)


def _forward(step: SlowStep) -> tuple[str, str]:
    n = len(step.rows)
    samples = f"{n} samples go" if n != 1 else "1 sample goes"
    spreads = _by_layer(step, [f"{spread:.2g}" for spread in step.spreads])
    outputs = ", ".join(f"{output:+.2f}" for output in step.outputs[:, 0][:MAX_OUTPUTS])
    more = ", ..." if n > MAX_OUTPUTS else ""
    return (
        f"{samples} through the network. Spread of the outputs: {spreads}.",
        f"The network outputs {outputs}{more}; this batch is highlighted.",
    )


def _loss(step: SlowStep) -> tuple[str, str]:
    worst = step.worst
    return (
        f"Comparing outputs with targets: the mean loss is {_number(step.loss)}.",
        f"The worst sample is number {step.rows[worst]}: {step.outputs[worst, 0]:+.2f} instead of "
        f"{step.targets[worst, 0]:+.2f}, loss {_number(step.worst_loss)}.",
    )


def _backward(step: SlowStep) -> tuple[str, str]:
    arriving = _by_layer(step, [f"{size:.2g}" for size in step.arriving], backward=True)
    share = step.arriving[0] / step.arriving[-1] if step.arriving[-1] else 0.0
    return (
        "From the loss back to the first layer, by the chain rule: how strongly it depends on",
        f"each neuron. {arriving}: {100 * share:.0f} % of that reaches layer 1."
        if len(step.layers) > 1
        else f"each neuron. {arriving}.",
    )


def _gradient(step: SlowStep) -> tuple[str, str]:
    return (
        f"The mean over the batch: |gradient| = {_number(step.gradient_norm)}.",
        f"The steepest is {step.steepest}: {signed(step.steepest_gradient, NUMBER).strip()}, so "
        f"{'raising' if step.steepest_gradient < 0.0 else 'lowering'} it helps most.",
    )


def _update(step: SlowStep) -> tuple[str, str]:
    change = step.loss_after - step.loss
    return (
        f"Learning rate {step.learning_rate:g}: {step.steepest} moves by "
        f"{signed(step.steepest_update, NUMBER).strip()}, |update| = {_number(step.update_norm)}.",
        f"The batch's loss goes from {_number(step.loss)} to {_number(step.loss_after)} "
        f"({signed(change, NUMBER).strip()}).",
    )


def _by_layer(step: SlowStep, texts: list[str], *, backward: bool = False) -> str:
    """A number for each layer in order; only the ends if there are many."""
    parts = [f"{name} {text}" for name, text in zip(step.layers, texts, strict=True)]
    if backward:
        parts.reverse()
    if len(parts) > MAX_LAYERS:
        half = MAX_LAYERS // 2
        parts = [*parts[:half], "...", *parts[-half:]]
    return ", ".join(parts)


def _number(number: float) -> str:
    return loss_text(number, NUMBER).strip()
