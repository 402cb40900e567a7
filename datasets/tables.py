"""Tables: measured data that come with the package, iris and digits."""

import csv
import dataclasses
import gzip
import io
from functools import cache
from importlib.resources import files

import numpy as np

from .dataset import PIXEL_NAME, Dataset, standard_scaling
from .facts import (
    DIGITS_CLASSES,
    DIGITS_SIDE,
    DIGITS_SOURCE,
    IRIS_CLASSES,
    IRIS_SOURCE,
    check_request,
)

_DARKEST_PIXEL = 16.0


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
    return _drawn(_whole_iris(), n_samples, noise, rng)


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
    return _drawn(_whole_digits(), n_samples, noise, rng)


def _drawn(
    whole: Dataset, n_samples: int | None, noise: float, rng: np.random.Generator
) -> Dataset:
    wanted = whole.n_samples if n_samples is None else n_samples
    check_request(wanted, noise, max_samples=whole.n_samples)
    rows = np.arange(wanted)
    if n_samples is not None:
        rows = rng.choice(whole.n_samples, wanted, replace=False)
    variates = rng.standard_normal((wanted, len(whole.columns)))
    return dataclasses.replace(
        whole,
        points=whole.points[rows] + noise * whole.points.std(axis=0) * variates,
        targets=whole.targets[rows],
        drawn=wanted,
        ids=np.arange(wanted),
        strata=whole.strata[rows],
    )


@cache
def _whole_iris() -> Dataset:
    header, *rows = csv.reader(io.StringIO(_data_file("iris.csv").decode("utf-8")))
    points = np.array([row[:-1] for row in rows], dtype=np.float64)
    input_shift, input_scale = standard_scaling(points)
    return Dataset(
        name="iris",
        points=points,
        targets=np.array([IRIS_CLASSES.index(row[-1]) for row in rows], dtype=np.float64),
        columns=tuple(header[:-1]),
        classes=IRIS_CLASSES,
        task="classification",
        source=IRIS_SOURCE,
        note="Inputs standardised for the network: mean 0, deviation 1.",
        input_shift=input_shift,
        input_scale=input_scale,
    )


@cache
def _whole_digits() -> Dataset:
    text = gzip.decompress(_data_file("digits.csv.gz")).decode("utf-8")
    values = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=1, dtype=np.float64)
    side = range(DIGITS_SIDE)
    return Dataset(
        name="digits",
        points=values[:, :-1],
        targets=values[:, -1],
        columns=tuple(f"{PIXEL_NAME} {row},{column}" for row in side for column in side),
        classes=DIGITS_CLASSES,
        task="classification",
        source=DIGITS_SOURCE,
        note="Pixels 0 to 16, divided by 16 for the network.",
        input_scale=np.asarray(_DARKEST_PIXEL),
    )


def _data_file(name: str) -> bytes:
    return files(__package__).joinpath("data", name).read_bytes()
