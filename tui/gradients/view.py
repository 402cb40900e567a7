"""GradientsView: what every view of the gradients pane has, and the frames it draws from."""

from __future__ import annotations

import time
from collections import deque

import numpy as np
from textual.widget import Widget

from ...core import Snapshot
from ...core.autograd.numerics import FloatArray
from ...core.diagnosis.diagnosis import Diagnosis, diagnose
from ...core.diagnosis.histogram import HistogramHistory, histogram_of
from ...core.diagnosis.statistics import tensor_layout, tensor_stats
from ...core.diagnosis.steady import SteadyDiagnosis
from ...core.nn.parameters import element_at
from ..selection import Selection
from .parameter_columns import FROZEN
from .parameter_rows import TableRows, TensorRows

GRADIENTS = 12
TENSORS = 40
LAYERS = 40
# With very many parameters fewer past gradients are kept, so that they fit into memory.
MAX_NUMBERS = 4_000_000


class GradientMemory:
    """The last gradients of one network.

    It starts over with a network of another run or shape. A frame of the same step adds nothing.

    Attributes:
        names: The parameters' names; the same object as long as none changes, and no input or
            class is called something else.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._steady = SteadyDiagnosis()
        self._run_id = self._last_step = -1
        self._sizes: tuple[int, ...] = ()
        self._called: tuple[object, ...] = ()
        self._gradients: deque[FloatArray] = deque(maxlen=GRADIENTS)
        self._tensors: deque[FloatArray] = deque(maxlen=TENSORS)
        self._layers: deque[FloatArray] = deque(maxlen=LAYERS)
        self._histograms: list[tuple[HistogramHistory, HistogramHistory]] = []
        self._next_histogram = 0

    def remember(self, snapshot: Snapshot) -> Diagnosis:
        """Keep a frame, and judge it by itself and by those before."""
        diagnosis = self._steady.see(snapshot)
        called = snapshot.sizes, snapshot.inputs, snapshot.dataset.columns, snapshot.dataset.classes
        if called != self._called:
            self._called, self.names = called, snapshot.parameter_names()
        if (snapshot.run_id, snapshot.sizes) != (self._run_id, self._sizes):
            self._begin(snapshot)
        if not snapshot.step or snapshot.step == self._last_step:
            return diagnosis
        self._last_step = snapshot.step
        self._gradients.append(snapshot.gradients)
        self._tensors.append(tensor_stats(snapshot).gradients)
        self._layers.append(np.array([layer.gradient for layer in diagnose(snapshot).layers]))
        # One tensor's a frame, in turn: each frame must cost little.
        self.note_histogram(snapshot, self._next_histogram)
        self._next_histogram = (self._next_histogram + 1) % len(self._histograms)
        return diagnosis

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What is to be said of the last frame; None before the first."""
        return self._steady.shown

    def _begin(self, snapshot: Snapshot) -> None:
        if self._sizes != snapshot.sizes:
            self._next_histogram = 0
        self._run_id, self._sizes, self._last_step = snapshot.run_id, snapshot.sizes, -1
        count = max(1, min(GRADIENTS, MAX_NUMBERS // len(snapshot.parameters)))
        self._gradients = deque(maxlen=count)
        self._tensors.clear()
        self._layers.clear()
        n_tensors = len(tensor_layout(snapshot.sizes))
        self._histograms = [(HistogramHistory(), HistogramHistory()) for _ in range(n_tensors)]

    def note_histogram(self, snapshot: Snapshot, tensor: int) -> None:
        """Keep the histograms of one tensor's values and gradients."""
        part = tensor_layout(snapshot.sizes).part(tensor)
        values, gradients = self._histograms[tensor]
        values.note(snapshot.epoch, histogram_of(snapshot.parameters[part]))
        gradients.note(snapshot.epoch, histogram_of(snapshot.gradients[part]))

    def histograms(self, tensor: int) -> tuple[HistogramHistory, HistogramHistory]:
        """Those of a tensor's values and gradients, over the epochs."""
        return self._histograms[tensor]

    @property
    def layer_gradients(self) -> tuple[FloatArray, ...]:
        """Past gradients, root mean squares: each of shape (layers,), the oldest first."""
        return tuple(self._layers)

    def rows(self, snapshot: Snapshot) -> TableRows:
        """What the table shows of a snapshot that was remembered."""
        past = tuple(self._gradients)
        diagnosis = self.diagnosis or diagnose(snapshot)
        words = (*diagnosis.parameter_words, FROZEN)
        # Before the first step a gradient of zero says nothing.
        codes = diagnosis.parameter_codes(snapshot.gradients, past[:-1] if snapshot.step else ())
        codes[snapshot.frozen] = len(words) - 1
        stats = tensor_stats(snapshot)
        return TableRows(
            self.names,
            snapshot.parameters,
            snapshot.gradients,
            snapshot.updates,
            past,
            codes,
            words,
            snapshot.frozen,
            TensorRows(stats, tuple(self._tensors), stats.layout.counts(codes, len(words))),
            lambda index: snapshot.ends_of(element_at(snapshot.sizes, index)),
        )


SECONDS_BETWEEN_COMPUTATIONS = 0.5
"""During training, what takes long is computed at most this often."""


class GradientsView(Widget):
    """One way to look at the gradients; only the visible one gets frames.

    List it behind the widget that a view is, so that the widget's styles are found.
    """

    _next_computation = 0.0

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        """Draw a frame that is in the memory."""
        raise NotImplementedError

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        """Draw what changes with the selection; by default nothing."""

    def focus_first(self) -> None:
        """Take the focus, or give it to the first child that can have it."""
        self.focus()

    def is_due(self, snapshot: Snapshot) -> bool:
        """Whether to compute something long for a frame; then not again for a while."""
        now = time.monotonic()
        if now < self._next_computation and snapshot.state == "training":
            return False
        self._next_computation = now + SECONDS_BETWEEN_COMPUTATIONS
        return True
