"""What a sitting did is on the disk: every edit at once, what was learned within seconds."""

from __future__ import annotations

import errno
import math
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.run.steering import ManualClock, bits, running, until
from tests.core.run.test_determinism import SETS, new_session, random_command
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run import RunDocument, Seek
from toygrad.core.run.autosave import Autosave, Sittings
from toygrad.core.run.autosave import autosave as autosave_module
from toygrad.core.run.autosave import sitting_file as file_module
from toygrad.core.run.autosave import sittings as sittings_module
from toygrad.core.run.autosave.log import Log
from toygrad.core.run.file import Encoder, RunFileError, document_from_bytes
from toygrad.datasets import write_file


@contextmanager
def saving(session: Session, folder: Path, **options: Any) -> Iterator[Autosave]:
    """An autosave, which ends cleanly."""
    clock = options.pop("clock", None) or ManualClock()
    autosave = Autosave(session, folder, clock=clock, **options)
    autosave.start()
    try:
        yield autosave
    finally:
        autosave.close()


def trouble(folder: Path, reason: str) -> str:
    return f"Autosave failed in {folder}: {reason}. It tries again every few seconds."


def on_disk(autosave: Autosave) -> RunDocument:
    """What another process would read after a kill at this moment."""
    assert autosave.path is not None
    return document_from_bytes(autosave.path.read_bytes(), tolerant=True)


def resumed(document: RunDocument) -> Session:
    session = Session(NetworkSpec(), SETS[1], clock=ManualClock())
    session.open(document)
    return session


def learn(session: Session, steps: int = 10) -> None:
    session.advance(steps)


def rate(session: Session, value: float) -> None:
    session.configure(TrainingConfig(batch_size=3, learning_rate=value))


# --- Nothing is lost -----------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32), grows=st.booleans())
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_a_sitting_continues_to_the_bit_wherever_it_was_killed(
    tmp_path_factory: pytest.TempPathFactory, seed: int, grows: bool
) -> None:
    rng, session = random.Random(seed), new_session()
    with (
        pytest.MonkeyPatch.context() as patch,
        saving(session, tmp_path_factory.mktemp("state")) as autosave,
    ):
        if grows:
            patch.setattr(file_module, "MAX_GROWTH_BYTES", 0)
        for _ in range(15):
            command = random_command(session, rng)
            session.submit(command)
            if rng.random() < 0.4:
                autosave._clock.move(rng.choice([0.01, 10.0]))  # type: ignore[attr-defined]
                autosave.save()
                assert on_disk(autosave).end == session.last_tick
            kept = on_disk(autosave)
            document = session.document()
            assert len(kept.journal.entries) == len(document.journal.entries)
            assert kept.past_runs.count == document.past_runs.count
        autosave.save()
        document = on_disk(autosave)
        other = resumed(document)
        session.seek(session.last_tick)
        if session.failure is None:
            assert bits(other) == bits(session)
            for alike in (session, other):
                alike.advance(7)
            assert bits(other) == bits(session)


def test_an_edit_is_in_the_file_when_it_is_done_and_on_the_disk_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed, flush = threading.Event(), os.fsync

    def note(handle: int) -> None:
        flush(handle)
        flushed.set()

    session = new_session()
    with saving(session, tmp_path) as autosave:
        until(lambda: autosave._file is not None and autosave._file._log._is_flushed)
        monkeypatch.setattr(os, "fsync", note)
        learn(session)
        rate(session, 0.5)
        document = on_disk(autosave)
        assert document.end == 10
        assert document.journal.entries[-1].setup.training.learning_rate == 0.5
        assert flushed.wait(5)


def test_what_was_learned_is_saved_every_two_seconds_and_not_while_nothing_happens(
    tmp_path: Path,
) -> None:
    session, clock = new_session(), ManualClock()
    with saving(session, tmp_path, clock=clock) as autosave:
        learn(session)
        assert on_disk(autosave).end == 0
        clock.move(2.0)
        until(lambda: on_disk(autosave).end == 10)
        assert len(on_disk(autosave).checkpoints) == 2
        size = autosave.path.stat().st_size  # type: ignore[union-attr]
        for _ in range(3):
            clock.move(2.0)
            autosave.save()
        assert autosave.path.stat().st_size == size  # type: ignore[union-attr]


