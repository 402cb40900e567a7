"""What a run was trained with, as plain data for JSON: no number in it is infinite or nan."""

from __future__ import annotations

import math
import platform
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ...datasets.choice import DataChoice
from ...datasets.dataset import Dataset, Origin
from .trained import TrainedRun

SCHEMA = 1
"""Another number after any change that a reader could stumble over."""


def recipe_data(run: TrainedRun) -> dict[str, Any]:
    """All but weights, curves and samples.

    Of a run that was edited it has the settings in force at the end.
    """
    state, setup, e = run.state, run.setup, run.evaluation
    return {
        "schema": SCHEMA,
        "versions": {
            "toygrad-tui": __version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "dataset": _dataset_data(run.dataset),
        "network": {
            **plain(asdict(setup.network)),
            "sizes": list(setup.sizes),
            "inputs": [feature.name for feature in state.problem.features],
            "activations": list(setup.activations),
        },
        "training": {**plain(asdict(setup.training)), "loss_used": setup.loss},
        "seed": state.seed,
        "split_seed": state.problem.split_seed,
        "engine": state.engine,
        "edits": run.document.place[1],
        "epoch": state.epoch,
        "step": state.step,
        "diverged": state.failure is not None,
        "results": plain(asdict(e)),
    }


def _dataset_data(dataset: Dataset) -> dict[str, Any]:
    """All but the samples: those of a user's own table may be private."""
    return {
        "name": dataset.name,
        "task": dataset.task,
        "columns": list(dataset.columns),
        "classes": list(dataset.classes),
        "samples": dataset.n_samples,
        "input_shift": plain(dataset.input_shift),
        "input_scale": plain(dataset.input_scale),
        "target_shift": plain(dataset.target_shift),
        "target_scale": plain(dataset.target_scale),
        "source": dataset.source,
        "note": dataset.note,
        "origin": _origin_data(dataset.origin),
    }


def _origin_data(origin: Origin | None) -> Any:
    if not isinstance(origin, DataChoice):
        return None
    # Samples that were added by hand to a user's own table are as private as its rows.
    return plain(asdict(origin if origin.path is None else replace(origin, added=())))


def plain(value: object) -> Any:
    """A value in JSON's kinds: null for nan, a word for infinity, a name alone for a path."""
    match value:
        case float():
            if math.isfinite(value):
                return float(value)
            return None if math.isnan(value) else str(value)
        case np.ndarray():
            return plain(value.tolist())
        case Path():
            return value.name
        case dict():
            return {key: plain(part) for key, part in value.items()}
        case tuple() | list():
            return [plain(part) for part in value]
    return value
