"""Under a memory cap a network that is too large is refused, and the run is as it was."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import resource, threading, time
import numpy as np
from toygrad.core import NetworkSpec, Session
from toygrad.datasets import DATASETS

session = Session(NetworkSpec(), DATASETS["circle"](rng=np.random.default_rng(0)))
session.advance(10)
before = session.snapshot().parameters
used = 4096 * int(open("/proc/self/statm").read().split()[0])
stop = threading.Event()
thread = threading.Thread(target=session.run, args=(stop, lambda snapshot: None))
thread.start()
session.evaluate()
resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000,) * 2)
session.configure(network=NetworkSpec(hidden=(4000, 4000)))
end = time.monotonic() + 30
while session.state != "failed" and time.monotonic() < end:
    time.sleep(0.01)
print(session.state, session.failure.error, session.network_spec.hidden, thread.is_alive())
print((session.parameters()["layer1.weight"].ravel() == before[:8]).all())
session.reset()
session.resume()
while session.step < 20 and time.monotonic() < end:
    time.sleep(0.01)
print(session.state, session.step >= 20)
stop.set()
thread.join()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the cap is Linux's")
def test_a_network_of_4000_and_4000_neurons_under_a_cap_leaves_the_run_as_it_was() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == [
        "failed not enough memory (4, 2) True",
        "True",
        "training True",
    ]
