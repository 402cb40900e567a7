"""Depth: how many colours a terminal has."""

from enum import IntEnum


class Depth(IntEnum):
    """How many colours a terminal has; the value is how many bits tell them apart.

    Those of `CUBE` are xterm's cube of 6 x 6 x 6 colours and its 24 greys. Of the `SIXTEEN` only
    the names are known: every terminal shows them as it likes.
    """

    NONE = 0
    SIXTEEN = 4
    CUBE = 8
    TRUE = 24
