"""What is known of the data sets before any is made, without NumPy."""

from typing import Literal

Task = Literal["classification", "regression"]

PLAYGROUND_SOURCE = "TensorFlow Playground"
PLAYGROUND_CLASSES = ("orange", "blue")
"""The classes -1 and +1, by the colours the playground draws them in."""
IRIS_ROWS = 150
DIGITS_ROWS = 1797
IRIS_CLASSES = ("setosa", "versicolor", "virginica")
DIGITS_CLASSES = tuple("0123456789")
DIGITS_SIDE = 8
IRIS_SOURCE = "R. A. Fisher, 1936; UCI Machine Learning Repository, CC BY 4.0"
DIGITS_SOURCE = "E. Alpaydin and C. Kaynak, 1998; UCI Machine Learning Repository, CC BY 4.0"

MIN_SAMPLES = 2
MAX_SAMPLES = 100_000
MAX_NOISE = 0.5


def check_request(
    n_samples: int,
    noise: float,
    *,
    max_samples: int = MAX_SAMPLES,
    max_noise: float = MAX_NOISE,
) -> None:
    """Checks the number of samples and the noise asked of a data set.

    Args:
        n_samples: 2 to ``max_samples``.
        noise: 0 to ``max_noise``.
        max_samples: Default 100,000.
        max_noise: Default 0.5, the end of the playground's noise slider.

    Raises:
        ValueError: If one of them is outside its range.
    """
    if not MIN_SAMPLES <= n_samples <= max_samples:
        raise ValueError(
            f"the number of samples must be {MIN_SAMPLES} to {max_samples:,}, not {n_samples}"
        )
    if not 0 <= noise <= max_noise:
        raise ValueError(f"the noise must be 0 to {max_noise:g}, not {noise:g}")
