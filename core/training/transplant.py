"""What of one network's weights still fits another: grown, shrunk, or with other inputs."""

from __future__ import annotations

import numpy as np

from ..nn.modules import MLP, Linear


def keep_weights(
    old: MLP, new: MLP, old_inputs: tuple[str, ...], new_inputs: tuple[str, ...]
) -> None:
    """Copies every weight and bias that has its place in the new network.

    Hidden layers meet by their number, the output layer meets the output layer; inside a layer
    neurons meet by their number, and the first layer's inputs by their name.

    Args:
        old: Where from.
        new: Where to; what finds no counterpart stays as it was drawn.
        old_inputs: The names of the old network's inputs.
        new_inputs: The names of the new network's inputs.
    """
    n_hidden = min(len(old.layers), len(new.layers)) - 1
    pairs = [(old.layers[k], new.layers[k]) for k in range(n_hidden)]
    pairs.append((old.layers[-1], new.layers[-1]))
    for source, target in pairs:
        if source is old.layers[0] and target is new.layers[0]:
            kept = [
                (old_inputs.index(name), j)
                for j, name in enumerate(new_inputs)
                if name in old_inputs
            ]
            _copy(source, target, [i for i, _ in kept], [j for _, j in kept])
        else:
            rows = list(range(min(len(source.weight.data), len(target.weight.data))))  # type: ignore[arg-type]
            _copy(source, target, rows, rows)


def _copy(source: Linear, target: Linear, from_rows: list[int], to_rows: list[int]) -> None:
    source_weight, target_weight = np.asarray(source.weight.data), np.asarray(target.weight.data)
    source_bias, target_bias = np.asarray(source.bias.data), np.asarray(target.bias.data)
    n = min(len(source_bias), len(target_bias))
    target_weight[to_rows, :n] = source_weight[from_rows, :n]
    target_bias[:n] = source_bias[:n]
