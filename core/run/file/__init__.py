"""Runs in files: a document as bytes, read as hostile; and the records that a log appends."""

from .decoder import Decoder
from .encoder import Encoder
from .frames import HEAD, MAX_FILE_BYTES, RunFileError, check_head, pack, read_frames
from .saved import document_from_bytes, document_to_bytes, read_run, save_run

__all__ = [
    "HEAD",
    "MAX_FILE_BYTES",
    "Decoder",
    "Encoder",
    "RunFileError",
    "check_head",
    "document_from_bytes",
    "document_to_bytes",
    "pack",
    "read_frames",
    "read_run",
    "save_run",
]
