"""Registry: the data sets that come with the package, by name, and a first network for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, cast

from . import facts

if TYPE_CHECKING:
    import numpy as np

    from .dataset import Dataset
    from .facts import Task


class DatasetMaker(Protocol):
    """A function that makes a data set, such as ``circle``."""

    def __call__(
        self, n_samples: int = ..., *, noise: float = ..., rng: np.random.Generator
    ) -> Dataset:
        """Makes the data set."""


@dataclass(frozen=True, kw_only=True)
class StartingPoint:
    """The network and training a newcomer to a data set starts with.

    The defaults are the playground's.

    Attributes:
        hidden: The number of neurons of each hidden layer.
        activation: Of every hidden layer.
        learning_rate: The optimizer's step size.
        batch_size: Samples in a mini-batch.
        train_share: The share of samples that train, above 0 and up to 1.
        initializer: Of the weights.
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
    """A data set to make, and what is known of it before.

    Attributes:
        name: The key in ``DATASETS``.
        title: The name for people.
        description: One short line.
        task: "classification" or "regression".
        maker: What makes the data set: a module of this package, and a name in it.
        n_samples: The default number of samples; for a table all of its rows.
        max_samples: The largest number of samples.
        noise: The default noise.
        max_noise: The largest noise.
        n_columns: The number of input columns.
        classes: The name of each class; empty for regression.
        source: Where it comes from; empty for a formula of common knowledge.
        start: What to start with.
    """

    name: str
    title: str
    description: str
    task: Task
    maker: str
    n_samples: int
    max_samples: int = facts.MAX_SAMPLES
    noise: float = 0.0
    max_noise: float = facts.MAX_NOISE
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
            ValueError: If ``n_samples`` or ``noise`` is outside its range.
        """
        samples, amount = self.check(n_samples, noise=noise)
        # Here, because the names are known without it.
        import numpy as np

        made = self.make(samples, noise=amount, rng=rng)
        # Their classes are even by construction, and what is promised of them is of this split.
        return replace(made, strata=np.zeros_like(made.strata))

    def check(self, n_samples: int | None, *, noise: float | None) -> tuple[int, float]:
        """Checks the number of samples and the noise, and puts the defaults in.

        Raises:
            ValueError: If one is outside its range.
        """
        samples = self.n_samples if n_samples is None else n_samples
        amount = self.noise if noise is None else noise
        facts.check_request(samples, amount, max_samples=self.max_samples, max_noise=self.max_noise)
        return samples, amount

    @property
    def make(self) -> DatasetMaker:
        """Makes the data set."""
        module, _, name = self.maker.partition(".")
        return cast(DatasetMaker, getattr(import_module(f".{module}", __package__), name))


_planar_classes = partial(
    DatasetEntry,
    task="classification",
    n_samples=500,
    n_columns=2,
    classes=facts.PLAYGROUND_CLASSES,
    source=facts.PLAYGROUND_SOURCE,
)
_planar_numbers = partial(
    DatasetEntry,
    task="regression",
    n_samples=1200,
    n_columns=2,
    source=facts.PLAYGROUND_SOURCE,
)
_curve = partial(
    DatasetEntry,
    task="regression",
    n_samples=300,
    n_columns=1,
    start=StartingPoint(hidden=(8, 8), train_share=0.8, initializer="xavier"),
)
_EIGHTS = StartingPoint(hidden=(8, 8))

_ENTRIES = (
    _planar_classes(
        name="circle", title="Circle", description="a disc inside a ring", maker="planar.circle"
    ),
    _planar_classes(
        name="xor", title="XOR", description="classes in opposite quadrants", maker="planar.xor"
    ),
    _planar_classes(
        name="gauss", title="Gauss", description="two round clouds", maker="planar.gauss"
    ),
    _planar_classes(
        name="spiral",
        title="Spiral",
        description="two arms wound around each other",
        maker="planar.spiral",
        start=_EIGHTS,
    ),
    _planar_classes(
        name="moons",
        title="Moons",
        description="two half circles, interlocked",
        maker="planar.moons",
        noise=0.1,
        source="",
        start=StartingPoint(hidden=(8,), learning_rate=0.1, initializer="xavier"),
    ),
    _planar_numbers(name="plane", title="Plane", description="a slope", maker="planar.plane"),
    _planar_numbers(
        name="multi-gauss",
        title="Multi-Gauss",
        description="six bumps, three up and three down",
        maker="planar.multi_gauss",
        start=_EIGHTS,
    ),
    _curve(name="parabola", title="Parabola", description="3x² - 4x + 5", maker="curves.PARABOLA"),
    _curve(
        name="sine-squared",
        title="Sine squared",
        description="sin² x + 1",
        maker="curves.SINE_SQUARED",
        # Eight periods are more than plain gradient descent on tanh finds in minutes.
        start=StartingPoint(
            hidden=(24, 24),
            activation="sin",
            learning_rate=0.01,
            train_share=0.8,
            initializer="he",
            optimizer="adam",
        ),
    ),
    _curve(name="x-sin-x", title="x sin x", description="x times sin x", maker="curves.X_SIN_X"),
    _curve(name="square", title="Square", description="x² + 1", maker="curves.SQUARE"),
    DatasetEntry(
        name="iris",
        title="Iris",
        description="three species by four lengths",
        task="classification",
        maker="tables.iris",
        n_samples=facts.IRIS_ROWS,
        max_samples=facts.IRIS_ROWS,
        n_columns=4,
        classes=facts.IRIS_CLASSES,
        source=facts.IRIS_SOURCE,
        start=StartingPoint(hidden=(8,), learning_rate=0.1, train_share=0.7, initializer="xavier"),
    ),
    DatasetEntry(
        name="digits",
        title="Digits",
        description="handwritten digits, 8 x 8 pixels",
        task="classification",
        maker="tables.digits",
        n_samples=facts.DIGITS_ROWS,
        max_samples=facts.DIGITS_ROWS,
        n_columns=facts.DIGITS_SIDE**2,
        classes=facts.DIGITS_CLASSES,
        source=facts.DIGITS_SOURCE,
        start=StartingPoint(
            hidden=(32,),
            activation="relu",
            learning_rate=0.1,
            train_share=0.8,
            initializer="he",
        ),
    ),
)

DATASETS: Mapping[str, DatasetEntry] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""Every data set that comes with the package, in the order it is offered."""
