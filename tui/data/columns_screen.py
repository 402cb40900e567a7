"""ColumnsScreen: the columns of a table and what becomes of each, to be checked and changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ...datasets import Column, CsvTable, Survey, TableOptions, printable, shown
from ..drawing.numbers import counted
from ..file_jobs import run_job
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import is_ascii, show_text
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles
from . import column_edits
from .column_rows import CANT_BE_USED, ColumnRows, becomes, counts_of

JOBS: Final = "columns"
LEAST_LINES: Final = 22
"""With fewer, nothing is left blank between the parts."""
TOOLTIP: Final = (
    "Every column of the file. space{columns.toggle} makes the chosen one an input or leaves it "
    "out, t{columns.target} makes it the target, a{columns.read-as} reads it as something else. "
    "Counts are its numbers in ten equal bins, or its ten commonest values."
)
NOTES_TOOLTIP: Final = "What was decided about this file. Change what is wrong."


class ColumnsScreen(ModalScreen[TableOptions | None]):
    """Lists the columns of a table; the options that the user takes, None to keep what was.

    Each change makes another survey in a thread.

    Args:
        table: What was read.
        survey: Its survey with the options.
        options: What is decided at first.
    """

    DEFAULT_CSS = """
    ColumnsScreen { align: center middle; }
    ColumnsScreen #columns-box {
        width: 100%; max-width: 146; height: 100%; max-height: 100%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    ColumnsScreen #columns-list { height: 1fr; min-height: 4; background: $surface; }
    ColumnsScreen Static { height: auto; }
    ColumnsScreen #columns-summary { padding-bottom: 1; }
    ColumnsScreen #columns-detail { margin-top: 1; max-height: 4; }
    ColumnsScreen #columns-said { height: auto; max-height: 25%; margin-top: 1; }
    ColumnsScreen.-few-lines #columns-summary { padding-bottom: 0; max-height: 3; }
    ColumnsScreen.-few-lines #columns-detail { margin-top: 0; max-height: 2; }
    ColumnsScreen.-few-lines #columns-said { margin-top: 0; max-height: 3; }
    ColumnsScreen #columns-said:focus { background: $surface-active; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        enter    | columns.take    | take        | *Take        | Use the table as it is listed
        space    | columns.toggle  | switch      | *In / out | Make the column an input, or leave it out
        t        | columns.target  | make_target | *Target      | Learn this column
        a        | columns.read-as | read_as     | *Read as     | Read the column as the next of what it can be
        c        | columns.task    | change_task | *Task | Learn the target as classes, or as numbers
        f        | columns.missing | missing     | *Missing | Fill missing cells, or drop their rows
        escape,q | columns.close   | close       | *Back        | Keep what was
        """  # noqa: E501
    )

    def __init__(self, table: CsvTable, survey: Survey, options: TableOptions) -> None:
        super().__init__()
        self._table, self._survey, self._options = table, survey, options
        # Of the survey on the screen.
        self._surveyed = options
        self._takes_next = False

    def compose(self) -> ComposeResult:
        with Vertical(id="columns-box") as box:
            box.border_title = Content(f"Columns of {shown(self._survey.name)}")
            yield Static(id="columns-summary", markup=False)
            yield LineList(id="columns-list", tooltip=with_keys(TOOLTIP))
            yield Static(id="columns-detail", markup=False)
            with VerticalScroll(id="columns-said") as said:
                said.tooltip = NOTES_TOOLTIP
                yield Static(id="columns-notes", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        lines = self.query_one(LineList)
        lines.focus()
        self._show_survey()
        lines.choose(0)
        self._show_detail()

    # --- What is shown -------------------------------------------------------------------------

    def on_resize(self) -> None:
        self.set_class(self.size.height < LEAST_LINES, "-few-lines")
        self._show_rows()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._show_detail()

    def _show_survey(self) -> None:
        survey = self._survey
        show_text(
            self.query_one("#columns-summary", Static), Content(_summary(survey, self._options))
        )
        notes = Content(" ".join(survey.notes))
        if survey.fault:
            notes = Content.assemble((survey.fault, "$text-error"), "\n", notes)
        show_text(self.query_one("#columns-notes", Static), notes)
        self._show_rows()
        self._show_detail()

    def _show_rows(self) -> None:
        lines = self.query_one(LineList)
        rows = ColumnRows.of(self._survey, lines.scrollable_content_region.width, ascii=lines.ascii)

        def draw_row(row: int, styles: RowStyles, width: int) -> list[Segment]:
            return rows.row(row, styles)

        heading = [[Segment(rows.heading, lines.title_style)]]
        lines.show(heading, len(self._survey.columns), draw_row)

    def _show_detail(self) -> None:
        """Shows all of the chosen column, which its row may have no room for."""
        show_text(
            self.query_one("#columns-detail", Static),
            Content(_detail(self._column, self._survey, ascii=is_ascii(self))),
        )

    @property
    def _column(self) -> Column:
        return self._survey.columns[self.query_one(LineList).cursor or 0]

    # --- What the user does --------------------------------------------------------------------

    def _change(self, edit: Callable[[], TableOptions]) -> None:
        """Changes what is decided, and makes another survey in a thread."""
        try:
            options = edit()
        except ValueError as error:
            self._refuse(str(error))
            return
        self._options, self._takes_next = options, False
        run_job(
            self.app,
            partial(self._table.survey, options),
            partial(self._take_survey, options),
            self._take_back,
            failed="The columns could not be read",
            group=JOBS,
            exclusive=True,
        )

    def _take_survey(self, options: TableOptions, survey: Survey) -> None:
        if not self.is_attached:
            return
        self._survey, self._surveyed = survey, options
        self._show_survey()
        if self._takes_next:
            self.action_take()

    def _take_back(self, sentence: str) -> None:
        """Says that what was changed can't be listed, and leaves what is listed in force."""
        self._options, self._takes_next = self._surveyed, False
        if self.is_attached:
            self._refuse(sentence)

    def _refuse(self, sentence: str) -> None:
        self.notify(sentence, severity="error", markup=False)

    def action_switch(self) -> None:
        self._change(lambda: column_edits.toggled(self._options, self._column))

    def action_make_target(self) -> None:
        self._change(lambda: column_edits.with_target(self._options, self._column))

    def action_read_as(self) -> None:
        self._change(lambda: column_edits.read_otherwise(self._options, self._column))

    def action_change_task(self) -> None:
        self._change(lambda: column_edits.with_other_task(self._options, self._survey))

    def action_missing(self) -> None:
        self._change(lambda: column_edits.with_other_missing(self._options))

    def action_take(self) -> None:
        """Ends with what is decided, once it is known that it can be learned."""
        if self._surveyed != self._options:
            self._takes_next = True
        elif self._survey.fault:
            self._takes_next = False
            self._refuse(self._survey.fault)
        else:
            self.dismiss(self._options)

    def action_close(self) -> None:
        self.dismiss(None)


