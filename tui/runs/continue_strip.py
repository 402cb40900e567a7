"""ContinueStrip: offers in one line to go on with the run that was left."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from ..key_words import with_keys


class ContinueStrip(Static):
    """The offer, under the status bar; a click accepts it."""

    DEFAULT_CSS = """
    ContinueStrip {
        display: none;
        height: 1;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        background: $primary-muted;
    }
    ContinueStrip.-on { display: block; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = with_keys(
            "The run from last time. Press ctrl+r{run.continue} or click here to continue it; "
            "escape closes this line and keeps the run."
        )

    def offer(self, words: str) -> None:
        """Shows what can be continued: `circle, epoch 93, 5 minutes ago`."""
        self.update(
            Content.assemble(
                (with_keys("Press ctrl+r{run.continue} to continue: "), "bold"),
                words,
                (" (escape closes)", "$foreground-muted"),
            )
        )
        self.add_class("-on")

    def close(self) -> None:
        """Hides the line."""
        self.remove_class("-on")

    @property
    def is_open(self) -> bool:
        """Whether it is visible."""
        return self.has_class("-on")

    async def on_click(self) -> None:
        await self.run_action("app.continue_run")
