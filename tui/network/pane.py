"""The network pane: the diagram, the card of what is selected, and the layers to edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from ...core import NetworkSpec, Snapshot
from ...core.nn import Element, element_place
from ...core.training.reshape import Reshaped
from ..keys import bindings
from ..messages import ElementsEdited, LayersEdited, PartSelected
from ..pane import Pane
from ..selection import Part, Unit, element_of
from ..widgets.basics import is_ascii
from .diagram import NetworkDiagram
from .diagram_data import diagram_data
from .edits import (
    NOT_AN_INPUT,
    SELECT_FIRST,
    added_layer,
    dropped_layer,
    next_activation,
    removed_neuron,
    resized_layer,
)
from .layers_editor import LayersEditor

if TYPE_CHECKING:
    from .card import NeuronCard
    from .fact_sheet import FactSheet

STEP = 0.1
"""By how much a key changes a weight or a bias."""
_DIGITS = 12
# One snapshot may be on its way already, and the next may be one of several quick edits.
FRAMES = 3


class NetworkPane(Pane):
    """The network as a diagram, every part of which can be selected and edited."""

    TITLE = "Network"
    HELP_TEXT = (
        "Each box shows what its neuron computes, or its weights for the pixels of a digit; each "
        "link is a weight: orange is negative, blue positive, strong colours are large; the sign "
        "to the left of a box is its bias. Select a neuron "
        "with the arrows or the mouse, then w{network-diagram.next-link} selects its "
        "weights, the largest first, and b{network-diagram.bias} its bias; escape deselects. The "
        "card shows the formula with numbers for the selected point; enter goes to its list of "
        "weights, and enter there selects one. On a weight or a bias: enter types a value, "
        "+{network.more} and -{network.less} change it by 0.1, >{network.little-more} and "
        "<{network.little-less} by 0.01, f{network.freeze} freezes it (marked *), x{network.cut} "
        "cuts it (marked x: frozen at 0); the same key unfreezes it. On a neuron: "
        "f{network.freeze} freezes its incoming weights and its bias, +{network.more} and "
        "-{network.less} resize its layer, x{network.cut} removes it, t{network.next-activation} "
        "and T{network.previous-activation} change the activation of its layer, "
        "a{network.add-layer} adds a layer after it, d{network.drop-layer} removes its layer. "
        "The - and + above a layer resize it too. n{network.layers} types all layers: 8 tanh, "
        "4 relu. v{network.knobs} goes to settings for each layer, for the output's activation and "
        "for the first weights. Weights that still fit are kept; ctrl+z{edit.undo} undoes an edit."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        n | network.layers | edit_layers | *Layers | Type the hidden layers: 8 tanh, 4 relu
        v | network.knobs | toggle_rows | Settings | Go to the settings of each layer, or hide them
        a | network.add-layer | add_layer | *+ layer |
        | Add a hidden layer after the selected part, or before the output
        d | network.drop-layer | drop_layer | *- layer |
        | Remove the selected hidden layer, or the last one
        t | network.next-activation | cycle_activation(1) | Activation |
        | The next activation for the selected layer
        T | network.previous-activation | cycle_activation(-1) | Activation back |
        | The previous activation for the selected layer
        + | network.more | more(1) | *More |
        | Raise the weight or bias by 0.1, or add a neuron to the selected neuron's layer
        - | network.less | more(-1) | *Less |
        | Lower the weight or bias by 0.1, or remove a neuron from the selected neuron's layer
        > | network.little-more | nudge(0.1) | A little more |
        | Raise the selected weight or bias by 0.01
        < | network.little-less | nudge(-0.1) | A little less |
        | Lower the selected weight or bias by 0.01
        f | network.freeze | freeze | *Freeze |
        | Freeze or unfreeze the selected weight or bias, or a neuron's weights and bias
        Y | network.why | app.microscope_network | *Why? |
        | Why this gradient? The paths to the selected weight or bias, in the microscope
        x,delete | network.cut | cut | *Cut |
        | Cut the selected weight or bias (freeze it at 0), or remove the selected neuron
        """
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        # A typed number, or one that keys have moved, until the snapshots show it.
        self._asked: tuple[Element, float] | None = None
        self._frames = 0
        self._card: NeuronCard | None = None

    def compose(self) -> ComposeResult:
        yield LayersEditor(id="layers")
        with Container(id="network-body"):
            # The card beside it is made for the first part that is selected.
            yield NetworkDiagram(id="diagram")

    def later_widgets(self) -> Iterable[type[Widget]]:
        from .card import NeuronCard
        from .fact_sheet import FactSheet

        return NeuronCard, FactSheet

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if (element := self.selection.element) is not None:
            self._frames -= 1
            if self._frames <= 0 or self._asked == (element, _value(snapshot, element)):
                self._asked = None
        n = len(snapshot.parameters)
        arrow = " -> " if is_ascii(self) else " → "
        frozen = int(snapshot.frozen.sum())
        self.write_on_border(
            f"{self.TITLE}  {arrow.join(map(str, snapshot.sizes))}",
            f"{n:,} parameter{'s' if n != 1 else ''}{f', {frozen:,} frozen' if frozen else ''}",
        )
        self.query_one(LayersEditor).show(snapshot)
        self.query_one(NetworkDiagram).show(diagram_data(snapshot, self.selection.point))
        self._show_card(snapshot)

    def show_selection(self, snapshot: Snapshot) -> None:
        diagram, part = self.query_one(NetworkDiagram), self.selection.part
        diagram.show(diagram_data(snapshot, self.selection.point))
        if part != diagram.selected and diagram.data is not None:
            diagram.select(part if part is None or diagram.data.holds(part) else None)
        self._show_card(snapshot)
        self.refresh_bindings()

    def restore(self) -> None:
        self._asked = None
        self.query_one(LayersEditor).restore()

    def focus_first(self) -> None:
        self.query_one(NetworkDiagram).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("freeze", "cut", "nudge", "more"):
            return self.selection.part is not None
        return super().check_action(action, parameters)

    def _show_card(self, snapshot: Snapshot) -> None:
        data, card = self.query_one(NetworkDiagram).data, self._card
        if data is None or (card is None and self.selection.part is None):
            return
        from .card import NeuronCard, facts_of

        facts = facts_of(snapshot, data, self.selection, ascii=is_ascii(self))
        if card is None and facts is not None:
            self._card = card = NeuronCard(id="neuron-card")
            self.query_one("#network-body").mount(card)
        if card is not None:
            card.show(facts)
        self.set_class(facts is not None, "-selected")

    # --- What is selected ----------------------------------------------------------------------

    def on_network_diagram_selected(self, event: NetworkDiagram.Selected) -> None:
        event.stop()
        self.post_message(PartSelected(event.part))

    def on_network_diagram_opened(self, event: NetworkDiagram.Opened) -> None:
        event.stop()
        if isinstance(event.part, Unit):
            self.query("#facts").focus()
        else:
            self.action_type_value()

    def on_network_diagram_resized(self, event: NetworkDiagram.Resized) -> None:
        event.stop()
        self._edit(partial(resized_layer, part=event.part, by=event.by))

    def on_fact_sheet_chosen(self, event: FactSheet.Chosen) -> None:
        event.stop()
        self.focus_first()
        self.post_message(PartSelected(event.part))

    async def on_fact_sheet_asked(self, event: FactSheet.Asked) -> None:
        event.stop()
        self.focus_first()
        await self.run_action(event.hint.action)

    def on_fact_sheet_left(self, event: FactSheet.Left) -> None:
        event.stop()
        self.focus_first()

    def on_layers_editor_left(self, event: LayersEditor.Left) -> None:
        event.stop()
        self.focus_first()

    def action_close(self) -> None:
        self.query_one(NetworkDiagram).action_clear()

    def action_walk_links(self) -> None:
        self.query_one(NetworkDiagram).action_walk_links()

    def action_select_bias(self) -> None:
        self.query_one(NetworkDiagram).action_select_bias()

    # --- Layers --------------------------------------------------------------------------------

    def on_layers_editor_toggled(self, event: LayersEditor.Toggled) -> None:
        event.stop()
        self.action_toggle_rows()

    def action_edit_layers(self) -> None:
        self.query_one(LayersEditor).edit_text()

    def action_toggle_rows(self) -> None:
        is_shown = self.query_one("#layer-editor").display
        self.set_class(not is_shown, "-rows")
        self.set_class(is_shown, "-no-rows")
        if is_shown:
            self.focus_first()
        else:
            self.query_one(LayersEditor).focus_rows()

    def action_add_layer(self) -> None:
        self._edit(partial(added_layer, part=self.selection.part))

    def action_drop_layer(self) -> None:
        self._edit(partial(dropped_layer, part=self.selection.part))

    def action_cycle_activation(self, by: int) -> None:
        self._edit(partial(next_activation, part=self.selection.part, by=by))

    def _edit(self, edit: Callable[[NetworkSpec], Reshaped]) -> None:
        """Asks for an edit, or says why it is impossible."""
        if self.snapshot is None:
            return
        try:
            edit(self.snapshot.network)
        except ValueError as error:
            self.notify(str(error), markup=False)
        else:
            self.post_message(LayersEdited(edit))

    # --- Weights and biases --------------------------------------------------------------------

    def action_type_value(self) -> None:
        element, snapshot = self.selection.element, self.snapshot
        if element is not None and snapshot is not None and self._card is not None:
            self._card.type_value(_value(snapshot, element))

    def on_neuron_card_left(self, event: NeuronCard.Left) -> None:
        event.stop()
        self.focus_first()
        if event.value is not None:
            self._write(event.value)

    def action_more(self, by: int) -> None:
        if isinstance(self.selection.part, Unit):
            self._edit(partial(resized_layer, part=self.selection.part, by=by))
        else:
            self.action_nudge(float(by))

    def action_nudge(self, steps: float) -> None:
        element, snapshot = self.selection.element, self.snapshot
        if element is None or snapshot is None:
            self.notify(SELECT_FIRST)
            return
        asked = self._asked
        start = asked[1] if asked and asked[0] == element else _value(snapshot, element)
        self._write(round(start + steps * STEP, _DIGITS))

    def action_freeze(self) -> None:
        snapshot, part = self.snapshot, self.selection.part
        if snapshot is None or part is None:
            return
        elements = _elements(snapshot, part)
        if not elements:
            self.notify(NOT_AN_INPUT)
            return
        is_frozen = all(_is_frozen(snapshot, element) for element in elements)
        self._post(dict.fromkeys(elements), dict.fromkeys(elements, not is_frozen))

    def action_cut(self) -> None:
        snapshot, element = self.snapshot, self.selection.element
        if isinstance(part := self.selection.part, Unit):
            self._edit(partial(removed_neuron, neuron=part))
        elif element is not None and snapshot is not None:
            is_cut = _value(snapshot, element) == 0.0 and _is_frozen(snapshot, element)
            self._asked = None
            self._post({element: None if is_cut else 0.0}, {element: not is_cut})

    def _write(self, value: float) -> None:
        element, snapshot = self.selection.element, self.snapshot
        if element is not None and snapshot is not None:
            self._asked, self._frames = (element, value), FRAMES
            self._post({element: value}, {element: _is_frozen(snapshot, element)})

    def _post(self, numbers: dict[Element, float | None], frozen: dict[Element, bool]) -> None:
        self.post_message(ElementsEdited(numbers, frozen))


def _value(snapshot: Snapshot, element: Element) -> float:
    return float(snapshot.parameters[element_place(snapshot.sizes, element)])


def _is_frozen(snapshot: Snapshot, element: Element) -> bool:
    return bool(snapshot.frozen[element_place(snapshot.sizes, element)])


def _elements(snapshot: Snapshot, part: Part) -> list[Element]:
    """A weight or bias itself; a neuron's incoming weights and bias; nothing for an input."""
    if not isinstance(part, Unit):
        return [element_of(part)]
    layer, target = part.column, part.unit
    if layer == 0:
        return []
    sources = range(snapshot.sizes[layer - 1])
    return [*(Element(layer, s, target) for s in sources), Element(layer, None, target)]
