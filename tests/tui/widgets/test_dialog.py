"""A dialog takes one answer, however quickly keys follow each other."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input

from toygrad.tui.widgets.dialog import Dialog


class Question(Dialog[str]):
    def compose(self) -> ComposeResult:
        yield Input("yes")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


async def test_only_the_first_of_many_answers_counts() -> None:
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
