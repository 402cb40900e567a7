"""What a newcomer to a data set begins with, as settings."""

from __future__ import annotations

from typing import Any, Final

from ..core import NetworkSpec
from ..datasets import Dataset
from ..datasets.choice import DataChoice as DataChoice

CSV_SUFFIXES: Final = (".csv", ".tsv", ".txt")
"""Files that are suggested as tables of data."""


def first_network(choice: DataChoice) -> NetworkSpec:
    """The network that a newcomer to these data begins with."""
    start = choice.start
    return NetworkSpec(
        hidden=start.hidden, activation=start.activation, initializer=start.initializer
    )


def first_settings(choice: DataChoice) -> dict[str, Any]:
    """The fields of `TrainingConfig` that a newcomer to these data begins with."""
    start = choice.start
    return {
        "learning_rate": start.learning_rate,
        "batch_size": start.batch_size,
        "train_share": start.train_share,
        "optimizer": start.optimizer,
        "loss": "auto",
    }


def choice_of(dataset: Dataset) -> DataChoice:
    """Where a data set comes from."""
    return dataset.origin if isinstance(dataset.origin, DataChoice) else DataChoice()
