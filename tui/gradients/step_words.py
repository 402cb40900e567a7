"""What the last step did, and what learning rates would do, in sentences."""

from __future__ import annotations

import math
from typing import Final

from ...core.diagnosis.rate_finder import RateSweep
from ...core.diagnosis.step_report import GradientLine, StepReport
from ..drawing.numbers import signed

AS_PREDICTED: Final = 0.8
HALF: Final = 0.5
NUMBER: Final = 9


def numbers_of_step(report: StepReport) -> str:
    """The loss of the batch before and after, and its predicted and actual change, in one line."""
    return (
        f"predicted {_change(report.predicted)}, actual {_change(report.actual)}, "
        f"loss {report.before:.3g} -> {report.after:.3g}"
    )


def words_on_step(report: StepReport) -> str:
    """What these numbers mean."""
    predicted, actual = report.predicted, report.actual
    if not math.isfinite(actual) or not math.isfinite(predicted):
        return "The loss is no number any more: the step was far too long."
    if predicted == 0.0:
        return "The gradient is 0: nothing moved."
    if predicted > 0.0:
        return "The update went up the slope: momentum or a sabotage does that."
    share = actual / predicted
    if share < 0.0:
        return "The loss rose: too long a step. Press [ for a smaller rate."
    if share < HALF:
        return f"{share:.0%} of it: the slope bends; the rate is near its limit."
    if share < AS_PREDICTED:
        return f"{share:.0%} of it: the slope bends a little on the way down."
    return f"{share:.0%} of it: a step short enough for the slope."


def words_on_rate(line: GradientLine, rate: float) -> str:
    """What a step of a learning rate would do.

    Args:
        line: The losses along the gradient.
        rate: The one in force.
    """
    after = _loss_at(line, rate)
    best = f"lowest at {line.best:.2g}{'+' if line.best == line.rates[-1] else ''}"
    if not math.isfinite(after) or after > line.here:
        return f"A step of {rate:g}: loss {after - line.here:+.2g}, too large; {best}."
    return f"A step of {rate:g}: loss {after - line.here:+.2g}; {best}."


def words_on_sweep(sweep: RateSweep) -> str:
    """What a finder found, and what to do with it."""
    if not math.isfinite(sweep.suggestion):
        return "No rate makes the loss of a copy fall. escape leaves."
    return f"A copy was trained at each: enter takes {sweep.suggestion:g}, escape leaves."


def _loss_at(line: GradientLine, rate: float) -> float:
    place = int(abs(line.rates - rate).argmin())
    return float(line.losses[place])


def _change(change: float) -> str:
    return signed(change, NUMBER).strip()