def _summary(survey: Survey, options: TableOptions) -> str:
    """The target, what is learned of it, and how many rows and inputs."""
    target, task, missing = f'"{shown(survey.target)}"', "numbers", ""
    if survey.task == "classification":
        task = "classes"
    if survey.target_is_guessed:
        target += with_keys(" (guessed; t{columns.target} on another column changes it)")
    if survey.task_is_guessed:
        task += with_keys(" (guessed; c{columns.task} changes it)")
    if any(column.missing for column in survey.columns):
        filled = options.missing == "fill"
        missing = "; missing cells are filled" if filled else "; rows with missing cells dropped"
    rows = f"{survey.n_samples:,} of {survey.n_rows:,} rows"
    inputs = f", {counted(survey.n_inputs, 'input')} each"
    if not survey.n_inputs:
        inputs = ""
    return f"Target: {target}, learned as {task}. {rows}{inputs}{missing}."


def _detail(column: Column, survey: Survey, *, ascii: bool) -> str:
    """All of a column in a few lines."""
    counts = counts_of(column, ascii=ascii)
    kinds = f" (or {', '.join(column.kinds[1:])})" if column.kinds[1:] else ""
    missing = f"; {column.missing:,} of {survey.n_rows:,} cells missing" if column.missing else ""
    values = f", as {', '.join(column.values)}" if column.values else ""
    what = f"{column.kind}{kinds}{values}{missing}"
    said = f'"{printable(column.name)}": {what}  {counts}'.rstrip()
    # The fault of the table is shown below.
    fault = CANT_BE_USED if column.fault == survey.fault else column.fault
    return f"{said}\n{column.role}: {fault if column.fault else becomes(column)}"
