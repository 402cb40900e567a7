"""Every example in a docstring gives what it says, under the name it is imported by."""

import doctest
import importlib
import pkgutil

import pytest

import toygrad

# Importing a __main__ is for running it.
MODULES = [
    module.name
    for module in pkgutil.walk_packages(toygrad.__path__, "toygrad.")
    if not module.name.endswith("__main__")
]


def test_every_part_of_the_package_is_looked_through() -> None:
    assert {"toygrad.core.autograd.value", "toygrad.datasets.dataset"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
