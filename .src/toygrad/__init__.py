"""toygrad: a small autograd engine, data sets to learn, and a playground in the terminal."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

if (_src := Path(__file__).parent.parent).name == ".src":  # a source checkout
    __path__.insert(0, str(_src.parent))


def import_when_wanted(package: str, *modules: str) -> Callable[[str], Any]:
    """A package's `__getattr__` (PEP 562): `--help` needs no NumPy, and the user waits for it.

    Args:
        package: Its `__name__`; its `__all__` lists the names.
        modules: The modules in it that have them. A name comes from the first that has it.

    Returns:
        Imports the modules, one after the other, until a name is found.
    """

    def find(name: str) -> Any:
        namespace = vars(sys.modules[package])
        if name in namespace["__all__"]:
            for module in modules:
                found = getattr(import_module(f"{package}.{module}"), name, find)
                if found is not find:
                    namespace[name] = found
                    return found
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
