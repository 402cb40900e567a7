"""Features: the network's inputs, made from a data set's columns.

A feature is a formula of the columns x1, x2, ...: `x1`, `x1^2`, `x1*x2`, `sin x1`, or any other
that the grammar of expressions reads, as `x1*sin(x2)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...datasets.dataset import Dataset
from ..autograd.numerics import FloatArray
from ..expression import MAX_FORMULA_LENGTH, ExpressionError, Formula, parse_formula
from .config import ConfigError

PLAYGROUND_FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2")
"""TensorFlow Playground's seven inputs, in its order."""

_COLUMN = re.compile(r"\s*x0*(\d+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Feature:
    """One input of the network.

    Attributes:
        name: In the one spelling that is shown.
        columns: The numbers of the columns it reads, from 0.
        formula: What it computes of them.
    """

    name: str
    columns: tuple[int, ...]
    formula: Formula

    @property
    def compute(self) -> Callable[..., FloatArray]:
        """Takes those columns, each of shape (n,), and returns shape (n,)."""
        return self.formula


def parse_feature(text: str, n_columns: int) -> Feature:
    """Finds the feature that a text names, whatever its spelling (`sinx1`, `sin(x1)`, `sin x1`).

    Args:
        text: A formula of the columns x1, x2, ... It is bounded in length and never run as Python.
        n_columns: How many columns there are.

    Raises:
        ConfigError: If it is no formula, reads no column, or one that the data set does not have;
            it says at which character.
    """
    if len(text) > MAX_FORMULA_LENGTH:
        raise ConfigError(
            f"An input has at most {MAX_FORMULA_LENGTH} characters, not {len(text):,}: "
            "make it shorter."
        )
    try:
        formula = parse_formula(text, _column_names(text, n_columns))
    except ExpressionError as error:
        raise _no_feature(text, error, n_columns) from None
    return Feature(formula.text, tuple(int(name[1:]) - 1 for name in formula.names), formula)


def _column_names(text: str, n_columns: int) -> tuple[str, ...]:
    # A data set may have thousands of columns, each of which is an input by itself.
    alone = _COLUMN.fullmatch(text)
    if alone and 0 < int(alone[1]) <= n_columns:
        return (f"x{alone[1]}",)
    return column_features(n_columns)


def _no_feature(text: str, error: ExpressionError, n_columns: int) -> ConfigError:
    column = _COLUMN.match(text, error.column - 1)
    if column and not 0 < int(column[1]) <= n_columns:
        names = "x1 alone" if n_columns == 1 else f"x1 to x{n_columns}"
        return ConfigError(f"{text!r} reads a column that is not there: this data set has {names}.")
    if not text.strip():
        return ConfigError(
            f"{text!r} is not an input: take one like {', '.join(PLAYGROUND_FEATURES)}."
        )
    return ConfigError(f"{text!r} is not an input, see character {error.column}: {error.sentence}.")


def features(names: Sequence[str], n_columns: int) -> tuple[Feature, ...]:
    """The features of these names; of every column as it is if there are none.

    Raises:
        ConfigError: As `parse_feature`; or if one is named twice.
    """
    found = tuple(parse_feature(name, n_columns) for name in names or column_features(n_columns))
    if len({feature.name for feature in found}) < len(found):
        raise ConfigError("Every input can be named only once.")
    return found


def features_named(names: Sequence[str], dataset: Dataset) -> tuple[str, ...]:
    """The names of features where columns and categories may be named too.

    Args:
        names: Formulas of x1, x2, ...; what can't be one may be a column's name, or that of a
            category, which stands for all of its columns.
        dataset: Whose columns they are.

    Raises:
        ConfigError: If one is neither.
    """
    found: list[str] = []
    for name in names:
        try:
            found.append(parse_feature(name, len(dataset.columns)).name)
        except ConfigError:
            places = dataset.places(name)
            if not places:
                raise
            found += [f"x{place + 1}" for place in places]
    return tuple(found)


def shown_names(names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """What features are called on the screen: a plain column by its own name.

    Args:
        names: As the network has them, such as "x1" and "x1*x2".
        columns: The name of each column.
    """
    plain = dict(zip(column_features(len(columns)), columns, strict=True))
    return tuple(plain.get(name, name) for name in names)


def column_features(n_columns: int) -> tuple[str, ...]:
    """The names of the plain columns: x1, x2, ..."""
    return tuple(f"x{number}" for number in range(1, n_columns + 1))


def available_features(n_columns: int) -> tuple[str, ...]:
    """What is offered for choice: the playground's for a plane, the like for a line."""
    if n_columns == 1:
        return ("x1", "x1^2", "sin x1")
    return PLAYGROUND_FEATURES if n_columns == 2 else column_features(n_columns)


def compute_features(chosen: Sequence[Feature], columns: FloatArray) -> FloatArray:
    """Shape (n, columns) to (n, features), C-contiguous; nan or inf where one has no result."""
    result = np.empty((len(columns), len(chosen)))
    for k, feature in enumerate(chosen):
        result[:, k] = feature.compute(*(columns[:, c] for c in feature.columns))
    return result


def finite_features(chosen: Sequence[Feature], columns: FloatArray) -> FloatArray:
    """As `compute_features`, for points to learn from.

    Raises:
        ConfigError: If a feature is not finite at a point; it names the first one.
    """
    result = compute_features(chosen, columns)
    bad = np.argwhere(~np.isfinite(result))
    if bad.size:
        row, k = bad[0]
        raise _not_finite(chosen[k], columns[row], int(row))
    return result


def _not_finite(feature: Feature, point: FloatArray, row: int) -> ConfigError:
    numbers = [float(point[c]) for c in feature.columns]
    named = zip(feature.formula.names, numbers, strict=True)
    where = ", ".join(f"{name} = {number:.6g}" for name, number in named)
    try:
        feature.formula.at(*numbers)
    except ExpressionError as error:
        why = error.sentence
    else:
        why = "the result is no finite number"
    return ConfigError(
        f"The input {feature.name} can't be computed at point {row + 1}, where {where}: {why}."
    )
