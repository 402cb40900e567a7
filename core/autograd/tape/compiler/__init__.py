"""The compiler: recordings as native code."""
