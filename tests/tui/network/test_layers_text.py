"""Hidden layers as a line of text and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import ACTIVATIONS, NetworkSpec
from toygrad.tui.network.edits import MAX_LAYERS, layers_text, parse_layers

SPEC = NetworkSpec(hidden=(4, 2), activation=("relu", "sin"))


@pytest.mark.parametrize(
    ("text", "hidden", "activations"),
    [
        ("8 tanh, 4 relu", (8, 4), ("tanh", "relu")),
        ("8tanh,4  RELU ", (8, 4), ("tanh", "relu")),
        ("8", (8,), ("relu",)),
        ("8,4,2", (8, 4, 2), ("relu", "sin", "sin")),
        ("8 tanh, 4, 3 elu, 2", (8, 4, 3, 2), ("tanh", "sin", "elu", "elu")),
        ("8x3 relu", (8, 8, 8), ("relu",) * 3),
        ("8 x 2 tanh, 1", (8, 8, 1), ("tanh",) * 3),
        ("8*2 gelu", (8, 8), ("gelu",) * 2),
        ("3 leaky relu, 2 leaky_relu, 1 leaky-relu", (3, 2, 1), ("leaky_relu",) * 3),
        ("none", (), ()),
        ("", (), ()),
        (" NONE ", (), ()),
    ],
)
def test_what_people_write_is_understood(
    text: str, hidden: tuple[int, ...], activations: tuple[str, ...]
) -> None:
    assert parse_layers(text, SPEC) == (hidden, activations)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("8 tanhh", "No activation “tanhh”: use tanh, "),
        ("8 4", "“4” needs a comma before it: write 8 tanh, 4 relu."),
        ("tanh", "“tanh” is not a number of neurons: write 8 tanh, 4 relu."),
        ("8, ,4", "Nothing between two commas: write 8 tanh, 4 relu."),
        ("8,", "Nothing between two commas: write 8 tanh, 4 relu."),
        ("0 relu", "“0 relu” has no neurons: a layer needs at least 1."),
        ("8x0", "“8x0” has no neurons: a layer needs at least 1."),
        ("-3", "“-3” is not a number of neurons: write 8 tanh, 4 relu."),
        ("8.5 relu", "“8.5” is not a number of neurons: write 8 tanh, 4 relu."),
        ("2x1000", "1,000 hidden layers: use at most 64."),
        ("2x40, 2x40", "80 hidden layers: use at most 64."),
        ("9" * 40, "is not a number of neurons"),
    ],
)
def test_invalid_layers_are_refused_with_a_sentence_about_the_wrong_word(
    text: str, sentence: str
) -> None:
    with pytest.raises(ValueError) as error:
        parse_layers(text, SPEC)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@given(
    layers=st.lists(
        st.tuples(st.integers(1, 300), st.sampled_from(list(ACTIVATIONS))), max_size=MAX_LAYERS
    )
)
def test_every_network_is_written_so_that_it_can_be_read(layers: list[tuple[int, str]]) -> None:
    hidden, activations = tuple(n for n, _ in layers), tuple(name for _, name in layers)
    spec = NetworkSpec(hidden=hidden, activation=activations)
    assert parse_layers(layers_text(spec), SPEC) == (hidden, activations)


def test_equal_layers_are_written_together() -> None:
    assert layers_text(NetworkSpec(hidden=(8, 8, 8, 2))) == "8x3 tanh, 2 tanh"
    assert layers_text(NetworkSpec(hidden=(8, 8))) == "8 tanh, 8 tanh"
    assert layers_text(NetworkSpec(hidden=())) == "none"


@given(text=st.text(alphabet="0123456789x*, .-+tanhreluNONE\u00b2\u0663\u200b", max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        hidden, activations = parse_layers(text, SPEC)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert len(hidden) == len(activations) <= MAX_LAYERS
        assert all(n >= 1 for n in hidden) and set(activations) <= set(ACTIVATIONS)
