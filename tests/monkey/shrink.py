"""Shrinks a sequence that fails (Zeller and Hildebrandt, "Simplifying and Isolating
Failure-Inducing Input", 2002)."""

from __future__ import annotations

from collections.abc import Callable

from .actions import Sequence


def shrink(sequence: Sequence, fails: Callable[[Sequence], bool]) -> Sequence:
    """A shorter sequence that fails too, its first action kept.

    Args:
        sequence: One that fails.
        fails: Plays a sequence and says whether it fails in the same way.
    """
    begin, rest = sequence[:1], sequence[1:]
    size = max(1, len(rest) // 2)
    while rest:
        start, has_shrunk = 0, False
        while start < len(rest):
            without = rest[:start] + rest[start + size :]
            if fails(begin + without):
                rest, has_shrunk = without, True
            else:
                start += size
        if size == 1 and not has_shrunk:
            break
        size = max(1, size // 2)
    return begin + rest
