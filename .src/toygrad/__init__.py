"""toygrad: a small autograd engine, data sets to learn, and a playground in the terminal."""

from pathlib import Path

if (_src := Path(__file__).parent.parent).name == ".src":  # a source checkout
    __path__.insert(0, str(_src.parent))
