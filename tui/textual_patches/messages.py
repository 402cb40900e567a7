"""What a driver says to its application."""

from textual.message import Message


class TerminalReady(Message, bubble=False):
    """The terminal has taken all that was written, and takes the next frame."""
