"""Footer: the keys that work where the focus is, in one line that is drawn as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from textual import events
from textual.app import RenderResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

TOOLTIP: Final = "Keys that work where the focus is; a click does what the key does."
GAP: Final = 2
"""Cells between two entries."""
_KEPT: Final = ("lessons", "help", "quit", "command_palette")
"""Actions of the application that are never left out, where they can be used at all."""


@dataclass(frozen=True)
class Entry:
    """What some keys do.

    Attributes:
        keys: Each as Textual calls it, and as it is shown.
        label: What they do.
        tooltip: The same in a sentence.
        enabled: Whether they can be used now.
    """

    keys: tuple[tuple[str, str], ...]
    label: str
    tooltip: str
    enabled: bool

    @property
    def text(self) -> str:
        """How it is written."""
        return f"{' '.join(shown for _, shown in self.keys)} {self.label}"


class Footer(Widget):
    """As many keys as fit, those of the focused widget first; a click does what a key does."""

    COMPONENT_CLASSES = {"footer--key", "footer--label"}  # noqa: RUF012

    DEFAULT_CSS = """
    Footer { dock: bottom; height: 1; background: $footer-background; }
    Footer > .footer--key { color: $footer-key-foreground; text-style: bold; }
    Footer > .footer--label { color: $footer-foreground; }
    """

    _entries: tuple[tuple[Entry, ...], tuple[Entry, ...]] = ((), ())
    _labels: Mapping[str, str] = MappingProxyType({})

    def begin_with(self, labels: Mapping[str, str]) -> None:
        """As `label`, before it is shown."""
        self._labels = labels

    def label(self, labels: Mapping[str, str]) -> None:
        """Calls some actions otherwise for now, and no others; one without a label is left out.

        Args:
            labels: By action.
        """
        if labels != self._labels:
            self._labels = labels
            self.call_after_refresh(self._show_keys)

    def on_mount(self) -> None:
        self.tooltip = TOOLTIP
        self.screen.bindings_updated_signal.subscribe(self, self._on_bindings_updated)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _on_bindings_updated(self, _: Screen[Any]) -> None:
        # Later: what closes with the loss of the focus is still there.
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        if self.is_attached and self.screen.is_current and self.app.app_focus:
            entries = self._offered()
            if entries != self._entries:
                self._entries = entries
                self.refresh()

    def _offered(self) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """The entries that may be left out, the most useful first, and those that may not."""
        active = self.screen.active_bindings
        kept: dict[str, ActiveBinding] = {}
        for item in active.values():
            action = item.binding.action.removeprefix("app.")
            if action in _KEPT and (item.binding.id or item.binding.show):
                kept.setdefault(action, item)
        taken = {item.binding.id for item in kept.values()}
        others = [
            item
            for item in active.values()
            if item.binding.show and self._labels.get(item.binding.action) != ""
        ]
        focused = self.screen.focused
        if focused is not None and focused.check_consume_key("x", "x") and "escape" in active:
            others.insert(0, active["escape"])
        if "enter" in active and active["enter"].binding.id is None:
            others.insert(0, active["enter"])
        once: dict[str, ActiveBinding] = {}
        for item in others:
            if item.binding.id not in taken:
                once.setdefault(item.binding.id or item.binding.action, item)
        return (
            tuple(self._grouped(once.values())),
            tuple(self._entry([kept[action]]) for action in _KEPT if action in kept),
        )

    def _grouped(self, items: Iterable[ActiveBinding]) -> Iterator[Entry]:
        """Those of a widget that have the same label in one entry."""
        groups: dict[tuple[object, ...], list[ActiveBinding]] = {}
        for item in items:
            group = (item.node, item.binding.description, item.enabled)
            groups.setdefault(group, []).append(item)
        return map(self._entry, groups.values())

    def _entry(self, items: Sequence[ActiveBinding]) -> Entry:
        first = items[0]
        keys = tuple((i.binding.key, self.app.get_key_display(i.binding)) for i in items)
        label = self._labels.get(first.binding.action, first.binding.description)
        return Entry(keys, label, first.tooltip or label, first.enabled)

    # --- Drawing -------------------------------------------------------------------------------

    def render(self) -> RenderResult:
        content = Content("")
        for entry, start in self._placed(self.size.width):
            content = content.pad_right(start - content.cell_length) + self._written(entry)
        return content

    def _placed(self, width: int) -> Iterator[tuple[Entry, int]]:
        """The entries that fit whole, and where each begins: the kept ones at the right edge."""
        offered, kept = self._entries
        widths = [Content(entry.text).cell_length + GAP for entry in kept]
        left, right = 1, max(1, width - 1 + GAP - sum(widths))
        for entry in offered:
            end = left + Content(entry.text).cell_length + GAP
            if end <= right:
                yield entry, left
                left = end
        for entry, taken in zip(kept, widths, strict=True):
            if right + taken - GAP <= width:
                yield entry, right
            right += taken

    def _written(self, entry: Entry) -> Content:
        key_style, label_style = map(self.get_visual_style, ("footer--key", "footer--label"))
        label = Content.styled(f" {entry.label}", label_style)
        parts = [
            Content.styled(shown, key_style).stylize(Style.from_meta({"key": key}))
            for key, shown in entry.keys
        ]
        # A click on the label is one on the last key.
        parts[-1] += label.stylize(Style.from_meta({"key": entry.keys[-1][0]}))
        content = Content(" ").join(parts).stylize(Style.from_meta({"tooltip": entry.tooltip}))
        return content if entry.enabled else content.stylize("dim")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.tooltip = event.style.meta.get("tooltip", TOOLTIP)

    def on_click(self, event: events.Click) -> None:
        if key := event.style.meta.get("key"):
            self.app.simulate_key(key)