def test_where_checkpoints_cost_much_the_tick_is_kept_and_learned_again(tmp_path: Path) -> None:
    session = new_session()
    with saving(session, tmp_path) as autosave:
        autosave._next_checkpoint = math.inf
        learn(session, 25)
        autosave.save()
        document = on_disk(autosave)
        assert (document.end, len(document.checkpoints)) == (25, 1)
        assert bits(resumed(document)) == bits(session)


def test_a_thread_that_trains_is_saved_and_loses_nothing_at_the_end(tmp_path: Path) -> None:
    session = Session(NetworkSpec(), SETS[0], TrainingConfig(pace=math.inf))
    with running(session), saving(session, tmp_path, clock=Clockwork()) as autosave:
        session.resume()
        until(lambda: on_disk(autosave).end > 0)
        rate(session, 0.2)
        session.pause()
        session.evaluate()
        autosave.close()
        path = next(iter(Sittings(tmp_path))).path
        document = document_from_bytes(path.read_bytes())
        assert document.end == session.tick
        assert bits(resumed(document))["parameters"] == bits(session)["parameters"]


class Clockwork(ManualClock):
    """Time that flies."""

    def now(self) -> float:
        return 100 * time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> None:
        event.wait(seconds / 100)


def test_another_document_goes_to_another_file_and_the_one_that_was_left_is_whole(
    tmp_path: Path,
) -> None:
    session, other = new_session(), new_session()
    other.advance(3)
    with saving(session, tmp_path) as autosave:
        learn(session)
        first, left = autosave.path, bits(session)
        session.open(other.document())
        assert autosave.path != first
        assert on_disk(autosave).end == 3
        rate(session, 0.7)
        assert len(on_disk(autosave).journal.entries) == 1
        assert first is not None
        assert bits(resumed(document_from_bytes(first.read_bytes()))) == left


def test_the_checkpoints_of_a_document_that_is_opened_are_kept_soon(tmp_path: Path) -> None:
    session, other = new_session(), new_session()
    other.advance(3_000)
    n_checkpoints = len(other.document().checkpoints)
    with saving(session, tmp_path) as autosave:
        session.open(other.document())
        assert len(on_disk(autosave).checkpoints) == 1
        autosave.save()
        assert len(on_disk(autosave).checkpoints) == n_checkpoints > 5


def test_a_fault_in_autosave_fails_no_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def fail(*_: object) -> NoReturn:
        raise MemoryError

    session, clock = new_session(), ManualClock()
    with saving(session, tmp_path, say=said.append, clock=clock) as autosave:
        with monkeypatch.context() as patch:
            patch.setattr(Encoder, "entry", fail)
            rate(session, 0.5)
            learn(session)
            until(lambda: bool(said))
        assert said == [trouble(tmp_path, "not enough memory")]
        clock.move(10.0)
        autosave.save()
        assert bits(resumed(on_disk(autosave))) == bits(session)


def test_a_log_that_grows_is_rewritten_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_module, "MAX_GROWTH_BYTES", 5_000)
    session, sizes = new_session(), []
    with saving(session, tmp_path) as autosave:
        for number in range(40):
            learn(session, 50)
            rate(session, 0.01 + number / 1_000)
            autosave._next_checkpoint = 0.0
            autosave.save()
            sizes.append(autosave.path.stat().st_size)  # type: ignore[union-attr]
            assert len(on_disk(autosave).journal.entries) == number + 1
        assert any(later < size for size, later in pairwise(sizes))
        assert bits(resumed(on_disk(autosave))) == bits(session)
        assert {path.suffix for path in tmp_path.iterdir()} == {".toygrad", ".lock"}
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())


def test_what_comes_while_a_log_is_rewritten_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = new_session()
    with saving(session, tmp_path) as autosave:
        learn(session)
        autosave.save()

        def write_slowly(*given: Any) -> None:
            write_file(*given)
            rate(session, 0.9)

        monkeypatch.setattr(file_module, "MAX_GROWTH_BYTES", -math.inf)
        monkeypatch.setattr(file_module.SittingFile, "has_grown", True)
        monkeypatch.setattr(file_module, "write_file", write_slowly)
        autosave.save()
        assert on_disk(autosave).journal.entries[-1].setup.training.learning_rate == 0.9


