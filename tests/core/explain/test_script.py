"""The script of a program computes on toygrad.core and prints the same numbers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from toygrad.core.explain.export import to_script
from toygrad.core.expression import run_program

PROGRAMS = {
    "plain": "a = 2.0\nb = -3.0\nL = (a*b + 1).tanh()\n",
    "names given again": "c = 1\nc += c + 1\nc_line1 = 4\nL = c*c_line1 + exp(c/2)\n",
    "a leaf given again": "a = 3\nb = a**2\na = 5\nL = a*b\n",
    "an error between": "a = 3\nx = a / 0\nL = a*a # squared\n",
    "functions": "x = 0.5\nL = sin(x**2) + log(x) + relu(x) + sigmoid(x) + sqrt(x) + pi\n",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_the_script_prints_the_same_numbers(text: str) -> None:
    program = run_program(text)
    script = to_script(program)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )
    output = program.output
    assert output is not None
    output.backward()
    first, *others = (line.split() for line in ran.stdout.splitlines())
    assert float(first[1]) == output.data
    printed = [(float(data), float(grad)) for _, data, grad in others]
    assert printed == [(leaf.data, leaf.grad) for leaf in program.leaves.values()]
    names = [name for name, _, _ in others]
    assert len(set(names)) == len(names)


def test_a_line_with_an_error_is_a_comment_with_what_is_wrong() -> None:
    script = to_script(run_program("a = 3\nx = a / 0\nL = a*a\n"))
    assert "# x = a / 0\n# line 2, column 9: division by zero" in script


@pytest.mark.parametrize("text", ["", "# nothing", "x = 1/0"])
def test_nothing_to_compute_is_a_script_all_the_same(text: str) -> None:
    script = to_script(run_program(text))
    compile(script, "script", "exec")
    assert "print" not in script
