"""Value: the promises that hold for every operation."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from toygrad.core import Value
from toygrad.core.autograd import topological_order


def gradient_of(function: Any, at: Any) -> Any:
    value = Value(at)
    function(value).sum().backward()
    return value.grad


# --- Backward -----------------------------------------------------------------------------------


def test_backward_twice_doubles_the_leaves_only() -> None:
    x = Value(3.0)
    inner = x * x
    output = inner * 2.0
    output.backward()
    assert (x.grad, inner.grad, output.grad) == (12.0, 2.0, 1.0)
    output.backward()
    assert (x.grad, inner.grad, output.grad) == (24.0, 2.0, 1.0)


def test_backward_twice_doubles_only_the_leaves_of_arrays_too() -> None:
    x = Value([1.0, 2.0])
    inner = x * x
    output = inner.sum()
    for times in (1.0, 2.0):
        output.backward()
        np.testing.assert_array_equal(x.grad, times * np.array([2.0, 4.0]))
        np.testing.assert_array_equal(inner.grad, [1.0, 1.0])


def test_an_inner_node_shared_by_two_outputs_starts_from_zero_for_each() -> None:
    x = Value(2.0)
    shared = x * 3.0
    first, second = shared * 5.0, shared * 7.0
    first.backward()
    second.backward()
    assert shared.grad == 7.0
    assert x.grad == 15.0 + 21.0


def test_a_value_used_several_times_adds_up_its_gradients() -> None:
    assert gradient_of(lambda x: x + x, 3.0) == 2.0
    assert gradient_of(lambda x: x * x * x, 2.0) == 12.0


def test_zero_grad_clears_leaves_and_inner_nodes() -> None:
    x, y = Value(2.0), Value([1.0, 2.0])
    gradient_array = y.grad
    inner = x * y
    output = inner.sum()
    output.backward()
    output.zero_grad()
    assert (x.grad, inner.grad, output.grad) == (0.0, 0.0, 0.0)
    assert y.grad is gradient_array
    np.testing.assert_array_equal(y.grad, [0.0, 0.0])


def test_a_gradient_can_be_set_to_the_integer_0() -> None:
    x = Value(2.0)
    output = x * x
    x.grad = 0
    output.backward()
    assert x.grad == 4.0
    x.grad = 0
    output.zero_grad()
    assert x.grad == 0.0


def test_a_chain_of_100_000_operations() -> None:
    x = Value(1.0)
    output = x
    for _ in range(100_000):
        output = output + 1.0
    output.backward()
    assert output.data == 100_001.0
    assert x.grad == 1.0


def test_a_backward_pass_can_start_from_a_given_gradient() -> None:
    x = Value([1.0, 2.0])
    (x * x).backward([10.0, 1.0])
    np.testing.assert_array_equal(x.grad, [20.0, 4.0])


def test_backward_from_an_array_says_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\): call .sum\(\) or .mean\(\) first"):
        Value([1.0, 2.0]).exp().backward()


def test_a_starting_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(3,\), the output \(2,\)"):
        Value([1.0, 2.0]).exp().backward([1.0, 1.0, 1.0])


def test_backward_on_a_leaf_gives_it_the_gradient_1() -> None:
    x = Value(5.0)
    x.backward()
    assert x.grad == 1.0


def test_constants_get_no_gradient() -> None:
    x, data = Value(2.0), Value(3.0, constant=True)
    (x * data).backward()
    assert x.grad == 3.0
    assert data.grad == 0.0


# --- The graph ----------------------------------------------------------------------------------


def test_parents_are_the_operands_in_their_order() -> None:
    a, b = Value(5.0), Value(2.0)
    assert (a - b).parents == (a, b)
    assert (b - a).parents == (b, a)
    from_left = 7.0 - a
    assert [parent.data for parent in from_left.parents] == [7.0, 5.0]
    assert (a * a).parents == (a, a)


def test_the_order_of_the_graph_follows_the_operands_and_is_the_same_every_time() -> None:
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    product = b * c
    output = (a + product) * a
    order = topological_order(output)
    assert order == [a, b, c, product, output.parents[0], output]
    assert topological_order(output) == order


def test_leaves_have_no_operation_and_results_name_theirs() -> None:
    x = Value(2.0)
    assert x.op is None
    names = [node.op.name for node in topological_order((x**2).tanh()) if node.op]
    assert names == ["**n", "tanh"]


def test_repr_shows_data_gradient_and_label() -> None:
    x = Value(2.0)
    (x * 3.0).backward()
    assert repr(x) == "Value(data=2.0, grad=3.0)"
    assert repr(Value(-1.0, label="w1")) == "Value(data=-1.0, grad=0.0, label='w1')"
    assert repr(Value([1.0, 2.0])) == "Value(data=[1. 2.], grad=[0. 0.])"


def test_comparisons_are_of_data_and_equality_is_of_nodes() -> None:
    low, high = Value(-1.0), Value(2.0)
    assert low < high and low <= high and high > low and high >= low
    assert low < 0 < high and high <= 2 and not high > 2.0
    assert max(low, high) is high and sorted([high, low]) == [low, high]
    assert Value(2.0) != high and len({high, Value(2.0)}) == 2
    assert (Value([1.0, 3.0]) > high).tolist() == [False, True]
    assert (np.array([1.0, 3.0]) > high).tolist() == [False, True]


def test_the_graph_can_be_read_under_the_names_of_micrograd() -> None:
    a, b = Value(3.0), Value(2.0)
    product = a * b
    assert product._prev == {a, b} and (a * a)._prev == {a} and a._prev == set()
    assert [v._op for v in (product, a**2, a.tanh(), a)] == ["*", "**2", "tanh", ""]
    product.grad = 10.0
    product._backward()
    a._backward()
    assert (a.grad, b.grad) == (20.0, 30.0)


@pytest.mark.parametrize("name", ["_prev", "_op", "_backward"])
def test_what_is_read_under_the_names_of_micrograd_stays_as_it_is(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Value(1.0), name, None)


def test_data_can_be_set_to_an_integer() -> None:
    a = Value(1.0)
    a.data = 3
    (a * a).relu().backward()
    assert a.grad == 6.0
    a.backward()
    assert a.grad == 7.0


def test_labels_stay_with_their_values() -> None:
    x = Value(2.0, label="x")
    y = x * x
    y.label = "y"
    assert [node.label for node in topological_order(y)] == ["x", "y"]


# --- What data can be ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [3, 3.0, True, np.float32(3.0), np.float64(3.0), np.int64(3), np.array(3.0)]
)
def test_every_kind_of_number_becomes_a_float(number: Any) -> None:
    value = Value(number)
    assert type(value.data) is float
    assert value.data == float(number)
    assert value.shape == ()


@pytest.mark.parametrize("array", [[1, 2], (1.0, 2.0), np.array([1, 2], dtype=np.int32)])
def test_everything_numpy_makes_an_array_of_becomes_float64(array: Any) -> None:
    value = Value(array)
    assert isinstance(value.data, np.ndarray)
    assert value.data.dtype == np.float64
    assert value.shape == (2,)


def test_text_is_not_a_value() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        Value("two")


def test_a_result_of_one_number_is_a_float_and_can_start_a_backward_pass() -> None:
    x = Value([1.0, 2.0, 4.0])
    for output in (x[0], x[0, ...], x.sum(0), x.logsumexp(), x.logsumexp(0), x.max(), x @ x):
        assert type(output.data) is float
        output.backward()


def test_float_reads_the_number() -> None:
    assert float(Value(2.5) * 2.0) == 5.0


# --- Numbers and arrays on either side ----------------------------------------------------------

NUMBERS = [2, 2.0, np.float64(2.0), np.float32(2.0), np.int64(2)]


@pytest.mark.parametrize("two", NUMBERS, ids=lambda n: type(n).__name__)
def test_numbers_work_on_either_side(two: Any) -> None:
    x = Value(3.0)
    results = [two + x, x + two, two - x, x - two, two * x, x * two, two / x, x / two]
    expected = [5.0, 5.0, -1.0, 1.0, 6.0, 6.0, 2 / 3, 1.5]
    assert [r.data for r in results] == pytest.approx(expected)
    assert [(two**x).data, (x**two).data] == [8.0, 9.0]
    assert all(type(result) is Value for result in results)


def test_an_array_on_the_left_gives_one_value() -> None:
    row: Any = np.array([1.0, 2.0, 4.0])
    x = Value(2.0)
    results = [row + x, row - x, row * x, row / x, row**x]
    assert all(type(result) is Value and result.shape == (3,) for result in results)
    np.testing.assert_array_equal((row - x).data, [-1.0, 0.0, 2.0])
    np.testing.assert_array_equal((row**x).data, [1.0, 4.0, 16.0])
    (row * x).sum().backward()
    assert x.grad == 7.0


def test_arrays_multiply_matrices_on_the_left() -> None:
    matrix: Any = np.array([[1.0, 2.0], [3.0, 4.0]])
    x = Value([1.0, 10.0])
    product = matrix @ x
    assert type(product) is Value
    np.testing.assert_array_equal(product.data, [21.0, 43.0])
    product.backward([1.0, 1.0])
    np.testing.assert_array_equal(x.grad, [4.0, 6.0])


def test_pythons_sum_can_start_from_its_own_0() -> None:
    assert sum([Value(1.0), Value(2.0)], Value(0.0)).data == 3.0
    total: Any = sum([Value(1.0), Value(2.0)])
    assert total.data == 3.0


def test_plus_gives_the_value_itself() -> None:
    x = Value(2.0)
    assert +x is x


# --- Powers -------------------------------------------------------------------------------------


def test_an_exponent_has_a_gradient_too() -> None:
    base, exponent = Value(2.0), Value(3.0)
    (base**exponent).backward()
    assert base.grad == pytest.approx(12.0)
    assert exponent.grad == pytest.approx(8.0 * math.log(2.0))


def test_a_number_to_the_power_of_a_value() -> None:
    assert gradient_of(lambda x: 2**x, 3.0) == pytest.approx(8.0 * math.log(2.0))


def test_powers_of_zero_have_their_limits_as_gradients() -> None:
    assert gradient_of(lambda x: x**2, 0.0) == 0.0
    assert gradient_of(lambda x: x**1, 0.0) == 1.0
    assert gradient_of(lambda x: x**0, 0.0) == 0.0
    assert gradient_of(lambda x: 0.0**x, 2.0) == 0.0
    assert gradient_of(lambda x: Value([0.0, 0.0]) ** x, 2.0) == 0.0


def test_a_negative_base_takes_whole_exponents_of_numbers_and_arrays() -> None:
    assert gradient_of(lambda x: x**3, -2.0) == 12.0
    assert gradient_of(lambda x: x ** Value(3.0, constant=True), -2.0) == 12.0
    np.testing.assert_array_equal(
        gradient_of(lambda x: x ** np.array([2.0, 3.0]), [-2.0, -2.0]), [-4.0, 12.0]
    )


def test_the_root_of_a_negative_number_is_nan() -> None:
    assert math.isnan((Value(-4.0) ** 0.5).data)


# --- Kinks and ties -----------------------------------------------------------------------------


@pytest.mark.parametrize("zero", [0.0, -0.0, [0.0, 0.0]], ids=str)
def test_the_derivative_of_relu_at_0_is_0(zero: Any) -> None:
    np.testing.assert_array_equal(gradient_of(Value.relu, zero), np.zeros(np.shape(zero)))


@pytest.mark.parametrize(
    ("activation", "slope"), [(Value.abs, 0.0), (Value.leaky_relu, 0.01), (Value.elu, 1.0)]
)
def test_other_kinks_at_0_have_the_same_slope_for_numbers_and_arrays(
    activation: Any, slope: float
) -> None:
    assert gradient_of(activation, 0.0) == slope
    np.testing.assert_array_equal(gradient_of(activation, [0.0]), [slope])


def test_equal_maxima_share_the_gradient() -> None:
    np.testing.assert_array_equal(gradient_of(Value.max, [3.0, 1.0, 3.0]), [0.5, 0.0, 0.5])
    by_row = gradient_of(lambda x: x.max(1), [[2.0, 2.0], [1.0, 5.0]])
    np.testing.assert_array_equal(by_row, [[0.5, 0.5], [0.0, 1.0]])


def test_an_element_taken_twice_gets_both_gradients() -> None:
    np.testing.assert_array_equal(gradient_of(lambda x: x[[0, 0, 2]], [1.0, 2.0, 3.0]), [2, 0, 1])


# --- Far from zero ------------------------------------------------------------------------------

FAR = [
    ("sigmoid", -1000.0, 0.0, 0.0),
    ("sigmoid", 1000.0, 1.0, 0.0),
    ("softplus", -1000.0, 0.0, 0.0),
    ("softplus", 1000.0, 1000.0, 1.0),
    ("tanh", -1000.0, -1.0, 0.0),
    ("tanh", 1000.0, 1.0, 0.0),
    ("elu", -1000.0, -1.0, 0.0),
    ("elu", 1000.0, 1000.0, 1.0),
]


@pytest.mark.parametrize(("name", "at", "output", "slope"), FAR)
def test_nothing_overflows_far_from_zero(name: str, at: float, output: float, slope: float) -> None:
    for value in (Value(at), Value([at, at])):
        result = getattr(value, name)()
        result.sum().backward()
        np.testing.assert_allclose(result.data, np.full(value.shape, output), atol=1e-300)
        np.testing.assert_allclose(value.grad, np.full(value.shape, slope), atol=1e-300)


@pytest.mark.parametrize("at", [-1000.0, 1000.0])
def test_logsumexp_does_not_overflow(at: float) -> None:
    x = Value([at, at, at - 5000.0])
    output = x.logsumexp()
    output.backward()
    assert output.data == pytest.approx(at + math.log(2.0), rel=1e-15)
    np.testing.assert_allclose(x.grad, [0.5, 0.5, 0.0], atol=1e-12)


@pytest.mark.parametrize(
    ("logits", "output", "gradient"),
    [
        ([-math.inf, -math.inf], -math.inf, [math.nan, math.nan]),
        ([math.inf, 0.0], math.inf, [math.nan, 0.0]),
        ([-math.inf, 0.0], 0.0, [0.0, 1.0]),
        ([math.nan, 0.0], math.nan, [math.nan, math.nan]),
    ],
)
def test_logsumexp_of_infinities(logits: Any, output: float, gradient: Any) -> None:
    x = Value(logits)
    with np.errstate(invalid="ignore"):
        result = x.logsumexp()
        result.backward()
    np.testing.assert_array_equal(result.data, output)
    np.testing.assert_array_equal(x.grad, gradient)


EXTREMES = (0.0, -0.0, 1.0, -2.0, 0.5, 800.0, -800.0, 1e300, 5e-324, math.inf, -math.inf, math.nan)
ANYWHERE: dict[str, Any] = {
    **{name: getattr(Value, name) for name in ("exp", "log", "sqrt", "abs", "sin", "cos", "relu")},
    **{name: getattr(Value, name) for name in ("tanh", "sigmoid", "leaky_relu", "elu", "softplus")},
    **{f"**{n}": lambda a, n=n: a**n for n in (0, 1, 2, 3, -1, -1.5)},
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
}


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_number_follows_ieee_754_as_an_array_does(name: str) -> None:
    function = ANYWHERE[name]
    for numbers in itertools.product(EXTREMES, repeat=2 if name in "+-*/**" else 1):
        if name == "**" and numbers == (-math.inf, 0.5):
            continue  # inf from NumPy's arrays, nan from its scalars
        results: list[Any] = []
        for operands in (numbers, [np.array([x]) for x in numbers]):
            values = [Value(x) for x in operands]
            with np.errstate(all="ignore"):
                output = function(*values)
                output.backward(np.ones(output.shape))
            results.append(
                [float(np.ravel(x)[0]) for x in (output.data, *(v.grad for v in values))]
            )
        number, array = results
        np.testing.assert_allclose(number, array, rtol=1e-13, err_msg=f"{name} {numbers}")


# --- Single precision ---------------------------------------------------------------------------

OTHERS = [2, 2.0, np.float64(2.0), np.arange(3), np.ones(3), np.arange(3) > 1, np.array(2.0)]


@pytest.mark.parametrize("other", OTHERS, ids=lambda x: f"{type(x).__name__} {np.shape(x)}")
def test_constants_take_the_dtype_of_the_array_beside_them(other: Any) -> None:
    x = Value(np.array([1.0, 2.0, 3.0], dtype=np.float32))
    for result in (x + other, other - x, x * other, other / x, x**other, other**x):
        assert np.asarray(result.data).dtype == np.float32
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "sigmoid", "softplus", "max", "logsumexp"])
def test_data_and_gradients_stay_in_single_precision(name: str) -> None:
    x = Value(np.array([[-1.0, 2.0, 0.5]], dtype=np.float32))
    inner = x[[0, 0]] * np.ones((2, 1))
    output = getattr(inner, name)()
    output.backward(np.ones(output.shape))
    assert np.asarray(inner.data).dtype == inner.grad.dtype == x.grad.dtype == np.float32


def test_a_gradient_has_the_dtype_of_its_leaf() -> None:
    x, y = Value(np.ones(2, dtype=np.float32)), Value(np.ones(2))
    (x * y).sum().backward()
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)


# --- nan ----------------------------------------------------------------------------------------


def test_nan_stays_nan_in_numbers_and_arrays() -> None:
    for name in ("relu", "leaky_relu", "elu", "softplus", "sigmoid", "tanh"):
        assert math.isnan(float(getattr(Value(math.nan), name)()))
        # NumPy's own logaddexp warns of nan.
        with np.errstate(invalid="ignore"):
            assert np.isnan(getattr(Value([math.nan]), name)().data).all()
