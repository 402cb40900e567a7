"""Messages that the panes send up, the training thread's snapshots, and what several rooms say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual.message import Message

from ..core import NetworkSpec, Snapshot
from ..core.nn import Element
from ..core.run import Seek
from ..core.training.reshape import Reshaped
from ..core.training.state import LearnerState
from ..datasets import DataChoice
from .selection import Part, Point

if TYPE_CHECKING:
    from ..datasets import CsvTable

ANSWER_FIRST: Final = "Answer the question first, or press H{learn.hint} for a hint."
HIDDEN_PART: Final = "The lesson hides this part."


@dataclass
class SnapshotReady(Message):
    """The training thread took a snapshot."""

    snapshot: Snapshot


@dataclass
class TrainingChanged(Message):
    """The user changed settings of the training: field of `TrainingConfig` -> new value."""

    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class RunCopyWanted(Message):
    """Something is to be tried on a copy of the run.

    Attributes:
        take: Called with what makes the copy, which waits for the training thread: do so elsewhere.
    """

    take: Callable[[Callable[[], LearnerState]], object]


@dataclass
class NetworkChanged(Message):
    """The user edited the network; this is the new one."""

    network: NetworkSpec


@dataclass
class LayersEdited(Message):
    """The user edited the layers.

    Attributes:
        edit: Makes the new network from the present one. Called when the edit is done, not when
            the key is pressed: quick edits come before a frame shows the first of them. Raises
            ValueError with a sentence for the user.
    """

    edit: Callable[[NetworkSpec], Reshaped]


@dataclass
class SaveWanted(Message):
    """The user wants the samples saved as a CSV file."""

    path: Path


@dataclass
class DataChanged(Message):
    """The user chose other data, or other settings for them.

    Attributes:
        choice: The data.
        starts_over: Whether to begin again with the network and the settings that they come with.
        table: The file, if it was just read.
    """

    choice: DataChoice
    starts_over: bool = False
    table: CsvTable | None = None


@dataclass
class ElementsEdited(Message):
    """The user set weights or biases by hand, froze them or unfroze them.

    Attributes:
        numbers: For each its new value; None leaves it as it is.
        frozen: For each of the same ones whether it is frozen.
    """

    numbers: dict[Element, float | None]
    frozen: dict[Element, bool]


@dataclass
class PartSelected(Message):
    """The user selected a unit, a weight or a bias, or deselected it (None)."""

    part: Part | None


@dataclass
class PointSelected(Message):
    """The user selected a sample, in the data's units, or deselected it (None)."""

    point: Point | None


@dataclass
class PointAdded(Message):
    """The user added a sample.

    Attributes:
        point: Its inputs, in the data's units.
        target: Its target, coded as the data set's.
    """

    point: Point
    target: float


@dataclass
class PointRemoved(Message):
    """The user removed a sample; the number is one of `Dataset.ids`."""

    number: int


@dataclass
class LaneWanted(Message):
    """The user chose a lane of the race, by its number."""

    number: int


@dataclass
class RaceWanted(Message):
    """The user wants to race some values of a setting.

    Attributes:
        setting: A field of `TrainingConfig`.
        values: As they are set.
    """

    setting: str
    values: list[Any]


class PictureWanted(Message):
    """The output pane needs another picture, or another resolution of it."""


@dataclass
class SeekWanted(Message):
    """The user wants to go to another moment of the run."""

    seek: Seek


@dataclass
class Complaint(Message):
    """The user asked for something impossible; the sentence says what to do."""

    sentence: str


class GraphLooked(Message):
    """The microscope shows another step, or the user selected another node in it."""
