"""The output pane: its views, its legend, what it reads out, and the neuron that fills it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.geometry import Offset

from toygrad.core.training import trace_point
from toygrad.datasets import DataChoice, TableOptions
from toygrad.tui.config import AppConfig
from toygrad.tui.messages import DataChanged, PartSelected, PointSelected
from toygrad.tui.output.heat_map import HeatMap
from toygrad.tui.output.pane import SCROLL_CELLS, OutputPane
from toygrad.tui.output.report import OutputTable, class_report
from toygrad.tui.selection import Bias, Unit

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User
    from tests.tui.output.conftest import Alone

OUTPUT = "5"


def options(name: str, **changes: object) -> AppConfig:
    return AppConfig(data=DataChoice(name=name), **changes)  # type: ignore[arg-type]


def output(user: User) -> OutputPane:
    return user.app.screen.query_one(OutputPane)


def title(user: User) -> str:
    return Content.from_markup(output(user).border_title or "").plain


def below(user: User) -> str:
    """The text on the lower border."""
    return str(output(user).border_subtitle)


def offset_of(user: User, point: tuple[float, float]) -> Offset:
    """The place of a point on the map, from the map's corner."""
    heat_map = user.app.screen.query_one("#output-map", HeatMap)
    columns, pixel_rows = heat_map.grid_size
    assert heat_map.axes is not None
    (left, right), (low, high) = user.snapshot.view
    x = int((point[0] - left) / (right - left) * columns)
    y = int((high - point[1]) / (high - low) * pixel_rows / 2)
    return Offset(heat_map.axes.gutter + x, y)


async def click_word(user: User, word: str) -> None:
    place = user.place(output(user), word)
    await user.pilot.click("#output", offset=(place.x, place.y))
    await user.settle()


def glyphs(user: User) -> set[str]:
    return set(user.text("#output-map"))


# --- Views -------------------------------------------------------------------------------------

VIEWS = {
    "circle": ("map", "report", "hidden space"),
    "plane": ("map", "residuals", "report", "hidden space"),
    "parabola": ("curve", "residuals", "report", "hidden space"),
    "iris": ("report", "projection", "two columns", "hidden space"),
}


@pytest.mark.parametrize(("name", "views"), list(VIEWS.items()))
async def test_v_and_its_word_cycle_through_the_views_that_fit(
    name: str, views: tuple[str, ...], alone: Alone
) -> None:
    async with alone(config=options(name)) as user:
        await user.press(OUTPUT)
        for view in views:
            assert title(user).startswith(f"Output  v {view}")
            await user.press("v")
        await click_word(user, views[0])
        assert title(user).startswith(f"Output  v {views[1]}")


async def test_a_report_counts_classes_and_gives_precision_recall_and_f1(alone: Alone) -> None:
    async with alone(config=options("iris")) as user:
        await user.advance(100)
        await user.press(OUTPUT)
        snapshot = user.snapshot
        e = snapshot.evaluation
        text = user.text("#output")
        for word in ("true", "setosa", "precision", "recall", "F1", "75 test samples"):
            assert word in text
        assert f"accuracy: test {e.test_accuracy:.1%}, training {e.train_accuracy:.1%}" in text
        flat = " ".join(line.strip("│ ") for line in text.splitlines())
        assert re.search(
            r"Test accuracy: your network \S+, a straight line \S+, always 'versicolor' \.\d\d\.",
            flat,
        )
        await user.press("t")
        assert "75 training samples" in user.text("#output")


