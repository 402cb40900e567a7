"""The whole run as one line, to paste."""

from __future__ import annotations

from ..run.file.line import document_to_line
from .trained import TrainedRun


def export(run: TrainedRun) -> str:
    """The line, without samples of the user's own and without weights."""
    return document_to_line(run.document) + "\n"
