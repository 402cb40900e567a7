"""The keys of the microscope."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from ..keys import bindings

_PARTS: Final = ("program", "graph", "steps", "check")

KEYS: Final[list[BindingType]] = bindings(
    """
    n | step.next | step(1) | *Next | Take the next step
    p | step.back | step(-1) | *Back | Take the last step back
    space | step.play | play | *Play | Step by step by itself, or stop that
    f | step.forward | all_forward | *Forward | Compute every value: the whole forward pass
    b | step.backward | all_backward | *Backward | Every gradient: the whole backward pass
    m | microscope.close | close | *Playground | Back to the playground; all stays as it is
    home | step.start | start | Start | Back to before the first step
    comma | step.slower | pace(-1) | Slower | Fewer steps a second
    . | step.faster | pace(1) | Faster | More steps a second
    g | microscope.source | next_source | *Network |
    | From the program to your network on a point, to one neuron, and back
    M | microscope.again | app.microscope_network | Network's graph |
    | Your network as it is now, on the point that is selected on the playground
    u | microscope.newest | newest | Newest weights | Take the network's weights as they are now
    t | graph.follow | follow | *Path | Follow the next path from the selected value to the output
    v | check.view | next_view | *View | The next view of the check: gradients, curve, paths, pulls
    [ | check.smaller-h | change_h(1) | Smaller h | A smaller h for the check
    ] | check.larger-h | change_h(-1) | Larger h | A larger h for the check
    + | graph.zoom-in | zoom(1) | Zoom in | Larger boxes, which say more
    - | graph.zoom-out | zoom(-1) | Zoom out | Smaller boxes, to see more of the graph
    0 | graph.fit | fit | Fit | Boxes as large as fit into the room there is
    z | graph.alone | graph_alone | Graph alone | The graph with all the room there is, and back
    x | microscope.export | export | *Export |
    | Copy or save the graph, the picture, or the program as Python
    1 | microscope.program | go_to('program') | Program | Go to program
    2 | microscope.graph | go_to('graph') | Graph | Go to graph
    3 | microscope.steps | go_to('steps') | Steps | Go to steps
    4 | microscope.check | go_to('check') | Check | Go to check
    escape | microscope.leave | leave | Leave |
    | Out of the program, and back to the playground; all stays as it is
    ? | microscope.help | app.help | *Help | Every key and every part of the microscope
    q | microscope.quit | app.quit | Quit | Leave toygrad
    """
)
"""In the order of the help screen."""
