"""The table view of the gradients pane: every parameter, or every tensor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from ...core import Snapshot
from ...core.nn.parameters import Element, element_at, element_place
from ...core.training.tensor_stats import tensor_layout
from ..messages import ElementsEdited, PartSelected
from ..selection import Selection, part_of
from ..widgets.column_chooser import ColumnChooser
from ..widgets.parameter_rows import tensor_of
from ..widgets.parameter_table import ParameterTable
from .gradients_memory import GradientMemory

MANY: Final = 200
"""Above so many parameters it begins with one row a tensor."""


class GradientsTable(Vertical):
    """The filter, the table, and the list of its columns.

    Attributes:
        filter_text: What the filter says.
    """

    DEFAULT_CSS = """
    GradientsTable { height: 1fr; }
    GradientsTable > Input { display: none; margin: 0; }
    GradientsTable > Horizontal { height: 1fr; }
    GradientsTable ParameterTable { width: 1fr; height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f",
            "toggle_frozen",
            "Hold",
            id="gradients.freeze",
            tooltip="Hold the table still while training goes on",
        ),
        Binding(
            "F",
            "freeze_parameters",
            "Freeze",
            show=False,
            id="gradients.freeze-parameters",
            tooltip="Freeze the parameter or the tensor: training leaves it alone; or let it go",
        ),
        Binding(
            "t",
            "choose_columns",
            "Columns",
            show=False,
            id="gradients.columns",
            tooltip="Choose the columns of the table",
        ),
    ]

    @dataclass
    class Changed(Message):
        """The table shows something else, though the frame is the same."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sizes: tuple[int, ...] = ()
        self._snapshot: Snapshot | None = None
        self._wanted: Element | None = None

    def compose(self) -> ComposeResult:
        """The filter above, the table below, its columns beside it when they are asked for."""
        yield Input(
            placeholder="filter: layer2 bias dead",
            id="gradient-filter",
            compact=True,
            tooltip="Words of the name, the layer or the verdict: layer2 dead",
        )
        with Horizontal():
            yield ParameterTable(
                id="parameters",
                tooltip="Every weight and bias with its gradient. Click a title to sort.",
            )
            yield ColumnChooser(id="gradient-columns")

    @property
    def table(self) -> ParameterTable:
        """The table."""
        return self.query_one(ParameterTable)

    # --- What it shows -------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        """See `GradientsView`."""
        table = self.table
        self._snapshot = snapshot
        is_other_network = snapshot.sizes != self._sizes
        table.show(memory.rows(snapshot))
        if is_other_network:
            self._sizes = snapshot.sizes
            table.by_tensor = len(snapshot.parameters) > MANY
        self._select_wanted(snapshot)

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        """See `GradientsView`; where the table has the focus it is the table's own selection."""
        if self.table.has_focus:
            return
        self._wanted = selection.element
        if self._wanted is None:
            if self.table.selected_index is not None:
                self.table.select(None)
        else:
            self._select_wanted(snapshot)

    def _select_wanted(self, snapshot: Snapshot) -> None:
        """Puts the cursor on the row of a link selected elsewhere, as soon as there are rows."""
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
        held = ", frozen" if table.frozen else ""
        return f"{count} parameter{'s' if total != 1 else ''}{held}"

    def focus_first(self) -> None:
        """See `GradientsView`."""
        self.table.focus()

    # --- The filter ----------------------------------------------------------------------------

    def open_filter(self) -> None:
        """Shows the filter and gives it the focus."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filters as it is typed."""
        event.stop()
        self.table.filter_text = event.value
        self.post_message(self.Changed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps the filter and goes to the table."""
        event.stop()
        event.input.display = bool(event.value)
        self.table.focus()

    def key_escape(self) -> None:
        """Takes the list of columns away, then the filter."""
        chooser, field = self.query_one(ColumnChooser), self.query_one(Input)
        if chooser.display:
            self.action_choose_columns()
        elif field.display:
            field.value = ""
            field.display = False
            self.table.focus()

    # --- What the user does --------------------------------------------------------------------

    def on_parameter_table_selected(self, message: ParameterTable.Selected) -> None:
        """Selects the link or the bias everywhere."""
        message.stop()
        if self._snapshot is not None and message.index >= 0:
            element = element_at(self._snapshot.sizes, message.index)
            self.post_message(PartSelected(part_of(element)))

    def on_parameter_table_cleared(self, message: ParameterTable.Cleared) -> None:
        """Selects nothing."""
        message.stop()
        self.post_message(PartSelected(None))

    def on_parameter_table_fold_changed(self, message: ParameterTable.FoldChanged) -> None:
        """Offers the columns that there can be now."""
        message.stop()
        self._offer_columns()

    def on_column_chooser_changed(self, message: ColumnChooser.Changed) -> None:
        """Shows the columns that are wanted."""
        message.stop()
        self.table.chosen = message.chosen

    def action_choose_columns(self) -> None:
        """Shows the list of columns, or takes it away."""
        chooser = self.query_one(ColumnChooser)
        chooser.display = not chooser.display
        if chooser.display:
            self._offer_columns()
            chooser.focus()
        else:
            self.table.focus()

    def _offer_columns(self) -> None:
        self.query_one(ColumnChooser).offer(self.table.kind, self.table.chosen)

    def action_toggle_frozen(self) -> None:
        """Holds the table still, or lets it go."""
        self.table.frozen = not self.table.frozen
        self.post_message(self.Changed())

    def action_freeze_parameters(self) -> None:
        """Freezes what has the cursor, or lets it go if all of it is frozen."""
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
