"""Features: the network's inputs, made from a data set's columns.

A feature is named by what it computes of the columns x1, x2, ...: `x1`, `x1^2`, `x1*x2`, `sin x1`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..autograd.ops import FloatArray
from .config import ConfigError

PLAYGROUND_FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2")
"""TensorFlow Playground's seven inputs, in its order."""

_SQUARE = re.compile(r"x(\d+)(?:\^2|\*\*2|²|squared)")
_PRODUCT = re.compile(r"x(\d+)[*·]?x(\d+)")
_SINE = re.compile(r"sin\(?x(\d+)\)?")
_COLUMN = re.compile(r"x(\d+)")


@dataclass(frozen=True, slots=True)
class Feature:
    """One input of the network.

    Attributes:
        name: In the one spelling that is shown.
        columns: The numbers of the columns it reads, from 0.
        compute: Takes those columns, each of shape (n,), and returns shape (n,).
    """

    name: str
    columns: tuple[int, ...]
    compute: Callable[..., FloatArray]


def parse_feature(text: str, n_columns: int) -> Feature:
    """Finds the feature that a text names, whatever its spelling (`sinx1`, `sin(x1)`, `sin x1`).

    Raises:
        ConfigError: If it names none, or a column that the data set does not have.
    """
    spelled = text.replace(" ", "").lower()
    feature = _parse(spelled)
    if feature is None:
        raise ConfigError(
            f"{text!r} is not an input: take one like {', '.join(PLAYGROUND_FEATURES)}."
        )
    if not all(0 <= column < n_columns for column in feature.columns):
        names = "x1 alone" if n_columns == 1 else f"x1 to x{n_columns}"
        raise ConfigError(f"{text!r} reads a column that is not there: this data set has {names}.")
    return feature


def _parse(spelled: str) -> Feature | None:
    if match := _SQUARE.fullmatch(spelled):
        return Feature(f"x{match[1]}^2", _numbers(match), np.square)
    if match := _PRODUCT.fullmatch(spelled):
        return Feature(f"x{match[1]}*x{match[2]}", _numbers(match), np.multiply)
    if match := _SINE.fullmatch(spelled):
        return Feature(f"sin x{match[1]}", _numbers(match), np.sin)
    if match := _COLUMN.fullmatch(spelled):
        return Feature(f"x{match[1]}", _numbers(match), np.copy)
    return None


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(digits) - 1 for digits in match.groups())


def features(names: Sequence[str], n_columns: int) -> tuple[Feature, ...]:
    """The features of these names; of every column as it is if there are none.

    Raises:
        ConfigError: As `parse_feature`; or if one is named twice.
    """
    found = tuple(parse_feature(name, n_columns) for name in names or column_features(n_columns))
    if len({feature.name for feature in found}) < len(found):
        raise ConfigError("Every input can be named only once.")
    return found


def column_features(n_columns: int) -> tuple[str, ...]:
    """The names of the plain columns: x1, x2, ..."""
    return tuple(f"x{number}" for number in range(1, n_columns + 1))


def available_features(n_columns: int) -> tuple[str, ...]:
    """What is offered for choice: the playground's for a plane, the like for a line."""
    if n_columns == 1:
        return ("x1", "x1^2", "sin x1")
    return PLAYGROUND_FEATURES if n_columns == 2 else column_features(n_columns)


def compute_features(chosen: Sequence[Feature], columns: FloatArray) -> FloatArray:
    """Shape (n, columns) to (n, features), C-contiguous."""
    result = np.empty((len(columns), len(chosen)))
    for k, feature in enumerate(chosen):
        result[:, k] = feature.compute(*(columns[:, c] for c in feature.columns))
    return result
