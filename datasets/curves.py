"""Curves: regression sets with one input, x, and one number to predict.

The points and targets are the textbook's numbers, up to 60 for the parabola. Plain gradient
descent diverges on such a range, so a network learns these sets standardised, input and target, by
the mean and the deviation of the points and of the curve at them.
"""

from collections.abc import Callable

import numpy as np

from .dataset import Dataset, FloatArray, check_request, standard_scaling

_NOTE = "Input and target standardised for the network: mean 0, deviation 1."


def parabola(n_samples: int = 300, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """3 x^2 - 4 x + 5 at x from U(-5, 5).

    Args:
        n_samples: 2 to 100,000.
        noise: 0 to 0.5, the deviation of the noise on the targets as a fraction of the curve's.
        rng: Draws everything.

    Raises:
        ValueError: If ``n_samples`` or ``noise`` lies outside.
    """
    return _sampled("parabola", lambda x: 3 * x**2 - 4 * x + 5, (-5.0, 5.0), n_samples, noise, rng)


def sine_squared(n_samples: int = 300, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """sin^2 x + 1 at x from U(-2 pi, 6 pi).

    Args:
        n_samples: 2 to 100,000.
        noise: 0 to 0.5, the deviation of the noise on the targets as a fraction of the curve's.
        rng: Draws everything.

    Raises:
        ValueError: If ``n_samples`` or ``noise`` lies outside.
    """
    domain = (-2 * np.pi, 6 * np.pi)
    return _sampled("sine-squared", lambda x: np.sin(x) ** 2 + 1, domain, n_samples, noise, rng)


def x_sin_x(n_samples: int = 300, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """X times sin x at x from U(-5, 5).

    Args:
        n_samples: 2 to 100,000.
        noise: 0 to 0.5, the deviation of the noise on the targets as a fraction of the curve's.
        rng: Draws everything.

    Raises:
        ValueError: If ``n_samples`` or ``noise`` lies outside.
    """
    return _sampled("x-sin-x", lambda x: x * np.sin(x), (-5.0, 5.0), n_samples, noise, rng)


def square(n_samples: int = 300, *, noise: float = 0.0, rng: np.random.Generator) -> Dataset:
    """x^2 + 1 at x from U(-5, 5).

    Args:
        n_samples: 2 to 100,000.
        noise: 0 to 0.5, the deviation of the noise on the targets as a fraction of the curve's.
        rng: Draws everything.

    Raises:
        ValueError: If ``n_samples`` or ``noise`` lies outside.
    """
    return _sampled("square", lambda x: x**2 + 1, (-5.0, 5.0), n_samples, noise, rng)


def _sampled(
    name: str,
    curve: Callable[[FloatArray], FloatArray],
    domain: tuple[float, float],
    n_samples: int,
    noise: float,
    rng: np.random.Generator,
) -> Dataset:
    check_request(n_samples, noise)
    x = rng.uniform(*domain, n_samples)
    clean = curve(x)
    # Drawn at noise 0 too, and scaled by the clean curve: with one seed, moving the noise changes
    # neither the points nor what the network sees of them.
    variates = rng.standard_normal(n_samples)
    input_shift, input_scale = standard_scaling(x)
    target_shift, target_scale = standard_scaling(clean)
    return Dataset(
        name=name,
        points=x[:, np.newaxis],
        targets=clean + noise * clean.std() * variates,
        columns=("x",),
        task="regression",
        note=_NOTE,
        domain=domain,
        input_shift=input_shift,
        input_scale=input_scale,
        target_shift=float(target_shift),
        target_scale=float(target_scale),
    )
