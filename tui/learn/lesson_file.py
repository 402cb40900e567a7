"""Lesson files: a lesson as TOML, read strictly; docs/lessons.md explains every key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from ...core.training.config import NetworkSpec, TrainingConfig
from ...datasets import DataChoice, printable, read_file, shown

SCHEMA: Final = 1
MOST_BYTES: Final = 200_000
SUFFIX: Final = ".toml"

# With the names of keys in it, which nobody sees; what is seen is less, see `MOST_SEEN`.
Said = Annotated[str, Meta(min_length=1, max_length=400)]
MOST_SEEN: Final = 150
"""Characters of a text on the screen: two lines of a terminal of 80 columns."""
MOST_SEEN_OF_DEBRIEF: Final = 230
"""Three of them."""
Short = Annotated[str, Meta(min_length=1, max_length=60)]
Names = Annotated[tuple[Short, ...], Meta(max_length=40)]
Region = Annotated[dict[Short, tuple[float, float]], Meta(min_length=1, max_length=10)]
ANY: Final = "any"
"""In place of the name of a bug: one of them, drawn for each learner."""


class Goal(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something to bring about: a quantity, and what it is to be. See `quantities.py`.

    Attributes:
        see: The quantity.
        equals: Exactly this text, or number.
        at_least: This number or more.
        at_most: This number or less.
        near: This number, within 1 %, or a thousandth.
        words: What the learner reads; made from the rest if left out.
    """

    see: Short
    equals: str | float | None = None
    at_least: float | None = None
    at_most: float | None = None
    near: float | None = None
    words: Annotated[str, Meta(max_length=60)] = ""


