"""The formats in which a run can be taken elsewhere: one table."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..run.document import RunDocument


@dataclass(frozen=True, slots=True)
class Format:
    """A way to take a run elsewhere.

    Attributes:
        title: What it is, in a few words.
        ending: Of its files' names, behind the name of the data.
        module: Beside this one; its `export` makes a text, or the bytes of a binary file.
        is_binary: Whether it is no text.
        needs_state: Whether `export` takes a `TrainedRun` instead of the document.
    """

    title: str
    ending: str
    module: str
    is_binary: bool = False
    needs_state: bool = True

    def export(self, document: RunDocument) -> str | bytes:
        """The run, at its moment, in this format.

        Raises:
            ExportError: If it has no such form; in one sentence.
            ValueError: If the run can't be opened; likewise.
        """
        # Here, because a list of the formats needs no NumPy.
        from .trained import trained_run

        module = import_module(f".{self.module}", __package__)
        run = trained_run(document) if self.needs_state else document
        made: str | bytes = module.export(run)
        return made


FORMATS: dict[str, Format] = {
    "numpy": Format("NumPy: a script with weights that predicts", "_numpy.py", "numpy_script"),
    "toygrad": Format(
        "toygrad: a script that trains the run again", "_toygrad.py", "toygrad_script"
    ),
    "pytorch": Format(
        "PyTorch: a script with weights and optimizer", "_pytorch.py", "pytorch_script"
    ),
    "onnx": Format("ONNX: a model with inputs and scaling in it", ".onnx", "onnx_model", True),
    "safetensors": Format("safetensors: the weights", ".safetensors", "safetensors_file", True),
    "json": Format("JSON: settings, weights and curves", ".json", "json_text"),
    "csv": Format("CSV: the curves", ".csv", "curves_table"),
    "csv-parameters": Format(
        "CSV: every weight and bias, with its gradient", "_parameters.csv", "parameters_table"
    ),
    "link": Format("A TensorFlow Playground link to this set-up", "_link.txt", "link_text"),
    "line": Format(
        "A toygrad: line with every edit, to paste", "_line.txt", "line_text", needs_state=False
    ),
    "whole-line": Format(
        "That line with your own samples and the weights", "_whole_line.txt", "whole_line"
    ),
    "svg": Format("SVG: a picture of the loss curves", ".svg", "curves_picture"),
}
"""Every format, by its name."""
