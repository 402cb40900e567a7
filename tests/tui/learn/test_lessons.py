"""Lessons in the application: chosen, shown, undone, cured, solved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from textual.widgets import OptionList

from toygrad.core.nn import Element
from toygrad.tui.config import AppConfig
from toygrad.tui.key_words import with_keys
from toygrad.tui.learn.challenges import CHALLENGES
from toygrad.tui.learn.presets import PRESETS, Preset
from toygrad.tui.learn.screen import LessonsScreen
from toygrad.tui.learn.strip import LessonStrip
from toygrad.tui.options import CliArguments, make_config
from toygrad.tui.playground import PlaygroundScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SIZES = [(80, 24), (120, 40), (150, 46)]


def line(user: User) -> str:
    """What the lines about the lesson say; nothing while they are closed."""
    lesson = user.app.playground.query_one(LessonStrip)
    return " ".join(user.text("#lesson").split()) if lesson.is_open else ""


def on_top(user: User) -> type[object]:
    """What kind of screen can be seen."""
    return type(user.app.screen)


async def begin(user: User, name: str) -> None:
    """Takes a lesson as the palette does."""
    kind = "preset" if name in PRESETS else "challenge"
    await user.app.run_action(f"begin_{kind}('{name}')")
    await user.settle()


async def see(user: User, preset: Preset) -> None:
    """Trains until a preset has shown what it shows."""
    session = user.app.session
    session.advance_epochs(preset.epochs)
    user.app.refresh_snapshot()
    await user.settle()


# --- Choosing ------------------------------------------------------------------------------------


async def test_the_list_has_every_lesson_with_what_to_watch_or_to_try(start: Start) -> None:
    async with start(SIZES[0]) as user:
        for size in SIZES:
            await user.resize(*size)
            await read_every_lesson(user)


async def read_every_lesson(user: User) -> None:
    await user.press("L")
    assert on_top(user) is LessonsScreen
    for keys, lessons in (("right",), PRESETS), (("right",), CHALLENGES):
        await user.press(*keys)
        for lesson in lessons.values():
            words = " ".join(user.text("#lesson-about").split())
            assert lesson.title in user.text()
            assert lesson.title in words
            if isinstance(lesson, Preset):
                # The list does not tell how it ends.
                assert with_keys(lesson.watch) in words
                assert lesson.why not in words
            else:
                assert lesson.why in words
                assert with_keys(lesson.advice) in words
            await user.press("down")
    await user.press("escape")
    assert on_top(user) is PlaygroundScreen
    assert user.snapshot.dataset.name == "circle"


async def test_enter_starts_a_preset_which_tells_its_why_once_it_was_seen(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press("L", "right", "j", "enter")
        preset = PRESETS["spiral"]
        assert user.state() == "training"
        assert user.snapshot.network == preset.start.network
        assert user.snapshot.training == preset.start.training
        assert user.snapshot.dataset.name == "spiral"
        assert f"{preset.title}. {preset.watch}" in line(user)
        await user.advance(100)
        assert preset.why not in line(user)
        await see(user, preset)
        assert preset.title in line(user)
        assert preset.why in line(user)
        assert with_keys(preset.advice) in line(user)
        await user.press("escape")
        assert line(user) == ""
        await user.advance(100)
        assert line(user) == ""


async def test_a_click_takes_a_lesson_and_a_click_closes_its_lines(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("L")
        challenges = user.app.screen.query_one("#challenge-list", OptionList)
        place = user.place(challenges, "Spiral with 40 parameters")
        await user.pilot.click(challenges, offset=(place.x, place.y))
        await user.settle()
        assert "Spiral with 40 parameters" in line(user)
        await user.pilot.click("#lesson", offset=(4, 1))
        await user.settle()
        assert line(user) == ""


async def test_a_preset_is_one_edit_and_undo_restores_the_trained_weights(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        await user.advance(200)
        before, setup = user.parameters, user.snapshot
        await user.press("L", "right", "enter")
        assert user.said[-1] == "ctrl+z brings back your run of 200 steps."
        assert user.sizes() == (2, 1)
        assert user.snapshot.step == 0
        await user.press("ctrl+z")
        assert user.snapshot.dataset.name == "circle"
        assert (user.snapshot.network, user.snapshot.training) == (setup.network, setup.training)
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        assert line(user) == ""
        await user.press("ctrl+y")
        assert user.sizes() == (2, 1)
        assert PRESETS["xor-line"].title in line(user)


async def test_leaving_the_list_of_lessons_keeps_the_training(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.advance(50)
        await user.press("L", "down", "escape")
        assert user.snapshot.dataset.name == "circle"
        assert user.snapshot.step == 50
        assert line(user) == ""


async def test_frozen_weights_are_unfrozen_for_a_lesson(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await begin(user, "zeros")
        user.app.session.set_frozen([Element(1, None, 0), Element(2, 1, 1)], True)
        user.app.refresh_snapshot()
        await user.settle()
        assert user.snapshot.frozen.sum() == 2
        await begin(user, "zeros")
        assert not user.snapshot.frozen.any()


# --- The cure ------------------------------------------------------------------------------------


async def test_one_key_does_what_a_preset_suggests(start: Start) -> None:
    async with start((80, 24)) as user:
        for name in ("xor-line", "exploding"):
            cure = PRESETS[name].cure
            assert cure is not None
            await begin(user, name)
            await see(user, PRESETS[name])
            assert "C does it" in line(user)
            await user.press("C")
            assert user.state() == "training"
            assert user.snapshot.network == cure.start.network
            assert user.snapshot.training == cure.start.training
            assert f"{cure.title}. {with_keys(cure.watch)}" in line(user)
            await see(user, cure)
            assert cure.why in line(user)


async def test_without_a_cure_the_key_says_what_to_do(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await user.press("C")
        assert "Choose a preset first: press L." in user.said
        await begin(user, "spiral")
        assert "C does it" not in line(user)
        await user.press("C")
        assert with_keys(PRESETS["spiral"].advice) in user.said[-1]


# --- Challenges ----------------------------------------------------------------------------------


async def test_a_challenge_shows_how_far_it_is_and_congratulates_with_the_numbers(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        await begin(user, "half-dead")
        assert "○ half of a layer's relus dead (0.0%)" in line(user)
        await user.advance(20)
        assert "Solved" not in line(user)
        await user.press("right_square_bracket", *["right_square_bracket"] * 3)
        assert user.app.session.training.learning_rate == 1.0
        await user.press("e", "e")
        assert re.search(r"Solved at epoch \d+, step \d+: half of a layer's relus dead", line(user))
        await user.press("L")
        assert re.search(r"✓ Kill half of a layer's relus", user.text())
        assert user.text().count("✓") == 1


async def test_a_closed_challenge_opens_again_when_it_is_solved(start_small: Start) -> None:
    async with start_small((80, 24)) as user:
        await begin(user, "half-dead")
        await user.press("escape")
        assert line(user) == ""
        await user.press(*["right_square_bracket"] * 4)
        await user.press("e", "e")
        assert "Solved" in line(user)


async def test_in_ascii_the_goals_have_marks_that_every_font_has(start_small: Start) -> None:
    async with start_small((80, 24), AppConfig(ascii=True)) as user:
        await begin(user, "circle-three")
        assert "[x] on circle" in line(user)
        assert "[ ] at most 3 hidden neurons (6)" in line(user)
        assert user.text("#lesson").isascii()


async def test_at_80_columns_no_lesson_takes_more_than_a_quarter_of_the_screen(
    start_small: Start,
) -> None:
    async with start_small((80, 24)) as user:
        for name in (*PRESETS, *CHALLENGES):
            await begin(user, name)
            lesson = PRESETS[name] if name in PRESETS else CHALLENGES[name]
            if isinstance(lesson, Preset):
                assert with_keys(lesson.watch) in line(user)
                await see(user, lesson)
            assert lesson.why in line(user)
            assert with_keys(lesson.advice) in line(user)
            assert user.app.screen.query_one("#lesson").region.height <= 6
            assert user.app.screen.query_one("#output").region.height >= 12


async def test_a_preset_on_the_command_line_is_explained_at_once(start_small: Start) -> None:
    async with start_small((80, 24), make_config(CliArguments(preset="vanishing"))) as user:
        assert with_keys(PRESETS["vanishing"].watch) in line(user)
        assert user.sizes() == (2, *(6,) * 7, 1)
