"""How a terminal draws: its colours and attributes, and the shortest way to change them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

# What ends an attribute; two attributes end together. The others end with all else.
_ENDS: Final = {
    **dict.fromkeys("12", "22"),
    **dict.fromkeys("56", "25"),
    **{number: f"2{number}" for number in "34789"},
}
# The attributes that no one sees on a blank.
_INVISIBLE: Final = frozenset("123")
_MOST_PENS: Final = 10_000
_MOST_CHANGES: Final = 1 << 14


@dataclass(frozen=True, eq=False)
class Pen:
    """What a character is drawn with. Two that draw alike are one, except after very many.

    Attributes:
        attributes: The parameters of "select graphic rendition" for bold and the like.
        front: Likewise for the colour of the character; empty for the terminal's own.
        back: Likewise for the colour behind it.
        link: What begins a hyperlink; empty for none.
    """

    attributes: frozenset[str] = frozenset()
    front: str = ""
    back: str = ""
    link: str = ""

    @property
    def shows_on_blanks(self) -> bool:
        """Whether more of it can be seen on a blank than the colour behind."""
        return bool(self.link or self.attributes - _INVISIBLE)


NO_PEN: Final = Pen()
"""What the terminal begins with."""


class Pens(dict[Style | None, tuple[Pen, Pen]]):
    """The pen for a style, and the one for blanks in it.

    Args:
        system: The colours that the terminal has.
    """

    def __init__(self, system: ColorSystem) -> None:
        super().__init__()
        self._system = system
        self._pens: dict[tuple[str, str], Pen] = {}

    def __missing__(self, style: Style | None) -> tuple[Pen, Pen]:
        if style is None:
            return NO_PEN, NO_PEN
        if len(self) > _MOST_PENS:
            self.clear()
            self._pens.clear()
        link = f"\x1b]8;id={style.link_id};{style.link}\x1b\\" if style.link else ""
        pen = self._pen(Strip.render_ansi(style, self._system), link)
        blank = pen if pen.shows_on_blanks else self._pen(pen.back, "")
        self[style] = pen, blank
        return pen, blank

    def _pen(self, parameters: str, link: str) -> Pen:
        if not parameters and not link:
            return NO_PEN
        pen = self._pens.get((parameters, link))
        if pen is None:
            pen = self._pens[parameters, link] = Pen(*_sorted(parameters), link)
        return pen


def _sorted(parameters: str) -> tuple[frozenset[str], str, str]:
    """The attributes among the parameters, and the two colours."""
    attributes, colors, rest = [], {"3": "", "4": ""}, parameters.split(";") if parameters else []
    while rest:
        first = rest[0]
        length = 1
        if first in ("38", "48"):
            length = 5 if rest[1] == "2" else 3
        if len(first) == 1 or first in ("21", "51", "52", "53"):
            attributes.append(first)
        else:
            # 30 to 39 and 90 to 97 are in front, 40 to 49 and 100 to 107 behind.
            is_front = first[0] in "39"
            color = "" if first in ("39", "49") else ";".join(rest[:length])
            colors["3" if is_front else "4"] = color
        del rest[:length]
    return frozenset(attributes), colors["3"], colors["4"]


@lru_cache(maxsize=_MOST_CHANGES)
def change_of_pen(before: Pen, after: Pen) -> str:
    """The shortest text after which a terminal draws with another pen."""
    if before is after:
        return ""
    link = "" if before.link == after.link else after.link or "\x1b]8;;\x1b\\"
    ended = before.attributes - after.attributes
    colors = [
        new or default
        for old, new, default in (
            (before.front, after.front, "39"),
            (before.back, after.back, "49"),
        )
        if old != new
    ]
    if before.attributes == after.attributes and not colors:
        return link
    fresh = [*sorted(after.attributes), after.front, after.back]
    # No parameter is a zero: all ends.
    choices = [";".join(["", *filter(None, fresh)])]
    if ended <= _ENDS.keys():
        ends = {_ENDS[attribute] for attribute in ended}
        kept = {a for a in before.attributes if _ENDS.get(a) not in ends}
        choices.append(";".join([*sorted(ends), *sorted(after.attributes - kept), *colors]))
    return f"{link}\x1b[{min(choices, key=len)}m"
