"""A file can change every key; what is wrong with it is said, and the default keys are kept."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding
from textual.widgets import Input

import toygrad.tui
from tests.hostile_files import HOSTILE
from toygrad.datasets.reach import confine
from toygrad.tui.command_line.keys import print_keys
from toygrad.tui.footer import Footer
from toygrad.tui.gradients.pane import HINTS
from toygrad.tui.key_map import MOST_BYTES, KeyMap, all_bindings, key_map_path, load_key_map, scopes
from toygrad.tui.key_words import keys_in, with_keys
from toygrad.tui.keys import (
    default_keys,
    key_of,
    key_text,
    use_keys,
    written_keys,
)
from toygrad.tui.playground import ADVICE

if TYPE_CHECKING:
    from tests.tui.conftest import Start

# On one or more of the German, French, Spanish, Nordic and Swiss keyboards.
NEEDS_ALTGR_OR_IS_DEAD = {key_of(character) for character in "[]{}=\\|@#~^`"}
# What moves the focus and leaves it is shared on purpose: the innermost widget comes first.
SHARED = {"escape", "tab", "up", "down", "left", "right", "h", "j", "k", "l"}
BY_ID = {str(binding.id): binding for binding in all_bindings()}


@pytest.fixture(autouse=True)
def default_keys_afterwards() -> Iterator[None]:
    yield
    use_keys({})


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], KeyMap]:
    """Reads a key map file with some content."""

    def load(content: str | bytes) -> KeyMap:
        path = tmp_path / "keys.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_key_map(path)

    return load


# --- The default keys --------------------------------------------------------------------------


def test_every_key_that_needs_altgr_has_a_second_one_that_does_not() -> None:
    for binding in all_bindings():
        assert set(default_keys(binding)) - NEEDS_ALTGR_OR_IS_DEAD, binding


def test_no_key_of_a_widget_hides_one_of_what_it_is_in() -> None:
    for scope in scopes():
        for binding in scope.bindings:
            for other in (*scope.bindings, *scope.around):
                if other.id != binding.id:
                    common = set(default_keys(binding)).intersection(default_keys(other))
                    assert common <= SHARED, (binding.id, other.id, common)


def test_names_can_be_written_in_toml_without_quotes() -> None:
    assert len(BY_ID) == len(list(all_bindings())) > 200
    for name in BY_ID:
        assert name.count(".") == 1
        assert name.replace(".", "").replace("-", "").isalnum()


# --- The file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("+", "plus"),
        (" ", "space"),
        ("shift+j", "J"),
        ("Full_stop", "full_stop"),
        ("ctrl+plus", "ctrl+plus"),
        ("esc", "escape"),
        ("pgup", "pageup"),
        ("€", "euro_sign"),
        ("solidus", "slash"),
        ("alt+ü", "alt+ü"),
    ],
)
def test_a_key_is_written_as_printed_or_by_name(
    written: Callable[[str], KeyMap], typed: str, key: str
) -> None:
    found = written(f'confirm.on = "{typed}"')
    if key != "escape":
        assert found.keys == {"confirm.on": (key,)}
    else:
        assert "escape would be the key of both" in found.faults[0]


def test_a_valid_file_gives_keys_in_textuals_words(written: Callable[[str], KeyMap]) -> None:
    found = written('rate.lower = "ü"\nrate.higher = ["|", "shift+j", "f5"]\ntrain.toggle = ","\n')
    assert found.faults == (
        "keys.toml: , would be the key of both train.toggle and pace.slower. "
        "Give one of them another key.",
    )
    found = written(
        'rate.lower = "ü"\nrate.higher = ["|", "shift+j", "f5"]\n'
        'train.toggle = ","\n[pace]\nslower = " "\n'
    )
    assert found.faults == ()
    assert found.keys == {
        "rate.lower": ("ü",),
        "rate.higher": ("vertical_line", "J", "f5"),
        "train.toggle": ("comma",),
        "pace.slower": ("space",),
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('rate.lower = "K', "line 1 is not valid TOML."),
        ('rate.lower = "K"\nrate.lower = "J"', "line 2 is not valid TOML."),
        (b'# caf\xe9\nrate.lower = "K"', "line 1 is not UTF-8."),
        ('rate.lowr = "K"', "rate.lowr is not the name of a key binding. Did you mean rate.lower?"),
        ('nonsense = "K"', "toygrad-tui keys lists all names."),
        ('rate.lower = "ctl+k"', 'rate.lower: "ctl+k" is not a key.'),
        ('rate.lower = ""', 'rate.lower: "" is not a key.'),
        ("rate.lower = 3", "rate.lower needs a key in quotes"),
        ("rate.lower = []", "rate.lower needs a key in quotes"),
        ("rate = [{lower = 'k'}]", "rate needs a key in quotes"),
        ('rate.lower = "s"', "s would be the key of both rate.lower and train.step."),
        ('network.freeze = "s"', "s would be the key of both network.freeze and train.step."),
        ('train.step = "x"', "x would be the key of both train.step and network.cut."),
        ('train.step = "ctrl+p"', "ctrl+p would be the key of both train.step and app.palette."),
        ('rate.lower = "K"\nrate.higher = "K"', "K would be the key of both rate.lower and rate."),
        ("a=" + "[" * 5000, "line 1 is not valid TOML."),
        ("# " + "x" * MOST_BYTES, "the file is larger than 0.1 MB. Choose a smaller one."),
    ],
)
def test_a_fault_is_said_in_a_sentence_and_changes_nothing(
    written: Callable[[str | bytes], KeyMap], content: str | bytes, said: str
) -> None:
    found = written(content)
    assert any(said in fault for fault in found.faults), found.faults
    for fault in found.faults:
        assert fault.startswith("keys.toml: ")
        assert fault.endswith((".", "?"))
        assert len(fault) < 200
    assert found.keys == {}


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_content_whatever_stops_the_start(content: bytes) -> None:
    path = key_map_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    try:
        found = load_key_map()
        assert found.path == path
        assert not (found.keys and found.faults)
    finally:
        path.unlink()


def test_no_file_means_the_default_keys_and_no_fault(tmp_path: Path) -> None:
    found = load_key_map(tmp_path / "nowhere" / "keys.toml")
    assert (found.keys, found.faults, found.exists) == ({}, (), False)


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_file_or_cannot_be_read_is_said(kind: str, tmp_path: Path) -> None:
    make, said = HOSTILE[kind]
    found = load_key_map(make(tmp_path))
    assert found.keys == {}
    if "does not exist" in said:
        assert not found.exists
    else:
        assert said in found.faults[0]


def test_the_file_lies_in_the_configuration_folder_or_in_that_of_a_visitor(tmp_path: Path) -> None:
    assert key_map_path().parent.parent == Path(os.environ["XDG_CONFIG_HOME"])
    confine(tmp_path)
    try:
        assert load_key_map() == KeyMap(path=key_map_path())
        assert key_map_path().parent == tmp_path.resolve()
    finally:
        confine(None)


# --- The keys in force -------------------------------------------------------------------------


def marked() -> Iterator[tuple[str, str]]:
    """Every key that a sentence in the source names, and the id of its binding."""
    for path in Path(toygrad.tui.__path__[0]).rglob("*.py"):
        if path.name in ("key_words.py", "train.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from keys_in(node.value)


def test_sentences_name_the_default_key_of_a_binding_that_exists() -> None:
    found = list(marked())
    assert len(found) > 80
    for key, id in found:
        assert key in map(key_text, default_keys(BY_ID[id])), (key, id)


def test_sentences_show_the_keys_in_force() -> None:
    assert with_keys(ADVICE) == "Press r to reset, [ to lower it."
    use_keys({"rate.lower": ("underscore",), "train.reset": ("ctrl+r", "f2")})
    assert with_keys(ADVICE) == "Press ctrl+r to reset, _ to lower it."
    assert with_keys(HINTS["Lower it"]) == "_"
    assert with_keys("({{rate.finer-lower})") == "({)"


@given(st.text())
def test_a_sentence_without_keys_stays_as_it_is(text: str) -> None:
    if not list(keys_in(text)):
        assert with_keys(text) == text


def test_the_command_lists_every_key_and_says_where_the_file_is(
    written: Callable[[str], KeyMap], capsys: pytest.CaptureFixture[str]
) -> None:
    key_map = written('rate.lower = "K"')
    print_keys(key_map, as_json=False)
    text = capsys.readouterr().out
    assert text.startswith(f"Key map: {key_map.path} (1 changed)\n")
    assert "  rate.lower" in text
    assert "K [default: [ (]" in text
    assert "\nNetwork: layers editor\n" in text
    print_keys(key_map, as_json=True)
    listed = json.loads(capsys.readouterr().out)
    assert {row["id"] for row in listed["keys"]} == set(BY_ID)
    (lower,) = (row for row in listed["keys"] if row["id"] == "rate.lower")
    assert (lower["keys"], lower["where"]) == (["K"], "Playground")
    print_keys(written("rate.lower = 1"), as_json=False)
    assert "(not used: these are the default keys)" in capsys.readouterr().out


async def test_changed_keys_work_and_are_shown_everywhere(
    written: Callable[[str], KeyMap], start: Start
) -> None:
    key_map = written(
        'rate.higher = "K"\ntrain.reset = "J"\nlesson.close = "f9"\nsettings.change = "Z"\n'
        'help.open = ["f3", "f4"]\napp.quit-anywhere = "ctrl+x"\n'
    )
    assert key_map.faults == ()
    async with start((80, 24), key_map=key_map) as user:
        rate = user.app.session.training.learning_rate
        await user.press("right_square_bracket", "right_parenthesis")
        assert user.app.session.training.learning_rate == rate
        await user.press("K", "s", "J")
        assert user.app.session.training.learning_rate > rate
        assert user.app.session.step == 0
        for key in ("3", "Z"):
            await user.press(key)
        assert isinstance(user.app.focused, Input)
        assert "f3 Help" in user.text("Footer")
        assert "^x Quit" in user.text("Footer")
        # Still its key, though it was shared with what has another one now.
        await user.press("escape")
        assert not isinstance(user.app.focused, Input)
        assert "Z Change" in user.text("Footer")
        await user.press("f3")
        assert "J " in user.text("#help")
        assert user.app.screen.query_one(Footer)


async def test_a_fault_is_a_notification_and_the_application_starts(
    written: Callable[[str], KeyMap], start: Start
) -> None:
    async with start((80, 24), key_map=written('rate.lowr = "K"\nloss.lave = "J"')) as user:
        assert user.said == [
            "keys.toml: rate.lowr is not the name of a key binding. Did you mean rate.lower? "
            "1 more: run toygrad-tui keys."
        ]
        await user.press("left_square_bracket")
        assert user.app.session.training.learning_rate < 0.03


def test_bindings_are_found_without_an_application() -> None:
    assert all(isinstance(binding, Binding) for binding in all_bindings())
    assert written_keys(BY_ID["rate.lower"]) == "[ ("
