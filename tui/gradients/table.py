"""The table view of the gradients pane: every parameter, or every tensor."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from ...core import Snapshot
from ...core.diagnosis.statistics import tensor_layout
from ...core.nn.parameters import Element, element_at, element_place
from ..keys import bindings
from ..messages import ElementsEdited, PartSelected
from ..selection import Selection, part_of
from .parameter_columns import ALWAYS, ColumnName, Kind
from .parameter_rows import tensor_of
from .parameter_table import ParameterTable
from .view import GradientMemory, GradientsView

MANY: Final = 200
"""With more parameters the table begins grouped by tensor."""


class GradientsTable(Vertical, GradientsView):
    """The filter, the table, and the list of its columns."""

    DEFAULT_CSS = """
    GradientsTable { height: 1fr; }
    GradientsTable > Input { margin: 0; }
    GradientsTable > Horizontal { height: 1fr; }
    GradientsTable ParameterTable { width: 1fr; height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        Y | gradients.why | app.microscope_network | *Why? |
        | Why this gradient? The paths to the selected weight or bias, in the microscope
        f | gradients.freeze | toggle_held | *Hold | Hold the table still while training goes on
        F | gradients.freeze-parameters | freeze_parameters | Freeze |
        | Freeze the parameter or the tensor, so that training leaves it unchanged; or unfreeze it
        t | gradients.columns | choose_columns | Columns | Choose the columns of the table
        escape | gradients.back | close_field | !Back |
        | Close the list of columns, then the filter
        """
    )

    @dataclass
    class Changed(Message):
        """The table shows something else, though the frame is the same."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sizes: tuple[int, ...] = ()
        self._snapshot: Snapshot | None = None
        self._wanted: Element | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield ParameterTable(
                id="parameters",
                tooltip="Every weight and bias with its gradient. Update/weight, the column named "
                ".../w, is how far the last step moved it relative to its size. Click a title to "
                "sort.",
            )

    @property
    def table(self) -> ParameterTable:
        return self.query_one(ParameterTable)

    # --- What it shows -------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        table = self.table
        self._snapshot = snapshot
        is_other_network = snapshot.sizes != self._sizes
        table.show(memory.rows(snapshot))
        if is_other_network:
            self._sizes = snapshot.sizes
            table.by_tensor = len(snapshot.parameters) > MANY
        self._select_wanted(snapshot)

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        if self.table.has_focus:
            # The selection is the table's own.
            return
        self._wanted = selection.element
        if self._wanted is None:
            if self.table.selected_index is not None:
                self.table.select(None)
        else:
            self._select_wanted(snapshot)

    def _select_wanted(self, snapshot: Snapshot) -> None:
        """Put the cursor on the row of a link selected elsewhere, as soon as there are rows."""
        rows = self.table.rows
        if self._wanted is None or rows is None or snapshot.sizes != self._sizes:
            return
        place = element_place(snapshot.sizes, self._wanted)
        self._wanted = None
        if rows.holds(place):
            self.table.select(place)

    def summary(self) -> str:
        """What the border says: how many parameters, and which of them are shown."""
        table = self.table
        total, shown = len(table.rows or ()), table.shown_count
        count = f"{shown:,} of {total:,}" if shown != total else f"{total:,}"
        held = ", held" if table.held else ""
        return f"{count} parameter{'s' if total != 1 else ''}{held}"

    def focus_first(self) -> None:
        self.table.focus()

    # --- The filter ----------------------------------------------------------------------------

    async def open_filter(self) -> None:
        """Show the filter, made when it is first wanted, and give it the focus."""
        if not self.query(Input):
            field = Input(
                placeholder="filter: layer2 bias dead",
                id="gradient-filter",
                compact=True,
                tooltip="Words of the name, the layer or the verdict: layer2 dead",
            )
            await self.mount(field, before=0)
        self.query(Input).set(display=True).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.table.filter_text = event.value
        self.post_message(self.Changed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        event.input.display = bool(event.value)
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "close_field":
            return any(w.display for w in self.query("ColumnChooser, GradientsTable > Input"))
        return super().check_action(action, parameters)

    async def action_close_field(self) -> None:
        if any(chooser.display for chooser in self.query(ColumnChooser)):
            await self.action_choose_columns()
        else:
            self.query_one(Input).value = ""
            self.query_one(Input).display = False
            self.table.focus()

    # --- What the user does --------------------------------------------------------------------

    def on_parameter_table_selected(self, message: ParameterTable.Selected) -> None:
        message.stop()
        if self._snapshot is not None and message.index >= 0:
            element = element_at(self._snapshot.sizes, message.index)
            self.post_message(PartSelected(part_of(element)))

    def on_parameter_table_cleared(self, message: ParameterTable.Cleared) -> None:
        message.stop()
        self.post_message(PartSelected(None))

    def on_parameter_table_fold_changed(self, message: ParameterTable.FoldChanged) -> None:
        message.stop()
        self._offer_columns()

    def on_column_chooser_changed(self, message: ColumnChooser.Changed) -> None:
        message.stop()
        self.table.chosen = message.chosen

    async def action_choose_columns(self) -> None:
        if not self.query(ColumnChooser):
            made = ColumnChooser(id="gradient-columns")
            made.display = False
            await self.query_one(Horizontal).mount(made)
        chooser = self.query_one(ColumnChooser)
        chooser.display = not chooser.display
        if chooser.display:
            self._offer_columns()
            chooser.focus()
        else:
            self.table.focus()

    def _offer_columns(self) -> None:
        for chooser in self.query(ColumnChooser):
            chooser.offer(self.table.kind, self.table.chosen)

    def action_toggle_held(self) -> None:
        self.table.held = not self.table.held
        self.post_message(self.Changed())

    def action_freeze_parameters(self) -> None:
        snapshot, line = self._snapshot, self.table.selected_line
        if snapshot is None or line is None:
            return
        tensor = tensor_of(line)
        part = slice(line, line + 1)
        if tensor is not None:
            part = tensor_layout(snapshot.sizes).part(tensor)
        freeze = not snapshot.frozen[part].all()
        elements = [element_at(snapshot.sizes, k) for k in range(part.start, part.stop)]
        self.post_message(ElementsEdited(dict.fromkeys(elements), dict.fromkeys(elements, freeze)))


class ColumnChooser(OptionList):
    """The columns that can be hidden, with a cross at those that are shown."""

    DEFAULT_CSS = """
    ColumnChooser {
        width: 24;
        height: 1fr;
        background: $panel;
        border: none;
        padding: 0 1;
    }
    """

    @dataclass
    class Changed(Message):
        """The user chose other columns."""

        chosen: frozenset[ColumnName]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)
        self.tooltip = "The columns of the table: enter shows or hides one, escape closes"
        self._columns: list[ColumnName] = []
        self._words: dict[ColumnName, str] = {}
        self._chosen: frozenset[ColumnName] = frozenset()

    def offer(self, kind: Kind, chosen: Collection[ColumnName]) -> None:
        """List the columns of a kind of table, with those that are chosen."""
        self._words = {name: spec.words or spec.title for name, spec in kind.items()}
        here = self.highlighted
        self._columns = [name for name in kind if name not in ALWAYS]
        self._chosen = frozenset(chosen)
        self.clear_options()
        self.add_options([Option(self._prompt(name), id=name) for name in self._columns])
        self.highlighted = min(here or 0, len(self._columns) - 1)

    def _prompt(self, name: ColumnName) -> Content:
        cross = "x" if name in self._chosen else " "
        return Content(f"[{cross}] {self._words[name]}")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        name = self._columns[event.option_index]
        self._chosen ^= {name}
        self.replace_option_prompt(name, self._prompt(name))
        self.post_message(self.Changed(self._chosen))
