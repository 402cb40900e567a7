"""Faults of Textual that quick hands and tiny terminals meet are mended."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.css.model import RuleSet
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from toygrad.tui.textual_patches.faults import mend_textual


class Question(ModalScreen[str]):
    def compose(self) -> ComposeResult:
        yield Input("yes")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


async def test_only_the_first_of_many_answers_counts() -> None:
    mend_textual()
    app: App[None] = App()
    answers: list[str | None] = []
    async with app.run_test() as pilot:
        below = app.screen
        await app.push_screen(Question(), answers.append)
        field = app.screen.query_one(Input)
        for _ in range(5):
            # As keys do that are pressed before the first one was heard.
            field.post_message(Input.Submitted(field, field.value))
        await pilot.pause()
        assert answers == ["yes"]
        assert app.screen is below


async def test_a_page_can_be_turned_where_no_option_has_room() -> None:
    mend_textual()
    app: App[None] = App()
    async with app.run_test(size=(1, 1)):
        options = OptionList(*"abc")
        await app.screen.mount(options)
        options.highlighted = 1
        for name in ("page_up", "page_down"):
            await app.run_action(name, options)
        assert options.highlighted == 1


def test_style_rules_are_told_apart_as_textual_does() -> None:
    mend_textual()
    one, other = RuleSet(), RuleSet()
    assert hash(one) == hash(one)
    assert len({one, one, other}) == 2
