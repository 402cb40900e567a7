"""Dataset: samples, their targets and names, and how the network is to see them."""

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Task = Literal["classification", "regression"]

# The decimals to which a row count is rounded before it is cut to a whole number: in floating
# point 100 * 0.29 is a little less than 29.
_COUNT_DECIMALS = 9


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Dataset:
    """A fixed table of points with one target each. Its arrays are read-only copies.

    What the network sees is ``(points - input_shift) / input_scale`` and
    ``(targets - target_shift) / target_scale``; ``points`` and ``targets`` stay as a textbook or a
    file has them, so that axes can be labelled with them.

    Attributes:
        name: What the set is called.
        points: Inputs, shape (n, columns), float64.
        targets: Shape (n,), float64. Regression: any number. Two classes: -1 for ``classes[0]`` and
            +1 for ``classes[1]``. More classes: the class number, 0 to k-1.
        columns: The name of each input column.
        classes: The name of each class; empty for regression.
        task: "classification" or "regression".
        source: Where the data come from; empty if that needs no saying.
        note: One sentence on what was done to the data; empty if nothing was.
        domain: (low, high): of both axes of every view for a planar set, of x for a set with one
            column. None where there is no such view.
        input_shift: Subtracted from the points, shape (columns,) or one number for all, default 0.
        input_scale: Divides what is left, shape (columns,) or one number for all, positive,
            default 1.
        target_shift: Subtracted from the targets, default 0. Regression only.
        target_scale: Divides what is left, positive, default 1. Regression only.
        drawn: How many rows the set was made with, before any was added or taken out by hand;
            by default the rows there are.
        ids: A number for each row that it keeps while others come and go, shape (n,), int64: below
            ``drawn`` for a row the set was made with, from there on for one that was added. By
            default 0 to n-1.

    Raises:
        ValueError: If shapes do not fit, a number is not finite, a target names no class, a scale
            is not positive, or names or row numbers are not distinct.
    """

    name: str
    points: FloatArray
    targets: FloatArray
    columns: tuple[str, ...]
    classes: tuple[str, ...] = ()
    task: Task
    source: str = ""
    note: str = ""
    domain: tuple[float, float] | None = None
    input_shift: FloatArray = field(default_factory=lambda: np.zeros(()))
    input_scale: FloatArray = field(default_factory=lambda: np.ones(()))
    target_shift: float = 0.0
    target_scale: float = 1.0
    drawn: int = 0
    ids: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        columns = len(self.columns)
        self._freeze("points", self.points)
        self._freeze("targets", self.targets)
        _check_table(self.points, self.targets, columns)
        for name in ("input_shift", "input_scale"):
            values = np.asarray(getattr(self, name), dtype=np.float64)
            if values.shape not in ((), (columns,)):
                raise ValueError(f"{name} needs one number for each of the {columns} columns")
            self._freeze(name, np.broadcast_to(values, (columns,)))
        _check_names(self.columns, "column")
        _check_names(self.classes, "class")
        _check_targets(self.targets, self.classes, self.task)
        _check_scaling(self)
        _check_domain(self.domain)
        self._number_rows()

    def _number_rows(self) -> None:
        n_samples = len(self.points)
        object.__setattr__(self, "drawn", self.drawn or n_samples)
        ids = np.array(self.ids if len(self.ids) else np.arange(n_samples), dtype=np.int64)
        if len(ids) != n_samples or len(np.unique(ids)) != n_samples or ids.min() < 0:
            raise ValueError("every row needs a number of its own, 0 or more")
        ids.setflags(write=False)
        object.__setattr__(self, "ids", ids)

    def _freeze(self, name: str, values: ArrayLike) -> None:
        array = np.array(values, dtype=np.float64, order="C")
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    @property
    def n_samples(self) -> int:
        """The number of points."""
        return len(self.points)

    @property
    def n_classes(self) -> int:
        """The number of classes, 0 for regression."""
        return len(self.classes)

    @property
    def labels(self) -> IntArray:
        """The class number of each point, 0 to k-1, shape (n,), int64.

        Raises:
            ValueError: If the task is regression.
        """
        if self.task == "regression":
            raise ValueError(f"{self.name} is a regression set: its targets are not classes")
        if self.n_classes == 2:
            return (self.targets > 0).astype(np.int64)
        return self.targets.astype(np.int64)

    @property
    def is_planar(self) -> bool:
        """Whether the points can be drawn in a plane: two columns and a domain."""
        return len(self.columns) == 2 and self.domain is not None

    def network_inputs(self) -> FloatArray:
        """The points as the network sees them, shape (n, columns)."""
        return self.to_network(self.points)

    def network_targets(self) -> FloatArray:
        """The targets as the network sees them, shape (n,)."""
        return (self.targets - self.target_shift) / self.target_scale

    def to_network(self, points: FloatArray) -> FloatArray:
        """Points in the data's own units, shape (..., columns), as the network sees them."""
        return (points - self.input_shift) / self.input_scale

    def from_network(self, outputs: FloatArray) -> FloatArray:
        """The network's outputs, any shape, in the units of the targets."""
        return outputs * self.target_scale + self.target_shift

    def with_points(self, points: ArrayLike, targets: ArrayLike) -> "Dataset":
        """A new data set with rows appended, numbered on; the scaling stays as it is.

        Args:
            points: Shape (m, columns).
            targets: Shape (m,), coded as in this data set.

        Raises:
            ValueError: If a shape does not fit or a target names no class.
        """
        new_points = np.asarray(points, dtype=np.float64)
        new_targets = np.asarray(targets, dtype=np.float64)
        _check_table(new_points, new_targets, len(self.columns))
        first = max(self.drawn, int(self.ids.max()) + 1)
        return dataclasses.replace(
            self,
            ids=np.concatenate([self.ids, np.arange(first, first + len(new_points))]),
            points=np.concatenate([self.points, new_points]),
            targets=np.concatenate([self.targets, new_targets]),
        )

    def without_rows(self, ids: Iterable[int]) -> "Dataset":
        """A new data set without the rows of these numbers; the scaling stays as it is.

        Args:
            ids: Numbers of rows, as in ``ids``; one that is not there changes nothing.

        Raises:
            ValueError: If no row would be left.
        """
        kept = ~np.isin(self.ids, np.fromiter(ids, dtype=np.int64))
        return dataclasses.replace(
            self, ids=self.ids[kept], points=self.points[kept], targets=self.targets[kept]
        )


