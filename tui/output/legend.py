"""The legend of the output pane: what colours and signs mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.color import Color
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from ...core import Snapshot
from ...datasets import Dataset
from ..drawing.fitting import fitting
from ..drawing.heatmap import heat_character
from ..drawing.numbers import percent
from ..drawing.palette import (
    LEVELS,
    NEGATIVE,
    NEUTRAL_LEVEL,
    POSITIVE,
    character_color,
    class_colors,
    class_glyphs,
    diverging,
    quiet,
    readable,
)
from ..widgets.basics import background_color, shows_characters
from .look import Brush, Look, View, hidden_layer, last_hidden
from .paint import TOO_HIGH, TOO_LOW
from .picture import MAX_POINTS, Picture

STRENGTH: Final = 0.62
"""How strong the map's colours get, so that samples stand out."""
SCALE_CELLS: Final = 13
_GAP: Final = "  "
_COLORS: Final = (Color.parse(NEGATIVE), Color.parse(POSITIVE))


@dataclass(frozen=True, slots=True)
class Sign:
    """A character on the picture, its name, and its colour."""

    glyph: str
    name: str
    color: Color


@dataclass(frozen=True, slots=True)
class LegendFacts:
    """What a legend says.

    Attributes:
        limit: The number of the full colour; None without a scale.
        strength: How strong the colours of the scale are.
        signs: The characters on the picture; two of them may label the ends of the scale.
        remarks: What is said beside the picture, the most important first.
        brief: What is said below the picture, where there is less room.
        ends: Whether the two signs label the ends of the scale.
    """

    limit: float | None = None
    strength: float = 1.0
    signs: tuple[Sign, ...] = ()
    remarks: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()
    ends: bool = False


def legend_facts(snapshot: Snapshot, look: Look, picture: Picture | None) -> LegendFacts:
    """What the legend says.

    Args:
        snapshot: What is shown.
        look: How.
        picture: Its picture; None where the view has none.
    """
    if look.brush is not None:
        return _drawing_facts(snapshot, look.brush)
    limit = None if picture is None else picture.limit
    return _view_facts(snapshot, look, limit)


def _view_facts(snapshot: Snapshot, look: Look, limit: float | None) -> LegendFacts:
    parts = brief = "training samples only"
    if look.with_tests:
        parts, brief = "bold: training, dim: test", "bold: training"
    has_classes = snapshot.dataset.task == "classification"
    if look.view is View.REPORT:
        remark = _accuracies(snapshot) if has_classes else "on the line: exact"
        return LegendFacts(remarks=(remark,), brief=(remark,))
    if look.view is View.RESIDUALS and len(snapshot.view) == 1:
        return LegendFacts(brief=(brief, "true minus output, 0 on the line"))
    if look.view is View.RESIDUALS:
        signs = _signs(("output too high", "too low"), (TOO_HIGH[1:], TOO_LOW[1:]))
        notes = ("true minus output", ".: close to 0")
        return LegendFacts(limit, 1.0, signs, notes, ends=True)
    if look.unit is not None:
        signs, remark = _signs(("negative", "positive"), "-+"), "this neuron's own scale"
        return LegendFacts(limit, STRENGTH, signs, (remark,), (remark,), ends=True)
    signs, more = _data_signs(snapshot.dataset, look.view), []
    if has_classes:
        more.append("inverted CAPITAL: wrong")
    shown = (snapshot.train_rows, snapshot.test_rows if look.with_tests else ())
    drawn, n_samples = sum(min(len(rows), MAX_POINTS) for rows in shown), sum(map(len, shown))
    if drawn < n_samples:
        more.append(f"{drawn:,} of {n_samples:,} samples drawn")
    ends = len(signs) == 2
    if look.view is View.HIDDEN:
        return LegendFacts(limit, STRENGTH, signs, brief=_hidden_notes(snapshot, look), ends=ends)
    return LegendFacts(limit, STRENGTH, signs, (parts, *more), (brief,), ends=ends)


def _hidden_notes(snapshot: Snapshot, look: Look) -> tuple[str, ...]:
    is_last = hidden_layer(snapshot, look) == last_hidden(snapshot)
    line = ("line: output 0",) if is_last and snapshot.dataset.n_classes == 2 else ()
    return (*line, *(("grid: inputs",) if snapshot.view else ()))


def _accuracies(snapshot: Snapshot) -> str:
    e = snapshot.evaluation
    known = [("test", e.test_accuracy), ("training", e.train_accuracy)]
    return "accuracy: " + ", ".join(f"{n} {percent(a).strip()}" for n, a in known if a is not None)


