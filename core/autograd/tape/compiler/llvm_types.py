"""The types of LLVM's assembly, its constants, and the processor that it is for."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

TYPES = {"float64": "double", "float32": "float", "bool": "i8", "int64": "i64"}
"""What NumPy's types are called here, in memory."""

SUFFIXES = {"double": "f64", "float": "f32"}
"""What they are called in the names of LLVM's own functions."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the compiler has to know of the processor.

    Attributes:
        vector_bytes: The width of its vector registers.
        n_registers: How many of them it has.
    """

    vector_bytes: int
    n_registers: int

    def lanes(self, type_: str) -> int:
        """How many numbers fit into a vector register."""
        return self.vector_bytes // (4 if type_ == "float" else 8)


def vector_type(scalar: str, lanes: int) -> str:
    """The type of a vector, or of a plain number."""
    return scalar if lanes == 1 else f"<{lanes} x {scalar}>"


def size_of(type_: str) -> int:
    """How many bytes a number takes."""
    return {"double": 8, "float": 4, "i64": 8, "i8": 1}[type_]


def mask(lanes: int, used: int) -> str:
    """A constant vector of truth values: the first ones are true."""
    return f"<{', '.join(f'i1 {int(lane < used)}' for lane in range(lanes))}>"


def literal(number: float, scalar: str) -> str:
    """A number as a constant; of floats the bits of a double, which the type has to hold."""
    if scalar not in SUFFIXES:
        return str(int(number))
    exact = float(np.float32(number)) if scalar == "float" else float(number)
    return f"0x{struct.unpack('<Q', struct.pack('<d', exact))[0]:016X}"


def repeated(constant: str, scalar: str, lanes: int) -> str:
    """A constant vector of equal numbers, or the number itself."""
    if lanes == 1:
        return constant
    return f"<{', '.join([f'{scalar} {constant}'] * lanes)}>"
