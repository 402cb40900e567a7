"""The stepper: the engine's own numbers one node at a time, and every step undone exactly."""

from __future__ import annotations

import math

import pytest

from toygrad.core import Value
from toygrad.core.autograd import topological_order
from toygrad.core.explain.stepper import StepError, Stepper


def lecture() -> Value:
    """L = (a*b + c) * f, with the numbers of the lecture."""
    a, b, c, f = (
        Value(number, label=name)
        for name, number in (("a", 2.0), ("b", -3.0), ("c", 10.0), ("f", -2.0))
    )
    e = a * b
    e.label = "e"
    d = e + c
    d.label = "d"
    output = d * f
    output.label = "L"
    return output


def state(stepper: Stepper) -> list[tuple[float | None, float | None, bool]]:
    return [(stepper.data(n), stepper.grad(n), stepper.done(n)) for n in stepper.order]


def run_to_the_end(stepper: Stepper) -> list[str]:
    said: list[str] = []
    while stepper.phase != "done":
        said.extend(stepper.sentences(stepper.step()))
    return said


# --- The graph ---------------------------------------------------------------------------


def test_the_graph_itself_is_left_as_it_is() -> None:
    output = lecture()
    for node in topological_order(output):
        node.grad = 7.0
    run_to_the_end(Stepper(output))
    assert {node.grad for node in topological_order(output)} == {7.0}
    assert output.data == -8.0


def test_a_chain_of_2_000_nodes_is_stepped_there_and_back() -> None:
    x = Value(0.5, label="x")
    output = x
    for _ in range(2_000):
        output = output * 0.999
    stepper = Stepper(output)
    output.backward()
    stepper.jump(stepper.n_steps)
    assert stepper.grad(x) == x.grad
    stepper.jump(0)
    assert stepper.grad(x) is None


# --- What is said -------------------------------------------------------------------------------


def test_every_step_says_its_numbers() -> None:
    assert run_to_the_end(Stepper(lecture())) == [
        "e = a*b = 2.0*-3.0 = -6.0",
        "d = e + c = -6.0 + 10.0 = 4.0",
        "L = d*f = 4.0*-2.0 = -8.0",
        "L.grad = ∂L/∂L = 1.0   (the chain rule starts)",
        "d.grad += L.grad * ∂L/∂d = 1.0 * -2.0 = -2.0   (was 0, now -2.0)",
        "f.grad += L.grad * ∂L/∂f = 1.0 * 4.0 = 4.0   (was 0, now 4.0)",
        "e.grad += d.grad * ∂d/∂e = -2.0 * 1.0 = -2.0   (was 0, now -2.0)",
        "c.grad += d.grad * ∂d/∂c = -2.0 * 1.0 = -2.0   (was 0, now -2.0)",
        "a.grad += e.grad * ∂e/∂a = -2.0 * -3.0 = 6.0   (was 0, now 6.0)",
        "b.grad += e.grad * ∂e/∂b = -2.0 * 2.0 = -4.0   (was 0, now -4.0)",
    ]


def test_a_value_added_to_itself_is_pushed_twice() -> None:
    a = Value(3.0, label="a")
    said = run_to_the_end(Stepper(a + a))
    assert said[-2:] == [
        "a.grad += node1.grad * ∂node1/∂a = 1.0 * 1.0 = 1.0   (was 0, now 1.0)",
        "a.grad += node1.grad * ∂node1/∂a = 1.0 * 1.0 = 1.0   (was 1.0, now 2.0)",
    ]


def test_an_exponent_gets_its_own_push() -> None:
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    stepper = Stepper(a**b)
    said = run_to_the_end(stepper)
    assert said[0] == "node1 = a**b = 2.0**3.0 = 8.0"
    assert stepper.grad(a) == 12.0
    assert stepper.grad(b) == pytest.approx(8.0 * math.log(2.0))


def test_constants_are_operands_but_get_no_gradient() -> None:
    x = Value(3.0, label="x")
    stepper = Stepper(2.0 * x)
    assert run_to_the_end(stepper)[-1].startswith(
        "x.grad += node1.grad * ∂node1/∂x = 1.0 * 2.0 = 2.0"
    )
    assert [stepper.names[n] for n in stepper.order] == ["2.0", "x", "node1"]
    assert stepper.grad(stepper.order[0]) is None


def test_nodes_of_the_same_label_have_names_of_their_own() -> None:
    c = Value(1.0, label="c")
    for _ in range(2):
        c = c + 1.0
        c.label = "c"
    names = [Stepper(c).names[n] for n in topological_order(c) if not (n.constant)]
    assert names == ["c", "c_2", "c_3"]


