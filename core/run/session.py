"""Session: a run that anybody may steer, from any thread, by commands in a queue."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ...datasets.dataset import Dataset
from ..autograd.numerics import FloatArray
from ..nn import Network
from ..nn.parameters import Element
from ..training.config import NetworkSpec, TrainingConfig
from ..training.history import CURVES
from ..training.reshape import Origins
from ..training.setup import Setup
from ..training.snapshot import Evaluation, Snapshot, State, TrainingFailure, frozen_copy
from ..training.state import LearnerState
from ..training.weight_transfer import Weights
from .checkpoints import Checkpoint
from .clock import Clock
from .commands import Advance, AdvanceEpochs, Command, Pause, Redo, Resume, Seek, Undo
from .document import RunDocument, Version
from .edits import Configure, Reseed, Reset, UnfreezeAll, WriteElements, WriteParameters
from .engine_choice import WORTH_STEPS
from .loop import Loop
from .observer import Observer
from .opening import ready_document
from .recipe import Recipe


class Session:
    """One network that learns one data set. It has no thread of its own.

    Everything that changes it is a command, and `submit` is the one way in; the other methods
    that change something submit one. Used directly, a session is synchronous: a command is carried
    out before `submit` returns. Or a thread calls `run()`: then that thread alone touches the
    network, every method may be called from any other one, and edits take hold between two of its
    steps, in their order; what is left of an `advance()` comes after them.
    """

    def __init__(
        self,
        network: NetworkSpec,
        dataset: Dataset,
        training: TrainingConfig | None = None,
        *,
        seed: int = 0,
        lesson: str = "",
        clock: Clock | None = None,
        chooses_engine: bool = True,
    ) -> None:
        """Makes the network.

        Args:
            network: Its shape.
            dataset: What to learn.
            training: How; the defaults are TensorFlow Playground's.
            seed: Decides the first weights, the split and the order of the samples.
            lesson: The name of the lesson it belongs to; empty for none.
            clock: Tells the time; the machine's by default.
            chooses_engine: Whether the engine "auto" may become the compiled one by itself; False
                to follow a journal.

        Raises:
            ConfigError: If network, data set and settings do not fit each other.
        """
        recipe = Recipe(network, dataset, training or TrainingConfig(), seed, lesson)
        recipe.setup.check()
        self._loop = Loop(recipe, clock or Clock(), chooses_engine=chooses_engine)

    @classmethod
    def from_document(cls, document: RunDocument) -> Session:
        """A session that goes on with a run.

        Raises:
            ValueError: If the run does not hold together, or has to be trained again for too long;
                in one sentence.
        """
        document = ready_document(document)
        recipe = document.recipe
        session = cls(
            recipe.network, recipe.dataset, recipe.training, seed=recipe.seed, lesson=recipe.lesson
        )
        session.open(document)
        return session

    @classmethod
    def of(cls, loop: Loop) -> Session:
        """The session of a loop that is there already."""
        new = Session.__new__(Session)
        new._loop = loop
        return new

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Session:
        """A session that goes on with a run that was saved.

        Raises:
            ValueError: If the file can't be read or is no run, in one sentence.
        """
        # Here, because most sessions need no file.
        from .file import read_run

        return cls.from_document(read_run(Path(path)))

    # --- What it is now ------------------------------------------------------------------------

    @property
    def setup(self) -> Setup:
        """All that is configured, as the commands so far lead to it."""
        return self._loop.expected.setup

    @property
    def network_spec(self) -> NetworkSpec:
        """The network's shape, as the commands so far lead to it."""
        return self._loop.expected.setup.network

    @property
    def training(self) -> TrainingConfig:
        """The settings, as the commands so far lead to them."""
        return self._loop.expected.setup.training

    @property
    def dataset(self) -> Dataset:
        """The data set, as the commands so far lead to it."""
        return self._loop.expected.setup.dataset

    @property
    def lesson(self) -> str:
        """The name of the lesson that is on; empty for none."""
        return self._loop.expected.setup.lesson

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units from the inputs to the outputs, as the commands so far lead to them."""
        return self._loop.expected.setup.sizes

    @property
    def undoes_lanes(self) -> bool:
        """Whether undoing would bring other lanes of a race back; never in a run alone."""
        return False

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to undo."""
        return bool(self._loop.expected.undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to redo."""
        return bool(self._loop.expected.redo)

    @property
    def is_busy(self) -> bool:
        """Whether commands wait, or one of them is still at work."""
        return self._loop.is_busy

    @property
    def seed(self) -> int:
        """The seed of the first weights, as the commands so far lead to it."""
        return self._loop.seed

    @property
    def run_id(self) -> int:
        """Counts resets, and jumps in time."""
        return self._loop.run_id

    @property
    def network(self) -> Network:
        """The network itself; while a thread runs it is the thread's."""
        return self._loop.run.learner.network

    @property
    def epoch(self) -> int:
        """Full passes through the training samples."""
        return self._loop.run.learner.epoch

    @property
    def step(self) -> int:
        """Updates of the parameters since the run began."""
        return self._loop.run.learner.step

    @property
    def tick(self) -> int:
        """Updates since the document began; a reset does not set it back."""
        return self._loop.run.tick

    @property
    def is_seeking(self) -> bool:
        """Whether a seek is on its way."""
        return self._loop.goal is not None

    @property
    def version(self) -> Version:
        """Another one after whatever the document would keep; see `RunDocument.version`."""
        return self._loop.run.version

    @property
    def last_tick(self) -> int:
        """The last tick of the document; it is ahead of `tick` after a seek."""
        return self._loop.ask(lambda: self._loop.run.last_tick)

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch, a smaller last one included."""
        return len(self._loop.run.learner.batches)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, with the schedule's factor."""
        return self._loop.run.learner.learning_rate

    @property
    def engine(self) -> str:
        """What takes the steps: "scalar", "array", "tape" or "compiled"."""
        return self._loop.run.learner.engine

    @property
    def why_on_tape(self) -> str:
        """Why the tape takes them where the compiled engine might, a sentence; or empty."""
        return self._loop.run.learner.why_on_tape

    @property
    def failure(self) -> TrainingFailure | None:
        """Why it can't go on; None while it can."""
        return self._loop.any_failure

    @property
    def state(self) -> State:
        """What it is doing: ready, training, paused, diverged or failed."""
        return self._loop.state

    @property
    def is_training(self) -> bool:
        """Whether it trains, or will once the commands so far are carried out."""
        return self.state == "training"

    @property
    def is_over(self) -> bool:
        """Whether training can't go on from here, not even by resuming it."""
        failure = self.failure
        return failure is not None and not failure.can_resume

    def has_moved(self, shown: Snapshot) -> bool:
        """Whether it is no longer what a snapshot shows."""
        now = (self.step, self.state, self.run_id, self.is_seeking)
        return now != (shown.step, shown.state, shown.run_id, shown.goal is not None)

    # --- Changing it ---------------------------------------------------------------------------

    def setup_after(self, command: Command) -> Setup:
        """The set-up that a command would lead to; raises as `submit`."""
        return self._loop.setup_after(command)

    def submit(self, command: Command) -> None:
        """Does something; the one way in.

        It is checked against what the commands before it lead to, and refused whole or taken.

        Raises:
            ValueError: If it doesn't fit; it says why in one sentence.
            IndexError: If it names a weight or bias that does not exist.
        """
        self._loop.submit(command)

    def configure(
        self,
        training: TrainingConfig | None = None,
        *,
        network: NetworkSpec | None = None,
        dataset: Dataset | None = None,
        weights: Weights | None = None,
        origins: Origins | None = None,
    ) -> None:
        """Changes settings, shape or data set, and keeps the run; see `Configure`.

        Raises:
            ConfigError: If the three do not fit each other; nothing has changed then.
            ValueError: If the origins do not lead from the old hidden layers to the new ones.
        """
        self.submit(Configure(training, network, dataset, weights, origins))

    def reset(self) -> None:
        """Back to epoch 0 and the very same first weights."""
        self.submit(Reset())

    def reseed(self, seed: int) -> None:
        """Back to epoch 0 with the first weights of another seed; the split stays."""
        self.submit(Reseed(seed))

    def set_parameters(self, arrays: Mapping[str, ArrayLike]) -> None:
        """Writes parameters by name.

        Args:
            arrays: Name -> numbers in the parameter's shape; names left out stay as they are.

        Raises:
            ValueError: If there is no such parameter, its shape is another, or a number is not
                finite; nothing has changed then.
        """
        copies = {name: np.array(numbers, dtype=np.float64) for name, numbers in arrays.items()}
        self.submit(WriteParameters(copies))

    def set_element(self, element: Element, number: float) -> None:
        """Writes one weight or bias.

        Raises:
            IndexError: If the network has no such element.
            ValueError: If the number is not finite.
        """
        self.submit(WriteElements(numbers={element: number}))

    def set_frozen(self, elements: Iterable[Element], frozen: bool) -> None:
        """Makes training leave parameters alone, or move them again.

        What is frozen keeps its value through resets too.

        Raises:
            IndexError: If the network has no such element.
        """
        self.submit(WriteElements(frozen=dict.fromkeys(elements, frozen)))

    def unfreeze_all(self) -> None:
        """Makes training move every parameter again."""
        self.submit(UnfreezeAll())

    def undo(self) -> None:
        """Reverses the last edit, and keeps what was learned since; see `Undo`."""
        self.submit(Undo())

    def redo(self) -> None:
        """Repeats the edit that was undone last."""
        self.submit(Redo())

    def pause(self) -> None:
        """Stops before the next step, and drops what is left of an `advance()`."""
        self.submit(Pause())

    def resume(self) -> None:
        """Lets a thread in `run()` train."""
        self.submit(Resume())

    def advance(self, steps: int = 1) -> None:
        """Takes steps, one mini-batch each; ends early if training stops by itself.

        Here and now; or, while a thread is in `run()`, soon and by that thread. Without one, the
        engine "auto" goes over to the compiled one at a step that is a multiple of `WORTH_STEPS`,
        however many are asked for at a time; `prepare` does so before the first one.
        """
        self.submit(Advance(steps))

    def advance_epochs(self, n: int = 1) -> None:
        """Goes on to the end of this epoch and of n - 1 more; like `advance()`."""
        self.submit(AdvanceEpochs(n))

    def prepare(self, steps: int) -> None:
        """Chooses the engine for a training without a thread, before its first step.

        The engine "auto" becomes the compiled one where that is worth it. It does so later too, at
        a step that depends on nothing but the count of steps.

        Args:
            steps: How many are going to be asked for.
        """
        if steps >= WORTH_STEPS:
            self._loop.choose_engine()

    def seek(self, tick: int, *, before_restart: bool = False) -> None:
        """Goes to a moment of the document; see `Seek` and `Run.seek`."""
        self.submit(Seek(tick, before_restart))

    def go_back(self) -> bool:
        """Goes one mini-batch back; false at the beginning.

        Measured from the goal of a seek that is on its way, if there is one. From the beginning of
        a run it goes to the end of the run before.
        """
        return self._go(-1)

    def go_forward(self) -> bool:
        """Goes one mini-batch on in a future that was gone back from; false at the last moment."""
        return self._go(1)

    def _go(self, by: int) -> bool:
        moment = self._loop.moment_by(by)
        if moment is not None:
            self.submit(Seek(*moment))
        return moment is not None

    def open(self, document: RunDocument) -> None:
        """Goes on with another document, at its moment.

        Raises:
            ConfigError: If its recipe doesn't hold together; the present run is untouched then.
        """
        document.recipe.setup.check()
        self._loop.open(document)

    # --- Asking it -----------------------------------------------------------------------------

    def document(self) -> RunDocument:
        """The run as a value: what it started from, and everything that was done to it."""
        return self._loop.ask(lambda: self._loop.run.document())

    def last_checkpoint(self) -> Checkpoint | None:
        """The moment at the end of the document; None if a seek went back from there."""
        return self._loop.ask(lambda: self._loop.run.last_checkpoint())

    def learner_state(self) -> LearnerState:
        """A copy of what learns, as it is now, to try something on (see `Trial`)."""
        return self._loop.ask(lambda: self._loop.run.learner.state())

    def observe(self, observer: Observer) -> None:
        """Tells an observer of the present document, and of all that it keeps from now on."""
        self._loop.ask(lambda: self._loop.observe(observer))

    def evaluate(self) -> Evaluation:
        """Losses and accuracies of the present parameters, on all samples."""
        return self._loop.ask(lambda: self._loop.run.learner.evaluation())

    def predict(self, points: ArrayLike) -> FloatArray:
        """The network's output for points.

        Args:
            points: Shape (n, columns), in the data set's units.

        Returns:
            Shape (n, outputs); for regression in the units of the targets.
        """
        table = np.atleast_2d(np.asarray(points, dtype=np.float64))
        return self._loop.ask(lambda: self._loop.run.learner.predict(table))

    def parameters(self) -> dict[str, FloatArray]:
        """Name -> read-only copy, in order: `layer1.weight`, `layer1.bias`, ..."""

        def arrays() -> dict[str, FloatArray]:
            named = self._loop.run.learner.network.named_parameters()
            return {name: frozen_copy(np.asarray(value.data)) for name, value in named.items()}

        return self._loop.ask(arrays)

    def snapshot(
        self, grid: tuple[int, int] | None = None, unit: tuple[int, int] | None = None
    ) -> Snapshot:
        """The session as it is now.

        Args:
            grid: (columns, rows) of the output picture from now on.
            unit: (layer, number) of the unit whose picture is wanted too, layer 0 being the
                inputs; none by default.
        """
        return self._loop.look(grid, unit)

    def request_snapshot(
        self, grid: tuple[int, int] | None = None, unit: tuple[int, int] | None = None
    ) -> None:
        """Asks the thread in `run()` for one snapshot at its next step boundary.

        Args:
            grid: (columns, rows) of the output picture from now on.
            unit: (layer, number) of the unit whose picture is wanted too, layer 0 being the
                inputs; none by default.
        """
        self._loop.request(grid, unit)

    def curves(self) -> dict[str, FloatArray]:
        """What was measured as it learned, for a plot.

        Returns:
            Name -> numbers, each of shape (points,): "epoch", then those of `CURVES`, nan where
            there is none. The longer a run, the more epochs lie between two points; the older
            points of a very long one are means of several.
        """
        points = self._loop.ask(lambda: self._loop.run.learner.curves()).points()
        return {"epoch": points.epochs, **dict(zip(CURVES, points.mean.T, strict=True))}

    def save(self, path: str | PathLike[str], *, overwrite: bool = True) -> None:
        """Saves the run with every edit; the app opens it too.

        Args:
            path: Where to; the app looks for names that end in `.toygrad`.
            overwrite: Whether a file that exists is replaced.

        Raises:
            ValueError: If the file can't be written, or exists and stays; in one sentence.
        """
        from .file import save_run

        save_run(self.document(), Path(path), overwrite=overwrite)

    # --- With a thread -------------------------------------------------------------------------

    def run(self, stop: threading.Event, publish: Callable[[Snapshot], None]) -> None:
        """Carries out commands, trains whenever it is resumed, and answers requests, until `stop`.

        To be called by a thread of its own. Whatever is raised inside becomes the state "failed",
        with a sentence and a log entry, and the thread lives on.

        Args:
            stop: Looked at before every step, and inside a step of the scalar engine.
            publish: Called from that thread, once for each `request_snapshot()`.
        """
        self._loop.serve(stop, publish)
