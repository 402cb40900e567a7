"""Commands: everything that can be done to a session. There is no other way to change one.

Edits change what is learned, how, or with which numbers; the journal keeps them. Controls say when
to train and where in time to be; nothing is lost by forgetting them.
"""

from __future__ import annotations

from dataclasses import dataclass

from .edits import Edit


@dataclass(frozen=True, slots=True)
class Advance:
    """Takes steps, one mini-batch each; ends early if training stops by itself.

    Attributes:
        steps: How many.
    """

    steps: int


@dataclass(frozen=True, slots=True)
class AdvanceEpochs:
    """Goes on to the end of this epoch, and of some more.

    Attributes:
        epochs: How many ends; 1 for the end of this one.
    """

    epochs: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Trains from then on."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stops training before the next step."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Reverses the last edit at the present tick, and keeps what was learned since."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Repeats the edit that was undone last."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Goes to a moment of the document.

    Attributes:
        tick: Updates since the document began.
        before_restart: Where a reset, or another restart, came at that tick: whether to go to the
            end of the run that it ended, and not to the run that it began.
    """

    tick: int
    before_restart: bool = False


Control = Advance | AdvanceEpochs | Resume | Pause | Undo | Redo | Seek
Command = Edit | Control
