"""Every chapter, done to its end through its keys alone, and failed on the way."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from toygrad.core.training.sabotage import SABOTAGES
from toygrad.tui.app import ToygradApp
from toygrad.tui.key_map import all_bindings
from toygrad.tui.key_words import with_keys
from toygrad.tui.learn.challenges import CHALLENGES
from toygrad.tui.learn.chapters import NAMES, chapter, chapter_text
from toygrad.tui.learn.lesson_bar import LessonBar
from toygrad.tui.learn.lesson_check import (
    check_lesson,
    model_of,
    session_of,
    texts,
    with_bug,
)
from toygrad.tui.learn.lesson_file import Question, Region, lesson_of
from toygrad.tui.learn.lesson_run import LessonRun
from toygrad.tui.learn.presets import PRESETS
from toygrad.tui.learn.quantities import Scene, fill, names_in, quantity

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

Keys = tuple[str, ...]


def number(text: str) -> Keys:
    return (*text, "enter")


def line(down: int, n_old: int, new: str) -> Keys:
    """Goes to the program, and writes another end of a line."""
    back = ("backspace",) * n_old
    return ("1", *["up"] * 12, *["down"] * down, "end", *back, *new, "escape")


WAYS: dict[str, tuple[Keys, ...]] = {
    "slope": (("f",), number("14"), ("d", "escape"), ("b",), ("b", "enter")),
    "graph": (("a", "enter"), number("-6"), ("n",) * 3, line(2, 4, "11.0")),
    "chain-rule": (("f", "n"), number("-2"), number("-2"), number("6"), ("b",)),
    "gradients-add": (number("2"), ("f",), number("12"), ("b",)),
    "order": (("f",), ("left", "left", "left", ";"), ("n",) * 4, number("-3")),
    "neuron": (
        ("f",),
        (*line(4, 3, "6.8813735870195432"), "f"),
        number("0.5"),
        ("b", "enter"),
        number("1"),
        ("b",),
    ),
    "tanh": (("f",), number("0.5"), ("b",), number("5.83")),
    "loss": (("f",), number("4.25"), ("b", "enter"), ("b",)),
    "descent": (
        ("b",),
        number("1.7"),
        (*line(1, 3, "1.7"), *line(2, 3, "0.8"), "b"),
        (*line(1, 3, "2.0"), *line(2, 3, "1.0"), "b"),
    ),
    "zero-grad": (
        ("e",) * 20,
        number("3"),
        ("ctrl+p", *"plant a bug: forget", "enter", "r", *["e"] * 60),
    ),
    "layers": (
        ("5", *["right"] * 5, *["down"] * 5, "enter", ";"),
        ("e",) * 30,
        ("b", "enter"),
        ("4", "n", *["backspace"] * 12, *"8 tanh", "enter", "r", *["e"] * 40),
        ("5", "n"),
    ),
    "sick": (
        ("e",) * 20,
        ("c", "enter"),
        ("7", "v"),
        ("4", "n", *["backspace"] * 80, *", ".join(["6 tanh"] * 7), "enter", "r", *["e"] * 80),
    ),
    "bug-hunt": (("e",) * 3, ("7", "v", "v"), ("c", "enter")),
}
"""How each step of a chapter is done."""


def bar(user: User) -> str:
    """What the bar says, on one line."""
    return " ".join(user.text("#lesson-bar").split())


async def begin(user: User, name: str) -> LessonRun:
    await user.press("L", "home", *["down"] * NAMES.index(name), "enter")
    await user.settle()
    assert isinstance(user.app, ToygradApp)
    run = user.app.classroom.player.run
    assert run is not None
    return run


def app_of(user: User) -> ToygradApp:
    assert isinstance(user.app, ToygradApp)
    return user.app


def wrong_answers(run: LessonRun) -> list[tuple[Keys, str]]:
    """The keys of a wrong answer, and of one that is explained; and what is said to each."""
    question = run.question
    if question is None or question.kind not in ("number", "choice"):
        return []
    answers = [slip.answer for slip in question.slips[:1]]
    found = [(run._filled(slip.answer), run._filled(slip.say)) for slip in question.slips[:1]]
    if question.kind == "choice":
        found = [("abcdefgh"[question.choices.index(answer)], said) for answer, said in found]
    else:
        found.insert(0, ("12345", "Not yet. Try again"))
    right = run._filled(question.answer)
    return [(tuple(a.replace("--", "")), with_keys(s)) for a, s in found if right not in answers]


@pytest.mark.parametrize("size", [(80, 24), (150, 46)])
async def test_every_chapter_is_done_through_its_keys_one_after_the_other(
    size: tuple[int, int], start: Start, tmp_path: Path
) -> None:
    async with start(size, state_folder=tmp_path) as user:
        assert isinstance(user.app, ToygradApp)
        user.app.classroom.choose_bug = lambda names: "wrong_sign"
        run, failed = await begin(user, NAMES[0]), Counter[str]()
        for name in NAMES:
            for place, keys in enumerate(WAYS[name]):
                assert run.place == place, name
                assert f"{chapter(name).title} {place + 1}/{len(run.lesson.steps)}" in bar(user)
                assert user.app.screen.query_one(LessonBar).size.height <= 4
                # It does not go on before it is done.
                await user.press(";")
                assert run.place == place, name
                failed[name] += 1
                for wrong, said in wrong_answers(run):
                    await user.press(*wrong, "enter")
                    assert " ".join(said.split()) in bar(user), (name, wrong)
                    assert run.place == place, name
                    failed[name] += 1
                await user.press(*keys, ";")
            assert run.step is None, name
            assert failed[name] >= 3, name
            assert "solved" in bar(user)
            assert len(user.app.screen.query(LessonBar)) == 1
            await user.press(";")
            assert user.app.classroom.player.run is not None
            run = user.app.classroom.player.run
        await user.settle()
        assert set(json.loads((tmp_path / "chapters.json").read_text())) == set(NAMES)


def respond(run: LessonRun, question: Question, answer: str, region: Region | None) -> bool:
    if question.kind == "region":
        assert region is not None
        point = {name: (low + high) / 2 for name, (low, high) in region.items()}
        return run.answer_by_selecting(replace(run._model, point=point))
    given = fill(answer, run._model).replace("--", "")
    if question.kind == "select":
        return run.answer_by_selecting(replace(run._model, selected=given))
    return run.answer(given)


@pytest.mark.parametrize("name", NAMES)
def test_wrong_answers_are_explained_and_hints_come_one_by_one(name: str) -> None:
    lesson = with_bug(chapter(name), lambda names: "assign")
    run = LessonRun(lesson, model_of(lesson))
    for place, step in enumerate(lesson.steps):
        run.place = place
        run._begin()
        hints = [run.hint() for _ in range(len(step.hints) + 1)]
        if step.hints:
            assert hints[: len(step.hints)] == [fill(hint, run._model) for hint in step.hints]
            assert hints[-1] == hints[-2]
        if step.question is None:
            continue
        question = step.question
        for slip in question.slips:
            if slip.answer == fill(question.answer, run._model):
                # The bug that is there, this time.
                continue
            assert not respond(run, question, slip.answer, slip.region)
            status = run.status(run._model)
            assert status is not None
            assert status.said == fill(slip.say, run._model)
            assert not status.is_done
        nowhere = dict.fromkeys(question.region or {}, (-1e9, -1e9))
        odd = "12345.678" if question.kind == "number" else "nothing"
        assert not respond(run, question, odd, nowhere)
        assert respond(run, question, question.answer, question.region)


@pytest.mark.parametrize("name", NAMES)
def test_every_chapter_speaks_only_of_what_exists(name: str) -> None:
    text = chapter_text(name)
    check_lesson(lesson_of(text, f"{name}.toml"), text, f"{name}.toml")


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_a_chapter_exists(name: str) -> None:
    known = {str(binding.id) for binding in all_bindings()}
    assert set(re.findall(r"\{([a-z-]+\.[a-z-]+)\}", chapter_text(name))) <= known


async def test_the_numbers_of_a_text_are_those_of_the_learner_s_program(start: Start) -> None:
    async with start((120, 40)) as user:
        await begin(user, "slope")
        await user.press("f", ";")
        assert "x = 3.0?" in bar(user)
        # A digit would be a part of the answer.
        await user.press("escape", *line(0, 3, "2.0"))
        assert "x = 2.0?" in bar(user)
        await user.press(";", *number("14"))
        assert "Not yet" in bar(user)
        await user.press(*number("8"))
        assert "about 8.0" in bar(user)


async def test_what_is_asked_is_not_shown_before(start: Start) -> None:
    async with start((150, 46)) as user:
        await begin(user, "slope")
        await user.press("f")
        assert "14" in user.text("#check")
        await user.press(";")
        assert "14" not in user.text("#check")
        assert "14.0" not in user.text("#graph")


async def test_after_a_chapter_comes_the_next_and_another_ends_it(start: Start) -> None:
    async with start((120, 40)) as user:
        run = await begin(user, "loss")
        for keys in WAYS["loss"]:
            await user.press(*keys, ";")
        assert run.step is None
        await user.press(";")
        assert chapter("descent").title in bar(user)
        assert len(user.app.screen.query(LessonBar)) == 1
        await user.press("m", "L", "home", "enter")
        await user.settle()
        assert chapter("slope").title in bar(user)
        assert len(user.app.screen.query(LessonBar)) == 1


async def test_without_a_chapter_its_keys_say_how_to_begin_one(start: Start) -> None:
    async with start() as user:
        for key in (";", "H"):
            await user.press(key)
            assert user.said[-1].startswith("No chapter is on")


async def test_a_program_that_lacks_what_the_chapter_speaks_of_changes_no_answer(
    start: Start,
) -> None:
    async with start((120, 40)) as user:
        run = await begin(user, "chain-rule")
        await user.press("f", "n", ";")
        # Every line goes, then one comes that has none of the chapter's names.
        await user.press("escape", "1", "ctrl+a", "delete", *"q = 2.0", "escape", "H")
        await user.press(";", *number("-2"), ";")
        assert run.place == 2


async def test_a_preset_ends_the_chapter_and_so_does_the_palette(start: Start) -> None:
    async with start((120, 40)) as user:
        assert isinstance(user.app, ToygradApp)
        await begin(user, "slope")
        await user.press("f", ";")
        assert user.app.screen.has_class("-asking")
        await user.press("escape", "ctrl+p", *"end the chapter", "enter")
        await user.settle()
        assert user.app.classroom.player.run is None
        assert not user.app.screen.query(LessonBar)
        assert not user.app.screen.has_class("-asking")
        await user.press("m")
        await begin(user, "layers")
        await user.press("L", "right", "enter")
        await user.settle()
        assert user.app.session.lesson
        assert user.app.classroom.player.run is None
        assert not user.app.screen.query(LessonBar)


async def test_leaving_an_answer_gives_the_focus_back(start: Start) -> None:
    async with start((120, 40)) as user:
        await begin(user, "layers")
        await user.press(*WAYS["layers"][0], ";", "4", *["e"] * 30, ";")
        assert user.app.focused is user.app.screen.query_one("#lesson-answer")
        await user.press("escape")
        assert user.app.focused is not None
        assert user.app.focused.id == "diagram"


# --- Numbers -----------------------------------------------------------------------------------

TYPED = {
    *(("graph", "11.0"), ("layers", "95"), ("neuron", "6.8813735870195432")),
    *(("neuron", "0.7071"), ("descent", "1.7"), ("descent", "0.8")),
}
"""Numbers that a chapter tells the learner to type or to reach."""


def instructions(name: str) -> str:
    """What a chapter begins with and wants."""
    lesson = chapter(name)
    goals = [goal for step in lesson.steps for goal in step.goals]
    wanted = [(g.equals, g.at_least, g.at_most, g.near) for g in goals]
    asked = [q for _, said in texts(lesson) for q in re.findall(r"\{([^{}]*)\}", said)]
    return f"{lesson.program} {lesson.start} {wanted} {asked}"


@pytest.mark.parametrize("name", NAMES)
def test_no_number_that_the_engine_computes_is_typed(name: str) -> None:
    known = set(re.findall(r"\d+(?:\.\d+)?", instructions(name)))
    for path, said in texts(chapter(name)):
        plain = re.sub(r"([\w+]+|[^\w\s])?\{[^{}]*\}", "", said)
        for number in re.findall(r"\d+(?:\.\d+)?", plain):
            # Small whole numbers count things: layer 1, two samples.
            is_small = number.isdecimal() and int(number) < 10
            is_wanted = number in known or f"{number}.0" in known or (name, number) in TYPED
            assert is_small or is_wanted, (path, number)


@pytest.mark.parametrize("name", NAMES)
def test_another_program_or_run_says_other_numbers(name: str) -> None:
    lesson = with_bug(chapter(name), lambda names: names[0])
    if lesson.program:
        counter = itertools.count(1)
        odd = re.sub(
            r"= (-?\d+\.\d+)$",
            lambda found: f"= {float(found[1]) * 1.07 + 0.3 * next(counter)}",
            lesson.program,
            flags=re.MULTILINE,
        )
        other = structs.replace(lesson, program=odd)
    else:
        assert lesson.start is not None
        session = session_of(lesson.start)
        session.advance(7)
        run = Scene(snapshot=session.snapshot(grid=(1, 1)))
    before = model_of(lesson)
    after = model_of(other) if lesson.program else run
    quantities = {q for _, said in texts(lesson) for q in names_in(said)}
    computed = {q for q in quantities if not q.startswith(("slope", "hidden bug", "looks"))}
    same = {q for q in computed if quantity(q, before) == quantity(q, after)}
    # The gradients of a sum, and of the output by itself, are 1 whatever the numbers.
    assert len(same) <= len(computed) / 4, same
    for path, said in texts(lesson):
        if set(names_in(said)) & (computed - same):
            assert fill(said, before) != fill(said, after), path


def test_presets_challenges_and_bugs_have_their_place_in_the_chapters() -> None:
    named = {other for name in NAMES for other in chapter(name).also}
    assert named == {*PRESETS, *CHALLENGES}
    hunt = chapter("bug-hunt").steps[-1].question
    assert hunt is not None
    assert set(hunt.choices) == {s.title for s in SABOTAGES.values()}
    assert {slip.answer for slip in hunt.slips} == set(hunt.choices)


async def test_the_bar_looks_as_it_did(start: Start, golden: Callable[[str, str], None]) -> None:
    seen: dict[str, str] = {}
    for name in ("chain-rule", "layers"):
        async with start() as user:
            run = await begin(user, name)
            for moment, keys in (("first", ()), ("second", (*WAYS[name][0], ";"))):
                await user.press(*keys)
                for width, height in ((80, 24), (120, 40), (150, 46)):
                    await user.resize(width, height)
                    seen[f"{name} {moment} {width}x{height}"] = user.text("#lesson-bar")
            await user.resize(80, 24)
            await user.press(*(("escape",) if run.asks else ()), "H")
            seen[f"{name} hint 80x24"] = user.text("#lesson-bar")
    golden("lesson_bar", "\n\n".join(f"{name}\n{text}" for name, text in seen.items()))
