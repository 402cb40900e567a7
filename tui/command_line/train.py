"""Training without a screen: the steps, the clock, the outcome, and what is printed."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import numpy as np
from rich.console import Console

from ...core import Session
from ...core.diagnosis.baselines import baselines, score
from ...core.diagnosis.result import as_line, notes_of
from ...core.training import Evaluation
from ...core.training.history import CURVES, Curves
from ...datasets import FloatArray
from ..drawing.axes import log_axis
from ..drawing.depth import Depth
from ..drawing.numbers import loss_text, percent
from ..signals import signals_as_event
from .outcome import Outcome
from .result import result_of
from .terminal import terminal_depth

# How long Ctrl-C may have to wait, unless a single step takes longer.
CHUNK_SECONDS = 0.05
REPORTS = 10

MAX_WIDTH = 100
MIN_WIDTH = 40
HEIGHT = 16
_COLOURS = {"train": "blue+", "test": "orange+"}
_MARKERS = {"train": "*", "test": "o"}

Watch = Callable[[Session], None]
"""Called with the session between steps, to show its progress."""


def train(session: Session, *, epochs: int, watch: Watch, interrupt: threading.Event) -> Outcome:
    """Trains for some epochs, as fast as possible.

    Args:
        session: A new one; its pace is ignored.
        epochs: How many, at least 1.
        watch: Called every `CHUNK_SECONDS` or so, and after each epoch that `is_reported`.
        interrupt: Ends the training when set.
    """
    last = epochs * session.steps_per_epoch
    milestone = report_interval(epochs) * session.steps_per_epoch
    seconds, chunk, interrupted = 0.0, 1, False
    session.prepare(last)
    while session.step < last and session.state not in ("diverged", "failed"):
        if (interrupted := interrupt.is_set()) or session.snapshot(grid=(1, 1)).stopped:
            break
        steps = min(chunk, milestone - session.step % milestone, last - session.step)
        started = time.perf_counter()
        session.advance(steps)
        took = time.perf_counter() - started
        seconds += took
        chunk = max(1, min(2 * steps, int(steps * CHUNK_SECONDS / max(took, 1e-9))))
        watch(session)
    return outcome_of(session, seconds, interrupted=interrupted)


def outcome_of(session: Session, seconds: float, *, interrupted: bool) -> Outcome:
    """What a session has come to, after so many seconds of training."""
    snapshot = session.snapshot(grid=(1, 1))
    return Outcome(snapshot=snapshot, seed=session.seed, seconds=seconds, interrupted=interrupted)


def compared(outcome: Outcome, stopped: Callable[[], bool]) -> Outcome:
    """The outcome beside what is reached without a network; as it is if it ended early.

    Args:
        outcome: What was trained.
        stopped: Asked every few steps; true ends it early.
    """
    snapshot = outcome.snapshot
    if snapshot.failure is not None or outcome.interrupted:
        return outcome
    samples = snapshot.dataset, snapshot.train_rows, snapshot.test_rows
    found = baselines(*samples, stopped=stopped)
    reached = score(snapshot.dataset, snapshot.outputs[found.rows], found.rows)
    return replace(outcome, score=reached, baselines=found)


def report_interval(epochs: int) -> int:
    """Epochs from one report to the next, for about `REPORTS` in all."""
    return max(1, round(epochs / REPORTS))


def is_reported(session: Session, epochs: int) -> bool:
    """Whether the session is at the end of an epoch that gets a line."""
    if session.step == 0 or session.step % session.steps_per_epoch:
        return False
    return session.epoch == epochs or session.epoch % report_interval(epochs) == 0


# --- What is printed ---------------------------------------------------------------------------


def run_training(session: Session, *, epochs: int, as_json: bool, ascii: bool) -> Outcome:
    """Trains a new session, and prints its progress and the result.

    Args:
        session: What is trained.
        epochs: At least 1.
        as_json: Whether to print one JSON object and nothing else on standard output; the bar is
            on standard error then, if that is a terminal.
        ascii: Whether to draw with plain characters only.
    """
    console = Console(stderr=as_json)
    watching = _watching(console, epochs=epochs, as_json=as_json, ascii=ascii)
    with signals_as_event() as interrupt:
        if not as_json:
            say(console, opening(session))
        with watching as watch:
            outcome = train(session, epochs=epochs, watch=watch, interrupt=interrupt)
        outcome = compared(outcome, interrupt.is_set)
        outcome = replace(outcome, interrupted_by=interrupt.number)
    if as_json:
        print(as_line(result_of(outcome)), flush=True)
    else:
        say(console, closing(outcome))
        if session.why_on_tape:
            say(console, f"On the tape. {session.why_on_tape}")
        _draw_loss(session, console, ascii=ascii)
    return outcome


def _watching(
    console: Console, *, epochs: int, as_json: bool, ascii: bool
) -> AbstractContextManager[Watch]:
    if is_live(console):
        return bar(console, epochs=epochs, ascii=ascii)
    return silence() if as_json else lines(console, epochs=epochs)


def _draw_loss(session: Session, console: Console, *, ascii: bool) -> None:
    curve = loss_curve(
        session.snapshot(grid=(1, 1)).curves,
        width=console.width,
        # Its colours are of the cube.
        colour=is_live(console) and terminal_depth(os.environ) >= Depth.CUBE,
        ascii=ascii or console.options.ascii_only,
    )
    if curve:
        print(curve, flush=True)


def is_live(console: Console) -> bool:
    """Whether a line on the console can be overwritten."""
    return console.file.isatty() and not console.is_dumb_terminal


@contextmanager
def bar(console: Console, *, epochs: int, ascii: bool) -> Iterator[Watch]:
    """A progress bar with the losses and the time left; removed at the end."""
    # Here, because only a terminal needs it.
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

    columns: list[ProgressColumn] = [
        TextColumn("epoch {task.fields[epoch]}/{task.total}"),
        TextColumn("{task.percentage:>3.0f}%") if ascii else BarColumn(),
        TextColumn("{task.fields[losses]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
    ]
    # Drawn after each chunk of steps: a thread that draws would slow the training.
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        task = progress.add_task("", total=epochs, epoch=0, losses="")

        def show(session: Session) -> None:
            progress.update(
                task,
                completed=session.step / session.steps_per_epoch,
                epoch=session.epoch,
                losses=losses_text(session.evaluate()),
                refresh=True,
            )

        yield show


@contextmanager
def lines(console: Console, *, epochs: int) -> Iterator[Watch]:
    """A plain line for about every tenth of the epochs."""

    def show(session: Session) -> None:
        if is_reported(session, epochs):
            say(console, f"epoch {session.epoch}/{epochs}  {losses_text(session.evaluate())}")

    yield show


@contextmanager
def silence() -> Iterator[Watch]:
    """Shows nothing."""
    yield lambda session: None


def say(console: Console, text: str) -> None:
    """Prints a line unwrapped, at once."""
    console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)
    console.file.flush()


def losses_text(evaluation: Evaluation) -> str:
    """`train loss 0.1234  test loss 0.1301`; the latter only if there are test samples."""
    train = f"train loss {loss_text(evaluation.train_loss).strip()}"
    if math.isnan(evaluation.test_loss):
        return train
    return f"{train}  test loss {loss_text(evaluation.test_loss).strip()}"


def opening(session: Session) -> str:
    """What is learned, and by what network."""
    snapshot = session.snapshot(grid=(1, 1))
    shape = "-".join(map(str, snapshot.sizes))
    note = "".join(f" {said}" for said in notes_of(session.dataset))
    return (
        f"{session.dataset.name}: {len(snapshot.train_rows):,} training samples, "
        f"{len(snapshot.test_rows):,} test samples.{note} Network {shape}: "
        f"{len(snapshot.parameters):,} parameters."
    )


def closing(outcome: Outcome) -> str:
    """What was reached."""
    seen, e = outcome.snapshot, outcome.snapshot.evaluation
    accuracies = [
        f"  {name} accuracy {percent(accuracy).strip()}"
        for name, accuracy in (("train", e.train_accuracy), ("test", e.test_accuracy))
        if accuracy is not None
    ]
    said = f"{seen.stopped} " if seen.stopped else ""
    beside = f"\n{outcome.baselines.sentence(outcome.score)}" if outcome.baselines else ""
    return (
        f"{said}{seen.epoch:,} epochs, {seen.step:,} steps in {outcome.seconds:.2f} s "
        f"({outcome.steps_per_second:,.0f} per second)  {losses_text(e)}{''.join(accuracies)}"
        f"{beside}"
    )


# --- The loss curve ----------------------------------------------------------------------------


def loss_curve(curves: Curves, *, width: int, colour: bool, ascii: bool) -> str:
    """Draws train and test loss over the epochs, on a log axis.

    Args:
        curves: The history.
        width: Available characters; from `MIN_WIDTH` to `MAX_WIDTH` are used.
        colour: Whether to colour it with escape sequences.
        ascii: Whether to use plain characters alone.

    Returns:
        Lines; empty if no curve has two losses above 0.
    """
    fits = {name: _drawable(curves, name) for name in _MARKERS}
    drawn = [losses for _, losses in fits.values() if len(losses) > 1]
    if not drawn:
        return ""
    # Here, because --json never needs it.
    import plotext

    from ..drawing.plotext_figure import ASCII_FRAME, BRAILLE, new_figure

    figure = new_figure(max(MIN_WIDTH, min(width, MAX_WIDTH)), HEIGHT)
    for name, (epochs, losses) in fits.items():
        if len(losses) > 1:
            marker = BRAILLE if colour and not ascii else _MARKERS[name]
            figure.plot(
                epochs.tolist(), losses.tolist(), label=name, color=_COLOURS[name], marker=marker
            )
    axis = log_axis(min(map(np.min, drawn)), max(map(np.max, drawn)))
    figure.ylim(axis.low, axis.high)
    figure.yticks(axis.ticks, axis.labels)
    figure.title("loss")
    figure.xlabel("epoch")
    text = str(figure.build())
    text = text if colour else _without_trailing_blanks(plotext.uncolorize(text))
    return text.translate(ASCII_FRAME) if ascii else text


def _drawable(curves: Curves, name: str) -> tuple[FloatArray, FloatArray]:
    """The epochs of a curve and the logarithms of its losses, where those exist."""
    losses = curves.mean[:, CURVES.index(f"{name}_loss")]
    fit = np.isfinite(losses) & (losses > 0.0)
    return curves.epochs[fit], np.log10(losses[fit])


def _without_trailing_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())
