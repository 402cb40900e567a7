"""CompiledTape."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence

import numpy as np

from ..value import Value, topological_order
from .compiler.code import CodeGenerator, Step
from .compiler.fusion import fuse
from .compiler.lowering import lower
from .compiler.memory import Memory, aligned, first_address
from .compiler.native import NativeCode, host
from .recording import Array, Recording, Traced
from .tape import Place, _record_backward, _record_forward


def prepare(output, parameters=(), *, inputs=(), buffers=None):
    places = {p: (np.asarray(p.data), p.grad) for p in parameters} | dict(buffers or {})
    dtype = next((numbers.dtype for numbers, _ in places.values()), np.dtype(np.float64))
    inputs_ = [np.array(leaf.data, dtype=dtype) for leaf in inputs]
    recording = Recording(dtype)
    arrays = dict(zip(inputs, inputs_, strict=True))
    arrays |= {leaf: numbers for leaf, (numbers, _) in places.items()}
    traced = {leaf: recording.leaf(a) for leaf, a in arrays.items()}
    order = topological_order(output)
    _record_forward(order, traced, dtype)
    gradients = _record_backward(order, traced, parameters) if parameters else {}
    outputs = [(gradients.get(p, 0.0), places[p][1]) for p in parameters]
    end = traced[output]
    out = np.zeros(np.shape(output.data), dtype)
    return recording, [(end, out), *outputs], inputs_, out


class CompiledTape:
    def __init__(self, output: Value, parameters=(), *, inputs=(), buffers=None) -> None:
        recording, outputs, self._inputs, self.output = prepare(output, parameters, inputs=inputs, buffers=buffers)
        memory = Memory()
        statements = fuse(lower(recording, outputs, memory))
        generator = CodeGenerator(host())
        generator.add_run("run", memory, Step(statements))
        self.text = generator.module()
        self._memory = memory
        self._code = NativeCode(self.text)
        self._run = self._code.function("run")
        self._addresses = np.array([first_address(b.array) for b in memory.buffers], dtype=np.uint64)
        self._scratch = aligned(generator.scratch_bytes)
        self._control = np.zeros(8, np.int64)
        self._args = (1, *(a.ctypes.data for a in (self._addresses, self._scratch, self._control)))

    def replay(self, *inputs):
        for buffer, array in zip(self._inputs, inputs, strict=True):
            buffer[...] = array
        self._run(*self._args)
        return self.output
