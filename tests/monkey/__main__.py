"""Plays random sequences on the application, and shrinks those that fail.

python -m tests.monkey --sequences 2000 --length 60 --seed 0
python -m tests.monkey --play "begin 80x24 circle 4,2;keys space;time 0.3"
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.tui.conftest import pytest_configure as share_styles

from .actions import Sequence, random_sequence
from .player import Fault, play
from .shrink import shrink

SEPARATOR = ";"
TRIES = 2


def main() -> int:
    """Returns 1 if a sequence fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=100)
    parser.add_argument("--length", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of the first sequence")
    parser.add_argument("--play", default="", help="one sequence, its actions separated by ;")
    parser.add_argument("--shrink", type=float, default=60.0, help="seconds for each fault")
    options = parser.parse_args()
    share_styles()
    if options.play:
        fault = play_in_new_folder(options.play.split(SEPARATOR))
        print("nothing went wrong" if fault is None else fault.details)
        return int(fault is not None)
    known: dict[str, int] = {}
    for seed in range(options.seed, options.seed + options.sequences):
        sequence = random_sequence(seed, options.length)
        fault = play_in_new_folder(sequence)
        if fault is None:
            print(f"{seed} ok", flush=True)
            continue
        known[fault.kind] = known.get(fault.kind, 0) + 1
        print(f"{seed} FAULT {fault.kind}, after {fault.number} {fault.action}", flush=True)
        if known[fault.kind] == 1:
            _report(sequence[: fault.number + 1], fault, options.shrink)
    print(f"{options.sequences} sequences, {sum(known.values())} faults: {known}")
    return int(bool(known))


def _report(sequence: Sequence, fault: Fault, seconds: float) -> None:
    """Shows what went wrong, and the shortest sequence that is found in some seconds."""
    print(fault.details, flush=True)
    end = time.monotonic() + seconds

    def fails(shorter: Sequence) -> bool:
        for _ in range(TRIES):
            if time.monotonic() > end:
                return False
            found = play_in_new_folder(shorter)
            if found is not None and found.kind == fault.kind:
                return True
        return False

    shortest = shrink(sequence, fails)
    print(f'--play "{SEPARATOR.join(shortest)}"', flush=True)


def play_in_new_folder(sequence: Sequence) -> Fault | None:
    """Plays a sequence in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return play(sequence, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
