"""Expressions: typed text, read by a grammar with a white list, never run as Python.

`parse_formula` reads one formula over columns, evaluated on arrays; `run_program` reads
assignments, one a line, and evaluates them on Values, so that their graph is the engine's own.
"""

from .formula import MAX_FORMULA_LENGTH, Formula, parse_formula
from .lines import MAX_CHARACTERS, MAX_LINE_LENGTH, MAX_LINES, MAX_OPERATIONS
from .program import Program, Statement, run_program
from .vocabulary import CONSTANTS, FUNCTIONS, ExpressionError

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "MAX_CHARACTERS",
    "MAX_FORMULA_LENGTH",
    "MAX_LINES",
    "MAX_LINE_LENGTH",
    "MAX_OPERATIONS",
    "ExpressionError",
    "Formula",
    "Program",
    "Statement",
    "parse_formula",
    "run_program",
]
