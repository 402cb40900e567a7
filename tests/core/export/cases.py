"""Runs to export, and an interpreter in which their scripts have nothing of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

import toygrad
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.nn import ACTIVATIONS
from toygrad.datasets import DataChoice, Dataset

FORMULAS = (
    *("x1", "x1^2", "sin x1", "cos x1", "tanh x1", "relu(x1)", "elu(x1)", "softplus(x1)"),
    *("sigmoid(x1)", "exp(x1/9)", "abs(x1)", "1/(2+x1^2)", "2^x1", "-x1", "sqrt(9+x1)"),
    *("log(20+x1)", "x1^3-x1/7*2", "-(x1-1)^2", "2^-x1^2", "(-x1)^2"),
)
"""Every function of a formula, every operator, and what binds tightly."""
HOSTILE = ('"""', "'\n", '\\"', "$facts", "{}\x00", "\u2028", "\ud800", "</title>&")


def hostile_data() -> Dataset:
    """A table of a user's own with the names of an attacker."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(40, 3)) * (1.0, 50.0, 1e-3) + (0.0, 7.0, 1.0)
    return Dataset(
        name=HOSTILE[0] + HOSTILE[1],
        points=points,
        targets=rng.integers(0, 3, 40).astype(float),
        columns=HOSTILE[2:5],
        classes=(HOSTILE[5], HOSTILE[6], HOSTILE[7]),
        task="classification",
        input_shift=points.mean(axis=0),
        input_scale=points.std(axis=0),
        fits_scaling=True,
    )


def trained(data: str | Dataset, steps: int = 30, **settings: Any) -> Session:
    """A session that has learned a little."""
    shape = {
        name: settings.pop(name)
        for name in ("inputs", "hidden", "activation", "initializer", "output_activation")
        if name in settings
    }
    dataset = DataChoice(name=data, n_samples=40).load() if isinstance(data, str) else data
    session = Session(NetworkSpec(**shape), dataset, TrainingConfig(**settings), seed=1)
    session.advance(steps)
    return session


def predicting() -> dict[str, Session]:
    """Sessions with every activation, function of a formula and kind of target, by a name."""
    slow: dict[str, Any] = {"learning_rate": 0.003}
    cases = {
        f"{data} {name}": trained(data, hidden=(4, 3), activation=name, **slow)
        for data in ("circle", "iris", "parabola")
        for name in ACTIVATIONS
    }
    cases |= {
        f"output {name}": trained("parabola", output_activation=name, **slow)
        for name in ACTIVATIONS
    }
    cases["formulas"] = trained("x-sin-x", inputs=FORMULAS, hidden=(3,), **slow)
    cases["two columns"] = trained("moons", inputs=("x2", "x1*sin(x2)", "x1*x2^3"), **slow)
    cases["no hidden layer"] = trained("iris", hidden=(), **slow)
    cases["hostile names"] = trained(hostile_data(), hidden=(2,), **slow)
    cases["one bug"] = trained("circle", sabotage=("no_activation",), activation="relu", **slow)
    cases["float32"] = trained("circle", dtype="float32", **slow)
    return cases


def asked_of(session: Session) -> np.ndarray[Any, Any]:
    """Points to predict, some of them far from the data."""
    points = session.dataset.points[:12]
    return np.concatenate([points, 1.5 * points, points[:2] + 40.0 * session.dataset.input_scale])


RUN = """
import contextlib, io, json, runpy, sys
for line in sys.stdin:
    path, points = json.loads(line)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        script = runpy.run_path(path, run_name="__main__")
    assert said.getvalue().count("\\n") == 3
    made = script["outputs"](points).tolist(), script["predict"](points)
    print(json.dumps([*made, sorted(name for name in ("toygrad", "torch") if name in sys.modules)]))
"""
OURS = f"import sys; sys.path.insert(0, {str(Path(toygrad.__path__[-1]).parent)!r})\n"


def in_its_own_interpreter(program: str, *lines: object) -> list[Any]:
    """What a program prints as JSON, a line for each line of JSON that it is given."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def named(session: Session, points: np.ndarray[Any, Any]) -> list[Any]:
    """What the session predicts: the names of classes, or numbers."""
    outputs, classes = session.predict(points), session.dataset.classes
    if not classes:
        return list(outputs[:, 0].tolist())
    if len(classes) == 2:
        return [classes[int(output > 0.0)] for output in outputs[:, 0]]
    return [classes[k] for k in outputs.argmax(axis=1)]
