"""What may be asked of every data set: how many samples, how much noise."""

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
    """Refuses a number of samples or a noise that no data set can be made with.

    Args:
        n_samples: Allowed are 2 to ``max_samples``.
        noise: Allowed are 0 to ``max_noise``.
        max_samples: Default 100,000.
        max_noise: Default 0.5, the end of the playground's noise slider.

    Raises:
        ValueError: If either lies outside.
    """
    if not MIN_SAMPLES <= n_samples <= max_samples:
        raise ValueError(
            f"the number of samples must be {MIN_SAMPLES} to {max_samples:,}, not {n_samples}"
        )
    if not 0 <= noise <= max_noise:
        raise ValueError(f"the noise must be 0 to {max_noise:g}, not {noise:g}")