async def test_other_samples_are_compared_anew_and_a_failure_leaves_no_promise(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with alone(config=options("iris")) as user:
        await user.advance(10)
        await user.press(OUTPUT)
        assert "a straight line" in user.text("#output")

        def fail(*_: object, **__: object) -> None:
            raise ValueError("no line")

        monkeypatch.setattr("toygrad.tui.output.baselines.baselines", fail)
        user.app.session.configure(training=replace(user.app.session.training, train_share=0.8))
        await user.advance(1)
        text = user.text("#output")
        assert "30 test samples" in text
        assert "straight line" not in text


@pytest.mark.parametrize("width", [30, 46, 64])
def test_the_columns_of_a_report_stand_below_each_other_whatever_the_names(width: int) -> None:
    names = ["犬", "猫がとても大きい", "a long class name"]
    counts = np.full((3, 3), 7)
    report = class_report(counts, names, "63 test samples", Color(0, 0, 0), width)
    matrix, scores = (block.splitlines() for block in report.plain.split("\n\n")[:2])
    assert {cell_len(line) <= width for line in (*matrix, *scores)} == {True}
    assert len(set(map(cell_len, matrix))) == len(set(map(cell_len, scores))) == 1


@pytest.mark.parametrize("width", [33, 34, 36, 41, 80])
def test_the_counts_of_a_report_do_not_touch(width: int) -> None:
    names = [str(k) for k in range(10)]
    counts = np.full((10, 10), 44)
    report = class_report(counts, names, "440 test samples", Color(0, 0, 0), width)
    lines = report.plain.splitlines()
    assert max(map(len, lines)) <= width
    assert [word for word in lines[0].split() if word.isdigit()] == names
    for name, line in zip(names, lines[1:], strict=False):
        assert line.split()[:11] == [name, *["44"] * 10]


def test_a_report_of_a_hundred_classes_has_every_count_and_f1_beside_each_name() -> None:
    names = [f"class{k:02}" for k in range(100)]
    counts = np.diag(np.arange(100, 200))
    report = class_report(counts, names, "many test samples", Color(0, 0, 0), 50)
    matrix, scores, *_ = (block.splitlines() for block in report.plain.split("\n\n"))
    assert "precision" in scores[0]
    assert len(scores) == len(matrix) == 101
    assert matrix[0].split() == ["true", "recall", "F1", *names]
    for k, line in enumerate(matrix[1:]):
        counted = [*("." for _ in range(k)), str(100 + k), *"." * (99 - k)]
        assert line.split() == [names[k], "100.0%", "100.0%", *counted]


@pytest.mark.parametrize(("classes", "size"), [(12, (120, 40)), (100, (80, 24)), (100, (120, 40))])
async def test_names_predicted_classes_and_f1_stay_in_sight_while_a_report_scrolls(
    alone: Alone, tmp_path: Path, classes: int, size: tuple[int, int]
) -> None:
    path = tmp_path / "many.csv"
    rows = "".join(f"{k % 7},{k % 11},{k},kind{k % classes:02}\n" for k in range(6 * classes))
    path.write_text("u,v,w,kind\n" + rows, encoding="utf-8")
    data = DataChoice(path=path, table=TableOptions(target="kind"))
    async with alone(size, config=AppConfig(data=data)) as user:
        await user.press(OUTPUT)
        table = user.app.screen.query_one(OutputTable)

        def seen() -> tuple[str, list[list[str]]]:
            """The predicted classes, and the rows below them."""
            lines = [line.split() for line in user.text("#output-table").splitlines()]
            place = next(k for k, line in enumerate(lines) if line[:1] == ["true"])
            return " ".join(lines[place]), [line for line in lines[place + 1 :] if line]

        header, lines = seen()
        assert "F1 kind00 kind01" in header
        assert lines[0][0] == "kind00"
        await user.press(*"lll", *"j" * 8)
        assert table.scroll_offset == (3 * SCROLL_CELLS, 8)
        header, lines = seen()
        assert "F1" in header
        assert "kind03" in header
        assert "kind01" not in header
        names = [line[0] for line in lines]
        start = int(names[0].removeprefix("kind"))
        assert 4 <= start <= 8
        # Names go on without a gap under a header that stays.
        assert names[1] == f"kind{start + 1:02}"
        assert all(line[1].endswith("%") for line in lines if line[0].startswith("kind"))
        await user.press(*"hhhh", *"k" * 9)
        assert table.scroll_offset == (0, 0)


async def test_a_fit_is_reported_with_both_parts_and_a_scatter(alone: Alone) -> None:
    async with alone(config=options("plane")) as user:
        await user.advance(200)
        await user.press(OUTPUT, "v", "v")
        text = user.text("#output")
        for word in ("train", "test", "600", "mean error", "R^2", "true", "output"):
            assert word in text
        for word in ("Test R^2: your network", "a straight line", "always the mean 0"):
            assert word in text
        assert {"o", "x"} <= glyphs(user)
        assert "R^2" in below(user)


async def test_residuals_show_sign_and_size_by_character(alone: Alone) -> None:
    async with alone(config=options("plane")) as user:
        await user.press(OUTPUT, "v")
        assert {"-", "+", "."} <= glyphs(user)
        legend = user.text("#output-legend")
        for word in ("output too high", "too low", "true minus output"):
            assert word in legend


async def test_a_projection_says_how_much_of_the_variance_it_shows(alone: Alone) -> None:
    async with alone(config=options("iris")) as user:
        await user.press(OUTPUT, "v")
        assert "1st component, 73%" in user.text("#output-map")
        assert {"o", "x", "v"} & glyphs(user)
        assert "o setosa" in user.text("#output-legend")


async def test_more_than_two_classes_on_a_plane_are_regions(alone: Alone, tmp_path: object) -> None:
    rng = np.random.default_rng(0)
    rows = "".join(
        f"{x:.3f},{y:.3f},{'abc'[k % 3]}\n"
        for k, (x, y) in enumerate(rng.normal(size=(60, 2)) + [[0, 0], [3, 0], [0, 3]] * 20)
    )
    path = tmp_path / "three.csv"  # type: ignore[operator]
    path.write_text("u,v,kind\n" + rows, encoding="utf-8")
    async with alone(config=AppConfig(data=DataChoice(path=path))) as user:
        await user.advance(200)
        await user.press(OUTPUT)
        assert title(user).startswith("Output  v map")
        legend = user.text("#output-legend")
        for word in ("a", "b", "c", "bold: training"):
            assert word in legend
        assert "discretize" not in title(user)
        await user.press("i", "right")
        assert below(user).startswith("u ")
        assert any(f"  {name}" in below(user) for name in "abc")


async def test_data_of_another_kind_are_shown_by_their_own_first_view(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press(OUTPUT, "v")
        assert title(user).startswith("Output  v report")
        for name, views in VIEWS.items():
            user.app.playground.post_message(DataChanged(DataChoice(name=name)))
            await user.settle()
            await user.press(OUTPUT)
            first = "report" if name == "circle" else views[0]
            assert title(user).startswith(f"Output  v {first}")


async def test_another_theme_repaints_unchanged_pictures(alone: Alone) -> None:
    async with alone(config=options("iris")) as user:
        await user.advance(50)
        await user.press(OUTPUT)
        numbers = user.app.screen.query_one(OutputTable)
        legend = user.app.screen.query_one("#output-legend")
        before = [numbers.render_line(3), legend.render_line(0)]
        user.app.theme = "toygrad-light"
        await user.settle()
        for old, widget, y in zip(before, (numbers, legend), (3, 0), strict=True):
            assert widget.render_line(y).text == old.text
            assert widget.render_line(y) != old


# --- The legend and what is shown --------------------------------------------------------------


async def test_the_legend_says_what_colours_and_letters_mean(alone: Alone) -> None:
    async with alone() as user:
        legend = user.text("#output-legend")
        for word in ("-1", "0", "+1", "o orange", "x blue", "bold: training", "CAPITAL"):
            assert word in legend
    async with alone((150, 46)) as user:
        legend = user.text("#output-legend")
        for word in ("o orange -1", "+1 x blue", "bold: training"):
            assert word in legend
        for word in ("v map", "t [x] test samples", "d draw", "i [ ] discretize"):
            assert word in title(user)


async def test_t_hides_the_test_samples(alone: Alone) -> None:
    async with alone() as user:
        await user.advance(500)
        await user.press(OUTPUT)
        letters = sum(map(user.text("#output-map").count, "oxOX"))
        await user.press("t")
        assert "t [ ] test samples" in title(user)
        assert "training samples only" in user.text("#output-legend")
        fewer = sum(map(user.text("#output-map").count, "oxOX"))
        assert fewer < letters
        await click_word(user, "test samples")
        assert sum(map(user.text("#output-map").count, "oxOX")) == letters


async def test_i_paints_the_map_in_two_colours(alone: Alone) -> None:
    async with alone() as user:
        await user.advance(300)
        await user.press(OUTPUT, "i")
        heat_map = user.app.screen.query_one("#output-map", HeatMap)
        assert "i [x] discretize" in title(user)
        styles = [s.style for y in range(10) for s in heat_map.render_line(y) if s.text == " "]
        assert len({s.bgcolor for s in styles if isinstance(s, Style)} - {None}) <= 3
        await click_word(user, "discretize")
        assert "i [ ] discretize" in title(user)


async def test_wrong_points_are_capitals_on_a_patch_and_counted(alone: Alone) -> None:
    async with alone() as user:
        await user.advance(300)
        snapshot = user.snapshot
        predicted = snapshot.outputs[:, 0] > 0
        wrong = predicted != (snapshot.dataset.targets > 0)
        n = int(wrong[snapshot.test_rows].sum())
        assert 0 < n < 250
        assert below(user) == f"{n} of 250 test samples wrong"
        capitals = {"O", "X"} & glyphs(user)
        assert capitals
        heat_map = user.app.screen.query_one("#output-map", HeatMap)
        for y in range(heat_map.size.height):
            for segment in heat_map.render_line(y):
                if segment.text in capitals:
                    assert segment.style is not None
                    assert segment.style.bgcolor is not None


# --- Reading -----------------------------------------------------------------------------------


async def test_the_cursor_reads_a_place_and_a_sample(alone: Alone) -> None:
    async with alone() as user:
        await user.advance(300)
        await user.press(OUTPUT, "up")
        for key in ("h", "l", "k", "j", "left", "up"):
            await user.press(key)
        read = below(user)
        assert read.startswith("x1 ")
        assert "output" in read
        before = read
        await user.advance(100)
        assert below(user) != before
        await user.press("escape")
        assert "test samples wrong" in below(user)


async def test_the_mouse_reads_a_sample_and_says_whether_it_is_correct(alone: Alone) -> None:
    async with alone() as user:
        await user.advance(300)
        snapshot = user.snapshot
        labels = snapshot.dataset.targets > 0
        right = (snapshot.outputs[:, 0] > 0) == labels
        read = {}
        for row in snapshot.train_rows[:60].tolist():
            x, y = snapshot.dataset.points[row].tolist()
            await user.pilot.hover("#output-map", offset=offset_of(user, (x, y)))
            read[below(user).split(": ")[-1].split(",")[0]] = right[row]
            if len(read) == 2:
                break
        await user.settle()
        assert read.keys() <= {"correct", "wrong"}
        await user.pilot.hover("#elsewhere")
        await user.settle()
        assert "test samples wrong" in below(user)


async def test_a_click_selects_the_sample_and_escape_deselects_it(alone: Alone) -> None:
    async with alone() as user:
        snapshot = user.snapshot
        row = int(snapshot.train_rows[0])
        x, y = snapshot.dataset.points[row].tolist()
        await user.pilot.click("#output-map", offset=offset_of(user, (x, y)))
        await user.settle()
        point = output(user).selection.point
        assert point is not None
        assert (snapshot.dataset.points == np.array(point)).all(axis=1).any()
        assert {"(", ")"} <= glyphs(user)
        await user.pilot.hover("#elsewhere")
        await user.settle()
        assert below(user).startswith(f"x1 {point[0]:.3g}  x2 {point[1]:.3g}")
        await user.press("escape")
        assert output(user).selection.point is None
        assert "(" not in glyphs(user)


async def test_a_click_beside_all_samples_selects_the_place(alone: Alone) -> None:
    async with alone() as user:
        await user.pilot.click("#output-map", offset=offset_of(user, (-5.7, 5.7)))
        await user.settle()
        point = output(user).selection.point
        assert point is not None
        assert point == pytest.approx((-5.7, 5.7), abs=0.4)
        assert "+" in glyphs(user)
        value = trace_point(user.snapshot, point).outputs[-1][0]
        await user.pilot.hover("#elsewhere")
        await user.settle()
        assert f"output {value:+.4f}" in below(user)


async def test_enter_selects_at_the_cursor_on_a_line_and_in_a_projection(alone: Alone) -> None:
    for name, keys in (("parabola", ()), ("iris", ("v",))):
        async with alone(config=options(name)) as user:
            await user.press(OUTPUT, *keys, "enter")
            for _ in range(12):
                await user.press("left", "enter")
            point = output(user).selection.point
            if name == "parabola":
                assert point is not None
                assert len(point) == 1
            elif point is not None:
                assert len(point) == 4
            await user.press("escape", "escape")
            assert output(user).selection.point is None


async def test_a_point_from_elsewhere_is_ringed(alone: Alone) -> None:
    async with alone() as user:
        user.app.playground.post_message(PointSelected((0.0, 0.0)))
        await user.settle()
        assert {"(", ")"} <= glyphs(user)


async def test_escape_puts_a_maximized_pane_back_first_and_loses_nothing(start: Start) -> None:
    async with start((120, 40)) as user:
        await user.press(OUTPUT, "z", "left", "d", "escape")
        assert user.app.screen.maximized is None
        assert "drawing" in title(user)
        await user.press("escape")
        assert "drawing" not in title(user)


# --- A neuron ----------------------------------------------------------------------------------


async def select(user: User, part: object) -> None:
    user.app.playground.post_message(PartSelected(part))  # type: ignore[arg-type]
    await user.settle()
    user.app.refresh_snapshot()
    await user.settle()


async def test_a_selected_neuron_fills_the_pane_with_its_map(alone: Alone) -> None:
    async with alone() as user:
        await user.advance(200)
        await user.press(OUTPUT, "v")
        before = user.text("#output-map")
        await select(user, Unit(1, 2))
        assert title(user).startswith("Output of layer 1, neuron 2 (tanh)")
        assert user.text("#output-map") != before
        legend = user.text("#output-legend")
        assert "this neuron's own scale" in legend
        grid = user.snapshot.unit_grid
        assert grid is not None
        assert grid.shape == user.snapshot.grid.shape[:2]  # type: ignore[union-attr]
        limit = float(legend.split("+")[1].split()[0])
        assert np.abs(grid).max() <= limit <= 2.5 * np.abs(grid).max()
        await user.press("right")
        assert "neuron " in below(user)
        await user.press("escape", "escape")
        assert title(user).startswith("Output  v map")


async def test_only_a_newly_selected_neuron_shows_its_map(alone: Alone) -> None:
    async with alone() as user:
        await select(user, Unit(1, 2))
        await user.press(OUTPUT, "v")
        assert title(user).startswith("Output  v report")
        user.app.playground.post_message(PointSelected((0.0, 0.0)))
        await user.settle()
        assert title(user).startswith("Output  v report")
        await user.press("v", "d")
        await select(user, Unit(1, 0))
        assert title(user).startswith("Output of layer 1, neuron 0 (tanh)")


async def test_inputs_and_outputs_are_named_as_what_they_are(alone: Alone) -> None:
    async with alone() as user:
        for part, name in (
            (Unit(0, 1), "Input x2"),
            (Unit(3, 0), "Output of the output layer, neuron 0 (tanh)"),
            (Bias(0, 1), "Output  v map"),
            (None, "Output  v map"),
        ):
            await select(user, part)
            assert title(user).startswith(name)


async def test_a_neuron_of_a_line_shows_its_curve(alone: Alone) -> None:
    async with alone(config=options("parabola")) as user:
        await user.press(OUTPUT)
        assert "o" in glyphs(user)
        await select(user, Unit(1, 3))
        assert title(user).startswith("Output of layer 1, neuron 3 (tanh)")
        assert "o" not in glyphs(user)
        assert any("⠀" < character <= "⣿" for character in glyphs(user))


# --- Without braille, without colour, and what it looked like ----------------------------------


@pytest.mark.parametrize("name", ["circle", "plane", "parabola", "iris"])
async def test_in_ascii_every_view_is(name: str, alone: Alone) -> None:
    async with alone(config=options(name, ascii=True)) as user:
        await user.press(OUTPUT)
        for _ in VIEWS[name]:
            assert user.text("#output").isascii()
            await user.press("v")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 46)], ids=str)
@pytest.mark.parametrize("name", VIEWS)
async def test_the_pane_looks_as_it_did(
    name: str, size: tuple[int, int], alone: Alone, golden: Callable[[str, str], None]
) -> None:
    seen = []
    async with alone(size, options(name)) as user:
        await user.advance(300)
        await user.press(OUTPUT)
        for view in VIEWS[name]:
            seen += [view, user.text("#output").replace("▀", " ")]
            await user.press("v")
    golden(f"output_{name}_{size[0]}x{size[1]}", "\n".join(seen))
