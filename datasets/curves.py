"""Curves: regression sets with one input, x, and one number to predict.

The points and targets are the textbook's numbers, up to 60 for the parabola. Plain gradient descent
diverges on such a range, so a network learns these sets standardised, input and target, by the mean
and the deviation of the points and of the curve at them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .dataset import Dataset, FloatArray, standard_scaling
from .facts import check_request

_NOTE = "Input and target standardised for the network: mean 0, deviation 1."


@dataclass(frozen=True)
class Curve:
    """Makes data sets of one curve.

    Attributes:
        name: Of the data sets.
        formula: From x to the target without noise, each of shape (n,).
        domain: (low, high) of the uniform distribution of x.
    """

    name: str
    formula: Callable[[FloatArray], FloatArray]
    domain: tuple[float, float]

    def __call__(
        self, n_samples: int = 300, *, noise: float = 0.0, rng: np.random.Generator
    ) -> Dataset:
        """Makes a data set.

        Args:
            n_samples: 2 to 100,000.
            noise: 0 to 0.5, the deviation of the noise on the targets as a fraction of the curve's.
            rng: Draws everything.

        Raises:
            ValueError: If ``n_samples`` or ``noise`` is outside its range.
        """
        check_request(n_samples, noise)
        x = rng.uniform(*self.domain, n_samples)
        clean = self.formula(x)
        # Drawn at noise 0 too, and scaled by the clean curve: with one seed, more noise changes
        # neither the points nor the scaling.
        variates = rng.standard_normal(n_samples)
        input_shift, input_scale = standard_scaling(x)
        target_shift, target_scale = standard_scaling(clean)
        return Dataset(
            name=self.name,
            points=x[:, np.newaxis],
            targets=clean + noise * clean.std() * variates,
            columns=("x",),
            task="regression",
            note=_NOTE,
            domain=self.domain,
            input_shift=input_shift,
            input_scale=input_scale,
            target_shift=float(target_shift),
            target_scale=float(target_scale),
        )


PARABOLA = Curve("parabola", lambda x: 3 * x**2 - 4 * x + 5, (-5.0, 5.0))
SINE_SQUARED = Curve("sine-squared", lambda x: np.sin(x) ** 2 + 1, (-2 * np.pi, 6 * np.pi))
X_SIN_X = Curve("x-sin-x", lambda x: x * np.sin(x), (-5.0, 5.0))
SQUARE = Curve("square", lambda x: x**2 + 1, (-5.0, 5.0))
