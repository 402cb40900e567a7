"""Fifty public tables, read without help, and learned beside scikit-learn's MLP.

They come with scikit-learn, statsmodels, vega_datasets, palmerpenguins and pydataset, which are
read as they lie on the disk. ``--seeds 0`` only reads them; ``--list`` prints what becomes of each
column. Both networks have 16 hidden units with tanh, Adam at 0.01, batches of 10 and the same
split, standardised numbers and epochs; the measure is the test accuracy or R2, the median over
seeds.
"""

from __future__ import annotations

import argparse
import importlib.util
import tarfile
import tempfile
import warnings
from pathlib import Path
from statistics import median

import numpy as np

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.datasets import Dataset, FileError, load_csv, read_table

SCIKIT_LEARN: tuple[str, ...] = ("breast_cancer.csv", "iris.csv", "wine_data.csv", "digits.csv.gz")
SCIKIT_LEARN += ("diabetes_data_raw.csv.gz", "linnerud_exercise.csv", "linnerud_physiological.csv")
STATSMODELS: tuple[str, ...] = (
    "anes96",
    "cancer",
    "ccard",
    "committee",
    "copper",
    "cpunish",
    "engel",
    "fair",
)
STATSMODELS += ("grunfeld", "heart", "longley", "macrodata", "modechoice", "scotland/scotvote")
STATSMODELS += ("spector", "stackloss", "star98", "statecrime", "elec_equip", "co2")
VEGA: tuple[str, ...] = ("airports", "iowa-electricity", "la-riots", "seattle-weather", "stocks")
PENGUINS = ("penguins", "penguins-raw")
R: tuple[str, ...] = (
    "Cars93",
    "Titanic",
    "mtcars",
    "diamonds",
    "birthwt",
    "Salaries",
    "Prestige",
    "airquality",
)
R += ("Boston", "Hitters", "Arthritis", "Pima.tr", "Mroz", "CPSch3", "Chile", "InsectSprays")
EPOCHS, HIDDEN, RATE, BATCH, SHARE = 60, 16, 0.01, 10, 0.7
MOST_SAMPLES = 1_500
WITHIN = 0.02


def tables(folder: Path) -> list[Path]:
    """The files, those of R unpacked into a folder."""
    found = [_place("sklearn") / "datasets/data" / name for name in SCIKIT_LEARN]
    for name in STATSMODELS:
        place, _, file = name.partition("/")
        found.append(_place("statsmodels") / "datasets" / place / f"{file or place}.csv")
    found += [_place("vega_datasets") / "_data" / f"{name}.csv" for name in VEGA]
    found += [_place("palmerpenguins") / "data" / f"{name}.csv" for name in PENGUINS]
    with tarfile.open(_place("pydataset") / "resources.tar.gz") as packed:
        members = {Path(member.name).name: member for member in packed.getmembers()}
        for name in R:
            content = packed.extractfile(members[f"{name}.csv"])
            assert content is not None
            (folder / f"{name}.csv").write_bytes(content.read())
            found.append(folder / f"{name}.csv")
    return found


def _place(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: it is of the dependency group bench.")
    return Path(spec.origin).parent


def measure(dataset: Dataset, outputs: np.ndarray, rows: np.ndarray) -> float:
    """Accuracy for labels, R2 for numbers in the units of the target."""
    if dataset.classes:
        return float((outputs == dataset.labels[rows]).mean())
    targets = dataset.targets[rows]
    return 1.0 - float(((targets - outputs) ** 2).sum() / ((targets - targets.mean()) ** 2).sum())


def ours(dataset: Dataset, seed: int) -> tuple[float, Dataset, np.ndarray, np.ndarray]:
    """What our network comes to, the data as it saw them, and the rows that trained and tested."""
    training = TrainingConfig(
        optimizer="adam", learning_rate=RATE, batch_size=BATCH, train_share=SHARE, engine="tape"
    )
    spec = NetworkSpec(hidden=(HIDDEN,), activation="tanh", initializer="xavier")
    session = Session(spec, dataset, training, seed=seed)
    session.advance(EPOCHS * -(-int(dataset.n_samples * SHARE) // BATCH))
    seen = session.snapshot(grid=(1, 1))
    rows, outputs = seen.test_rows, seen.outputs[seen.test_rows]
    if dataset.n_classes > 2:
        found = outputs.argmax(axis=1)
    elif dataset.classes:
        found = (outputs[:, 0] > 0).astype(np.int64)
    else:
        found = seen.dataset.from_network(outputs[:, 0])
    return measure(dataset, found, rows), seen.dataset, seen.train_rows, rows


def theirs(dataset: Dataset, seed: int, train: np.ndarray, test: np.ndarray) -> float:
    """What scikit-learn's comes to on the same rows."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    settings = {
        "hidden_layer_sizes": (HIDDEN,),
        "activation": "tanh",
        "learning_rate_init": RATE,
        "batch_size": min(BATCH, len(train)),
        "max_iter": EPOCHS,
        "alpha": 0.0,
        "n_iter_no_change": EPOCHS + 1,
        "random_state": seed,
    }
    inputs = dataset.network_inputs()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if dataset.classes:
            model = MLPClassifier(**settings).fit(inputs[train], dataset.labels[train])
            return measure(dataset, model.predict(inputs[test]), test)
        model = MLPRegressor(**settings).fit(inputs[train], dataset.network_targets()[train])
        return measure(dataset, dataset.from_network(model.predict(inputs[test])), test)


def main() -> None:
    """Prints a line for each table, then the counts beside what is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    loaded = close = compared = 0
    with tempfile.TemporaryDirectory() as folder:
        files = tables(Path(folder))
        for file in files:
            try:
                dataset = load_csv(file)
            except FileError as error:
                print(f"{file.name:<30}  {error}")
                continue
            loaded += 1
            what = f"{dataset.n_classes} classes" if dataset.classes else "number"
            line = (
                f"{file.name:<30}  {dataset.n_samples:>6} x {len(dataset.columns):<3}  {what:<10}"
            )
            if given.seeds:
                few = dataset.without_rows(range(MOST_SAMPLES, dataset.n_samples))
                both = []
                for seed in range(given.seeds):
                    own, seen, train, test = ours(few, seed)
                    both.append((own, theirs(seen, seed, train, test)))
                own, other = (median(values) for values in zip(*both, strict=True))
                compared += 1
                close += own >= other - WITHIN
                line += f"  {own:6.3f}  {other:6.3f}  {'' if own >= other - WITHIN else 'below'}"
            print(line, flush=True)
            if given.list:
                for column in read_table(file).survey().columns:
                    print(f"    {column.name}: {column.kind}, {column.encoding or column.reason}")
    print(f"{loaded} of {len(files)} load without help (asked: 45 of 50)")
    if compared:
        print(f"{close / compared:.0%} within {WITHIN} of scikit-learn or better (asked: 80 %)")


if __name__ == "__main__":
    main()
