"""Features: every usual spelling is understood, everything else is refused in words."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import ConfigError
from toygrad.core.training.features import (
    PLAYGROUND_FEATURES,
    available_features,
    compute_features,
    features,
    parse_feature,
)

SPELLINGS = {
    "x1": ["x1", "X1", " x1 "],
    "x2^2": ["x2^2", "x2**2", "x2²", "x2 squared", "X2 ^ 2"],
    "x1*x2": ["x1*x2", "x1 * x2", "x1x2", "x1·x2", "X1X2"],
    "sin x1": ["sin x1", "sinx1", "sin(x1)", "Sin( x1 )"],
    "x12": ["x12"],
}
NO_FEATURES = ["", "x", "1", "x1^3", "cos x1", "x1+x2", "y1", "x1; import os", "x-1"]


@pytest.mark.parametrize(
    ("name", "spelling"), [(name, text) for name, texts in SPELLINGS.items() for text in texts]
)
def test_every_usual_spelling_is_understood(name: str, spelling: str) -> None:
    assert parse_feature(spelling, 12).name == name


@pytest.mark.parametrize("text", NO_FEATURES)
def test_what_is_no_input_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ConfigError, match="is not an input: take one like x1, x2,"):
        parse_feature(text, 2)


@pytest.mark.parametrize(
    ("text", "n_columns", "there"),
    [("x3", 2, "x1 to x2"), ("x0", 2, "x1 to x2"), ("x1*x2", 1, "x1 alone")],
)
def test_a_column_that_is_not_there_is_refused(text: str, n_columns: int, there: str) -> None:
    with pytest.raises(ConfigError, match=f"not there: this data set has {there}"):
        parse_feature(text, n_columns)


def test_an_input_is_named_only_once_whatever_its_spelling() -> None:
    with pytest.raises(ConfigError, match="only once"):
        features(("sin x1", "sin(x1)"), 2)


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
