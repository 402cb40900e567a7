"""Data sets read from the user's own tables."""

from __future__ import annotations

import os
from pathlib import Path

from ..dataset import Dataset
from ..table_options import AS_FOUND, Progress, TableOptions
from .coding import dataset_of
from .layout import read_cells
from .plan import Plan, ReadTable
from .survey import Survey, survey_of
from .text import read_text


def load_csv(
    path: str | os.PathLike[str],
    options: TableOptions = AS_FOUND,
    *,
    standardise: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
) -> Dataset:
    """Reads a data set from a file with a table.

    The file is text, packed with gzip or not, in UTF-8 or as a byte order mark or its bytes say;
    the fields are separated by comma, semicolon, tab, bar or blanks, and quoted or not. Numbers may
    have thousands separators, a decimal comma, a currency, a percent sign or one unit. Blank rows
    and comments are skipped.

    Texts of few values become one input for each value, dates become years. Columns that number the
    rows, are always the same, or are different in every row are left out. Missing cells are filled.
    The options change all that.

    The target is the last column that can be one, or the one called target, class, label, outcome
    or response. Names make classes. Whole numbers with at most 10 different values make classes
    too; other numbers make a regression. Classes are sorted.

    Limits: 250 MB, 100,000 rows, 256 columns, 100 classes, 100 characters in a name, numbers below
    1e100.

    Args:
        path: A regular file.
        options: What to do otherwise.
        standardise: Whether the network sees numbers, and the targets of a regression, with mean 0
            and deviation 1 in the samples that train; what is 0 or 1 for a category stays.
        seed: Decides the rows of a sample.
        progress: Is told the share of the file that was read, 0 to 1.

    Returns:
        A data set named after the file, with the numbers of the file. It has a domain if it can be
        drawn: with one input, or with two that fit a square view.

    Raises:
        FileError: If the file can't be read.
        CsvError: If it is not a usable data set; the message is one line that names the file, the
            line and the column if there is one, and what to do.
    """
    table = read_table(path, sample=options.sample, seed=seed, progress=progress)
    return table.dataset(options, standardise=standardise)


def survey(
    path: str | os.PathLike[str],
    options: TableOptions = AS_FOUND,
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Survey:
    """What a file with a table contains, and what ``load_csv`` makes of it.

    Args:
        path: A regular file.
        options: What to do otherwise.
        seed: Decides the rows of a sample.
        progress: Is told the share of the file that was read, 0 to 1.

    Raises:
        FileError: If the file can't be read.
        CsvError: If it is not a table, or an option names a column that does not exist.
    """
    table = read_table(path, sample=options.sample, seed=seed, progress=progress)
    return table.survey(options)


def read_table(
    path: str | os.PathLike[str],
    *,
    sample: int | None = None,
    offered: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> CsvTable:
    """Reads a file once; what it means with one option or another takes no further reading.

    Args:
        path: A regular file.
        sample: How many rows to draw at random; None for all.
        offered: How many to draw if there are too many for all.
        seed: Decides which.
        progress: Is told the share of the file that was read, 0 to 1; what it raises ends this.

    Raises:
        FileError: If the file can't be read.
        CsvError: If it is not a table, or has more than 100,000 rows and no sample is asked for or
            offered.
    """
    file = Path(path)
    text = read_text(file)
    cells = read_cells(
        text, file.name, sample=sample, offered=offered, seed=seed, progress=progress
    )
    return CsvTable(file, cells)


class CsvTable(ReadTable):
    """A file that was read, to be understood with one option or another."""

    def survey(self, options: TableOptions = AS_FOUND) -> Survey:
        """What it contains, and what becomes of it with these options.

        Raises:
            CsvError: If an option names a column that does not exist.
        """
        return survey_of(Plan(self, options))

    def dataset(self, options: TableOptions = AS_FOUND, *, standardise: bool = True) -> Dataset:
        """The data set with these options, see ``load_csv``.

        Raises:
            CsvError: If it is not a usable data set.
        """
        return dataset_of(Plan(self, options), standardise=standardise)
