"""The data sets that come with the package, by name, and what to begin with on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np

from . import curves, planar, tables
from .dataset import MAX_NOISE, MAX_SAMPLES, Dataset, Task, check_request


class DatasetMaker(Protocol):
    """A function that makes a data set, such as ``circle``."""

    def __call__(
        self, n_samples: int = ..., *, noise: float = ..., rng: np.random.Generator
    ) -> Dataset:
        """Makes the data set."""


@dataclass(frozen=True, kw_only=True)
class StartingPoint:
    """A network and a training that a newcomer to a data set can begin with.

    The defaults are the playground's.

    Attributes:
        hidden: The number of neurons of each hidden layer.
        activation: Of every hidden layer.
        learning_rate: The optimizer's step size.
        batch_size: Samples in a mini-batch.
        train_share: The part of the rows that trains, above 0 and up to 1.
        initializer: What the first weights are drawn by.
        optimizer: What turns gradients into updates.
    """

    hidden: tuple[int, ...] = (4, 2)
    activation: str = "tanh"
    learning_rate: float = 0.03
    batch_size: int = 10
    train_share: float = 0.5
    initializer: str = "playground"
    optimizer: str = "sgd"


@dataclass(frozen=True, kw_only=True)
class DatasetEntry:
    """A data set that can be made, and what is known of it before it is.

    Attributes:
        name: The key in ``DATASETS``.
        title: The name for people.
        description: One short line.
        task: "classification" or "regression".
        make: Makes the data set.
        n_samples: The default number of samples; for a table all of its rows.
        max_samples: The largest number of samples.
        noise: The default noise.
        max_noise: The largest noise.
        n_columns: The number of input columns.
        classes: The name of each class; empty for regression.
        source: Where it comes from; empty if it is made from a formula of common knowledge.
        start: What to begin with.
    """

    name: str
    title: str
    description: str
    task: Task
    make: DatasetMaker
    n_samples: int
    max_samples: int = MAX_SAMPLES
    noise: float = 0.0
    max_noise: float = MAX_NOISE
    n_columns: int
    classes: tuple[str, ...] = ()
    source: str = ""
    start: StartingPoint = StartingPoint()

    def __call__(
        self,
        n_samples: int | None = None,
        *,
        noise: float | None = None,
        rng: np.random.Generator,
    ) -> Dataset:
        """Makes the data set.

        Args:
            n_samples: 2 to ``max_samples``; None is the default of this entry.
            noise: 0 to ``max_noise``; None is the default of this entry.
            rng: Draws everything that is random.

        Raises:
            ValueError: If ``n_samples`` or ``noise`` lies outside.
        """
        samples = self.n_samples if n_samples is None else n_samples
        amount = self.noise if noise is None else noise
        check_request(samples, amount, max_samples=self.max_samples, max_noise=self.max_noise)
        return self.make(samples, noise=amount, rng=rng)


_CLASSIFICATION_SAMPLES = 500
_PLANE_SAMPLES = 1200
_CURVE_SAMPLES = 300
_CURVE_START = StartingPoint(hidden=(8, 8), train_share=0.8, initializer="xavier")
# Eight periods are more than plain gradient descent on tanh finds in minutes.
_WAVE_START = StartingPoint(
    hidden=(24, 24),
    activation="sin",
    learning_rate=0.01,
    train_share=0.8,
    initializer="he",
    optimizer="adam",
)


def _planar_classes(
    name: str,
    title: str,
    description: str,
    make: DatasetMaker,
    *,
    noise: float = 0.0,
    source: str = planar.PLAYGROUND_SOURCE,
    start: StartingPoint | None = None,
) -> DatasetEntry:
    return DatasetEntry(
        name=name,
        title=title,
        description=description,
        task="classification",
        make=make,
        n_samples=_CLASSIFICATION_SAMPLES,
        noise=noise,
        n_columns=2,
        classes=planar.PLAYGROUND_CLASSES,
        source=source,
        start=start or StartingPoint(),
    )


def _planar_numbers(
    name: str, title: str, description: str, make: DatasetMaker, start: StartingPoint
) -> DatasetEntry:
    return DatasetEntry(
        name=name,
        title=title,
        description=description,
        task="regression",
        make=make,
        n_samples=_PLANE_SAMPLES,
        n_columns=2,
        source=planar.PLAYGROUND_SOURCE,
        start=start,
    )


def _curve(
    name: str,
    title: str,
    description: str,
    make: DatasetMaker,
    start: StartingPoint = _CURVE_START,
) -> DatasetEntry:
    return DatasetEntry(
        name=name,
        title=title,
        description=description,
        task="regression",
        make=make,
        n_samples=_CURVE_SAMPLES,
        n_columns=1,
        start=start,
    )


_IRIS = DatasetEntry(
    name="iris",
    title="Iris",
    description="three species by four lengths",
    task="classification",
    make=tables.iris,
    n_samples=tables.IRIS_ROWS,
    max_samples=tables.IRIS_ROWS,
    n_columns=4,
    classes=tables.IRIS_CLASSES,
    source=tables.IRIS_SOURCE,
    start=StartingPoint(hidden=(8,), learning_rate=0.1, train_share=0.7, initializer="xavier"),
)

_DIGITS = DatasetEntry(
    name="digits",
    title="Digits",
    description="handwritten digits, 8 x 8 pixels",
    task="classification",
    make=tables.digits,
    n_samples=tables.DIGITS_ROWS,
    max_samples=tables.DIGITS_ROWS,
    n_columns=tables.DIGITS_SIDE**2,
    classes=tables.DIGITS_CLASSES,
    source=tables.DIGITS_SOURCE,
    start=StartingPoint(
        hidden=(32,),
        activation="relu",
        learning_rate=0.1,
        train_share=0.8,
        initializer="he",
    ),
)

_ENTRIES = (
    _planar_classes("circle", "Circle", "a disc inside a ring", planar.circle),
    _planar_classes("xor", "XOR", "classes in opposite quadrants", planar.xor),
    _planar_classes("gauss", "Gauss", "two round clouds", planar.gauss),
    _planar_classes(
        "spiral",
        "Spiral",
        "two arms wound around each other",
        planar.spiral,
        start=StartingPoint(hidden=(8, 8)),
    ),
    _planar_classes(
        "moons",
        "Moons",
        "two half circles, interlocked",
        planar.moons,
        noise=0.1,
        source="",
        start=StartingPoint(hidden=(8,), learning_rate=0.1, initializer="xavier"),
    ),
    _planar_numbers("plane", "Plane", "a slope", planar.plane, StartingPoint()),
    _planar_numbers(
        "multi-gauss",
        "Multi-Gauss",
        "six bumps, three up and three down",
        planar.multi_gauss,
        StartingPoint(hidden=(8, 8)),
    ),
    _curve("parabola", "Parabola", "3x² - 4x + 5", curves.parabola),
    _curve("sine-squared", "Sine squared", "sin² x + 1", curves.sine_squared, _WAVE_START),
    _curve("x-sin-x", "x sin x", "x times sin x", curves.x_sin_x),
    _curve("square", "Square", "x² + 1", curves.square),
    _IRIS,
    _DIGITS,
)

DATASETS: Mapping[str, DatasetEntry] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""Every data set that comes with the package, in the order it is offered."""
