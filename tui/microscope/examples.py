"""The microscope's ready-made programs."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, str]] = {
    "a*b + c": "a = 2.0\nb = -3.0\nc = 10.0\nL = a*b + c\n",
    "(a*b + c) * f": ("a = 2.0\nb = -3.0\nc = 10.0\nf = -2.0\ne = a*b\nd = e + c\nL = d*f\n"),
    "3x^2 - 4x + 5, slope 14": "x = 3.0\ny = 3*x**2 - 4*x + 5\n",
    "(a*b)^2": "a = -4.0\nb = 2.0\ne = (a*b)**2\n",
    "tanh in one node": "x = 0.8814\no = x.tanh()\n",
    "tanh from exp, same slope": ("x = 0.8814\ne = exp(2*x)\no = (e - 1) / (e + 1)\n"),
    "a neuron": (
        "# inputs\nx1 = 2.0\nx2 = 0.0\n# weights and bias\nw1 = -3.0\nw2 = 1.0\n"
        "b = 6.8813735870195432\n# its output\nn = x1*w1 + x2*w2 + b\no = n.tanh()\n"
    ),
    "sin(x^2)": "x = 1.5\ny = sin(x**2)\n",
    "micrograd's README": (
        "a = -4.0\nb = 2.0\nc = a + b\nd = a*b + b**3\nc += c + 1\nc += 1 + c + (-a)\n"
        "d += d*2 + (b + a).relu()\nd += 3*d + (b - a).relu()\ne = c - d\nf = e**2\n"
        "g = f / 2.0\ng += 10.0 / f\n"
    ),
    "a network of two layers": (
        "x1 = 1.0\nx2 = -2.0\nw11 = 0.5\nw12 = -0.3\nb1 = 0.1\nw21 = -0.7\nw22 = 0.2\nb2 = 0.0\n"
        "h1 = tanh(w11*x1 + w12*x2 + b1)\nh2 = tanh(w21*x1 + w22*x2 + b2)\n"
        "v1 = 1.2\nv2 = -0.8\nc = 0.05\no = tanh(v1*h1 + v2*h2 + c)\nL = (o - 1)**2\n"
    ),
}
"""What each is called, and its text. Most are of Karpathy's lecture on micrograd."""

FIRST_EXAMPLE: Final = "(a*b + c) * f"
