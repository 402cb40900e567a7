"""Module: what a network and its parts have in common."""

from __future__ import annotations

from ..autograd import Value


class Module:
    """Anything with parameters."""

    def parameters(self) -> list[Value]:
        """The leaves that training changes, in order."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Sets every parameter's gradient to zero."""
        for parameter in self.parameters():
            parameter.zero_grad()
