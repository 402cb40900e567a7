"""A network of two neurons as the tape records it and as the compiler writes it, for the book.

`python tests/book/two_neurons.py` prints both, for a processor with AVX2.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from toygrad.core import LOSSES, Network, Value
from toygrad.core.autograd.tape.compiler.code import CodeGenerator, Step
from toygrad.core.autograd.tape.compiler.fusion import fuse
from toygrad.core.autograd.tape.compiler.llvm_types import Target
from toygrad.core.autograd.tape.compiler.lowering import lower
from toygrad.core.autograd.tape.compiler.memory import Memory
from toygrad.core.autograd.tape.graph import record
from toygrad.core.autograd.tape.recording import Call, Traced

AVX2 = Target(vector_bytes=32, n_registers=16)
BATCH = 4


@dataclass(frozen=True)
class TwoNeurons:
    """What becomes of a step, forward and backward.

    Attributes:
        calls: NumPy's, a line each.
        n_statements: Of the compiler's own language, before they are fused.
        n_fused: And after.
        assembly: LLVM's.
    """

    calls: list[str]
    n_statements: int
    n_fused: int
    assembly: str


def two_neurons() -> TwoNeurons:
    """A relu neuron of two inputs and a linear one, with the squared error of 4 samples."""
    network = Network((2, 1, 1), ("relu", "linear"), rng=np.random.default_rng(0))
    x = Value(np.zeros((BATCH, 2)), constant=True)
    t = Value(np.zeros((BATCH, 1)), constant=True)
    loss = LOSSES["squared_error"].on_arrays(network(x), t)
    graph = record(loss, network.parameters(), inputs=(x, t))
    outputs = [(graph.output, np.zeros(())), *graph.gradients]
    memory = Memory()
    statements = lower(graph.recording, outputs, memory)
    fused = fuse(statements)
    generator = CodeGenerator(AVX2)
    generator.add_run("run", memory, Step(fused))
    slots = [result.slot for result, _ in outputs if isinstance(result, Traced)]
    values = [parameter.data for parameter in network.parameters()]
    known = dict(
        zip(map(id, [*values, *graph.inputs]), ("w1", "b1", "w2", "b2", "x", "t"), strict=True)
    )
    names = {slot: known[id(array)] for slot, array in graph.recording.leaves.items()}
    calls = graph.recording.calls_for(slots)
    for number, call in enumerate(calls, 1):
        names[call.result.slot] = f"v{number}"
    goals = {
        slot: name
        for slot, name in zip(
            slots, ("loss", "w1.grad", "b1.grad", "w2.grad", "b2.grad"), strict=True
        )
    }
    names |= goals
    return TwoNeurons(
        [_line(call, names) for call in calls], len(statements), len(fused), generator.assembly()
    )


def _line(call: Call, names: dict[int, str]) -> str:
    given = [
        *(_word(a, names) for a in call.args),
        *(f"{k}={v}" for k, v in call.kwargs.items() if v not in (None, False)),
    ]
    return f"{names[call.result.slot]:<7} = {call.function.__name__}({', '.join(given)})"


def _word(argument: object, names: dict[int, str]) -> str:
    return names[argument.slot] if isinstance(argument, Traced) else str(argument)


def functions(assembly: str) -> Sequence[str]:
    """The functions of a module, each as its lines."""
    return [f"define{part.partition('}')[0]}}}" for part in assembly.split("\ndefine")[1:]]


if __name__ == "__main__":
    made = two_neurons()
    print(
        "\n".join(made.calls),
        f"{made.n_statements} statements, {made.n_fused} fused",
        made.assembly,
        sep="\n",
    )