def test_a_document_opened_while_a_log_is_rewritten_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, other = new_session(), new_session()
    other.advance(7)
    with saving(session, tmp_path) as autosave:
        learn(session)
        autosave.save()
        old, flush = autosave.path, Autosave._flush
        assert old is not None

        def open_meanwhile(self: Autosave) -> None:
            monkeypatch.setattr(Autosave, "_flush", flush)
            session.open(other.document())
            flush(self)

        monkeypatch.setattr(file_module.SittingFile, "has_grown", True)
        monkeypatch.setattr(Autosave, "_flush", open_meanwhile)
        autosave.save()
        assert document_from_bytes(old.read_bytes()).end == 10
        assert on_disk(autosave).end == 7


def test_a_log_never_becomes_larger_than_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    session = new_session()
    with saving(session, tmp_path, say=said.append) as autosave:
        path = autosave.path
        assert path is not None
        learn(session)
        rate(session, 0.5)
        size = path.stat().st_size
        monkeypatch.setattr(file_module, "MAX_FILE_BYTES", size)
        rate(session, 0.6)
        until(lambda: bool(said))
        assert "too large" in said[0]
        assert path.stat().st_size == size
        assert len(document_from_bytes(path.read_bytes(), tolerant=True).journal.entries) == 1


def test_a_full_disk_leaves_no_open_files_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, clock = new_session(), ManualClock()
    with saving(session, tmp_path, clock=clock) as autosave:
        monkeypatch.setattr(os, "write", SmallDisk(0))
        session.open(new_session().document())
        autosave.save()
        n_open = len(os.listdir("/proc/self/fd"))
        for _ in range(5):
            clock.move(10.0)
            autosave.save()
        # The other thread may be trying at this very moment.
        until(lambda: len(os.listdir("/proc/self/fd")) <= n_open)
        until(lambda: not list(tmp_path.glob("*.lock")))


