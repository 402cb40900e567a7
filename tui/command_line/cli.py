"""The command line: `toygrad-tui`, alone or with a file, and its commands `train`, `replay`, ..."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from ... import __version__
from ...datasets import CSV_SUFFIXES, FileError, shown, shown_path, write_file
from ..config import AppConfig, checked_fps
from ..drawing.numbers import counted
from ..export_formats import FORMATS
from ..failures import ExitCode
from ..links import config_of, start_of
from ..options import (
    AsciiOption,
    CliArguments,
    FpsOption,
    JsonOption,
    ThemeOption,
    UsageError,
    checked_theme,
    make_config,
    starting_with,
    table_options,
    takes_options,
    takes_table_options,
)
from ..runs.places import state_folder
from ..signals import end_within, obey_signals, raise_ended
from .export import format_named, run_export
from .group import OPEN, OPEN_LINK, PROGRAM, Commands, complain
from .lists import print_datasets, print_presets
from .output import OutputError, guard_streams
from .runs import (
    FileArgument,
    as_visitor,
    check_can_write,
    newest_sitting,
    read_run_file,
    refuse_options_of_a_run,
)
from .saving import Wanted
from .terminal import announce, lacks_symbols, terminal_depth

DEFAULT_EPOCHS = 200
SECONDS_TO_LEAVE = 1.0
ONE_BEGINNING: Final = "A lesson begins a run of its own: open a run, or use --lesson, not both."


app = typer.Typer(
    name=PROGRAM, cls=Commands, context_settings={"help_option_names": ["--help", "-h"]}
)


def main() -> None:
    """The console script."""
    try:
        guard_streams()
    except OutputError as error:
        complain(str(error))
        sys.exit(ExitCode.FAILED)
    raise_ended()
    # Nothing that is loaded from here on is garbage: what runs long turns the collector on again.
    gc.disable()
    app()


LessonOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE.toml", help="A lesson of your own to begin with, or a folder."),
]
ReportOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write what the learner does, one line of JSON per action."),
]


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Reports what options and data raise as errors that the user can correct."""
    try:
        yield
    except FileError as error:
        raise UsageError(str(error)) from error
    except ValueError as error:
        said = str(error)
        raise UsageError(said[:1].upper() + said[1:]) from error


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
@takes_options
def playground(
    context: typer.Context,
    *,
    given: CliArguments,
    lesson: LessonOption = None,
    report: ReportOption = None,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """A neural network playground in the terminal.

    Without a command it opens the playground with these options. What is not given is chosen to
    suit the data set. toygrad-tui FILE.toygrad opens a run that was saved, toygrad-tui 'LINK' a
    set-up of TensorFlow Playground, or a line that begins with toygrad:.
    """
    if context.invoked_subcommand in (OPEN, OPEN_LINK):
        if lesson is not None:
            raise UsageError(ONE_BEGINNING)
        if report is not None:
            raise UsageError("--report is for lessons: omit the run, or use toygrad-tui learn.")
        context.obj = given
        return
    if context.invoked_subcommand is not None:
        if given != CliArguments() or lesson is not None or report is not None:
            raise UsageError(
                f"Options come after the command: {PROGRAM} {context.invoked_subcommand} ..."
            )
        return
    with _usage_errors():
        options = _with_lessons(make_config(given), lesson, report)
    raise typer.Exit(_run_app(options, given.ascii, instead="train"))


def _with_lessons(options: AppConfig, lesson: Path | None, report: Path | None) -> AppConfig:
    """What to begin with, and a lesson of a file or a folder on it."""
    if lesson is None:
        return replace(options, report=_checked_report(report))
    from ..learn.records import Records
    from .learn import course_of

    course = course_of(lesson)
    first = course.first_unsolved(Records(state_folder()).solved)
    return replace(options, course=course, chapter=first, report=_checked_report(report))


def has_terminal() -> bool:
    """Whether there are keys to read and a screen to draw on; Textual draws on standard error."""
    if "TEXTUAL_DRIVER" in os.environ:
        # Whoever set it has both elsewhere: in a browser.
        return True
    # A stream that is closed is None.
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _draws_ascii(wanted: bool | None) -> bool:
    """Whether to draw with plain characters only, as was wanted or as the terminal needs it."""
    if wanted is None:
        return lacks_symbols(os.environ, getattr(sys.stdout, "encoding", None))
    return wanted


def _run_app(options: AppConfig, ascii: bool | None, *, instead: str) -> int:
    if not has_terminal():
        raise UsageError(f"The playground needs a terminal; without one, use {PROGRAM} {instead}.")
    # Twice Textual's usual rate, at which a key press takes up to 17 ms to show.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    depth = terminal_depth(os.environ)
    announce(depth)
    options = replace(options, ascii=_draws_ascii(ascii), depth=depth)
    # Here, because they take longer to load than the other commands to run.
    import asyncio

    from ..app import ToygradApp
    from ..key_map import load_key_map
    from .columns import show_progress

    options = as_visitor(options)
    with _usage_errors():
        playground_app = ToygradApp(
            options,
            state_folder=state_folder(),
            key_map=load_key_map(),
            advises=True,
            reading=show_progress,
        )
    obey_signals(playground_app)

    async def run_app() -> int:
        await playground_app.run_async()
        code = playground_app.return_code or ExitCode.DONE
        # The thread that trains is waited for, but not until a step that takes long is done.
        end_within(SECONDS_TO_LEAVE, code)
        return code

    return asyncio.run(run_app())


@app.command(OPEN, hidden=True)
@takes_options
def open_command(context: typer.Context, *, given: CliArguments, file: FileArgument) -> None:
    """Open a run that was saved: the same as toygrad-tui FILE.toygrad."""
    before = context.obj or CliArguments()
    with _usage_errors():
        refuse_options_of_a_run(before, given)
        options = AppConfig.going_on(
            read_run_file(file),
            file=file,
            theme=checked_theme(given.theme or before.theme),
            fps=before.fps if given.fps is None else given.fps,
        )
    ascii = before.ascii if given.ascii is None else given.ascii
    raise typer.Exit(_run_app(options, ascii, instead=f"replay {shown_path(file)}"))


@app.command(OPEN_LINK, hidden=True)
@takes_options
def open_link_command(context: typer.Context, *, given: CliArguments, link: str) -> None:
    """Open a link of TensorFlow Playground, or a toygrad: line."""
    before = context.obj or CliArguments()
    with _usage_errors():
        refuse_options_of_a_run(before, given)
        options = replace(
            config_of(link),
            theme=checked_theme(given.theme or before.theme),
            fps=checked_fps(before.fps if given.fps is None else given.fps),
        )
    ascii = before.ascii if given.ascii is None else given.ascii
    raise typer.Exit(_run_app(options, ascii, instead="train 'LINK'"))


@app.command("train")
@takes_options
def train_command(
    *,
    given: CliArguments,
    link: Annotated[
        str | None,
        typer.Argument(
            metavar="[LINK]",
            help="A link of TensorFlow Playground, or a toygrad: line, in place of the options.",
        ),
    ] = None,
    epochs: Annotated[
        int, typer.Option(min=1, metavar="N", help="Passes through the training samples.")
    ] = DEFAULT_EPOCHS,
    as_json: JsonOption = False,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toygrad",
            help="Save the run at the end, also if it is interrupted or diverges.",
        ),
    ] = None,
    curve: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Write losses and accuracies, one line per epoch."),
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Write what is predicted, one line per sample."),
    ] = None,
) -> None:
    """Train without a screen, as fast as possible.

    What is not given is chosen to suit the data set.

    Exit codes: 0 done, 1 not saved or failed inside, 2 bad options or data, 3 diverged,
    130 interrupted, 143 ended by SIGTERM.
    """
    from .columns import show_progress

    with _usage_errors():
        options = make_config(given) if link is None else _linked(link, given)
        session = options.session(show_progress)
    if options.said:
        complain(options.said)
    wanted = Wanted(run=save, curve=curve, predictions=predictions)
    wanted.check(options.data.path)
    # Here, because neither the playground nor a bad option needs it.
    from .train import run_training

    gc.enable()
    outcome = run_training(session, epochs=epochs, as_json=as_json, ascii=_draws_ascii(given.ascii))
    if outcome.complaint:
        complain(outcome.complaint)
    code = outcome.exit_code
    for fault in wanted.write(session, silent=as_json):
        complain(fault)
        code = ExitCode.FAILED
    raise typer.Exit(code)


