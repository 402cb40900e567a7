"""A remembered style is the one that Textual would find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from toygrad.tui.textual_patches.stylesheet import RememberingStylesheet

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User


def style(node: DOMNode) -> tuple[Any, ...]:
    """All that styling decides for a widget."""
    parts = {name: styles.get_rules() for name, styles in node._component_styles.items()}
    flags = (node._has_hover_style, node._has_focus_within, node._has_order_style)
    return node.styles.base.get_rules(), parts, flags, node._has_odd_or_even


def expect_styles_of_textual(user: User) -> None:
    ours = user.app.stylesheet
    theirs = Stylesheet(variables=user.app.get_css_variables())
    theirs.source, theirs._rules, theirs._require_parse = ours.source, ours.rules, False
    for node in user.app.screen.walk_children(with_self=True):
        ours.apply(node)
        remembered = style(node)
        theirs.apply(node)
        assert remembered == style(node), node


async def test_every_widget_has_the_style_that_textual_finds(start: Start) -> None:
    async with start((150, 46)) as user:
        assert isinstance(user.app.stylesheet, RememberingStylesheet)
        await user.press("5", "tab")
        expect_styles_of_textual(user)
        user.app.theme = "toygrad-light"
        await user.press("4", "z")
        expect_styles_of_textual(user)
