"""The network's inputs: boxes to tick, and a field for the user's own formulas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from ...core import ConfigError
from ...core.expression import ExpressionError
from ...core.training import available_features
from ...core.training.features import parse_feature
from ...datasets import Dataset
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import show_text
from ..widgets.settings import Tick
from ..widgets.settings_list import SettingsList

MOST_BOXES: Final = 8
"""With more columns than this a sentence replaces their boxes."""

_PIXEL_NAME: Final = "pixel"
_LEAST_BOX: Final = 10
# How the name of a box begins that is for all columns of a category; no formula does.
_CATEGORY: Final = "="
# Before a name: the mark and a blank.
_MARK_WIDTH: Final = 4


class FormulaField(Input):
    """A field for a formula; escape clears it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | inputs.clear | clear_formula | Clear | Leave the inputs as they are
        """
    )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "clear_formula":
            return bool(self.value)
        return super().check_action(action, parameters)

    def action_clear_formula(self) -> None:
        self.clear()


class NetworkInputs(Vertical):
    """Boxes for the available inputs, and a field for others."""

    DEFAULT_CSS = """
    NetworkInputs { height: auto; }
    NetworkInputs #many-inputs { height: auto; color: $text-muted; }
    NetworkInputs FormulaField { width: 1fr; }
    NetworkInputs #own-input-error { height: auto; color: $text-error; }
    """

    @dataclass
    class Chosen(Message):
        """The user wants these inputs, which may be none."""

        inputs: tuple[str, ...]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._columns: tuple[str, ...] = ()
        # Of each column: the category that it is a part of, or itself.
        self._groups: tuple[str, ...] = ()
        self._used: tuple[str, ...] = ()
        self._offered: tuple[str, ...] = ()
        self._requested = ""

    def compose(self) -> ComposeResult:
        yield SettingsList((), {}, is_across=True, id="inputs")
        yield FormulaField(
            compact=True,
            id="own-input",
            tooltip="Type a formula of the columns and press enter: its value becomes an input of "
            "the network. Try x1^2 + x2^2 on the circle.",
        )

    # --- What is shown -------------------------------------------------------------------------

    def show(self, dataset: Dataset, used: tuple[str, ...]) -> None:
        """Show the inputs of the network among those of the data set's columns."""
        columns, groups = dataset.columns, dataset.groups
        if (columns, groups, used) == (self._columns, self._groups, self._used):
            return
        is_other_data = (columns, groups) != (self._columns, self._groups)
        self._columns, self._groups, self._used = columns, groups, used
        field = self.query_one(FormulaField)
        field.placeholder = f"own input: {'sin(3*x1)' if len(columns) == 1 else 'x1*sin(x2)'}"
        self._show_count()
        self._show_boxes(is_other_data)
        if self._requested in used:
            self._requested = ""
            field.clear()

    def restore(self) -> None:
        """Show the network's inputs again after a request failed."""
        self._requested = ""
        self._tick()

    def _show_count(self) -> None:
        n, has_boxes = len(self._columns), bool(self._standard)
        self.query("#many-inputs").set(display=not has_boxes)
        if not has_boxes:
            are_pixels = all(name.startswith(_PIXEL_NAME) for name in self._columns)
            used = len(set(self._used) & set(self._plain))
            count = f"{n}" if used == n else f"{used} of {n}"
            words = f"{count} {'pixels' if are_pixels else 'columns'}, x1 to x{n}"
            show_text(self._sentence("many-inputs", before=0), words)

    def _sentence(self, id: str, *, before: int | None = None) -> Static:
        """A sentence that few starts need, made when it is first wanted."""
        for sentence in self.query(f"#{id}").results(Static):
            return sentence
        sentence = Static(id=id, markup=False)
        self.mount(sentence, before=before)
        return sentence

    def _show_boxes(self, is_other_data: bool) -> None:
        """Show a box for each input that is offered, and for each formula in use."""
        before, offered = () if is_other_data else self._offered, self._standard
        known = (*self._parts_of(offered), *self._plain)
        offered += tuple(name for name in self._used if name not in known)
        if is_other_data or offered != before:
            self._offered = offered
            boxes = self.query_one(SettingsList)
            if boxes.has_focus and not offered:
                self.query_one(FormulaField).focus()
            labels = [cell_len(self._label(name)) for name in offered]
            least = max([_LEAST_BOX, *(n + _MARK_WIDTH for n in labels)])
            boxes.offer([self._box(name) for name in offered], {}, least_column=least)
            boxes.display = bool(offered)
        self._tick()

    def _box(self, name: str) -> Tick:
        tip = f"Feed {self._label(name)} to the network as an input."
        if len(self._parts_of([name])) > 1:
            tip = f"Feed {self._label(name)} to the network: one input for each value."
        elif name not in self._standard:
            tip = f"Your own input {name}: " + with_keys(
                "untick to remove; ctrl+z{edit.undo} brings it back."
            )
        return Tick(name, self._label(name), tip)

    def _label(self, name: str) -> str:
        """An input, with the name of its column where there are several; or a category."""
        if name.startswith(_CATEGORY):
            return name.removeprefix(_CATEGORY)
        if len(self._columns) > 2 and name in self._plain:
            return f"{name} {self._columns[self._plain.index(name)]}"
        return name

    @property
    def _plain(self) -> tuple[str, ...]:
        return tuple(f"x{number}" for number in range(1, len(self._columns) + 1))

    @property
    def _standard(self) -> tuple[str, ...]:
        """What is offered: features, and one name for all columns of a category."""
        n, groups = len(self._columns), dict.fromkeys(self._groups)
        if len(groups) > MOST_BOXES:
            return ()
        if len(groups) == n:
            return available_features(n)
        return tuple(
            f"{_CATEGORY}{group}"
            if self._groups.count(group) > 1
            else self._plain[self._groups.index(group)]
            for group in groups
        )

    def _parts_of(self, offered: Iterable[str]) -> tuple[str, ...]:
        """The features behind what is offered."""
        pairs = list(zip(self._plain, self._groups, strict=True))
        return tuple(
            part
            for name in offered
            for part in ([x for x, group in pairs if _CATEGORY + group == name] or [name])
        )

    def _tick(self) -> None:
        used = set(self._used)
        self.query_one(SettingsList).show(
            {name: used.issuperset(self._parts_of([name])) for name in self._offered}
        )

    # --- What the user does --------------------------------------------------------------------

    def on_settings_list_changed(self, event: SettingsList.Changed) -> None:
        event.stop()
        offered = self._parts_of(self._offered)
        kept = [name for name in self._used if name not in offered]
        ticked = [name for name in self._offered if event.settings.value(name)]
        chosen = (*kept, *self._parts_of(ticked))
        if not chosen:
            self._tick()
        self.post_message(self.Chosen(chosen))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query("#own-input-error").set(display=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            return
        try:
            name = parse_feature(event.value, len(self._columns)).name
        except ConfigError as error:
            self._show_error(*_sentence_and_place(error))
            return
        if name in self._used:
            self._show_error(f"{name} is an input already.", None)
            return
        self._requested = name
        self.post_message(self.Chosen((*self._used, name)))

    def _show_error(self, sentence: str, place: int | None) -> None:
        """Show a sentence below the field, and a caret below the character meant."""
        if place is not None:
            # The field may be scrolled: then the caret stays below what is visible of it.
            scrolled = round(self.query_one(FormulaField).scroll_x)
            indent = max(0, place - 1 - scrolled)
            sentence = f"{' ' * indent}^\n{sentence}"
        message = self._sentence("own-input-error")
        show_text(message, Content(sentence))
        message.display = True
        self.call_after_refresh(message.scroll_visible, animate=False)


def _sentence_and_place(error: ConfigError) -> tuple[str, int | None]:
    """What is wrong with a formula, and at which character, from 1."""
    reason = error.__context__
    if not isinstance(reason, ExpressionError):
        return str(error), None
    # The formula is right above: the sentence need not repeat it.
    return f"{reason.sentence[0].upper()}{reason.sentence[1:]}.", reason.column
