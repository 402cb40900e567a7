"""The title of a `Collapsible`, which Textual does not export."""

from textual.widgets._collapsible import CollapsibleTitle

__all__ = ["CollapsibleTitle"]
