"""What the tests of run files share: documents, and files taken apart and put together again."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from tests.core.run.steering import ManualClock
from tests.core.run.test_determinism import SETS, play, random_command
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.nn import Element
from toygrad.core.run import (
    AddSample,
    AdvanceEpochs,
    Configure,
    RemoveSample,
    Reseed,
    Reset,
    RunDocument,
    StartOver,
    UnfreezeAll,
    UseEngine,
    WriteElements,
    WriteParameters,
)
from toygrad.core.run.file import HEAD, document_to_bytes, read_frames
from toygrad.core.run.file.frames import RECORD, frame
from toygrad.core.training.reshape import with_layer
from toygrad.datasets.choice import DataChoice

Frames = list[tuple[bytes, bytes]]


def played(seed: int, length: int) -> Session:
    """A session after some commands that a seed decides."""
    session = Session(NetworkSpec(hidden=(3,)), SETS[0], clock=ManualClock())
    play(session, seed, length, lambda: None)
    return session


@lru_cache(maxsize=8)
def file_bytes(seed: int = 3, length: int = 25) -> bytes:
    """The file of such a session."""
    return document_to_bytes(played(seed, length).document())


def of_every_kind() -> Session:
    """A session whose journal has every kind of edit, over data of several kinds."""
    choice = DataChoice(name="iris", n_samples=30, added=((1.0, 2.0, 3.0, 4.0, 2.0),))
    session = Session(
        NetworkSpec(inputs=("x1", "x2^2", "x3*sin(x4)"), hidden=(3, 2)),
        choice.load(),
        TrainingConfig(optimizer="adamw", batch_size=4, sabotage=("no_zero_grad",)),
        seed=2**64 - 1,
        lesson="xor",
        clock=ManualClock(),
    )
    weights = session.snapshot().weights
    bigger = with_layer(session.network_spec, 1, 2, "relu")
    session.advance(9)
    for edit in (
        Configure(network=bigger.network, origins=bigger.origins),
        Configure(network=session.network_spec, weights=weights),
        AddSample((0.1, 0.2, 0.3, 0.4), 1.0),
        RemoveSample(3),
        WriteElements({Element(1, 0, 1): 0.5, Element(2, None, 0): -1.0}, {Element(1, 2, 2): True}),
        UnfreezeAll(),
        UseEngine("tape"),
        WriteParameters({"layer1.weight": np.eye(3), "layer2.bias": np.ones(2)}),
        Reset(),
        Reseed(7),
        StartOver(TrainingConfig(stop_patience=50), NetworkSpec(), SETS[2], "slope"),
    ):
        session.submit(edit)
        session.advance(5)
    for _ in range(5):
        session.undo()
        session.advance(3)
    session.redo()
    return session


def taken_apart(data: bytes) -> Frames:
    """The frames of a file, its packs unpacked."""
    return [(found.kind, found.body) for found in read_frames(data)]


def put_together(frames: Frames) -> bytes:
    """A file of frames, with checksums that are right."""
    return HEAD + b"".join(frame(kind, body) for kind, body in frames)


def records(frames: Frames) -> list[tuple[int, dict[str, Any]]]:
    """The place of every record among the frames, and what it says."""
    return [
        (i, msgspec.msgpack.decode(body)) for i, (kind, body) in enumerate(frames) if kind == RECORD
    ]


def with_record(frames: Frames, place: int, record: object) -> bytes:
    """The file with another record in a place."""
    body = msgspec.msgpack.encode(record)
    return put_together([*frames[:place], (RECORD, body), *frames[place + 1 :]])


def opened(document: RunDocument) -> Session:
    """A session that has opened a document."""
    session = Session(NetworkSpec(), SETS[1], clock=ManualClock())
    session.open(document)
    return session


def use(session: Session, rng: random.Random, times: int = 12) -> None:
    """Does some things to a session; what it refuses, it refuses with a sentence."""
    session.submit(AdvanceEpochs(2))
    for _ in range(times):
        try:
            session.submit(random_command(session, rng))
        except ValueError as error:
            assert str(error)
        session.snapshot(grid=(3, 3))
        failure = session.failure
        assert failure is None or not failure.error
