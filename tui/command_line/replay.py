"""Training a run again without a screen, and saying whether the same numbers came out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from ...core import Session
from ...core.diagnosis.result import as_line
from ...core.run import RunDocument
from ...core.run.replay import Replay, replay
from ..failures import ExitCode
from ..signals import signals_as_event
from .result import result_of
from .train import Watch, closing, compared, is_live, opening, outcome_of, say, silence

VERDICTS = {
    True: "The same weights and curves as in the file, to the bit.",
    False: "The numbers differ from the file. On another machine the last digits may differ.",
    None: "The file has nothing to compare with, or it was not reached.",
}


def run_replay(document: RunDocument, *, as_json: bool, ascii: bool) -> tuple[int, str]:
    """Trains a run again, and prints the result.

    Args:
        document: The run.
        as_json: Whether to print one JSON object and nothing else on standard output.
        ascii: Whether to draw with plain characters only.

    Returns:
        How it ended, and why if not well: a sentence or two, else nothing.
    """
    console = Console(stderr=as_json)
    watching = _bar(console, document.end, ascii=ascii) if is_live(console) else silence()
    with signals_as_event() as interrupt, watching as watch:
        done = replay(document, watch=watch, interrupt=interrupt)
        outcome = outcome_of(done.session, done.seconds, interrupted=done.interrupted)
        outcome = compared(outcome, interrupt.is_set)
    outcome = replace(outcome, interrupted_by=interrupt.number)
    if as_json:
        print(as_line(result_of(outcome), same=done.same), flush=True)
    else:
        say(console, opening(done.session))
        say(console, closing(outcome))
        say(console, VERDICTS[done.same])
        if done.session.why_on_tape:
            say(console, f"On the tape. {done.session.why_on_tape}")
    code = outcome.exit_code or _exit_code(done)
    return code, " ".join(filter(None, (done.complaint, outcome.complaint)))


def _exit_code(done: Replay) -> ExitCode:
    return ExitCode.DONE if done.same and not done.complaint else ExitCode.FAILED


@contextmanager
def _bar(console: Console, end: int, *, ascii: bool) -> Iterator[Watch]:
    """A progress bar of the updates; removed at the end."""
    columns = (
        TextColumn("update {task.completed:,}/{task.total:,}"),
        TextColumn("{task.percentage:>3.0f}%") if ascii else BarColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    # Drawn after each chunk of steps: a thread that draws would slow the training.
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        task = progress.add_task("", total=end)

        def show(session: Session) -> None:
            progress.update(task, completed=session.tick, refresh=True)

        yield show
