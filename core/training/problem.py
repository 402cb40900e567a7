"""Problem: a data set as arrays that a network can learn, split into train and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset, split
from ..autograd.numerics import FloatArray
from .features import Feature, compute_features, features, finite_features

VIEW_MARGIN = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is learned.

    Attributes:
        dataset: Where it comes from, with the scaling that the network learns with.
        features: The network's inputs.
        inputs: Shape (rows, features).
        targets: Shape (rows, outputs): one output for regression and for two classes (-1, +1), one
            a class (+1 for the right one, -1 for the others) for more.
        train_rows: Rows that train.
        test_rows: Rows that test.
        view: (low, high) of each axis of a picture; empty for more than two columns.
        split_seed: Decided which rows train.
    """

    dataset: Dataset
    features: tuple[Feature, ...]
    inputs: FloatArray
    targets: FloatArray
    train_rows: NDArray[np.int64]
    test_rows: NDArray[np.int64]
    view: tuple[tuple[float, float], ...]
    split_seed: int

    @property
    def n_outputs(self) -> int:
        """Units of the output layer."""
        return int(self.targets.shape[1])

    @property
    def n_bytes(self) -> int:
        """The memory it takes, with its data set."""
        return self.inputs.nbytes + self.targets.nbytes + self.dataset.points.nbytes

    def network_inputs(self, points: FloatArray) -> FloatArray:
        """Points in the data's units, shape (n, columns), to the network's, (n, features)."""
        return compute_features(self.features, self.dataset.to_network(points))

    def grid_inputs(self, columns: int, rows: int) -> FloatArray:
        """Inputs at the middle of every cell of the view, the top row first.

        Returns:
            Shape (rows * columns, features) for a plane, (columns, features) for a line.
        """
        (low, high), *rest = self.view
        x = _cell_middles(low, high, columns)
        if not rest:
            return self.network_inputs(x[:, None])
        y = _cell_middles(*rest[0], rows)[::-1]
        grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        return self.network_inputs(grid)


def make_problem(
    dataset: Dataset, input_names: tuple[str, ...], train_share: float, seed: int
) -> Problem:
    """Arrays and a split that the seed decides.

    Raises:
        ConfigError: If an input does not fit the data set, or is not finite at one of its points.
    """
    chosen = features(input_names, len(dataset.columns))
    train_rows, test_rows = split(dataset, train_share, np.random.default_rng(seed))
    for rows in (train_rows, test_rows):
        rows.setflags(write=False)
    dataset = dataset.fitted_to(train_rows)
    return Problem(
        dataset=dataset,
        features=chosen,
        inputs=finite_features(chosen, dataset.network_inputs()),
        targets=network_targets(dataset, np.arange(dataset.n_samples)),
        train_rows=train_rows,
        test_rows=test_rows,
        view=_view(dataset),
        split_seed=seed,
    )


def network_targets(dataset: Dataset, rows: NDArray[np.int64]) -> FloatArray:
    """What a network is to put out for these rows of a data set, see `Problem.targets`."""
    if dataset.n_classes > 2:
        return np.where(dataset.labels[rows, None] == np.arange(dataset.n_classes), 1.0, -1.0)
    return dataset.network_targets()[rows, None].copy()


def _view(dataset: Dataset) -> tuple[tuple[float, float], ...]:
    n_columns = len(dataset.columns)
    if n_columns > 2:
        return ()
    if dataset.domain is not None:
        return (dataset.domain,) * n_columns
    low, high = dataset.points.min(axis=0), dataset.points.max(axis=0)
    margin = np.where(high > low, (high - low) * VIEW_MARGIN, 1.0)
    return tuple(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))


def _cell_middles(low: float, high: float, cells: int) -> FloatArray:
    middles: FloatArray = np.asarray(low + (np.arange(cells) + 0.5) * ((high - low) / cells))
    return middles
