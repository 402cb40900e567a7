"""The letter and the colour of each class of a data set."""

from __future__ import annotations

from textual.color import Color

from ...datasets import Dataset
from .palette import NEGATIVE, POSITIVE, qualitative

GLYPHS = "oxvszcwukp"
"""The letter of each class; the capital marks a sample that is taken for another class."""


def class_glyphs(dataset: Dataset) -> tuple[str, ...]:
    """The character of each class: its name, where all names are single characters."""
    names = dataset.classes
    if len(names) > 2 and all(len(name) == 1 and "!" <= name <= "~" for name in names):
        return names
    return tuple(GLYPHS[k % len(GLYPHS)] for k in range(len(names)))


def class_colors(n_classes: int) -> tuple[Color, ...]:
    """The colour of each class; of two, those of the map."""
    if n_classes == 2:
        return Color.parse(NEGATIVE), Color.parse(POSITIVE)
    return qualitative(n_classes)
