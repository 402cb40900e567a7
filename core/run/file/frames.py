"""Frames: how the bytes of a file are cut into pieces, each with its length and a checksum.

A file is a head (some bytes that nothing else begins with, and the format's version), then frames:
length, CRC-32, kind, body. The body of a pack is more frames, compressed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from ....datasets.files import FileError

MAGIC = b"\x89toygrad\r\n\n"
VERSION = 2
HEAD = MAGIC + struct.pack("<H", VERSION)

MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 256_000_000
MAX_RECORD_BYTES = 4_000_000
MAX_FRAMES = 1_000_000

RECORD, NUMBERS, PACK = b"r", b"n", b"z"

_FRAME = struct.Struct("<II")


class RunFileError(FileError):
    """Bytes that are no run, or a run that is too large for a file; in one sentence."""


def damaged(why: str) -> RunFileError:
    """The error for a file that was made well, and is no longer as it was."""
    return RunFileError(f"This run file is damaged: {why}.")


class Frame(NamedTuple):
    """A piece of a file.

    Attributes:
        kind: `RECORD` or `NUMBERS`.
        body: What it holds.
    """

    kind: bytes
    body: bytes


def frame(kind: bytes, body: bytes) -> bytes:
    """One frame."""
    payload = kind + body
    return _FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def pack(frames: bytes, *, level: int = 6) -> bytes:
    """Some frames as one that is smaller."""
    return frame(PACK, zlib.compress(frames, level))


def check_head(data: bytes) -> None:
    """Checks that bytes are a run that this version can read.

    Raises:
        RunFileError: If they are not.
    """
    if data[: len(MAGIC)] != MAGIC[: len(data)] or not data:
        raise RunFileError("This file is not a run: open a .toygrad file.")
    if len(data) < len(HEAD):
        raise damaged("it ends too early")
    if len(data) > MAX_FILE_BYTES:
        raise RunFileError(
            f"A run file has at most {MAX_FILE_BYTES // 1_000_000} MB: this one is larger."
        )
    (version,) = struct.unpack_from("<H", data, len(MAGIC))
    if version > VERSION:
        raise RunFileError(
            "This run was saved by a newer version of toygrad-tui: update toygrad-tui to open it."
        )
    if version < 1:
        raise damaged("it has no version")


def read_frames(data: bytes) -> Iterator[Frame]:
    """The frames after the head, those in packs too; no more memory than the limits allow.

    Raises:
        RunFileError: At the first one that is not whole.
    """
    for number, found in enumerate(_unpacked_frames(data)):
        if number == MAX_FRAMES:
            raise damaged("it has too many parts")
        yield found


def _unpacked_frames(data: bytes) -> Iterator[Frame]:
    room = MAX_UNPACKED_BYTES
    for found in _frames(memoryview(data)[len(HEAD) :]):
        if found.kind != PACK:
            yield found
            continue
        unpacked = _unpacked(found.body, room)
        room -= len(unpacked)
        for inner in _frames(memoryview(unpacked)):
            if inner.kind == PACK:
                raise damaged("a pack is inside another")
            yield inner


def _frames(data: memoryview) -> Iterator[Frame]:
    place = 0
    while place < len(data):
        start = place + _FRAME.size
        if start > len(data):
            raise damaged("it ends too early")
        length, checksum = _FRAME.unpack_from(data, place)
        place = start + length
        if place > len(data):
            raise damaged("it ends too early")
        payload = data[start:place]
        # A file that lost its end to a power cut may go on with zeros.
        if not length or zlib.crc32(payload) != checksum:
            raise damaged("a checksum is wrong")
        kind = bytes(payload[:1])
        if kind not in (RECORD, NUMBERS, PACK):
            raise damaged("it has a part of an unknown kind")
        if kind == RECORD and length > MAX_RECORD_BYTES:
            raise damaged("a part of it is too large")
        yield Frame(kind, bytes(payload[1:]))


def _unpacked(body: bytes, room: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(body, room + 1)
    except zlib.error:
        raise damaged("it can't be unpacked") from None
    if len(data) > room:
        raise RunFileError("This run file unpacks to more than any run needs: it is not opened.")
    if not unpacker.eof or unpacker.unused_data:
        raise damaged("it can't be unpacked")
    return data
