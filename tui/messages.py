"""Messages that the panes send up: what the user did, and a new snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.message import Message

from ..core import NetworkSpec, Snapshot
from ..core.nn import Element
from ..core.training.reshape import Reshaped
from .data_choice import DataChoice
from .selection import Part, Point


@dataclass
class SnapshotReady(Message):
    """The training thread took a snapshot."""

    snapshot: Snapshot


@dataclass
class TrainingChanged(Message):
    """The user turned knobs of the training: field of `TrainingConfig` -> new value."""

    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class NetworkChanged(Message):
    """The user edited the network.

    Attributes:
        network: As it is to be.
    """

    network: NetworkSpec


@dataclass
class LayersEdited(Message):
    """The user edited the layers.

    Attributes:
        edit: Makes of the network what the user wants; it is asked when it is the network's turn,
            because quick edits come before a frame shows the first of them. Raises ValueError
            with a sentence for the user.
    """

    edit: Callable[[NetworkSpec], Reshaped]


@dataclass
class SaveWanted(Message):
    """The user wants the points saved as a CSV file."""

    path: Path


@dataclass
class DataChanged(Message):
    """The user chose other data, or drew them otherwise."""

    choice: DataChoice


@dataclass
class ElementsEdited(Message):
    """The user wrote weights or biases by hand, froze them or let them go.

    Attributes:
        numbers: For each its new value; None leaves it as it is.
        frozen: For each of the same ones whether training leaves it alone.
    """

    numbers: dict[Element, float | None]
    frozen: dict[Element, bool]


@dataclass
class PartSelected(Message):
    """The user selected a unit, a weight or a bias; None for nothing."""

    part: Part | None


@dataclass
class PointSelected(Message):
    """The user selected a point, in the data's units; None for none."""

    point: Point | None


@dataclass
class PointAdded(Message):
    """The user drew a point.

    Attributes:
        point: Its place, in the data's units.
        target: Its target, coded as the data set's.
    """

    point: Point
    target: float


@dataclass
class PointRemoved(Message):
    """The user took a point away; the number is its row's, one of `Dataset.ids`."""

    number: int


class PictureWanted(Message):
    """The output pane shows another picture, or as many points as it did not before."""


@dataclass
class Complaint(Message):
    """The user typed what cannot be; the sentence says what to do."""

    sentence: str
