"""Predict, then see: what is asked, which answers are right, which slip is in a wrong one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from tests.core.explain.test_scalar_graphs import Graph, bits, graphs, state
from toygrad.core import Value
from toygrad.core.explain.predict import (
    TOLERANCE,
    Asked,
    Question,
    Slip,
    ask,
    explain,
    questions,
)
from toygrad.core.explain.stepper import StepError, Stepper
from toygrad.core.expression import run_program


def stepper_of(program: str) -> Stepper:
    output = run_program(program).output
    assert output is not None
    return Stepper(output)


def advance(stepper: Stepper, asked: Asked) -> tuple[Question, ...]:
    """Steps to the next question; empty at the end, or before a step that fails."""
    while not (found := questions(stepper, asked)):
        try:
            stepper.step()
        except (StepError, IndexError):
            break
    return found


def asked_of(stepper: Stepper, asked: Asked) -> dict[str, Question]:
    """Every question of a run, by the name of its node."""
    found: dict[str, Question] = {}
    while now := advance(stepper, asked):
        assert not {stepper.names[q.node] for q in now} & set(found)
        found.update({stepper.names[q.node]: q for q in now})
        stepper.step()
    return found


LECTURE = "a = 2\nb = -3\nc = 10\nf = -2\ne = a*b\nd = e + c\nL = d*f\n"
# What flows into it differs from both factors, and b is used twice.
TWO_PATHS = "a = 2\nb = -3\nd = a*b\ne = a + b\nf = d*e\n"


# --- What is asked -------------------------------------------------------------------------------


def test_every_gradient_but_the_outputs_is_asked_for_once_where_it_is_complete() -> None:
    assert {n: q.answer for n, q in asked_of(stepper_of(LECTURE), "gradients").items()} == {
        "d": -2.0, "f": 4.0, "e": -2.0, "c": -2.0, "a": 6.0, "b": -4.0,
    }  # fmt: skip


def test_every_computed_value_is_asked_for_before_it_is_shown() -> None:
    assert {n: q.answer for n, q in asked_of(stepper_of(LECTURE), "values").items()} == {
        "e": -6.0, "d": 4.0, "L": -8.0,
    }  # fmt: skip


def test_a_step_that_fails_asks_for_nothing() -> None:
    a = Value(1.0, label="a")
    stepper = Stepper((a - 1.0).log())
    assert [q.answer for q in advance(stepper, "values")] == [0.0]
    stepper.step()
    assert advance(stepper, "values") == ()
    assert stepper.position == 1


@given(graphs())
def test_asking_changes_nothing_and_the_answers_are_those_of_backward(graph: Graph) -> None:
    stepper = Stepper(graph.output)
    answered = {}
    for _ in range(stepper.n_steps):
        before = state(stepper)
        found = (*questions(stepper, "values"), *questions(stepper, "gradients"))
        assert state(stepper) == before
        stepper.step()
        for question in found:
            is_value = question.asked == "values"
            shown = stepper.data if is_value else stepper.grad
            assert bits(question.answer) == bits(shown(question.node))
            answered[question.asked, question.node] = question.answer
    for node in stepper.order:
        if node is not graph.output and not node.constant:
            assert answered["gradients", node] == node.grad


# --- Right and wrong -----------------------------------------------------------------------------


def passed_back(stepper: Stepper, node: Value, flow: float | None = None) -> list[float]:
    """What each use of a node passes back, by the operation's own rule, of what flows into it."""
    found = []
    for user in stepper.order:
        if user.op is not None and node in user.parents:
            operands = [stepper.data(p) for p in user.parents]
            incoming = (stepper.grad(user) or 0.0) if flow is None else flow
            pulled = user.op.vjp(incoming, stepper.data(user), *operands, *user.parameters)
            uses = zip(user.parents, pulled, strict=True)
            found += [float(part) for parent, part in uses if parent is node]
    return found


@given(graphs())
def test_on_any_graph_an_answer_is_right_or_the_slip_in_it_is_found(graph: Graph) -> None:
    stepper = Stepper(graph.output)
    for question in asked_of(stepper, "gradients").values():
        node, answer, data = question.node, question.answer, stepper.data(question.node)
        assert data is not None
        assert question.slip(answer) is None
        assert question.slip(float(f"{answer:.3g}")) is None
        parts = passed_back(stepper, node)
        assert sum(parts) == pytest.approx(answer, rel=1e-9, abs=1e-9 * question.scale)
        users = [u for u in stepper.order for parent in u.parents if parent is node]
        flows = [stepper.grad(user) or 0.0 for user in users]
        wrong: list[tuple[Slip | None, float]] = [
            (Slip.SIGN, -answer),
            (Slip.LOCAL_DERIVATIVE, sum(passed_back(stepper, node, 1.0))),
            (Slip.UNCHANGED, sum(flows)),
        ]
        if len(parts) > 1:
            wrong += [(Slip.MISSING_PATH, n) for part in parts for n in (part, answer - part)]
        own = [
            data * flow if user.op is not None and user.op.name in ("*", "dot") else part
            for user, flow, part in zip(users, flows, parts, strict=True)
        ]
        wrong.append((Slip.OWN_FACTOR, sum(own)))
        for _, number in wrong:
            named = {
                # Where several give one number, any of them may be named.
                slip
                for slip, other in ((None, answer), *wrong)
                if abs(other - number)
                <= 2 * TOLERANCE * max(abs(other), abs(number)) + 1e-5 * question.scale
            }
            assert question.slip(number) in named


