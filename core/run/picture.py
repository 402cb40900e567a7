"""What a screen may know of a run at one instant, put together."""

from __future__ import annotations

from typing import NamedTuple

from ..nn.layers import element_names
from ..training.snapshot import Snapshot, State, TrainingFailure, frozen_copy
from .run import Run

DEFAULT_GRID = (64, 64)


class Wanted(NamedTuple):
    """Which pictures a snapshot is to have.

    Attributes:
        grid: (columns, rows) of the output picture.
        unit: (layer, number) of the unit whose picture is wanted too, layer 0 being the inputs.
        with_units: Whether the maps of all units are wanted, and what is known of the layers.
    """

    grid: tuple[int, int]
    unit: tuple[int, int] | None
    with_units: bool = True


def take_snapshot(
    run: Run,
    wanted: Wanted,
    *,
    state: State,
    failure: TrainingFailure | None,
    run_id: int,
    steps_per_second: float,
) -> Snapshot:
    """A run as it is now; see `Snapshot` for the fields."""
    learner = run.learner
    network, problem, setup = learner.network, learner.problem, learner.setup
    grid = learner.pictures.grid(*wanted.grid)
    unit = wanted.unit
    unit_grid = None if unit is None else learner.pictures.unit_grid(*wanted.grid, unit)
    batch_rows, batch_loss = learner.last_batch()
    units = learner.units
    unit_notes, activity = units.look() if wanted.with_units else ((), ())
    return Snapshot(
        run_id=run_id,
        state=state,
        failure=failure,
        stopped=learner.stopped,
        epoch=learner.epoch,
        step=learner.step,
        tick=run.tick,
        end=run.last_tick,
        goal=run.goal,
        lesson=setup.lesson,
        steps_per_second=steps_per_second,
        engine=learner.engine,
        why_on_tape=learner.why_on_tape,
        learning_rate=learner.learning_rate,
        evaluation=learner.evaluation(),
        network=setup.network,
        training=setup.training,
        sizes=network.sizes,
        inputs=learner.input_names,
        activations=tuple(layer.activation for layer in network.layers),
        loss=learner.loss.name,
        parameters=frozen_copy(network.flat_parameters),
        gradients=frozen_copy(network.flat_gradients),
        updates=frozen_copy(learner.updater.last_update),
        frozen=learner.frozen,
        batch_rows=batch_rows,
        batch_loss=batch_loss,
        parameter_names=lambda: element_names(network),
        dataset=problem.dataset,
        train_rows=problem.train_rows,
        test_rows=problem.test_rows,
        outputs=learner.outputs(),
        view=problem.view,
        grid=None if grid is None else frozen_copy(grid),
        unit=None if unit_grid is None else unit,
        unit_grid=None if unit_grid is None else frozen_copy(unit_grid),
        unit_maps=units.maps() if wanted.with_units else (),
        unit_notes=unit_notes,
        activity=activity,
        curves=learner.curves(),
        past_runs=run.past_runs.beside(setup, learner.seed, run.end_of_run),
        future=run.future,
    )
