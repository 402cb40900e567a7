"""What a sitting loses that is killed at a random moment.

    python tests/benchmarks/kill.py [--kills 50] [--together 4] [--app]

Each sitting trains in a thread, while somebody edits it at random, and gets SIGKILL. What its file
gives back is compared with what the sitting had said it had done by then. With `--app` a sitting is
the application in a terminal, edited by keys; `toygrad-tui resume` then has to show what is left.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))


from tests.tui.terminal import Terminal, epoch_of
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run import Entry, ready_document
from toygrad.core.run.autosave import Autosave, Sittings
from toygrad.core.run.observer import Observer
from toygrad.core.run.replay import replay
from toygrad.datasets import DATASETS
from toygrad.tui.failures import APP_NAME
from toygrad.tui.runs.places import SITTINGS

EPOCHS_PER_SECOND = 40.0
SHORTEST, LONGEST = 0.1, 6.0
BRANCH = -1


@dataclass(frozen=True)
class Loss:
    """What one kill cost.

    Attributes:
        after: Seconds from the sitting's first step to the kill.
        seconds: Of training that are lost.
        ticks: Updates that are lost.
        edits: Edits that are lost; the sitting had been told that they were done.
        had_edits: Edits that there were.
        same: Whether what is left comes out the same when it is trained again.
    """

    after: float
    seconds: float
    ticks: int
    edits: int
    had_edits: int
    same: bool


# --- The sitting ---------------------------------------------------------------------------------


def sit(folder: Path, seed: int) -> None:
    """Trains and edits until it is killed, and says what it has done, a line each."""
    rng = random.Random(seed)
    circle = DATASETS["circle"](rng=np.random.default_rng(0))
    settings = TrainingConfig(pace=EPOCHS_PER_SECOND)
    session = Session(NetworkSpec(hidden=(8, 8)), circle, settings)
    threading.Thread(target=session.run, args=(threading.Event(), print), daemon=True).start()
    Autosave(session, folder).start()
    session.resume()
    while True:
        time.sleep(rng.uniform(0.0, 0.04))
        if rng.random() < 0.05:
            _edit(session, rng)
            session.resume()
        document = session.document()
        _say(document.end, len(document.journal.entries))


def _say(tick: int, n_edits: int) -> None:
    os.write(1, f"{time.monotonic()} {tick} {n_edits}\n".encode())


def _edit(session: Session, rng: random.Random) -> None:
    match rng.randrange(5):
        case 0:
            session.undo()
        case 1:
            # What came after that moment is given up with the first step from there.
            _say(BRANCH, 0)
            session.seek(rng.randint(session.tick // 2, session.tick))
            session.advance(1)
            while session.is_busy:
                time.sleep(0.001)
        case 2:
            session.configure(network=NetworkSpec(hidden=(rng.randint(2, 8), 4)))
        case 3:
            session.reset()
        case _:
            rate = round(rng.uniform(0.001, 0.1), 4)
            session.configure(replace(session.training, learning_rate=rate))


# --- The application -----------------------------------------------------------------------------

WITNESS = "witness"
WITNESS_SECONDS = 0.02
KEYS = (
    *("]", "[", "{", "}", ".", ",", "s", "e", "r", "R"),
    *("4a", "4t", "4d", "4v", "2\x1b[C\r", "2\x1b[D\r", "3\x1b[B\x1b[C", "3\x1b[D"),
    *("\x1a", "\x19", "\x7f", "\x7f\x7f\x7f", "N", "6c\x1b[D\x1b[D\r"),
)
# So that most of the time it trains.
KEYS_TO_TRAIN = 0.5


def watch() -> None:
    """Before the application: what it has done goes to a file, which outlives the process."""
    handle = os.open(Path(os.environ["HOME"], WITNESS), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    entered, cut, observe = Autosave.entered, Autosave.cut, Session.observe
    n_edits = 0

    def say(tick: int) -> None:
        os.write(handle, f"{time.monotonic()} {tick} {n_edits}\n".encode())

    def note_entered(autosave: Autosave, entry: Entry) -> None:
        nonlocal n_edits
        entered(autosave, entry)
        n_edits += 1
        say(entry.tick)

    def note_cut(autosave: Autosave, tick: int, n_entries: int) -> None:
        nonlocal n_edits
        # Before it is so: what came after that moment may be gone from now on.
        n_edits = n_entries
        say(BRANCH)
        cut(autosave, tick, n_entries)

    def note_ticks(session: Session) -> None:
        while True:
            time.sleep(WITNESS_SECONDS)
            say(session.last_tick)

    def observe_too(session: Session, observer: Observer) -> None:
        observe(session, observer)
        threading.Thread(target=note_ticks, args=(session,), daemon=True).start()

    with_witness = pytest.MonkeyPatch()
    with_witness.setattr(Autosave, "entered", note_entered)
    with_witness.setattr(Autosave, "cut", note_cut)
    with_witness.setattr(Session, "observe", observe_too)


def kill_app(seed: int, after: float) -> Loss:
    """Starts the application, presses keys, kills it, and looks at what it continues with."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(Path(home), "--pace", "40", before=watch)
        try:
            witness = Path(home, WITNESS)
            terminal.wait_for(lambda text: "epoch" in text and witness.exists())
            first, end = time.monotonic(), time.monotonic() + after
            while time.monotonic() < end:
                trains = chance.random() < KEYS_TO_TRAIN and "training" not in terminal.show()
                terminal.press(" " if trains else chance.choice(KEYS))
                terminal.read()
                time.sleep(chance.uniform(0.0, 0.1))
            assert terminal.process.is_alive(), terminal.raw[-2000:]
            killed = time.monotonic()
            terminal.signal(signal.SIGKILL)
            terminal.process.join()
        finally:
            terminal.close()
        lines = (line.split() for line in witness.read_text().splitlines())
        moments = [(first, 0, 0), *((float(at), int(tick), int(n)) for at, tick, n in lines)]
        loss = _loss(_sittings_in(Path(home)), after, killed, moments)
        return replace(loss, same=loss.same and _is_resumed(Path(home)))


