"""Arrays as bytes: little-endian, and the bytes of equal weight together, which packs better."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .frames import damaged

Array = NDArray[Any]

_CODES: dict[bytes, np.dtype[Any]] = {
    b"d": np.dtype("<f8"),
    b"q": np.dtype("<i8"),
    b"B": np.dtype("u1"),
}


def array_bytes(array: Array) -> bytes:
    """The numbers of an array, without its shape; booleans as bits."""
    if array.dtype == np.bool_:
        return b"B" + np.packbits(array.ravel()).tobytes()
    code = b"d" if array.dtype == np.float64 else b"q"
    flat = np.ascontiguousarray(array, dtype=_CODES[code]).ravel()
    return code + flat.view(np.uint8).reshape(-1, 8).T.tobytes()


def array_of(body: bytes) -> Array:
    """The numbers, shape (n,), read-only.

    Raises:
        RunFileError: If the bytes are no array.
    """
    dtype = _CODES.get(body[:1])
    if dtype is None or (len(body) - 1) % dtype.itemsize:
        raise damaged("it has numbers of an unknown kind")
    planes = np.frombuffer(body, np.uint8, offset=1)
    together = np.ascontiguousarray(planes.reshape(dtype.itemsize, -1).T).ravel()
    array = together.view(dtype).astype(dtype.newbyteorder("="), copy=False)
    array.setflags(write=False)
    return array
