"""Values as Python source: evaluated, it gives the same value to the bit.

Names come from users and from files. They get into a script by `repr` alone, which has no line
break and no quotation mark that could end it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

MOST_OF_A_LINE = 92


def number_source(number: float) -> str:
    """A float."""
    return repr(float(number)) if math.isfinite(number) else f'float("{number}")'


def array_source(array: NDArray[np.generic]) -> str:
    """An array of floats, whole numbers or truth values, each row on a line of its own."""
    kind = "" if array.dtype == np.float64 else f', dtype="{array.dtype}"'
    return f"np.array({_rows(array.tolist())}{kind})"


def _rows(numbers: object) -> str:
    match numbers:
        case [[*_], *_]:
            rows = ",\n    ".join(_rows(row) for row in numbers)
            return f"[\n    {rows},\n]"
        case [*parts]:
            return f"[{', '.join(map(_rows, parts))}]"
        case float():
            return number_source(numbers)
    return repr(numbers)


def call_source(name: str, arguments: Iterable[str]) -> str:
    """A call, one argument a line where one line is too short."""
    parts = list(arguments)
    line = f"{name}({', '.join(parts)})"
    if len(line) <= MOST_OF_A_LINE and "\n" not in line:
        return line
    # No text in it has a line break: `repr` writes none.
    body = "".join(f"{part},\n" for part in parts)
    return f"{name}(\n{indented(body)})"


def indented(text: str) -> str:
    """A text one level deeper."""
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))
