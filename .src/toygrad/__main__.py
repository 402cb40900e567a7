"""`python -m toygrad`: the application, as `toygrad-tui` starts it."""

from toygrad.tui.command_line.cli import main

if __name__ == "__main__":
    main()
