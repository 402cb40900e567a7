"""Planted bugs act in the graph of a sample as they do in training, and the check finds them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given

from tests.core.explain.test_scalar_graphs import Graph, graphs
from toygrad.core.autograd import Value
from toygrad.core.explain.check import check_gradients, error_against_h, leaf_curve
from toygrad.core.explain.planted import NO_BUGS, BackwardBugs, can_be_early, planted_in
from toygrad.core.explain.replay import Replay
from toygrad.core.explain.sample_graph import sample_graph
from toygrad.core.explain.stepper import StepError, Stepper
from toygrad.core.training.sabotage import SABOTAGES

if TYPE_CHECKING:
    from tests.core.conftest import Make


def stepped(output: Value, bugs: BackwardBugs) -> Stepper:
    stepper = Stepper(output, bugs)
    stepper.jump(stepper.n_steps)
    return stepper


@pytest.mark.parametrize("bug", ["wrong_sign", "dropped_layer", "no_zero_grad"])
def test_the_gradients_are_those_of_the_next_step(make: Make, bug: str) -> None:
    run = make("circle", (3, 2), batch_size=1, sabotage=(bug,), learning_rate=0.01)
    run.advance(3)
    before = run.snapshot()
    run.advance()
    after = run.snapshot()
    graph = sample_graph(before, int(after.batch_rows[0]))
    stepper = stepped(graph.loss, planted_in(before, graph.parameters))
    found = [stepper.grad(leaf) for leaf in graph.parameters.values()]
    np.testing.assert_allclose(np.array(found, float), after.gradients, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("bug", SABOTAGES)
def test_steps_and_check_have_the_same_gradients(make: Make, bug: str) -> None:
    run = make("circle", (3, 2), n_samples=20, sabotage=(bug,))
    run.advance(2)
    graph = sample_graph(run.snapshot(), 0)
    bugs = planted_in(run.snapshot(), graph.parameters)
    stepper = stepped(graph.loss, bugs)
    checks = check_gradients(graph.loss, bugs=bugs)
    for check in checks:
        assert check.gradient == pytest.approx(stepper.grad(check.leaf) or 0.0, abs=1e-15)
    # A network without activations has the right gradient of a wrong function.
    is_found = any(check.relative_error > 1e-6 for check in checks)
    assert is_found is (bug != "no_activation")


def test_an_overwritten_gradient_is_that_of_the_last_use() -> None:
    a = Value(3.0, label="a")
    output = a * 2.0 + a * 5.0
    stepper = stepped(output, BackwardBugs(assigns=True))
    said = [line for step in stepper._taken for line in stepper.sentences(step)]
    assert stepper.grad(a) in (2.0, 5.0)
    assert any("a.grad = " in line for line in said)
    assert not any("+=" in line for line in said)
    assert Replay(output, BackwardBugs(assigns=True)).gradients()[a] == stepper.grad(a)


def test_each_bug_has_its_equation() -> None:
    a, b = Value(3.0, label="a"), Value(2.0, label="b")
    output = a * b
    bugs = BackwardBugs(first=-1.0, dropped=frozenset([a]), left_over={b: 10.0})
    stepper = stepped(output, bugs)
    start, backward = stepper._taken[-2:]
    assert stepper.sentences(start)[0].startswith("node1.grad = -∂node1/∂node1 = -1.0")
    assert stepper.sentences(backward) == (
        "a.grad gets nothing from node1: it stays 0",
        "b.grad += node1.grad * ∂node1/∂b = -1.0 * 3.0 = -3.0   (was 10.0, now 7.0)",
    )
    assert (stepper.grad(a), stepper.grad(b)) == (0.0, 7.0)
    stepper.jump(0)
    assert (stepper.grad(a), stepper.grad(b)) == (None, 10.0)


def test_curves_have_the_slope_that_the_bug_makes() -> None:
    a = Value(3.0, label="a")
    output, bugs = a * a, BackwardBugs(first=-1.0)
    assert leaf_curve(output, a, 1.0, 2.0, bugs=bugs).gradient == -6.0
    assert leaf_curve(output, a, 1.0, 2.0).gradient == 6.0
    assert error_against_h(output, a, [1e-3], bugs=bugs).central[0] > 0.9


def test_without_a_bug_nothing_is_wrong(make: Make) -> None:
    run = make("circle", (3,))
    run.advance()
    snapshot = run.snapshot()
    graph = sample_graph(snapshot, 0)
    assert planted_in(snapshot, graph.parameters) == NO_BUGS
    both = replace(snapshot, training=replace(snapshot.training, sabotage=("wrong_sign",)))
    assert planted_in(both, graph.parameters).first == -1.0


@given(graphs())
def test_beside_the_gradients_of_a_wrong_pass_stand_the_engines(graph: Graph) -> None:
    early = can_be_early(Stepper(graph.output).order)
    for bugs in (BackwardBugs(assigns=True), BackwardBugs(early=early)):
        stepper = Stepper(graph.output, bugs, NO_BUGS)
        assert all(stepper.right_grad(node) is None for node in stepper.order)
        try:
            stepper.jump(stepper.n_steps)
        except StepError:
            return
        for node in stepper.order:
            right, shown = stepper.right_grad(node), stepper.grad(node) or 0.0
            if not node.constant:
                assert (shown if right is None else right) == pytest.approx(node.grad, rel=1e-6)
            assert stepper.grad(node) == Replay(graph.output, bugs).gradients()[node] or not shown


def test_too_early_is_before_the_last_use_of_what_waits_for_several() -> None:
    a, b = Value(3.0, label="a"), Value(2.0, label="b")
    e, d = a * b, a + b
    output = e * d
    # Only leaves are used twice here, and they pass nothing on.
    assert can_be_early(Stepper(output).order) is None
    twice = e + e * d
    assert can_be_early(Stepper(twice).order) is e
    plan = [node for kind, node in Stepper(twice, BackwardBugs(early=e)).plan if kind == "backward"]
    assert plan[:2] == [twice, e]
