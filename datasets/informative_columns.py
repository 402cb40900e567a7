"""Which columns of a data set tell most about its targets."""

import numpy as np

from .dataset import Dataset, FloatArray


def telling_columns(dataset: Dataset) -> tuple[int, int]:
    """The two columns from which the target is best guessed, each on its own.

    For classes that is the correlation ratio of a column (the variance of the class means over the
    variance of all), for numbers the square of Pearson's correlation. Of equals the first is taken.

    Args:
        dataset: One with two columns or more.

    Returns:
        Their numbers from 0, the lower one first.

    Raises:
        ValueError: If there are fewer than two columns.
    """
    if len(dataset.columns) < 2:
        raise ValueError(f"{dataset.name} has one column only")
    centered = dataset.points - dataset.points.mean(axis=0)
    total = (centered**2).sum(axis=0)
    if dataset.task == "classification":
        explained = _between_classes(dataset, centered)
    else:
        off = dataset.targets - dataset.targets.mean()
        explained = (centered.T @ off) ** 2 / max(float(off @ off), np.finfo(np.float64).tiny)
    share = np.divide(explained, total, out=np.zeros_like(total), where=total > 0)
    first, second = sorted(np.argsort(-share, kind="stable")[:2].tolist())
    return first, second


def _between_classes(dataset: Dataset, centered: FloatArray) -> FloatArray:
    """For each column the sum over points of the square of their class's mean."""
    labels = dataset.labels
    result = np.zeros(centered.shape[1])
    for label in np.unique(labels):
        members = centered[labels == label]
        result += len(members) * members.mean(axis=0) ** 2
    return result
