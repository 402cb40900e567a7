"""The patched application ends without a fault."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Select

from toygrad.tui.textual_patches.app import PatchedApp


class Quitting(Select[str]):
    """Somebody quits before it has its parts."""

    def compose(self) -> ComposeResult:
        self.app.exit()
        yield from super().compose()


class Home(PatchedApp[None]):
    def compose(self) -> ComposeResult:
        yield Quitting([("one", "one")])


async def test_quitting_while_the_screen_is_made_is_no_failure() -> None:
    app = Home()
    await app.run_async(headless=True)
    assert app.return_code == 0


async def test_the_palette_opens_once_however_quickly_it_is_called_for() -> None:
    app = PatchedApp[None]()
    async with app.run_test() as pilot:
        for _ in range(3):
            for _ in range(3):
                app.action_command_palette()
            assert len(app.screen_stack) == 2
            await pilot.pause()
            app.screen.dismiss()
