"""400 runs, 20 learning rates x 20 widths, 200 epochs of the spiral each, beside other ways.

The others have as many samples, batches and epochs: a loop over `train` in one process, the command
once a run, scikit-learn's MLPClassifier under joblib, and a loop of JAX that is jitted and vmapped
over all 400 (padded to the widest), or over the 20 rates of each width. Each is a process of its
own, with the time to start; the slow ones do a part of the work, which is scaled.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

RATES = "learning-rate=0.001..1:20:log"
WIDTHS = "width=1..20:20"
EPOCHS, BATCH, N_RUNS = 200, 10, 400
NETWORK = ["--hidden", "4", "--activation", "tanh", "--batch-size", str(BATCH)]
NETWORK += ["--train-share", "0.5", "--epochs", str(EPOCHS)]
SAMPLED = 20
"""Runs of the slow ones; the widths and rates along the diagonal."""


def settings() -> list[tuple[float, int]]:
    """Learning rate and width of each run."""
    rates = np.geomspace(0.001, 1.0, 20)
    return [(float(rate), width) for width in range(1, 21) for rate in rates]


def samples() -> tuple[Any, Any]:
    """The training samples of the spiral: inputs as the network sees them, and labels of -1, +1."""
    from toygrad.core import NetworkSpec, Session
    from toygrad.datasets import DataChoice

    learner = Session(NetworkSpec(), DataChoice(name="spiral").load())._loop.run.learner
    rows = learner.problem.train_rows
    return learner.problem.inputs[rows], learner.problem.targets[rows, 0]


# --- The subjects --------------------------------------------------------------------------------


def sweep() -> int:
    """The command."""
    from toygrad.tui.command_line import cli

    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "runs.jsonl")
        words = ["sweep", "--dataset", "spiral", "--over", RATES, "--over", WIDTHS, "--out", out]
        sys.argv = ["toygrad-tui", *words, *NETWORK]
        try:
            cli.main()
        except SystemExit as ended:
            assert not ended.code
        assert len(Path(out).read_text(encoding="utf-8").splitlines()) == N_RUNS
    return N_RUNS


def train_loop() -> int:
    """What `train` does, for one run after the other in one process."""
    from toygrad.core import NetworkSpec, Session, TrainingConfig
    from toygrad.datasets import DataChoice

    for rate, width in settings():
        data = DataChoice(name="spiral").load()
        network, training = NetworkSpec(hidden=(width,)), TrainingConfig(learning_rate=rate)
        session = Session(network, data, training)
        steps = EPOCHS * session.steps_per_epoch
        session.prepare(steps)
        session.advance(steps)
        session.evaluate()
    return N_RUNS


def train_command() -> int:
    """The command `train` once a run, two at a time."""
    from concurrent.futures import ThreadPoolExecutor

    def run(setting: tuple[float, int]) -> None:
        rate, width = setting
        words = ["train", "--dataset", "spiral", "--learning-rate", f"{rate}", "--json"]
        words += [*NETWORK, "--hidden", str(width)]
        command = [sys.executable, "-m", "toygrad", *words]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, settings()[:: N_RUNS // SAMPLED + 1]))
    return len(settings()[:: N_RUNS // SAMPLED + 1])


def _fit(inputs: Any, labels: Any, rate: float, width: int) -> float:
    import warnings

    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    network = MLPClassifier(
        (width,),
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=BATCH,
        learning_rate_init=rate,
        max_iter=EPOCHS,
        tol=0.0,
        momentum=0.0,
        n_iter_no_change=10**9,
        random_state=0,
    )
    return float(network.fit(inputs, labels).loss_)


def scikit_learn() -> int:
    """MLPClassifier under joblib, two processes."""
    from joblib import Parallel, delayed

    inputs, labels = samples()
    some = settings()[:: N_RUNS // SAMPLED + 1]
    Parallel(n_jobs=2)(delayed(_fit)(inputs, labels, *setting) for setting in some)
    return len(some)


def jax_padded() -> int:
    """All 400 in one vmapped loop, their hidden layers padded to 20."""
    rates, widths = map(np.array, zip(*settings(), strict=True))
    _jax_runs(rates, widths, 20)
    return N_RUNS


def jax_by_width() -> int:
    """A vmapped loop over the 20 rates for each width."""
    for width in range(1, 21):
        rates = np.geomspace(0.001, 1.0, 20)
        _jax_runs(rates, np.full(20, width), width)
    return N_RUNS


def _jax_runs(rates: Any, widths: Any, most: int) -> None:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    inputs, targets = map(jnp.asarray, samples())
    n = len(inputs)
    rng = np.random.default_rng(0)
    orders = jnp.asarray(np.concatenate([rng.permutation(n) for _ in range(EPOCHS)]))
    batches = orders.reshape(-1, BATCH)

    def loss(parameters: Any, x: Any, t: Any, mask: Any) -> Any:
        w1, b1, w2, b2 = parameters
        hidden = jnp.tanh(x @ w1 + b1) * mask
        return 0.5 * jnp.mean((jnp.tanh(hidden @ w2 + b2) - t) ** 2)

    def run(rate: Any, width: Any, first: Any) -> Any:
        mask = (jnp.arange(most) < width).astype(float)

        def step(parameters: Any, rows: Any) -> Any:
            gradients = jax.grad(loss)(parameters, inputs[rows], targets[rows], mask)
            return [w - rate * g for w, g in zip(parameters, gradients, strict=True)], None

        parameters, _ = jax.lax.scan(step, first, batches)
        return loss(parameters, inputs, targets, mask)

    runs = len(rates)
    first = [
        jnp.asarray(rng.uniform(-0.5, 0.5, shape))
        for shape in ((runs, 2, most), (runs, most), (runs, most), (runs,))
    ]
    jax.jit(jax.vmap(run))(jnp.asarray(rates), jnp.asarray(widths), first).block_until_ready()


SUBJECTS: dict[str, tuple[Callable[[], int], str]] = {
    "toygrad-tui sweep": (sweep, ""),
    "a loop over train": (train_loop, ""),
    "toygrad-tui train, two at a time": (train_command, ""),
    "scikit-learn under joblib": (scikit_learn, "sklearn"),
    "JAX, vmapped, padded": (jax_padded, "jax"),
    "JAX, vmapped by width": (jax_by_width, "jax"),
}
"""Each with the library that it needs."""


def timed(name: str) -> tuple[float, float]:
    """Seconds for 400 runs, of the clock and of the processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [sys.executable, __file__, "--subject", name]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    share = N_RUNS / int(done.stdout.splitlines()[-1])
    return seconds * share, used * share


def main() -> None:
    """Prints the table, the least of some rounds of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--subject", choices=SUBJECTS)
    arguments = parser.parse_args()
    if arguments.subject:
        print(SUBJECTS[arguments.subject][0]())
        return
    names = [
        n for n, (_, needs) in SUBJECTS.items() if not needs or importlib.util.find_spec(needs)
    ]
    best = {name: (float("inf"), float("inf")) for name in names}
    for _ in range(arguments.rounds):
        for name in names:
            best[name] = min(best[name], timed(name))
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    print(f"{'400 runs of 200 epochs':34}{'seconds':>9}{'cpu':>9}{'x sweep':>9}  asked")
    base = best[names[0]][0]
    for name in names:
        seconds, used = best[name]
        asked = "" if name == names[0] else "more than 1"
        print(f"{name:34}{seconds:9.1f}{used:9.1f}{seconds / base:9.1f}  {asked}")


if __name__ == "__main__":
    main()
