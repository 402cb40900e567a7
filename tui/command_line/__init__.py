"""The command line: `toygrad-tui` and its commands."""
