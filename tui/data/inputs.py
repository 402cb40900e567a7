"""The network's inputs: boxes to tick, and a field for formulas of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, ItemGrid, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Input, Label, Static

from ...core import ConfigError
from ...core.expression import ExpressionError
from ...core.training import available_features
from ...core.training.features import parse_feature
from ..keys import bindings
from ..widgets.choice import TickBox
from ..widgets.text import show_text

MOST_BOXES: Final = 8
"""With more columns than this a sentence stands for their boxes."""
OWN_LABEL: Final = "own input "

_PIXEL_NAME: Final = "pixel"
_LEAST_BOX: Final = 10
# What stands before a name: the mark and a blank.
_MARK_WIDTH: Final = 4


class FormulaField(Input):
    """Where a formula is typed; escape takes it back."""

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
        self.value = ""


class NetworkInputs(Vertical):
    """Boxes for the inputs that there are, and a field for others.

    Args:
        id: The widget's id.
    """

    DEFAULT_CSS = """
    NetworkInputs { height: auto; }
    NetworkInputs #inputs { height: auto; grid-gutter: 0; }
    NetworkInputs TickBox { width: auto; }
    NetworkInputs #many-inputs { height: auto; color: $text-muted; }
    NetworkInputs Horizontal { height: 1; }
    NetworkInputs Label { color: $text-muted; }
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
        self._used: tuple[str, ...] = ()
        self._offered: tuple[str, ...] = ()
        self._awaited = ""

    def compose(self) -> ComposeResult:
        yield Static(id="many-inputs", markup=False)
        yield ItemGrid(id="inputs", min_column_width=_LEAST_BOX, stretch_height=False)
        with Horizontal():
            yield Label(OWN_LABEL)
            yield FormulaField(
                compact=True,
                id="own-input",
                tooltip="Type a formula of the columns and press enter: the network gets its value "
                "as an input. Try x1^2 + x2^2 on the circle.",
            )
        yield Static(id="own-input-error", markup=False)

    def on_mount(self) -> None:
        self.query_one("#many-inputs").display = False
        self.query_one("#own-input-error").display = False

    # --- What is shown -------------------------------------------------------------------------

    def show(self, columns: tuple[str, ...], used: tuple[str, ...]) -> None:
        """Show the inputs.

        Args:
            columns: The names of the data set's columns.
            used: The inputs that the network has.
        """
        if (columns, used) == (self._columns, self._used):
            return
        is_other_data = columns != self._columns
        self._columns, self._used = columns, used
        self._say_columns()
        self._show_boxes(is_other_data)
        if self._awaited in used:
            self._awaited = ""
            self.query_one(FormulaField).value = ""

    def restore(self) -> None:
        """Show the inputs that the network has, where others could not be had."""
        self._awaited = ""
        self._tick()

    def _say_columns(self) -> None:
        n = len(self._columns)
        self.query_one(FormulaField).placeholder = "sin(3*x1)" if n == 1 else "x1*sin(x2)"
        is_many = n > MOST_BOXES
        sentence = self.query_one("#many-inputs", Static)
        sentence.display = is_many
        if is_many:
            are_pixels = all(name.startswith(_PIXEL_NAME) for name in self._columns)
            used = len(set(self._used) & set(self._plain))
            count = f"{n}" if used == n else f"{used} of {n}"
            show_text(sentence, f"{count} {'pixels' if are_pixels else 'columns'}, x1 to x{n}")

    def _show_boxes(self, is_other_data: bool) -> None:
        offered = self._standard
        offered += tuple(name for name in self._used if name not in (*offered, *self._plain))
        if is_other_data or offered != self._offered:
            self._replace_boxes(offered, is_other_data)
        self._tick()

    def _replace_boxes(self, offered: tuple[str, ...], is_other_data: bool) -> None:
        """Only formulas come and go while the data stay: what has the focus may keep it."""
        grid = self.query_one("#inputs", ItemGrid)
        gone = self._offered if is_other_data else tuple(set(self._offered) - set(offered))
        added = [name for name in offered if is_other_data or name not in self._offered]
        boxes = [box for box in grid.query(TickBox) if box.name in gone]
        if any(box.has_focus for box in boxes):
            self.query_one(FormulaField).focus()
        for box in boxes:
            box.remove()
        grid.mount_all(self._box(name) for name in added)
        self._offered = offered
        labels = [len(self._label(name)) for name in offered]
        grid.min_column_width = max([_LEAST_BOX, *(n + _MARK_WIDTH for n in labels)])
        grid.display = bool(offered)

    def _box(self, name: str) -> TickBox:
        tip = f"Give the network {name} as an input."
        if name not in self._standard:
            tip = f"Your own input {name}: untick it and it is gone; ctrl+z brings it back."
        label = Content(self._label(name))
        return TickBox(label, name in self._used, compact=True, name=name, tooltip=tip)

    def _label(self, name: str) -> str:
        """A column's name beside its number, where there are several."""
        if len(self._columns) > 2 and name in self._plain:
            return f"{name} {self._columns[self._plain.index(name)]}"
        return name

    @property
    def _plain(self) -> tuple[str, ...]:
        return tuple(f"x{number}" for number in range(1, len(self._columns) + 1))

    @property
    def _standard(self) -> tuple[str, ...]:
        n = len(self._columns)
        return available_features(n) if n <= MOST_BOXES else ()

    def _tick(self) -> None:
        with self.prevent(Checkbox.Changed):
            for box in self.query(TickBox):
                box.value = box.name in self._used

    # --- What the user does --------------------------------------------------------------------

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        event.stop()
        boxes = {str(box.name): box.value for box in self.query(TickBox)}
        kept = [name for name in self._used if name not in boxes]
        chosen = (*kept, *(name for name in self._offered if boxes.get(name, False)))
        if set(chosen) == set(self._used):
            return
        if not chosen:
            self._tick()
        self.post_message(self.Chosen(chosen))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#own-input-error").display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            return
        try:
            name = parse_feature(event.value, len(self._columns)).name
        except ConfigError as error:
            self._say_error(*_sentence_and_place(error))
            return
        if name in self._used:
            self._say_error(f"{name} is an input already.", None)
            return
        self._awaited = name
        self.post_message(self.Chosen((*self._used, name)))

    def _say_error(self, sentence: str, place: int | None) -> None:
        """The sentence below the field, and a caret below the character meant."""
        message = self.query_one("#own-input-error", Static)
        field = self.query_one(FormulaField)
        lines = [sentence]
        if place is not None:
            # The field may be scrolled: then the caret stays below what is seen of it.
            cell = max(0, place - 1 - round(field.scroll_x))
            lines.insert(0, " " * (len(OWN_LABEL) + cell) + "^")
        show_text(message, Content("\n".join(lines)))
        message.display = True
        message.scroll_visible(animate=False)


def _sentence_and_place(error: ConfigError) -> tuple[str, int | None]:
    """What is wrong with a formula, and at which character, from 1."""
    reason = error.__context__
    if not isinstance(reason, ExpressionError):
        return str(error), None
    # The formula stands right above: the sentence need not repeat it.
    return f"{reason.sentence[0].upper()}{reason.sentence[1:]}.", reason.column
