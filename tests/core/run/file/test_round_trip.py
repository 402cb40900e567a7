"""Saving and opening a run at any moment changes nothing, to the bit."""

from __future__ import annotations

import random
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.run.file.taking_apart import of_every_kind, opened, played
from tests.core.run.steering import bits
from tests.core.run.test_determinism import SETS, new_session, random_command
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.nn import Element
from toygrad.core.run import (
    AddSample,
    Command,
    Configure,
    RemoveSample,
    RunDocument,
    StartOver,
)
from toygrad.core.run.file import (
    HEAD,
    Encoder,
    RunFileError,
    document_from_bytes,
    document_to_bytes,
    read_run,
    save_run,
)
from toygrad.core.run.file.frames import MAGIC
from toygrad.datasets import (
    DataChoice,
    Dataset,
    FileExists,
    TableOptions,
    choice_of,
    load_csv,
)

Images = dict[int, Dataset]
"""The data sets of an opened run, by the id of those they were saved from."""


def images(saved: RunDocument, opened: RunDocument) -> Images:
    def datasets(document: RunDocument) -> list[Dataset]:
        logs = [part for run in document.past_runs.runs for part in run.setups]
        setups = [entry.setup for entry in document.journal.entries] + [part[1] for part in logs]
        return [document.recipe.dataset, *(setup.dataset for setup in setups)]

    pairs = zip(datasets(saved), datasets(opened), strict=True)
    return {id(before): after for before, after in pairs}


def with_image(command: Command, known: Images) -> Command:
    if isinstance(command, Configure | StartOver) and id(command.dataset) in known:
        return replace(command, dataset=known[id(command.dataset)])
    return command


def seen(session: Session) -> dict[str, Any]:
    snapshot = session.snapshot(grid=(1, 1))
    runs = [(run.number, run.name, run.points.mean.tobytes()) for run in snapshot.past_runs]
    return {**bits(session), "past runs": runs, "end": snapshot.end}


@pytest.mark.parametrize("seed", range(6))
def test_saving_and_opening_at_any_moment_changes_nothing(seed: int) -> None:
    rng, known = random.Random(seed), Images()
    kept, saved = new_session(), new_session()
    for _ in range(25):
        command = random_command(kept, rng)
        kept.submit(command)
        saved.submit(with_image(command, known))
        if rng.random() < 0.4:
            room = rng.choice([0, 5_000, 100_000])
            document = document_from_bytes(document_to_bytes(saved.document(), wanted_bytes=room))
            saved, known = opened(document), images(kept.document(), document)
        assert seen(saved) == seen(kept)


def test_every_kind_of_edit_comes_back() -> None:
    session = of_every_kind()
    again = opened(document_from_bytes(document_to_bytes(session.document(), wanted_bytes=0)))
    assert seen(again) == seen(session)
    assert again.dataset.origin == session.dataset.origin
    for tick in (20, 33, 47, 12, 70):
        again.seek(tick)
        session.seek(tick)
        assert seen(again) == seen(session)
    for one in (again, session):
        one.advance(3)
        one.undo()
        one.advance(20)
    assert seen(again) == seen(session)


@pytest.mark.parametrize("seed", range(4))
def test_every_checkpoint_that_is_saved_comes_back_at_its_place(seed: int) -> None:
    document = played(seed, 25).document()
    again = document_from_bytes(document_to_bytes(document))
    assert [kept.place for kept in again.checkpoints] == [k.place for k in document.checkpoints]
    assert [(e.tick, e.kind, type(e.edit)) for e in again.journal.entries] == [
        (e.tick, e.kind, type(e.edit)) for e in document.journal.entries
    ]


def test_data_that_were_one_are_one_again() -> None:
    session = new_session()
    first = session.dataset
    session.submit(AddSample((0.5, 0.5), 1.0))
    session.submit(RemoveSample(3))
    session.undo()
    session.configure(dataset=SETS[1])
    session.configure(dataset=first)
    session.advance(7)
    document = document_from_bytes(document_to_bytes(session.document()))
    begun, added, removed, undone, other, back = (
        document.journal.start.dataset,
        *(entry.setup.dataset for entry in document.journal.entries),
    )
    assert undone is added
    assert back is begun
    assert len({id(part) for part in (begun, added, removed, other)}) == 4
    assert document.checkpoints[-1].state.setup.dataset is begun


