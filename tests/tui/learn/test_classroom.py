"""What a lesson hides, locks and holds back, and what it plants unseen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.training.config import SABOTAGE_NAMES
from toygrad.core.training.sabotage import SABOTAGES
from toygrad.core.training.setup import Setup
from toygrad.datasets import DataChoice
from toygrad.tui.app import ToygradApp
from toygrad.tui.config import AppConfig
from toygrad.tui.editor import locked_change
from toygrad.tui.learn import screen
from toygrad.tui.learn.chapters import Course, chapter
from toygrad.tui.learn.lesson_check import check_lesson
from toygrad.tui.learn.lesson_file import lesson_of
from toygrad.tui.learn.limits import LOCKABLE, PANES, hideable_controls
from toygrad.tui.learn.records import Record, Records
from toygrad.tui.playground import BUTTONS
from toygrad.tui.status.pane import StatusButton
from toygrad.tui.widgets.settings_list import SettingsList

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

HEAD = 'schema = 1\ntitle = "Mine"\nable = "see"\ndebrief = "So."\n'
READ = '[[steps]]\nsay = "Read."\n[[steps.goals]]\nsee = "epoch"\nat_least = 1.0\n'


def config(text: str) -> AppConfig:
    """The application with one lesson."""
    lesson = lesson_of(text, "mine.toml")
    check_lesson(lesson, text, "mine.toml")
    return AppConfig(course=Course("Lesson", ("mine",), {"mine": lesson}), chapter="mine")


def hunt(bug: str, report: Path | None = None) -> AppConfig:
    """The application with the bug hunt, and a bug that is known to the test."""
    lesson = chapter("bug-hunt")
    assert lesson.start is not None
    lesson = structs.replace(lesson, start=structs.replace(lesson.start, bug=bug))
    course = Course("Chapters", ("hunt",), {"hunt": lesson})
    return AppConfig(course=course, chapter="hunt", report=report)


def app_of(user: User) -> ToygradApp:
    assert isinstance(user.app, ToygradApp)
    return user.app


# --- Hidden ------------------------------------------------------------------------------------

HIDDEN_PANES = [("gradients",), ("network", "data"), ("output",), ("status", "loss"), PANES[1:]]


@pytest.mark.parametrize("hidden", HIDDEN_PANES)
async def test_hidden_panes_are_nowhere_and_the_others_fill_the_screen(
    hidden: tuple[str, ...], start: Start
) -> None:
    text = HEAD + f"hide = {list(hidden)}\n[start]\n" + READ
    async with start((80, 24), config(text)) as user:
        await user.settle()
        for number, pane in enumerate(
            ("status", *["data", "training", "network", "output", "loss"])
        ):
            if pane in hidden:
                await user.press(str(number + 1))
                assert user.said[-1] == "The lesson hides this part."
        for _ in range(8):
            # Nor does tab lead there.
            await user.press("tab")
            assert app_of(user).playground.focused_pane_id not in hidden
        for size in ((80, 24), (120, 40), (150, 46)):
            await user.resize(*size)
            board = user.app.screen.query_one("#board").region
            regions = {p: user.app.screen.query_one(f"#{p}").region for p in PANES}
            shown = {p for p, region in regions.items() if region.area}
            assert shown
            assert not shown & set(hidden)
            tabs = user.app.screen.query_one("#tabs").region.height
            assert all(name.capitalize() not in user.text("#tabs") for name in hidden if tabs)
            area = sum(regions[pane].area for pane in shown)
            assert area == board.area - tabs * board.width
        # They come back with the end of the lesson.
        await user.press("ctrl+p", *"end the chapter", "enter")
        await user.settle()
        await user.press("7")
        assert app_of(user).playground.focused_pane_id == "gradients"


async def test_hidden_parts_of_the_microscope_are_nowhere(start: Start) -> None:
    text = HEAD + 'hide = ["program", "steps", "check"]\nprogram = "a = 2.0\\nL = a*a"\n'
    goal = '[[steps]]\nsay = "Go."\n[[steps.goals]]\nsee = "steps left"\nequals = 0.0\n'
    for size in ((80, 24), (150, 46)):
        async with start(size, config(text + goal)) as user:
            await user.settle()
            shown = user.app.screen
            assert not any(shown.query_one(f"#{p}").region for p in ("program", "steps", "check"))
            for key in "134":
                await user.press(key)
                assert user.said[-1] == "The lesson hides this part."
            await user.press("b", ";")
            assert "So." in user.text("#lesson-bar")


async def test_every_control_that_can_be_hidden_is_one(start: Start) -> None:
    async with start((250, 80)) as user:
        app = app_of(user)
        await user.press("4", "v")

        def settings() -> set[str]:
            lists = app.screen.query(SettingsList)
            return {s.name.partition("-")[0] for found in lists for s in found.shown}

        seen: set[str] = set()
        for optimizer in ("momentum", "adamw", "rmsprop"):
            changes = {"optimizer": optimizer, "schedule": "cosine", "regularization": "l2"}
            app.editor.configure(changes=changes)
            await user.settle()
            seen |= settings()
        others = {"dataset", "output.tests", "output.discretize", *BUTTONS}
        assert set(hideable_controls()) - others <= seen
        words = ("spiral", "] test samples", "discretize")
        assert [w for w in words if w in user.text()] == [*words]
        app._show_as(frozenset(hideable_controls()), True, False)
        await user.settle()
        assert not settings() & set(hideable_controls())
        assert [w for w in words if w in user.text()] == []
        assert not any(button.display for button in user.app.screen.query(StatusButton))


# --- Locked ------------------------------------------------------------------------------------


def test_everything_that_is_set_can_be_locked() -> None:
    setup = Setup(TrainingConfig(), NetworkSpec(), DataChoice().load())
    odd: dict[str, Any] = {
        "inputs": ("x1",), "hidden": (3,), "activation": "relu", "output_activation": "linear",
        "initializer": "he", "loss": "hinge", "optimizer": "adam", "schedule": "cosine",
        "regularization": "l1", "engine": "tape", "dtype": "float32", "shuffle": False,
        "sabotage": ("assign",), "train_share": 0.25, "rate_factors": (1.0, 0.5),
        "momentum": 0.5, "decay": 0.5, "beta2": 0.5,
    }  # fmt: skip
    for name in LOCKABLE:
        after = setup
        for part in ("network", "training"):
            old = getattr(setup, part)
            if hasattr(old, name):
                value = odd.get(name, getattr(old, name, 0) or 0.25)
                value = value if name in odd else type(value)(value * 2) or 1
                after = replace(setup, **{part: replace(old, **{name: value})})
        if name == "data":
            after = replace(setup, dataset=DataChoice(name="xor").load())
        assert locked_change(setup, after, frozenset({name})), name
        assert not locked_change(setup, after, frozenset(LOCKABLE) - {name}), name
        assert not locked_change(setup, setup, frozenset(LOCKABLE))


async def test_what_is_locked_stays_by_whatever_way_it_is_changed(start: Start) -> None:
    text = HEAD + 'lock = ["learning_rate", "hidden", "data"]\n[start]\n' + READ
    async with start((120, 40), config(text)) as user:
        await user.settle()
        setup = app_of(user).session.setup
        said = "The lesson does not let you change the "
        for keys, what in (
            (("]",), "learning rate"),
            (("}",), "learning rate"),
            (("4", "n", *["backspace"] * 12, *"3", "enter"), "hidden layers"),
            (("ctrl+p", *"data set xor", "enter"), "data"),
            (("ctrl+z",), "data"),
        ):
            await user.press(*keys)
            await user.settle()
            assert app_of(user).session.setup == setup, keys
            if keys != ("ctrl+z",):
                assert f"{said}{what}" in user.said[-1], keys
            await user.press("escape")
        await user.press("3", "v", *"0.5", "enter")
        assert user.said[-1] == f"{said}learning rate."
        assert len(app_of(user).session.lanes) == 1
        await user.press("escape", "ctrl+p", *"optimizer adam", "enter")
        await user.settle()
        await user.press("ctrl+p", *"end the chapter", "enter", "]")
        await user.settle()
        assert app_of(user).session.training.learning_rate > setup.training.learning_rate


# --- Held back ---------------------------------------------------------------------------------


async def test_a_question_holds_back_every_key_that_would_show_its_answer(start: Start) -> None:
    program = 'program = "a = 2.0\\nb = 5.0\\nL = a*b"\n[[steps]]\nsay = "So."\n'
    ask = '[steps.question]\nask = "Gradient of a?"\nanswer = "{grad a}"\nright = "Yes."\n'
    async with start((120, 40), config(HEAD + program + ask)) as user:
        await user.settle()
        # A learner who was ahead is taken back to before it.
        await user.press("escape")
        stepper = app_of(user)._microscope.stepper
        assert stepper is not None
        at = stepper.position
        for key in ("n", "f", "b", "space", "w", "d", "P", "t"):
            await user.press(key)
            assert stepper.position == at, key
            assert user.said[-1].startswith("Answer the question first"), key
        await user.press("3", "end", "enter")
        assert stepper.position == at
        await user.press(";", "5", "enter", "b")
        assert stepper.grad(stepper.order[0]) is not None


async def test_who_was_ahead_of_a_question_is_taken_back(start: Start) -> None:
    program = 'program = "a = 2.0\\nb = 5.0\\nL = a*b"\n'
    first = '[[steps]]\nsay = "Go."\n[[steps.goals]]\nsee = "values left"\nequals = 0.0\n'
    ask = (
        '[[steps]]\nsay = "So."\n[steps.question]\nask = "What is the gradient of a?"\n'
        'answer = "{grad a}"\nright = "Yes."\n'
    )
    async with start((120, 40), config(HEAD + program + first + ask)) as user:
        await user.settle()
        await user.press("b")
        assert "5.0000" in user.text("#graph")
        grads = user.text("#graph").count("5.0000")
        await user.press(";")
        assert user.text("#graph").count("5.0000") < grads
        stepper = app_of(user)._microscope.stepper
        assert stepper is not None
        assert stepper.grad(stepper.order[0]) is None


async def test_on_the_playground_a_question_pauses_training_and_hides_panes(start: Start) -> None:
    ask = (
        '[start]\n[[steps]]\nsay = "So."\n[steps.question]\nask = "How many parameters?"\n'
        'answer = "{parameters}"\nright = "Yes."\nhide = ["network", "gradients"]\n'
    )
    async with start((150, 46), config(HEAD + ask)) as user:
        await user.settle()
        await user.press("escape")
        for key in ("space", "s", "e"):
            await user.press(key)
            assert user.said[-1].startswith("Answer the question first"), key
        assert app_of(user).session.step == 0
        assert not user.app.screen.query_one("#network").region
        await user.press(";", *"25", "enter")
        await user.settle()
        assert user.app.screen.query_one("#network").region
        await user.press("s")
        assert app_of(user).session.step == 1


async def test_a_weight_a_neuron_and_a_place_are_answers(start: Start) -> None:
    def ask(answer: str) -> str:
        return f'[[steps]]\nsay = "S."\n[steps.question]\nask = "Q?"\nright = "Y."\n{answer}\n'

    steps = (
        ask('select = true\nanswer = "layer1[0]"')
        + ask('select = true\nanswer = "layer1.weight[0,0]"')
        + ask("region = { x1 = [-6.0, 6.0], x2 = [0.0, 6.0] }")
    )
    async with start((120, 40), config(HEAD + "[start]\n" + steps)) as user:
        await user.settle()
        run = app_of(user).classroom.player.run
        assert run is not None
        await user.press(";")
        assert "Nothing is selected" in user.text("#lesson-bar")
        await user.press("4", "right", "enter", ";", ";")
        assert run.place == 1
        await user.press("left", "enter", ";", ";")
        assert run.place == 2
        await user.press("5", *["up"] * 4, "enter", ";", ";")
        assert run.place == 3


# --- Planted unseen ----------------------------------------------------------------------------


@pytest.mark.parametrize("bug", SABOTAGE_NAMES)
async def test_nothing_on_any_screen_names_the_bug_that_is_hunted(bug: str, start: Start) -> None:
    async with start((150, 46), hunt(bug)) as user:
        await user.settle()
        await user.press("e", "e", "e", ";")
        names = [s.title for s in SABOTAGES.values()] + ["bug planted", "lanted bug"]

        def check(where: str) -> None:
            seen = " ".join(user.text().split())
            for name in names:
                assert name not in seen, (where, name, user.text())

        await user.press("7")
        for view in range(5):
            check(f"gradients {view}")
            await user.press("v")
        for key in ("3", "4", "5", "6"):
            await user.press(key, "z")
            check(key)
            await user.press("z")
        await user.press("t")
        check("slow motion")
        await user.press("escape", "m", "g")
        check("microscope")
        await user.press("b")
        check("microscope, backward")
        await user.press("4", "v", "v", "v", "v")
        check("microscope, check")


async def test_the_hunt_is_won_by_naming_the_bug_and_tells_the_looks(
    start: Start, tmp_path: Path
) -> None:
    report = tmp_path / "report.jsonl"
    async with start((120, 40), hunt("no_activation", report)) as user:
        await user.settle()
        await user.press("e", "e", "e", ";", "7", "v", "v", "v", ";", "c", "enter")
        assert "Then the check would show every gradient" in user.text("#lesson-bar")
        await user.press("d", "enter")
        said = " ".join(user.text("#lesson-bar").split())
        assert "Found it: no activation. Number of looks:" in said
        run = app_of(user).classroom.player.run
        assert run is not None
        assert run.looks >= 2
        await user.press(";")
        assert f"Number of looks: {run.looks}." in " ".join(user.text("#lesson-bar").split())
        await user.settle()
        lines = report.read_text().splitlines()
        assert '"did": "solved"' in lines[-1]
        assert f'"looks": {run.looks}' in lines[-1]


# --- What was solved ---------------------------------------------------------------------------


async def test_what_is_solved_is_shown_saved_and_forgotten(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "save_folder", lambda: tmp_path)
    Records(tmp_path).add("slope", Record("2026-11-27T09:30:05", hints=1, wrong=2))
    async with start((120, 40), state_folder=tmp_path) as user:
        await user.press("L")
        assert "Solved on 2026-11-27 with 1 hint and 2 wrong answers." in user.text()
        assert user.text("#chapter-list").count("✓") == 1
        await user.press("s")
        await user.settle()
        assert user.said[-1].startswith("Saved what you have solved to ")
        (saved,) = tmp_path.glob("toygrad progress *.json")
        assert '"slope"' in saved.read_text()
        await user.press("D")
        assert "This forgets that you have solved 1 lesson." in user.text()
        await user.press("y")
        await user.settle()
        assert not Records(tmp_path).solved
        await user.press("L")
        assert "✓" not in user.text("#chapter-list")
        for key in ("s", "D"):
            await user.press(key)
            assert user.said[-1] == "Nothing is solved yet."


async def test_a_challenge_that_is_solved_is_kept(start: Start, tmp_path: Path) -> None:
    async with start((120, 40), state_folder=tmp_path) as user:
        app_of(user)._lessons._note_solved("vanish")
        await user.settle()
        assert Records(tmp_path).solved == {"vanish"}
        await user.press("L")
        assert "Challenges: 1 of 7 solved" in user.text()


# --- What a learner must not get around --------------------------------------------------------


async def test_a_question_on_the_playground_holds_back_what_would_show_its_answer(
    start: Start,
) -> None:
    ask = (
        '[start]\n[[steps]]\nsay = "S."\n[steps.question]\nask = "How many parameters?"\n'
        'answer = "{parameters}"\nright = "Yes."\nhide = ["status", "network", "gradients"]\n'
    )
    async with start((120, 40), config(HEAD + ask)) as user:
        await user.settle()
        await user.press("escape")
        for key in ("=", "D", "m", "M"):
            await user.press(key)
            assert user.said[-1].startswith("Answer the question first"), key
            assert app_of(user).screen is app_of(user).playground
        assert len(app_of(user).session.lanes) == 1


async def test_undo_does_not_lead_out_of_a_lesson(start: Start) -> None:
    async with start((120, 40), config(HEAD + "[start]\ndataset = 'xor'\n" + READ)) as user:
        await user.settle()
        await user.press("]", "ctrl+z", "ctrl+z", "ctrl+z")
        assert user.said[-1] == "This is where the lesson begins."
        assert app_of(user).session.dataset.name == "xor"


async def test_a_bug_is_not_left_hidden_when_its_lesson_ends(start: Start) -> None:
    async with start((120, 40), hunt("wrong_sign")) as user:
        await user.settle()
        await user.press("X")
        assert user.said[-1].startswith("Not during a bug hunt")
        await user.press("ctrl+p", *"end the chapter", "enter")
        await user.settle()
        training = app_of(user).session.training
        assert (training.sabotage, training.hidden_sabotage) == (("wrong_sign",), ())
        assert user.said[-1] == "The bug that was hidden: wrong sign."
    hidden = replace(training, sabotage=(), hidden_sabotage=("assign",))
    session = app_of(user).session
    session.configure(hidden)
    document = session.document()
    async with start((120, 40), AppConfig.going_on(document)) as user:
        await user.settle()
        assert app_of(user).session.training.sabotage == ("assign",)
        assert not app_of(user).session.training.hidden_sabotage


async def test_the_step_goes_with_the_learner_and_its_keys_say_where_it_is(start: Start) -> None:
    async with start((120, 40), hunt("wrong_sign")) as user:
        await user.settle()
        await user.press("m")
        await user.settle()
        assert "Bug hunt 1/3" in user.text("#lesson-bar")
        await user.press("m")
        await user.settle()
        assert "Bug hunt 1/3" in user.text("#lesson-bar")
        await user.press("7", "z", "H")
        assert user.said[-1] == "z brings the lesson back."
        await user.press("z")
    async with start((120, 40), AppConfig(chapter="tanh")) as user:
        await user.settle()
        await user.press("m", ";")
        assert user.said[-1] == "The lesson is in the microscope: press m."
        await user.press("m", "L", "home", "enter")
        await user.settle()
        assert chapter("slope").title in user.text("#lesson-bar")
        await user.press("L", "right", "enter")
        await user.settle()
        assert app_of(user).screen is app_of(user).playground


async def test_a_lesson_that_another_run_ends_says_so_and_is_reported(
    start: Start, tmp_path: Path
) -> None:
    report = tmp_path / "report.jsonl"
    options = replace(config(HEAD + "[start]\n" + READ), report=report)
    async with start((120, 40), options) as user:
        await user.settle()
        app_of(user)._show_other_run()
        await user.settle()
        assert "The lesson has ended: another run is open." in user.said
        assert '"did": "left"' in report.read_text()


async def test_in_a_lesson_a_race_is_undone_and_a_wall_is_refused(start: Start) -> None:
    async with start((120, 40), hunt("wrong_sign")) as user:
        await user.settle()
        await user.press("s", "=")
        assert len(app_of(user).session.lanes) == 2
        await user.press("ctrl+z")
        assert len(app_of(user).session.lanes) == 1
        await user.press("ctrl+z")
        assert user.said[-1] == "This is where the lesson begins."
        await user.press("W")
        assert user.said[-1].startswith("No wall during a lesson")
        assert app_of(user).session.training.hidden_sabotage == ("wrong_sign",)


async def test_what_a_text_speaks_of_may_go_and_the_lesson_goes_on(start: Start) -> None:
    text = HEAD + "[start.network]\nhidden = [3, 3]\n"
    ask = (
        '[[steps]]\nsay = "S."\n[steps.question]\nask = "Layer 3 has {gradient 3}. Go on?"\n'
        'answer = "yes"\nchoices = ["yes", "no"]\nright = "It was {gradient 3}."\n'
    )
    async with start((120, 40), config(text + ask)) as user:
        await user.settle()
        app_of(user).editor.configure(network=NetworkSpec(hidden=(3,)))
        await user.settle()
        await user.press("a", "enter", ";")
        assert "So." in user.text("#lesson-bar")


async def test_a_lesson_that_begins_while_training_is_on_pauses_for_its_question(
    start: Start,
) -> None:
    ask = (
        '[start]\n[[steps]]\nsay = "S."\n[steps.question]\nask = "Go on?"\n'
        'answer = "yes"\nchoices = ["yes", "no"]\nright = "Y."\n'
    )
    async with start((120, 40), config(HEAD + ask)) as user:
        await user.settle()
        await user.press("escape", "ctrl+p", *"end the chapter", "enter")
        app_of(user).session.resume()
        await app_of(user).classroom.begin("mine")
        await user.settle()
        assert app_of(user).session.state != "training"


async def test_parts_of_the_microscope_are_hidden_in_a_lesson_on_the_playground_too(
    start: Start,
) -> None:
    async with start((120, 40), config(HEAD + 'hide = ["check"]\n[start]\n' + READ)) as user:
        await user.settle()
        await user.press("m")
        await user.settle()
        assert not user.app.screen.query_one("#check").region
        await user.press("4")
        assert user.said[-1] == "The lesson hides this part."


def test_a_long_name_and_another_window_cost_nothing_that_was_solved(tmp_path: Path) -> None:
    one, other = Records(tmp_path), Records(tmp_path)
    one.add("x" * 300, Record.now())
    other.add("slope", Record.now())
    assert Records(tmp_path).solved == {"x" * 300, "slope"}