def split(dataset: Dataset, share: float, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Divides the rows at random into those to learn from and those to test with.

    One permutation of the rows that the set was made with is drawn; its first floor(drawn * share)
    train, the rest test. After it each row that was added draws a number of its own. So a row
    that comes or goes moves no other one between the parts, unless it leaves one of them empty:
    both parts have at least one row if there are two rows or more, except that a share of 1
    leaves none to test.

    Args:
        dataset: What is divided.
        share: The part that trains, above 0 and up to 1.
        rng: Draws the permutation.

    Returns:
        The row numbers that train and those that test, each int64.

    Raises:
        ValueError: If ``share`` is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"the train share must be above 0 and at most 1, not {share}")
    n_train = _n_train(dataset.drawn, share)
    ranks = np.empty(dataset.drawn, dtype=np.float64)
    ranks[rng.permutation(dataset.drawn)] = np.arange(dataset.drawn)
    n_added = max(int(dataset.ids.max()) + 1 - dataset.drawn, 0)
    draws = rng.random(n_added)
    trains = np.concatenate([ranks < n_train, draws < share])[dataset.ids]
    places = np.concatenate([ranks, draws * dataset.drawn])[dataset.ids]
    rows = np.lexsort((places, ~trains)).astype(np.int64)
    n_first = int(np.count_nonzero(trains))
    if share < 1:
        n_first = min(n_first, dataset.n_samples - 1)
    n_first = max(n_first, 1)
    return rows[:n_first], rows[n_first:]


def _n_train(n_samples: int, share: float) -> int:
    """How many of so many rows train: the floor of the share, but one row in each part."""
    n_train = math.floor(round(n_samples * share, _COUNT_DECIMALS))
    if share < 1:
        n_train = min(n_train, n_samples - 1)
    return max(n_train, 1)


def _check_table(points: FloatArray, targets: FloatArray, columns: int) -> None:
    if points.ndim != 2 or points.shape[1] != columns or columns == 0:
        raise ValueError(
            f"points need one row a sample and one column for each of the {columns} column names, "
            f"not shape {points.shape}"
        )
    if targets.shape != points.shape[:1]:
        raise ValueError(
            f"targets need one number for each of the {points.shape[0]} points, "
            f"not shape {targets.shape}"
        )
    if points.shape[0] == 0:
        raise ValueError("a data set needs at least one point")
    if not np.isfinite(points).all():
        raise ValueError("every coordinate of a point must be a finite number")
    if not np.isfinite(targets).all():
        raise ValueError("every target must be a finite number")


