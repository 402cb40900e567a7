"""Data sets: made from formulas, measured, or read from CSV files.

They need only NumPy and the standard library. A set comes from ``DATASETS`` by name, as in
``DATASETS["spiral"](rng=np.random.default_rng(7))``, or from ``load_csv``.
"""

from typing import TYPE_CHECKING

if __name__ != "toygrad.datasets":
    from .elsewhere import import_from_elsewhere

    import_from_elsewhere(__name__)
elif TYPE_CHECKING:
    from .choice import DataChoice, choice_of
    from .csv.read import CsvTable, load_csv, read_table, survey
    from .csv.survey import Column, Survey
    from .csv.text import CSV_SUFFIXES, CsvError, TooManyRows
    from .csv.write import csv_text, save_csv
    from .dataset import (
        Dataset,
        FloatArray,
        IntArray,
        informative_columns,
        picture_side,
        split,
    )
    from .facts import Task
    from .files import (
        FileError,
        FileExists,
        check_writable,
        printable,
        read_file,
        shown,
        shown_path,
        write_file,
    )
    from .reach import can_reach, confine, own_folder
    from .registry import DATASETS, DatasetEntry, StartingPoint
    from .table_options import COLUMN_KINDS, MISSING, ColumnKind, Missing, Progress, TableOptions
else:
    from .. import import_when_wanted

    __getattr__ = import_when_wanted(
        __name__,
        "files",
        "reach",
        "registry",
        "choice",
        "csv.text",
        "table_options",
        "dataset",
        "csv.survey",
        "csv.read",
        "csv.write",
    )

__all__ = [
    "COLUMN_KINDS",
    "CSV_SUFFIXES",
    "DATASETS",
    "MISSING",
    "Column",
    "ColumnKind",
    "CsvError",
    "CsvTable",
    "DataChoice",
    "Dataset",
    "DatasetEntry",
    "FileError",
    "FileExists",
    "FloatArray",
    "IntArray",
    "Missing",
    "Progress",
    "StartingPoint",
    "Survey",
    "TableOptions",
    "Task",
    "TooManyRows",
    "can_reach",
    "check_writable",
    "choice_of",
    "confine",
    "csv_text",
    "informative_columns",
    "load_csv",
    "own_folder",
    "picture_side",
    "printable",
    "read_file",
    "read_table",
    "save_csv",
    "shown",
    "shown_path",
    "split",
    "survey",
    "write_file",
]