@pytest.mark.parametrize(
    ("program", "name", "typed", "slip"),
    [
        (LECTURE, "a", 6.0, None),
        (LECTURE, "a", 6.1, None),
        (LECTURE, "a", 6.2, Slip.UNKNOWN),
        (LECTURE, "a", -6.0, Slip.SIGN),
        (LECTURE, "a", -3.0, Slip.LOCAL_DERIVATIVE),
        (LECTURE, "a", -2.0, Slip.UNCHANGED),
        (LECTURE, "b", 6.0, Slip.OWN_FACTOR),
        (TWO_PATHS, "a", -3.0, None),
        (TWO_PATHS, "a", 3.0, Slip.SIGN),
        # b*(a + b) = 3 by one path, a*b = -6 by the other.
        (TWO_PATHS, "b", -8.0, None),
        (TWO_PATHS, "b", -2.0, Slip.MISSING_PATH),
        (TWO_PATHS, "b", -6.0, Slip.MISSING_PATH),
        (TWO_PATHS, "b", 3.0, Slip.LOCAL_DERIVATIVE),
        (TWO_PATHS, "b", math.inf, Slip.UNKNOWN),
    ],
)
def test_the_slip_in_a_gradient_is_named(
    program: str, name: str, typed: float, slip: Slip | None
) -> None:
    stepper = stepper_of(program)
    question = asked_of(stepper, "gradients")[name]
    assert question.slip(typed) is slip
    assert "{" not in explain(stepper, question, slip)


@pytest.mark.parametrize(
    ("formula", "typed", "slip"),
    [
        ("a*b", -6.0, None),
        ("a*b", 6.0, Slip.SIGN),
        ("a*b", -3.0, Slip.UNCHANGED),
        ("a*b", -1.0, Slip.OTHER_OPERATION),
        ("a - b", -1.0, Slip.OTHER_OPERATION),
        ("a/b", -1.5, Slip.OTHER_OPERATION),
        ("b**2", 9.0, None),
        ("b**2", -6.0, Slip.OTHER_OPERATION),
        ("tanh(a)", 2.0, Slip.UNCHANGED),
        ("tanh(a)", 0.5, Slip.UNKNOWN),
    ],
)
def test_the_slip_in_a_value_is_named(formula: str, typed: float, slip: Slip | None) -> None:
    stepper = stepper_of(f"a = 2\nb = -3\nL = {formula}\n")
    question = asked_of(stepper, "values")["L"]
    assert question.slip(typed) is slip
    assert explain(stepper, question, slip)


def test_a_forgotten_bias_of_a_neurons_sum_is_named() -> None:
    w, x, b = (Value(n, label=label) for n, label in ((2.0, "w"), (3.0, "x"), (0.5, "b")))
    (question,) = advance(Stepper(Value.dot([w], [x], b)), "values")
    assert [question.slip(n) for n in (6.5, 6.0)] == [None, Slip.MISSING_TERM]


def test_what_is_left_when_numbers_cancel_need_not_be_predicted_to_the_last_digit() -> None:
    stepper = stepper_of("a = 0.1\nb = a*3\nc = a*2\nd = c + a\nL = b - d\n")
    question = asked_of(stepper, "gradients")["a"]
    assert 0.0 < abs(question.answer) < 1e-12 or question.answer == 0.0
    assert question.slip(0.0) is None


# --- In words ------------------------------------------------------------------------------------


def test_a_question_has_all_numbers_that_its_answer_needs_but_the_local_derivative() -> None:
    stepper = stepper_of(TWO_PATHS)
    said = {name: ask(stepper, q) for name, q in asked_of(stepper, "gradients").items()}
    assert said["d"] == "What is d.grad? f = d*e, f.grad = 1.0"
    assert said["b"] == (
        "What is b.grad? It is used 2 times: d = a*b, d.grad = -1.0; e = a + b, e.grad = -6.0"
    )
    stepper = stepper_of(TWO_PATHS)
    (question,) = advance(stepper, "values")
    assert explain(stepper, question, Slip.UNCHANGED).startswith("That is the operand")
    stepper.jump(1)
    assert ask(stepper, question) == "What is d? d = a*b = 2.0*-3.0"
