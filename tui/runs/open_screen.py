"""OpenScreen: asks which run to open, by its path or from the recent ones."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from ...core.run import SUFFIX
from ...datasets import printable
from ..drawing.canvas import cut_middle
from ..file_jobs import run_job
from ..footer import Footer
from ..keys import bindings
from ..widgets.basics import is_ascii
from ..widgets.path_field import PathField, PathMatch, matching_paths
from .recent import RecentFile, RecentFiles
from .words import ago, path_from_home

MOST_SHOWN = 200
WHEN_WIDTH = 16
"""Cells for `44 minutes ago`."""
LEAST_WIDTH = 24
MOST_OF_THE_SCREEN = 0.9
"""As in the style sheet."""
LINES_AROUND = 4
"""The border, the field and the line below it."""
NO_MATCH = "No run and no folder begins like this."


class Row(NamedTuple):
    """What can be chosen: a file, or a folder to look into.

    Attributes:
        text: Its path, as the field would hold it.
        is_folder: Whether it is a folder.
    """

    text: str
    is_folder: bool


class OpenScreen(ModalScreen[Path | None]):
    """A field for a path, and below it what matches and the recent files.

    The focus stays in the field: arrows move in the list meanwhile. Returns the chosen path.

    Args:
        recent: The files that were opened and saved last.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up       | open.up        | move('cursor_up')   | Up        | The file above
        down     | open.down      | move('cursor_down') | Down      | The file below
        pageup   | open.page-up   | move('page_up')     | Page up   | A page up
        pagedown | open.page-down | move('page_down')   | Page down | A page down
        """
    )

    def __init__(self, recent: RecentFiles) -> None:
        super().__init__()
        self._recent = recent
        self._rows: list[Row] = []
        self._found: tuple[str, list[PathMatch], list[RecentFile]] = ("", [], [])

    def compose(self) -> ComposeResult:
        with Vertical(id="open-run") as box:
            box.border_title = "Open a run"
            yield PathField(
                f"path of a {SUFFIX} file",
                "The run to open: type its path, tab completes it, ~ is your folder; or choose one "
                "below.",
                suffixes=(SUFFIX,),
                id="open-path",
            )
            files = OptionList(id="open-files", compact=True)
            files.can_focus = False
            files.tooltip = "Press up or down and enter, or click."
            yield files
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(PathField).ask("")
        self._look("")

    # --- What is listed ------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look(event.value)

    def _look(self, text: str) -> None:
        def listed() -> tuple[list[PathMatch], list[RecentFile]]:
            # A folder on a network may take its time.
            return matching_paths(text, (SUFFIX,), MOST_SHOWN), self._recent.files()

        run_job(
            self.app,
            listed,
            lambda found: self._show((text, *found)),
            self.notify,
            failed="The folder could not be read",
            group="paths",
            exclusive=True,
        )

    def on_resize(self) -> None:
        # Where it is as high as its box, what is around it would push its end out.
        above_footer = self.size.height - 1
        most = int(above_footer * MOST_OF_THE_SCREEN) - LINES_AROUND
        self.query_one(OptionList).styles.max_height = most
        # The list has its size only after that.
        self.call_after_refresh(self._show)

    def _show(self, found: tuple[str, list[PathMatch], list[RecentFile]] | None = None) -> None:
        if not self.query(OptionList):
            # Not there yet, or gone by now.
            return
        self._found = text, matches, recent = found or self._found
        self._rows = []
        here = self._part(f"In {_folder_of(text)}", self._matching(matches))
        if text and not matches:
            here = [_heading(NO_MATCH)]
        listed = {os.path.abspath(os.path.expanduser(match.text)) for match in matches}
        others = [file for file in recent if str(file.path) not in listed]
        files = self.query_one(OptionList)
        files.set_options([*here, *self._part("Recent", self._recent_ones(others))])
        files.highlighted = None

    def _part(self, heading: str, rows: list[tuple[Row, Content]]) -> list[Option]:
        heading = cut_middle(heading, self._width, ascii=is_ascii(self))
        options = [_heading(heading)] if rows else []
        for row, content in rows:
            options.append(Option(content, id=str(len(self._rows))))
            self._rows.append(row)
        return options

    def _matching(self, matches: list[PathMatch]) -> list[tuple[Row, Content]]:
        now = time.time()
        return [
            (
                Row(match.text, match.is_folder),
                self._line(f"{match.name}/", "", "")
                if match.is_folder
                else self._line(match.name, "", ago(match.modified, now)),
            )
            for match in matches
        ]

    def _recent_ones(self, recent: list[RecentFile]) -> list[tuple[Row, Content]]:
        now = time.time()
        return [
            (
                Row(str(path), is_folder=False),
                self._line(
                    label or path.name, "" if label else path_from_home(path.parent), ago(when, now)
                ),
            )
            for path, when, label in recent
        ]

    @property
    def _width(self) -> int:
        return max(self.query_one(OptionList).scrollable_content_region.width, LEAST_WIDTH)

    def _line(self, name: str, folder: str, when: str) -> Content:
        """A name, its folder and a time, in columns."""
        room = self._width - WHEN_WIDTH - 3
        name = cut_middle(printable(name), room, ascii=is_ascii(self))
        left = room - cell_len(name)
        folder = cut_middle(folder, left, ascii=is_ascii(self)) if left > 3 else ""
        gap = " " * (left - cell_len(folder))
        return Content.assemble(
            name, (f"  {folder}{gap} {when:>{WHEN_WIDTH}}", "$foreground-muted")
        )

    # --- What is chosen ------------------------------------------------------------------------

    def action_move(self, how: str) -> None:
        getattr(self.query_one(OptionList), f"action_{how}")()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        option = self.query_one(OptionList).highlighted_option
        if option is not None and option.id is not None:
            self._choose(self._rows[int(option.id)])
        elif (match := self._meant(event.value)) is not None:
            self._choose(Row(match.text, match.is_folder))
        else:
            path = self.query_one(PathField).path
            if path is not None:
                self.dismiss(path)

    def _meant(self, typed: str) -> PathMatch | None:
        """What a text means: the path that is exactly this, or the only one that matches."""
        text, matches, _ = self._found
        if not typed or typed != text:
            return None
        names = (typed, typed + os.sep, typed + SUFFIX)
        exact = [match for match in matches if match.text in names]
        meant = exact or (matches if len(matches) == 1 else [])
        return meant[0] if meant else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id is not None:
            self._choose(self._rows[int(event.option.id)])

    def _choose(self, row: Row) -> None:
        if row.is_folder:
            self.query_one(PathField).ask(row.text)
        else:
            self.dismiss(Path(row.text).expanduser())

    def on_path_field_canceled(self, event: PathField.Canceled) -> None:
        event.stop()
        self.dismiss(None)


def _folder_of(typed: str) -> str:
    return path_from_home(os.path.abspath(os.path.expanduser(os.path.dirname(typed))))


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "bold $primary"), disabled=True)
