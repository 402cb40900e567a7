"""Programs: compiled code by what it computes, kept for whoever needs the same again.

A program works on any arrays of the right shapes, so that going back in time, undoing, resetting or
another session with the same network compiles nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar

# About a megabyte of code each.
MAX_PROGRAMS = 24

P_co = TypeVar("P_co", covariant=True)
P = TypeVar("P")


class Recipe(Hashable, Protocol[P_co]):
    """What a program computes."""

    def compile(self) -> P_co:
        """Makes the program, which takes a tenth of a second; raises `CannotCompile`."""


class Programs(Generic[P]):
    """The programs that were used last.

    A program's code is freed once nobody holds it, so one that makes room for others here lives on
    as long as somebody uses it.
    """

    def __init__(self, most: int = MAX_PROGRAMS) -> None:
        self._most = most
        self._kept: OrderedDict[Recipe[P], P] = OrderedDict()
        self._lock = threading.Lock()
        self._compiling = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def known(self, recipe: Recipe[P]) -> P | None:
        """The program, if it was compiled before."""
        with self._lock:
            program = self._kept.get(recipe)
            if program is not None:
                self._kept.move_to_end(recipe)
            return program

    def get(self, recipe: Recipe[P]) -> P:
        """The program; compiles it where there is none yet.

        Raises:
            CannotCompile: If there is no code for something in it, or no compiler here.
        """
        program = self.known(recipe)
        if program is not None:
            return program
        with self._compiling:
            # Another thread may have made it meanwhile.
            program = self.known(recipe)
            if program is None:
                program = recipe.compile()
                self._keep(recipe, program)
            return program

    def _keep(self, recipe: Recipe[P], program: P) -> None:
        with self._lock:
            self._kept[recipe] = program
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