def _check_names(names: tuple[str, ...], what: str) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"every {what} needs a name of its own, not {names}")


def _check_targets(targets: FloatArray, classes: tuple[str, ...], task: Task) -> None:
    if task == "regression":
        if classes:
            raise ValueError("a regression set has no classes")
        return
    if task != "classification":
        raise ValueError(f"the task is classification or regression, not {task}")
    if len(classes) < 2:
        raise ValueError("a classification set needs at least two classes")
    allowed = [-1.0, 1.0] if len(classes) == 2 else range(len(classes))
    if not np.isin(targets, np.asarray(allowed, dtype=np.float64)).all():
        coding = "-1 or +1" if len(classes) == 2 else f"a class number, 0 to {len(classes) - 1}"
        raise ValueError(f"every target of a set with {len(classes)} classes must be {coding}")


def _check_scaling(dataset: Dataset) -> None:
    shifts = np.append(dataset.input_shift, dataset.target_shift)
    scales = np.append(dataset.input_scale, dataset.target_scale)
    if not np.isfinite(shifts).all():
        raise ValueError("every shift must be a finite number")
    if not (np.isfinite(scales) & (scales > 0)).all():
        raise ValueError("every scale must be a finite number above 0")
    if dataset.task == "classification" and (dataset.target_shift, dataset.target_scale) != (0, 1):
        raise ValueError("the targets of a classification set are class codes: they are not scaled")


def _check_domain(domain: tuple[float, float] | None) -> None:
    if domain is None:
        return
    low, high = domain
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"a domain runs from a lower to a higher number, not {domain}")


MIN_SAMPLES = 2
MAX_SAMPLES = 100_000
MAX_NOISE = 0.5


def check_request(
    n_samples: int,
    noise: float,
    *,
    max_samples: int = MAX_SAMPLES,
    max_noise: float = MAX_NOISE,
) -> None:
    """Refuses a number of samples or a noise that no data set can be made with.

    Args:
        n_samples: Allowed are 2 to ``max_samples``.
        noise: Allowed are 0 to ``max_noise``.
        max_samples: Default 100,000.
        max_noise: Default 0.5, the end of the playground's noise slider.

    Raises:
        ValueError: If either lies outside.
    """
    if not MIN_SAMPLES <= n_samples <= max_samples:
        raise ValueError(
            f"the number of samples must be {MIN_SAMPLES} to {max_samples:,}, not {n_samples}"
        )
    if not 0 <= noise <= max_noise:
        raise ValueError(f"the noise must be 0 to {max_noise:g}, not {noise:g}")


def standard_scaling(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The mean and the standard deviation (divisor n) along the first axis.

    Args:
        values: Shape (n, ...), finite.

    Returns:
        Shift and scale, each of shape (...). The scale is 1 where all values are the same, so that
        dividing by it is always possible.
    """
    shift = values.mean(axis=0)
    deviation = values.std(axis=0)
    # The mean of equal numbers may be off by a rounding, which leaves a deviation above 0.
    varies = (np.ptp(values, axis=0) > 0) & (deviation > 0)
    return np.asarray(shift), np.where(varies, deviation, 1.0)


def informative_columns(dataset: Dataset) -> tuple[int, int]:
    """The two columns from which the target is best guessed, each on its own.

    For classes that is the correlation ratio of a column (the variance of the class means over the
    variance of all), for numbers the square of Pearson's correlation. Of equals the first is taken.

    Args:
        dataset: One with two columns or more.

    Returns:
        Their numbers from 0, the lower one first.

    Raises:
        ValueError: If there are fewer than two columns.
    """
    if len(dataset.columns) < 2:
        raise ValueError(f"{dataset.name} has one column only")
    centered = dataset.points - dataset.points.mean(axis=0)
    total = (centered**2).sum(axis=0)
    if dataset.task == "classification":
        explained = _between_classes(dataset, centered)
    else:
        off = dataset.targets - dataset.targets.mean()
        explained = (centered.T @ off) ** 2 / max(float(off @ off), np.finfo(np.float64).tiny)
    share = np.divide(explained, total, out=np.zeros_like(total), where=total > 0)
    first, second = sorted(np.argsort(-share, kind="stable")[:2].tolist())
    return first, second


def _between_classes(dataset: Dataset, centered: FloatArray) -> FloatArray:
    """For each column the sum over points of the square of their class's mean."""
    labels = dataset.labels
    result = np.zeros(centered.shape[1])
    for label in np.unique(labels):
        members = centered[labels == label]
        result += len(members) * members.mean(axis=0) ** 2
    return result
