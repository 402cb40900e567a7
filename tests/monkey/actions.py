"""What the monkey does: one line of text for each action, so that a sequence can be pasted.

begin 80x24 circle 4,2 ascii    how it starts, the first action: size, data, hidden layers
keys space [ ctrl+z             keys one after the other, with no time in between
type 1e308                      a text, key by key
down 12 5 1, up 12 5 1          a mouse button; also `move X Y` and `click X Y BUTTON TIMES`
wheel 12 5 -3                   the wheel, up if it is below zero
size 59x15                      another size of the terminal
time 0.3                        seconds that go by for the session
set loss hinge                  a setting of the training
do app.choose_dataset('xor')    what the command palette can do
open mixed.csv                  the list of a table's columns, if the playground is on the screen
"""

from __future__ import annotations

import random
from collections.abc import Callable

from toygrad.core import LOSSES, OPTIMIZERS, SCHEDULES
from toygrad.core.training import ENGINES, PACES, REGULARIZATIONS
from toygrad.core.training.config import SABOTAGE_NAMES
from toygrad.datasets import DATASETS
from toygrad.tui.learn.challenges import CHALLENGES
from toygrad.tui.learn.presets import PRESETS

from .tables import TABLES

Sequence = list[str]

SIZES = (
    *("1x1", "10x3", "20x5", "59x15", "60x16", "60x40", "80x24", "80x60", "99x29", "100x30"),
    *("120x40", "150x46", "200x12", "250x80"),
)
USUAL_SIZES = ("60x16", "80x24", "100x30", "120x40", "150x46")
HIDDEN = ("-", "1", "2", "4,2", "8", "6,6,6", "20", "2,2,2,2,2,2,2,2,2,2")

# Whoever quits is not seen to fail afterwards: q and ctrl+q are left out.
MOVES = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
TRAINING = ("space", "space", "s", "s", "e", "e", "r", "R", "backspace", "N", "S")
EDITS = ("ctrl+z", "ctrl+z", "ctrl+y", "[", "]", "{", "}", ",", ".", "+", "-", "*", "<", ">")
UNDO = "keys ctrl+z"
PANES = ("1", "2", "3", "4", "5", "6", "7", "tab", "tab", "shift+tab")
SCREENS = (
    "m",
    "M",
    "D",
    "L",
    "?",
    "ctrl+p",
    "ctrl+o",
    "ctrl+s",
    "f12",
    "ctrl+r",
    "escape",
    "escape",
)
LETTERS = (*"abcdefghijklnoptuvwxyzACFGOPTVWXY/", "shift+left", "shift+right", "delete")
CONFIRM = ("enter", "enter", "escape", "space")
KEYS = (*MOVES, *TRAINING, *EDITS, *PANES, *SCREENS, *LETTERS, *CONFIRM)
GROUPS = (MOVES, TRAINING, EDITS, PANES, SCREENS, LETTERS, CONFIRM)

# Never a path to another folder: the monkey stays in its own.
TEXTS = (
    *("0", "-0", "1", "3", "0.1", "1e308", "-1e308", "5e-324", "1e400", "inf", "nan", "10", "999"),
    *("x1*x2", "sin(x1)", "1/x1", "exp(x1*900)", "x9", "relu", "4 relu", "8, 8", "dead", "layer1"),
    *("run.toygrad", "points.csv", "a", "spiral", "digits", "undo", "", "é字🙂"),
)
SETTINGS: dict[str, tuple[object, ...]] = {
    "loss": tuple(LOSSES),
    "optimizer": (*OPTIMIZERS, "nonsense"),
    "schedule": tuple(SCHEDULES),
    "regularization": REGULARIZATIONS,
    "engine": ENGINES,
    "sabotage": SABOTAGE_NAMES,
    "learning_rate": (-1.0, 5e-324, 1e-300, 0.03, 3.0, 10.0, 1e300),
    "regularization_rate": (0.0, 0.1, 1e300),
    "batch_size": (0, 1, 7, 100_000),
    "train_share": (0.1, 0.5, 1.0),
    "schedule_epochs": (1, 3),
    "pace": PACES,
}


