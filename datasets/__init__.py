"""Data sets: made from formulas, measured, or read from CSV files.

They need only NumPy and the standard library. A set comes from ``DATASETS`` by name, as in
``DATASETS["spiral"](rng=np.random.default_rng(7))``, or from ``load_csv``.
"""

if __name__ != "toygrad.datasets":
    raise ImportError(f"import this package as toygrad.datasets, not as {__name__}")

from .csv.read import csv_columns, load_csv
from .csv.text import CsvError
from .csv.write import save_csv
from .dataset import Dataset, FloatArray, IntArray, Task, informative_columns, split
from .registry import DATASETS, DatasetEntry, StartingPoint

__all__ = [
    "DATASETS",
    "CsvError",
    "Dataset",
    "DatasetEntry",
    "FloatArray",
    "IntArray",
    "StartingPoint",
    "Task",
    "csv_columns",
    "informative_columns",
    "load_csv",
    "save_csv",
    "split",
]
