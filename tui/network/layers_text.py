"""Hidden layers as a line of text, `8 tanh, 4 relu`, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import groupby
from typing import Final

from ...core import ACTIVATIONS, NetworkSpec
from ...core.training.reshape import last_activation

MAX_LAYERS: Final = 64
"""More would not fit on any screen."""
NO_LAYERS: Final = "none"
_EXAMPLE: Final = "write 8 tanh, 4 relu"
_LAYER: Final = re.compile(r"(\d{1,9})(?:\s*[x*]\s*(\d{1,9}))?(?:\s*([^\W\d].*)|\s+(\S.*))?")
_MANY: Final = 3


def layers_text(spec: NetworkSpec) -> str:
    """The hidden layers of a network: `8 tanh, 4 relu`, `8x3 relu`, or `none`."""
    layers = zip(spec.hidden, spec.activations, strict=True)
    parts = []
    for (neurons, activation), same in groupby(layers):
        count = len(list(same))
        name = activation.replace("_", " ")
        if count < _MANY:
            parts += [f"{neurons} {name}"] * count
        else:
            parts.append(f"{neurons}x{count} {name}")
    return ", ".join(parts) or NO_LAYERS


def parse_layers(text: str, spec: NetworkSpec) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Reads what `layers_text` writes, and what people write.

    `8` is a layer of 8 neurons, `8 tanh` says its activation, `8x3` makes three such layers, commas
    stand between layers, and `none` or nothing is a network without hidden layers.

    Args:
        text: What was typed.
        spec: The network as it is: a layer without an activation keeps the one that it has, a new
            one takes that of the layer before it.

    Returns:
        The neurons and the activation of each hidden layer.

    Raises:
        ValueError: With a sentence for the user that points at the wrong word.
    """
    if text.strip().lower() in ("", NO_LAYERS):
        return (), ()
    layers: list[tuple[int, str]] = []
    for part in text.split(","):
        neurons, count, word = _read(part.strip())
        if len(layers) + count > MAX_LAYERS:
            raise ValueError(f"{len(layers) + count:,} hidden layers: use at most {MAX_LAYERS}.")
        for _ in range(count):
            layers.append((neurons, word or _kept(spec, layers)))
    hidden, activations = zip(*layers, strict=True)
    return hidden, activations


def _read(part: str) -> tuple[int, int, str]:
    """Neurons, number of layers, and the activation or an empty string."""
    if not part:
        raise ValueError(f"Nothing between two commas: {_EXAMPLE}.")
    match = _LAYER.fullmatch(part)
    if match is None:
        first = part.split()[0]
        raise ValueError(f"“{first}” is not a number of neurons: {_EXAMPLE}.")
    neurons, count, *names = match.groups()
    name = names[0] or names[1]
    if int(neurons) < 1 or (count is not None and int(count) < 1):
        raise ValueError(f"“{part}” has no neurons: a layer needs at least 1.")
    return int(neurons), int(count or 1), _activation(name) if name else ""


def _activation(name: str) -> str:
    """The activation that was meant."""
    wanted = re.sub(r"[\s_-]+", "_", name.strip().lower())
    if wanted in ACTIVATIONS:
        return wanted
    if wanted[0].isdigit():
        raise ValueError(f"“{name}” needs a comma before it: {_EXAMPLE}.")
    names = [known.replace("_", " ") for known in _likeliest_first(wanted)]
    raise ValueError(f"No activation “{name}”: use {', '.join(names)}.")


def _likeliest_first(wanted: str) -> Iterator[str]:
    close = get_close_matches(wanted, ACTIVATIONS, n=1)
    yield from close
    yield from (name for name in ACTIVATIONS if name not in close)


def _kept(spec: NetworkSpec, layers: list[tuple[int, str]]) -> str:
    place = len(layers)
    if place < len(spec.activations):
        return spec.activations[place]
    return layers[-1][1] if layers else last_activation(spec)
