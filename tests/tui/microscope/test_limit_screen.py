"""The derivative as a limit, opened from the microscope: what its table and sentences say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toygrad.tui.microscope.limit_screen import LimitScreen, SecantPlot

if TYPE_CHECKING:
    from tests.tui.conftest import Start


def words(text: str) -> str:
    return " ".join(text.split())


async def test_the_secant_becomes_the_tangent_and_the_cost_is_counted(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("m", "d")
        await user.settle()
        screen = user.app.screen
        assert isinstance(screen, LimitScreen)
        rows = [row.split() for row in user.text("#limit-table").splitlines()]
        assert rows[0] == ["h", "one-sided", "central"]
        # The parabola of the lecture comes first, whatever graph the microscope shows.
        assert [row[1] for row in rows[1:5]] == ["17", "14.3", "14.03", "14.003"]
        # The lines differ by their strokes too, and each is named.
        strokes = [band.stroke for band in screen.query_one(SecantPlot)._bands]
        assert len(set(strokes)) == 3
        legend = "━ f, ╍ secant, ┉ tangent"
        assert legend in user.text()
        assert all(stroke.sample in legend for stroke in strokes)
        assert "error vs h: ╍ one-sided, ━ central" in user.text()
        await user.press("down", "down")
        said = words(user.text("#limit-said"))
        assert "h = 0.01" in said
        assert "through x = 3 and x + h has slope 14.03; the tangent 14, by" in said
        assert "this function 1 in 2 or 2; your network 25 in 26 or 50" in said
        assert said.endswith("all in 1 pass forward, 1 back.")

        # The digits that quotients share stand above each other; no column touches the next.
        table = user.text("#limit-table").splitlines()
        assert len({row.index(row.split()[1], 7) for row in table[:12]}) == 1
        await user.press("end")
        *_, last = user.text("#limit-table").splitlines()
        assert last.split()[:3] == ["slope", "14", "14"]
        assert last.index("14") == table[1].index("17")

        await user.press("f")
        assert all("  " in row[5:9] for row in user.text("#limit-table").splitlines()[2:])
        rows = [row.split() for row in user.text("#limit-table").splitlines()]
        assert rows[1] == ["whole", "in", "pieces", "whole", "in", "pieces"]
        assert "in pieces 0.499981" in words(user.text("#limit-said"))
        await user.press("f", "f")
        assert "this graph: L by a" in user.text("#limit-title")
        await user.press("escape")
        assert not isinstance(user.app.screen, LimitScreen)
