"""The terminal application: screens, panes and the command line."""

if __name__ != "toygrad.tui":
    raise ImportError(f"import this package as toygrad.tui, not as {__name__}")
