"""The whole run as one line, to paste."""

from __future__ import annotations

from ..run.document import RunDocument
from ..run.file.line import document_to_line


def export(document: RunDocument) -> str:
    """The line, without samples of the user's own and without weights."""
    return document_to_line(document) + "\n"
