"""The microscope: steps through a computational graph, forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static, TextArea

from ...core import Snapshot
from ...core.autograd import Value
from ...core.explain.export import to_script
from ...core.explain.predict import Asked
from ...core.explain.stepper import Stepper
from ...core.expression import run_program
from ..export_screen import ExportScreen
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..messages import ANSWER_FIRST, HIDDEN_PART, GraphLooked
from ..selection import Selection
from ..widgets.answer_field import AnswerField
from ..widgets.line_list import LineList
from ..widgets.sample_pulls import SamplePulls
from ..widgets.settings_list import SettingsList
from .chain_rule import ChainRule
from .check_part import CheckPart
from .export import exports, graph_as_dot, picture_as_svg
from .graph_choice import GraphChoice, Source
from .graph_diagram import GraphDiagram
from .graph_source import GraphState, NetworkSource, ProgramSource, network_source, neurons
from .limit_screen import LimitScreen
from .part_tabs import FIRST_PART, PARTS, PartTabs
from .player import Player
from .predict_bar import HIDDEN, PredictBar
from .program_part import NetworkCard, ProgramEditor, ProgramPart
from .steps import StepBar, StepList, StepTrack

NO_WEIGHTS: Final = (
    "A program has no weights to update: press g{microscope.source} to show your network."
)
TOO_SMALL: Final = "The microscope needs a terminal of at least 60 columns and 16 rows."


class MicroscopeScreen(Screen[None]):
    """The graph of a program, or of the network on one sample.

    Args:
        plain: Without line-drawing characters.
    """

    AUTO_FOCUS = "#graph"
    TITLE = "Microscope"

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        n | step.next | step(1) | *Next | Take the next step
        p | step.back | step(-1) | *Back | Undo the last step
        space | step.play | play | *Play | Play the steps, or pause
        m | microscope.close | close | *Playground | Back to the playground
        w | microscope.what-if | what_if | *What if |
        | What if gradients were overwritten, = in place of +=, or a node were taken too early: the
        | wrong numbers beside the right ones
        f | step.forward | all_forward | *Forward | Run the whole forward pass: every value
        b | step.backward | all_backward | *Backward | Run the whole backward pass: every gradient
        home | step.start | start | Start | Go back to before the first step
        comma | step.slower | pace(-1) | Slower | Fewer steps per second
        . | step.faster | pace(1) | Faster | More steps per second
        g | microscope.source | next_source | *Network |
        | Switch between the program, your network on a sample, and one neuron
        M | microscope.again | app.microscope_network | Network's graph |
        | Show your network as it is now, on the sample selected on the playground
        u | microscope.newest | newest | Newest weights | Update to the network's current weights
        t | graph.follow | follow | *Path |
        | Follow the next path from the selected value to the output
        v | check.view | next_view | *View |
        | Show the next view of the check: gradients, curve, paths, samples
        [,( | check.smaller-h | change_h(1) | Smaller h | Use a smaller h in the check
        ],) | check.larger-h | change_h(-1) | Larger h | Use a larger h in the check
        + | graph.zoom-in | zoom(1) | Zoom in | Larger boxes with more in them
        - | graph.zoom-out | zoom(-1) | Zoom out | Smaller boxes, to show more of the graph
        0 | graph.fit | fit | Fit | Choose the largest boxes that fit
        o | graph.open | open_box(False) | *Open | Open the selected box: a layer, a neuron, a sum
        O | graph.close | open_box(True) | Close box | Close the box around the selected one again
        z | graph.alone | graph_alone | Graph alone | Show the graph alone, or with the other parts
        P | microscope.predict | predict | *Predict |
        | Predict each gradient before you see it, then each value, then stop predicting
        d | limit.open | limit | *Limit |
        | The derivative as a limit: difference quotients, secant and tangent
        x | microscope.export | export | *Export |
        | Copy or save the graph, the picture, or the program as Python
        1 | microscope.program | go_to('program') | Program | Go to program
        2 | microscope.graph | go_to('graph') | Graph | Go to graph
        3 | microscope.steps | go_to('steps') | Steps | Go to steps
        4 | microscope.check | go_to('check') | Check | Go to check
        escape | microscope.leave | leave | Leave |
        | Leave the program, then go back to the playground
        L | microscope.lessons | open_lessons | Lessons | Chapters, presets and challenges
        ?,f1 | microscope.help | app.help | *Help | Show every key and every part of the microscope
        q | microscope.quit | app.quit | *Quit | Leave toygrad
        """
    )

    def __init__(self, *, plain: bool = False) -> None:
        super().__init__(classes=f"-{FIRST_PART}")
        self.first_look: Callable[[MicroscopeScreen], None] = lambda screen: None
        self._plain = plain
        self._choice = GraphChoice()
        self._ran: str | None = None
        self._player = Player(self, lambda: self.action_step(1), self._show_pace)

    def compose(self) -> ComposeResult:
        yield StepBar(id="step-bar")
        yield ChainRule(id="said")
        yield PredictBar(id="predict")
        yield PartTabs(id="parts")
        with Horizontal(id="columns"):
            with Vertical(id="left"):
                yield ProgramPart(id="program", classes="box")
                yield StepList(id="steps", classes="box")
            with Vertical(id="right"):
                yield GraphDiagram(plain=self._plain, id="graph", classes="box")
                yield CheckPart(id="check", classes="box")
        yield Static(TOO_SMALL, id="too-small")
        yield Footer()

    def on_mount(self) -> None:
        for part in PARTS:
            self.query_one(f"#{part}").border_title = part.capitalize()
        self._player.show()
        self._run_program()
        self.first_look(self)

    # --- The source of the graph ---------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot, selection: Selection) -> None:
        """Notes what the playground shows; the graph changes only when the user asks.

        Args:
            snapshot: The newest one.
            selection: What is selected on the playground.
        """
        self._choice.snapshot, self._choice.selection = snapshot, selection
        if self.is_current:
            self._show_newest()

    @on(events.ScreenResume)
    def _show_newest(self) -> None:
        choice = self._choice
        if choice.network is not None and choice.snapshot is not None:
            self.query_one(NetworkCard).show_newest(choice.network, choice.snapshot.step)

    def look_at_network(self) -> None:
        """Shows the whole network on the sample selected on the playground.

        Where a weight or bias is selected, with all gradients and the paths to that one.
        """
        if self._choice.snapshot is not None:
            self._show_network(network_source(self._choice.snapshot, self._choice.selection))
            self._explain_weight()

    def look_at_example(self, name: str) -> None:
        self.query_one(ProgramPart).show_example(name)
        self._run_program()
        self._show_source("program")

    def look_at_program(self, text: str) -> None:
        """Shows a program that is no example, from its start."""
        self.query_one(ProgramPart).show_text(text)
        self._run_program()
        self._show_source("program")
        self._go_to(0)

    @property
    def program(self) -> str:
        """The text of the program."""
        return self.query_one(ProgramPart).text

    @property
    def stepper(self) -> Stepper | None:
        """Of the graph that is shown; None without one."""
        return None if self._state is None else self._state.stepper

    @property
    def selected(self) -> str:
        """The name of the node that is selected; empty for none."""
        node, stepper = self.query_one(GraphDiagram).selected, self.stepper
        if node is None or stepper is None:
            return ""
        return stepper.names.get(node.value, "")

    def _explain_weight(self) -> None:
        """Shows why the weight that is selected on the playground has its gradient."""
        element, state = self._choice.selection.element, self._state
        if element is not None and state is not None:
            for node in state.view.nodes:
                if node.label == element.name:
                    self.action_all_backward()
                    self.query_one(GraphDiagram).reveal(node.value)
                    self.query_one(CheckPart).show_value(node.value)
                    self.query_one(CheckPart).show_view("paths")

    @property
    def _state(self) -> GraphState | None:
        return self._choice.state

    @on(ProgramPart.Edited)
    def _run_program(self) -> None:
        part = self.query_one(ProgramPart)
        if part.text == self._ran:
            return
        self._ran = part.text
        source = ProgramSource(run_program(part.text))
        part.show_errors(source.program.errors)
        self._choice.put_program(source)
        if self._choice.source == "program":
            self._show_graph()

    def _show_network(self, network: NetworkSource) -> None:
        self._choice.show_network(network)
        self._show_source(self._choice.source)

    def _show_source(self, source: Source) -> None:
        self._player.pause()
        self._choice.source = source
        part = self.query_one(ProgramPart)
        part.show_source(source)
        part.border_title = "Program" if source == "program" else "Network"
        network, snapshot = self._choice.shown_network, self._choice.snapshot
        if network is not None and snapshot is not None:
            if network.bugs:
                part.border_title = "Network  bug planted"
            self.query_one(NetworkCard).show_network(network, snapshot.step)
        self._show_graph()

    @on(ProgramPart.SourceChosen)
    def _choose_source(self, message: ProgramPart.SourceChosen) -> None:
        self._take_source(message.source)

    def action_next_source(self) -> None:
        self._take_source(self._choice.next_source)

    def _take_source(self, source: Source) -> None:
        if self._is_held():
            return
        network = self._choice.network_for(source)
        if network is None:
            self._show_source("program")
        else:
            self._show_network(network)

    def action_newest(self) -> None:
        network, snapshot = self._choice.shown_network, self._choice.snapshot
        if network is None or snapshot is None:
            self.notify(NO_WEIGHTS)
        else:
            self._show_network(network.with_snapshot(snapshot))

    @on(SamplePulls.SampleChosen)
    def _choose_sample(self, message: SamplePulls.SampleChosen) -> None:
        if self._choice.network is not None:
            self._show_network(self._choice.network.with_row(message.row))

    @on(NetworkCard.NeuronChosen)
    def _choose_neuron(self, message: NetworkCard.NeuronChosen) -> None:
        network = self._choice.network
        if network is not None:
            neuron = neurons(network.snapshot)[message.place]
            self._show_network(network.with_neuron(neuron))

    # --- Showing it ----------------------------------------------------------------------------

    def _show_graph(self) -> None:
        state, diagram = self._state, self.query_one(GraphDiagram)
        outline = None if state is None else state.outline
        stepper = None if state is None else state.stepper
        diagram.show_graph(outline, stepper, is_overview=self._choice.source == "network")
        self._show_check()
        self._show_step()

    def _show_check(self) -> None:
        stepper = None if self._state is None else self._state.stepper
        self.query_one(CheckPart).show_graph(stepper, self._choice.shown_network)
        selected = self.query_one(GraphDiagram).selected
        if selected is not None:
            self.query_one(CheckPart).show_value(selected.value)

    def _show_step(self) -> None:
        stepper = None if self._state is None else self._state.stepper
        self.query_one(GraphDiagram).show_step()
        self.query_one(StepList).show_stepper(stepper)
        self.query_one(StepBar).show_stepper(stepper)
        self._show_said()
        self.query_one(PredictBar).show_stepper(stepper)
        self.set_class(self._is_predicting, "-predicting")
        self.post_message(GraphLooked())
        current = None if stepper is None else stepper.current
        self.query_one(ProgramEditor).mark_step(self._choice.line_of(current))

    def _show_said(self) -> None:
        stepper = None if self._state is None else self._state.stepper
        self.query_one(ChainRule).show_step(stepper, self._choice.shown_network)

    def action_what_if(self) -> None:
        if self._is_held():
            return
        if self._is_predicting:
            self.notify(with_keys(HIDDEN))
        elif self._choice.suppose_next():
            self._show_supposed()
        else:
            self.notify("No value is used twice here: = and += would give the same gradients.")

    def _show_supposed(self) -> None:
        if self._state is not None:
            self.query_one(GraphDiagram).show_stepper(self._state.stepper)
            self._show_check()
            self._show_step()

    # --- Stepping ------------------------------------------------------------------------------

    def _go_to(self, target: int | Value) -> None:
        """Goes to a step or a node; if one on the way fails, stops before it and says why."""
        if self._state is None or (self._is_ahead(target) and self._is_held()):
            return
        failure = self._state.go_to(target)
        self._show_step()
        if failure:
            self._player.pause()
            self.query_one(ChainRule).show_error(failure)

    def go_back_to(self, place: int) -> None:
        """Takes the graph back to an earlier step."""
        self._player.pause()
        self._go_to(place)

    def _is_ahead(self, target: int | Value) -> bool:
        assert self._state is not None
        return not isinstance(target, int) or target > self._state.stepper.position

    def _is_held(self) -> bool:
        """Whether a lesson waits for an answer that what is asked for would show; says so."""
        is_held = self.has_class("-asking")
        if is_held:
            self._player.pause()
            self.notify(with_keys(ANSWER_FIRST))
        return is_held

    def action_step(self, by: int) -> None:
        if self._state is None:
            return
        position = self._state.stepper.position + by
        if 0 <= position <= self._state.stepper.n_steps:
            self._go_to(position)
        else:
            self._player.pause()

    def action_all_forward(self) -> None:
        if self._state is not None:
            self._go_to(self._state.stepper.backward_position)

    def action_all_backward(self) -> None:
        if self._state is not None:
            self._go_to(self._state.stepper.n_steps)

    def action_start(self) -> None:
        self._go_to(0)

    @on(LineList.Chosen, "#steps")
    def _choose_step(self, message: LineList.Chosen) -> None:
        self._go_to(message.row + 1)

    @on(StepTrack.Moved)
    def _slide(self, message: StepTrack.Moved) -> None:
        self._go_to(message.position)

    @on(GraphDiagram.Entered)
    def _enter_node(self, message: GraphDiagram.Entered) -> None:
        self._go_to(message.value)

    # --- Playing -------------------------------------------------------------------------------

    def action_play(self) -> None:
        if self._player.is_playing:
            self._player.pause()
            return
        if self._state is None or self._is_held():
            return
        if self._state.stepper.phase == "done":
            self._go_to(0)
        self._player.play()
        self.action_step(1)

    def action_pace(self, by: int) -> None:
        self._player.change_pace(by)

    def _show_pace(self, pace: float, is_playing: bool) -> None:
        self.query_one(StepBar).show_pace(pace, is_playing=is_playing)

    # --- Predicting ----------------------------------------------------------------------------

    def action_predict(self) -> None:
        if self._is_held():
            return
        if self._state is None:
            self.notify("Nothing to predict yet: write a line such as L = 2*3.")
            return
        self._predict(self.query_one(PredictBar).next_asked)

    def _predict(self, asked: Asked | None) -> None:
        """Asks for gradients or for values from here on; None to stop asking."""
        self._player.pause()
        if self._state is not None and self._state.what_if is not None:
            self._choice.suppose_nothing()
            self._show_supposed()
        self.query_one(PredictBar).begin(asked)
        self.set_class(asked is not None, "-predicting")
        if asked is None or self._state is None:
            self.query_one(GraphDiagram).focus()
            return
        position, steps = self._state.stepper.position, self._predicted_steps
        self._go_to(position if position in steps else steps.start)
        self.query_one(AnswerField).focus()

    @property
    def _predicted_steps(self) -> range:
        """The positions from which a step is predicted."""
        stepper = None if self._state is None else self._state.stepper
        return self.query_one(PredictBar).positions(stepper)

    @on(PredictBar.StepWanted)
    def _take_predicted(self) -> None:
        if self._state is not None:
            stepper = self._state.stepper
            wanted = max(stepper.position + 1, self._predicted_steps.start)
            self._go_to(min(wanted, stepper.n_steps))

    @on(PredictBar.Explained)
    def _explain(self, message: PredictBar.Explained) -> None:
        self.query_one(ChainRule).show_remark(message.sentence)

    @property
    def _is_predicting(self) -> bool:
        return self.query_one(PredictBar).asked is not None

    # --- Selecting, and examining --------------------------------------------------------------

    @on(GraphDiagram.Selected)
    def _examine(self, message: GraphDiagram.Selected) -> None:
        self.query_one(CheckPart).show_value(message.value)
        self.post_message(GraphLooked())

    @on(CheckPart.LeafChosen)
    def _select_leaf(self, message: CheckPart.LeafChosen) -> None:
        self.query_one(GraphDiagram).select(message.leaf)
        self.query_one(CheckPart).show_value(message.leaf)

    @on(CheckPart.PathHighlighted)
    def _show_path(self, message: CheckPart.PathHighlighted) -> None:
        self.query_one(GraphDiagram).show_path(message.path)

    def action_follow(self) -> None:
        if self._is_held():
            return
        if self._is_predicting:
            self.notify(with_keys(HIDDEN))
            return
        sentence, said = self.query_one(CheckPart).follow(), self.query_one(ChainRule)
        if not sentence:
            self._show_said()
        elif said.region.area:
            said.show_remark(sentence)
        else:
            self.notify(sentence, markup=False)

    def action_next_view(self) -> None:
        self.query_one(CheckPart).next_view()

    def action_change_h(self, by: int) -> None:
        self.query_one(CheckPart).change_h(by)

    def action_limit(self) -> None:
        if self._is_held():
            return
        choice = self._choice
        network = choice.network
        if network is None and choice.snapshot is not None:
            network = network_source(choice.snapshot, choice.selection)
        whole = network.graph[0] if network is not None and network.neuron is None else None
        own = None if self._is_predicting else self.query_one(CheckPart).slope_of
        self.app.push_screen(LimitScreen(own, whole))
        self.call_after_refresh(self.post_message, GraphLooked())

    def action_zoom(self, by: int) -> None:
        self.query_one(GraphDiagram).change_zoom(by)

    def action_fit(self) -> None:
        self.query_one(GraphDiagram).fit()

    def action_open_box(self, is_closed: bool) -> None:
        if not self.query_one(GraphDiagram).open_box(is_closed=is_closed):
            self.notify("Select a box that holds more than its one operation, then open it.")

    def action_graph_alone(self) -> None:
        self.toggle_class("-graph-alone")

    # --- Exporting -----------------------------------------------------------------------------

    def action_export(self) -> None:
        if self._state is None:
            self.notify("Nothing to export yet: write a line such as L = 2*3.")
            return
        program = self._choice.shown_program
        script = "" if program is None else to_script(program)
        graph = graph_as_dot(self._state.view, self._state.stepper)
        picture = picture_as_svg(self.app.export_screenshot(title="toygrad"))
        self.app.push_screen(ExportScreen(exports(graph, picture, script)))

    # --- Focus and parts -----------------------------------------------------------------------

    def hide_parts(self, hidden: Collection[str]) -> None:
        """Shows all parts but those with these names."""
        for part in PARTS:
            self.query_one(f"#{part}").set_class(part in hidden, "-hidden")
            self.query_one(f"#part-{part}").display = part not in hidden
            if part in hidden and self.query_one(f"#{part}").has_focus_within:
                self.action_go_to("graph")
        self.set_class({"program", "steps"} <= set(hidden), "-no-left")

    def action_go_to(self, part: str) -> None:
        if self.query_one(f"#{part}").has_class("-hidden"):
            self.notify(HIDDEN_PART)
            return
        if self.has_class("-graph-alone"):
            self.remove_class("-graph-alone")
        self.query_one(PartTabs).go_to(part)
        if part == "check":
            self.query_one(CheckPart).focus_view()
        elif part == "program" and self._choice.source != "program":
            self.query_one(NetworkCard).query_one(SettingsList).focus()
        else:
            self.query_one("#editor" if part == "program" else f"#{part}").focus()

    def on_descendant_focus(self) -> None:
        # A smaller screen shows one part: the one in which the user is.
        nodes = self.focused.ancestors_with_self if self.focused is not None else ()
        for part in (str(node.id) for node in nodes if node.id in PARTS):
            self.query_one(PartTabs).active = f"part-{part}"

    def action_leave(self) -> None:
        if isinstance(self.focused, TextArea):
            self.action_go_to("graph")
        elif self._is_predicting:
            self._predict(None)
        else:
            self.action_close()

    async def action_open_lessons(self) -> None:
        await self.run_action("app.lessons")

    def action_close(self) -> None:
        self._player.pause()
        self.dismiss()
