"""The gradients pane: its views, its keys, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.diagnosis.statistics import tensor_layout
from toygrad.core.diagnosis.steady import FRAMES_TO_BELIEVE
from toygrad.core.nn import Element
from toygrad.core.training.sabotage import SABOTAGES
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.gradients import view
from toygrad.tui.gradients.check import GradientsCheck
from toygrad.tui.gradients.pane import VIEWS, FindingStrip, GradientsPane
from toygrad.tui.gradients.parameter_table import ParameterTable
from toygrad.tui.gradients.step import GradientsStep, PullList
from toygrad.tui.messages import NetworkChanged
from toygrad.tui.network.diagram import NetworkDiagram
from toygrad.tui.selection import Bias, Link, element_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Size, Start, User

SMALL, WIDE = (80, 24), (150, 46)


@pytest.fixture(autouse=True)
def every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn twice a second is drawn with every frame."""
    monkeypatch.setattr(view, "SECONDS_BETWEEN_COMPUTATIONS", 0.0)


def options(
    hidden: tuple[int, ...] = (4, 2),
    data: str = "circle",
    activation: str = "tanh",
    **settings: Any,
) -> AppConfig:
    shape = {"initializer": settings.pop("initializer")} if "initializer" in settings else {}
    return AppConfig(
        data=DataChoice(name=data),
        network=NetworkSpec(hidden=hidden, activation=activation, **shape),
        training=TrainingConfig(**settings),
    )


def table_of(user: User) -> ParameterTable:
    return user.app.playground.query_one(ParameterTable)


def pane_of(user: User) -> GradientsPane:
    return user.app.playground.query_one(GradientsPane)


async def open_view(user: User, view: str) -> None:
    """Goes to the pane and shows one of its views."""
    await pane_of(user).action_show_view(view)
    await user.press("7")


async def workers_done(user: User, *groups: str) -> None:
    waiting = [w for w in user.app.workers if w.group in groups and not w.is_finished]
    await user.app.workers.wait_for_complete(waiting)
    await user.settle()


# --- The views -----------------------------------------------------------------------------------


