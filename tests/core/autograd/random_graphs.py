"""Random graphs of every operation: built of Values, and the same in HIPS autograd.

    graph = random_graph(17)
    leaves = graph.values()
    loss = graph.output(leaves)
    tape = Tape(loss, [leaves[i] for i in graph.parameters])

`print(graph)` writes a graph as a program. TOYGRAD_GRAPHS sets how many graphs a test tries.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad

from toygrad.core.autograd import Value

Shape = tuple[int, ...]

N_GRAPHS = int(os.environ.get("TOYGRAD_GRAPHS", "200"))
# A result beyond this is left out, so that rounding errors stay small.
LARGEST = 30.0
# Neither -1e300 nor -1e-300: a sum in another order differs where huge numbers cancel.
EXTREMES = (np.inf, -np.inf, np.nan, 0.0, -0.0, 1e300, 1e-300, 5e-324, 1e-310, 800.0, -800.0)


@dataclass(frozen=True)
class Operation:
    """An operation on Values, and the same one in HIPS autograd."""

    ours: Callable[..., Any]
    reference: Callable[..., Any]


def _same(function: Callable[..., Any]) -> Operation:
    return Operation(function, function)


def _reduction(ours: Callable[..., Any], reference: Callable[..., Any]) -> Operation:
    def reduced(a: Any, axis: Any, keepdims: bool) -> Any:
        return reference(a, axis=axis, keepdims=keepdims) if anp.ndim(a) else a

    return Operation(lambda a, axis, keepdims: ours(a, axis, keepdims=keepdims), reduced)


def _mean(a: Any, axis: Any, keepdims: bool) -> Any:
    total = anp.sum(a, axis=axis, keepdims=keepdims)  # NumPy's own mean warns of empty axes
    return total * (max(anp.size(total), 1) / max(anp.size(a), 1))


def _logsumexp(a: Any, axis: Any, keepdims: bool) -> Any:
    return anp.log(anp.sum(anp.exp(a), axis=axis, keepdims=keepdims))


UNARY: dict[str, Operation] = {
    "neg": _same(lambda a: -a),
    "exp": Operation(Value.exp, anp.exp),
    "log": Operation(Value.log, anp.log),
    "sqrt": Operation(Value.sqrt, anp.sqrt),
    "abs": _same(abs),
    "sin": Operation(Value.sin, anp.sin),
    "cos": Operation(Value.cos, anp.cos),
    "tanh": Operation(Value.tanh, anp.tanh),
    "sigmoid": Operation(Value.sigmoid, lambda a: 1.0 / (1.0 + anp.exp(-a))),
    "relu": Operation(Value.relu, lambda a: anp.where(a > 0.0, a, a * 0.0)),
    "elu": Operation(Value.elu, lambda a: anp.where(a > 0.0, a, anp.expm1(anp.minimum(a, 0.0)))),
    "softplus": Operation(Value.softplus, lambda a: anp.logaddexp(0.0, a)),
}
UNARY_WITH_NUMBER: dict[str, Operation] = {
    "leaky_relu": Operation(
        lambda a, slope: a.leaky_relu(slope), lambda a, slope: anp.where(a > 0.0, a, slope * a)
    ),
    "**n": _same(lambda a, n: a**n),
}
BINARY: dict[str, Operation] = {
    "+": _same(lambda a, b: a + b),
    "-": _same(lambda a, b: a - b),
    "*": _same(lambda a, b: a * b),
    "/": _same(lambda a, b: a / b),
    "**": _same(lambda a, b: a**b),
}
REDUCTIONS: dict[str, Operation] = {
    "sum": _reduction(Value.sum, anp.sum),
    "mean": _reduction(Value.mean, _mean),
    "max": _reduction(Value.max, anp.max),
    "logsumexp": _reduction(Value.logsumexp, _logsumexp),
}
SHAPES: dict[str, Operation] = {
    "[]": _same(lambda a, index: a[index]),
    "reshape": Operation(
        lambda a, shape: a.reshape(*shape), lambda a, shape: anp.reshape(a, shape)
    ),
    "transpose": Operation(lambda a: a.T, anp.transpose),
}
PRODUCTS: dict[str, Operation] = {
    "@": Operation(lambda a, b: a @ b, anp.matmul),
    "dot": Operation(
        lambda *v: Value.dot(v[: len(v) // 2], v[len(v) // 2 : -1], v[-1]),
        lambda *v: (
            sum(w * x for w, x in zip(v[: len(v) // 2], v[len(v) // 2 : -1], strict=True)) + v[-1]
        ),
    ),
}
OPERATIONS = UNARY | UNARY_WITH_NUMBER | BINARY | REDUCTIONS | SHAPES | PRODUCTS


@dataclass(frozen=True)
class Node:
    """The result of an earlier step, by its number; the leaves come first."""

    number: int

    def __repr__(self) -> str:
        return f"v{self.number}"


@dataclass(frozen=True)
class Step:
    """One operation: on nodes and plain constants, then its other arguments."""

    name: str
    operands: tuple[Any, ...]
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Graph:
    """A program of one output, a single number.

    Attributes:
        leaves: The first contents of its leaves: arrays, and floats.
        parameters: The numbers of the leaves to take gradients of; they hold arrays.
        inputs: The numbers of the leaves that get new contents; they may be parameters too.
        steps: What is computed.
    """

    leaves: tuple[Any, ...]
    parameters: tuple[int, ...]
    inputs: tuple[int, ...]
    steps: tuple[Step, ...]

    def values(self, contents: Sequence[Any] | None = None) -> list[Value]:
        """New leaves, of the first contents or of others."""
        return [Value(np.array(x)) for x in (self.leaves if contents is None else contents)]

    def output(self, leaves: Sequence[Value]) -> Value:
        """The graph of Values from the leaves to the output."""
        result: Value = self._run(leaves, self.steps, lambda name: OPERATIONS[name].ours)
        return result

    def reference(self, *leaves: Any) -> Any:
        """The output in HIPS autograd's NumPy."""
        steps = [
            Step(
                s.name,
                tuple(x if isinstance(x, Node) else np.float64(x) for x in s.operands),
                s.arguments,
            )
            for s in self.steps
        ]
        return self._run(leaves, steps, lambda name: OPERATIONS[name].reference)

    def other_contents(self, seed: int) -> list[Any]:
        """Contents for every leaf, a few per cent from the first."""
        rng = np.random.default_rng(seed)
        return [
            np.asarray(x * rng.uniform(0.97, 1.03, np.shape(x)), np.asarray(x).dtype)
            for x in self.leaves
        ]

    def __str__(self) -> str:
        lines = [f"v{i} = {leaf!r}" for i, leaf in enumerate(self.leaves)]
        lines += [f"parameters {self.parameters}, inputs {self.inputs}"]
        lines += [
            f"v{i} = {step.name} {[*step.operands, *step.arguments]}"
            for i, step in enumerate(self.steps, start=len(self.leaves))
        ]
        return "\n".join(lines)

    @staticmethod
    def _run(
        leaves: Sequence[Any], steps: Sequence[Step], form: Callable[[str], Callable[..., Any]]
    ) -> Any:
        nodes = list(leaves)
        for step in steps:
            operands = [nodes[x.number] if isinstance(x, Node) else x for x in step.operands]
            nodes.append(form(step.name)(*operands, *step.arguments))
        return nodes[-1]