class Slip(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A wrong answer that many give, and what it comes from.

    Attributes:
        answer: As an answer of its question; empty for a place.
        region: As that of its question.
        say: What led to it.
    """

    answer: Annotated[str, Meta(max_length=60)] = ""
    region: Region | None = None
    say: Said


class Question(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A prediction, before what is asked is shown.

    Attributes:
        ask: The question.
        answer: A number, with quantities in braces; one of the choices; a name to select; or
            empty for a place.
        choices: What to choose from; empty for a number or a name.
        select: Whether the answer is selected on the screen.
        region: Of a sample to select: from and to, by the names of the data's columns.
        unseen: Quantities that the graph does not show before the answer: it goes back that far.
            By default those that the answer has and the question has not.
        hide: Panes and parts that are hidden until it is answered.
        slips: Wrong answers to explain.
        right: Why the answer is right.
    """

    ask: Said
    answer: Annotated[str, Meta(max_length=60)] = ""
    choices: Annotated[tuple[Short, ...], Meta(max_length=9)] = ()
    select: bool = False
    region: Region | None = None
    unseen: Annotated[tuple[Short, ...], Meta(max_length=9)] = ()
    hide: Names = ()
    slips: Annotated[tuple[Slip, ...], Meta(max_length=9)] = ()
    right: Said

    @property
    def kind(self) -> Literal["number", "choice", "select", "region"]:
        """What the learner does to answer."""
        if self.region is not None:
            return "region"
        return "select" if self.select else "choice" if self.choices else "number"


class Step(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing to do, to answer or to read.

    Attributes:
        say: What it is about.
        goals: All of them have to be met, at once.
        question: What has to be answered.
        hints: Each says more than the one before.
    """

    say: Said
    goals: Annotated[tuple[Goal, ...], Meta(max_length=5)] = ()
    question: Question | None = None
    hints: Annotated[tuple[Said, ...], Meta(max_length=5)] = ()


class LessonStart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the playground begins with.

    Attributes:
        dataset: The name of a data set that comes with the application.
        samples: How many; the data set's own number if left out.
        noise: From 0 to 0.5; the data set's own if left out.
        seed: Decides samples, split, initial weights and order.
        network: The shape of the network.
        training: How it is trained.
        bug: A mistake in the training loop that nothing tells of: a name in `SABOTAGES`, or "any".
    """

    dataset: Short = "circle"
    samples: Annotated[int, Meta(ge=2, le=100_000)] | None = None
    noise: float | None = None
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    network: NetworkSpec = NetworkSpec()
    training: TrainingConfig = TrainingConfig()
    bug: Annotated[str, Meta(max_length=60)] = ""

    @property
    def data(self) -> DataChoice:
        """Which samples."""
        return DataChoice(
            name=self.dataset, n_samples=self.samples, noise=self.noise, seed=self.seed
        )


class LessonFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A lesson.

    Attributes:
        schema: The version of these keys.
        title: What it is about, in a few words.
        able: What the learner will be able to do, completing "You will be able to".
        minutes: About how long it takes.
        program: What the microscope computes; empty for a lesson on the playground.
        start: What the playground begins with.
        hide: Panes and parts of the screen that are hidden, see `limits.HIDEABLE`.
        hide_controls: Controls that are hidden, see `limits.hideable_controls()`.
        lock: What can't be changed, see `limits.LOCKABLE`.
        also: Names of presets and challenges that go with it.
        steps: In order.
        debrief: Why it was so, at the end.
    """

    schema: Literal[1]
    title: Short
    able: Said
    minutes: Annotated[int, Meta(ge=1, le=600)] = 5
    program: Annotated[str, Meta(max_length=20_000)] = ""
    start: LessonStart | None = None
    hide: Names = ()
    hide_controls: Names = ()
    lock: Names = ()
    also: Names = ()
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=100)]
    debrief: Said


class LessonError(ValueError):
    """A lesson file that can't be used; ``str`` names the file, the line, and what to do."""


def read_text(path: Path) -> str:
    """The text of a lesson file.

    Raises:
        FileError: If the file can't be read.
        LessonError: If it is no text.
    """
    data = read_file(path, limit=MOST_BYTES)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LessonError(f"{shown(path.name)} is not UTF-8 text. Save it as UTF-8.") from None


def lesson_of(text: str, name: str) -> LessonFile:
    """The lesson of a text.

    Args:
        text: TOML.
        name: Of the file, for messages.

    Raises:
        LessonError: If it is no lesson; in one sentence with the line and the key.
    """
    # Reading it would take minutes.
    if found := _DEEP.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise LessonError(f"{shown(name)} line {line}: it is nested too deeply. Use fewer dots.")
    try:
        table = tomllib.loads(text)
        _refuse_what_is_not_seen(table, "")
        lesson = msgspec.convert(table, LessonFile)
        _refuse_unknown_settings(table.get("start", {}))
        return lesson
    except tomllib.TOMLDecodeError as error:
        raise LessonError(_syntax(str(error), name)) from None
    except RecursionError:
        raise LessonError(f"{shown(name)}: it is nested too deeply. Use fewer brackets.") from None
    except msgspec.ValidationError as error:
        raise LessonError(_fault(str(error), text, name)) from None
    except ValueError:
        # Python reads no whole number of more than 4,300 digits.
        raise LessonError(
            f"{shown(name)}: a number has too many digits. Use a smaller one."
        ) from None


def _refuse_what_is_not_seen(part: Any, path: str) -> None:
    """Refuses characters that are none on the screen, but may change it."""
    if isinstance(part, dict):
        for key, value in part.items():
            _refuse_what_is_not_seen(value, f"{path}.{key}")
    elif isinstance(part, list):
        for place, value in enumerate(part):
            _refuse_what_is_not_seen(value, f"{path}[{place}]")
    elif isinstance(part, str):
        plain = re.sub(r"[\n\t]", "", part) if path == ".program" else part
        if printable(plain) != plain:
            raise msgspec.ValidationError(
                f"the text has line breaks or characters that can't be shown - at `${path}`"
            )


def _refuse_unknown_settings(start: dict[str, Any]) -> None:
    """Refuses keys that msgspec passes over in the tables of network and training."""
    for name, kind in (("network", NetworkSpec), ("training", TrainingConfig)):
        known = {field.name for field in fields(kind)} - {"hidden_sabotage"}
        for key in start.get(name, {}):
            if key not in known:
                raise msgspec.ValidationError(
                    f"Object contains unknown field `{key}` - at `$.start.{name}.{key}`"
                )


_AT: Final = re.compile(r"^(.*) - at `\$(.*)`$", re.DOTALL)
# A key of so many parts.
_DEEP: Final = re.compile(r"(?:[\w\"'-]{1,80}[ \t]{0,3}\.[ \t]{0,3}){40}")
_PLACE: Final = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
_WORDS: Final = (
    (r"Object missing required field `(\w+)`", r'"\1" is missing'),
    (r"Object contains unknown field `([^`]+)`", r'"\1" is no key of a lesson'),
    (r"Expected `str` of length <= (\d+)", r"the text is longer than \1 characters"),
    (r"Expected `str` of length >= 1", "the text is empty"),
    (r"Expected `array` of length <= (\d+)", r"there are more than \1"),
    (r"Expected `array` of length >= (\d+)", r"there are fewer than \1"),
    (r"Expected `([^`]+)`, got `([^`]+)`", r"\1 is wanted, not \2"),
    (r"Expected `(\w+)` ([<>]=?) (\S+)", r"it must be \2 \3"),
    (r"Invalid enum value (.+)", r"\1 is not known here"),
)


def _syntax(said: str, name: str) -> str:
    """The fault of a text that is not TOML, with its line."""
    place = _PLACE.search(said)
    line = f" line {place[1]}" if place and place[1] else ""
    what = _PLACE.sub("", said).strip().rstrip(".")
    return f"{shown(name)}{line}: {shown(what)}. Write it as TOML does."


def _fault(said: str, text: str, name: str) -> str:
    """What is wrong with a key, in words, with its line."""
    what, path = said.rstrip("."), ""
    if found := _AT.match(said):
        what, path = found[1].rstrip("."), found[2]
    if unknown := re.fullmatch(r"Object contains unknown field `([^`]+)`", what):
        # The line of the key itself.
        known = path if path.endswith(f".{unknown[1]}") else f"{path}.{unknown[1]}"
        path = known
    for pattern, words in _WORDS:
        new = re.sub(pattern, words, what)
        if new != what:
            what = new
            break
    key = re.sub(r"^\.", "", re.sub(r"\[(\d+)\]", lambda n: f" {int(n[1]) + 1}", path))
    line = line_of(path, text)
    at = f" line {line}" if line else ""
    of = f"{key.replace('.', ' ')}: " if key else ""
    return f"{shown(name)}{at}: {printable(of)}{printable(what)}. See docs/lessons.md."


def line_of(path: str, text: str) -> int:
    """The line of a key, such as `.steps[1].question.ask`, counted from 1; 0 if it is not found."""
    best = 0
    for place, line in _keys(text):
        if path == place or path.startswith((f"{place}.", f"{place}[")):
            best = line
    return best


def _keys(text: str) -> Iterator[tuple[str, int]]:
    """The path and the line of each table and each key that begins a line."""
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := re.match(r"\s*\[(\[?)([\w.]+)\]", line):
            table = ""
            *above, last = found[2].split(".")
            for part in above:
                table += f".{part}"
                table += f"[{counts[table]}]" if table in counts else ""
            table += f".{last}"
            if found[1]:
                counts[table] = counts.get(table, -1) + 1
                # Those of the table before it begin again.
                for deeper in [known for known in counts if known.startswith(f"{table}[")]:
                    if not deeper.startswith(f"{table}[{counts[table]}]"):
                        del counts[deeper]
                table += f"[{counts[table]}]"
            yield table, number
        elif found := re.match(r"\s*(\w+)\s*=", line):
            yield f"{table}.{found[1]}", number
