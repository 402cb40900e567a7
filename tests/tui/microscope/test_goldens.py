"""The text of the microscope, as it was looked at and found good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Size, Start

SIZES = [(80, 24), (120, 40), (150, 46)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_microscope_looks_as_it_did(
    size: Size, start: Start, golden: Callable[[str, str], None]
) -> None:
    name = f"microscope_{size[0]}x{size[1]}"
    async with start(size) as user:
        await user.press("m")
        golden(f"{name}-before", user.text())
        await user.press("f", "n", "n")
        golden(f"{name}-during", user.text())
        await user.press("b", "left", "v", "v")
        golden(f"{name}-after", user.text())


async def test_the_network_in_the_microscope_looks_as_it_did(
    start: Start, golden: Callable[[str, str], None]
) -> None:
    async with start((150, 46)) as user:
        # Not the view of errors: those are rounding, and of each machine's own.
        await user.press("M", "f", "n", "n", "n", "v", "v", "t")
        golden("microscope_network", user.text("#columns"))
        await user.press("g", "b", "v")
        golden("microscope_neuron", user.text("#columns"))
