"""The names that need no NumPy are those of what can be chosen, in the same order."""

from toygrad.core.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, names


def test_the_names_are_those_of_the_tables() -> None:
    assert tuple(ACTIVATIONS) == names.ACTIVATION_NAMES
    assert tuple(INITIALIZERS) == names.INITIALIZER_NAMES
    assert tuple(LOSSES) == names.LOSS_NAMES
    assert tuple(OPTIMIZERS) == names.OPTIMIZER_NAMES
