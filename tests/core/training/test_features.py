"""Features: every usual spelling is understood, any formula taken, the rest refused in words."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import ConfigError, NetworkSpec, Session
from toygrad.core.expression import MAX_FORMULA_LENGTH
from toygrad.core.training.features import (
    PLAYGROUND_FEATURES,
    available_features,
    compute_features,
    features,
    parse_feature,
)
from toygrad.core.training.problem import make_problem
from toygrad.datasets import Dataset

SPELLINGS = {
    "x1": ["x1", "X1", " x1 ", "x01"],
    "x2^2": ["x2^2", "x2**2", "x2²", "x2 squared", "X2 ^ 2", "x02²"],
    "x1*x2": ["x1*x2", "x1 * x2", "x1x2", "x1·x2", "X1X2", "x1 x2"],
    "sin x1": ["sin x1", "sinx1", "sin(x1)", "Sin( x1 )"],
    "x12": ["x12", "x012"],
    "x1*sin(x2)": ["x1*sin(x2)", "x1 * sin( x2 )", "x1 sin x2"],
    "exp(-x1^2)": ["exp(-x1^2)", "exp( -x1² )"],
}
NO_FEATURES = {
    "": "'' is not an input: take one like x1, x2,",
    "  ": "'  ' is not an input: take one like x1, x2,",
    "x": "'x' is not an input, see character 1: unknown name x: use x1 to x2.",
    "y1": "'y1' is not an input, see character 1: unknown name y1: use x1 to x2.",
    "1": "'1' is not an input, see character 1: no column is used",
    "sin(3)": "no column is used",
    "x1; import os": "see character 3: ';' is not allowed here",
    "x-1": "see character 1: unknown name x",
    "x1*sinn(x2)": "see character 4: unknown function sinn: use sin.",
    "x1 + (x2": "see character 6: this ( is not closed: add a ).",
    "x1 + 1/(2-2)": "see character 9: division by zero",
    "x1" + " " * MAX_FORMULA_LENGTH: "An input has at most 200 characters, not 202",
}


@pytest.mark.parametrize(
    ("name", "spelling"), [(name, text) for name, texts in SPELLINGS.items() for text in texts]
)
def test_every_usual_spelling_is_understood(name: str, spelling: str) -> None:
    assert parse_feature(spelling, 12).name == name


@pytest.mark.parametrize("text", NO_FEATURES)
def test_what_is_no_input_is_refused_with_a_sentence_and_the_place(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_feature(text, 2)
    assert NO_FEATURES[text] in str(caught.value)


@pytest.mark.parametrize(
    ("text", "n_columns", "there"),
    [
        ("x3", 2, "x1 to x2"),
        ("x0", 2, "x1 to x2"),
        ("x00", 2, "x1 to x2"),
        ("x1*x2", 1, "x1 alone"),
        ("x1*sin( x3 )", 2, "x1 to x2"),
        ("x" + "9" * 100, 2, "x1 to x2"),
    ],
)
def test_a_column_that_is_not_there_is_refused(text: str, n_columns: int, there: str) -> None:
    with pytest.raises(ConfigError, match=f"not there: this data set has {there}"):
        parse_feature(text, n_columns)


@pytest.mark.parametrize(
    "names",
    [
        ("sin x1", "sin(x1)"),
        ("x1", "x01"),
        ("x1*sin(x2)", "x1 * sin x2"),
        ("x1+2", "x1 + 2.0"),
    ],
)
def test_an_input_is_named_only_once_whatever_its_spelling(names: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match="only once"):
        features(names, 2)


def test_no_names_mean_every_column() -> None:
    assert [feature.name for feature in features((), 3)] == ["x1", "x2", "x3"]


def test_features_compute_what_they_are_called() -> None:
    columns = np.array([[2.0, -3.0], [0.5, 4.0]])
    x1, x2 = columns.T
    computed = compute_features(features(PLAYGROUND_FEATURES, 2), columns)
    expected = np.column_stack([x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)])
    np.testing.assert_array_equal(computed, expected)
    assert computed.flags.c_contiguous


@pytest.mark.parametrize("n_columns", [1, 2, 4, 64])
def test_what_is_offered_can_be_taken(n_columns: int) -> None:
    offered = available_features(n_columns)
    assert tuple(feature.name for feature in features(offered, n_columns)) == offered


def test_the_columns_of_a_formula_are_those_it_reads() -> None:
    feature = parse_feature("x3*sin(x1) + x3", 4)
    assert feature.columns == (2, 0)
    x3, x1 = np.array([0.5, 2.0]), np.array([-1.0, 3.0])
    np.testing.assert_allclose(feature.compute(x3, x1), x3 * np.sin(x1) + x3)


# --- Formulas that have no number at a point -----------------------------------------------------


def line(*xs: float) -> Dataset:
    return Dataset(
        name="line",
        points=np.array(xs)[:, None],
        targets=np.zeros(len(xs)),
        columns=("x",),
        task="regression",
        domain=(-6.0, 6.0),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "log x1",
            "The input log x1 can't be computed at point 3, where x1 = -0.5: "
            "log of a negative number, -0.5: use a number above 0.",
        ),
        ("1/(x1-2)", "at point 2, where x1 = 2: division by zero"),
        ("exp(exp(x1)^2)", "at point 4, where x1 = 9: the result is above 1.8e308"),
        ("x1 + sqrt(x1)", "at point 3, where x1 = -0.5: sqrt of a negative number, -0.5"),
    ],
)
def test_an_input_that_is_not_finite_names_the_first_point(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make_problem(line(1.0, 2.0, -0.5, 9.0), ("x1", text), 0.5, 0)
    assert sentence in str(caught.value)
    with pytest.raises(ConfigError):
        Session(NetworkSpec(inputs=("x1", text)), line(1.0, 2.0, -0.5, 9.0))


def test_an_input_that_the_data_do_not_allow_changes_nothing() -> None:
    run = Session(NetworkSpec(inputs=("x1",)), line(1.0, -2.0))
    run.advance(3)
    before = run.snapshot()
    with pytest.raises(ConfigError, match="at point 2, where x1 = -2: log of a negative number"):
        run.configure(network=NetworkSpec(inputs=("log x1",)))
    after = run.snapshot()
    assert run.network_spec.inputs == after.inputs == ("x1",)
    np.testing.assert_array_equal(after.parameters, before.parameters)
    assert after.curves.marks == before.curves.marks


def test_data_that_an_input_does_not_allow_change_nothing() -> None:
    first = line(1.0, 2.0)
    run = Session(NetworkSpec(inputs=("log x1",)), first)
    run.advance(3)
    with pytest.raises(ConfigError, match="at point 1, where x1 = -1"):
        run.configure(dataset=line(-1.0, 2.0))
    assert run.dataset is run.snapshot().dataset is first


def test_where_the_view_has_no_number_the_picture_is_nan_and_nothing_warns() -> None:
    run = Session(NetworkSpec(inputs=("x1", "log x1")), line(0.5, 1.0, 2.0))
    run.advance(10)
    snapshot = run.snapshot((12, 1))
    assert snapshot.grid is not None
    np.testing.assert_array_equal(np.isnan(snapshot.grid[:, 0]), [True] * 6 + [False] * 6)
    assert np.isfinite(snapshot.parameters).all()
    assert snapshot.state == "paused"