def _linked(link: str, given: CliArguments) -> AppConfig:
    """The set-up of a link.

    Raises:
        UsageError: If an option says something else.
        ValueError: If it is no link.
    """
    if link.endswith(CSV_SUFFIXES):
        raise UsageError(f"{shown(link)} holds data: use train --data {shown(link)}.")
    refuse_options_of_a_run(given)
    return start_of(link)


@app.command("sweep")
@takes_options
def sweep_command(
    *,
    given: CliArguments,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=VALUES",
            help="What varies, as learning-rate=0.001..10:24:log or hidden=4,8,8x8. Give it again "
            "for another field: every option of the training, and width, depth, rate-1, rate-2.",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many seeds each, from --seed on.")
    ] = 1,
    epochs: Annotated[
        int, typer.Option(min=1, metavar="N", help="Passes through the training samples.")
    ] = DEFAULT_EPOCHS,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Write one line of JSON per run. The same command goes on where it was ended.",
        ),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write a table of the runs at the end.")
    ] = None,
    measure: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="What runs are compared by: test-loss, train-loss, accuracy, epochs.",
        ),
    ] = "test-loss",
    curves: Annotated[bool, typer.Option(help="Whether lines have the loss curves too.")] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=4096, metavar="N", help="Runs at once (one per processor)."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Run on the dask cluster of this scheduler."),
    ] = None,
) -> None:
    """Train with every combination of some settings, and compare the results.

    A run that diverges or fails is a result like any other.

    Exit codes: 0 done, 1 not saved or failed inside, 2 bad options, data or cluster,
    130 interrupted, 143 ended by SIGTERM.
    """
    with _usage_errors():
        options = make_config(given)
        # Here, because no other command needs them.
        from .sweep import check_files, check_measure, measure_named, run_sweep, sweep_of

        sweep = sweep_of(options, over or (), seeds=seeds, epochs=epochs, curves=curves)
        wanted = measure_named(measure)
        check_measure(sweep, wanted)
        check_files(sweep, out, csv)
        if workers is not None and scheduler is not None:
            raise UsageError("--workers is for this machine, --scheduler for others: give one.")
    gc.enable()
    with _usage_errors():
        code, complaint = run_sweep(
            sweep,
            out=out,
            csv=csv,
            measure=wanted,
            workers=workers,
            scheduler=scheduler,
            ascii=_draws_ascii(given.ascii),
        )
    if complaint:
        complain(complaint)
    raise typer.Exit(code)


