"""StepProgram: training steps as native code, for every network of one structure."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..nn import LOSSES, OPTIMIZERS, Network
from .engines import SinglePrecision
from .problem import Problem
from .programs import Programs
from .sabotage import ASSIGN, NO_ACTIVATION, gradient_change
from .setup import Setup
from .update import Updater, has_rate_factors, weight_mask
from .update_rule import UpdateRule
from .update_tracing import RecordedUpdate, UpdateArrays

if TYPE_CHECKING:
    from ..autograd.tape.compiled import CompiledLoop

# With some milliseconds of work: less, and handing over costs; more, and a stop is late.
MULTIPLICATIONS_A_CALL = 20_000_000


@dataclass(frozen=True, slots=True)
class Structure:
    """All that the code of a training step depends on; everything else is numbers that it reads.

    Attributes:
        sizes: Units from the inputs to the outputs.
        activations: Of each layer.
        loss: The name of the loss.
        batch_sizes: Of a usual batch; then of an epoch's last one, if that is smaller.
        rule: The update.
        mistakes: Made with the gradients on purpose, see `Mistakes`.
        dtype: In which a step is computed.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    batch_sizes: tuple[int, ...]
    rule: UpdateRule
    mistakes: tuple[str, ...]
    dtype: str

    @classmethod
    def of(cls, setup: Setup, n_train: int) -> Structure:
        """That of a set-up with so many training samples."""
        training = setup.training
        size = min(training.batch_size, n_train)
        return cls(
            sizes=setup.sizes,
            activations=setup.activations,
            loss=setup.loss,
            batch_sizes=(size, n_train % size) if n_train % size else (size,),
            # Freezing a weight, or a rate of 0 for a regularization, is to need no other code.
            rule=UpdateRule(
                OPTIMIZERS[training.optimizer],
                training.regularization,
                has_frozen=True,
                has_factors=has_rate_factors(training, len(setup.activations)),
            ),
            mistakes=tuple(m for m in training.mistakes if m not in (ASSIGN, NO_ACTIVATION)),
            dtype=training.dtype,
        )

    def compile(self) -> StepProgram:
        """See `Recipe`."""
        return StepProgram(self)


class Binding:
    """The code bound to the arrays of one user; one thread at a time may use it.

    Attributes:
        loop: The code.
        update: The rule, with the settings that it reads.
        own: What the code writes besides; each twin has its own.
        user: The token of whose arrays are in place.
    """

    def __init__(
        self, loop: CompiledLoop, update: RecordedUpdate, own: Sequence[NDArray[np.generic]] = ()
    ) -> None:
        self.loop, self.update, self.own = loop, update, own
        self.user: object = None

    def twin(self) -> Binding:
        """Another one of the same code, for another thread."""
        copies = [array.copy() for array in self.own]
        new = Binding(self.loop.twin(), self.update.twin(), self.own)
        settings = (self.update.settings, new.update.settings)
        new.loop.rebind([settings, *zip(self.own, copies, strict=True)])
        return new