def _sittings_in(home: Path) -> Path:
    return home / APP_NAME / SITTINGS


def _is_resumed(home: Path) -> bool:
    """Whether `resume` shows the epoch and the learning rate that are left."""
    sitting = Sittings(_sittings_in(home)).newest()
    if sitting is None:
        return True
    session = Session(NetworkSpec(), DATASETS["circle"](rng=np.random.default_rng(0)))
    session.open(ready_document(sitting.document))
    terminal = Terminal(home, "resume")
    rate = re.compile(rf"lr +{session.training.learning_rate:g}\b")
    try:
        terminal.wait_for(lambda text: epoch_of(text) == session.epoch and bool(rate.search(text)))
    except AssertionError as error:
        print(session.epoch, session.training.learning_rate, error, sep="\n")
        return False
    finally:
        terminal.close()
    return True


# --- The kill ------------------------------------------------------------------------------------


def kill_one(seed: int, after: float) -> Loss:
    """Starts a sitting, kills it, and reads what is left of it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--sit", folder, "--seed", str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(after)
            killed = time.monotonic()
            os.kill(process.pid, signal.SIGKILL)
            lines = [first, *process.stdout.read().splitlines(keepends=True)]
        whole = (line.split() for line in lines if line.endswith("\n"))
        moments = [(float(at), int(tick), int(edits)) for at, tick, edits in whole]
        return _loss(Path(folder), after, killed, moments)


def _loss(folder: Path, after: float, killed: float, moments: list[tuple[float, int, int]]) -> Loss:
    sitting = Sittings(folder).newest()
    end, n_edits = (
        (0, 0) if sitting is None else (sitting.document.end, len(sitting.document.journal.entries))
    )
    _, last_tick, last_edits = moments[-1]
    branches = [place for place, moment in enumerate(moments) if moment[1] == BRANCH]
    kept = [at for at, tick, _ in moments[max(branches, default=0) :] if tick <= end]
    return Loss(
        after=after,
        seconds=max(0.0, killed - max(kept, default=moments[0][0])),
        ticks=max(0, last_tick - end),
        edits=max(0, last_edits - n_edits),
        had_edits=last_edits,
        same=sitting is None or replay(sitting.document).same is not False,
    )


def kill_many(
    n: int,
    together: int,
    longest: float = LONGEST,
    kill: Callable[[int, float], Loss] = kill_one,
) -> Iterator[Loss]:
    """Kills sittings at random moments, some at the same time."""
    rng, losses = random.Random(0), list[Loss]()
    due = [(number, rng.uniform(SHORTEST, longest)) for number in range(n)]

    def work() -> None:
        while due:
            losses.append(kill(*due.pop()))

    threads = [threading.Thread(target=work) for _ in range(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from losses


def main() -> None:
    """Prints what was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--together", type=int, default=4)
    parser.add_argument("--app", action="store_true")
    parser.add_argument("--sit")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.sit:
        sit(Path(given.sit), given.seed)
    kill = kill_app if given.app else kill_one
    losses = list(kill_many(given.kills, given.together, kill=kill))
    seconds = [loss.seconds for loss in losses]
    print(f"kills                    {len(losses)}")
    print("seconds lost, asked      at most 5")
    print(f"seconds lost, median     {statistics.median(seconds):.2f}")
    print(f"seconds lost, most       {max(seconds):.2f}")
    print(f"updates lost, most       {max(loss.ticks for loss in losses):,}")
    print("edits lost, asked        0")
    print(f"edits lost               {sum(loss.edits for loss in losses)}")
    print(f"edits done               {sum(loss.had_edits for loss in losses)}")
    print(f"not the same when trained again  {sum(not loss.same for loss in losses)}")


if __name__ == "__main__":
    main()
