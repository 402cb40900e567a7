"""The knob: turned, dragged, typed; silent when the program sets it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from toygrad.tui.widgets.knob import Knob, format_number, linear_stops, parse_number

RATES = (0.001, 0.003, 0.01, 0.03, 0.1)


def parse_rate(text: str) -> float:
    rate = parse_number(text)
    if rate <= 0:
        raise ValueError("A learning rate must be above zero.")
    return rate


class Host(App[None]):
    """Two knobs, remembering their messages."""

    ENABLE_COMMAND_PALETTE = False
    ascii = False

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.escaped = 0

    def compose(self) -> ComposeResult:
        yield Knob(
            "rate", RATES, 0.01, format_number, parse_rate, value_width=6, tooltip="t", id="rate"
        )
        yield Knob("seed", (), 7, label_width=6, id="seed")

    @property
    def knob(self) -> Knob:
        return self.query_one("#rate", Knob)

    def on_knob_changed(self, message: Knob.Changed) -> None:
        self.messages.append(message)

    def on_knob_rejected(self, message: Knob.Rejected) -> None:
        self.messages.append(message)

    def key_escape(self) -> None:
        self.escaped += 1

    @property
    def values(self) -> list[float]:
        return [message.value for message in self.messages if isinstance(message, Knob.Changed)]


def drive(
    check: Callable[[Host, "Pilot[None]"], Awaitable[None]], size: tuple[int, int] = (21, 4)
) -> None:
    async def run() -> None:
        app = Host()
        async with app.run_test(size=size) as pilot:
            app.knob.focus()
            await pilot.pause()
            await check(app, pilot)

    asyncio.run(run())


def text(knob: Knob) -> str:
    return knob.render_line(0).text


def test_a_knob_is_one_row() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert text(app.knob) == "rate   0.01 ━━━━●────"
        assert text(app.query_one("#seed", Knob)) == "seed          7      "
        assert app.knob.render_line(1).text.strip() == ""
        assert app.knob.tooltip == "t"
        app.ascii = True
        assert text(app.knob) == "rate   0.01 ====o----"

    drive(check)


def test_a_narrow_knob_leaves_the_track_out() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        assert text(app.knob) == "rate   0.01    "

    drive(check, (15, 4))


@pytest.mark.parametrize(
    ("value", "picture"),
    [
        (0.0001, "rate 0.0001 ●────────"),
        (0.015, "rate  0.015 ━━━━●────"),
        (0.025, "rate  0.025 ━━━━━━●──"),
        (5.0, "rate      5 ━━━━━━━━●"),
        (123456.5, "rate 123456 ━━━━━━━━●"),
    ],
)
def test_a_value_between_or_beyond_the_stops_has_the_nearest_handle(
    value: float, picture: str
) -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.knob.value = value
        await pilot.pause()
        assert text(app.knob) == picture
        assert app.messages == []

    drive(check)


def test_a_value_too_long_is_cut_visibly() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.knob.value = 1.5e-10
        await pilot.pause()
        app.knob.value = -1.23456
        await pilot.pause()
        assert text(app.knob) == "rate -1.23~ ●────────"

    drive(check)


@pytest.mark.parametrize(
    ("start", "keys", "values"),
    [
        (0.01, "right", [0.03]),
        (0.01, "left h", [0.003, 0.001]),
        (0.015, "l", [0.03]),
        (0.015, "left", [0.01]),
        (0.1, "right", []),
        (5.0, "left", [0.1]),
        (0.01, "home", [0.001]),
        (0.01, "end end", [0.1]),
    ],
)
def test_keys_turn_from_stop_to_stop(start: float, keys: str, values: list[float]) -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.knob.value = start
        await pilot.press(*keys.split())
        assert app.values == values

    drive(check)


def test_a_click_on_the_track_turns_to_it() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.click("#rate", offset=(20, 0))
        assert app.values == [0.1]
        await pilot.click("#rate", offset=(1, 0))
        assert app.values == [0.1]

    drive(check)


def test_the_handle_follows_the_pointer_until_the_button_is_released() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.mouse_down("#rate", offset=(16, 0))
        await pilot.hover("#seed", offset=(12, 0))
        await pilot.hover("#seed", offset=(18, 0))
        await pilot.mouse_up("#seed", offset=(18, 0))
        await pilot.hover("#rate", offset=(12, 0))
        assert app.values == [0.001, 0.03]

    drive(check)


def test_the_wheel_turns_only_a_focused_knob() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        def turn(kind: type[MouseScrollUp] | type[MouseScrollDown]) -> None:
            app.knob.post_message(kind(app.knob, 1, 0, 0, 0, 0, False, False, False))

        turn(MouseScrollUp)
        turn(MouseScrollDown)
        await pilot.pause()
        assert app.values == [0.03, 0.01]
        app.query_one("#seed").focus()
        await pilot.pause()
        turn(MouseScrollUp)
        await pilot.pause()
        assert app.values == [0.03, 0.01]

    drive(check)


def test_a_typed_value_is_taken() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.press("enter", *"0.02", "enter")
        await pilot.pause()
        assert app.values == [0.02]
        assert not app.knob.is_editing and app.focused is app.knob

    drive(check)


def test_an_invalid_value_is_explained_and_can_be_corrected() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.press("enter", "minus", "1", "enter")
        rejected = app.messages[-1]
        assert isinstance(rejected, Knob.Rejected)
        assert rejected.sentence == "A learning rate must be above zero."
        assert rejected.control is app.knob
        assert app.query_one(Input).has_class("-invalid")
        await pilot.press("home", "delete")
        assert not app.query_one(Input).has_class("-invalid")
        await pilot.press("enter")
        assert app.values == [1.0]

    drive(check)


def test_escape_leaves_the_value_as_it_was() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.press("enter", "9", "escape")
        await pilot.pause()
        assert (app.knob.value, app.messages, app.escaped) == (0.01, [], 0)
        assert not app.knob.is_editing and app.focused is app.knob
        await pilot.press("escape")
        assert app.escaped == 1

    drive(check)


def test_going_elsewhere_leaves_the_value_as_it_was() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.press("enter", "9", "tab")
        await pilot.pause()
        assert (app.knob.value, app.messages) == (0.01, [])
        assert not app.knob.is_editing

    drive(check)


def test_arrows_move_in_the_typed_text_not_the_knob() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.press("enter", "left", "right", "home", "h")
        assert app.messages == []
        assert app.query_one(Input).value == "h0.01"

    drive(check)


def test_a_click_on_the_value_starts_typing() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        await pilot.click("#seed", offset=(14, 0))
        await pilot.press(*"42", "enter")
        assert app.values == [42.0]

    drive(check)


def test_a_disabled_knob_does_nothing() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.knob.disabled = True
        await pilot.click("#rate", offset=(20, 0))
        await pilot.click("#rate", offset=(8, 0))
        assert app.messages == [] and not app.knob.is_editing

    drive(check)


def test_stops_can_be_replaced() -> None:
    async def check(app: Host, pilot: "Pilot[None]") -> None:
        app.knob.stops = (0.01, 0.02)
        assert app.knob.stops == (0.01, 0.02)
        await pilot.pause()
        assert text(app.knob) == "rate   0.01 ●────────"

    drive(check)


def test_stops_must_ascend() -> None:
    with pytest.raises(ValueError, match="ascending"):
        Knob("k", (1, 3, 2), 1)


@pytest.mark.parametrize(
    ("low", "high", "step", "stops"),
    [
        (0, 0.5, 0.1, (0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        (10, 90, 40, (10, 50, 90)),
        (0, 1, 0.4, (0, 0.4, 0.8, 1)),
    ],
)
def test_linear_stops_include_both_ends(
    low: float, high: float, step: float, stops: tuple[float, ...]
) -> None:
    assert linear_stops(low, high, step) == stops


@pytest.mark.parametrize(("low", "high", "step"), [(0, 0, 1), (1, 0, 1), (0, 1, 0), (0, 1, -1)])
def test_an_impossible_range_is_refused(low: float, high: float, step: float) -> None:
    with pytest.raises(ValueError, match="no stops"):
        linear_stops(low, high, step)


@pytest.mark.parametrize("typed", ["", "abc", "1,5", "nan", "inf"])
def test_an_invalid_number_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^“.*” is not a .*number\.$"):
        parse_number(typed)


def test_every_binding_can_be_remapped_and_explained() -> None:
    for binding in Knob.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id and binding.description and binding.tooltip