class StepProgram:
    """Many steps in one call, on any network of its structure, in several threads at a time.

    Attributes:
        most_steps: So many take some milliseconds.
    """

    def __init__(self, structure: Structure) -> None:
        """Compiles.

        Raises:
            CannotCompile: If there is no code for something in it, or no compiler here.
        """
        # It takes as long to import as a network to compile, and not everybody needs it.
        from ..autograd.tape.compiled import Batch, CompiledLoop

        network = Network(structure.sizes, structure.activations, rng=np.random.default_rng(0))
        n = network.n_parameters
        arrays = UpdateArrays(
            network.flat_parameters,
            network.flat_gradients,
            np.zeros(n),
            weight_mask(network),
            np.zeros(n, dtype=np.bool_),
            np.ones(n),
            structure.rule.optimizer(n),
        )
        carried = np.zeros(n)
        change = gradient_change(network, structure.mistakes, carried)
        update = RecordedUpdate(structure.rule, arrays, change if structure.mistakes else None)
        # Of more than one row, so that it matters how far they are apart.
        sources = [np.zeros((2, structure.sizes[end])) for end in (0, -1)]
        single = SinglePrecision(network) if structure.dtype == "float32" else None
        loop = CompiledLoop(
            [Batch(*self._graph(network, structure, size)) for size in structure.batch_sizes],
            network.parameters(),
            sources,
            [update.traced],
            update.numbers["learning_rate"],
            buffers=None if single is None else single.places,
            before=() if single is None else [(network.flat_parameters, single.parameters)],
            after=() if single is None else [(single.gradients, network.flat_gradients)],
        )
        self._arrays = [*arrays_of(arrays), carried, *sources]
        self.most_steps = max(1, MULTIPLICATIONS_A_CALL // (n * structure.batch_sizes[0]))
        self._lock = threading.Lock()
        own = () if single is None else (single.parameters, single.gradients)
        self._first = Binding(loop, update, own)
        self._free = [self._first]

    @staticmethod
    def _graph(
        network: Network, structure: Structure, size: int
    ) -> tuple[Value, tuple[Value, Value]]:
        x = Value(np.zeros((size, structure.sizes[0])), constant=True)
        t = Value(np.zeros((size, structure.sizes[-1])), constant=True)
        return LOSSES[structure.loss].on_arrays(network(x), t), (x, t)

    def run(
        self,
        user: StepTaker,
        steps: int,
        order: NDArray[np.int64],
        rates: FloatArray,
        losses: FloatArray,
        *,
        batch: int,
        n_batches: int,
        stop: NDArray[np.int64] | None,
    ) -> int:
        """See `CompiledLoop.run`, with the arrays of a user."""
        binding = self._take(user.token)
        try:
            if binding.user is not user.token:
                binding.loop.rebind(list(zip(self._arrays, user.arrays, strict=True)))
                binding.user = user.token
            user.updater.load(binding.update, float(rates[0]))
            taken = binding.loop.run(
                steps, order, rates, losses, batch=batch, n_batches=n_batches, stop=stop
            )
            user.updater.store(binding.update)
            return taken
        finally:
            with self._lock:
                self._free.append(binding)

    def _take(self, token: object) -> Binding:
        """One that no other thread uses, that of this user if possible."""
        with self._lock:
            if not self._free:
                return self._first.twin()
            places = range(len(self._free))
            own = next((n for n in places if self._free[n].user is token), -1)
            return self._free.pop(own)


class StepTaker:
    """A program at work on one network; out of date where one of the arrays is another.

    Attributes:
        most_steps: So many at a time take some milliseconds.
        updater: Has the settings, and what the optimizer remembers.
        arrays: What the program is to use, in its order.
        token: Tells users apart, without keeping one alive.
    """

    def __init__(
        self, program: StepProgram, updater: Updater, carried: FloatArray | None, problem: Problem
    ) -> None:
        arrays = updater.arrays()
        self._program = program
        self.most_steps = program.most_steps
        self.updater = updater
        self.arrays = [
            *arrays_of(arrays),
            np.zeros(len(arrays.parameters)) if carried is None else carried,
            np.ascontiguousarray(problem.inputs),
            np.ascontiguousarray(problem.targets),
        ]
        self.token = object()

    def take(
        self,
        steps: int,
        orders: Sequence[NDArray[np.int64]],
        rates: FloatArray,
        *,
        batch: int,
        n_batches: int,
        stop: NDArray[np.int64] | None,
    ) -> tuple[int, float, float]:
        """Takes steps.

        Args:
            steps: At most so many, 1 or more.
            orders: The rows of the batches left in this epoch; those of the next epochs.
            rates: The learning rate of each step, shape (steps,).
            batch: The place in its epoch of the first step.
            n_batches: How many make an epoch.
            stop: See `CompiledLoop.run`.

        Returns:
            How many it took, the loss of the last one, and that of the batch after it if it is not
            finite, else 0.
        """
        order = orders[0] if len(orders) == 1 else np.concatenate(orders)
        losses = np.zeros(steps)
        taken = self._program.run(
            self, steps, order, rates, losses, batch=batch, n_batches=n_batches, stop=stop
        )
        last = float(losses[taken - 1]) if taken else 0.0
        return taken, last, float(losses[taken]) if taken < steps else 0.0


def arrays_of(arrays: UpdateArrays) -> list[NDArray[np.generic]]:
    """The arrays of an update, in the order in which programs and users exchange them."""
    return [
        arrays.parameters,
        arrays.gradients,
        arrays.last_update,
        arrays.is_weight,
        arrays.is_frozen,
        arrays.factors,
        *arrays.vectors,
    ]


STEP_PROGRAMS: Programs[StepProgram] = Programs()
"""Those of this process."""
