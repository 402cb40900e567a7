"""What the legend and the border of the output pane say."""

from __future__ import annotations

from dataclasses import dataclass

from textual.color import Color

from ...core import Snapshot
from ...datasets import Dataset
from ..drawing.palette import NEGATIVE, POSITIVE
from ..selection import Unit
from .brush import Brush
from .legend import LegendFacts, Mode, Sign
from .picture import Picture
from .plane import TOO_HIGH, TOO_LOW
from .points import MAX_POINTS, class_colors, class_glyphs
from .report import accuracies, fit_of
from .view import View

# How strong the map's colours get, so that points stand out.
STRENGTH = 0.62


@dataclass(frozen=True, slots=True)
class Modes:
    """What the user turned.

    Attributes:
        view: What is looked at.
        with_tests: Whether test points are shown.
        discretized: Whether the map has but two colours.
        brush: What a click draws; None outside the drawing mode.
    """

    view: View
    with_tests: bool
    discretized: bool
    brush: Brush | None


def legend_facts(
    snapshot: Snapshot, modes: Modes, picture: Picture | None, unit: Unit | None
) -> LegendFacts:
    """What the legend says.

    Args:
        snapshot: What is shown.
        modes: How.
        picture: Its picture; None where the view has none.
        unit: The unit that is looked at; None for the network's output.
    """
    if modes.brush is not None:
        return _drawing_facts(snapshot, modes.brush)
    words = _mode_words(snapshot, modes, picture)
    if modes.view is View.REPORT:
        remark = _report_remark(snapshot)
        return LegendFacts(remarks=(remark,), brief=(remark,), modes=words)
    if modes.view is View.RESIDUALS:
        return _residual_facts(snapshot, modes, picture, words)
    limit = None if picture is None else picture.limit
    if unit is not None:
        signs = _signs(("negative", "positive"), ["-", "+"])
        remark = "this neuron's own scale"
        return LegendFacts(limit, STRENGTH, signs, (remark,), (remark,), words, ends=True)
    remarks = (_train_words(modes), *_more_remarks(snapshot, modes))
    brief = (_brief(modes),)
    signs = _data_signs(snapshot, modes.view)
    return LegendFacts(limit, STRENGTH, signs, remarks, brief, words, ends=len(signs) == 2)


def _data_signs(snapshot: Snapshot, view: View) -> tuple[Sign, ...]:
    dataset = snapshot.dataset
    curve = (Sign("~", "network", Color.parse(POSITIVE)),) if view is View.CURVE else ()
    if dataset.task == "classification":
        colors = class_colors(dataset.n_classes)
        looks = zip(class_glyphs(dataset), dataset.classes, colors, strict=True)
        # Of many classes each has a curve, in its own colour.
        return (*(Sign(*look) for look in looks), *(curve if dataset.n_classes == 2 else ()))
    if curve:
        return (Sign("o", "point", Color.parse(NEGATIVE)), *curve)
    return _signs(("below", "above the mean"), ["o", "x"])


def _signs(names: tuple[str, str], glyphs: list[str]) -> tuple[Sign, ...]:
    colors = (Color.parse(NEGATIVE), Color.parse(POSITIVE))
    return tuple(Sign(*look) for look in zip(glyphs, names, colors, strict=True))


def _residual_facts(
    snapshot: Snapshot, shown: Modes, picture: Picture | None, words: tuple[Mode, ...]
) -> LegendFacts:
    if len(snapshot.view) == 1:
        brief = (_brief(shown), "true minus output, on the line: 0")
        return LegendFacts(brief=brief, modes=words)
    signs = _signs(("output too high", "too low"), [TOO_HIGH[1:], TOO_LOW[1:]])
    limit = None if picture is None else picture.limit
    remarks = ("true minus output", ". is next to nothing")
    return LegendFacts(limit, 1.0, signs, remarks, (), words, ends=True)


def _train_words(modes: Modes) -> str:
    return "bold trains, the others test" if modes.with_tests else "training points alone"


