"""The whole run as one line, with what is otherwise left out."""

from __future__ import annotations

from ..run.file.line import document_to_line
from .trained import TrainedRun


def export(run: TrainedRun) -> str:
    """The line, with samples of the user's own, and with the weights it has come to."""
    return document_to_line(run.document, with_points=True, with_weights=True) + "\n"