def reopened(dataset: Dataset) -> Dataset:
    session = Session(NetworkSpec(), dataset)
    return document_from_bytes(document_to_bytes(session.document())).recipe.dataset


def same(a: Dataset, b: Dataset) -> bool:
    return (a.points.tobytes(), a.targets.tobytes(), a.ids.tolist(), a.origin) == (
        b.points.tobytes(),
        b.targets.tobytes(),
        b.ids.tolist(),
        b.origin,
    )


def test_data_of_a_file_are_inside_and_the_file_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("a,b,class\n1,2,no\n3,4,yes\n5,7,no\n6,6,yes\n")
    dataset = replace(load_csv(path), origin=DataChoice(path=Path("points.csv")))
    path.unlink()
    again = reopened(dataset)
    assert same(again, dataset)
    assert (again.classes, again.columns, again.name) == (
        dataset.classes,
        dataset.columns,
        dataset.name,
    )


@pytest.mark.parametrize(
    "options",
    [
        TableOptions(),
        TableOptions(target="port"),
        TableOptions(
            target="alive",
            left_out=("id",),
            taken=("name",),
            missing="drop",
            task="classification",
            kinds=(("born", "weekday"),),
            sample=5,
        ),
    ],
)
def test_what_was_decided_about_a_table_comes_back(tmp_path: Path, options: TableOptions) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "id,name,port,born,alive\n1,A,S,2020-01-01,yes\n2,B,Q,2020-01-02,no\n"
        "3,C,C,2020-01-03,yes\n4,D,S,2020-01-03,no\n5,E,S,2020-01-02,no\n"
    )
    dataset = DataChoice(path=path, table=options).load()
    again = reopened(dataset)
    assert choice_of(again).table == options
    assert again.groups == dataset.groups


def test_a_target_is_where_older_versions_look_for_it() -> None:
    options = TableOptions(target="port")
    record = Encoder()._choice(DataChoice(path=Path("a.csv"), table=options), 1)
    assert (record.target, record.table) == ("port", None)