def _data_signs(dataset: Dataset, view: View) -> tuple[Sign, ...]:
    curve = (Sign("~", "network", _COLORS[1]),) if view is View.CURVE else ()
    if dataset.task == "classification":
        signs = map(Sign, class_glyphs(dataset), dataset.classes, class_colors(dataset.n_classes))
        # Of many classes each has a curve, in its own colour.
        return (*signs, *(curve if dataset.n_classes == 2 else ()))
    if curve:
        return (Sign("o", "sample", _COLORS[0]), *curve)
    return _signs(("below", "above the mean"), "ox")


def _signs(names: Sequence[str], glyphs: Sequence[str]) -> tuple[Sign, ...]:
    return tuple(map(Sign, glyphs, names, _COLORS))


def _drawing_facts(snapshot: Snapshot, brush: Brush) -> LegendFacts:
    dataset = snapshot.dataset
    away = ("on a sample: deletes",)
    if dataset.task == "regression" and len(snapshot.view) == 1:
        signs = (Sign("click:", "adds a sample", _COLORS[0]),)
        return LegendFacts(signs=signs, remarks=away, brief=away)
    brushes = {"click:": brush, "right:": brush.other(dataset)}
    return LegendFacts(
        signs=tuple(_brush_sign(button, brush, dataset) for button, brush in brushes.items()),
        remarks=away,
        brief=away,
    )


def _brush_sign(button: str, brush: Brush, dataset: Dataset) -> Sign:
    if dataset.task == "classification":
        color = class_colors(dataset.n_classes)[brush.label]
    else:
        color = _COLORS[brush.target(dataset) > 0.0]
    return Sign(button, brush.words(dataset), color)


class OutputLegend(Static):
    """Beside the picture a line for each thing; below it one line, of what there is room for."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._facts = LegendFacts()
        self._is_beside = False

    def show(self, facts: LegendFacts, *, beside: bool) -> None:
        """Shows facts beside the picture or below it; the same facts again cost nothing."""
        if (facts, beside) != (self._facts, self._is_beside):
            self._facts, self._is_beside = facts, beside
            self._write()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(
            self, lambda _: self.call_after_refresh(self._write)
        )

    def on_resize(self) -> None:
        self._write()

    def _write(self) -> None:
        # The pane decides its size.
        self.update(self._beside() if self._is_beside else self._below(), layout=False)

    def _beside(self) -> Content:
        facts, lines = self._facts, []
        if facts.limit is not None:
            lines.append(self._scale(facts.limit))
        lines += [*map(self._sign, facts.signs), *map(self._quiet, facts.remarks)]
        return Content("\n").join(lines)

    def _below(self) -> Content:
        facts, width, parts = self._facts, self.size.width, [*map(self._sign, self._facts.signs)]
        if facts.limit is not None:
            scale = self._scale(facts.limit)
            if facts.ends and len(parts) == 2:
                with_scale = Content(" ").join([parts[0], scale, parts[1]])
                parts = [with_scale] if with_scale.cell_length <= width else parts
            else:
                parts = [scale, *parts]
        parts += map(self._quiet, facts.brief)
        shown = fitting([part.cell_length for part in parts], width, gap=len(_GAP))
        return Content(_GAP).join(parts[place] for place in shown)

    def _scale(self, limit: float) -> Content:
        """A strip of the colours, with numbers at its ends and zero in its middle."""
        table = diverging(background_color(self), strength=self._facts.strength)
        plain = shows_characters(self)
        cells = []
        for k in range(SCALE_CELLS):
            level = round(k * (LEVELS - 1) / (SCALE_CELLS - 1))
            character = heat_character(level) if plain else " "
            if k == SCALE_CELLS // 2:
                level, character = NEUTRAL_LEVEL, "0"
            background = table[level]
            cells.append((character, Style(background, character_color(table, level))))
        left, right = (self._quiet(text) for text in (f"{-limit:.3g} ", f"{limit:+.3g}"))
        return Content.assemble(left, *cells, " ", right)

    def _sign(self, sign: Sign) -> Content:
        color = readable(sign.color, background_color(self))
        text = f"{sign.glyph} {sign.name}" if sign.glyph != sign.name else sign.name
        return Content.styled(text, Style(foreground=color))

    def _quiet(self, text: str) -> Content:
        return Content.styled(text, Style(foreground=quiet(background_color(self))))
