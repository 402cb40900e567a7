"""What the tests of run files share: documents, and files taken apart and put together again."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

import msgspec

from tests.core.run.steering import ManualClock
from tests.core.run.test_determinism import SETS, play, random_command
from toygrad.core import NetworkSpec, Session
from toygrad.core.run import AdvanceEpochs, RunDocument
from toygrad.core.run.file import HEAD, document_to_bytes, read_frames
from toygrad.core.run.file.frames import RECORD, frame

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
