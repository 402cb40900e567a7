"""No two texts of a frame contradict each other.

The rule: all texts follow from one diagnosis.

- "no problem found" and "ok" stand only where the run learns or has learned, and there alone: then
  no part has a problem, no sentence advises and nothing failed.
- A part of the network has a problem only if the run has it: the word is that of a finding, or what
  it needs (`NEEDS`). The sentence shown is that of the first finding, whose word the border has.
- Where the status bar says diverged the border says so, and the message says why; nowhere else.
- Where a bug is planted no text finds another cause, nor gives advice on the learning rate.
- Nothing advises a lower and a higher learning rate at once.
- A unit of the diagram is marked only where the run is not well.
- Losses are the same in the status bar and in the legend of the loss, and the best one is not above
  the one of this frame; once a step was taken the loss is drawn.
- The footer offers to train only where training can go on, and to pause only what trains; where
  the message says to reset, the footer offers that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rich.style import Style

from tests.core.diagnosis.population import healthy_runs, ill_runs
from toygrad.core import Snapshot
from toygrad.core.diagnosis.diagnosis import NO_VERDICT, OK, WELL, Diagnosis
from toygrad.core.diagnosis.step_report import step_report
from toygrad.core.training.sabotage import spoils_gradients
from toygrad.tui.gradients.layers import LayerInk, LayerPicture, layer_lines
from toygrad.tui.gradients.pane import FindingStrip, GradientsPane
from toygrad.tui.gradients.step import words_on_step
from toygrad.tui.gradients.view import GradientMemory
from toygrad.tui.learn.goals import has_no_verdict, has_verdict
from toygrad.tui.loss.pane import LossPane
from toygrad.tui.network.diagram_data import diagram_data
from toygrad.tui.options import CliArguments, make_config
from toygrad.tui.playground import message_of
from toygrad.tui.status.pane import STATES
from toygrad.tui.widgets.row_styles import RowStyles

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SEED = 5
STYLES = RowStyles(*(Style(color=f"color({number})") for number in range(7)))
NEEDS = {"exploding": {"rate too high", "diverged"}}
WELL_TEXT = "no problem found"
LOWER, RAISE = re.compile(r"Lower it|\[ |at its limit"), re.compile(r"Raise it")
LAYER_WORD = re.compile(r"(?:layer \d+|output) .* (\S+)\s*$")


def check(snapshot: Snapshot, memory: GradientMemory, diagnosis: Diagnosis) -> None:
    """Reads every text that is made of a frame, and holds it against the rule."""
    found = {finding.word for finding in diagnosis.findings}
    known = {diagnosis.condition, *found}
    is_well = diagnosis.condition in WELL
    assert (diagnosis.headline == WELL_TEXT) is is_well
    assert not (is_well and found)

    for word in {*layer_words(snapshot, memory, diagnosis), *parameter_words(snapshot, memory)}:
        if word == OK:
            assert is_well, (word, diagnosis.headline)
        elif word != NO_VERDICT:
            assert known & NEEDS.get(word, {word}), (word, diagnosis.headline)

    message = message_of(snapshot)
    assert STATES[snapshot.state]
    assert (snapshot.state == "diverged") is ("Loss" in message)
    assert (snapshot.state != "diverged") or diagnosis.headline == "diverged"
    if diagnosis.condition not in ("diverged", "failed", "too early to say") and not is_well:
        assert diagnosis.headline == diagnosis.findings[0].word

    report = step_report(snapshot)
    is_sabotaged = bool(snapshot.training.sabotage)
    is_spoiled = spoils_gradients(snapshot.training.sabotage)
    step = "" if report is None else words_on_step(report, is_spoiled=is_spoiled)
    first = diagnosis.findings[0].sentence if diagnosis.findings else ""
    said = f"{message} {step} {first}"
    assert not (LOWER.search(said) and RAISE.search(said)), said
    if is_well:
        assert not any(map(any, diagram_data(snapshot, None).notes))
    if is_sabotaged:
        assert found <= {"bug planted"}
        assert "earning rate" not in f"{message} {first}" and not LOWER.search(said), said


def layer_words(
    snapshot: Snapshot, memory: GradientMemory, diagnosis: Diagnosis
) -> tuple[str, ...]:
    """The verdicts of the layers view, as it draws them."""
    picture = LayerPicture(diagnosis.layers, diagnosis.layer_words, memory.layer_gradients)
    lines = layer_lines(picture, 90, LayerInk(STYLES, Style(), ascii=True))
    texts = ["".join(segment.text for segment in line) for line in lines[1 : len(snapshot.sizes)]]
    return tuple(match[1] for text in texts if (match := LAYER_WORD.match(text)))


def parameter_words(snapshot: Snapshot, memory: GradientMemory) -> set[str]:
    """The verdicts of the table, without what is frozen."""
    rows = memory.rows(snapshot)
    return {rows.verdict_names[code] for code in set(rows.verdicts.tolist())} - {"frozen"}


@pytest.mark.parametrize("kind", ["healthy", "ill"])
def test_all_texts_of_every_frame_follow_from_one_diagnosis(kind: str) -> None:
    runs = healthy_runs(SEED, 3) if kind == "healthy" else ill_runs(SEED, 12)
    for case, seen in runs:
        memory = GradientMemory()
        for snapshot in seen:
            diagnosis = memory.remember(snapshot)
            try:
                check(snapshot, memory, diagnosis)
            except AssertionError as error:
                raise AssertionError(f"{case} at step {snapshot.step}: {error}") from error
            words = {finding.word for finding in diagnosis.findings} or {"dead"}
            for word in words:
                goals = has_verdict(word).check(snapshot), has_no_verdict(word).check(snapshot)
                assert goals[0].is_met is not goals[1].is_met


SIZES = ((80, 24), (120, 40), (150, 46))
BEST = re.compile(r"best ([-+.e\d]+) at")
NUMBER = r" +([-+.e\d]+|inf|nan)(?![\d.%])"
LOSSES = {name: re.compile(rf"\b{name}{NUMBER}") for name in ("train", "test")}


async def test_no_two_texts_of_a_screen_contradict(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [*ill_runs(SEED, 12), *healthy_runs(SEED, 1)]
    async with start(SIZES[0]) as user:
        # What it trains itself is not shown.
        monkeypatch.setattr(user.app.trainer, "refresh", lambda: None)
        for size in SIZES:
            await user.resize(*size)
            for case, seen in runs:
                for snapshot in (seen[0], seen[-1]):
                    user.app.playground.show_snapshot(snapshot)
                    user.app.playground.query_one(LossPane)._draw()
                    await user.settle()
                    try:
                        check_screen(user, snapshot)
                    except AssertionError as error:
                        where = f"{case} at step {snapshot.step}, {size}"
                        raise AssertionError(f"{where}: {error}\n{user.text()}") from error


def check_screen(user: User, snapshot: Snapshot) -> None:
    """Reads the screen as it is, and holds its parts against each other."""
    playground, text = user.app.playground, user.text()
    strip, pane = playground.query_one(FindingStrip), playground.query_one(GradientsPane)
    is_seen = pane.region.area > 0
    border = str(pane.border_subtitle) if is_seen else ""
    if strip.display and is_seen:
        assert strip.finding is not None
        assert border.startswith(strip.finding.word)
        assert WELL_TEXT not in text
    has_message = playground.query_one("#message").display
    assert (snapshot.state == "diverged") is ("diverged" in user.text("#status"))
    assert not is_seen or (snapshot.state == "diverged") is border.startswith("diverged")
    assert not has_message or WELL_TEXT not in text
    footer = f" {user.text('Footer')} "
    is_over = snapshot.failure is not None and not snapshot.failure.can_resume
    assert (" Pause " in footer) is (snapshot.state == "training")
    assert (" Train " in footer) is (snapshot.state != "training" and not is_over), footer
    assert not is_over or (" Reset " in footer and not re.search(" (Step|Epoch) ", footer)), footer
    assert "watch the loss fall" not in text
    for name, pattern in LOSSES.items():
        for number in pattern.findall(text):
            loss = getattr(snapshot.evaluation, f"{name}_loss")
            assert float(number) == pytest.approx(loss, rel=1e-2, abs=1e-3, nan_ok=True)
    judge = snapshot.curves.best
    for number in BEST.findall(user.text("#loss")):
        assert judge is not None
        now = getattr(snapshot.evaluation, judge.curve)
        assert not float(number) > now * (1.0 + 1e-3)


async def test_the_screen_of_sick_runs_says_one_thing(start: Start) -> None:
    config = make_config(CliArguments(dataset="plane", activation="relu", learning_rate=10.0))
    async with start((120, 40), config) as user:
        await user.press("7", "v")
        await user.advance(2000)
        screen = user.text()
        assert "✖ diverged" in screen and "Loss" in user.text("#message")
        assert WELL_TEXT not in screen and "─ diverged ─" in screen
        assert not re.search(r"layer \d .* ok\b", screen)
        assert not re.search(r" (Train|Pause|Step|Epoch)\b", user.text("Footer"))
        await user.press("r")
        assert re.search(r" Train\b", user.text("Footer"))
        await user.press("space")
        assert re.search(r" Pause\b", user.text("Footer"))
        await user.press("space")

        user.app.action_switch_sabotage("wrong_sign")
        await user.press("r", "s", "s", "s", "s")
        screen = user.text()
        assert "bug: wrong sign" in screen and "bug planted" in user.text("#finding")
        assert user.app.playground.query_one(GradientsPane).border_subtitle == "bug planted"
        assert WELL_TEXT not in screen
        await user.advance(2000)
        assert "Wrong sign: remove it" in user.text("#message")
        assert "too large" not in user.text("#message")