@app.command("learn")
def learn_command(
    *,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[CHAPTER]", help="Where to begin; the first that is not solved."),
    ] = None,
    lesson: LessonOption = None,
    report: ReportOption = None,
    as_list: Annotated[
        bool, typer.Option("--list", help="List the chapters and what is solved.")
    ] = False,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Save what is solved, as JSON.")
    ] = None,
    forget: Annotated[bool, typer.Option(help="Forget which chapters are solved.")] = False,
    ascii: AsciiOption = None,
    theme: ThemeOption = None,
    fps: FpsOption = None,
) -> None:
    """Learn backpropagation in chapters, on the real screens.

    With --list, --export or --forget it does that, and does not open the application.

    Exit codes: 0 done, 2 no such chapter, or a lesson file that can't be used.
    """
    from ..learn.records import Records
    from .learn import chapter_named, course_of, print_course

    records = Records(state_folder())
    with _usage_errors():
        course = course_of(lesson)
        n_solved = len(records.solved)
        if export is not None:
            write_file(export, records.as_json())
            print(f"Saved what is solved, {n_solved} in all, to {shown_path(export)}.")
        if forget:
            records.clear()
            print(f"Forgot what was solved, {n_solved} in all.")
        if as_list:
            print_course(course, records.solved)
        if as_list or forget or export is not None:
            return
        options = AppConfig(
            theme=checked_theme(theme),
            fps=checked_fps(fps),
            chapter=chapter_named(name or course.first_unsolved(records.solved), course),
            course=course,
            report=_checked_report(report),
        )
    raise typer.Exit(_run_app(options, ascii, instead="learn --list"))


def _checked_report(report: Path | None) -> Path | None:
    if report is not None:
        check_can_write(report)
    return report


@app.command("check-lesson")
def check_lesson_command(
    *,
    path: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A lesson, or a folder.")],
) -> None:
    """Check lesson files, without beginning them.

    Exit codes: 0 all can be played, 2 one can't: its line and key are said.
    """
    from .learn import checked_lesson, lesson_files

    for file in lesson_files(path):
        lesson = checked_lesson(file)
        steps = counted(len(lesson.steps), "step")
        print(f"{shown(file.name)}: {shown(lesson.title)}, {steps}.", flush=True)


@app.command("resume")
def resume_command(
    *, ascii: AsciiOption = None, theme: ThemeOption = None, fps: FpsOption = None
) -> None:
    """Continue the run that was on when the playground ended last, however it ended."""
    with _usage_errors():
        sitting = newest_sitting(state_folder())
        options = AppConfig.going_on(
            sitting.document, sitting=sitting, theme=checked_theme(theme), fps=fps
        )
    raise typer.Exit(_run_app(options, ascii, instead="train"))


