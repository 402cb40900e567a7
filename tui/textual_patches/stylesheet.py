"""A style sheet that looks for the rules of a widget once; styling it again is a look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.css.styles import RulesMap

MAX_KNOWN = 10_000


class _Known(NamedTuple):
    """What Textual found for a widget: its rules, and what they depend on."""

    rules: RulesMap
    has_hover_style: bool
    has_focus_within: bool


class RememberingStylesheet(Stylesheet):
    """Textual's style sheet, which finds the rules of equal widgets in equal places once.

    A widget is styled again whenever its classes or its focus change.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._known: dict[tuple[Any, ...], _Known] = {}
        self._known_of: object = None

    def apply(
        self,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,
    ) -> None:
        self._forget_if_changed()
        place = _place(node)
        known = self._known.get(place)
        if known is None:
            # Textual leaves in this cache what does not depend on a widget's brothers.
            found: dict[tuple[Any, ...], RulesMap] = {}
            super().apply(node, animate=animate, cache=found)
            for rules in found.values():
                self._known[place] = _Known(rules, node._has_hover_style, node._has_focus_within)
            return
        node._has_hover_style = known.has_hover_style
        node._has_focus_within = known.has_focus_within
        node._has_order_style = node._has_odd_or_even = False
        self.replace_rules(node, known.rules, animate=animate)
        self._process_component_classes(node)

    def _forget_if_changed(self) -> None:
        if self._known_of is not self.rules_map or len(self._known) > MAX_KNOWN:
            self._known, self._known_of = {}, self.rules_map


def _place(node: DOMNode) -> tuple[Any, ...]:
    """All that rules can ask of a widget and of those around it, its brothers apart."""
    return tuple(map(_traits, node.css_path_nodes))


def _traits(part: DOMNode) -> tuple[Any, ...]:
    if isinstance(part, Widget):
        state: object = (part._pseudo_classes_cache_key, part.allow_focus())
    else:
        state = frozenset(part.get_pseudo_classes())
    return type(part), part._id, part.classes, state
