"""What is said of a data set in words."""

from __future__ import annotations

from typing import Final

from ...datasets import DATASETS, Dataset
from ..data_choice import DataChoice
from .thumbnail import pictured_columns

MOST_CLASSES: Final = 4
"""So many classes are named one by one."""
_UNNAMED: Final = (("x",), ("x1", "x2"))


def data_facts(choice: DataChoice, dataset: Dataset) -> str:
    """A few sentences: what it is, what is learned, how it is pictured, where it comes from.

    Args:
        choice: How it was chosen.
        dataset: It.
    """
    sentences = [_what_is_learned(dataset), _columns(dataset)]
    if choice.path is None:
        entry = DATASETS[choice.name]
        sentences.insert(0, f"{entry.title}: {entry.description}.")
    if pictured := pictured_columns(dataset):
        sentences.append(f"Pictured by {pictured[0]} and {pictured[1]}.")
    if dataset.source and choice.path is None:
        sentences.append(f"Source: {dataset.source}.")
    sentences.append(dataset.note)
    return " ".join(sentence for sentence in sentences if sentence)


def _what_is_learned(dataset: Dataset) -> str:
    classes = dataset.classes
    if not classes:
        return "What is learned is a number."
    if len(classes) > MOST_CLASSES:
        return f"{len(classes)} classes, {classes[0]} to {classes[-1]}."
    return f"Classes {', '.join(classes[:-1])} and {classes[-1]}."


def _columns(dataset: Dataset) -> str:
    """What x1 and x2 are, where no box says it."""
    columns = dataset.columns
    if len(columns) > 2 or columns in _UNNAMED:
        return ""
    return " ".join(f"x{number} is {name}." for number, name in enumerate(columns, start=1))
