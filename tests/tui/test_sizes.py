"""At every size of the terminal all texts are whole, the map is square, and resizing loses nothing.

The rule: whatever a widget has to say is on the screen whole or not at all. A widget may be beyond
the edge of something that scrolls up and down, but it is never cut at its right or left; a text is
never longer than its place; what stands on a border fits between its corners; no ellipsis touches
a digit; the footer has no part of a key. Numbers are compared with those of the session: the
settings, the losses, the axes, and each row of the gradients.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from toygrad.core.nn.parameters import parse_element
from toygrad.datasets import DATASETS
from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.data.gallery import DatasetGallery
from toygrad.tui.drawing.numbers import loss_text, signed
from toygrad.tui.footer import Footer
from toygrad.tui.learn.strip import LessonStrip
from toygrad.tui.loss import pane as loss
from toygrad.tui.output.heat_map import HeatMap
from toygrad.tui.pane import Pane
from toygrad.tui.playground import PANE_IDS
from toygrad.tui.slow_motion.bar import SlowMotionBar
from toygrad.tui.status.pane import StatusLine
from toygrad.tui.widgets.settings import Number
from toygrad.tui.widgets.settings_list import SettingsList

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

pytestmark = pytest.mark.usefixtures("each_frame")

BOARD = PANE_IDS[1:]
SIZES = (
    *((60, 16), (66, 22), (60, 36), (75, 31), (76, 20), (80, 24), (80, 30), (80, 36), (80, 60)),
    *((90, 45), (99, 80), (100, 24), (100, 30), (110, 35), (120, 40), (130, 22), (149, 46)),
    *((150, 24), (150, 28), (150, 46), (180, 30), (200, 60), (250, 30), (250, 80), (160, 70)),
)
FEW_SIZES = ((60, 16), (80, 24), (80, 60), (120, 40), (150, 28))
OTHER_DATA = ("iris", "digits", "parabola", "plane")
PARTS = {part for name in DATASETS for part in (*name.split("-"), *re.findall(".+?-", name))}
NAMES = {*DATASETS, *PARTS, "open", "x1", "x2"}
"""What the gallery says; a name goes on in the next line after a hyphen."""
MORE_SIZES = int(os.environ.get("TOYGRAD_SIZES", "0"))
"""Ask for so many random sizes more."""


def on_screen(user: User) -> dict[Widget, tuple[Region, Region]]:
    """All widgets that are seen, with their regions and what of the screen they may draw on."""
    return user.app.screen._compositor.visible_widgets


def panes_in_sight(user: User) -> list[str]:
    seen = on_screen(user)
    return [str(p.id) for p in user.app.playground.panes if p in seen and p.id != "status"]


def part_of(lines: list[str], region: Region) -> str:
    return "\n".join(line[region.x : region.right] for line in lines[region.y : region.bottom])


def has_whole(text: str, number: str) -> bool:
    """Whether a number is in a text, with nothing else that belongs to a number beside it."""
    return re.search(rf"(?<![\d.…]){re.escape(number)}(?![\d.…])", text) is not None


def cut_texts(user: User, lines: list[str]) -> Iterator[str]:
    """What is not shown whole in the lines of the screen."""
    for widget, (region, clip) in on_screen(user).items():
        if not region.overlaps(clip):
            continue
        name = f"{widget.id or type(widget).__name__}: "
        if region.x < clip.x or region.right > clip.right:
            yield f"{name}reaches beyond {clip}"
        if not clip.contains_region(region):
            continue
        text = part_of(lines, region)
        if isinstance(widget, Pane) and widget.id != "status":
            first, *_, last = text.splitlines()
            for line, written in ((first, widget.border_title), (last, widget.border_subtitle)):
                plain = Content.from_markup(written or "").plain
                if " ".join(plain.split()) not in " ".join(line.split()):
                    yield f"{name}{plain!r} on the border {line!r}"
        elif isinstance(widget, Static):
            width, height = widget.content_size
            wanted = widget.get_content_height(widget.container_size, user.app.size, width)
            if width and wanted > height:
                yield f"{name}{wanted} lines in {height}: {text!r}"
        elif isinstance(widget, SettingsList):
            for setting in widget.shown:
                if isinstance(setting, Number):
                    row = part_of(lines, widget.region_of(setting.name).translate(region.offset))
                    if not has_whole(row, setting.format(widget.value(setting.name)).strip()):
                        yield f"{name}{setting.name} in {row!r}"
        elif isinstance(widget, DatasetGallery):
            cut = set(re.findall(r"[a-z][a-z0-9-]+", text)) - NAMES
            yield from (f"{name}{word!r} in {text!r}" for word in cut)
        if re.search(r"\d…|…\d", text):
            yield f"{name}an ellipsis in a number of {text!r}"


def wrong_numbers(user: User, lines: list[str]) -> Iterator[str]:
    """Numbers of the session that a pane in sight does not show."""
    snapshot, seen = user.snapshot, panes_in_sight(user)

    def text(selector: str) -> str:
        return part_of(lines, user.app.screen.query_one(selector).region)

    losses = (snapshot.evaluation.train_loss, snapshot.evaluation.test_loss)
    bar = user.app.screen.query_one("#status StatusLine", StatusLine)
    for field in bar.shared(bar.size.width)[0]:
        if field.content.plain.rstrip() not in text("#status"):
            yield f"status: {field}"
    for number in losses:
        if "loss" in seen and loss_text(number).strip() not in text("#loss"):
            yield f"loss: {number}"
    heat_map = user.app.screen.query_one(HeatMap)
    if heat_map in on_screen(user):
        axes = heat_map.axes
        assert axes is not None
        for end in (*axes.x, *axes.y):
            if not has_whole(text("#output-map"), f"{end:.3g}"):
                yield f"axis: {end}"
    if "gradients" in seen:
        rows = dict(
            zip(
                snapshot.parameter_names(),
                zip(snapshot.parameters, snapshot.gradients, strict=True),
                strict=True,
            )
        )
        for line in text("#parameters").splitlines()[1:]:
            if not line.strip() or line.startswith("▸"):
                # Below the last one, and a tensor, which has other numbers.
                continue
            name, *rest = line.split()
            expected = [signed(float(number), 8).strip() for number in rows.get(name, ())]
            # The input or the class stands between, where there is room.
            ends = [] if "…" in name else snapshot.ends_of(parse_element(name)).split()
            if "…" not in name and expected not in (rest[:2], rest[len(ends) :][:2]):
                yield f"gradients: {line!r} instead of {expected}"


def cut_keys(user: User, lines: list[str]) -> Iterator[str]:
    """What the footer shows that is not a key and what it does, and the ways out it lacks."""
    offered, kept = user.app.screen.query_one(Footer)._entries
    shown = re.split(r" {2,}", lines[-1].strip())
    yield from (f"footer: {text!r}" for text in set(shown) - {e.text for e in (*offered, *kept)})
    yield from (f"footer: no {entry.text!r}" for entry in kept if entry.text not in shown)


def skewed_map(user: User) -> Iterator[str]:
    """Whether the map of a plane is not square: a cell is twice as high as wide."""
    strips = user.app.playground.query("#lesson, #slow-motion")
    least = 4 if any(strip.display for strip in strips) else 8
    heat_map = user.app.screen.query_one(HeatMap)
    if heat_map in on_screen(user) and len(user.snapshot.view) == 2:
        columns, pixel_rows = heat_map.grid_size
        if abs(columns - pixel_rows) > 2 or columns <= least:
            yield f"map: {columns} x {pixel_rows}"


async def faults_at(user: User, size: tuple[int, int], pane: str) -> list[str]:
    """What is wrong at a size of the terminal, with the focus in a pane."""
    user.app.playground.action_go_to(pane)
    await user.resize(*size)
    lines = [strip.text for strip in user.app.screen._compositor.render_strips()]
    seen = panes_in_sight(user)
    assert pane in seen
    has_tabs = any("Data  Training" in line for line in lines)
    assert has_tabs is (len(seen) < len(BOARD)), size
    checks = (cut_texts, wrong_numbers, cut_keys)
    found = [fault for check in checks for fault in check(user, lines)]
    name = user.snapshot.dataset.name
    return [f"{size} {name}: {fault}" for fault in (*found, *skewed_map(user))]


@pytest.mark.timeout(300 + 10 * MORE_SIZES)
async def test_at_every_size_all_texts_are_whole_and_the_map_is_square(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    chosen = random.Random(MORE_SIZES)
    more = [(chosen.randint(60, 250), chosen.randint(16, 80)) for _ in range(MORE_SIZES)]
    faults: list[str] = []
    async with start((80, 24)) as user:
        await user.advance(500)
        for place, size in enumerate((*SIZES, *more)):
            faults += await faults_at(user, size, BOARD[place % len(BOARD)])
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(300)
async def test_so_it_is_with_other_data_a_lesson_and_slow_motion(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    faults: list[str] = []
    async with start((80, 24)) as user:

        async def agreed(action: str) -> None:
            await user.app.run_action(action)
            await user.settle()
            if isinstance(user.app.screen, ConfirmScreen):
                await user.press("y")
            # They cover the lines below for a few seconds.
            user.app.clear_notifications()
            await user.settle()

        async def look(place: int) -> None:
            for size in FEW_SIZES:
                faults.extend(await faults_at(user, size, BOARD[place % len(BOARD)]))
                place += 1

        for place, name in enumerate(OTHER_DATA):
            await agreed(f"choose_dataset('{name}')")
            await agreed("epoch")
            await look(place)
        await agreed("begin_challenge('xor-two')")
        await agreed("epoch")
        await look(4)
        assert user.app.playground.query_one(LessonStrip).is_open
        await user.press("escape", "S", "S")
        await look(5)
        assert user.app.playground.query_one(SlowMotionBar).is_on
    assert not faults, "\n".join(faults)


async def test_resizing_in_mid_run_changes_the_layout_and_loses_nothing(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.advance(60)
        parameters = user.parameters
        epochs = user.snapshot.curves.epochs
        assert panes_in_sight(user) == ["output", "loss"]

        for size in ((120, 40), (150, 46), (200, 60)):
            await user.resize(*size)
            assert len(panes_in_sight(user)) == len(BOARD)
            assert max(map(len, user.lines())) <= size[0]
            assert len(user.lines()) == size[1]
        assert f"train {user.snapshot.evaluation.train_loss:.4g}" in user.text("#loss")
        assert "25 parameters" in user.text("#gradients")

        await user.press("7", "z")
        await user.resize(80, 24)
        assert "parameter" in user.text("#gradients")
        await user.press("z")
        assert user.app.screen.maximized is None
        assert set(panes_in_sight(user)) == {"gradients", "output", "loss"}
        np.testing.assert_array_equal(user.snapshot.curves.epochs, epochs)
        assert user.snapshot.step == 60
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, parameters[name])


async def test_a_terminal_too_small_gets_a_sentence_and_the_playground_comes_back(
    start: Start,
) -> None:
    async with start((59, 15)) as user:
        sentence = " ".join(user.text().split())
        assert sentence == (
            "toygrad needs a terminal of at least 60 columns and 16 rows. "
            "Training continues meanwhile."
        )
        await user.press("space")
        assert user.app.session.state == "training"
        await user.press("space")
        for size in ((59, 40), (120, 15), (20, 5)):
            await user.resize(*size)
            assert "toygrad" in user.text()
            assert "epoch" not in user.text()
        await user.resize(60, 16)
        assert "ready" in user.text("#status")
        assert panes_in_sight(user) == ["output", "loss"]


async def test_the_picture_has_a_point_for_each_half_cell_after_a_resize(start: Start) -> None:
    async with start((80, 24)) as user:
        for size in ((60, 16), (150, 46), (80, 24)):
            await user.resize(*size)
            grid = user.snapshot.grid
            assert grid is not None
            columns, rows = user.app.playground.grid_size
            assert grid.shape[:2] == (rows, columns)


async def test_a_smaller_screen_shows_the_pane_in_which_the_user_is(start: Start) -> None:
    async with start((150, 46)) as user:
        for name in ("network", "gradients"):
            await user.resize(150, 46)
            pane = user.app.screen.query_one(f"#{name}")
            await user.pilot.click(pane, offset=(pane.region.width // 2, pane.region.height - 2))
            await user.resize(80, 24)
            assert user.focus == name
            assert name in panes_in_sight(user)