@dataclass(frozen=True)
class Result:
    """An output, and its gradient by each parameter of the graph."""

    loss: float
    gradients: list[Any]


def eager(graph: Graph, contents: Sequence[Any] | None = None) -> Result:
    """What the engine computes node by node."""
    leaves = graph.values(contents)
    loss = graph.output(leaves)
    loss.backward()
    return Result(float(loss), [leaves[i].grad for i in graph.parameters])


def reference(graph: Graph, contents: Sequence[Any] | None = None) -> Result:
    """What HIPS autograd computes."""
    leaves = graph.leaves if contents is None else contents
    gradients = [
        grad(graph.reference, i)(*leaves) if _depends(graph, i) else np.zeros_like(leaves[i])
        for i in graph.parameters
    ]
    return Result(float(graph.reference(*leaves)), gradients)


def _depends(graph: Graph, leaf: int) -> bool:
    depends = {leaf}
    for number, step in enumerate(graph.steps, start=len(graph.leaves)):
        if any(isinstance(x, Node) and x.number in depends for x in step.operands):
            depends.add(number)
    return len(graph.leaves) + len(graph.steps) - 1 in depends


def assert_agree(result: Result, expected: Result, tolerance: float, graph: Graph) -> None:
    """Compares element by element, to the largest gradient; nan and infinity in the same places."""
    try:
        np.testing.assert_allclose(result.loss, expected.loss, rtol=tolerance, atol=tolerance)
        for one, other in zip(result.gradients, expected.gradients, strict=True):
            assert np.shape(one) == np.shape(other)
            finite = np.abs(other)[np.isfinite(other)]
            scale = max(1.0, float(np.max(finite, initial=0.0)))
            np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * scale)
    except AssertionError as error:
        error.add_note(str(graph))
        raise


