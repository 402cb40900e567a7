"""The compiler: what a tape records, as native code.

In the order in which a recording passes through: `lowering` translates NumPy calls into the
statements of `program`, on the arrays of `memory`; `fusion` joins them into fewer loops;
`product_plan` decides how products of matrices are made. `code` writes each statement as a function
of LLVM's assembly (`elementwise`, `transpose`, `reductions`, `products`, `moves`) by means of
`writer`, `term` and `loops`, with `functions` and `math_functions` for what NumPy's functions are.
`native` hands the assembly to llvmlite, and an `Executable` holds what comes back together with its
memory. No derivative is known here: they were recorded like everything else.
"""
