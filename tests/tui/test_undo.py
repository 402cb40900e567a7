"""An edit is taken back and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.tui.conftest import Start


async def test_edits_are_undone_and_redone_in_their_order(start: Start) -> None:
    async with start() as user:
        session = user.app.session
        await user.press("s", "right_square_bracket", "full_stop")
        user.app.action_choose_dataset("xor")
        await user.settle()
        user.app.action_set_training("optimizer", "adam")
        await user.settle()

        def settings() -> tuple[object, ...]:
            training = session.training
            return (
                training.optimizer,
                session.dataset.name,
                training.pace,
                training.learning_rate,
            )

        assert settings() == ("adam", "xor", 60.0, 0.1)
        await user.press("ctrl+z")
        assert settings() == ("sgd", "xor", 60.0, 0.1)
        await user.press("ctrl+z")
        assert settings() == ("sgd", "circle", 60.0, 0.1)
        assert "▸ circle" in str(user.app.screen.query_one("#datasets").get_option("circle").prompt)  # type: ignore[attr-defined]
        await user.press("ctrl+z", "ctrl+z")
        assert settings() == ("sgd", "circle", 30.0, 0.03)
        assert "lr 0.03" in user.text("#status")
        await user.press("ctrl+z")
        assert "There is no edit to take back." in user.said
        await user.press(*["ctrl+y"] * 4)
        assert settings() == ("adam", "xor", 60.0, 0.1)
        await user.press("ctrl+y")
        assert "There is no edit to do again." in user.said


async def test_a_new_edit_ends_what_could_be_redone(start: Start) -> None:
    async with start() as user:
        await user.press("right_square_bracket", "ctrl+z", "left_square_bracket", "ctrl+y")
        assert user.app.session.training.learning_rate == 0.01
        assert "There is no edit to do again." in user.said
