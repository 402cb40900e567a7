"""Saving a run to a file, and opening it."""

from __future__ import annotations

from pathlib import Path

from ....datasets.files import read_file, write_file
from ..checkpoints import Checkpoint
from ..document import RunDocument
from .decoder import Decoder, tells_of_work
from .encoder import Encoder
from .frames import (
    HEAD,
    MAX_FILE_BYTES,
    MAX_UNPACKED_BYTES,
    RunFileError,
    check_head,
    damaged,
    pack,
    read_frames,
)
from .spread import spread

WANTED_BYTES = 195_000
"""A file takes more checkpoints than the last one until it is as large as this."""
_END_BYTES = 1_000
# To find out that a checkpoint does not fit takes as long as to write it.
_MAX_MISFITS = 8


def document_to_bytes(document: RunDocument, *, wanted_bytes: int = WANTED_BYTES) -> bytes:
    """A document as the bytes of a file.

    Args:
        document: The run.
        wanted_bytes: How much room the checkpoints may fill, but the last one and that of the
            document's moment.

    Raises:
        RunFileError: If it is too large for a file.
    """
    encoder = Encoder()
    start = [encoder.recipe(document.recipe), *map(encoder.entry, document.journal.entries)]
    frames = b"".join([*start, encoder.past_runs(document.past_runs)])
    room = MAX_UNPACKED_BYTES - len(frames)
    data = HEAD + pack(frames)
    if room < 0 or len(data) > MAX_FILE_BYTES - _END_BYTES:
        raise RunFileError(
            f"This run is too large to save: a file has at most {MAX_FILE_BYTES // 1_000_000} MB."
        )
    # Without any checkpoint it is trained again when it is opened.
    most, moment, misfits = MAX_FILE_BYTES - _END_BYTES, None, 0
    for n, checkpoint in enumerate(_by_use(document)):
        if n > 0 and checkpoint.place != document.place:
            most = min(most, wanted_bytes)
        trial = encoder.fork()
        frames = trial.checkpoint(checkpoint)
        part = pack(frames) if len(frames) <= room else b""
        if part and len(data) + len(part) <= most:
            encoder, data, room = trial, data + part, room - len(frames)
            if checkpoint.place == document.place:
                moment = document.moment
        else:
            misfits += 1
        if misfits == _MAX_MISFITS:
            break
    return data + encoder.end(document.end, moment)


def _by_use(document: RunDocument) -> list[Checkpoint]:
    """The last one, that of the document's moment, then others, those to keep first."""
    ordered = sorted(document.checkpoints, key=lambda checkpoint: checkpoint.place)
    by_use = [ordered[i] for i in spread([checkpoint.tick for checkpoint in ordered])]
    others = sorted(by_use[1:], key=lambda checkpoint: checkpoint.place != document.place)
    return by_use[:1] + others


def document_from_bytes(data: bytes, *, tolerant: bool = False) -> RunDocument:
    """The document that the bytes of a file hold.

    Args:
        data: The whole file.
        tolerant: Whether it is a sitting's: it may end anywhere, and gives what was whole until
            there; paths in it are believed.

    Raises:
        RunFileError: If it is not one, or damaged, or from a newer version; in one sentence.
    """
    check_head(data)
    decoder = Decoder(is_private=tolerant)
    try:
        for frame in read_frames(data):
            decoder.take(frame)
        if not decoder.is_whole:
            raise damaged("it ends too early")
    except RunFileError:
        if not tolerant or not decoder.has_begun:
            raise
    return decoder.document(tolerant=tolerant)


def holds_work(data: bytes) -> bool:
    """Whether the bytes of a file tell of an edit or a step, found without making the document.

    Raises:
        RunFileError: If they are no run, or damaged before the first edit or step.
    """
    check_head(data)
    return any(tells_of_work(frame) for frame in read_frames(data))


def save_run(document: RunDocument, path: Path, *, overwrite: bool = True) -> None:
    """Writes a run to a file, all of it or nothing.

    Args:
        document: The run.
        path: Where to.
        overwrite: Whether a file that is already there is replaced.

    Raises:
        RunFileError: If it is too large for a file.
        FileError: If the file can't be written; a `FileExists` if it is there and stays.
    """
    write_file(path, document_to_bytes(document), overwrite=overwrite)


def read_run(path: Path, *, tolerant: bool = False) -> RunDocument:
    """Reads a run from a file.

    Args:
        path: Where it is.
        tolerant: See `document_from_bytes`.

    Raises:
        RunFileError: If it is no run, or damaged, or from a newer version; in one sentence.
        FileError: If the file can't be read.
    """
    return document_from_bytes(read_file(path, limit=MAX_FILE_BYTES), tolerant=tolerant)
