"""A run as a value: what it started from, and everything that was done to it."""

from typing import TYPE_CHECKING

from ... import import_when_wanted

if TYPE_CHECKING:
    from .checkpoints import Checkpoint, Checkpoints
    from .clock import Clock
    from .commands import Advance, AdvanceEpochs, Command, Pause, Redo, Resume, Seek, Undo
    from .document import RunDocument
    from .edits import (
        AddSample,
        Configure,
        Edit,
        RemoveSample,
        Reseed,
        Reset,
        Restore,
        StartOver,
        UnfreezeAll,
        UseEngine,
        WriteElements,
        WriteParameters,
    )
    from .journal import Entry, Journal
    from .opening import ready_document
    from .recipe import Recipe
    from .session import Session
else:
    __getattr__ = import_when_wanted(
        __name__,
        "checkpoints",
        "clock",
        "commands",
        "document",
        "edits",
        "journal",
        "opening",
        "recipe",
        "session",
    )

SUFFIX = ".toygrad"
"""Of the files of runs."""

__all__ = [
    "SUFFIX",
    "AddSample",
    "Advance",
    "AdvanceEpochs",
    "Checkpoint",
    "Checkpoints",
    "Clock",
    "Command",
    "Configure",
    "Edit",
    "Entry",
    "Journal",
    "Pause",
    "Recipe",
    "Redo",
    "RemoveSample",
    "Reseed",
    "Reset",
    "Restore",
    "Resume",
    "RunDocument",
    "Seek",
    "Session",
    "StartOver",
    "Undo",
    "UnfreezeAll",
    "UseEngine",
    "WriteElements",
    "WriteParameters",
    "ready_document",
]
