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
        ending: Of its files.
        module: Beside this one; its `export` makes a text, or the bytes of a binary file.
        is_binary: Whether it is no text.
    """

    title: str
    ending: str
    module: str
    is_binary: bool = False

    def export(self, document: RunDocument) -> str | bytes:
        """The run, at its moment, in this format.

        Raises:
            ExportError: If it has no such form; in one sentence.
            ValueError: If the run can't be opened; likewise.
        """
        # Here, because a list of the formats needs no NumPy.
        from .trained import trained_run

        module = import_module(f".{self.module}", __package__)
        made: str | bytes = module.export(trained_run(document))
        return made


FORMATS: dict[str, Format] = {
    "numpy": Format("Python script with the weights, for NumPy alone", ".py", "numpy_script"),
    "toygrad": Format(
        "Python script that trains it again, for toygrad.core", ".py", "toygrad_script"
    ),
    "pytorch": Format("Python script with the weights, for PyTorch", ".py", "pytorch_script"),
    "onnx": Format("Model from the data's units to outputs, as ONNX", ".onnx", "onnx_model", True),
    "safetensors": Format("Weights, as safetensors", ".safetensors", "safetensors_file", True),
    "json": Format("Settings, weights and curves, as JSON", ".json", "json_text"),
    "csv": Format("Curves, as CSV", ".csv", "curves_table"),
    "csv-parameters": Format("Weights and biases, as CSV", ".csv", "parameters_table"),
    "svg": Format("Picture of the loss curves, as SVG", ".svg", "curves_picture"),
}
"""Every format, by its name."""
