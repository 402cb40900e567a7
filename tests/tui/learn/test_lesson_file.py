"""Lesson files are read strictly: what is wrong is said with its line, nothing is executed."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.tui.learn.chapters import NAMES, chapter_text
from toygrad.tui.learn.lesson_check import check_lesson, model_of
from toygrad.tui.learn.lesson_file import (
    Goal,
    LessonError,
    LessonFile,
    LessonStart,
    Question,
    Slip,
    Step,
    lesson_of,
    line_of,
)
from toygrad.tui.learn.limits import PANES
from toygrad.tui.learn.quantities import OF_GRAPH, OF_RUN, OF_SCREEN, Scene, fill

N_EXAMPLES = int(os.environ.get("TOYGRAD_LESSONS", "150"))
PAGE = Path(__file__).parents[3] / "docs" / "lessons.md"
HEAD = 'schema = 1\ntitle = "T"\nable = "do it"\ndebrief = "Why"\n'
PROGRAM = HEAD + 'program = "a = 2.0\\nL = a*a"\n'
STEP = '[[steps]]\nsay = "Do."\n'
START = HEAD + "[start]\n"
GOAL = '[[steps.goals]]\nsee = "{}"\nequals = {}\n'
ASK = STEP + '[steps.question]\nask = "How much?"\nright = "So."\n'
SLIP = ASK + 'answer = "1"\n[[steps.question.slips]]\nsay = "No."\n{}\n'


def read(text: str) -> LessonFile:
    lesson = lesson_of(text, "my.toml")
    check_lesson(lesson, text, "my.toml")
    return lesson


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "my.toml: Invalid value. Write it as TOML does."),
        ("\n= 3", "my.toml line 2:"),
        ("schema = 2", "my.toml line 1: schema: 2 is not known here."),
        (HEAD, 'my.toml: "steps" is missing.'),
        (HEAD + "steps = []", "my.toml line 5: steps: there are fewer than 1."),
        (PROGRAM + STEP * 101, "steps: there are more than 100."),
        (PROGRAM + '[[steps]]\nsay = ""', "my.toml line 7: steps 1 say: the text is empty."),
        (PROGRAM + STEP + "[[steps]]\nsay = 3", "line 9: steps 2 say: str is wanted, not int."),
        (PROGRAM + f'[[steps]]\nsay = "{"x" * 151}"', "longer than 150 characters"),
        (PROGRAM + STEP + 'run = "rm"', 'line 8: steps 1 run: "run" is no key of a lesson.'),
        (PROGRAM + 'minutes = "soon"\n' + STEP, "line 6: minutes: int is wanted, not str."),
        (HEAD + STEP, 'the lesson needs a "program" or a "start"'),
        (HEAD + 'program = "a = ("\n' + STEP, "line 5: line 1 of the program:"),
        (HEAD + 'program = "import os"\n' + STEP, "of the program:"),
        (PROGRAM + STEP + '[[steps.goals]]\nsee = "data L"', "a goal needs"),
        (PROGRAM + STEP + '[[steps.goals]]\nsee = "mood"\nequals = 1', '"mood" is no quantity'),
        (PROGRAM + STEP + '[[steps.goals]]\nsee = "data q"\nequals = 1', 'has no "q"'),
        (PROGRAM + '[[steps]]\nsay = "L is {data Q}"', 'line 7: the program has no "Q"'),
        (PROGRAM + '[[steps]]\nsay = "{__import__}"', '"__import__" is no quantity'),
        (PROGRAM + ASK + 'answer = "many"', 'line 11: the answer "many" is not a number'),
        (PROGRAM + ASK + 'answer = "d"\nchoices = ["a"]', "none of the choices"),
        (PROGRAM + ASK + 'answer = "q"\nselect = true', 'the answer "q" is nothing that can be'),
        (
            PROGRAM + '[[steps]]\nsay = "Press q{step.forward}."',
            "the key of step.forward is f, not q",
        ),
        (PROGRAM + '[[steps]]\nsay = "Press q{no.key}."', "q{no.key} is no key with its name"),
        (PROGRAM + ASK + 'answer = "nan"', '"nan" is not a number'),
        (PROGRAM + SLIP.format('answer = "much"'), 'the slip "much" is not a number'),
        (PROGRAM + SLIP.format("region = { x1 = [0, 1] }"), "the slip is a place"),
        (START + ASK + "region = { x9 = [0, 1] }", 'the answer has no column "x9": use x1, x2'),
        (START + ASK + "region = { x1 = [1, 0] }", "the answer of x1 ends before it begins"),
        (START + ASK + 'answer = "1"\nregion = { x1 = [0, 1] }', "an answer or a region, not both"),
        (START + ASK + 'answer = "x7"\nselect = true', '"x7" is nothing that can be selected'),
        (START + STEP + GOAL.format("epoch", '"ten"'), '"epoch" is a number'),
        (START + STEP + GOAL.format("optimizer", 3), '"optimizer" is a text'),
        (PROGRAM + 'hide = ["menu"]\n' + STEP, 'line 6: "menu" can\'t stand in hide: choose from'),
        (PROGRAM + f"hide = {list(PANES)}\n" + STEP, "line 6: hide leaves no pane"),
        (PROGRAM + 'hide_controls = ["x9"]\n' + STEP, '"x9" can\'t stand in hide_controls'),
        (PROGRAM + 'lock = ["rate"]\n' + STEP, '"rate" can\'t stand in lock: choose from data'),
        (PROGRAM + 'also = ["nothing"]\n' + STEP, '"nothing" is no preset or challenge'),
        (PROGRAM + '[[steps]]\nsay = "A \\u001b]2;B"', "line 7: steps 1 say: the text has line"),
        (PROGRAM + '[[steps]]\nsay = "A \\u202e B"', "characters that can't be shown"),
        (PROGRAM + '[[steps]]\nsay = "a\\nb"', "the text has line breaks"),
        (PROGRAM + f'[[steps]]\nsay = "{"語" * 80}"', "longer than 150 characters"),
        (PROGRAM + STEP + "\n\nfoo = 1", 'line 10: steps 1 foo: "foo" is no key'),
        (PROGRAM + f"minutes = {'9' * 5_000}\n" + STEP, "a number has too many digits"),
        ("\n" + "a." * 30_000 + "a = 1", "my.toml line 2: it is nested too deeply"),
        ("[" + "a." * 30_000 + "a]", "my.toml line 1: it is nested too deeply"),
        (HEAD + f"[start]\nseed = {2**63}\n" + STEP, "seed"),
        (HEAD + "[start.training]\nbatch_size = 0\n" + STEP, "at least 1, not 0. See"),
        (HEAD + '[start.training]\nhidden_sabotage = ["assign"]\n' + STEP, "is no key"),
        (PROGRAM + "[start]\n" + STEP, 'a "program" or a "start", not both'),
        (PROGRAM + STEP + GOAL.format("data L", "nan"), "a goal needs finite numbers"),
        (
            PROGRAM + STEP + '[[steps.goals]]\nsee = "data L"\nat_least = 5.0\nat_most = 1.0',
            "at_least is above at_most",
        ),
        (PROGRAM + ASK + 'answer = "a"\nchoices = ["a", "a"]', "two of the choices are the same"),
        (PROGRAM + ASK + 'answer = "a"\nselect = true\nchoices = ["a"]', "choices or select"),
        (PROGRAM + SLIP.format('answer = "1"'), "a slip is the right answer"),
        (PROGRAM + ASK + 'answer = "1"\nunseen = ["test loss"]', "is not of the graph: use hide"),
        (PROGRAM + '[[steps]]\nsay = "{rise L a nan}"', '"nan" is no step'),
        (HEAD + '[start]\nbug = "typo"\n' + STEP, 'line 6: "typo" is no bug: choose from any'),
        (PROGRAM + ASK + f'answer = "1"\nhide = {list(PANES)}', "hide leaves no pane"),
        (PROGRAM + ASK + 'answer = "1"\nunseen = ["grad q"]', 'has no "q"'),
        (HEAD + "[start]\ndataset = 3\n" + STEP, "line 6: start dataset: str is wanted"),
        (HEAD + '[start]\ndataset = "x"\n' + STEP, "the start is impossible"),
        (HEAD + '[start]\npath = "/etc/passwd"\n' + STEP, '"path" is no key'),
        (HEAD + "[start.network]\nhiden = [3]\n" + STEP, '"hiden" is no key'),
        (HEAD + "[start.network]\nhidden = [0]\n" + STEP, "at least one neuron"),
        (HEAD + "[start.training]\nlearning_rate = -1\n" + STEP, "learning rate"),
        (HEAD + "[start]\nsamples = 1000000\n" + STEP, "it must be <= 100000"),
        ("a = " + "[" * 5_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_key(text: str, said: str) -> None:
    with pytest.raises(LessonError) as caught:
        read(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("my.toml")


def test_a_lesson_may_begin_a_run() -> None:
    lesson = read(
        HEAD
        + '[start]\ndataset = "xor"\nnoise = 0.1\n[start.network]\nhidden = [3]\n'
        + "[start.training]\nlearning_rate = 0.1\n"
        + '[[steps]]\nsay = "At epoch {epoch} of {data set}."\n'
        + '[[steps.goals]]\nsee = "test accuracy"\nat_least = 0.9\n'
    )
    assert lesson.start is not None
    assert lesson.start.network == NetworkSpec(hidden=(3,))
    assert lesson.start.training == TrainingConfig(learning_rate=0.1)
    check_lesson(lesson, "", "my.toml")
    assert fill(lesson.steps[0].say, model_of(lesson)) == "At epoch 0 of xor."


def test_the_line_of_a_key_is_found_in_nested_tables() -> None:
    text = PROGRAM + STEP + "[[steps.goals]]\nsee = 'a'\n[[steps.goals]]\nsee = 'b'\n" + STEP
    assert line_of(".steps[0].goals[1].see", text) == 11
    assert line_of(".steps[1].say", text) == 13
    assert line_of(".steps[1].goals", text) == 12
    assert line_of(".nothing", text) == 0


def test_whatever_becomes_of_a_lesson_it_is_one_or_refused_in_a_sentence() -> None:
    rng = random.Random(1)
    pieces = ["[", "]", "{", "}", '"', "=", "\n", "9" * 30, "nan", "{data", "a", "\0", "é", "'''"]
    for _ in range(N_EXAMPLES):
        text = chapter_text(rng.choice(NAMES))
        for _ in range(rng.randint(1, 5)):
            place = rng.randrange(len(text))
            text = text[:place] + rng.choice(pieces) + text[place + rng.randint(0, 8) :]
        try:
            read(text)
        except LessonError as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 1_000


def test_every_key_and_quantity_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    for table in (LessonFile, LessonStart, Step, Question, Slip, Goal):
        for field in table.__struct_fields__:
            assert f"`{field}`" in page, field
    for name in (*OF_GRAPH, *OF_RUN, *OF_SCREEN):
        assert name in known, name


def test_an_unknown_quantity_is_not_filled_with_nothing() -> None:
    with pytest.raises(ValueError, match="is not known there"):
        fill("{epoch}", Scene())
