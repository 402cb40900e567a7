"""How a training without a screen shows itself: a bar, lines, and a word at the end."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from ...core import Session
from ...core.training import Evaluation
from ..drawing.numbers import loss_text, percent
from .train import Outcome, Watch, ctrl_c_as_event, is_reported, train


def run_training(session: Session, *, epochs: int, as_json: bool, ascii: bool) -> Outcome:
    """Trains a new session and writes how it goes and what came of it.

    Args:
        session: What learns.
        epochs: At least 1.
        as_json: Whether standard output is to have one JSON object and nothing else; a bar is on
            standard error then, if that is a terminal.
        ascii: Whether to draw with plain characters alone.
    """
    console = Console(stderr=as_json)
    watching = _watching(console, epochs=epochs, as_json=as_json, ascii=ascii)
    with ctrl_c_as_event() as interrupt:
        if not as_json:
            say(console, opening(session))
        with watching as watch:
            outcome = train(session, epochs=epochs, watch=watch, interrupt=interrupt)
    if as_json:
        print(json.dumps(outcome.as_json(), allow_nan=False), flush=True)
    else:
        say(console, closing(outcome))
        _draw_loss(session, console, ascii=ascii)
    return outcome


def _watching(
    console: Console, *, epochs: int, as_json: bool, ascii: bool
) -> AbstractContextManager[Watch]:
    if is_live(console):
        return bar(console, epochs=epochs, ascii=ascii)
    return silence() if as_json else lines(console, epochs=epochs)


def _draw_loss(session: Session, console: Console, *, ascii: bool) -> None:
    # Here, because --json never needs it.
    from .loss_curve import loss_curve

    curve = loss_curve(
        session.snapshot(grid=(1, 1)).curves,
        width=console.width,
        colour=is_live(console) and not console.no_color,
        ascii=ascii or console.options.ascii_only,
    )
    if curve:
        print(curve, flush=True)


def is_live(console: Console) -> bool:
    """Whether a line on the console can be written over."""
    return console.file.isatty() and not console.is_dumb_terminal


@contextmanager
def bar(console: Console, *, epochs: int, ascii: bool) -> Iterator[Watch]:
    """A progress bar with the losses and the time left; gone at the end."""
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
    """Writes a line as it is, however long, at once."""
    console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)
    console.file.flush()


def losses_text(evaluation: Evaluation) -> str:
    """`train loss 0.1234  test loss 0.1301`; the latter only if there are samples that test."""
    train = f"train loss {loss_text(evaluation.train_loss).strip()}"
    if math.isnan(evaluation.test_loss):
        return train
    return f"{train}  test loss {loss_text(evaluation.test_loss).strip()}"


def opening(session: Session) -> str:
    """What is about to be learned, and by what network."""
    snapshot = session.snapshot(grid=(1, 1))
    shape = "-".join(map(str, snapshot.sizes))
    note = f" {session.dataset.note}" if session.dataset.note else ""
    return (
        f"{session.dataset.name}: {len(snapshot.train_rows):,} points train, "
        f"{len(snapshot.test_rows):,} test.{note} Network {shape}: "
        f"{len(snapshot.parameters):,} parameters."
    )


def closing(outcome: Outcome) -> str:
    """What was reached."""
    e = outcome.evaluation
    accuracies = [
        f"  {name} accuracy {percent(accuracy).strip()}"
        for name, accuracy in (("train", e.train_accuracy), ("test", e.test_accuracy))
        if accuracy is not None
    ]
    said = f"{outcome.stopped} " if outcome.stopped else ""
    return (
        f"{said}{outcome.epochs:,} epochs, {outcome.steps:,} steps in {outcome.seconds:.2f} s "
        f"({outcome.steps_per_second:,.0f} a second)  {losses_text(e)}{''.join(accuracies)}"
    )