def _brief(modes: Modes) -> str:
    return "bold trains" if modes.with_tests else "training points alone"


def _more_remarks(snapshot: Snapshot, modes: Modes) -> tuple[str, ...]:
    remarks = []
    if snapshot.dataset.task == "classification":
        remarks.append("CAPITAL on a patch: wrong")
    parts = (snapshot.train_rows, snapshot.test_rows if modes.with_tests else ())
    drawn = sum(min(len(rows), MAX_POINTS) for rows in parts)
    there = sum(map(len, parts))
    if drawn < there:
        remarks.append(f"{drawn:,} of {there:,} points drawn")
    return tuple(remarks)


def _report_remark(snapshot: Snapshot) -> str:
    if snapshot.dataset.task == "classification":
        return f"accuracy: {accuracies(snapshot)}"
    return "on the line: predicted exactly"


def _mode_words(snapshot: Snapshot, modes: Modes, picture: Picture | None) -> tuple[Mode, ...]:
    words = [Mode("v", modes.view.value, "next_view")]
    if modes.view is View.MAP and picture is not None and picture.limit is not None:
        words.append(Mode("i", "discretize", "discretize", modes.discretized))
    words.append(Mode("t", "test points", "show_tests", modes.with_tests))
    if len(snapshot.view) in (1, 2):
        words.append(Mode("d", "draw", "draw"))
    return tuple(words)


def _drawing_facts(snapshot: Snapshot, brush: Brush) -> LegendFacts:
    dataset = snapshot.dataset
    modes = (Mode("x", "delete", "delete"), Mode("d", "done", "draw"))
    away = ("on a point: deletes",)
    if dataset.task == "regression" and len(snapshot.view) == 1:
        signs: tuple[Sign, ...] = (Sign("click:", "adds a point", Color.parse(NEGATIVE)),)
        return LegendFacts(signs=signs, remarks=away, brief=away, modes=modes)
    what = "class" if dataset.task == "classification" else "value, wheel + -"
    signs = (
        _brush_sign("click:", brush, dataset),
        _brush_sign("right:", brush.other(dataset), dataset),
    )
    words = (Mode("c", f"other {what}", "next_brush"), *modes)
    return LegendFacts(signs=signs, remarks=away, brief=away, modes=words)


def _brush_sign(button: str, brush: Brush, dataset: Dataset) -> Sign:
    if dataset.task == "classification":
        color = class_colors(dataset.n_classes)[brush.label]
    else:
        color = Color.parse(POSITIVE if brush.target(dataset) > 0.0 else NEGATIVE)
    return Sign(button, brush.words(dataset), color)


def title(snapshot: Snapshot, modes: Modes, unit: Unit | None) -> str:
    """What the border says above."""
    drawing = ", drawing" if modes.brush is not None else ""
    if unit is None:
        return f"Output  {modes.view.value}{drawing}"
    if unit.column == 0:
        return f"Input {snapshot.inputs[unit.unit]}{drawing}"
    is_last = unit.column == len(snapshot.sizes) - 1
    layer = "the output layer" if is_last else f"layer {unit.column}"
    activation = snapshot.activations[unit.column - 1]
    return f"Output of {layer}, neuron {unit.unit} ({activation}){drawing}"


def score(snapshot: Snapshot) -> str:
    """How well it does on what it did not learn from, for the border below."""
    has_tests = len(snapshot.test_rows) > 0
    rows = snapshot.test_rows if has_tests else snapshot.train_rows
    part = "test" if has_tests else "training"
    if snapshot.dataset.task == "regression":
        return f"R^2 {fit_of(snapshot, rows).r_squared:.3f} of {len(rows):,} {part} points"
    e = snapshot.evaluation
    share = e.test_accuracy if has_tests else e.train_accuracy
    wrong = round((1.0 - (share or 0.0)) * len(rows))
    return f"{wrong:,} of {len(rows):,} {part} points wrong"
