"""The microscope draws the extremes of what a graph may hold, at every size."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.tui.extremes import SETTINGS, SIZES, all_numbers, snapshot_with
from toygrad.tui.config import AppConfig
from toygrad.tui.microscope.program_part import ProgramEditor
from toygrad.tui.microscope.screen import MicroscopeScreen
from toygrad.tui.selection import Selection

if TYPE_CHECKING:
    from tests.tui.conftest import Start

pytestmark = pytest.mark.usefixtures("each_frame")

PROGRAMS = (
    "L = 3",
    "a = 5e-324\nL = a*a",
    "a = 1e308\nL = a*10",
    "a = 1e308\nb = a*10\nL = b - b",
    "a = -1e308\nL = tanh(a) + exp(-a)",
    "a = 0\nL = a**2",
    "L = " + " + ".join(f"x{k}*2" for k in range(9)),
    "a = 1\n" + "\n".join(f"a = a + {k}" for k in range(150)),
    "",
)
KEYS = (
    *("n", "f", "b", "home", "t", "left", "right", "up", "enter", "+", "-", "0", "z", "(", ")"),
    *("P", "w", "o", "O"),
)
N_GRAPHS = 7


async def test_it_draws_them_all(start: Start) -> None:
    rng, seen = random.Random("microscope"), list[str]()
    try:
        async with start((80, 24), AppConfig()) as user:
            await user.press("m")
            screen = user.app.screen
            assert isinstance(screen, MicroscopeScreen)
            for graph in rng.sample([*PROGRAMS, *SETTINGS], N_GRAPHS):
                width, height = rng.choice(SIZES)
                seen.append(f"{graph!r} at {width}x{height}")
                await user.pilot.resize_terminal(width, height)
                if graph in SETTINGS:
                    numbers = rng.choice(list(all_numbers()))
                    seen.append(f"{numbers}")
                    screen.show_snapshot(snapshot_with(graph, numbers, (8, 8)), Selection())
                    screen.look_at_network()
                else:
                    screen._show_source("program")
                    screen.query_one(ProgramEditor).text = graph
                for key in ("v", *rng.sample(KEYS, 2)):
                    seen.append(key)
                    await user.pilot.press(key)
                    user.lines()
                for key in ("d", rng.choice("[]f"), "escape"):
                    seen.append(key)
                    await user.pilot.press(key)
                    user.lines()
                assert isinstance(user.app.screen, MicroscopeScreen)
    except Exception as error:
        error.add_note("\n".join(seen[-12:]))
        raise
