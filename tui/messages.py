"""Messages that the panes send up: what the user did, and a new snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from textual.message import Message

from ..core import NetworkSpec, Snapshot
from .data_choice import DataChoice


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
    """The user edited the network."""

    network: NetworkSpec


@dataclass
class DataChanged(Message):
    """The user chose other data, or drew them otherwise."""

    choice: DataChoice


class PictureResized(Message):
    """The output picture shows another number of points than before."""


@dataclass
class Complaint(Message):
    """The user typed what cannot be; the sentence says what to do."""

    sentence: str
