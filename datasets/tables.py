"""Tables: measured data that come with the package, iris and digits."""

import csv
import gzip
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .dataset import Dataset, FloatArray, check_request, standard_scaling

IRIS_ROWS = 150
DIGITS_ROWS = 1797
IRIS_CLASSES = ("setosa", "versicolor", "virginica")
DIGITS_CLASSES = tuple("0123456789")
DIGITS_SIDE = 8
IRIS_SOURCE = "R. A. Fisher, 1936; UCI Machine Learning Repository, CC BY 4.0"
DIGITS_SOURCE = "E. Alpaydin and C. Kaynak, 1998; UCI Machine Learning Repository, CC BY 4.0"

_DARKEST_PIXEL = 16.0


@dataclass(frozen=True, eq=False)
class _Table:
    """A data file: points (rows, columns), class numbers (rows,), column names."""

    points: FloatArray
    targets: FloatArray
    columns: tuple[str, ...]


def iris(n_samples: int | None = None, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """Four lengths in cm of 150 iris flowers of three species (Fisher, 1936).

    The network sees the inputs standardised by mean and deviation of the whole table.

    Args:
        n_samples: 2 to 150 random rows; None means all, in the order of the file.
        noise: 0 to 0.5: N(0, (noise * deviation of the column)^2) is added to the inputs.
        rng: Draws the rows and the noise.

    Raises:
        ValueError: If ``n_samples`` or ``noise`` is outside its range.
    """
    table = _iris_table()
    points, targets = _sampled(table, n_samples, noise, rng)
    input_shift, input_scale = standard_scaling(table.points)
    return Dataset(
        name="iris",
        points=points,
        targets=targets,
        columns=table.columns,
        classes=IRIS_CLASSES,
        task="classification",
        source=IRIS_SOURCE,
        note="Inputs standardised for the network: mean 0, deviation 1.",
        input_shift=input_shift,
        input_scale=input_scale,
    )


def digits(
    n_samples: int | None = None, *, noise: float = 0.0, rng: np.random.Generator
) -> Dataset:
    """1,797 handwritten digits of 8 x 8 pixels, 0 (paper) to 16 (ink).

    The network sees the pixels divided by 16.

    Args:
        n_samples: 2 to 1,797 random rows; None means all, in the order of the file.
        noise: 0 to 0.5: N(0, (noise * deviation of the pixel)^2) is added to the pixels, which may
            then leave 0 to 16; a pixel that is the same in all images stays.
        rng: Draws the rows and the noise.

    Raises:
        ValueError: If ``n_samples`` or ``noise`` is outside its range.
    """
    table = _digits_table()
    points, targets = _sampled(table, n_samples, noise, rng)
    return Dataset(
        name="digits",
        points=points,
        targets=targets,
        columns=table.columns,
        classes=DIGITS_CLASSES,
        task="classification",
        source=DIGITS_SOURCE,
        note="Pixels 0 to 16, divided by 16 for the network.",
        input_scale=np.asarray(_DARKEST_PIXEL),
    )


def _sampled(
    table: _Table, n_samples: int | None, noise: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    available = len(table.targets)
    wanted = available if n_samples is None else n_samples
    check_request(wanted, noise, max_samples=available)
    rows = np.arange(available)
    if n_samples is not None:
        rows = rng.choice(available, wanted, replace=False)
    variates = rng.standard_normal((wanted, len(table.columns)))
    points = table.points[rows] + noise * table.points.std(axis=0) * variates
    return points, table.targets[rows]


@cache
def _iris_table() -> _Table:
    header, *rows = csv.reader(io.StringIO(_data_file("iris.csv").decode("utf-8")))
    return _Table(
        points=np.array([row[:-1] for row in rows], dtype=np.float64),
        targets=np.array([IRIS_CLASSES.index(row[-1]) for row in rows], dtype=np.float64),
        columns=tuple(header[:-1]),
    )


@cache
def _digits_table() -> _Table:
    text = gzip.decompress(_data_file("digits.csv.gz")).decode("utf-8")
    values = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=1, dtype=np.float64)
    side = range(DIGITS_SIDE)
    return _Table(
        points=values[:, :-1],
        targets=values[:, -1],
        columns=tuple(f"pixel {row},{column}" for row in side for column in side),
    )


def _data_file(name: str) -> bytes:
    return files(__package__).joinpath("data", name).read_bytes()
