"""Sets of points in a plane: the six of TensorFlow Playground, and moons.

Formulas: playground-semantics (read from tensorflow/playground, dataset.ts) and, for moons, the
usual definition by two half circles. U(a, b) is uniform, N(m, v) normal with variance v. The
variates of the noise are drawn at noise 0 too: with one seed, more noise does not move the points
of circle, xor, plane and multi-gauss, and moves the others along fixed directions.

Every function takes ``n_samples`` from 2 to 100,000, ``noise`` from 0 to 0.5, and ``rng``, which
draws everything random; it raises ValueError if a number is outside its range. Of circle, gauss,
spiral and moons, n // 2 samples belong to the class named first.
"""

import numpy as np
from numpy.typing import NDArray

from .dataset import Dataset, FloatArray
from .facts import PLAYGROUND_CLASSES, PLAYGROUND_SOURCE, check_request

PLAYGROUND_DOMAIN = (-6.0, 6.0)
MOONS_DOMAIN = (-2.5, 3.5)

_COLUMNS = ("x1", "x2")

_RADIUS = 5.0
_XOR_PADDING = 0.3
_SPIRAL_TURNS = 1.75
_PLANE_DIVISOR = 10.0
_BUMP_RADIUS = 2.0
_BUMPS = np.array(
    [
        (-4.0, 2.5, 1.0),
        (0.0, 2.5, -1.0),
        (4.0, 2.5, 1.0),
        (-4.0, -2.5, -1.0),
        (0.0, -2.5, 1.0),
        (4.0, -2.5, -1.0),
    ]
)
"""Centre x1, centre x2 and sign of each bump of multi-gauss."""


