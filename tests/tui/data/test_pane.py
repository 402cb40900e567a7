"""The data pane: pictures to choose from, settings to move among, own inputs and own files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.widgets import Input, Static

from tests.tui.test_goldens import without_colors
from toygrad.datasets import DATASETS, DataChoice, Dataset, load_csv
from toygrad.tui.config import AppConfig
from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.data.gallery import OWN_FILE, DatasetGallery
from toygrad.tui.data.pane import DataPane
from toygrad.tui.widgets.path_field import PathField
from toygrad.tui.widgets.settings_list import SettingsList

SIZES = [(80, 24), (120, 40), (150, 46)]

if TYPE_CHECKING:
    from tests.tui.conftest import Size, Start, User

GOOD_CSV = "width,height,kind\n" + "".join(f"{i},{(i * 7) % 11},{'ab'[i % 2]}\n" for i in range(40))


def gallery(user: User) -> DatasetGallery:
    return user.app.screen.query_one(DatasetGallery)


def pane(user: User) -> DataPane:
    return user.app.playground.query_one(DataPane)


def boxes(user: User) -> dict[str, bool]:
    listed = pane(user).query_one("#inputs", SettingsList)
    return {setting.name: listed.value(setting.name) for setting in listed.settings}


def focus(user: User) -> str | None:
    return user.app.focused.id if user.app.focused is not None else None


async def choose(user: User, name: str) -> None:
    gallery(user).highlighted = name
    await user.go_to(2)
    await user.press("enter")


async def type_own_input(user: User, text: str) -> None:
    await user.walk_to(pane(user).query_one("#own-input"))
    await user.fill(text)


# --- Pictures ----------------------------------------------------------------------------------


async def test_pictures_are_drawn_once_they_are_visible(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        assert gallery(user)._pictures == {}
        await user.press("2", "z")
        assert set(gallery(user)._pictures) == set(DATASETS)
        lines = user.text("#datasets").splitlines()
        assert "circle" in lines[3]
        assert all(line[2 : 2 + gallery(user)._picture[0]].strip() for line in lines[:3])


async def test_arrows_and_hjkl_move_from_picture_to_picture(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        assert gallery(user).highlighted == "circle"
        for key, name in (
            ("right", "xor"),
            ("l", "gauss"),
            ("h", "xor"),
            ("left", "circle"),
            ("left", "circle"),
            ("down", "spiral"),
            ("j", "multi-gauss"),
            ("k", "spiral"),
            ("up", "circle"),
            ("end", OWN_FILE),
            ("home", "circle"),
            ("end", OWN_FILE),
            ("right", OWN_FILE),
        ):
            await user.press(key)
            assert gallery(user).highlighted == name, key
        assert user.snapshot.dataset.name == "circle"
        await user.press("home", "down", "enter")
        assert user.snapshot.dataset.name == "spiral"
        assert "▸ spiral" in user.text("#datasets")
        assert gallery(user).chosen == "spiral"


async def test_a_click_chooses_a_picture_and_hovering_says_what_it_is(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2", "z")
        place = user.place(gallery(user), "spiral")
        above = (place.x, place.y - 2)
        await user.pilot.hover(DatasetGallery, offset=above)
        await user.settle()
        assert gallery(user).tooltip == "Spiral: two arms wound around each other"
        await user.pilot.click(DatasetGallery, offset=above)
        await user.settle()
        assert user.snapshot.dataset.name == "spiral"
        free = (gallery(user).size.width - 1, gallery(user).size.height - 1)
        await user.pilot.click(DatasetGallery, offset=free)
        await user.pilot.hover(DatasetGallery, offset=free)
        await user.settle()
        assert gallery(user).tooltip is None
        assert user.snapshot.dataset.name == "spiral"


async def test_every_name_is_whole_at_every_size_and_all_are_seen(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press("2")
        for size in ((80, 24), (100, 30), (120, 40), (150, 46), (200, 60), (250, 80)):
            await user.pilot.resize_terminal(*size)
            await user.settle()
            text = user.text("#datasets")
            assert gallery(user).max_scroll_y == 0
            assert "~" not in text and "open CSV" in text
            # A name may go on in the next line behind its hyphen.
            words = text.replace("▸", " ").split()
            for name in DATASETS:
                head, _, tail = name.partition("-")
                assert name in words or {f"{head}-", tail} <= set(words)
            picture, pictures = gallery(user)._picture, gallery(user)._pictures
            drawn = {pictures[name].size for name in DATASETS} if picture[1] else set()
            assert drawn <= {picture[::-1]}


async def test_the_chosen_data_set_is_scrolled_into_view(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        gallery(user).styles.height = 4
        await user.press("2", "end")
        assert "open CSV" in user.text("#datasets") and gallery(user).max_scroll_y > 0
        await user.press("home")
        assert "circle" in user.text("#datasets")


async def test_pictures_need_neither_colour_nor_blocks(start_small: Start) -> None:
    async with start_small((80, 24), AppConfig(ascii=True)) as user:
        await user.press("2", "z")
        text = user.text("#datasets")
        assert text.isascii()
        assert "oooo" in text and "xxxx" in text and "> circle" in text


# --- Keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_arrows_reach_every_setting_and_go_back_to_the_pictures(
    size: Size, start_small: Start
) -> None:
    async with start_small(size) as user:
        await user.press("2", "end", "down")
        seen = []
        for key in (*["down"] * 4, "right", "l", "left", "h", "j", *["down"] * 12, "right"):
            listed = user.app.focused
            seen.append(listed.cursor if isinstance(listed, SettingsList) else focus(user))
            await user.pilot.press(key)
        assert seen[:9] == ["samples", "noise", "train", "seed", "x1", "x2", "x1^2", "x2", "x1"]
        assert {"own-input", "open-csv"} <= set(seen)
        assert user.settings("save-csv").cursor == "save-csv" and focus(user) == "csv-file"
        await user.press("down", "down", "down")
        assert focus(user) == "csv-file"
        await user.press(*["up"] * 12)
        assert focus(user) == "datasets"


async def test_a_frame_without_changes_updates_nothing(
    start_small: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_small((150, 46)) as user:
        await user.advance(3)

        def fail(*_: object) -> None:
            raise AssertionError("something was looked for")

        with monkeypatch.context() as patch:
            patch.setattr(pane(user), "query_one", fail)
            await user.advance(3)


# --- Data --------------------------------------------------------------------------------------


async def test_two_quick_changes_both_take_effect(
    start_small: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = threading.Event()
    load = DataChoice.load

    def slowly(choice: DataChoice, *_: object, **__: object) -> Dataset:
        may_load.wait(10)
        return load(choice)

    async with start_small((80, 24)) as user:
        await user.press("2")
        monkeypatch.setattr(DataChoice, "load", slowly)
        for knob in ("samples", "noise", "seed"):
            user.settings(knob).cursor = knob
            user.settings(knob).action_turn(1)
            await user.pilot.pause()
        may_load.set()
        await user.settle()
        chosen = user.app.editor.choice
        assert (chosen.n_samples, chosen.noise, chosen.seed) == (800, 0.05, 1)
        assert user.snapshot.dataset.n_samples == 800
        assert user.value("noise") == 0.05


async def test_a_refused_change_is_discarded(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await user.reach("samples")
        await user.press("enter")
        await user.fill("1")
        assert len(user.said) == 1
        assert user.value("samples") == 500
        await user.reach("noise")
        await user.press("right")
        assert user.snapshot.dataset.n_samples == 500
        assert user.app.editor.choice.noise == 0.05
        assert len(user.said) == 1


async def test_choosing_the_current_data_set_leaves_nothing_pending(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2", "s")
        await choose(user, "circle")
        await user.reach("seed")
        await user.press("right")
        await user.press("ctrl+z")
        assert user.value("seed") == 0


async def test_a_learning_rate_the_user_set_survives_a_change_of_data(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await choose(user, "moons")
        assert user.app.session.training.learning_rate == DATASETS["moons"].start.learning_rate
        await user.press("right_square_bracket")
        rate = user.app.session.training.learning_rate
        for name in ("spiral", "iris"):
            await choose(user, name)
            assert user.snapshot.dataset.name == name
            assert user.app.session.training.learning_rate == rate
        assert user.snapshot.sizes == (4, *DATASETS["iris"].start.hidden, 3)


async def test_a_network_the_user_built_survives_a_change_of_data(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await user.reach("x1^2")
        await user.press("enter")
        await choose(user, "spiral")
        assert user.inputs() == ("x1", "x2", "x1^2")
        assert user.snapshot.network.hidden == (4, 2)
        await choose(user, "iris")
        assert user.inputs() == ("x1", "x2", "x3", "x4")
        assert user.snapshot.network.hidden == (4, 2)
        rate = user.app.session.training.learning_rate
        assert rate == DATASETS["iris"].start.learning_rate


async def test_the_data_are_described_in_words(start_small: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(GOOD_CSV, encoding="utf-8")
    expected = {
        "circle": ("Circle: a disc inside a ring.", "Classes orange and blue.", "Playground."),
        "iris": ("setosa, versicolor and virginica", "petal length and petal width", "Fisher"),
        "digits": ("10 classes, 0 to 9.", "64 pixels, x1 to x64"),
        "plane": ("The target is a number.",),
    }
    async with start_small((200, 60)) as user:
        for name, sentences in expected.items():
            await choose(user, name)
            told = " ".join(user.text("#data-settings").split())
            for sentence in sentences:
                assert sentence in told, name
        await user.reach("open-csv")
        await user.press("enter")
        await user.fill(str(path))
        await user.press("enter")
        told = " ".join(user.text("#data-settings").split())
        assert "Classes a and b. x1 is width. x2 is height." in told


# --- Inputs ------------------------------------------------------------------------------------


async def test_an_own_input_is_typed_ticked_and_undone(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await user.advance(10)
        before = user.parameters["layer1.weight"]
        await user.walk_to(pane(user).query_one("#own-input"))
        await user.type("x1 * sin( x2 )")
        await user.press("enter")
        assert user.inputs() == ("x1", "x2", "x1*sin(x2)")
        assert boxes(user)["x1*sin(x2)"]
        assert user.snapshot.step == 10
        np.testing.assert_array_equal(user.parameters["layer1.weight"][:2], before)
        assert pane(user).query_one("#own-input", Input).value == ""
        await user.press("ctrl+z")
        assert user.inputs() == ("x1", "x2")
        assert "x1*sin(x2)" not in boxes(user)
        await user.press("ctrl+y")
        assert boxes(user)["x1*sin(x2)"]


async def test_unticking_an_own_input_removes_it_and_undo_brings_it_back(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_own_input(user, "x1^3")
        await user.reach("x1^3")
        await user.press("enter")
        assert user.inputs() == ("x1", "x2")
        assert "x1^3" not in boxes(user)
        assert focus(user) == "inputs"
        await user.press("escape", "ctrl+z")
        assert user.inputs() == ("x1", "x2", "x1^3")


async def test_an_error_is_marked_with_a_caret_and_the_text_stays(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        field = pane(user).query_one("#own-input", Input)
        await type_own_input(user, "x1*sinn(x2)")
        assert user.inputs() == ("x1", "x2")
        assert field.value == "x1*sinn(x2)"
        lines = user.text("#data").splitlines()
        row = next(n for n, line in enumerate(lines) if "x1*sinn(x2)" in line)
        assert lines[row + 1].index("^") == lines[row].index("sinn")
        assert "Unknown function sinn" in lines[row + 2]
        assert user.said == []
        await user.press("backspace")
        assert not pane(user).query_one("#own-input-error").display
        await user.press("x", "escape")
        assert field.value == ""
        assert focus(user) == "own-input"
        await user.press("escape")
        assert focus(user) == "datasets"


async def test_an_invalid_input_is_refused_below_the_field(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        for text, sentence in (
            ("x3", "use x1 to x2"),
            ("3", "No column is used"),
            ("x1*", "missing after *"),
            ("x2", "x2 is an input already."),
            ("x1" + "+x1" * 400, "make it shorter"),
            ("().__class__", ""),
        ):
            await type_own_input(user, text)
            error = pane(user).query_one("#own-input-error", Static)
            assert error.display
            assert sentence in str(error.content)
            assert user.inputs() == ("x1", "x2")
            await user.fill(" ")
            assert not error.display
            assert user.inputs() == ("x1", "x2")


async def test_an_input_that_is_offered_is_ticked_when_it_is_typed(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_own_input(user, "x1 ** 2")
        assert user.inputs() == ("x1", "x2", "x1^2")
        assert list(boxes(user)) == ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]
        assert boxes(user)["x1^2"]


async def test_an_input_undefined_somewhere_is_refused_and_can_be_corrected(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_own_input(user, "log(x1)")
        assert len(user.said) == 1
        assert user.inputs() == ("x1", "x2")
        field = pane(user).query_one("#own-input", Input)
        assert field.value == "log(x1)"
        await type_own_input(user, "log(x1^2 + 1)")
        assert user.inputs()[-1].startswith("log(")
        assert field.value == ""


async def test_own_inputs_survive_a_change_to_data_of_the_same_kind(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_own_input(user, "x1*sin(x2)")
        await user.advance(3)
        before = user.parameters
        for name in ("spiral", "moons"):
            await choose(user, name)
            assert user.snapshot.dataset.name == name
            assert user.inputs() == ("x1", "x2", "x1*sin(x2)")
            assert boxes(user)["x1*sin(x2)"]
        np.testing.assert_array_equal(user.parameters["layer1.weight"], before["layer1.weight"])


async def test_columns_are_named_up_to_eight_and_counted_beyond(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await choose(user, "iris")
        assert list(boxes(user)) == ["x1", "x2", "x3", "x4"]
        assert "x3 petal length" in user.text("#data")
        await user.reach("x2")
        await user.press("enter")
        assert user.inputs() == ("x1", "x3", "x4")
        await type_own_input(user, "x3*x4")
        assert user.inputs() == ("x1", "x3", "x4", "x3*x4")
        await choose(user, "digits")
        assert "64 pixels, x1 to x64" in user.text("#data")
        assert boxes(user) == {}
        await type_own_input(user, "x20 + x21")
        assert len(user.inputs()) == 65
        (box,) = boxes(user)
        await user.reach(box)
        await user.press("enter")
        assert len(user.inputs()) == 64
        await choose(user, "parabola")
        assert list(boxes(user)) == ["x1", "x1^2", "sin x1"]


# --- Files -------------------------------------------------------------------------------------


async def save_to(user: User, path: Path) -> None:
    await user.press("w")
    await user.fill(str(path))


async def test_samples_are_saved_and_load_back_the_same(start_small: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    drawn = DataChoice(noise=0.2, seed=3, added=((0.1 + 0.2, -1 / 3, 1.0),), removed=(4,))
    async with start_small((80, 24), AppConfig(data=drawn)) as user:
        await user.press("2", "w")
        field = user.app.focused
        assert isinstance(field, PathField) and field.value == "circle.csv"
        await user.fill(str(path))
        assert not field.display
        assert user.said == [f"Saved 500 samples to {path}."]
        before = user.snapshot.dataset
        await choose(user, OWN_FILE)
        await user.fill(str(path))
        await user.press("enter")
        after = user.snapshot.dataset
        assert user.app.editor.choice.path == path
        np.testing.assert_array_equal(after.points, before.points)
        np.testing.assert_array_equal(after.targets, before.targets)
        assert (after.columns, after.classes) == (before.columns, before.classes)
        assert f"▸ {path.name}" in user.text("#datasets")


async def test_overwriting_a_file_needs_confirmation(start_small: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("precious", encoding="utf-8")
    async with start_small((80, 24)) as user:
        await user.press("2")
        await save_to(user, path)
        assert isinstance(user.app.screen, ConfirmScreen)
        assert "mine.csv already exists" in user.text("#confirm")
        await user.press("escape")
        assert path.read_text(encoding="utf-8") == "precious"
        assert user.app.screen.query_one("#save-path", PathField).value == str(path)
        await user.press("enter", "y")
        assert load_csv(path).n_samples == 500
        assert len(user.said) == 1


async def test_a_failed_save_is_reported_and_the_path_stays(
    start_small: Start, tmp_path: Path
) -> None:
    async with start_small((80, 24)) as user:
        await user.press("2")
        await save_to(user, tmp_path / "none" / "a.csv")
        assert "does not exist" in user.said[-1]
        field = user.app.screen.query_one("#save-path", PathField)
        assert field.display and field.has_focus
        await user.fill(str(tmp_path))
        assert "this is a folder" in user.said[-1]
        await user.fill(" ")
        assert len(user.said) == 2
        await user.press("escape")
        assert focus(user) == "datasets"
        assert not field.display
        assert list(tmp_path.iterdir()) == []


async def test_the_palette_and_the_mouse_save_as_well(start_small: Start, tmp_path: Path) -> None:
    async with start_small((80, 24)) as user:
        await user.press("ctrl+p")
        await user.type("save the samples")
        await user.press("enter")
        assert focus(user) == "save-path"
        assert "circle.csv" in user.text("#data")
        await user.fill(str(tmp_path / "a.csv"))
        assert len(user.said) == 1
        # What is said lies on the lowest lines for a while.
        user.app.clear_notifications()
        await user.settle()
        await user.click("save-csv")
        assert focus(user) == "save-path"
        await user.fill(str(tmp_path / "b.csv"))
        assert load_csv(tmp_path / "a.csv").n_samples == 500
        assert len(user.said) == 1


async def test_another_column_becomes_the_target(start_small: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(GOOD_CSV.replace("a\n", "0\n").replace("b\n", "1\n"), encoding="utf-8")
    async with start_small((80, 24), AppConfig(data=DataChoice(path=path))) as user:
        await user.press("2")
        assert user.snapshot.dataset.columns == ("width", "height")
        assert user.value("target") == "kind"
        assert user.value("samples") == user.snapshot.dataset.n_samples
        await user.choose("target", "height")
        assert user.snapshot.dataset.columns == ("width", "kind")
        assert user.value("target") == "height"
        await user.press("ctrl+z")
        assert user.snapshot.dataset.columns == ("width", "height")
        assert user.value("target") == "kind"
        await choose(user, "circle")
        assert "target  " not in user.text("#data")


async def test_tab_completes_a_path_and_a_tilde_is_the_users_folder(
    start_small: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "points.csv").write_text(GOOD_CSV, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    async with start_small((80, 24)) as user:
        await user.press("2")
        await choose(user, OWN_FILE)
        await user.type("~/poi")
        await user.press("tab")
        field = user.app.screen.query_one("#csv-path", PathField)
        assert field.value == "~/points.csv"
        await user.press("enter", "enter")
        assert user.snapshot.dataset.n_samples == 40
        assert user.said == []


async def test_a_file_has_no_samples_noise_or_seed_to_set(
    start_small: Start, tmp_path: Path
) -> None:
    path = tmp_path / "a-very-long-name.csv"
    path.write_text(GOOD_CSV, encoding="utf-8")
    async with start_small((80, 24), AppConfig(data=DataChoice(path=path))) as user:
        await user.press("2")
        for knob in ("samples", "noise", "seed"):
            assert user.settings(knob).is_locked(knob)
        assert not user.settings("train").is_locked("train")
        assert "▸ a-very-long~" in user.text("#datasets")
        assert OWN_FILE in gallery(user)._pictures
        await choose(user, "circle")
        assert not user.settings("samples").is_locked("samples")


# --- Looks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (150, 46)], ids=lambda size: f"{size[0]}x{size[1]}"
)
@pytest.mark.parametrize("name", ["circle", "iris"])
async def test_the_pane_looks_as_it_did(
    size: Size, name: str, start: Start, golden: Callable[[str, str], None]
) -> None:
    async with start(size, AppConfig(data=DataChoice(name=name))) as user:
        await user.press("2")
        text = user.text("#data")
    golden(f"data_{name}_{size[0]}x{size[1]}", without_colors(text))


async def test_one_box_ticks_all_columns_of_a_category(start_small: Start, tmp_path: Path) -> None:
    path = tmp_path / "shops.csv"
    towns = ("Bonn", "Kiel", "Ulm", "Jena")
    rows = (f"{i % 9},{towns[i % 4]},{'no' if i % 4 < 2 else 'yes'}\n" for i in range(60))
    path.write_text("size,town,sold\n" + "".join(rows), encoding="utf-8")
    async with start_small((150, 46), AppConfig(data=DataChoice(path=path))) as user:
        assert user.inputs() == ("x1", "x2", "x3", "x4", "x5")
        assert set(boxes(user)) == {"x1", "=town"} and all(boxes(user).values())
        assert "[x] town" in user.text("#data")
        await user.press("2")
        await user.reach("=town")
        await user.press("enter")
        assert user.inputs() == ("x1",)
        assert boxes(user) == {"x1": True, "=town": False}
        await user.press("ctrl+z")
        assert user.inputs() == ("x1", "x2", "x3", "x4", "x5")
