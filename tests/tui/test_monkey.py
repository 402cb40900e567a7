"""Whatever is pressed, clicked and resized in whatever order: nothing fails, and all stays true.

Many more sequences: `python -m tests.monkey --sequences 2000`.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.monkey.actions import random_sequence
from tests.monkey.player import play
from tests.monkey.shrink import shrink
from toygrad.core.run.loop import Loop
from toygrad.core.run.run import Run

LENGTH = 60


@pytest.mark.parametrize("seed", range(5))
def test_no_sequence_of_actions_breaks_it(seed: int, tmp_path: Path) -> None:
    sequence = random_sequence(seed, LENGTH)
    fault = play(sequence, tmp_path)
    assert fault is None, f"{';'.join(sequence[: fault.number + 1])}\n{fault.details}"


@pytest.mark.parametrize(
    "keys", ["2;keys right", "2;keys end;keys down", "S;keys " + "tab " * 9 + ";keys end down"]
)
def test_keys_in_panes_without_room_break_nothing(keys: str, tmp_path: Path) -> None:
    fault = play(f"begin 120x40 digits 8;size 59x15;size 20x5;keys {keys}".split(";"), tmp_path)
    assert fault is None, fault.details


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        (
            "mixed.csv",
            "keys down space t a c f;size 60x16;keys down t a a c;size 250x80;keys enter",
        ),
        (
            "mixed.csv",
            "keys ? escape;click 12 5 1 1;wheel 12 5 9;keys pagedown t enter;keys c enter",
        ),
        ("wide.csv", "size 20x5;size 120x40;keys pagedown pagedown t space;keys q;keys 5 v v v"),
        ("many-classes.csv", "keys enter;keys 5 l l j j;size 59x15;size 80x24;keys t s k v h"),
        ("fault.csv", "keys c enter f;keys t enter escape;keys space s"),
        ("two-rows.csv", "keys f enter;keys escape 5 v"),
    ],
)
def test_the_list_of_columns_breaks_nothing(table: str, keys: str, tmp_path: Path) -> None:
    fault = play(["begin 80x24 circle 4", f"open {table}", *keys.split(";")], tmp_path)
    assert fault is None, fault.details


def test_the_same_seed_is_the_same_sequence() -> None:
    assert random_sequence(5, 60) == random_sequence(5, 60) != random_sequence(6, 60)


def test_what_fails_is_shrunk_to_what_it_takes() -> None:
    sequence = ["begin", *map(str, range(20))]
    assert shrink(sequence, lambda s: {"3", "17"} <= set(s)) == ["begin", "3", "17"]


def test_a_fault_is_reported_with_its_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bolt is loose")

    monkeypatch.setattr("toygrad.tui.app.ToygradApp.action_step", fail)
    fault = play(["begin 60x16 circle 1", "keys e", "keys s", "keys e"], tmp_path)
    assert fault is not None
    assert "a bolt is loose" in fault.details
    assert (fault.number, fault.action) == (2, "keys s")


def test_a_status_bar_that_is_not_drawn_again_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequence = ["begin 120x40 circle 1", "keys s", "keys s"]
    assert play(sequence, tmp_path) is None
    monkeypatch.setattr("toygrad.tui.status.pane.StatusPane._write", lambda _: None)
    fault = play(sequence, tmp_path)
    assert fault is not None and "the status bar does not say" in fault.kind


def test_an_undo_that_loses_a_weight_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequence = ["begin 80x24 circle 1", "keys ]", "keys ctrl+z"]
    assert play(sequence, tmp_path) is None

    def undo(run: Run) -> bool:
        is_undone = real(run)
        run.learner.network.flat_parameters[0] += 1e-9
        return is_undone

    real = Run.undo
    monkeypatch.setattr(Run, "undo", undo)
    fault = play(sequence, tmp_path)
    assert fault is not None and fault.kind == "undo does not bring back the parameters"


def test_a_training_thread_that_ends_is_a_fault_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turn(loop: Loop, stop: threading.Event, *rest: Any) -> None:
        if loop.wants_training:
            stop.set()
        else:
            real(loop, stop, *rest)

    real = Loop.take_turn
    monkeypatch.setattr(Loop, "take_turn", turn)
    fault = play(["begin 80x24 circle 1", "keys space", "time 1", "keys s"], tmp_path)
    assert fault is not None and fault.kind == "the training thread has ended"
    assert fault.number <= 2


def test_it_stays_in_its_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside.toygrad"
    inside.mkdir()
    keys = ["keys ctrl+s", "keys home " + "delete " * 60, f"type {outside}", "keys enter"]
    assert play(["begin 80x24 circle 1", *keys], inside) is None
    assert not outside.exists()
