"""The tape: a graph recorded once, bound to preallocated buffers, and replayed every step.

A training step has the same graph every time. `recording` runs the operations' own rules (ops.py)
on arrays that note every NumPy call, which gives a list of calls (a Wengert list), forward and
backward. `buffers` gives each result an array that is allocated once, and `kernels` binds each call
to its arrays. A replay makes no node, asks for no rule and allocates no array. `rule` does the same
to any pure function of arrays, an optimizer's update for one.
"""

from .rule import TracedRule
from .tape import Tape

__all__ = ["Tape", "TracedRule"]