# --- Moving --------------------------------------------------------------------------------------


def test_the_phases_follow_each_other() -> None:
    stepper = Stepper(lecture())
    phases = [stepper.phase]
    while stepper.phase != "done":
        stepper.step()
        phases.append(stepper.phase)
    assert phases == ["forward"] * 3 + ["backward"] * 4 + ["done"]
    assert (stepper.n_steps, stepper.backward_position) == (7, 3)


def test_leaves_have_their_number_from_the_start_and_nodes_when_they_are_computed() -> None:
    stepper = Stepper(lecture())
    by_name = {stepper.names[n]: n for n in stepper.order}
    assert stepper.data(by_name["a"]) == 2.0
    assert stepper.data(by_name["e"]) is None
    assert (stepper.done(by_name["a"]), stepper.done(by_name["e"])) == (True, False)
    assert stepper.plan[stepper.position] == ("forward", by_name["e"])
    stepper.step()
    assert stepper.current is by_name["e"]
    assert stepper.data(by_name["e"]) == -6.0
    assert stepper.derivatives(by_name["e"]) == (-3.0, 2.0)
    assert stepper.derivatives(by_name["d"]) == ()


def test_a_gradient_is_done_when_nothing_more_arrives() -> None:
    a = Value(3.0, label="a")
    square = a * a
    stepper = Stepper(square + a)
    stepper.jump(stepper.backward_position + 2)
    assert stepper.grad(a) == 1.0
    assert (stepper.done(square), stepper.done(a)) == (True, False)
    stepper.step()
    assert (stepper.grad(a), stepper.done(a)) == (7.0, True)


def test_jumping_to_a_node_goes_where_it_is_complete() -> None:
    stepper = Stepper(lecture())
    by_name = {stepper.names[n]: n for n in stepper.order}
    stepper.jump(by_name["d"])
    assert stepper.position == 2
    stepper.jump(stepper.n_steps)
    stepper.jump(by_name["c"])
    assert stepper.position == 6
    assert (stepper.grad(by_name["c"]), stepper.grad(by_name["a"])) == (-2.0, None)


def test_there_is_nothing_before_the_start_and_after_the_end() -> None:
    stepper = Stepper(lecture())
    with pytest.raises(IndexError, match="already at the start"):
        stepper.back()
    with pytest.raises(IndexError, match="from 0 to 7, not 8"):
        stepper.jump(8)
    stepper.jump(7)
    with pytest.raises(IndexError, match="already at the end"):
        stepper.step()


def test_a_leaf_alone_gets_the_gradient_1() -> None:
    x = Value(5.0, label="x")
    stepper = Stepper(x)
    assert run_to_the_end(stepper) == ["x.grad = ∂x/∂x = 1.0   (the chain rule starts)"]
    assert stepper.grad(x) == 1.0


# --- Where no step exists -----------------------------------------------------------------------


def test_a_graph_of_arrays_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\): unroll the network first"):
        Stepper(Value([1.0, 2.0]).sum())


def test_a_node_without_a_derivative_is_named_and_nothing_has_changed() -> None:
    x = Value(0.0, label="x")
    stepper = Stepper(x.sqrt())
    stepper.jump(2)
    before = state(stepper)
    with pytest.raises(StepError, match=r"node1 = sqrt\(x\) = sqrt\(0.0\) has no derivative there"):
        stepper.step()
    assert state(stepper) == before


def test_a_node_that_lost_its_result_is_named() -> None:
    x = Value(1.0, label="x")
    output = x.log()
    x.data = -1.0
    with pytest.raises(StepError, match=r"node1 = log\(x\) = log\(-1.0\) has no result"):
        Stepper(output).step()


def test_a_node_taken_too_early_passes_on_a_part_and_makes_what_it_needs_wrong() -> None:
    x = Value(2.0, label="x")
    a = x * x
    stepper = Stepper(a * 3.0 + a)
    stepper.jump(stepper.n_steps)
    early = stepper.taken_early(a)
    assert early is not None
    assert (early.passed_on, early.wrong) in ((1.0, 4.0), (3.0, 12.0))
    assert (early.receiver, early.right) == (x, stepper.grad(x)) == (x, 16.0)
    assert stepper.taken_early(stepper.output) is None
    # What is used twice by one node only has all of it at once.
    assert Stepper(x * x).taken_early(x) is None


def test_uses_are_counted_by_place() -> None:
    a, b = Value(2.0, label="a"), Value(3.0, label="b", constant=True)
    stepper = Stepper(a * a + a * b)
    assert (stepper.n_uses(a), stepper.n_uses(b), stepper.n_uses(stepper.output)) == (3, 1, 0)
