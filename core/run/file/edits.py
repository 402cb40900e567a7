"""Edits from their records. Whether they fit a set-up is for the edits themselves to say."""

from __future__ import annotations

import numpy as np

from ...nn.parameters import Element, count_parameters
from ...training.weight_transfer import Weights
from ..edits import (
    AddSample,
    Configure,
    Edit,
    RemoveSample,
    Reseed,
    Reset,
    Restore,
    StartOver,
    UnfreezeAll,
    UseEngine,
    UseSamples,
    WriteElements,
    WriteParameters,
)
from . import records as r
from .library import Library, check_magnitude, check_size, numbered
from .states import read_state

_ELEMENT_BYTES = 300


def read_edit(library: Library, states: list[r.StateRecord], record: r.EditRecord) -> Edit:
    """The edit that a record describes.

    Raises:
        RunFileError: If it is none.
    """
    match record:
        case r.ConfigureRecord():
            return _configure(library, record)
        case r.StartOverRecord():
            setup = library.setup(record.setup)
            return StartOver(
                setup.training, setup.network, setup.dataset, setup.lesson, record.seed
            )
        case r.AddSampleRecord():
            check_magnitude(np.array([*record.point, record.target]))
            return AddSample(record.point, record.target)
        case r.RemoveSampleRecord():
            return RemoveSample(record.number)
        case r.UseSamplesRecord():
            return UseSamples(library.dataset(record.dataset))
        case r.WriteParametersRecord():
            return _write_parameters(library, record)
        case r.WriteElementsRecord():
            return _write_elements(library, record)
        case r.UnfreezeAllRecord():
            return UnfreezeAll()
        case r.UseEngineRecord():
            return UseEngine(record.name)
        case r.ResetRecord():
            return Reset()
        case r.ReseedRecord():
            return Reseed(record.seed)
        case r.RestoreRecord():
            state = read_state(library, numbered(states, record.state))
            return Restore(state, library.setup_log(record.setups))


def _configure(library: Library, record: r.ConfigureRecord) -> Configure:
    if record.network is not None:
        check_size(len(record.network.hidden), len(record.network.inputs))
    return Configure(
        training=record.training,
        network=record.network,
        dataset=None if record.dataset is None else library.dataset(record.dataset),
        weights=None if record.weights is None else _weights(library, record.weights),
        origins=record.origins,
    )


def _weights(library: Library, record: r.WeightsRecord) -> Weights:
    n = count_parameters(record.sizes)
    parameters = library.floats(record.parameters, n)
    return Weights(record.sizes, record.inputs, parameters, library.mask(record.frozen, n))


def _write_parameters(library: Library, record: r.WriteParametersRecord) -> WriteParameters:
    arrays = {name: library.floats(ref, *shape) for name, (shape, ref) in record.arrays.items()}
    library.spend(sum(array.nbytes for array in arrays.values()))
    return WriteParameters(arrays)


def _write_elements(library: Library, record: r.WriteElementsRecord) -> WriteElements:
    numbers = _elements(library, record.numbers)
    frozen = _elements(library, record.frozen)
    values = library.floats(record.values, len(numbers)).tolist()
    holds = library.mask(record.holds, len(frozen)).tolist()
    return WriteElements(
        dict(zip(numbers, values, strict=True)), dict(zip(frozen, holds, strict=True))
    )


def _elements(library: Library, ref: int) -> list[Element]:
    table = library.whole_numbers(ref, 3, -1)
    library.spend(_ELEMENT_BYTES * table.shape[1])
    return [
        Element(layer, None if source == -1 else source, target)
        for layer, source, target in table.T.tolist()
    ]