def random_sequence(seed: int, length: int) -> Sequence:
    """A sequence that depends on nothing but its seed.

    Args:
        seed: 0 or more.
        length: How many actions, the beginning included.
    """
    rng = random.Random(seed)
    ascii = " ascii" if rng.random() < 0.2 else ""
    begin = f"begin {rng.choice(USUAL_SIZES)} {rng.choice(_DATASETS)} {rng.choice(HIDDEN)}{ascii}"
    # What begins at a pause would never see a trained network.
    sequence = [begin, "do app.toggle_training", "time 0.5"]
    kinds, weights = zip(*_KINDS, strict=True)
    while len(sequence) < length:
        action = rng.choices(kinds, weights)[0](rng)
        sequence.append(action)
        if action.startswith("set ") or action.removeprefix("keys ") in EDITS:
            # An undo is judged only right after its edit.
            sequence += [UNDO] * rng.randint(0, 1)
    return sequence[:length]


def _key(rng: random.Random) -> str:
    return f"keys {rng.choice(rng.choice(GROUPS))}"


def _burst(rng: random.Random) -> str:
    group = rng.choice((KEYS, MOVES, TRAINING, EDITS, (*PANES, *SCREENS)))
    return f"keys {' '.join(rng.choice(group) for _ in range(rng.randint(2, 6)))}"


def _held(rng: random.Random) -> str:
    return f"keys {' '.join([rng.choice(rng.choice(GROUPS))] * rng.randint(3, 9))}"


def _type(rng: random.Random) -> str:
    return f"type {rng.choice(TEXTS)}"


def _place(rng: random.Random) -> str:
    """Most places are on the smallest screens too; beyond a screen's edge a place is none."""
    return f"{rng.randint(0, 149)} {rng.randint(0, 45)}"


def _click(rng: random.Random) -> str:
    return f"click {_place(rng)} {rng.choice((1, 1, 1, 3))} {rng.choice((1, 1, 2))}"


def _button(rng: random.Random) -> str:
    return f"{rng.choice(('down', 'up'))} {_place(rng)} {rng.choice((1, 3))}"


def _move(rng: random.Random) -> str:
    return f"move {_place(rng)}"


def _wheel(rng: random.Random) -> str:
    return f"wheel {_place(rng)} {rng.choice((-9, -1, 1, 9))}"


def _size(rng: random.Random) -> str:
    return f"size {rng.choice(SIZES if rng.random() < 0.5 else USUAL_SIZES)}"


def _time(rng: random.Random) -> str:
    return f"time {rng.choice((0.1, 0.3, 1.0))}"


def _do(rng: random.Random) -> str:
    choices = (
        f"choose_dataset({rng.choice(_DATASETS)!r})",
        f"begin_preset({rng.choice(list(PRESETS))!r})",
        f"begin_challenge({rng.choice(list(CHALLENGES))!r})",
        "cure",
        "screenshot",
    )
    return f"do app.{rng.choice(choices)}"


def _open(rng: random.Random) -> str:
    return f"open {rng.choice(list(TABLES))}"


def _set(rng: random.Random) -> str:
    name = rng.choice(list(SETTINGS))
    return f"set {name} {rng.choice(SETTINGS[name])}"


_DATASETS = tuple(DATASETS)
_KINDS: tuple[tuple[Callable[[random.Random], str], float], ...] = (
    (_key, 40),
    (_burst, 12),
    (_held, 4),
    (_type, 4),
    (_click, 14),
    (_button, 3),
    (_move, 2),
    (_wheel, 4),
    (_size, 7),
    (_time, 8),
    (_do, 2),
    (_open, 1),
    (_set, 3),
)