async def test_v_goes_through_the_views_and_shift_v_back(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("7")
        first, *others = VIEWS
        for name in (*others, first):
            await user.press("v")
            assert pane_of(user).view == name
            assert user.focus == "gradients"
        await user.press("V")
        assert pane_of(user).view == others[-1]


async def test_a_click_on_the_name_of_a_view_shows_it(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("7")
        place = user.place(pane_of(user), "histogram")
        await user.pilot.click(pane_of(user), offset=place)
        await user.settle()
        assert pane_of(user).view == "histogram"
        assert "over the epochs" in user.text("#gradients")


@pytest.mark.usefixtures("all_paints")
@pytest.mark.parametrize("size", [(80, 24), (120, 40), WIDE], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_every_view_looks_as_it_did(
    size: Size, start: Start, golden: Callable[[str, str], None]
) -> None:
    async with start(size) as user:
        await user.press("7")
        for _ in range(4):
            await user.advance(40)
        await user.press("down")
        await user.advance(40)
        seen = []
        for view in VIEWS:
            await pane_of(user).action_show_view(view)
            await user.settle()
            seen.append(user.text("#gradients").replace("▀", " "))
    # Errors so small are those of rounding, and another machine's.
    text = re.sub(r"\de-1\d", "~e-1~", "\n".join(seen))
    golden(f"gradients_{size[0]}x{size[1]}", text)


async def test_every_view_is_ascii_where_it_has_to_be(start_pane: Start) -> None:
    async with start_pane(SMALL, AppConfig(ascii=True)) as user:
        await user.press("7", "down")
        await user.advance(30)
        for name in VIEWS:
            await pane_of(user).action_show_view(name)
            await user.settle()
            assert user.text("#gradients").isascii(), name


@pytest.mark.parametrize("data", ["iris", "parabola", "plane"])
async def test_every_view_shows_every_kind_of_data(data: str, start_pane: Start) -> None:
    async with start_pane(SMALL, options((), data=data)) as user:
        await user.press("7")
        for _ in range(2):
            for view in VIEWS:
                await pane_of(user).action_show_view(view)
                await user.settle()
                assert view in user.text("#gradients")
            await user.advance(20)


# --- The strip -----------------------------------------------------------------------------------


async def test_a_problem_is_shown_once_it_lasts_for_three_frames(start_pane: Start) -> None:
    async with start_pane(SMALL, options((8,) * 6, activation="sigmoid")) as user:
        await user.press("7")
        strip = user.app.playground.query_one(FindingStrip)
        await user.advance(25)
        for frame in range(1, 5):
            await user.advance(25 if frame > 1 else 300)
            assert strip.display is (frame >= FRAMES_TO_BELIEVE)
            user.app.refresh_snapshot()
            await user.settle()
        text = " ".join(user.text("#finding").split())
        assert text.startswith("vanishing Layer 1 gets only")
        assert "Try relu" in text
        assert "no problem found" not in user.text("#gradients")
        await user.press("r")
        assert not strip.display


async def test_a_healthy_network_quietly_says_no_problem_found(start_pane: Start) -> None:
    async with start_pane(SMALL) as user:
        await user.press("7")
        assert "no problem found" not in user.text("#gradients")
        await user.advance(1)
        assert "too early to say, 25 parameters" in user.text("#gradients")
        for _ in range(3):
            await user.advance(250)
        assert "no problem found, 25 parameters" in user.text("#gradients")
        assert not user.app.playground.query_one(FindingStrip).display


# --- The table -----------------------------------------------------------------------------------


async def test_c_groups_parameters_by_tensor_and_enter_opens_a_tensor(start_pane: Start) -> None:
    async with start_pane(SMALL) as user:
        await user.advance(10)
        await user.press("7", "z", "c")
        text = user.text("#parameters")
        layout = tensor_layout(user.snapshot.sizes)
        for name in layout.names:
            assert f"▸ {name}" in text
        for title in ("tensor", "|value|", "|grad|", "mean", "largest", "zeros", "Δ/w"):
            assert title in text
        norm = np.linalg.norm(user.snapshot.gradients[layout.part(0)])
        assert f"{norm:.4f}" in text.splitlines()[1]
        await user.press("down", "down", "enter")
        text = user.text("#parameters")
        assert "▾ layer1.bias" in text
        assert [f"[{k}]" in text for k in range(5)] == [True] * 4 + [False]
        await user.press("left")
        assert "▾" not in user.text("#parameters")
        await user.press("c")
        assert "layer3.bias[0]" in user.text("#parameters")


async def test_right_opens_x_opens_all_and_c_closes_all(start_pane: Start) -> None:
    async with start_pane((150, 120)) as user:
        await user.press("7", "z", "c", "home", "right")
        assert user.text("#parameters").count("▾") == 1
        await user.press("x")
        assert user.text("#parameters").count("▾") == 6
        assert len([line for line in user.text("#parameters").splitlines() if "[" in line]) == 25
        await user.press("c")
        assert user.text("#parameters").count("▸") == 6


async def test_a_large_network_begins_with_its_tensors(start_pane: Start) -> None:
    async with start_pane(SMALL, options((16, 16))) as user:
        await user.press("7")
        assert "▸ layer1.weight" in user.text("#parameters")
        assert "337 parameters" in user.text("#gradients")


async def test_the_filter_finds_layers_and_verdicts(start_pane: Start) -> None:
    dead = options((4, 4), data="plane", activation="relu")
    async with start_pane(WIDE, dead) as user:
        user.app.session.set_parameters({"layer2.bias": [-100.0] * 4})
        await user.advance(1)
        await user.advance(600)
        for _ in range(3):
            await user.advance(5)
        n = int((user.snapshot.gradients[12:32] == 0.0).sum())
        assert n == 20
        await user.press("slash")
        await user.type("layer2 dead")
        assert f"{n} of 37 parameters" in user.text("#gradients")
        await user.press("enter", "c")
        lines = user.text("#parameters").splitlines()[1:]
        assert [line.split()[1] for line in lines if line.strip()] == [
            "layer2.weight",
            "layer2.bias",
        ]
        assert all(line.rstrip().endswith("dead") for line in lines if line.strip())


async def test_columns_and_classes_of_your_own_data_stand_beside_their_parameters(
    start_alone: Start, tmp_path: Path
) -> None:
    path = tmp_path / "animals.csv"
    kinds = ("cat", "dog", "owl")
    rows = "".join(f"{k % 37},{k * 7 % 91}.5,{kinds[k % 3]}\n" for k in range(60))
    path.write_text(f"age,income,kind\n{rows}", encoding="utf-8")
    config = AppConfig(data=DataChoice(path=path), network=NetworkSpec(hidden=(2,)))
    async with start_alone(GradientsPane(id="gradients"), (150, 21), config) as user:
        await user.advance(3)
        for view in ("parameter ", "autograd"):
            while view not in user.text("#gradients"):
                await user.press("v")
            text = user.text("#gradients")
            for name in ("weight[0,1] age", "weight[1,0] income", "bias[2] owl", "weight[1,0] cat"):
                assert name in text
        while "|grad|" not in user.text("#gradients"):
            await user.press("v")
        # The field for it is the playground's.
        table_of(user).filter_text = "income"
        assert table_of(user).shown_count == 2
        # Other data of the same shape have other names.
        path.write_text(f"age,weight,kind\n{rows}", encoding="utf-8")
        user.app.session.configure(dataset=DataChoice(path=path).load())
        await user.advance(1)
        assert table_of(user).shown_count == 0
        assert "weight[1,0] weight" not in user.text("#gradients")
        table_of(user).filter_text = "weight"
        await user.settle()
        assert "weight[1,0] weight" in user.text("#gradients")


async def test_a_pinned_row_stays_on_top(start_pane: Start) -> None:
    async with start_pane(SMALL) as user:
        await user.advance(10)
        await user.press("7", "end", "p", "home")
        first = user.text("#parameters").splitlines()[1]
        smallest = int(np.argmin(np.abs(user.snapshot.gradients)))
        assert first.startswith("↑ layer")
        assert table_of(user).selected_index == smallest
        await user.press("end", "o")
        assert user.text("#parameters").splitlines()[1].startswith("↑ ")
        await user.press("home", "p")
        assert "↑" not in user.text("#parameters")


async def test_columns_are_chosen_from_a_list(start_pane: Start) -> None:
    async with start_pane((200, 46)) as user:
        await user.press("7", "t")
        assert "[x] verdict" in user.text("#gradient-columns")
        await user.press("end", "enter")
        assert "[ ] verdict" in user.text("#gradient-columns")
        assert "verdict" not in user.text("#parameters")
        await user.press("escape")
        assert isinstance(user.app.focused, ParameterTable)
        assert "verdict" not in user.text("#parameters")
        await user.press("t", "enter", "escape")
        assert "verdict" in user.text("#parameters")


async def test_a_row_selects_its_link_and_a_link_its_row_and_opens_its_tensor(start: Start) -> None:
    async with start(WIDE) as user:
        await user.advance(10)
        await user.press("7", "down")
        table = table_of(user)
        assert table.selected_index is not None
        diagram = user.app.playground.query_one(NetworkDiagram)
        part = diagram.selected
        assert isinstance(part, Link | Bias)
        names = user.snapshot.parameter_names()
        assert element_of(part).name == names[table.selected_index]

        await user.press("4")
        diagram.focus()
        diagram.post_message(NetworkDiagram.Selected(Link(0, 1, 2)))
        await user.settle()
        assert table.selected_name == "layer1.weight[1,2]"
        assert "layer1.weight[1,2]" in user.text("#parameters")
        await user.press("7", "escape")
        assert diagram.selected is None
        # By tensor, the selected link opens its tensor.
        await user.press("c", "4")
        diagram.post_message(NetworkDiagram.Selected(Bias(1, 1)))
        await user.settle()
        assert table_of(user).selected_name == "layer2.bias[1]"
        assert "▾ layer2.bias" in user.text("#parameters")


async def test_shift_f_freezes_a_parameter_and_a_tensor_and_marks_them(start_pane: Start) -> None:
    async with start_pane(WIDE) as user:
        await user.advance(5)
        await user.press("7", "less_than_sign", "less_than_sign", "less_than_sign", "home", "F")
        table = table_of(user)
        assert table.selected_index is not None
        assert user.snapshot.frozen.sum() == 1 and user.snapshot.frozen[table.selected_index]
        assert "]*" in user.text("#parameters") and "frozen" in user.text("#parameters")
        before = user.snapshot.parameters[table.selected_index]
        await user.advance(20)
        assert user.snapshot.parameters[table.selected_index] == before
        await user.press("F")
        assert not user.snapshot.frozen.any()
        await user.press("c", "home", "F")
        assert user.snapshot.frozen.sum() == 8
        await user.press("ctrl+z")
        assert not user.snapshot.frozen.any()


# --- Layers --------------------------------------------------------------------------------------


async def test_layers_show_gradient_update_and_outputs(start_pane: Start) -> None:
    async with start_pane((150, 120), options((8,) * 5, activation="sigmoid")) as user:
        await open_view(user, "layers")
        await user.press("z")
        await user.advance(400)
        await user.advance(25)
        text = user.text("#gradients-layers")
        for word in (
            "layer 1",
            "layer 5",
            "output",
            "mean",
            "gradient",
            "update/w",
            "spread",
            "dead",
            "saturated",
        ):
            assert word in text
        assert "vanishing" in text and "ok" not in text
        assert "┊" in text


# --- Histograms ----------------------------------------------------------------------------------


async def test_histograms_follow_the_selection_and_the_arrows(start: Start) -> None:
    async with start(WIDE) as user:
        await user.advance(50)
        await open_view(user, "histogram")
        assert "layer1.weight 2x4: values" in user.text("#gradients-histogram")
        await user.press("7", "right")
        assert "layer1.bias 4: values" in user.text("#gradients-histogram")
        await user.press("left", "left")
        assert "layer3.bias 1: values" in user.text("#gradients-histogram")
        diagram = user.app.playground.query_one(NetworkDiagram)
        diagram.post_message(NetworkDiagram.Selected(Link(1, 0, 1)))
        await user.settle()
        assert "layer2.weight 4x2: values" in user.text("#gradients-histogram")


async def test_histograms_are_kept_while_they_are_out_of_sight(start_pane: Start) -> None:
    async with start_pane(SMALL) as user:
        for _ in range(24):
            await user.advance(25)
        await open_view(user, "histogram")
        text = user.text("#gradients-histogram")
        assert "epoch" in text and "24" in text
        memory = pane_of(user)._memory
        assert all(len(memory.histograms(tensor)[0]) >= 4 for tensor in range(6))


# --- The check -----------------------------------------------------------------------------------


async def test_all_gradients_agree_live_and_the_cursor_selects_a_parameter(
    start_pane: Start,
) -> None:
    async with start_pane(SMALL) as user:
        await open_view(user, "check")
        assert "all 25 agree, largest error" in user.text("#gradients-check")
        assert "current weights" in user.text("#gradients-check")
        await user.advance(30)
        text = user.text("#gradients-check")
        assert "all 25 agree" in text and "last step's 10 samples" in text
        assert text.count("✓") > 5 and "≠" not in text
        await user.press("down", "down")
        selected = user.app.playground.selection.element
        assert selected == Element(1, 0, 1)


async def test_a_planted_bug_shows_and_a_kink_is_none(start_pane: Start) -> None:
    async with start_pane(SMALL) as user:
        await open_view(user, "check")
        for mistake in ("no_zero_grad", "wrong_sign", "dropped_layer"):
            assert mistake in SABOTAGES
            user.app.session.configure(training=TrainingConfig(sabotage=(mistake,)))
            user.app.session.reset()
            await user.advance(3)
            text = user.text("#gradients-check")
            assert "differ, largest error" in text, mistake
            assert "≠" in text.splitlines()[3], mistake
        network = NetworkSpec(hidden=(3,), activation="leaky_relu")
        user.app.session.configure(training=TrainingConfig(), network=network)
        user.app.session.set_parameters(
            {"layer1.weight": np.zeros((2, 3)), "layer1.bias": [0.0] * 3}
        )
        await user.advance(0)
        text = user.text("#gradients-check")
        assert "4 of 13 agree, 9 on a kink" in text
        assert "^" in text and "≠" not in text


async def test_of_many_parameters_one_is_checked_a_checks_all_and_escape_stops_that(
    start_pane: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_pane(SMALL, options((16, 16))) as user:
        await user.advance(5)
        await open_view(user, "check")
        assert "the selected one agrees" in user.text("#gradients-check")
        check = user.app.playground.query_one(GradientsCheck)
        with monkeypatch.context() as patched:
            patched.setattr(
                GradientsCheck,
                "_check_all",
                lambda self, snapshot: check.run_worker(_never(), group="numeric-check"),
            )
            await user.press("a")
            assert "checking: 0 of 337 (0 %), escape stops" in user.text("#gradients-check")
            await user.press("escape")
            assert "escape stops" not in user.text("#gradients-check")
        await user.press("a")
        await workers_done(user, "numeric-check")
        assert "all 337 agree" in user.text("#gradients-check")


async def _never() -> None:
    import asyncio

    await asyncio.sleep(60.0)


# --- The step ------------------------------------------------------------------------------------


async def test_the_last_step_is_described_in_numbers_and_words(start_pane: Start) -> None:
    async with start_pane(SMALL) as user:
        await open_view(user, "step")
        assert "Press s for a step" in user.text("#gradients-step")
        await user.press("z")
        assert "Select a weight or a bias" in user.text("#step-pulls")
        await user.press("s")
        text = " ".join(user.text("#gradients-step").split())
        assert "predicted -" in text and "actual -" in text
        assert " % of the predicted drop: the step is short enough" in text
        assert "A step of 0.03 x gradient: loss -" in text
        assert "now 0.03" in text and "best rate" in text


async def test_too_large_a_rate_is_seen_before_it_is_used(start_pane: Start) -> None:
    async with start_pane(SMALL, options((8,), data="plane", activation="relu")) as user:
        await user.advance(20)
        await open_view(user, "step")
        for _ in range(5):
            await user.press("right_square_bracket")
        steps = user.snapshot.step
        text = " ".join(user.text("#gradients-step").split())
        assert "A step of 10 x gradient overshoots: loss +" in text
        assert "now 10" in text
        assert user.snapshot.step == steps


async def test_the_finder_suggests_a_rate_that_enter_accepts_and_escape_ignores(
    start_pane: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toygrad.tui.gradients.step.FINDING_SECONDS", 0.2)
    async with start_pane(SMALL, options(learning_rate=1e-5)) as user:
        await user.advance(5)
        await open_view(user, "step")
        await user.press("f", "escape")
        assert user.app.session.training.learning_rate == 1e-5
        assert "enter uses" not in user.text("#gradients-step")
        step_view = user.app.playground.query_one(GradientsStep)
        assert not step_view.check_action("accept_rate", ())
        await user.press("f")
        await workers_done(user, "rate-finder")
        await user.settle()
        text = " ".join(user.text("#gradients-step").split())
        assert "try " in text and "enter uses" in text
        assert user.app.session.training.learning_rate == 1e-5
        await user.press("enter")
        rate = user.app.session.training.learning_rate
        assert rate > 1e-3
        assert "enter uses" not in user.text("#gradients-step")
        assert f"now {rate:g}" in user.text("#gradients-step")
        await user.press("ctrl+z")
        assert user.app.session.training.learning_rate == 1e-5


async def test_enter_on_a_parameter_lists_the_samples_that_pull_and_one_can_be_selected(
    start_pane: Start,
) -> None:
    async with start_pane(SMALL) as user:
        await user.advance(5)
        await user.press("7", "z", "down", "enter")
        assert pane_of(user).view == "step"
        name = user.snapshot.parameter_names()[int(np.argmax(np.abs(user.snapshot.gradients)))]
        pulls = user.app.playground.query_one(PullList)
        text = user.text("#step-pulls")
        assert name in text
        assert "push it up," in text
        assert text.count("↑") + text.count("↓") == 10
        pulls.focus()
        await user.press("down", "down")
        point = user.app.playground.selection.point
        assert point is not None
        rows = user.snapshot.dataset.points[user.snapshot.batch_rows].tolist()
        assert list(point) in rows


# --- Whatever is pressed -------------------------------------------------------------------------

KEYS = (
    *("v", "V", "c", "x", "p", "t", "f", "F", "o", "a", "less_than_sign", "greater_than_sign"),
    *("up", "down", "left", "right", "enter", "escape", "home", "end", "pagedown", "slash"),
    *("s", "S", "r", "ctrl+z", "right_square_bracket"),
)


@pytest.mark.usefixtures("each_frame")
async def test_no_sequence_of_keys_breaks_the_pane(start: Start) -> None:
    rng = np.random.default_rng(1)
    pressed = []
    async with start(SMALL) as user:
        await user.press("7")
        for _ in range(80):
            pressed.append(str(rng.choice(KEYS)))
            await user.pilot.press(pressed[-1])
            if rng.random() < 0.1:
                hidden = tuple(int(n) for n in rng.integers(1, 20, rng.integers(4)))
                pane_of(user).post_message(NetworkChanged(NetworkSpec(hidden=hidden)))
            if any(not worker.is_finished for worker in user.app.workers):
                await workers_done(user, "numeric-check", "rate-finder", "gradient-line")
            assert user.app.is_running, pressed
            assert user.snapshot.run_id == user.app.session.run_id, pressed
