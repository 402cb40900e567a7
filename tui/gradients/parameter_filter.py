"""Which rows of the parameter table a text lets through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .parameter_rows import TableRows


class RowFilter:
    """Finds the parameters whose name or verdict contains every word of a text.

    What is found in names is remembered until the names change; verdicts are looked at anew.
    """

    def __init__(self) -> None:
        self._rows: TableRows | None = None
        self._in_names: dict[str, NDArray[np.bool_]] = {}

    def matches(self, rows: TableRows, text: str) -> NDArray[np.intp] | None:
        """The indices of the parameters that match, ascending; None if the text is blank.

        Args:
            rows: The parameters.
            text: Words with blanks between, upper and lower case alike.
        """
        words = text.lower().split()
        if not words:
            return None
        if not rows.has_names_of(self._rows):
            self._in_names.clear()
        self._rows = rows
        self._in_names = {word: self._named(rows, word) for word in words}
        matching = np.ones(len(rows), dtype=bool)
        for word in words:
            matching &= self._in_names[word] | _judged(rows, word)
        return np.flatnonzero(matching)

    def _named(self, rows: TableRows, word: str) -> NDArray[np.bool_]:
        if (known := self._in_names.get(word)) is not None:
            return known
        found = (word in rows.name(index).lower() for index in range(len(rows)))
        return np.fromiter(found, dtype=bool, count=len(rows))


def _judged(rows: TableRows, word: str) -> NDArray[np.bool_] | np.bool_:
    """Where the verdict contains a word."""
    codes = np.array([word in name.lower() for name in rows.verdict_names], dtype=bool)
    return codes[rows.verdicts] if codes.any() else np.False_
