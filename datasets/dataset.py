"""Dataset: samples with their targets and names, and how the network sees them."""

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .facts import Task

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PIXEL_NAME = "pixel"
"""How the name of a column begins that is a pixel of a picture."""

# Decimals to which a count is rounded before it is cut to a whole number: in floating point
# 100 * 0.29 is a little less than 29.
_COUNT_DECIMALS = 9
# A scale fitted to some rows is at least this share of the whole table's.
_LEAST_SCALE = 1e-6


class Origin(Protocol):
    """How a data set is made again, with what was edited by hand since."""

    def adding(self, point: tuple[float, ...], target: float) -> Self:
        """Where the data set with one more sample comes from."""

    def removing(self, number: int, dataset: "Dataset") -> Self:
        """Where the data set without one of its samples comes from."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Dataset:
    """A fixed table of samples: points with one target each. Its arrays are read-only copies.

    The network sees ``(points - input_shift) / input_scale`` and
    ``(targets - target_shift) / target_scale``; ``points`` and ``targets`` stay in the units of the
    textbook or file, for the labels of axes.

    Attributes:
        name: Of the set.
        points: Inputs, shape (n, columns), float64.
        targets: Shape (n,), float64. Regression: any number. Two classes: -1 for ``classes[0]`` and
            +1 for ``classes[1]``. More classes: the class number, 0 to k-1.
        columns: The name of each input column.
        groups: For each column the name of what it is a part of, as a category of which every value
            is a column; the same name for columns side by side. Default each its own name.
        classes: The name of each class; empty for regression.
        task: "classification" or "regression".
        source: Where the data come from; empty if that is obvious.
        note: One sentence on what was done to the data; empty if nothing was.
        domain: (low, high): of both axes of every view for a set in a plane, of x for a set with
            one column. None if it has no such view.
        input_shift: Subtracted from the points, shape (columns,) or one number for all, default 0.
        input_scale: Divides the difference, shape (columns,) or one number for all, positive,
            default 1.
        target_shift: Subtracted from the targets, default 0. Regression only.
        target_scale: Divides the difference, positive, default 1. Regression only.
        fits_scaling: Whether shifts and scales are fitted anew to the samples that train, see
            `fitted_to`; default no.
        drawn: The number of samples the set was made with, before any was added or removed by hand;
            default n.
        ids: A number for each sample that stays while others come and go, shape (n,), int64: below
            ``drawn`` for a sample the set was made with, from there on for one that was added.
            Default 0 to n-1.
        strata: The class number of each sample the set was made with, shape (drawn,), int64, by
            which `split` gives both parts their share of every class; all 0 to split whatever the
            class. Default: the labels, for a set of classes that has its first samples, else 0.
        origin: How the set is made again; None if nobody knows.
        file_columns: The columns of the file it was read from, the target first; empty without one.

    Raises:
        ValueError: If shapes do not fit, a number is not finite, a target is not a class, a scale
            is not positive, or names or ids are not distinct.
    """

    name: str
    points: FloatArray
    targets: FloatArray
    columns: tuple[str, ...]
    groups: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    task: Task
    source: str = ""
    note: str = ""
    domain: tuple[float, float] | None = None
    input_shift: FloatArray = field(default_factory=lambda: np.zeros(()))
    input_scale: FloatArray = field(default_factory=lambda: np.ones(()))
    target_shift: float = 0.0
    target_scale: float = 1.0
    fits_scaling: bool = False
    drawn: int = 0
    ids: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    strata: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    origin: Origin | None = None
    file_columns: tuple[str, ...] = ()

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
        object.__setattr__(self, "groups", self.groups or self.columns)
        if len(self.groups) != columns:
            raise ValueError(f"groups need a name for each of the {columns} columns")
        for what, names in (("column", self.columns), ("class", self.classes)):
            if len(set(names)) != len(names):
                raise ValueError(f"every {what} needs a different name, not {names}")
        _check_targets(self.targets, self.classes, self.task)
        _check_scaling(self)
        _check_domain(self.domain)
        self._number_samples()

    def _number_samples(self) -> None:
        n_samples = len(self.points)
        object.__setattr__(self, "drawn", self.drawn or n_samples)
        self._freeze("ids", self.ids if len(self.ids) else np.arange(n_samples), np.int64)
        # Not np.unique, which loads NumPy's masked arrays.
        if not len(self.ids) == len(set(self.ids.tolist())) == n_samples or self.ids.min() < 0:
            raise ValueError("every sample needs a different id, 0 or more")
        if not len(self.strata):
            has_first = self.drawn == n_samples and self.task == "classification"
            strata = self.labels if has_first else np.zeros(self.drawn, dtype=np.int64)
            object.__setattr__(self, "strata", strata)
        self._freeze("strata", self.strata, np.int64)
        is_class = (self.strata >= 0) & (self.strata < max(self.n_classes, 1))
        if self.strata.shape != (self.drawn,) or not is_class.all():
            raise ValueError("the strata need a class number for each sample that was drawn")

    def _freeze(self, name: str, values: ArrayLike, dtype: type = np.float64) -> None:
        object.__setattr__(self, name, _frozen(values, dtype))

    @property
    def n_samples(self) -> int:
        """The number of samples."""
        return len(self.points)

    @property
    def n_classes(self) -> int:
        """The number of classes, 0 for regression."""
        return len(self.classes)

    def places(self, name: str) -> tuple[int, ...]:
        """The columns, numbered from 0, of a group or a column; none if there is neither."""
        for names in (self.groups, self.columns):
            if name in names:
                return tuple(place for place, known in enumerate(names) if known == name)
        return ()

    @property
    def labels(self) -> IntArray:
        """The class number of each sample, 0 to k-1, shape (n,), int64.

        Raises:
            ValueError: If the task is regression.
        """
        if self.task == "regression":
            raise ValueError(f"{self.name} is a regression set: its targets are not classes")
        if self.n_classes == 2:
            return (self.targets > 0).astype(np.int64)
        return self.targets.astype(np.int64)

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

    def fitted_to(self, rows: IntArray) -> Self:
        """The same samples, scaled by those of some rows alone, so that tests leak nothing.

        Of these rows the samples that the set was made with give each number mean 0 and deviation
        1; one added by hand changes no scaling. What was not scaled stays so, as a category does.
        Without ``fits_scaling`` this is the data set itself.
        """
        rows = rows[self.ids[rows] < self.drawn]
        if not self.fits_scaling or not len(rows):
            return self
        numbers = np.column_stack([self.points, self.targets])[rows]
        shift, scale = standard_scaling(numbers)
        old_shift = np.append(self.input_shift, self.target_shift)
        old_scale = np.append(self.input_scale, self.target_scale)
        # Where hardly anything varies in these rows, the others would be out of all proportion.
        varies = (np.ptp(numbers, axis=0) > 0) & (scale > _LEAST_SCALE * old_scale)
        fits = varies & ((old_shift != 0) | (old_scale != 1))
        shift, scale = np.where(fits, shift, old_shift), np.where(fits, scale, old_scale)
        return dataclasses.replace(
            self,
            input_shift=shift[:-1],
            input_scale=scale[:-1],
            target_shift=float(shift[-1]),
            target_scale=float(scale[-1]),
        )

    def with_points(self, points: ArrayLike, targets: ArrayLike) -> "Dataset":
        """A new data set with samples appended and the same scaling.

        Args:
            points: Shape (m, columns).
            targets: Shape (m,), coded as in this data set.

        Raises:
            ValueError: If a shape does not fit or a target is not a class.
        """
        new_points = np.asarray(points, dtype=np.float64)
        new_targets = np.asarray(targets, dtype=np.float64)
        _check_table(new_points, new_targets, len(self.columns))
        first = max(self.drawn, int(self.ids.max()) + 1)
        origin = self.origin
        if origin is not None:
            for point, target in zip(new_points.tolist(), new_targets.tolist(), strict=True):
                origin = origin.adding(tuple(point), target)
        return dataclasses.replace(
            self,
            ids=np.concatenate([self.ids, np.arange(first, first + len(new_points))]),
            points=np.concatenate([self.points, new_points]),
            targets=np.concatenate([self.targets, new_targets]),
            origin=origin,
        )

    def without_rows(self, ids: Iterable[int]) -> "Dataset":
        """A new data set without the samples of these ``ids``, with the same scaling.

        An id that does not exist changes nothing.

        Raises:
            ValueError: If no sample would be left.
        """
        dropped = np.isin(self.ids, np.fromiter(ids, dtype=np.int64))
        origin, rest = self.origin, dataclasses.replace(self, origin=None)
        if origin is not None:
            for number in self.ids[dropped].tolist():
                origin = origin.removing(number, rest)
                rest = rest.without_rows([number])
        return dataclasses.replace(
            self,
            ids=self.ids[~dropped],
            points=self.points[~dropped],
            targets=self.targets[~dropped],
            origin=origin,
        )


def _frozen(values: ArrayLike, dtype: type) -> NDArray[Any]:
    """A read-only copy; what nobody can write to need not be copied again."""
    if isinstance(values, np.ndarray) and values.dtype == dtype:
        flags = values.flags
        if flags.owndata and flags.c_contiguous and not flags.writeable:
            return values
    array: NDArray[Any] = np.array(values, dtype=dtype, order="C")
    array.setflags(write=False)
    return array


def split(dataset: Dataset, share: float, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Splits the samples at random into a training set and a test set.

    One permutation of the samples the set was made with is drawn; its first floor(drawn * share)
    train, the rest test. With strata, that share of every class does, to within a sample; of a
    class with two or more samples each part gets at least one. Then each added sample draws a
    number of its own. So adding or removing a sample moves no other one between the sets, unless
    one set would be empty: both have at least one of two or more samples, except that a share of 1
    leaves none to test.

    Args:
        dataset: The data set to split.
        share: The share that trains, above 0 and up to 1.
        rng: Draws the permutation.

    Returns:
        The rows that train and the rows that test, each int64.

    Raises:
        ValueError: If ``share`` is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"the train share must be above 0 and at most 1, not {share}")
    ranks = np.empty(dataset.drawn, dtype=np.float64)
    ranks[rng.permutation(dataset.drawn)] = np.arange(dataset.drawn)
    n_added = max(int(dataset.ids.max()) + 1 - dataset.drawn, 0)
    draws = rng.random(n_added)
    trains = np.concatenate([_first_train(dataset, ranks, share), draws < share])[dataset.ids]
    places = np.concatenate([ranks, draws * dataset.drawn])[dataset.ids]
    rows = np.lexsort((places, ~trains)).astype(np.int64)
    n_first = int(np.count_nonzero(trains))
    if share < 1:
        n_first = min(n_first, dataset.n_samples - 1)
    n_first = max(n_first, 1)
    return rows[:n_first], rows[n_first:]


def _first_train(dataset: Dataset, ranks: FloatArray, share: float) -> NDArray[np.bool_]:
    """Which of the samples the set was made with train, given the rank of each."""
    n_train, strata = _n_train(dataset.drawn, share), dataset.strata
    counts = np.bincount(strata)
    quotas = counts * n_train / dataset.drawn
    of_class = np.floor(np.round(quotas, _COUNT_DECIMALS)).astype(np.int64)
    # What is left goes where the most was cut off.
    cut_off = np.argsort(of_class - quotas, kind="stable")
    of_class[cut_off[: n_train - int(of_class.sum())]] += 1
    if share < 1:
        of_class = np.where(counts > 1, np.clip(of_class, 1, counts - 1), of_class)
    order = np.lexsort((ranks, strata))
    places = np.empty(dataset.drawn, dtype=np.int64)
    places[order] = np.arange(dataset.drawn) - np.repeat(np.cumsum(counts) - counts, counts)
    trains: NDArray[np.bool_] = places < of_class[strata]
    return trains


def _n_train(n_samples: int, share: float) -> int:
    """The number of training samples: the floor of the share, but at least one in each set."""
    n_train = math.floor(round(n_samples * share, _COUNT_DECIMALS))
    if share < 1:
        n_train = min(n_train, n_samples - 1)
    return max(n_train, 1)


def _check_table(points: FloatArray, targets: FloatArray, columns: int) -> None:
    if points.ndim != 2 or points.shape[1] != columns or columns == 0:
        raise ValueError(
            "points need a row for each sample and one column for each of the "
            f"{columns} column names, not shape {points.shape}"
        )
    if targets.shape != points.shape[:1]:
        raise ValueError(
            f"targets need one number for each of the {points.shape[0]} samples, "
            f"not shape {targets.shape}"
        )
    if points.shape[0] == 0:
        raise ValueError("a data set needs at least one sample")
    if not np.isfinite(points).all():
        raise ValueError("every coordinate of a point must be a finite number")
    if not np.isfinite(targets).all():
        raise ValueError("every target must be a finite number")


def _check_targets(targets: FloatArray, classes: tuple[str, ...], task: Task) -> None:
    if task == "regression":
        if classes:
            raise ValueError("a regression set has no classes")
        return
    if task != "classification":
        raise ValueError(f"the task must be classification or regression, not {task}")
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
        raise ValueError("the targets of a classification set are class codes: do not scale them")


def _check_domain(domain: tuple[float, float] | None) -> None:
    if domain is None:
        return
    low, high = domain
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"a domain goes from a lower to a higher number, not {domain}")


def standard_scaling(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The mean and the standard deviation (divisor n) along the first axis.

    Args:
        values: Shape (n, ...), finite.

    Returns:
        Shift and scale, each of shape (...). The scale is 1 where all values are the same.
    """
    shift = values.mean(axis=0)
    deviation = values.std(axis=0)
    # The mean of equal numbers may be off by rounding, which leaves a deviation above 0.
    varies = (np.ptp(values, axis=0) > 0) & (deviation > 0)
    return np.asarray(shift), np.where(varies, deviation, 1.0)


def informative_columns(dataset: Dataset) -> tuple[int, int]:
    """The two columns, numbered from 0, that predict the target best, each on its own.

    For classes by the correlation ratio of a column (the variance of the class means over the
    variance of all), for numbers by the square of Pearson's correlation. Of equal columns the first
    is chosen. The lower number comes first.

    Raises:
        ValueError: If there are fewer than two columns.
    """
    if len(dataset.columns) < 2:
        raise ValueError(f"{dataset.name} has only one column")
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


def picture_side(dataset: Dataset) -> int:
    """Pixels across and down, where the columns are those of a square picture; else 0.

    Such columns have names that begin with "pixel", row by row from the top.
    """
    n_columns = len(dataset.columns)
    side = math.isqrt(n_columns)
    are_pixels = all(name.startswith(PIXEL_NAME) for name in dataset.columns)
    return side if are_pixels and side > 1 and side * side == n_columns else 0


def _between_classes(dataset: Dataset, centered: FloatArray) -> FloatArray:
    """For each column the sum over samples of the square of their class's mean."""
    labels = dataset.labels
    result = np.zeros(centered.shape[1])
    for label in np.unique(labels):
        members = centered[labels == label]
        result += len(members) * members.mean(axis=0) ** 2
    return result
