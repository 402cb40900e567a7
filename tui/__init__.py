"""Placeholder."""

if __name__ != "toygrad.tui":
    raise ImportError(f"import this package as toygrad.tui, not as {__name__}")