# --- Making one ---------------------------------------------------------------------------------


def random_graph(seed: int, *, dtype: str = "float64", is_extreme: bool = False) -> Graph:
    """A graph of up to 12 operations, the same one for the same arguments.

    Args:
        seed: Chooses it.
        dtype: Of its leaves.
        is_extreme: Whether it may hold infinities, nan, and huge and tiny numbers, and go where
            operations are not smooth or not defined.
    """
    return _Maker(np.random.default_rng(seed), dtype, is_extreme).graph()


@dataclass
class _Maker:
    rng: np.random.Generator
    dtype: str
    is_extreme: bool
    leaves: list[Any] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    # What each step holds, by its number; leaves are counted from -1 down until the end.
    nodes: dict[int, Any] = field(default_factory=dict)

    def graph(self) -> Graph:
        for _ in range(self.rng.integers(1, 4)):
            self._new_leaf(self._any_shape())
        for _ in range(self.rng.integers(3, 13)):
            self._try(self._any_step())
        self._gather()
        # The leaves get the first numbers.
        n = len(self.leaves)
        steps = tuple(
            Step(s.name, tuple(_renumbered(x, n) for x in s.operands), s.arguments)
            for s in self.steps
        )
        arrays = [i for i, leaf in enumerate(self.leaves) if np.ndim(leaf)]
        chosen = [i for i in arrays if self.rng.random() < 0.8] or arrays[:1]
        inputs = [i for i in arrays if i not in chosen or self.rng.random() < 0.2]
        return Graph(tuple(self.leaves), tuple(chosen), tuple(inputs), steps)

    # --- Steps

    def _any_step(self) -> Step | None:
        families: list[tuple[float, Callable[[], Step | None]]] = [
            (0.25, self._unary),
            (0.08, self._unary_with_number),
            (0.3, self._binary),
            (0.12, self._reduction),
            (0.15, self._shape_step),
            (0.08, self._matmul),
            (0.02, self._dot),
        ]
        weights, makers = zip(*families, strict=True)
        step: Step | None = makers[self.rng.choice(len(makers), p=np.array(weights))]()
        return step

    def _unary(self) -> Step:
        return Step(self._one_of(list(UNARY)), (self._node(),))

    def _unary_with_number(self) -> Step:
        name = self._one_of(list(UNARY_WITH_NUMBER))
        numbers = [0.01, 0.2, 2.5] if name == "leaky_relu" else [0, 1, 2, 3, 2.0, 0.5, -1, -1.5]
        return Step(name, (self._node(),), (self._one_of(numbers),))

    def _binary(self) -> Step:
        first = self._node()
        shape = np.shape(self.nodes[first.number])
        operands = (first, self._partner(shape))
        is_turned = self.rng.random() < 0.5
        return Step(self._one_of(list(BINARY)), operands[::-1] if is_turned else operands)

    def _partner(self, shape: Shape) -> Any:
        """A node or a constant that broadcasts with a shape, either way."""
        kind = self.rng.random()
        if kind < 0.45:
            fitting = [i for i, x in self.nodes.items() if _broadcasts(shape, np.shape(x))]
            return Node(self._one_of(fitting))
        other = self._broadcasting_shape(shape)
        return self._new_leaf(other) if kind < 0.6 else self._constant(other)

    def _constant(self, shape: Shape) -> Any:
        """A plain number or array, of every kind that a user may write."""
        number = round(float(self.rng.uniform(0.3, 2.5)), 3)
        kinds: list[Callable[[], Any]] = [
            lambda: number,
            lambda: int(self.rng.integers(1, 4)),
            lambda: np.array(number),
            lambda: np.float32(number),
            lambda: np.full(shape, number),
            lambda: np.ones(shape),
            lambda: np.zeros(shape),
            lambda: self.rng.random(shape) < 0.5,
            lambda: (self.rng.random(shape) < 0.5) * 1.0,
            lambda: self.rng.integers(1, 4, shape),
            lambda: np.full(shape, 2),
            lambda: np.asarray(self.rng.uniform(0.3, 2.0, shape), self.dtype),
            lambda: self._contents(shape),
        ]
        return self._one_of(kinds)()

    def _reduction(self) -> Step:
        node = self._node()
        n = np.ndim(self.nodes[node.number])
        axes: list[Any] = [None]
        if n:
            axes += [
                *range(-n, n),
                (),
                tuple(range(n)),
                tuple(self.rng.permutation(n)[:2].tolist()),
            ]
        is_kept = bool(self.rng.random() < 0.4)
        return Step(self._one_of(list(REDUCTIONS)), (node,), (self._one_of(axes), is_kept))

    def _shape_step(self) -> Step | None:
        node = self._node()
        shape = np.shape(self.nodes[node.number])
        name = self._one_of(list(SHAPES))
        if name == "transpose":
            return Step(name, (node,))
        if name == "reshape":
            return Step(name, (node,), (self._one_of(_reshapes(shape)),))
        return Step(name, (node,), (self._index(shape),)) if shape and min(shape) else None

    def _index(self, shape: Shape) -> Any:
        n = shape[0]
        indices: list[Any] = [
            0,
            -1,
            slice(None, None, 2),
            slice(None, None, -1),
            slice(0, 0),
            None,
            (..., None),
            self.rng.integers(-n, n, 3).tolist(),
            self.rng.integers(-n, n, (2, 2)),
            self.rng.random(shape) < 0.5,
            self.rng.random(n) < 0.5,
            tuple(0 for _ in shape),
        ]
        if len(shape) > 1:
            m = shape[1]
            indices += [
                (slice(None), m - 1),
                (slice(1, None), slice(None, None, -1)),
                (self.rng.integers(0, n, 3), self.rng.integers(0, m, 3)),
                (slice(None), self.rng.integers(0, m, 2).tolist()),
                (..., 0),
            ]
        return self._one_of(indices)

    def _matmul(self) -> Step | None:
        arrays = [i for i, x in self.nodes.items() if np.ndim(x)]
        if not arrays:
            return None
        first = Node(self._one_of(arrays))
        *stack, length = np.shape(self.nodes[first.number])
        columns = int(self.rng.integers(1, 4))
        stacks: list[Shape] = [(length,), (length, columns), (2, length, columns)]
        if len(stack) > 1:
            stacks = [(length,), (length, columns), (*stack[:-1], length, columns)]
        shape: Shape = self._one_of(stacks)
        fitting = [i for i, x in self.nodes.items() if np.shape(x) == shape]
        other: Any = Node(self._one_of(fitting)) if fitting else None
        if other is None:
            is_leaf = self.rng.random() < 0.6
            other = self._new_leaf(shape) if is_leaf else self._contents(shape)
        if self.rng.random() < 0.3 and isinstance(other, Node):
            # The other side: the first transposed on the right of the second.
            return Step("@", (other, first))
        return Step("@", (first, other))

    def _dot(self) -> Step | None:
        numbers = [i for i, x in self.nodes.items() if not np.ndim(x)]
        if not numbers:
            return None
        n = int(self.rng.integers(1, 3))
        return Step("dot", tuple(Node(self._one_of(numbers)) for _ in range(2 * n + 1)))

    def _gather(self) -> None:
        """Sums up all that nothing reads, into one number."""
        read = {x.number for s in self.steps for x in s.operands if isinstance(x, Node)}
        ends = [i for i in self.nodes if i not in read]
        total: Node | None = None
        for end in ends:
            shape = np.shape(self.nodes[end])
            node = Node(end)
            if self.rng.random() < 0.7:
                # Unequal, so that a gradient that ends up at another element is seen.
                weights = np.asarray(1.5 + np.cos(np.arange(np.prod(shape))).reshape(shape))
                node = self._add(Step("*", (node, weights)))
            node = self._add(Step("sum", (node,), (None, False)))
            total = node if total is None else self._add(Step("+", (total, node)))

    # --- Operands

    def _node(self) -> Node:
        """Any node; the later, the likelier."""
        numbers = list(self.nodes)
        weights = np.arange(1.0, len(numbers) + 1)
        return Node(numbers[self.rng.choice(len(numbers), p=weights / weights.sum())])

    def _new_leaf(self, shape: Shape) -> Node:
        contents = self._contents(shape)
        self.leaves.append(contents if shape else float(contents))
        number = -len(self.leaves)
        self.nodes[number] = self.leaves[-1]
        return Node(number)

    def _contents(self, shape: Shape) -> Any:
        if self.is_extreme:
            contents = np.where(
                self.rng.random(shape) < 0.3,
                self.rng.choice(np.array(EXTREMES), shape),
                self.rng.uniform(-3.0, 3.0, shape),
            )
        else:
            low = self._one_of([0.4, 0.4, -2.0])
            contents = self.rng.uniform(low, 2.0, shape)
        with np.errstate(all="ignore"):
            return np.asarray(contents, dtype=self.dtype)

    def _any_shape(self) -> Shape:
        n = int(self.rng.integers(1, 4))
        return tuple(
            self.rng.choice([0, 1, 1, 2, 3, 4], n, p=[0.04, 0.16, 0.2, 0.2, 0.2, 0.2]).tolist()
        )

    def _broadcasting_shape(self, shape: Shape) -> Shape:
        result = [1 if self.rng.random() < 0.35 else n for n in shape]
        result = [
            int(self.rng.integers(2, 4)) if n == 1 and self.rng.random() < 0.3 else n
            for n in result
        ]
        change = self.rng.random()
        if change < 0.2:
            return tuple(result[1:])
        if change < 0.3 and len(shape) < 4:
            return (int(self.rng.integers(1, 3)), *result)
        return tuple(result)

    def _one_of(self, choices: Sequence[Any]) -> Any:
        return choices[int(self.rng.integers(len(choices)))]

    # --- Keeping what is legal and tame

    def _try(self, step: Step | None) -> None:
        if step is None:
            return
        try:
            with np.errstate(all="ignore"):
                result = self._result(step)
        except ValueError:  # a maximum of nothing, shapes that do not fit
            return
        if self.is_extreme or (_is_tame(result) and self._is_smooth(step)):
            self._add(step)

    def _is_smooth(self, step: Step) -> bool:
        """Whether no derivative is at a pole or a kink, nor close to it."""
        data = [self.nodes[x.number] if isinstance(x, Node) else x for x in step.operands]
        if step.name in ("log", "sqrt") or (
            step.name == "**n" and step.arguments[0] not in (0, 1, 2, 3)
        ):
            return bool(np.all(data[0] > 0.1))
        if step.name == "/":
            return bool(np.all(np.abs(data[1]) > 0.1))
        return step.name != "**" or bool(np.all(np.asarray(data[0]) > 0.1))

    def _add(self, step: Step) -> Node:
        number = len(self.steps)
        with np.errstate(all="ignore"):
            self.nodes[number] = self._result(step)
        self.steps.append(step)
        return Node(number)

    def _result(self, step: Step) -> Any:
        operands = [
            Value(self.nodes[x.number]) if isinstance(x, Node) else x for x in step.operands
        ]
        return OPERATIONS[step.name].ours(*operands, *step.arguments).data


def _renumbered(operand: Any, n_leaves: int) -> Any:
    if not isinstance(operand, Node):
        return operand
    number = operand.number
    return Node(-number - 1 if number < 0 else number + n_leaves)


def _broadcasts(one: Shape, other: Shape) -> bool:
    try:
        np.broadcast_shapes(one, other)
    except ValueError:
        return False
    return True


def _reshapes(shape: Shape) -> list[Shape]:
    size = int(np.prod(shape))
    shapes: list[Shape] = [(size,), (1, size), (size, 1), shape[::-1], (*shape, 1)]
    if size:
        shapes += [(-1,), (-1, 1)]
    if size % 2 == 0:
        shapes.append((2, size // 2))
    return [*shapes, ()] if size == 1 else shapes


def _is_tame(result: Any) -> bool:
    return bool(np.all(np.isfinite(result)) and np.max(np.abs(result), initial=0.0) < LARGEST)
