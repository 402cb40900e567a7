"""SettingsList: settings as rows that are drawn by one widget, in as many columns as fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Offset, Region, Size, Spacing
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from ..drawing.canvas import cut_end, padded_segments
from ..key_words import with_keys
from ..keys import bindings
from .basics import hidden_controls, is_ascii
from .settings import Action, Choice, Number, Section, Setting, Tick
from .settings_layout import ARROW, GAP, Parts, SettingsLayout, Shape, lay_out, parts_of, widths_of

_LEFT_BUTTON: Final = 1
_BOX: Final = "[x] "
# Two of border, two of padding, one for the scroll bar.
_LIST_FRAME: Final = 5


class SettingsList(Widget, can_focus=True):
    """Settings, with a cursor that the arrows move up and down; left and right turn a value.

    Args:
        settings: From top to bottom.
        values: What they show at first.
        least_column: Cells of the narrowest column; a wider list has several of them.
        most_columns: So many at the most.
        is_across: Whether the settings go across the columns, instead of down.
    """

    DEFAULT_CSS = """
    SettingsList { height: auto; width: 1fr; color: $foreground; layout: horizontal; }
    SettingsList > .settings--label { color: $text-muted; }
    SettingsList > .settings--row { background: $surface-active; }
    SettingsList > .settings--cursor-label { color: $foreground; text-style: bold; }
    SettingsList > .settings--value { color: $foreground; }
    SettingsList > .settings--cursor {
        color: $block-cursor-foreground; background: $block-cursor-background; text-style: bold;
    }
    SettingsList > .settings--filled { color: $primary; }
    SettingsList > .settings--track { color: $foreground-disabled; }
    SettingsList > .settings--handle { color: $foreground; text-style: bold; }
    SettingsList > .settings--alarm { color: $text-error; text-style: bold; }
    SettingsList > Input { background: $boost; }
    SettingsList > OptionList {
        height: auto; max-height: 12; overlay: screen; constrain: inside inside;
        padding: 0; border: tall $border-blurred; background: $surface;
    }
    SettingsList > OptionList > .option-list--option { padding: 0 1; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"settings--{name}"
        for name in (
            "label", "row", "cursor-label", "value", "cursor", "filled", "track", "handle", "alarm"
        )
    }  # fmt: skip

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up,k    | settings.up     | move(-1)  | Up      | The setting above
        down,j  | settings.down   | move(1)   | Down    | The setting below
        left,h  | settings.less   | turn(-1)  | Less    | The value below, or the name before
        right,l | settings.more   | turn(1)   | More    | The value above, or the name after
        home    | settings.least  | go_end(0) | Least   | The first value
        end     | settings.most   | go_end(-1) | Most   | The last value
        enter   | settings.change | enter     | *Change | Type a value, open a list, tick a box
        delete,x | settings.remove | remove   | Remove  | Remove what the setting belongs to
        escape  | settings.cancel | cancel    | Cancel  | Leave the value as it was
        """
    )

    @dataclass
    class _Sent(Message):
        settings: SettingsList

        @property
        def control(self) -> SettingsList:
            return self.settings

    @dataclass
    class Changed(_Sent):
        """The user changed a value."""

        name: str
        value: Any

    @dataclass
    class Rejected(_Sent):
        """The user typed something invalid; the sentence says why."""

        sentence: str

    @dataclass
    class Pressed(_Sent):
        """The user wants an action done."""

        name: str

    @dataclass
    class Removed(_Sent):
        """The user wants what a setting belongs to removed."""

        name: str

    def __init__(
        self,
        settings: Sequence[Setting],
        values: Mapping[str, Any],
        *,
        least_column: int = 34,
        most_columns: int = 8,
        is_across: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.cursor = ""
        self._values: dict[str, Any] = dict(values)
        self._hidden: Collection[str] = ()
        self._locked: Collection[str] = ()
        self._alarms: Collection[str] = ()
        self._removable: Collection[str] = ()
        self._meanings: Mapping[str, str] = {}
        self._opened: dict[str, bool] = {}
        self._shape = Shape(least_column, most_columns, is_across)
        # Cells and lines there were when it was last laid out.
        self._width = self._room = 0
        self._layout_now: SettingsLayout | None = None
        self._editor: Widget | None = None
        self._dragged: Number | None = None
        self._use(settings)

    def _use(self, settings: Sequence[Setting]) -> None:
        self._settings = tuple(settings)
        self._widths = widths_of(settings)
        self._layout_now = None

    # --- What it shows -------------------------------------------------------------------------

    def offer(
        self,
        settings: Sequence[Setting],
        values: Mapping[str, Any],
        *,
        least_column: int | None = None,
    ) -> None:
        """Shows other settings, without a message."""
        if self._current not in settings:
            # What is being typed or chosen no longer is what it was.
            self.close()
        if least_column is not None:
            self._shape = self._shape._replace(least_column=least_column)
        self._use(settings)
        self._values = dict(values)
        if self._current is None and settings:
            self.cursor = settings[-1].name
        self.refresh(layout=True)

    def show(
        self,
        values: Mapping[str, Any],
        *,
        hidden: Collection[str] | None = None,
        locked: Collection[str] | None = None,
        alarms: Collection[str] | None = None,
        removable: Collection[str] | None = None,
        meanings: Mapping[str, str] | None = None,
    ) -> None:
        """Shows values without a message; what is left out stays as it is.

        Args:
            values: By the names of the settings.
            hidden: Those that are out of sight.
            locked: Those that can't be changed.
            alarms: Those that stand out.
            removable: Those that end in a cross, to remove what they belong to.
            meanings: What a name stands for now, such as "tanh" for "auto".
        """
        self._values.update(values)
        self._locked = self._locked if locked is None else locked
        self._alarms = self._alarms if alarms is None else alarms
        self._removable = self._removable if removable is None else removable
        self._meanings = self._meanings if meanings is None else meanings
        is_other = hidden is not None and hidden != self._hidden
        if hidden is not None and is_other:
            self._hidden, self._layout_now = hidden, None
        self.refresh(layout=is_other)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All of them."""
        return self._settings

    def is_locked(self, name: str) -> bool:
        return name in self._locked

    def value(self, name: str) -> Any:
        return self._values[name]

    @property
    def shown(self) -> tuple[Setting, ...]:
        """The settings that are in sight."""
        return self.placed.shown

    def region_of(self, name: str) -> Region:
        """Where a setting that is in sight stands in the list."""
        return self.placed.region_of(name)

    @property
    def placed(self) -> SettingsLayout:
        """Where the settings in sight are."""
        if self._layout_now is None:
            listed = [s for s in self._settings if s.name not in self._unlisted]
            self._layout_now = lay_out(listed, self._opened, self._width, self._room, self._shape)
        return self._layout_now

    @property
    def _unlisted(self) -> set[str]:
        hidden, unlisted = hidden_controls(self), set(self._hidden)
        for setting in self._settings:
            # Settings of a layer are called by it: activation-0.
            if setting.name.partition("-")[0] in hidden:
                members = setting.members if isinstance(setting, Section) else ()
                unlisted |= {setting.name, *members}
        return unlisted

    def list_again(self) -> None:
        """Lists the settings that are not hidden now."""
        self._layout_now = None
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._width, self._room, self._layout_now = width, container.height, None
        return self.placed.rows

    def _parts(self, setting: Setting) -> Parts:
        value, name = self._values.get(setting.name), self._called(setting)
        return parts_of(setting, value, self._cells(setting), self._widths, name)

    def _cells(self, setting: Setting) -> int:
        return self.placed.cell - 2 * (setting.name in self._removable)

    def _called(self, setting: Setting) -> str:
        """What the value of a choice is called; where there is no room, only what it stands for."""
        if not isinstance(setting, Choice):
            return ""
        name = setting.shown(self._values.get(setting.name, ""))
        if not (meaning := self._meanings.get(setting.name)):
            return name
        room = self._cells(setting) - self._widths.label - 1 - ARROW
        both = f"{name}: {meaning}"
        return both if len(both) <= room else meaning

    # --- Drawing -------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        plain, placed = self.rich_style, self.placed
        segments: list[Segment] = []
        for setting in placed.row(y):
            strip = Strip(self._row(setting))
            segments += strip.adjust_cell_length(placed.cell, self._row_style(setting))
            segments.append(Segment(" " * GAP, plain))
        return Strip(segments).adjust_cell_length(self.content_size.width, plain)

    def _style(self, name: str) -> Style:
        # A partial style is white where the theme has text fade into whatever is below it.
        style = self.get_component_rich_style(f"settings--{name}")
        return style.without_color + Style(color=style.color)

    def _is_at_cursor(self, setting: Setting) -> bool:
        return setting.name == self.cursor and (self.has_focus or self.is_open)

    def _row_style(self, setting: Setting) -> Style:
        plain = self.rich_style
        return self._blended("row") if self._is_at_cursor(setting) else plain

    def _blended(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"settings--{name}")

    def _row(self, setting: Setting) -> list[Segment]:
        is_at, is_locked = self._is_at_cursor(setting), setting.name in self._locked
        row, parts = self._row_style(setting), self._parts(setting)
        label_style = row + self._style("cursor-label" if is_at else "label")
        value_style = row + self._style("label" if is_locked else "value")
        if is_at:
            value_style = self._blended("cursor")
        label = cut_end(setting.label, parts.label, ascii=self._ascii)
        segments = [Segment(set_cell_size(label, parts.value), label_style)] if parts.value else []
        room = parts.value_end - parts.value
        value: Any = self._values.get(setting.name)
        if isinstance(setting, Number):
            segments += padded_segments(f"{setting.format(value):>{room}}", value_style)
            if parts.track:
                segments += [Segment(" ", row), *self._track(setting, value, parts.track, row)]
        elif isinstance(setting, Choice):
            text = cut_end(self._called(setting), room - ARROW, ascii=self._ascii)
            arrow = "v" if self._ascii else "▾"
            text = set_cell_size(text, max(room - 1, 0))
            segments.append(Segment(f"{text}{arrow}", value_style))
        else:
            text = cut_end(self._text(setting), room, ascii=self._ascii)
            style = value_style if is_at or not isinstance(setting, Section) else label_style
            if setting.name in self._alarms and not is_at:
                style = row + self._style("alarm")
            segments.append(Segment(text, style))
        if setting.name in self._removable:
            segments.append(Segment(" x", label_style))
        return [segment for segment in segments if segment.text]

    @property
    def _ascii(self) -> bool:
        return is_ascii(self)

    def _text(self, setting: Setting) -> str:
        value = self._values.get(setting.name)
        if isinstance(setting, Tick):
            return (_BOX if value else _BOX.replace("x", " ")) + setting.label
        if isinstance(setting, Section):
            return f"{('>v' if self._ascii else '▸▾')[self._is_unfolded(setting)]} {value}"
        return setting.label

    def _is_unfolded(self, section: Section) -> bool:
        return any(setting.name in section.members for setting in self.shown)

    def _track(self, setting: Number, value: float, width: int, row: Style) -> list[Segment]:
        filled, handle, rest = "=o-" if self._ascii else "━●─"
        cell = round(setting.share(value) * (width - 1))
        parts = (
            (filled * cell, "filled"),
            (handle, "handle"),
            (rest * (width - 1 - cell), "track"),
        )
        return [Segment(text, row + self._style(name)) for text, name in parts if text]

    # --- The cursor ----------------------------------------------------------------------------

    @property
    def _current(self) -> Setting | None:
        return next((s for s in self.shown if s.name == self.cursor), None)

    def go_to(self, name: str) -> None:
        """Moves the cursor to a setting that is in sight, and scrolls to it."""
        self.cursor = name
        region = self.region_of(name)
        if isinstance(self.parent, Widget):
            place = region.translate(self.region.offset - self.parent.region.offset)
            place = place.translate(self.parent.scroll_offset)
            self.parent.scroll_to_region(place, animate=False, force=True, spacing=Spacing())
        self.refresh()
        self.refresh_bindings()

    def on_focus(self) -> None:
        shown = self.shown
        if shown and self._current is None:
            self.cursor = shown[0].name
        if shown:
            self.go_to(self.cursor)

    def enter_from(self, by: int) -> None:
        """Takes the focus, from above (by > 0) or below: at the first or the last setting."""
        self.cursor = self.shown[0 if by > 0 else -1].name
        self.focus()

    @property
    def is_grid(self) -> bool:
        """Whether left and right move the cursor: nothing can be turned."""
        return self._shape.is_across and all(isinstance(s, Tick | Action) for s in self._settings)

    def action_move(self, by: int) -> None:
        self._move(by * self.placed.columns if self.is_grid else by)

    def _move(self, by: int) -> None:
        names = [setting.name for setting in self.shown]
        place = names.index(self.cursor) + by if self.cursor in names else 0
        if not 0 <= place < len(names):
            raise SkipAction
        self.go_to(names[place])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "cancel":
            return self.is_open
        if action in ("move", "turn", "go_end", "enter", "remove"):
            is_removable = action != "remove" or self.cursor in self._removable
            return not self.is_open and is_removable
        return super().check_action(action, parameters)

    # --- Turning -------------------------------------------------------------------------------

    def _set(self, setting: Setting, value: Any) -> None:
        if value != self._values.get(setting.name) and setting.name not in self._locked:
            self._values[setting.name] = value
            self.refresh()
            self.post_message(self.Changed(self, setting.name, value))

    def action_turn(self, by: int) -> None:
        if self.is_grid:
            self._move(by)
        elif (setting := self._current) is not None:
            self._set(setting, setting.turned(self._values.get(setting.name), by))

    def action_go_end(self, place: int) -> None:
        if (setting := self._current) is not None:
            self._set(setting, setting.end(self._values.get(setting.name), place))

    async def action_enter(self) -> None:
        setting = self._current
        if setting is None or setting.name in self._locked or self.is_open:
            return
        if isinstance(setting, Number):
            await self._type(setting)
        elif isinstance(setting, Choice):
            await self._list(setting)
        elif isinstance(setting, Tick):
            self._set(setting, not self._values[setting.name])
        elif isinstance(setting, Section):
            self._opened[setting.name] = not self._is_unfolded(setting)
            self._layout_now = None
            self.refresh(layout=True)
            self.call_after_refresh(self.go_to, setting.name)
        elif isinstance(setting, Action):
            self.post_message(self.Pressed(self, setting.name))

    def action_remove(self) -> None:
        self.post_message(self.Removed(self, self.cursor))

    # --- The mouse -----------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        offset = event.get_content_offset(self)
        if event.button != _LEFT_BUTTON or offset is None or self.is_open:
            return
        setting, x = self.placed.setting_at(*offset)
        if setting is not None:
            self.cursor = setting.name
            self.refresh()
        if isinstance(setting, Number):
            parts = self._parts(setting)
            if 0 < x - parts.value_end <= parts.track:
                self._dragged = setting
                self.capture_mouse()
                self._drag(offset.x)

    def _drag(self, x: int) -> None:
        setting = self._dragged
        # An undo meanwhile may hide it.
        if setting is not None and setting in self.shown:
            parts, left = self._parts(setting), self.region_of(setting.name).x
            share = (x - left - parts.value_end - 1) / max(parts.track - 1, 1)
            self._set(setting, setting.at(share))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged is not None:
            self._drag(event.get_content_offset_capture(self).x)
        elif (offset := event.get_content_offset(self)) is not None:
            setting, _ = self.placed.setting_at(*offset)
            tooltip = None if setting is None else with_keys(setting.tooltip)
            if tooltip is not None and self.tooltip != tooltip:
                self.tooltip = tooltip

    def on_mouse_up(self) -> None:
        if self._dragged is not None:
            self._dragged = None
            self.release_mouse()

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self.is_open:
            return
        setting, x = self.placed.setting_at(*offset)
        if setting is None or setting.name != self.cursor:
            return
        parts = self._parts(setting)
        if setting.name in self._removable and x >= self.placed.cell - 1:
            self.action_remove()
        elif parts.value <= x < parts.value_end:
            await self.action_enter()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._turn_by_wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._turn_by_wheel(event, -1)

    def _turn_by_wheel(self, event: events.MouseEvent, by: int) -> None:
        """Turns the number under the pointer if the cursor is on it; else it scrolls."""
        offset = event.get_content_offset(self)
        setting = None if offset is None else self.placed.setting_at(*offset)[0]
        if self.has_focus and isinstance(setting, Number) and setting.name == self.cursor:
            event.stop()
            self.action_turn(by)

    # --- Typing and choosing -------------------------------------------------------------------

    async def _type(self, setting: Number) -> None:
        text = setting.format(self._values[setting.name]).strip()
        parts = self._parts(setting)
        field = Input(text, compact=True, select_on_focus=True)
        region = self.region_of(setting.name)
        field.styles.margin = (region.y, 0, 0, region.x + parts.value)
        field.styles.width = max(parts.value_end - parts.value, 6)
        await self._open(field, setting)

    async def _list(self, setting: Choice) -> None:
        options = [Option(shown, id=f"option-{n}") for n, (shown, _) in enumerate(setting.options)]
        listed = OptionList(*options)
        listed.highlighted = setting.place(self._values[setting.name])
        listed.styles.width = max(len(shown) for shown, _ in setting.options) + _LIST_FRAME
        row = self.region_of(setting.name).translate(self.content_region.offset)
        listed.absolute_offset = Offset(row.x + self._parts(setting).value, row.bottom)
        await self._open(listed, setting)

    async def _open(self, widget: Widget, setting: Setting) -> None:
        widget.tooltip = with_keys(setting.tooltip)
        self._editor = widget
        await self.mount(widget)
        widget.focus()

    @property
    def is_open(self) -> bool:
        """Whether a value is being typed or chosen."""
        return self._editor is not None

    def close(self) -> None:
        """Ends typing and choosing."""
        if (editor := self._editor) is not None:
            self._editor = None
            if editor.has_focus:
                self.focus()
            editor.remove()
            # The footer offers to type again.
            self.refresh_bindings()
            self.refresh()

    def action_cancel(self) -> None:
        self.close()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        setting = self._current
        if not isinstance(setting, Number):
            return
        try:
            value = setting.parse(event.value.strip())
        except ValueError as error:
            event.input.add_class("-invalid")
            self.post_message(self.Rejected(self, str(error)))
            return
        self.close()
        self._set(setting, value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        event.input.remove_class("-invalid")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        setting = self._current
        self.close()
        if isinstance(setting, Choice):
            self._set(setting, setting.values[event.option_index])

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        if event.widget is self._editor:
            self.close()
