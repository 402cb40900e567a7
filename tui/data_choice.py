"""DataChoice: which data set is learned, and how it is drawn; frozen, like the other settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..datasets import DATASETS, Dataset, StartingPoint, load_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChoice:
    """A data set by its name, or a CSV file.

    Attributes:
        name: A key of `DATASETS`; ignored where there is a path.
        path: A CSV file.
        target: Its target column, by name; None for the last one.
        n_samples: How many points; None for the data set's own number.
        noise: From 0 to 0.5; None for the data set's own.
        seed: Decides the points.
    """

    name: str = "circle"
    path: Path | None = None
    target: str | None = None
    n_samples: int | None = None
    noise: float | None = None
    seed: int = 0

    def load(self) -> Dataset:
        """Makes or reads the data set.

        Raises:
            ValueError: If a number is out of range or the file cannot be used; in one sentence.
        """
        if self.path is not None:
            return load_csv(self.path, target=self.target)
        rng = np.random.default_rng(self.seed)
        return DATASETS[self.name](self.n_samples, noise=self.noise, rng=rng)

    @property
    def starting_point(self) -> StartingPoint:
        """What a newcomer begins with on this data set."""
        return StartingPoint() if self.path is not None else DATASETS[self.name].start
