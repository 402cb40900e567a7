"""The legend of the output pane: what colours and signs mean, and the modes, to be clicked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.color import Color
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.theme import Theme
from textual.widgets import Static

from ..drawing.heatmap import heat_character
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL, diverging, readable
from ..widgets.ascii import is_ascii
from ..widgets.background import background_color
from .look import quiet_color

SCALE_CELLS = 13
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Sign:
    """A character on the picture, and what it stands for.

    Attributes:
        glyph: It.
        name: What it stands for.
        color: Its colour.
    """

    glyph: str
    name: str
    color: Color


@dataclass(frozen=True, slots=True)
class Mode:
    """A word that a click turns.

    Attributes:
        key: The key that does the same.
        words: What it turns, and to what.
        action: The pane's action.
        is_on: Whether it is; None for what is not on or off.
    """

    key: str
    words: str
    action: str
    is_on: bool | None = None


@dataclass(frozen=True, slots=True)
class LegendFacts:
    """What a legend says.

    Attributes:
        limit: The number of the full colour; None without a scale.
        strength: How strong the colours of the scale are.
        signs: The characters on the picture; the first two stand at the ends of a scale.
        remarks: What is to be said beside the picture, the most important first.
        brief: What of it is said below the picture, where there is less room.
        modes: What can be turned.
        ends: Whether the first two signs are those of the scale's ends.
    """

    limit: float | None = None
    strength: float = 1.0
    signs: tuple[Sign, ...] = ()
    remarks: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ()
    ends: bool = False


class OutputLegend(Static):
    """Beside the picture a line for each thing; below it one line for all, and one for modes."""

    DEFAULT_CSS = """
    OutputLegend {
        link-style: none;
        link-color: $foreground;
        link-background: transparent;
        link-style-hover: underline;
        link-color-hover: $primary;
        link-background-hover: transparent;
    }
    """

    @dataclass
    class Turned(Message):
        """A mode was clicked; the action is the pane's."""

        action: str

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._facts = LegendFacts()
        self._is_beside = False

    def show(self, facts: LegendFacts, *, beside: bool) -> None:
        """Says something; what it says already costs nothing.

        Args:
            facts: What.
            beside: Whether it stands beside the picture, and not below.
        """
        if (facts, beside) != (self._facts, self._is_beside):
            self._facts, self._is_beside = facts, beside
            self._write()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._write_in_colors)

    def _write_in_colors(self, _: Theme) -> None:
        self.call_after_refresh(self._write)

    def on_resize(self) -> None:
        self._write()

    def action_turn(self, action: str) -> None:
        self.post_message(self.Turned(action))

    def _write(self) -> None:
        # It has the size that the pane gives it.
        self.update(self._beside() if self._is_beside else self._below(), layout=False)

    def _beside(self) -> Content:
        facts, lines = self._facts, []
        if facts.limit is not None:
            lines.append(self._scale(facts.limit))
        lines += [*map(self._sign, facts.signs), *map(self._quiet, facts.remarks)]
        if facts.modes:
            lines += [Content(""), *map(_mode, facts.modes)]
        return Content("\n").join(lines)

    def _below(self) -> Content:
        facts, parts = self._facts, []
        signs = [self._sign(sign) for sign in facts.signs]
        if facts.limit is not None:
            scale = self._scale(facts.limit)
            if facts.ends and len(signs) == 2:
                left, right = signs
                parts.append(Content(" ").join([left, scale, right]))
                signs = []
            else:
                parts.append(scale)
        parts += [*signs, *map(self._quiet, facts.brief)]
        width = self.container_size.width
        first = _fitting(parts, width)
        return Content("\n").join([first, Content(_GAP).join(map(_mode, facts.modes))])

    def _scale(self, limit: float) -> Content:
        """A strip of the colours with the numbers at its ends, and the zero in its middle."""
        table = diverging(background_color(self), strength=self._facts.strength)
        plain = bool(is_ascii(self) or self.app.no_color)
        cells = []
        for k in range(SCALE_CELLS):
            level = round(k * (LEVELS - 1) / (SCALE_CELLS - 1))
            character = heat_character(level) if plain else " "
            if k == SCALE_CELLS // 2:
                level, character = NEUTRAL_LEVEL, "0"
            background = table[level]
            cells.append((character, Style(background, background.get_contrast_text(1.0))))
        left, right = (self._quiet(text) for text in (f"{-limit:.3g} ", f"{limit:+.3g}"))
        return Content.assemble(left, *cells, " ", right)

    def _sign(self, sign: Sign) -> Content:
        color = readable(sign.color, background_color(self))
        text = f"{sign.glyph} {sign.name}" if sign.glyph != sign.name else sign.name
        return Content.styled(text, Style(foreground=color))

    def _quiet(self, text: str) -> Content:
        return Content.styled(text, Style(foreground=quiet_color(background_color(self))))


def _mode(mode: Mode) -> Content:
    box = "" if mode.is_on is None else ("[x] " if mode.is_on else "[ ] ")
    click = Style.from_meta({"@click": f"turn('{mode.action}')"})
    return Content.assemble((f"{mode.key} ", Style(bold=True)), f"{box}{mode.words}").stylize(click)


def _fitting(parts: Sequence[Content], width: int) -> Content:
    """As many parts in one line as there is room for."""
    return Content(_GAP).join(_taken(parts, width))


def _taken(parts: Sequence[Content], width: int) -> Iterator[Content]:
    used = 0
    for part in parts:
        used += part.cell_length + len(_GAP)
        if used - len(_GAP) > width:
            return
        yield part
