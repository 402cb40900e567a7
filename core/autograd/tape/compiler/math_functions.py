"""Mathematical functions of vectors, within 2.5 units in the last place of a double.

All compute in double precision. Infinities, nan and denormal numbers come out as NumPy's do. The
plan of each is the usual one (Muller, Elementary Functions): bring the argument into a small range
exactly, use a polynomial there, and put the rest back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from .term import Term

# Added to a double it rounds to a whole number, which then stands in the lowest bits.
_ROUNDER = 6755399441055744.0  # 1.5 * 2^52
_ROUNDER_BITS = 0x4338000000000000
_ONE_BITS = 1023 << 52
_SMALLEST_NORMAL = 2.0**-1022
_HALF_ROOT_BITS = 0x3FE6A09E00000000  # just below the root of 1/2

# Leading bits, and what is missing: a multiple of the leading ones is exact.
_LN2 = (float.fromhex("0x1.62e42fefa3800p-1"), float.fromhex("0x1.ef35793c76730p-45"))
_HALF_PI = (
    float.fromhex("0x1.921fb54400000p+0"),
    float.fromhex("0x1.0b4611a600000p-34"),
    float.fromhex("0x1.3198a2e037073p-69"),
)
# Above this, the multiples of the parts of pi/2 are no longer exact.
_LARGEST_ANGLE = 400_000.0


def _economized(
    series: Callable[[int], float], n_terms: int, low: float, high: float
) -> list[float]:
    """A polynomial of few terms that is as close to a power series as one of many.

    It is the series' Chebyshev expansion between two numbers, cut off.
    """
    long = np.polynomial.Polynomial([series(power) for power in range(n_terms + 8)])
    expansion = long.convert(domain=[low, high], kind=np.polynomial.Chebyshev)
    short = expansion.truncate(n_terms).convert(kind=np.polynomial.Polynomial)
    return [float(coefficient) for coefficient in short.coef]


# (e^r - 1 - r) / r^2, r up to ln(2) / 2 either way
_EXP = _economized(lambda k: 1.0 / math.factorial(k + 2), 10, -0.3470, 0.3470)
# (sin(r) / r - 1) / r^2 and (cos(r) - 1 + r^2 / 2) / r^4, in powers of r^2, r up to pi / 4
_SIN = _economized(lambda k: (-1.0) ** (k + 1) / math.factorial(2 * k + 3), 6, 0.0, 0.6175)
_COS = _economized(lambda k: (-1.0) ** k / math.factorial(2 * k + 4), 6, 0.0, 0.6175)
# (log((1 + s) / (1 - s)) / s - 2) / s^2, in powers of s^2, s up to 0.172
_LOG = _economized(lambda k: 2.0 / (2 * k + 3), 7, 0.0, 0.0295)


def _polynomial(x: Term, coefficients: Sequence[float]) -> Term:
    result = x.like(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        result = result.times_plus(x, coefficient)
    return result


# --- Exponentials -------------------------------------------------------------------------------


def _reduced(x: Term) -> tuple[Term, Term]:
    """For x = n ln(2) + r: n in the lowest bits, and e^r - 1."""
    shifted = x.times_plus(1.0 / math.log(2.0), _ROUNDER)
    n = shifted - _ROUNDER
    r = n.times_plus(-_LN2[0], x)
    r = n.times_plus(-_LN2[1], r)
    return shifted.bits(), (r * r).times_plus(_polynomial(r, _EXP), r)


def _power_of_two(n: Term) -> Term:
    """2^n, n in the lowest bits."""
    return n.logical("shl", 52).logical("add", _ONE_BITS).number_of_bits()


def exp(x: Term) -> Term:
    """e^x."""
    n, rest = _reduced(x.bounded(-746.0, 711.0))
    # In two halves, so that neither power of two leaves the range of a double.
    n = n.logical("shl", 12).logical("ashr", 12)
    half = n.logical("ashr", 1)
    return (rest + 1.0) * _power_of_two(half) * _power_of_two(n.logical("sub", half))


def expm1(x: Term) -> Term:
    """e^x - 1, precise near 0 too."""
    n, rest = _reduced(x.bounded(-50.0, 710.0))
    # Half of it, because 2^1024 is no double.
    half_scale = _power_of_two(n.logical("sub", 1))
    half = half_scale.times_plus(rest, half_scale - 0.5)
    # 0 keeps its sign.
    return x.is_("oeq", 0.0).choose(x, half + half)


def tanh(x: Term) -> Term:
    """(e^2a - 1) / (e^2a + 1), a = |x|, with the sign of x; it is 1 above 22."""
    size = abs(x)
    size = size.is_("ogt", 22.0).choose(size.like(22.0), size)
    n, rest = _reduced(size + size)
    scale = _power_of_two(n)
    growth = scale.times_plus(rest, scale - 1.0)
    return (growth / (growth + 2.0)).with_sign_of(x)


# --- Logarithms ---------------------------------------------------------------------------------


def log(x: Term) -> Term:
    """The natural logarithm; -inf at 0, nan below."""
    is_tiny = x.is_("olt", _SMALLEST_NORMAL)
    scaled = is_tiny.choose(x * 2.0**54, x)
    # x = 2^n (1 + f), with 1 + f between the roots of 1/2 and of 2.
    shifted = scaled.bits().logical("sub", _HALF_ROOT_BITS)
    n_bits = shifted.logical("ashr", 52)
    n = n_bits.logical("add", _ROUNDER_BITS).number_of_bits() - _ROUNDER
    n = n - is_tiny.choose(n.like(54.0), 0.0)
    mantissa = scaled.bits().logical("sub", n_bits.logical("shl", 52)).number_of_bits()
    f = mantissa - 1.0
    # log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f)
    s = f / (f + 2.0)
    z = s * s
    half_square = f * f * 0.5
    remainder = z * _polynomial(z, _LOG)
    tail = s.times_plus(half_square + remainder, n * _LN2[1])
    result = n.times_plus(_LN2[0], f - (half_square - tail))
    result = x.is_("oeq", math.inf).choose(x, result)
    result = x.is_("oeq", 0.0).choose(x.like(-math.inf), result)
    return x.is_("oge", 0.0).choose(result, math.nan)


def log1p(x: Term) -> Term:
    """log(1 + x), with what 1 + x rounded away put back."""
    y = x + 1.0
    lost = (x - (y - 1.0)) / y
    is_plain = y.is_("ogt", 0.0).logical("and", y.is_("olt", math.inf))
    result = log(y) + is_plain.choose(lost, 0.0)
    return x.is_("oeq", 0.0).choose(x, result)


def logaddexp(a: Term, b: Term) -> Term:
    """log(e^a + e^b)."""
    # The difference of two equal infinities is no number.
    distance = a.is_("oeq", b).choose(a.like(0.0), abs(a - b))
    return maximum(a, b) + log1p(exp(-distance))


# --- Angles -------------------------------------------------------------------------------------


def sin(x: Term) -> Term:
    """The sine of radians."""
    # 0 keeps its sign.
    return x.is_("oeq", 0.0).choose(x, _wave(x, "sin", 0))


def cos(x: Term) -> Term:
    """The cosine of radians."""
    return _wave(x, "cos", 1)


def _wave(x: Term, library_name: str, quarter: int) -> Term:
    shifted = x.times_plus(2.0 / math.pi, _ROUNDER)
    n = shifted - _ROUNDER
    r = x
    for part in _HALF_PI:
        r = n.times_plus(-part, r)
    z = r * r
    sine = (r * z).times_plus(_polynomial(z, _SIN), r)
    cosine = (z * z).times_plus(_polynomial(z, _COS), 1.0 - z * 0.5)
    turns = shifted.bits().logical("add", quarter)
    odd = turns.logical("and", 1)
    is_cosine = odd.logical("shl", 63).number_of_bits()
    wave = _is_negative(is_cosine).choose(cosine, sine)
    sign = turns.logical("lshr", 1).logical("shl", 63)
    result = wave.bits().logical("xor", sign).number_of_bits()
    is_far = abs(x).is_("ugt", _LARGEST_ANGLE)
    return x.writer.fallback(is_far.holds_somewhere(), result, lambda: by_library(library_name, x))


def _is_negative(x: Term) -> Term:
    """Whether the sign bit is set."""
    bits = x.bits()
    name = x.writer.op(f"icmp slt {bits.type} {bits.name}, {bits.like(0).name}")
    return Term(x.writer, name, "i1", x.lanes)


# --- The rest -----------------------------------------------------------------------------------


def power(a: Term, b: Term | float) -> Term:
    """a^b; a small power that is known is a product or a root, as NumPy has it for the root."""
    if isinstance(b, Term):
        return by_library("pow", a, b)
    if b == 0.5:
        return a.sqrt()
    if not (abs(b) <= 4 and b == int(b)):
        return by_library("pow", a, a.like(b))
    result = a.like(1.0)
    for _ in range(int(abs(b))):
        result = a if result.name == a.like(1.0).name else result * a
    return 1.0 / result if b < 0 else result


def by_library(name: str, *arguments: Term) -> Term:
    """A function of the C library, number by number."""
    first = arguments[0]
    results = [
        Term(
            first.writer,
            first.writer.call(name, "double", *(("double", x.lane(i).name) for x in arguments)),
            "double",
            1,
        )
        for i in range(first.lanes)
    ]
    return results[0] if first.lanes == 1 else first.writer.vector(results)


def maximum(a: Term, b: Term) -> Term:
    """The larger one, nan if one is."""
    return b.is_("uno", b).choose(b, a.is_("ugt", b).choose(a, b))


def minimum(a: Term, b: Term) -> Term:
    """The smaller one, nan if one is."""
    return b.is_("uno", b).choose(b, a.is_("ult", b).choose(a, b))


def fmax(a: Term, b: Term) -> Term:
    """The larger one; not nan unless both are."""
    return b.is_("uno", b).choose(a, a.is_("ogt", b).choose(a, b))


def fmin(a: Term, b: Term) -> Term:
    """The smaller one; not nan unless both are."""
    return b.is_("uno", b).choose(a, a.is_("olt", b).choose(a, b))


def sign(x: Term) -> Term:
    """-1, 0 or 1; nan stays nan."""
    # That of -0 is 0.
    negative = x.is_("olt", 0.0).choose(x.like(-1.0), x + 0.0)
    return x.is_("ogt", 0.0).choose(x.like(1.0), negative)