def test_what_is_written_during_a_flush_is_flushed_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, write = Log(tmp_path / "log"), os.write

    def flush_meanwhile(handle: int, data: bytes) -> int:
        log.flush()
        return write(handle, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", flush_meanwhile)
        log.append(b"an edit")
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    log.flush()
    log.close()
    assert len(flushed) == 1


def test_a_cut_that_comes_while_a_moment_is_asked_for_makes_it_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = new_session()
    with saving(session, tmp_path) as autosave:
        learn(session, 20)
        ask = Session.last_checkpoint

        def branch_meanwhile(self: Session) -> Any:
            answer = ask(self)
            self.submit(Seek(5))
            self.advance(1)
            return answer

        monkeypatch.setattr(Session, "last_checkpoint", branch_meanwhile)
        autosave.save()
        assert on_disk(autosave).end == 5
        monkeypatch.setattr(Session, "last_checkpoint", ask)
        autosave.save()
        assert bits(resumed(on_disk(autosave))) == bits(session)


# --- A disk that fails ---------------------------------------------------------------------------


class SmallDisk:
    """Writes until it is full, the last time not all of it."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._write = os.write

    def __call__(self, handle: int, data: bytes) -> int:
        part = data[: self.room]
        if not part and data:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= len(part)
        return self._write(handle, part)


def test_a_full_disk_is_said_once_stops_nothing_and_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    session = new_session()
    with saving(session, tmp_path, say=said.append) as autosave:
        autosave.save()
        disk = SmallDisk(100)
        monkeypatch.setattr(os, "write", disk)
        for number in range(4):
            learn(session)
            rate(session, 0.1 + number)
            autosave.save()
        assert session.step == 40
        until(lambda: bool(said))
        assert said == [trouble(tmp_path, "the disk is full")]
        disk.room = 10**9
        autosave.save()
        assert len(on_disk(autosave).journal.entries) == 4
        disk.room = 10
        learn(session)
        autosave.save()
        until(lambda: len(said) == 2)
        disk.room = 10**9
        autosave.save()
        assert bits(resumed(on_disk(autosave))) == bits(session)


def test_a_folder_that_can_not_be_written_is_tried_again(tmp_path: Path) -> None:
    said: list[str] = []
    session, clock = new_session(), ManualClock()
    (tmp_path / "state").write_text("in the way")
    with saving(session, tmp_path / "state", say=said.append, clock=clock) as autosave:
        learn(session)
        rate(session, 0.5)
        autosave.save()
        until(lambda: bool(said))
        assert autosave.path is None
        assert said == [trouble(tmp_path / "state", "File exists")]
        (tmp_path / "state").unlink()
        clock.move(10.0)
        autosave.save()
        assert bits(resumed(on_disk(autosave))) == bits(session)
        assert len(said) == 1


def test_a_file_that_somebody_removes_is_begun_again(tmp_path: Path) -> None:
    session, clock = new_session(), ManualClock()
    with saving(session, tmp_path, clock=clock) as autosave:
        learn(session)
        autosave.path.unlink()  # type: ignore[union-attr]
        clock.move(10.0)
        autosave.save()
        assert bits(resumed(on_disk(autosave))) == bits(session)


def test_a_disk_that_is_full_for_long_costs_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, clock = new_session(), ManualClock()
    with saving(session, tmp_path, clock=clock) as autosave:
        disk = SmallDisk(0)
        monkeypatch.setattr(os, "write", disk)
        monkeypatch.setattr(autosave_module, "MAX_OWED_BYTES", 1_000)
        for number in range(30):
            learn(session, 1)
            rate(session, 0.1 + number)
        assert autosave.path is None
        disk.room = 10**9
        clock.move(10.0)
        autosave.save()
        assert bits(resumed(on_disk(autosave))) == bits(session)


def test_a_real_disk_that_is_full_loses_nothing_once_there_is_room(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root mounts disks")
    session = new_session()
    said: list[str] = []
    try:
        with saving(session, tmp_path / "state", say=said.append) as autosave:
            (tmp_path / "ballast").write_bytes(b"x" * 50_000)
            for number in range(30):
                learn(session, 100)
                rate(session, 0.001 * (1 + number))
                autosave._next_checkpoint = 0.0
                autosave.save()
            until(lambda: bool(said))
            (tmp_path / "ballast").unlink()
            autosave.save()
            assert bits(resumed(on_disk(autosave))) == bits(session)
        assert said == [trouble(tmp_path / "state", "the disk is full")]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_disk_that_is_slow_holds_up_neither_edits_nor_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushing, go_on, flush = threading.Event(), threading.Event(), os.fsync

    def flush_slowly(handle: int) -> None:
        flushing.set()
        go_on.wait(10)
        flush(handle)

    session = new_session()
    with saving(session, tmp_path) as autosave:
        monkeypatch.setattr(os, "fsync", flush_slowly)
        rate(session, 0.5)
        assert flushing.wait(5)
        for number in range(5):
            learn(session)
            rate(session, 0.1 + number)
        assert len(on_disk(autosave).journal.entries) == 6
        go_on.set()


def test_what_can_not_be_encoded_is_said_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def refuse(*_: object) -> NoReturn:
        raise RunFileError("This run can't be saved: too large.")

    session = new_session()
    with saving(session, tmp_path, say=said.append) as autosave:
        monkeypatch.setattr(Encoder, "entry", refuse)
        rate(session, 0.5)
        learn(session)
        until(lambda: bool(said))
        autosave.save()
        assert said == ["Autosave failed. This run can't be saved: too large."]
        assert session.step == 10


# --- Sittings ------------------------------------------------------------------------------------


def sit(folder: Path, steps: int = 10) -> Path:
    """A sitting that ends."""
    session = new_session()
    with saving(session, folder) as autosave:
        learn(session, steps)
        path = autosave.path
    assert path is not None
    return path


def test_a_sitting_that_ended_is_offered_with_what_it_is(tmp_path: Path) -> None:
    path = sit(tmp_path, 100)
    sitting = Sittings(tmp_path).newest()
    assert sitting is not None
    assert (sitting.path, sitting.name, sitting.epoch, len(sitting.document.journal.entries)) == (
        path,
        "circle",
        25,
        0,
    )
    assert abs(sitting.when.timestamp() - time.time()) < 100
    # It is a saved run like any other.
    assert document_from_bytes(path.read_bytes()).end == 100


def test_one_in_which_nothing_was_done_leaves_no_file(tmp_path: Path) -> None:
    assert Sittings(tmp_path / "none").newest() is None
    sit(tmp_path, 0)
    assert list(tmp_path.iterdir()) == []


def test_however_many_live_those_that_ended_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sittings_module, "MAX_SITTINGS", 2)
    crashed = sit(tmp_path)
    with ExitStack() as living:
        for _ in range(3):
            living.enter_context(saving(new_session(), tmp_path))
        newest = Sittings(tmp_path).newest()
        assert newest is not None
        assert newest.path == crashed


def test_one_in_which_nothing_was_done_makes_room_first(tmp_path: Path) -> None:
    n_done = 9
    for _ in range(n_done):
        sit(tmp_path)
    done = {sitting.path for sitting in Sittings(tmp_path)}
    for number in range(5):
        # Its process was killed.
        killed = tmp_path / f"killed{number}.toygrad"
        killed.write_bytes(file_module._beginning(Encoder(), new_session().document(), 0))
    with saving(new_session(), tmp_path):
        assert set(tmp_path.glob("2*.toygrad")) > done
        assert list(tmp_path.glob("killed*")) == []


def test_one_whose_process_lives_is_neither_offered_nor_removed(tmp_path: Path) -> None:
    old = sit(tmp_path)
    session = new_session()
    with saving(session, tmp_path) as autosave:
        learn(session)
        rate(session, 0.5)
        living = autosave.path
        for _ in range(12):
            sit(tmp_path)
        sittings = Sittings(tmp_path)
        assert living is not None
        assert living.exists()
        assert living not in [sitting.path for sitting in sittings]
        assert not old.exists()
    assert living in [sitting.path for sitting in sittings]


def test_ten_are_kept_those_that_went_on_elsewhere_not_before_others(tmp_path: Path) -> None:
    sittings = Sittings(tmp_path)
    sit(tmp_path)
    precious = sittings.newest()
    assert precious is not None
    for _ in range(9):
        sit(tmp_path)
    for sitting in list(sittings)[:3]:
        sittings.note_continued(sitting)
    assert [sitting.path for sitting in sittings][6] == precious.path
    for _ in range(3):
        sit(tmp_path)
        assert len(list(sittings)) <= 10
    assert precious.path in [sitting.path for sitting in sittings]


def test_one_that_is_resumed_is_kept_until_it_is_whole_in_its_new_file(tmp_path: Path) -> None:
    path, sittings = sit(tmp_path), Sittings(tmp_path)
    old = sittings.newest()
    assert old is not None
    session = new_session()
    with saving(session, tmp_path) as autosave:
        autosave.resume(old)
        assert session.tick == 10
        until(lambda: not path.exists())
        rate(session, 0.5)
        # It is all there is: this one lives.
        (only,) = sittings
        assert only.document.end == 10
    newest = sittings.newest()
    assert newest is not None
    assert len(newest.document.journal.entries) == 1
    assert len(list(sittings)) == 2


def test_a_resumed_sitting_whose_new_file_can_not_be_written_is_still_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sit(tmp_path)
    old = Sittings(tmp_path).newest()
    assert old is not None
    session = new_session()
    with saving(session, tmp_path) as autosave:
        monkeypatch.setattr(os, "write", SmallDisk(100))
        autosave.resume(old)
        autosave.save()
        assert session.tick == 10

        def is_offered() -> bool:
            newest = Sittings(tmp_path).newest()
            return newest is not None and newest.path == path

        # While its new file is tried, nobody else may take it.
        until(is_offered)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:50], lambda data: b"nonsense", lambda _: b""]
)
def test_one_that_is_damaged_is_passed_over(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    good = sit(tmp_path)
    bad = sit(tmp_path)
    bad.write_bytes(damage(bad.read_bytes()))
    newest = Sittings(tmp_path).newest()
    assert newest is not None
    assert newest.path == good


def test_what_a_killed_process_leaves_behind_is_removed_but_not_what_one_is_making(
    tmp_path: Path,
) -> None:
    for name in ("a.lock", "b.part", ".c.part", "new.lock"):
        (tmp_path / name).write_bytes(b"1")
        if name != "new.lock":
            os.utime(tmp_path / name, (0, 0))
    Sittings(tmp_path).prune()
    assert [path.name for path in tmp_path.iterdir()] == ["new.lock"]
