"""`python -m toygrad.tui`: the same as the command `toygrad-tui`."""

from .command_line.cli import main

if __name__ == "__main__":
    main()
