"""The package `datasets` of somebody else, where this folder stands before it on the path."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def import_from_elsewhere(name: str) -> None:
    """Imports the package of this name from the rest of the path, in place of this folder.

    Python puts the working directory first on the path: in the root of the source, where a
    notebook may be open, `import datasets` finds this folder and not what was installed.

    Args:
        name: What is being imported; `sys.modules` has the other package under it afterwards.

    Raises:
        ImportError: If there is none.
    """
    # What is imported next may have a part of this name, too.
    del sys.modules[__name__]
    rest = [entry for entry in sys.path if (Path(entry) / name).resolve() != _HERE]
    spec = PathFinder.find_spec(name, rest)
    # A folder without code has no origin.
    if spec is None or spec.loader is None or spec.origin is None:
        raise ImportError(
            f"import this package as toygrad.{name}, not as {name}: no other package of that name "
            "is installed"
        )
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