@app.command("serve")
@takes_options
def serve_command(
    *,
    given: CliArguments,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.toygrad]", help="A run to begin with.")
    ] = None,
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, metavar="N", help="Where to listen; 0 for any."),
    ] = 8000,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="0.0.0.0 lets other machines in, unencrypted.")
    ] = "127.0.0.1",
    visitors: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many playgrounds may run at a time.")
    ] = 40,
    lesson: LessonOption = None,
    report: ReportOption = None,
) -> None:
    """Serve the playground to browsers, each visitor with a process and a folder of their own.

    The options, or a run, are what every visitor begins with.

    Exit codes: 0 ended by ctrl+c, 2 bad options or no such port, 143 ended by SIGTERM.
    """
    from .serve import check_can_serve, serve, typed_again

    check_can_serve()
    with _usage_errors():
        if file is None:
            make_config(given).session()
        else:
            refuse_options_of_a_run(given)
            read_run_file(file)
        if file is not None and lesson is not None:
            raise UsageError(ONE_BEGINNING)
        _with_lessons(AppConfig(), lesson, report)
    typed = typed_again(given, file, lesson=lesson, report=report)
    raise typer.Exit(serve(typed, host=host, port=port, most=visitors))


@app.command("replay")
def replay_command(
    *,
    file: FileArgument,
    as_json: JsonOption = False,
    ascii: AsciiOption = None,
) -> None:
    """Train a saved run again, with every edit, and say whether the same numbers come out.

    The JSON object is that of train, and "same": true, false, or null if nothing was compared.

    Exit codes: 0 the same, 1 not the same, 2 not a run, 3 diverged, 130 interrupted.
    """
    document = read_run_file(file)
    from .replay import run_replay

    gc.enable()
    code, complaint = run_replay(document, as_json=as_json, ascii=_draws_ascii(ascii))
    if complaint:
        complain(complaint)
    raise typer.Exit(code)


@app.command("export")
def export_command(
    *,
    file: FileArgument,
    name: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="NAME",
            help=f"The format: {', '.join(FORMATS)}.",
            autocompletion=starting_with(FORMATS),
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A new file to write; standard output if left out."),
    ] = None,
) -> None:
    """Take a saved run elsewhere: as a script, a model, a table or a picture.

    Exit codes: 0 done, 1 standard output that can't be written, 2 not a run, nothing to export, or
    a file that can't be written.
    """
    name = format_named(name)
    run_export(read_run_file(file), name, out)


@app.command("datasets")
def datasets_command(*, as_json: JsonOption = False) -> None:
    """List the data sets with their sizes, classes and sources."""
    print_datasets(Console(), as_json=as_json)


@app.command("columns")
@takes_table_options
def columns_command(
    *,
    given: CliArguments,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table, as CSV.")],
    as_json: JsonOption = False,
) -> None:
    """List the columns of a table: what each is, and what becomes of it.

    The options are those of train and the playground, and change both.

    Exit codes: 0 done, 1 a table that can't be learned like this, 2 not a table.
    """
    from ...datasets import survey
    from .columns import print_columns, show_progress

    with _usage_errors():
        read = survey(file, table_options(given), seed=given.seed, progress=show_progress)
    print_columns(read, as_json=as_json, ascii=_draws_ascii(given.ascii))
    if read.fault:
        complain(read.fault)
    raise typer.Exit(ExitCode.FAILED if read.fault else ExitCode.DONE)


@app.command("presets")
def presets_command(*, as_json: JsonOption = False) -> None:
    """List the setups that --preset takes, each with the reason and what to try."""
    print_presets(Console(), as_json=as_json)


@app.command("keys")
def keys_command(
    *,
    as_json: JsonOption = False,
) -> None:
    """List all keys, by screen and pane, and say which file changes them.

    Exit codes: 0 done, 2 the file can't be used; then the default keys are in force.
    """
    # Here, because no other command needs all rooms.
    from ..key_map import load_key_map
    from .keys import print_keys

    key_map = load_key_map()
    print_keys(key_map, as_json=as_json)
    for fault in key_map.faults:
        complain(fault)
    raise typer.Exit(ExitCode.USAGE if key_map.faults else ExitCode.DONE)


@app.command("bench")
@takes_options
def bench_command(
    *,
    given: CliArguments,
    seconds: Annotated[
        float, typer.Option(min=0.01, max=60.0, metavar="X", help="Seconds to time each engine.")
    ] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Train the same network on every engine, and compare speeds and gradients."""
    with _usage_errors():
        options = make_config(given)
        options.session()
    from .bench import print_engines

    gc.enable()
    print_engines(options, seconds, as_json=as_json)
