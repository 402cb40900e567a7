"""Data sets written to CSV files."""

import csv
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from ..dataset import MAX_SAMPLES, MIN_SAMPLES, Dataset
from .layout import MAX_COLUMNS, MAX_NAME_LENGTH, is_number
from .read import MAX_CLASSES
from .text import CsvError, csv_error, shown


def save_csv(dataset: Dataset, path: str | os.PathLike[str]) -> None:
    """Writes points and targets, in their own units, to a CSV file that ``load_csv`` reads.

    Comma, header, the target last as class name or number. ``load_csv`` returns the same points,
    targets, columns, classes and task, provided every class has a sample, classes are in the order
    of ``load_csv``, and ``task="regression"`` is given for a regression with few whole numbers as
    targets. The file is written under another name first, so a failure keeps the old file.

    Args:
        dataset: At most 255 columns and 100,000 samples.
        path: Overwritten if it exists.

    Raises:
        CsvError: If the file can't be written.
        ValueError: If ``load_csv`` would refuse the sizes or the names.
    """
    _check_savable(dataset)
    file = Path(path)
    part = file.parent / f".{secrets.token_hex(4)}.part"
    try:
        try:
            with part.open("x", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows(_table(dataset))
            os.replace(part, file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _not_written(file, error) from None


def _not_written(file: Path, error: OSError) -> CsvError:
    reason = error.strerror or type(error).__name__
    remedy = "Choose another path"
    if isinstance(error, FileNotFoundError):
        reason = f'the folder "{shown(str(file.parent))}" does not exist'
        remedy = "Create it, or choose another path"
    return csv_error(file.name, None, f"the file can't be written ({reason})", remedy)


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
        if is_number(name, float):
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
