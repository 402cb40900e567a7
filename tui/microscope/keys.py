"""The keys of the microscope."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

_PARTS: Final = ("program", "graph", "steps", "check")

KEYS: Final[list[BindingType]] = [
    Binding("n", "step(1)", "Next", id="step.next", tooltip="Take the next step"),
    Binding("p", "step(-1)", "Back", id="step.back", tooltip="Take the last step back"),
    Binding(
        "space",
        "play",
        "Play",
        id="step.play",
        tooltip="Step by step by itself, or stop that",
    ),
    Binding(
        "f",
        "all_forward",
        "Forward",
        id="step.forward",
        tooltip="Compute every value: the whole forward pass",
    ),
    Binding(
        "b",
        "all_backward",
        "Backward",
        id="step.backward",
        tooltip="Every gradient: the whole backward pass",
    ),
    Binding(
        "m",
        "close",
        "Playground",
        id="microscope.close",
        tooltip="Back to the playground; all stays as it is",
    ),
    Binding(
        "home",
        "start",
        "Start",
        show=False,
        id="step.start",
        tooltip="Back to before the first step",
    ),
    Binding(
        "comma",
        "pace(-1)",
        "Slower",
        key_display=",",
        show=False,
        id="step.slower",
        tooltip="Fewer steps a second",
    ),
    Binding(
        "full_stop",
        "pace(1)",
        "Faster",
        key_display=".",
        show=False,
        id="step.faster",
        tooltip="More steps a second",
    ),
    Binding(
        "g",
        "next_source",
        "Network",
        id="microscope.source",
        tooltip="From the program to your network on a point, to one neuron, and back",
    ),
    Binding(
        "M",
        "app.microscope_network",
        "Network's graph",
        show=False,
        id="microscope.again",
        tooltip="Your network as it is now, on the point that is selected on the playground",
    ),
    Binding(
        "u",
        "newest",
        "Newest weights",
        show=False,
        id="microscope.newest",
        tooltip="Take the network's weights as they are now",
    ),
    Binding(
        "t",
        "follow",
        "Path",
        id="graph.follow",
        tooltip="Follow the next path from the selected value to the output",
    ),
    Binding(
        "v",
        "next_view",
        "View",
        id="check.view",
        tooltip="The next view of the check: gradients, curve, paths, pulls",
    ),
    Binding(
        "left_square_bracket",
        "change_h(1)",
        "Smaller h",
        key_display="[",
        show=False,
        id="check.smaller-h",
        tooltip="A smaller h for the check",
    ),
    Binding(
        "right_square_bracket",
        "change_h(-1)",
        "Larger h",
        key_display="]",
        show=False,
        id="check.larger-h",
        tooltip="A larger h for the check",
    ),
    Binding(
        "plus",
        "zoom(1)",
        "Zoom in",
        key_display="+",
        show=False,
        id="graph.zoom-in",
        tooltip="Larger boxes, which say more",
    ),
    Binding(
        "minus",
        "zoom(-1)",
        "Zoom out",
        key_display="-",
        show=False,
        id="graph.zoom-out",
        tooltip="Smaller boxes, to see more of the graph",
    ),
    Binding(
        "0",
        "fit",
        "Fit",
        show=False,
        id="graph.fit",
        tooltip="Boxes as large as fit into the room there is",
    ),
    Binding(
        "z",
        "graph_alone",
        "Graph alone",
        id="graph.alone",
        show=False,
        tooltip="The graph with all the room there is, and back",
    ),
    Binding(
        "x",
        "export",
        "Export",
        id="microscope.export",
        tooltip="Copy or save the graph, the picture, or the program as Python",
    ),
    *(
        Binding(
            str(number),
            f"go_to('{part}')",
            part.capitalize(),
            id=f"microscope.{part}",
            show=False,
            tooltip=f"Go to {part}",
        )
        for number, part in enumerate(_PARTS, start=1)
    ),
    Binding(
        "escape",
        "leave",
        "Leave",
        id="microscope.leave",
        show=False,
        tooltip="Out of the program, and back to the playground; all stays as it is",
    ),
    Binding(
        "question_mark",
        "app.help",
        "Help",
        key_display="?",
        id="microscope.help",
        tooltip="Every key and every part of the microscope",
    ),
    Binding("q", "app.quit", "Quit", show=False, id="microscope.quit", tooltip="Leave toygrad"),
]
"""In the order of the help screen."""
