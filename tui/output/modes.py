"""The title of the output pane: what is shown, and the settings that a click on it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from ...core import Snapshot
from ..drawing.fitting import fitting
from ..key_words import with_keys
from .look import Look, View, hidden_layer, last_hidden
from .plane import axes_of

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Mode:
    """A setting that a click changes.

    Attributes:
        key: The key that does the same.
        words: Its name or value.
        brief: The same where there is less room.
        action: The pane's action.
        is_on: Whether it is on; None if it is not an on/off setting.
    """

    key: str
    words: str
    brief: str
    action: str
    is_on: bool | None = None

    def written(self, *, briefly: bool) -> Content:
        """Its key, a box if it is on or off, and its name."""
        box = "" if self.is_on is None else ("[x] " if self.is_on else "[ ] ")
        words = Content(f"{box}{self.brief if briefly else self.words}")
        click = Style.from_meta({"@click": self.action})
        return Content.assemble((f"{with_keys(self.key)} ", Style(bold=True)), words).stylize(click)


def modes_of(snapshot: Snapshot, look: Look, *, has_scale: bool) -> list[Mode]:
    """What can be changed now, the most important first.

    Args:
        snapshot: What is shown.
        look: How.
        has_scale: Whether the picture has shades.
    """
    if look.brush is not None:
        is_fit = snapshot.dataset.task == "regression"
        other = Mode(
            "c{output.class}",
            "other value, wheel + -" if is_fit else "other class",
            "other",
            "next_brush",
        )
        always = [
            Mode("x{output.delete}", "delete", "delete", "delete"),
            Mode("d{output.draw}", "done", "done", "draw"),
        ]
        return always if is_fit and len(snapshot.view) == 1 else [other, *always]
    view = look.view.value
    modes = [
        Mode("v{output.view}", view, view, "next_view"),
        Mode("t{output.tests}", "test samples", "tests", "show_tests", look.with_tests),
    ]
    if look.view is View.HIDDEN:
        layer, last = hidden_layer(snapshot, look), last_hidden(snapshot)
        words = (f"layer {layer} of {last}", f"layer {layer}") if layer else ("inputs",) * 2
        modes.insert(1, Mode("n{output.layer}", *words, "next_layer"))
    if look.view is View.PLANE:
        x, y = (snapshot.dataset.columns[column] for column in axes_of(snapshot.dataset, look))
        modes[1:1] = [
            Mode("a{output.across}", f"across: {x}", "across", "choose_column(0)"),
            Mode("u{output.upward}", f"up: {y}", "up", "choose_column(1)"),
        ]
    if len(snapshot.view) in (1, 2):
        modes.append(Mode("d{output.draw}", "draw", "draw", "draw"))
    if look.view in (View.MAP, View.PLANE) and has_scale:
        modes.append(
            Mode("i{output.discretize}", "discretize", "2 colours", "discretize", look.discretized)
        )
    return modes


def title(names: tuple[str, str], modes: Sequence[Mode], room: int) -> Content:
    """A name and the modes: all in full, or in brief as many as there is room for."""
    in_full, in_brief = map(Content, names)
    full = Content(_GAP).join([in_full, *(mode.written(briefly=False) for mode in modes)])
    if full.cell_length <= room:
        return full
    brief = [
        in_full if in_full.cell_length <= room else in_brief,
        *(mode.written(briefly=True) for mode in modes),
    ]
    shown = fitting([words.cell_length for words in brief], room, gap=len(_GAP))
    return Content(_GAP).join(brief[place] for place in shown)
