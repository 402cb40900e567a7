"""Every private part of Textual that the patches use still exists, or is named here."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

TUI = Path(__file__).parents[3] / "tui"
PATCHES = "textual_patches"
PRIVATE_IMPORT = re.compile(r"^\s*(?:from|import)\s+(textual(?:\.\w+)*\._\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """Something private, or something that a patch replaces, of a library.

    Attributes:
        module: Where it is.
        name: `Class`, `Class.method` or `Class.attribute`.
        user: The file that uses or replaces it, below tui/.
        parameters: What a function is called with; None for what is no function.
    """

    module: str
    name: str
    user: str
    parameters: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def complaint(self) -> str:
        """What a new version of the library changed; empty if nothing."""
        library = self.module.partition(".")[0]
        what = f"{library} {version(library)} no longer has {self.name}"
        use = f"in {self.module}, which tui/{self.user} uses or replaces"
        owner, _, member = self.name.partition(".")
        try:
            found = getattr(import_module(self.module), owner)
            if member and not hasattr(found, member):
                # An attribute that `__init__` sets.
                if not re.search(rf"\bself\.{member}\b[^=\n]*=", source_of(found)):
                    return f"{what} {use}."
                return ""
            found = getattr(found, member) if member else found
        except (ImportError, AttributeError):
            return f"{what} {use}."
        if self.parameters is None:
            return ""
        parameters = tuple(inspect.signature(found).parameters)
        if parameters != self.parameters:
            return f"{what}{self.parameters} but {parameters} {use}."
        return ""


@cache
def source_of(kind: type) -> str:
    """The source of a class and of those that it inherits from, except the builtin ones."""
    bases = (base for base in kind.__mro__ if base.__module__.startswith("textual"))
    return "\n".join(map(inspect.getsource, bases))


COMPOSITOR, DRIVER = f"{PATCHES}/dirty_region_compositor.py", f"{PATCHES}/driver.py"
APP, OUTPUT = f"{PATCHES}/app.py", f"{PATCHES}/output.py"
WEB_DRIVER, SERVED = f"{PATCHES}/web_driver.py", f"{PATCHES}/served_process.py"
SERVED_PARTS = (
    "_open_app_process",
    "_build_environment",
    "_process",
    "_stdin",
    "_task",
    "_download_manager",
)
UPDATE = f"{PATCHES}/terminal_update.py"
STYLESHEET, STRIPS = f"{PATCHES}/stylesheet.py", f"{PATCHES}/strips.py"
STYLESHEET_FLAGS = (
    *("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even"),
)
STRIP_CACHES = (
    *("_divide_cache", "_crop_cache", "_style_cache", "_filter_cache", "_line_length_cache"),
    *("_crop_extend_cache", "_offsets_cache"),
)
SELECTOR = ("name", "combinator", "type", "pseudo_classes", "specificity", "advance")
WRAPPING = (
    *("self", "width", "align", "overflow", "no_wrap", "line_pad", "tab_size", "selection"),
    *("selection_style", "post_style", "get_style"),
)
PARTS = [
    Part("textual.screen", "Screen._compositor", COMPOSITOR),
    Part("textual.screen", "Screen._compositor_refresh", COMPOSITOR, ("self",)),
    Part("textual.screen", "Screen._on_timer_update", COMPOSITOR, ("self",)),
    Part("textual.screen", "Screen._screen_resized", COMPOSITOR, ("self", "size")),
    Part("textual.screen", "Screen._size", COMPOSITOR),
    Part("textual.screen", "Screen._dirty_widgets", COMPOSITOR),
    Part("textual.screen", "Screen._callbacks", COMPOSITOR),
    Part("textual.screen", "Screen._layout_required", COMPOSITOR),
    Part("textual.screen", "Screen._scroll_required", COMPOSITOR),
    Part("textual.screen", "Screen._repaint_required", COMPOSITOR),
    Part("textual.app", "App._batch_count", COMPOSITOR),
    Part("textual._compositor", "ChopsUpdate", COMPOSITOR),
    Part("textual._compositor", "Compositor", COMPOSITOR, ()),
    Part("textual._compositor", "Compositor.render_partial_update", COMPOSITOR, ("self",)),
    Part("textual._compositor", "Compositor.reflow", COMPOSITOR, ("self", "parent", "size")),
    Part("textual._compositor", "Compositor._full_map", COMPOSITOR),
    Part("textual._compositor", "ReflowResult", COMPOSITOR, ("hidden", "shown", "resized")),
    Part("textual._compositor", "Compositor.visible_widgets", COMPOSITOR),
    Part("textual._compositor", "Compositor.cuts", COMPOSITOR),
    Part("textual._compositor", "Compositor._dirty_regions", COMPOSITOR),
    Part("textual._compositor", "ChopsUpdate", APP, ("chops", "spans", "chop_ends")),
    Part("textual._compositor", "LayoutUpdate", APP, ("strips", "region")),
    Part("textual._compositor", "ChopsUpdate.chops", UPDATE),
    Part("textual._compositor", "ChopsUpdate.spans", UPDATE),
    Part("textual._compositor", "ChopsUpdate.chop_ends", UPDATE),
    Part("textual._compositor", "LayoutUpdate.strips", UPDATE),
    Part("textual._compositor", "LayoutUpdate.region", UPDATE),
    Part("textual._compositor", "CompositorUpdate.render_segments", UPDATE, ("self", "console")),
    Part("textual.strip", "Strip.render_ansi", f"{PATCHES}/pens.py", ("style", "color_system")),
    Part("textual.app", "App._display", APP, ("self", "screen", "renderable")),
    Part("textual._xterm_parser", "XTermParser", DRIVER, ("debug",)),
    Part("textual._xterm_parser", "XTermParser.feed", DRIVER, ("self", "data")),
    Part("textual._xterm_parser", "XTermParser.tick", DRIVER, ("self",)),
    Part("textual.drivers.linux_driver", "LinuxDriver.run_input_thread", DRIVER, ("self",)),
    Part("textual.drivers.linux_driver", "LinuxDriver.disable_input", DRIVER, ("self",)),
    Part("textual.drivers.linux_driver", "LinuxDriver.close", DRIVER, ("self",)),
    Part(
        "textual.drivers.linux_driver", "LinuxDriver.process_message", DRIVER, ("self", "message")
    ),
    Part("textual.drivers.linux_driver", "LinuxDriver.fileno", DRIVER),
    Part("textual.drivers.linux_driver", "LinuxDriver.exit_event", DRIVER),
    Part("textual.drivers.linux_driver", "LinuxDriver._key_thread", DRIVER),
    Part("textual.drivers.linux_driver", "LinuxDriver._debug", DRIVER),
    Part("textual.drivers.linux_driver", "LinuxDriver._file", DRIVER),
    Part("textual.drivers.linux_driver", "LinuxDriver.attrs_before", DRIVER),
    Part("textual.drivers.linux_driver", "LinuxDriver.start_application_mode", DRIVER, ("self",)),
    Part("textual.drivers.linux_driver", "LinuxDriver.stop_application_mode", DRIVER, ("self",)),
    Part("textual.drivers.linux_driver", "LinuxDriver.write", DRIVER, ("self", "data")),
    Part("textual.drivers.linux_driver", "LinuxDriver._run_input_thread", DRIVER, ("self",)),
    Part("textual.drivers.linux_driver", "LinuxDriver._sigtstp_application", DRIVER, ("self", "_")),
    Part("textual.drivers.linux_driver", "LinuxDriver._sigcont_application", DRIVER, ("self", "_")),
    Part("textual.drivers.linux_driver", "LinuxDriver._get_terminal_size", APP, ("self",)),
    Part("textual.drivers._writer_thread", "WriterThread", OUTPUT, ("file",)),
    Part("textual.drivers._writer_thread", "WriterThread.run", OUTPUT, ("self",)),
    Part("textual.driver", "Driver.send_message", APP, ("self", "message")),
    Part("textual.app", "App._exit", APP),
    Part("textual.app", "App._handle_exception", APP, ("self", "error")),
    Part("textual.app", "App._handle_exception", DRIVER, ("self", "error")),
    Part("textual.app", "App._driver", APP),
    Part("textual.app", "App._notifications", APP),
    Part("textual.app", "App._unnotify", APP, ("self", "notification", "refresh")),
    Part("textual.app", "App.get_driver_class", APP, ("self",)),
    Part("textual.app", "App.update_styles", APP, ("self", "node", "animate")),
    Part("textual.app", "App._registry", APP),
    Part("textual.drivers.web_driver", "WebDriver._write", WEB_DRIVER),
    Part("textual.drivers.web_driver", "WebDriver.fileno", WEB_DRIVER),
    Part("textual.drivers.web_driver", "WebDriver.exit_event", WEB_DRIVER),
    Part("textual.drivers.web_driver", "WebDriver.run_input_thread", WEB_DRIVER, ("self",)),
    Part("textual.drivers.web_driver", "WebDriver.start_application_mode", WEB_DRIVER, ("self",)),
    *(Part("textual_serve.app_service", f"AppService.{name}", SERVED) for name in SERVED_PARTS),
    Part("textual.widget", "Widget._border_title", f"{PATCHES}/widgets.py"),
    Part("textual.widget", "Widget._border_subtitle", f"{PATCHES}/widgets.py"),
    Part(
        "textual.widgets",
        "OptionList._move_page",
        f"{PATCHES}/faults.py",
        ("self", "direction"),
    ),
    Part(
        "textual.content",
        "Content._wrap_and_format",
        f"{PATCHES}/faults.py",
        WRAPPING,
    ),
    Part("textual.screen", "Screen.dismiss", f"{PATCHES}/faults.py", ("self", "result")),
    Part("textual.widgets", "OptionList._lines", f"{PATCHES}/faults.py"),
    Part("textual.css.model", "RuleSet.__hash__", f"{PATCHES}/faults.py", ("self",)),
    Part(
        "textual.css.stylesheet",
        "Stylesheet.set_variables",
        f"{PATCHES}/faults.py",
        ("self", "variables"),
    ),
    Part("textual.css.stylesheet", "Stylesheet._variables", f"{PATCHES}/faults.py"),
    Part("textual.app", "App.stylesheet", APP),
    Part(
        "textual.css.stylesheet",
        "Stylesheet.update_nodes",
        STYLESHEET,
        ("self", "nodes", "animate"),
    ),
    Part(
        "textual.css.stylesheet",
        "Stylesheet.apply",
        STYLESHEET,
        ("self", "node", "animate", "cache"),
    ),
    Part(
        "textual.css.stylesheet",
        "Stylesheet.replace_rules",
        STYLESHEET,
        ("node", "rules", "animate"),
    ),
    Part(
        "textual.css.stylesheet",
        "Stylesheet._process_component_classes",
        STYLESHEET,
        ("self", "node"),
    ),
    Part("textual.css.styles", "Styles._rules", STYLESHEET),
    Part("textual.css.model", "CombinatorType.SAME", STYLESHEET),
    Part("textual.css.model", "SelectorSet", STYLESHEET, ("selectors", "specificity")),
    Part("textual.css.model", "Selector", STYLESHEET, SELECTOR),
    Part("textual.dom", "DOMNode._selector_names", STYLESHEET),
    Part("textual.dom", "DOMNode._get_component_classes", STYLESHEET, ()),
    Part("textual.dom", "DOMNode._component_styles", STYLESHEET),
    Part("textual.dom", "DOMNode._PSEUDO_CLASSES", STYLESHEET),
    Part("textual.dom", "DOMNode._classes", STYLESHEET),
    *(Part("textual.dom", f"DOMNode.{name}", STYLESHEET) for name in STYLESHEET_FLAGS),
    Part("textual.strip", "Strip.__init__", STRIPS, ("self", "segments", "cell_length")),
    *(Part("textual.strip", f"Strip.{name}", STRIPS) for name in STRIP_CACHES),
    Part("textual.cache", "FIFOCache", STRIPS, ("maxsize",)),
    Part("textual.widget", "Widget.get_line_filters", f"{PATCHES}/widgets.py", ("self",)),
    Part("textual.filter", "ANSIToTruecolor", f"{PATCHES}/widgets.py"),
    Part("textual.scrollbar", "ScrollBarRender.VERTICAL_BARS", f"{PATCHES}/scroll_bar.py"),
    Part("textual.scrollbar", "ScrollBarRender.HORIZONTAL_BARS", f"{PATCHES}/scroll_bar.py"),
    Part("textual.scrollbar", "ScrollBar.renderer", "app.py"),
]


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_the_private_part_is_as_the_patch_expects_it(part: Part) -> None:
    assert not part.complaint, part.complaint
    assert (TUI / part.user).is_file()


def test_a_missing_or_changed_part_is_reported_in_words() -> None:
    gone = Part("textual._compositor", "Compositor.render_all", "a.py").complaint
    assert "no longer has Compositor.render_all in textual._compositor, which tui/a.py" in gone
    assert "no longer has Nothing" in Part("textual.screen", "Nothing", "a.py").complaint
    assert "no longer has Parser in" in Part("textual._gone", "Parser", "a.py").complaint
    changed = Part("textual.app", "App._handle_exception", "a.py", ("self",)).complaint
    assert "('self',) but ('self', 'error')" in changed


def test_private_modules_are_imported_only_where_they_are_listed() -> None:
    listed = {(part.user, part.module) for part in PARTS}
    for path in TUI.rglob("*.py"):
        name = path.relative_to(TUI).as_posix()
        for module in PRIVATE_IMPORT.findall(path.read_text(encoding="utf-8")):
            assert (name, module) in listed, f"tui/{name} imports the private {module}"
