"""DataChoice: which data set is learned, and how its samples are drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .registry import DATASETS, DatasetEntry, StartingPoint
from .table_options import AS_FOUND, Progress, TableOptions

if TYPE_CHECKING:
    from .csv.read import CsvTable
    from .dataset import Dataset

MAX_ADDED = 2_000
"""How many samples can be added by hand."""
MIN_POINTS = 2
"""How many samples have to stay: one to learn from, one to test with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChoice:
    """A data set by its name, or a CSV file, and what was edited by hand.

    Attributes:
        name: A key of `DATASETS`; ignored where there is a path.
        path: A CSV file.
        table: How it is read; ignored where there is no path.
        n_samples: How many samples; None for the data set's own number.
        noise: From 0 to 0.5; None for the data set's own.
        seed: Decides the samples.
        added: Samples added by hand: their inputs, then the target, coded as the data set's.
        removed: Numbers of samples removed by hand, of those the set was made with.
    """

    name: str = "circle"
    path: Path | None = None
    table: TableOptions = AS_FOUND
    n_samples: int | None = None
    noise: float | None = None
    seed: int = 0
    added: tuple[tuple[float, ...], ...] = ()
    removed: tuple[int, ...] = ()

    def load(self, progress: Progress | None = None, table: CsvTable | None = None) -> Dataset:
        """Makes or reads the data set.

        Args:
            progress: Is told the share of the file that was read, 0 to 1.
            table: The file, if it was just read with this seed and sample.

        Raises:
            ValueError: If a number is out of range or the file cannot be used; in one sentence.
        """
        dataset = self._load_unedited(progress, table)
        if self.added:
            points, targets = [row[:-1] for row in self.added], [row[-1] for row in self.added]
            dataset = dataset.with_points(points, targets)
        if self.removed:
            dataset = dataset.without_rows(self.removed)
        return replace(dataset, origin=self)

    def check(self) -> None:
        """Checks what can be checked without loading.

        Raises:
            ValueError: If there is no such data set, or a number is out of range.
        """
        self.entry.check(self.n_samples, noise=self.noise)

    def _load_unedited(self, progress: Progress | None, table: CsvTable | None) -> Dataset:
        if table is not None:
            return table.dataset(self.table)
        if self.path is not None:
            from .csv.read import load_csv

            return load_csv(self.path, self.table, seed=self.seed, progress=progress)
        # Here, because it takes longer to load than a name to check.
        import numpy as np

        rng = np.random.default_rng(self.seed)
        return self.entry(self.n_samples, noise=self.noise, rng=rng)

    def adding(self, point: tuple[float, ...], target: float) -> DataChoice:
        """This choice with one more sample.

        Args:
            point: Its inputs, in the data's units.
            target: Coded as the data set's targets.

        Raises:
            ValueError: If there are `MAX_ADDED` already.
        """
        if len(self.added) >= MAX_ADDED:
            raise ValueError(f"{MAX_ADDED:,} samples by hand are the limit: remove some first.")
        return replace(self, added=(*self.added, (*point, target)))

    def removing(self, number: int, dataset: Dataset) -> DataChoice:
        """This choice without one of its samples.

        Args:
            number: One of `dataset.ids`.
            dataset: What is chosen, as edited so far.

        Raises:
            ValueError: If only `MIN_POINTS` are left.
        """
        if dataset.n_samples <= MIN_POINTS:
            raise ValueError(
                "The last two samples have to stay, one to learn from and one to test with: add "
                "others first."
            )
        if number < dataset.drawn:
            return replace(self, removed=(*self.removed, number))
        place = sum(dataset.drawn <= id < number for id in dataset.ids.tolist())
        return replace(self, added=self.added[:place] + self.added[place + 1 :])

    def with_edits_of(self, before: DataChoice) -> DataChoice:
        """This choice with those edits made by hand on another that fit it.

        Added samples stay if the same data set is drawn with other settings; removed ones do not,
        since the numbers then mean other samples. Files and other data sets keep neither.

        Args:
            before: The choice in force until now.
        """
        if self.path is not None or before.path is not None or self.name != before.name:
            return replace(self, added=(), removed=())
        is_same = (self.n_samples, self.noise, self.seed) == (
            before.n_samples,
            before.noise,
            before.seed,
        )
        return replace(self, added=before.added, removed=before.removed if is_same else ())

    @property
    def entry(self) -> DatasetEntry:
        """What is known of the data set before it is made; not of a file.

        Raises:
            ValueError: If there is none of that name.
        """
        if self.name not in DATASETS:
            raise ValueError(f"There is no data set {self.name!r}: use {', '.join(DATASETS)}.")
        return DATASETS[self.name]

    @property
    def start(self) -> StartingPoint:
        """What a newcomer to these data begins with."""
        return StartingPoint() if self.path is not None else self.entry.start


def choice_of(dataset: Dataset) -> DataChoice:
    """Where a data set comes from."""
    return dataset.origin if isinstance(dataset.origin, DataChoice) else DataChoice()
