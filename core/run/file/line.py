"""A run as one line of text, to paste: its recipe and its journal, and on request its weights."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import replace
from typing import Final

from ....datasets.choice import DataChoice
from ....datasets.dataset import Dataset
from ..document import RunDocument
from ..past_runs import PastRuns
from .encoder import Encoder
from .frames import HEAD, RunFileError, pack
from .saved import document_from_bytes

PREFIX: Final = "toygrad:"
MOST_CHARACTERS: Final = 1_000_000
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]*")


def is_line(text: str) -> bool:
    """Whether a text is meant as such a line."""
    return text.strip().startswith(PREFIX)


def document_to_line(
    document: RunDocument, *, with_points: bool = False, with_weights: bool = False
) -> str:
    """A document as a line.

    Args:
        document: The run; those before it are left out.
        with_points: Whether samples of the user's own may be in it.
        with_weights: Whether the states at its moment and at its end are in it, as far as the
            document has them; otherwise it is trained again.

    Raises:
        RunFileError: If it has samples of the user's own that may not be in it, or is too long.
    """
    setups = (document.journal.start, *(entry.setup for entry in document.journal.entries))
    if not with_points and any(map(_is_private, (setup.dataset for setup in setups))):
        raise RunFileError(
            "This run has samples of your own, which nobody else need see: export it as whole-line "
            "if they may be in it, or save the run to a file."
        )
    # The last one so that going forward again is as quick as going on.
    places = {document.place, (document.end, len(document.journal.entries))}
    states = [one for one in document.checkpoints if with_weights and one.place in places]
    document = replace(document, checkpoints=tuple(states), past_runs=PastRuns())
    encoder = Encoder(inline_bytes=0)
    frames = encoder.recipe(document.recipe)
    frames += b"".join(map(encoder.entry, document.journal.entries))
    frames += b"".join(map(encoder.checkpoint, document.checkpoints))
    data = HEAD[-2:] + pack(frames + encoder.end(document.end, document.moment), level=9)
    data += zlib.crc32(data).to_bytes(4, "little")
    line = PREFIX + base64.urlsafe_b64encode(data).decode().rstrip("=")
    if len(line) > MOST_CHARACTERS:
        raise RunFileError("This run is too long for a line: save it to a file.")
    return line


def _is_private(dataset: Dataset) -> bool:
    origin = dataset.origin
    return not isinstance(origin, DataChoice) or origin.path is not None


def document_from_line(text: str) -> RunDocument:
    """The document that a line holds.

    Raises:
        RunFileError: If it is none, or damaged, or from a newer version; in one sentence.
    """
    code = "".join(text.split()).removeprefix(PREFIX)
    if len(code) > MOST_CHARACTERS:
        raise RunFileError("This line is too long for a run: copy it again.")
    is_code = _TEXT.fullmatch(code) and len(code) % 4 != 1
    data = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)) if is_code else b""
    # Before anything is believed, such as the version.
    if zlib.crc32(data[:-4]).to_bytes(4, "little") != data[-4:]:
        raise RunFileError("This line is damaged: copy all of it, from toygrad: to its end.")
    try:
        return document_from_bytes(HEAD[:-2] + data[:-4])
    except RunFileError as error:
        said = str(error).replace("run file", "line").replace("file", "line")
        raise RunFileError(said) from None
