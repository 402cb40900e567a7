"""Each operation carries its own backward rule, in words that say what the engine's table does."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given

from tests.core.explain.test_scalar_graphs import Graph, graphs
from toygrad.core.autograd import ops
from toygrad.core.explain.backward_rules import BACKWARD_RULES, partials_of
from toygrad.core.explain.replay import local_derivatives
from toygrad.core.explain.stepper import Stepper
from toygrad.core.expression import run_program

ARRAYS = {"@", "sum", "mean", "max", "logsumexp", "[]", "reshape", "transpose"}
FUNCTIONS = {
    "sign": lambda a: float(a > 0) - float(a < 0),
    "sigmoid": lambda a: 1.0 / (1.0 + math.exp(-a)),
    **{name: getattr(math, name) for name in ("sin", "cos", "exp", "log", "sqrt", "tanh")},
}


def evaluated(text: str, **numbers: float) -> float:
    return float(eval(text, {**FUNCTIONS, **numbers}))


def test_every_operation_on_single_numbers_has_a_rule() -> None:
    assert set(BACKWARD_RULES) == set(ops.OPS) - ARRAYS


@pytest.mark.parametrize("name", sorted(set(BACKWARD_RULES) - {"dot"}))
@pytest.mark.parametrize("a", [0.3, 1.7, -0.6])
def test_the_formula_of_a_rule_is_what_the_engine_computes(name: str, a: float) -> None:
    op, n_operands = ops.OPS[name], len(BACKWARD_RULES[name].partials)
    if name in ("log", "sqrt", "**"):
        a = abs(a)
    own = {"**n": (3.0,), "leaky_relu": (0.01,)}.get(name, ())
    numbers = [a, 0.8][:n_operands]
    out = op.forward(*numbers, *own)
    letters = {**dict(zip("ab", numbers, strict=False)), **dict(zip("n", own, strict=False))}
    expected = [float(d) for d in op.vjp(1.0, out, *numbers, *own)]
    found = [evaluated(p, out=float(out), **letters) for p in BACKWARD_RULES[name].partials]
    assert found == pytest.approx(expected)


@given(graphs())
def test_every_number_of_a_rule_is_the_engines(graph: Graph) -> None:
    stepper = Stepper(graph.output)
    stepper.jump(stepper.backward_position)
    for node in stepper.order:
        if node.op is None:
            continue
        data = {n: stepper.data(n) or 0.0 for n in stepper.order}
        assert len(partials_of(node)) == len(node.parents)
        text = stepper.rule(node)
        derivatives = local_derivatives(node, data)
        for part in filter(lambda part: part != "...", re.split(", (?=∂|\\.\\.\\.)", text)):
            *_, in_numbers, result = part.split(" = ")
            assert any(float(result) == pytest.approx(d, rel=1e-5) for d in derivatives)
            if "∂" not in in_numbers and not re.search("[a-z]+[0-9]", in_numbers):
                assert evaluated(in_numbers) == pytest.approx(float(result), rel=1e-3, abs=1e-4)


@pytest.mark.parametrize(
    ("program", "rule"),
    [
        ("n = 0.8814\no = tanh(n)", "∂o/∂n = 1 - tanh(n)**2 = 1 - 0.70712**2 = 0.499981"),
        ("a = 2\nb = -3\ne = a*b", "∂e/∂a = b = -3, ∂e/∂b = a = 2"),
        ("a = -3\nb = 2\ne = a + b", "∂e/∂a = 1, ∂e/∂b = 1"),
        ("a = -3\ne = a**2", "∂e/∂a = 2*a = 2*(-3.0) = -6"),
        ("a = 2\ne = a**3", "∂e/∂a = 3*a**2 = 3*2.0**2 = 12"),
        ("a = 2\ne = a**-1", "∂e/∂a = -1*a**(-2) = -1*2.0**(-2) = -0.25"),
        (
            "a = -3\nb = 2\ne = a/b",
            "∂e/∂a = 1/b = 1/2.0 = 0.5, ∂e/∂b = -a/b**2 = -(-3.0)/2.0**2 = 0.75",
        ),
    ],
)
def test_a_rule_is_said_with_its_numbers(program: str, rule: str) -> None:
    output = run_program(program).output
    assert output is not None
    stepper = Stepper(output)
    stepper.jump(stepper.n_steps)
    assert stepper.rule(output) == rule
