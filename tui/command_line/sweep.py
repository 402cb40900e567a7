"""`sweep`: many runs without a screen, written as they are done, and gone on with later."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Column

from ...core import ConfigError
from ...core.sweep.axis import Axis, value_text
from ...core.sweep.cluster import run_there
from ...core.sweep.fields import CellRecipe
from ...core.sweep.results_file import ResultsFile, Seen, seen_in
from ...core.sweep.summary import MEASURES, Measure, Summary
from ...core.sweep.sweep import Sweep
from ...core.sweep.workers import WorkersError, n_processors, run_here
from ...datasets import FileError, write_file
from ..config import AppConfig
from ..drawing.depth import Depth
from ..drawing.numbers import counted, loss_text
from ..failures import ExitCode
from ..options import UsageError, spelled
from ..signals import exit_code, signals_as_event
from .runs import check_can_write
from .sweep_picture import picture
from .terminal import terminal_depth
from .train import is_live, say

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

MOST_WITHOUT_FILE: Final = 100_000
"""More runs than that take so long that their results are to be kept."""
REPORTS: Final = 10
# Below, the share done is a number.
ROOM_FOR_BAR: Final = 100
SHOW_SECONDS: Final = 0.1


def sweep_of(
    options: AppConfig, over: Sequence[str], *, seeds: int, epochs: int, curves: bool
) -> Sweep:
    """The sweep that was typed.

    Raises:
        ValueError: If it can't be; in one sentence.
    """
    if not over and seeds == 1:
        raise UsageError("Say what varies: --over learning-rate=0.001..10:24:log, or --seeds 10.")
    data = options.data
    if data.path is not None:
        # Workers may be elsewhere, and in other folders.
        data = replace(data, path=data.path.absolute())
    base = CellRecipe(data, options.network, options.training, options.seed)
    try:
        axes = tuple(map(Axis.parse, over))
        sweep = Sweep(base, axes, seeds, epochs, curves).with_data_hash()
        sweep.check()
    except ConfigError as error:
        said = str(error)
        # Those that begin with a field speak of what was typed.
        raise UsageError(f"--over {said}" if said[:1].islower() else said) from error
    return sweep


def check_measure(sweep: Sweep, measure: Measure) -> None:
    """Checks that the runs have what they are to be compared by.

    Raises:
        UsageError: If not.
    """
    from ...core.sweep.cell import setup_of

    if measure.name == "accuracy" and setup_of(sweep.cell(0).recipe).dataset.task == "regression":
        raise UsageError("What is learned is a number, and has no accuracy: use test-loss.")


def measure_named(typed: str) -> Measure:
    """What runs are compared by.

    Raises:
        UsageError: If there is no such measure.
    """
    name = spelled(typed, MEASURES)
    if name not in MEASURES:
        raise UsageError(f"No measure {typed!r}: choose from {', '.join(MEASURES)}.")
    return MEASURES[name]


def check_files(sweep: Sweep, out: Path | None, csv: Path | None) -> None:
    """Checks that the files can be written, before something is run that takes long.

    Raises:
        UsageError: If one certainly can't.
    """
    if out is None and sweep.n_cells > MOST_WITHOUT_FILE:
        raise UsageError(
            f"{sweep.n_cells:,} runs take long: keep their results with --out runs.jsonl."
        )
    paths = [path for path in (sweep.base.data.path, out, csv) if path is not None]
    if len({os.path.realpath(path) for path in paths}) < len(paths):
        raise UsageError("The data, the results and the table must be different files.")
    if csv is not None and sweep.n_cells > MOST_WITHOUT_FILE:
        raise UsageError(
            f"--csv is for up to {MOST_WITHOUT_FILE:,} runs: --out has a line for each of them."
        )
    for path in (out, csv):
        if path is not None:
            check_can_write(path)


def run_sweep(
    sweep: Sweep,
    *,
    out: Path | None,
    csv: Path | None,
    measure: Measure,
    workers: int | None,
    scheduler: str | None,
    ascii: bool,
) -> tuple[int, str]:
    """Runs what is not in the file yet, and prints what came out.

    Args:
        sweep: What to run.
        out: A line of JSON for each run; None to keep none.
        csv: A table of them, at the end.
        measure: What they are compared by.
        workers: How many run at a time on this machine; None for one a processor.
        scheduler: The address of a dask scheduler to run them instead.
        ascii: Whether to draw with plain characters only.

    Returns:
        The exit code and a complaint, empty if there is none.

    Raises:
        UsageError: If the file holds something else, or there are no workers.
    """
    console = Console()
    summary, table = Summary(sweep, measure), _Table(sweep) if csv is not None else None
    file = ResultsFile(out, sweep) if out is not None else None
    if file is not None:
        for seen in file.read():
            summary.add(seen)
            if table is not None:
                table.add(seen)
    say(console, _opening(sweep, summary.count))
    complaint = ""
    began, before = time.monotonic(), summary.count
    with (
        signals_as_event() as interrupt,
        file or nullcontext(),
        _watching(console, sweep, ascii=ascii) as show,
    ):
        results = _results(
            sweep, file, workers=workers, scheduler=scheduler, stopped=interrupt.is_set
        )
        show(summary)
        try:
            for line in results:
                run = seen_in(line)
                if file is not None and not file.add(run.cell, line):
                    continue
                summary.add(run)
                if table is not None:
                    table.add(run)
                show(summary)
        except WorkersError as error:
            raise UsageError(str(error)) from error
        except FileError as error:
            complaint = str(error)
        finally:
            results.close()
    code: int = ExitCode.FAILED if complaint else ExitCode.DONE
    if interrupt.is_set() and summary.count < sweep.n_cells:
        code = exit_code(interrupt.number)
        hint = "; the same command goes on" if out is not None else ""
        complaint = f"Interrupted after {summary.count:,} of {sweep.n_cells:,} runs{hint}."
    say(console, _closing(sweep, summary, summary.count - before, time.monotonic() - began))
    _draw(console, sweep, summary, ascii=ascii)
    if table is not None and csv is not None:
        try:
            write_file(csv, table.text())
        except FileError as error:
            code, complaint = ExitCode.FAILED, str(error)
    return code, complaint


def _results(
    sweep: Sweep,
    file: ResultsFile | None,
    *,
    workers: int | None,
    scheduler: str | None,
    stopped: Callable[[], bool],
) -> Generator[bytes]:
    missing = iter(range(sweep.n_cells)) if file is None else file.done.missing()
    n_left = sweep.n_cells - (0 if file is None else file.done.count)
    if scheduler is not None:
        return run_there(sweep, missing, n_left, scheduler=scheduler, stopped=stopped)
    n_workers = min(workers or n_processors(), max(n_left, 1))
    return run_here(sweep, missing, n_left, n_workers=n_workers, stopped=stopped)


# --- What is printed ---------------------------------------------------------------------------


@contextmanager
def _watching(
    console: Console, sweep: Sweep, *, ascii: bool
) -> Iterator[Callable[[Summary], None]]:
    """Shows how far it is and the best so far: a bar, or about ten lines."""
    if is_live(console):
        with _bar(console, sweep, ascii=ascii) as show:
            yield show
        return
    milestone = max(1, sweep.n_cells // REPORTS)

    def show_line(summary: Summary) -> None:
        if summary.count and summary.count % milestone == 0 and summary.count < sweep.n_cells:
            say(console, f"{summary.count:,}/{sweep.n_cells:,} runs  {_best(sweep, summary)}")

    yield show_line


@contextmanager
def _bar(console: Console, sweep: Sweep, *, ascii: bool) -> Iterator[Callable[[Summary], None]]:
    # Here, because only a terminal needs it.
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[ProgressColumn] = [
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}", table_column=_whole()),
        _percent() if ascii or console.width < ROOM_FOR_BAR else BarColumn(bar_width=20),
        TimeRemainingColumn(table_column=_whole()),
        TextColumn("left  {task.fields[best]}", table_column=Column(no_wrap=True)),
    ]
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        task = progress.add_task("", total=sweep.n_cells, best="")
        shown = 0.0

        def show(summary: Summary) -> None:
            nonlocal shown
            if (now := time.monotonic()) - shown < SHOW_SECONDS:
                return
            shown = now
            best = _best(sweep, summary)
            progress.update(task, completed=summary.count, best=best, refresh=True)

        yield show


def _whole() -> Column:
    """A column of a progress line that is never cut."""
    return Column(no_wrap=True, min_width=8)


def _percent() -> ProgressColumn:
    from rich.progress import TextColumn

    return TextColumn("{task.percentage:>3.0f}%", table_column=Column(no_wrap=True, min_width=4))


def _opening(sweep: Sweep, n_done: int) -> str:
    varied = [f"{axis.name} ({len(axis)})" for axis in sweep.axes]
    seeds = [f"{sweep.n_seeds} seeds"] if sweep.n_seeds > 1 else []
    done = f" {n_done:,} of them are in the file already." if n_done else ""
    product = " x ".join([*varied, *seeds])
    return f"{counted(sweep.n_cells, 'run')} of {counted(sweep.epochs, 'epoch')}: {product}.{done}"


def _best(sweep: Sweep, summary: Summary) -> str:
    if summary.best is None:
        return "none has a number yet"
    value = loss_text(summary.best_value).strip()
    return f"best {summary.measure.title} {value} at {sweep.cell(summary.best).text}"


def _closing(sweep: Sweep, summary: Summary, n_new: int, seconds: float) -> str:
    rate = f" ({n_new / seconds:,.0f} per second)" if n_new and seconds > 0.0 else ""
    lines = [f"{counted(n_new, 'run')} in {seconds:.1f} s{rate}"]
    if summary.n_diverged:
        lines.append(f"{summary.n_diverged:,} of {summary.count:,} diverged.")
    if summary.n_failed:
        lines.append(f"{summary.n_failed:,} failed, the first because: {summary.first_failure}")
    if summary.best is not None:
        best = _best(sweep, summary)
        lines.append(f"{best[0].upper()}{best[1:]}.")
    return "\n".join(lines)


def _draw(console: Console, sweep: Sweep, summary: Summary, *, ascii: bool) -> None:
    is_ascii = ascii or console.options.ascii_only
    colour = is_live(console) and terminal_depth(os.environ) >= Depth.CUBE
    drawn = picture(sweep, summary, width=console.width, colour=colour, ascii=is_ascii)
    if drawn:
        console.print(drawn, soft_wrap=True)
        console.file.flush()


class _Table:
    """The runs as rows of a table, in the order of their numbers."""

    _NUMBERS = ("epochs", "train_loss", "test_loss", "train_accuracy", "test_accuracy")

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._rows: dict[int, list[object]] = {}

    def add(self, run: Seen) -> None:
        numbers = [getattr(run, name) for name in self._NUMBERS]
        self._rows[run.cell] = [*numbers, int(run.diverged), run.failed]

    def text(self) -> str:
        """The table as CSV, with a line for its heading."""
        # Here, because few want it.
        from ...core.export.curves_table import csv_of

        sweep = self._sweep
        heading = ["cell", *(axis.name for axis in sweep.axes), "seed", *self._NUMBERS]
        return csv_of([*heading, "diverged", "failed"], map(self._row, sorted(self._rows)))

    def _row(self, number: int) -> list[object]:
        sweep = self._sweep
        *places, seed = sweep.places(number)
        values = [value_text(a.values[p]) for a, p in zip(sweep.axes, places, strict=True)]
        return [number, *values, sweep.base.seed + seed, *self._rows[number]]
