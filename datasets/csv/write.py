"""Data sets written to CSV files."""

import csv
import io
import os
from collections.abc import Iterator

from ..dataset import Dataset
from ..facts import MAX_SAMPLES, MIN_SAMPLES
from ..files import shown, write_file
from .columns import MAX_CLASSES
from .layout import MAX_COLUMNS, MAX_NAME_LENGTH
from .numbers import is_number


def save_csv(dataset: Dataset, path: str | os.PathLike[str]) -> None:
    """Writes points and targets to a CSV file that ``load_csv`` reads; see ``csv_text``.

    Args:
        dataset: At most 255 columns and 100,000 samples.
        path: Overwritten if it exists.

    Raises:
        FileError: If the file can't be written.
        ValueError: If ``load_csv`` would refuse the sizes or the names.
    """
    write_file(path, csv_text(dataset))


def csv_text(dataset: Dataset) -> str:
    """The text of a CSV file with the points and targets, in their own units.

    Comma, header, the target last as class name or number. ``load_csv`` returns the same points,
    targets, columns, classes and task, provided every class has a sample, classes are in the order
    of ``load_csv``, and ``task="regression"`` is given for a regression with few whole numbers as
    targets.

    Args:
        dataset: At most 255 columns and 100,000 samples.

    Raises:
        ValueError: If ``load_csv`` would refuse the sizes or the names.
    """
    _check_savable(dataset)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_table(dataset))
    return text.getvalue()


def _check_savable(dataset: Dataset) -> None:
    if len(dataset.columns) >= MAX_COLUMNS:
        raise ValueError(f"a CSV file has room for {MAX_COLUMNS - 1} input columns")
    if not MIN_SAMPLES <= dataset.n_samples <= MAX_SAMPLES:
        raise ValueError(f"a CSV file has room for {MIN_SAMPLES} to {MAX_SAMPLES:,} samples")
    if dataset.n_classes > MAX_CLASSES:
        raise ValueError(f"a CSV file has room for {MAX_CLASSES} classes")
    for name in (*dataset.columns, *dataset.classes):
        if not name or name != name.strip() or not name.isprintable():
            raise ValueError(f"the name {name!r} would not come back from a CSV file")
        if len(name) > MAX_NAME_LENGTH:
            raise ValueError(f"the name {shown(name)} is longer than {MAX_NAME_LENGTH} characters")
    for name in dataset.columns:
        if is_number(name):
            raise ValueError(f"a column named {name} would be read as a number")


def _table(dataset: Dataset) -> Iterator[list[object]]:
    yield [*dataset.columns, _target_name(dataset)]
    targets: list[object]
    if dataset.task == "classification":
        targets = [dataset.classes[label] for label in dataset.labels]
    else:
        targets = [*dataset.targets.tolist()]
    for point, target in zip(dataset.points.tolist(), targets, strict=True):
        yield [*point, target]


def _target_name(dataset: Dataset) -> str:
    """A name for the target column, with a number if an input column has that name."""
    plain = "class" if dataset.task == "classification" else "target"
    name, count = plain, 1
    while name in dataset.columns:
        count += 1
        name = f"{plain} {count}"
    return name