def test_a_saved_run_does_not_tell_where_the_users_files_are(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("a,b,class\n1,2,no\n3,4,yes\n5,7,no\n6,6,yes\n")
    session = new_session()
    session.configure(dataset=DataChoice(path=path).load())
    document = session.document()
    assert choice_of(opened(document_from_bytes(document_to_bytes(document))).dataset).path == Path(
        "points.csv"
    )
    encoder = Encoder(is_private=True)
    log = HEAD + encoder.recipe(document.recipe) + encoder.entry(document.journal.entries[-1])
    kept = document_from_bytes(log, tolerant=True)
    assert choice_of(kept.journal.setup.dataset).path == path
    with pytest.raises(RunFileError):
        document_from_bytes(log)
    whole = document_from_bytes(log + encoder.end(0))
    assert choice_of(whole.journal.setup.dataset).path == Path("points.csv")


def test_samples_keep_their_numbers_and_so_their_side_of_the_split() -> None:
    choice = DataChoice(n_samples=20, added=((0.1, 0.2, 1.0), (0.3, 0.4, -1.0)), removed=(5,))
    by_hand = choice.load().without_rows([20]).with_points([[1.0, 1.0]], [1.0])
    assert by_hand.ids[-2:].tolist() == [21, 22]
    for dataset in (choice.load(), by_hand):
        assert same(reopened(dataset), dataset)


def unequal() -> Dataset:
    """Data of no origin whose classes have 40, 4 and 2 samples."""
    labels = np.repeat([0.0, 1.0, 2.0], [40, 4, 2])
    points = np.random.default_rng(0).normal(size=(46, 2))
    return Dataset(
        name="unequal",
        points=points,
        targets=labels,
        columns=("a", "b"),
        classes=("no", "yes", "maybe"),
        task="classification",
    )


def test_the_split_by_class_comes_back_whatever_was_removed() -> None:
    dataset = unequal().without_rows([45])
    assert same(reopened(dataset), dataset)


def test_a_table_scaled_by_what_trains_comes_back_so() -> None:
    dataset = replace(
        unequal(), input_shift=np.full(2, 5.0), input_scale=np.full(2, 2.0), fits_scaling=True
    )
    session = Session(NetworkSpec(), dataset)
    session.advance(5)
    again = opened(document_from_bytes(document_to_bytes(session.document())))
    assert same(again.dataset, dataset)
    assert bits(again) == bits(session)
    assert again.snapshot(grid=(1, 1)).dataset.input_scale.tolist() != [2.0, 2.0]


def test_files_of_version_1_keep_the_split_that_they_had() -> None:
    session = Session(NetworkSpec(), replace(unequal(), strata=np.zeros(46, dtype=np.int64)))
    session.advance(5)
    data = bytearray(document_to_bytes(session.document()))
    data[len(MAGIC) : len(HEAD)] = struct.pack("<H", 1)
    again = opened(document_from_bytes(bytes(data)))
    rows = again.snapshot(grid=(1, 1)).train_rows
    assert rows.tolist() == np.random.default_rng(0).permutation(46)[:23].tolist()
    assert bits(again) == bits(session)


def test_large_data_that_can_be_made_again_take_no_room() -> None:
    session = Session(NetworkSpec(), DataChoice(n_samples=20_000).load())
    data = document_to_bytes(session.document(), wanted_bytes=0)
    # Mostly the order of the epoch.
    assert len(data) < 60_000
    assert same(document_from_bytes(data).recipe.dataset, session.dataset)


def test_data_that_come_out_differently_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(NetworkSpec(), DataChoice(n_samples=20_000).load())
    data = document_to_bytes(session.document())
    other = DataChoice(n_samples=20_000, seed=1).load()
    monkeypatch.setattr(DataChoice, "load", lambda self: other)
    with pytest.raises(RunFileError, match="comes out differently here"):
        document_from_bytes(data)


def test_settings_may_be_numbers_of_numpy() -> None:
    session = new_session()
    rate, size = np.float64(0.25), np.int64(4)
    session.configure(replace(session.training, learning_rate=rate, batch_size=size))  # type: ignore[arg-type]
    session.submit(RemoveSample(np.int64(3)))  # type: ignore[arg-type]
    session.set_element(Element(1, 0, 0), np.float64(0.5))
    session.advance(3)
    again = opened(document_from_bytes(document_to_bytes(session.document())))
    assert (again.training.learning_rate, again.training.batch_size) == (0.25, 4)
    assert bits(again)["parameters"] == bits(session)["parameters"]


def test_a_run_goes_to_a_file_and_comes_back(tmp_path: Path) -> None:
    session, path = played(1, 15), tmp_path / "a run.toygrad"
    save_run(session.document(), path)
    session.seek(10**6)
    assert bits(opened(read_run(path))) == bits(session)
    with pytest.raises(FileExists):
        save_run(session.document(), path, overwrite=False)


def test_a_run_without_room_for_any_checkpoint_is_trained_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session(NetworkSpec(), SETS[0], TrainingConfig(batch_size=5))
    session.advance(40)
    monkeypatch.setattr("toygrad.core.run.file.saved.MAX_FILE_BYTES", 2_500)
    document = document_from_bytes(document_to_bytes(session.document()))
    assert document.checkpoints == ()
    assert bits(opened(document)) == bits(session)


def test_a_run_that_no_file_holds_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toygrad.core.run.file.saved.MAX_FILE_BYTES", 300)
    with pytest.raises(RunFileError, match="too large to save"):
        document_to_bytes(new_session().document())


def test_a_run_that_diverged_comes_back_with_what_is_not_finite() -> None:
    network = NetworkSpec(hidden=(3,), activation="relu")
    session = Session(network, SETS[2], TrainingConfig(learning_rate=1.7e308))
    session.set_parameters({"layer2.bias": [50.0]})
    session.advance(20)
    assert session.failure is not None
    assert not np.isfinite(session.snapshot().parameters).all()
    session.set_parameters({"layer1.bias": [0.1, 0.2, 0.3]})
    session.set_element(Element(1, 0, 0), 0.5)
    again = opened(document_from_bytes(document_to_bytes(session.document())))
    assert bits(again) == bits(session)
    for one in (again, session):
        one.undo()
        one.undo()
        one.redo()
    assert bits(again) == bits(session)
    assert bits(opened(document_from_bytes(document_to_bytes(again.document())))) == bits(session)


def test_a_file_keeps_where_past_runs_were_left_and_what_ended_them(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(hidden=(3,)), two_classes, TrainingConfig(batch_size=5))
    session.advance_epochs(5)
    session.seek(12)
    session.advance_epochs(2)
    session.reset()
    session.advance(1)
    again = document_from_bytes(document_to_bytes(session.document()))
    kept = [(run.left_at, run.ended) for run in again.past_runs.runs]
    assert kept == [(2.0, None), (None, (24, 1))]
