"""FindingStrip: what has been wrong with the network for a while, in a sentence."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.widgets import Static

from ...core import Snapshot
from ...core.diagnosis.network import Finding, findings

TOOLTIP: Final = "What goes wrong in this network, and what to try, once it lasts several steps."
FRAMES_TO_BELIEVE: Final = 3
"""This many frames of different steps must agree: a sentence that flickers is worse than none."""
FRAMES_TO_RENEW: Final = 17
"""After this many frames its numbers are updated: about once a second."""


class FindingStrip(Static):
    """The first finding, with what to try; hidden while there is none.

    Attributes:
        finding: What it says now.
    """

    DEFAULT_CSS = """
    FindingStrip {
        display: none;
        height: auto;
        max-height: 3;
        background: $warning 15%;
        color: $text;
        padding: 0 1;
    }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = TOOLTIP
        self.finding: Finding | None = None
        self._seen: str | None = None
        self._times = 0
        self._run_id = -1
        self._step = -1
        self._age = 0

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Judge a frame; one of the same step adds nothing."""
        if snapshot.run_id != self._run_id:
            self._run_id, self._seen, self._times = snapshot.run_id, None, FRAMES_TO_BELIEVE
            self._say(None)
        elif snapshot.step == self._step:
            return
        self._step = snapshot.step
        found = next(iter(findings(snapshot)), None)
        word = None if found is None else found.word
        self._times = self._times + 1 if word == self._seen else 1
        self._seen = word
        self._age += 1
        if self._times >= FRAMES_TO_BELIEVE:
            shown = None if self.finding is None else self.finding.word
            if word != shown or self._age >= FRAMES_TO_RENEW:
                self._say(found)

    def _say(self, finding: Finding | None) -> None:
        self._age = 0
        self.finding = finding
        self.display = finding is not None
        if finding is not None:
            self.update(
                Content.from_markup(
                    "[b]$word[/]  $sentence", word=finding.word, sentence=finding.sentence
                )
            )