def circle(n_samples: int = 500, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """A disc of one class inside a ring of the other.

    Half of the points have a radius from U(0, 2.5), the rest from U(3.5, 5); the angle is from
    U(0, 2 pi). A point moved by U(-5, 5) * noise in each coordinate is +1 if it lies within 2.5 of
    the centre, else -1: noise changes labels, never points.
    """
    check_request(n_samples, noise)
    n_inside = n_samples // 2
    inner = rng.uniform(0.0, 0.5 * _RADIUS, n_inside)
    outer = rng.uniform(0.7 * _RADIUS, _RADIUS, n_samples - n_inside)
    radius = np.concatenate([inner, outer])
    angle = rng.uniform(0.0, 2 * np.pi, n_samples)
    points = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    moved = points + noise * rng.uniform(-_RADIUS, _RADIUS, points.shape)
    return _classified("circle", points, np.hypot(*moved.T) < 0.5 * _RADIUS)


def xor(n_samples: int = 500, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """Two classes in opposite quadrants.

    Both coordinates are from U(-5, 5), each moved 0.3 away from 0. A point moved by U(-5, 5) *
    noise in each coordinate is +1 if the product of its coordinates is at least 0, else -1: noise
    changes labels, never points.
    """
    check_request(n_samples, noise)
    drawn = rng.uniform(-_RADIUS, _RADIUS, (n_samples, 2))
    points = drawn + np.where(drawn > 0, _XOR_PADDING, -_XOR_PADDING)
    moved = points + noise * rng.uniform(-_RADIUS, _RADIUS, points.shape)
    return _classified("xor", points, moved.prod(axis=1) >= 0)


def gauss(n_samples: int = 500, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """Two round clouds: N((2, 2), v) is +1 and N((-2, -2), v) is -1, with v = 0.5 + 7 * noise."""
    check_request(n_samples, noise)
    is_positive = np.arange(n_samples) < n_samples // 2
    centres = np.where(is_positive, 2.0, -2.0)[:, np.newaxis]
    spread = np.sqrt(0.5 + 7.0 * noise)
    points = centres + spread * rng.standard_normal((n_samples, 2))
    return _classified("gauss", points, is_positive)


def spiral(n_samples: int = 500, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """Two arms wound around each other, the +1 arm first.

    With m points in an arm, point i has the radius 5 i / m and the angle 1.75 * 2 pi * i / m, plus
    pi in the arm that is -1. U(-1, 1) * noise is added to each coordinate.
    """
    check_request(n_samples, noise)
    n_positive = n_samples // 2
    arms = [_spiral_arm(n_positive, 0.0), _spiral_arm(n_samples - n_positive, np.pi)]
    points = np.concatenate(arms) + noise * rng.uniform(-1.0, 1.0, (n_samples, 2))
    return _classified("spiral", points, np.arange(n_samples) < n_positive)


def moons(n_samples: int = 500, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """Two interlocked half circles, the upper one first.

    The upper one, (cos t, sin t), is -1 and the lower one, (1 - cos t, 0.5 - sin t), is +1, with t
    evenly spaced on [0, pi]; N(0, noise^2) is added to each coordinate. The view (-2.5, 3.5) is a
    square that leaves three deviations around them at the largest noise.
    """
    check_request(n_samples, noise)
    n_upper = n_samples // 2
    upper = np.linspace(0.0, np.pi, n_upper)
    lower = np.linspace(0.0, np.pi, n_samples - n_upper)
    clean = np.concatenate(
        [
            np.column_stack([np.cos(upper), np.sin(upper)]),
            np.column_stack([1.0 - np.cos(lower), 0.5 - np.sin(lower)]),
        ]
    )
    points = clean + noise * rng.standard_normal((n_samples, 2))
    targets = np.where(np.arange(n_samples) < n_upper, -1.0, 1.0)
    return _planar("moons", points, targets, PLAYGROUND_CLASSES, MOONS_DOMAIN, source="")


def plane(n_samples: int = 1200, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """A slope: the target is (x1 + x2) / 10, not clamped.

    Both coordinates are from U(-6, 6). The target is taken at the point moved by U(-6, 6) * noise
    in each coordinate: noise changes targets, never points.
    """
    points, moved = _square(n_samples, noise, rng)
    return _planar("plane", points, moved.sum(axis=1) / _PLANE_DIVISOR)


def multi_gauss(n_samples: int = 1200, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """Six cones, three up and three down, on flat ground.

    Both coordinates are from U(-6, 6). A bump's value is its sign times 1 - d / 2, d being the
    distance from its centre, and 0 from a distance of 2 on; the target is the value largest in
    magnitude at the point moved by U(-6, 6) * noise in each coordinate: noise changes targets,
    never points.
    """
    points, moved = _square(n_samples, noise, rng)
    centres, signs = _BUMPS[:, :2], _BUMPS[:, 2]
    distance = np.linalg.norm(moved[:, np.newaxis, :] - centres, axis=2)
    height = np.clip(1.0 - distance / _BUMP_RADIUS, 0.0, 1.0)
    highest = height.argmax(axis=1)
    return _planar("multi-gauss", points, signs[highest] * height.max(axis=1))


def _spiral_arm(n_points: int, start: float) -> FloatArray:
    progress = np.arange(n_points) / n_points
    radius = _RADIUS * progress
    angle = _SPIRAL_TURNS * progress * 2 * np.pi + start
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def _square(
    n_samples: int, noise: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Points of the whole domain, and the same moved by noise; each of shape (n, 2)."""
    check_request(n_samples, noise)
    points = rng.uniform(*PLAYGROUND_DOMAIN, (n_samples, 2))
    return points, points + noise * rng.uniform(*PLAYGROUND_DOMAIN, points.shape)


def _classified(name: str, points: FloatArray, is_positive: NDArray[np.bool_]) -> Dataset:
    return _planar(name, points, np.where(is_positive, 1.0, -1.0), PLAYGROUND_CLASSES)


def _planar(
    name: str,
    points: FloatArray,
    targets: FloatArray,
    classes: tuple[str, ...] = (),
    domain: tuple[float, float] = PLAYGROUND_DOMAIN,
    source: str = PLAYGROUND_SOURCE,
) -> Dataset:
    return Dataset(
        name=name,
        points=points,
        targets=targets,
        columns=_COLUMNS,
        classes=classes,
        task="classification" if classes else "regression",
        source=source,
        domain=domain,
    )
