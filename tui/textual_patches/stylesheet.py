"""A style sheet that works out once what the rules say of a widget in a given state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from textual.css.model import CombinatorType, RuleSet, Selector, SelectorType
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

Check = Callable[[Any], bool]
MOST_STATES = 10_000
PREFIXES = {SelectorType.TYPE: "", SelectorType.CLASS: ".", SelectorType.ID: "#"}
FLAGS = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")


class Outcome(NamedTuple):
    """What applying the rules to a widget comes to.

    Attributes:
        rules: None where no rule speaks of it.
        flags: What Textual notes of it beside, in the order of `FLAGS`.
    """

    rules: RulesMap | None
    flags: tuple[bool, ...]


class StateMemory:
    """The states in which widgets were seen under the same rules, and what the rules say of each.

    All that a selector can ask is the type, id, classes and pseudo-classes of a widget and of those
    around it. A state is a number that stands for these.
    """

    def __init__(self, rules: Sequence[RuleSet]) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self._states: dict[tuple[object, ...], int] = {}
        self._checks: dict[tuple[object, ...], tuple[Check, ...]] = {}
        self._pseudo_classes: defaultdict[str, set[str]] = defaultdict(set)
        for rule in rules:
            for selector_set in rule.selector_set:
                self._note(selector_set.selectors)

    def _note(self, selectors: list[Selector]) -> None:
        """Notes which pseudo-classes count for a widget with one of the names in the selectors."""
        name = "*"
        for selector in selectors:
            prefix = PREFIXES.get(selector.type)
            if prefix is not None:
                name = f"{prefix}{selector.name}"
            elif selector.combinator is not CombinatorType.SAME:
                name = "*"
            self._pseudo_classes[name] |= selector.pseudo_classes

    def state(self, node: DOMNode, known: dict[DOMNode, int]) -> int:
        """The number of a widget's state; those of the widgets around it are put into `known`."""
        found = known.get(node)
        if found is not None:
            return found
        around = node._parent
        outer = self.state(around, known) if isinstance(around, DOMNode) else -1
        looks = type(node), node._id, frozenset(node._classes)
        checks = self._checks.get(looks)
        if checks is None:
            checks = self._checks[looks] = self._checks_of(node)
        key = (outer, looks, *[check(node) for check in checks])
        found = known[node] = self._states.setdefault(key, len(self._states))
        return found

    def _checks_of(self, node: DOMNode) -> tuple[Check, ...]:
        names = {
            name for selector in node._selector_names for name in self._pseudo_classes[selector]
        }
        every = node._PSEUDO_CLASSES
        return tuple(every[name] for name in sorted(names & every.keys()))

    @property
    def is_full(self) -> bool:
        return len(self._states) > MOST_STATES


class RememberingStylesheet(Stylesheet):
    """Textual's style sheet, with less to do where the focus moves or a widget comes and goes.

    Textual checks all selectors again for each widget, and for each of its component classes, of
    the whole pane or screen.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._remembered: Sequence[RuleSet] = []
        self._memory = self.new_memory([])
        # The states of the widgets that are being updated together.
        self._known: dict[DOMNode, int] | None = None
        # What applies to the widgets whose rules are being worked out.
        self._applied: dict[DOMNode, RulesMap | None] = {}
        # The state for which a widget has its component styles.
        self._last: WeakKeyDictionary[DOMNode, tuple[StateMemory, int]] = WeakKeyDictionary()

    def new_memory(self, rules: Sequence[RuleSet]) -> StateMemory:
        """A memory for these rules, with nothing in it."""
        return StateMemory(rules)

    def update_nodes(self, nodes: Iterable[DOMNode], animate: bool = False) -> None:
        self._known = {}
        try:
            super().update_nodes(nodes, animate)
        finally:
            self._known = None

    def apply(
        self,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,
    ) -> None:
        if self._known is None:
            self._known = {}
            try:
                self.apply(node, animate=animate)
            finally:
                self._known = None
            return
        rules = self.rules
        if self._remembered is not rules or self._memory.is_full:
            self._remembered, self._memory = rules, self.new_memory(rules)
            self._known.clear()
        outcomes, state = self._memory.outcomes, self._memory.state(node, self._known)
        outcome = outcomes.get(state)
        if outcome is None:
            self._applied[node] = None
            # Without Textual's cache, which forgets the state of the widgets further out.
            super().apply(node, animate=animate)
            flags = tuple(getattr(node, flag) for flag in FLAGS)
            outcomes[state] = Outcome(self._applied.pop(node), flags)
            return
        for flag, value in zip(FLAGS, outcome.flags, strict=True):
            setattr(node, flag, value)
        if outcome.rules is not None:
            self.replace_rules(node, outcome.rules, animate)
        self._process_component_classes(node)

    # A class method of Textual's, which it calls as if it were this.
    def replace_rules(  # type: ignore[override]
        self, node: DOMNode, rules: RulesMap, animate: bool = False
    ) -> None:
        if node in self._applied:
            self._applied[node] = rules
        base = node.styles.base
        if animate:
            # Most of them are as they were, and Textual would copy them to see it.
            if base._rules != rules:
                super().replace_rules(node, rules, animate)
            return
        now = base._rules
        changed = [key for key in now.keys() | rules.keys() if now.get(key) != rules.get(key)]
        for key in changed:
            setattr(base, key, rules.get(key))
        node.notify_style_update()

    def _process_component_classes(self, node: DOMNode) -> None:
        if not node._get_component_classes():
            return
        assert self._known is not None
        now = self._memory, self._memory.state(node, self._known)
        if self._last.get(node) != now or not node._component_styles:
            super()._process_component_classes(node)
            self._last[node] = now
