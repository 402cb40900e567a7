"""What the journal says of moments and of what undo leads to, against slower ways of asking."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core.run.edits import Configure, Reseed, Reset, UseEngine
from toygrad.core.run.journal import MAX_UNDO, Entry, Expected, Journal, Kind, Moment

END = 4


def named(name: object) -> Any:
    """Stands for a set-up."""
    return name


@st.composite
def journals(draw: st.DrawFn) -> Journal:
    ticks = sorted(draw(st.lists(st.integers(0, END), max_size=8)))
    journal = Journal(named("start"))
    for number, tick in enumerate(ticks):
        edit: Any = draw(st.sampled_from([Configure(), Reset(), Reseed(1)]))
        journal = journal.with_entry(Entry(tick, edit, Kind.EDIT, named(number)))
    return journal


def moments(journal: Journal) -> list[Moment]:
    """Every moment of a document, in order."""
    found = []
    for tick in range(END + 1):
        if any(isinstance(e.edit, Reset | Reseed) for e in journal.entries if e.tick == tick > 0):
            found.append(Moment(tick, before_restart=True))
        found.append(Moment(tick))
    return found


@given(journals())
def test_going_forward_and_back_visits_every_moment(journal: Journal) -> None:
    every = moments(journal)
    for moment, following in zip(every, [*every[1:], None], strict=True):
        place = journal.n_until(moment.tick, before_restart=moment.before_restart)
        assert journal.moment(moment.tick, place) == moment
        assert journal.moment_after(moment.tick, place, END) == following
        if following is not None:
            place = journal.n_until(following.tick, before_restart=following.before_restart)
            assert journal.moment_before(following.tick, place) == moment
    assert journal.moment_before(0, journal.n_until(0)) is None


@given(journals())
def test_edits_count_at_their_tick_and_a_restart_can_be_left_out(journal: Journal) -> None:
    for tick in range(END + 1):
        n = journal.n_until(tick)
        assert [entry.tick <= tick for entry in journal.entries] == [
            number < n for number in range(len(journal.entries))
        ]
        before = journal.entries[: journal.n_until(tick, before_restart=True)]
        assert not [
            e for e in before if tick and e.tick == tick and not isinstance(e.edit, Configure)
        ]
    names = [entry.setup for entry in journal.entries]
    for n in range(len(names) + 1):
        assert journal.until(n).entries == journal.entries[:n]
        assert journal.until(n).setup == ["start", *names][n]
        later = [
            k for k, e in enumerate(journal.entries) if k >= n and not isinstance(e.edit, Configure)
        ]
        assert journal.next_restart(n) == (later[0] if later else None)


@given(st.lists(st.sampled_from([*Kind, None]), max_size=30))
def test_undo_and_redo_lead_where_two_stacks_lead(kinds: list[Kind | None]) -> None:
    journal, setup = Journal(named("start")), "start"
    undo: list[str] = []
    redo: list[str] = []
    for number, kind in enumerate(kinds):
        if kind is Kind.UNDO and undo:
            redo.append(setup)
            setup = undo.pop()
        elif kind is Kind.REDO and redo:
            undo.append(setup)
            setup = redo.pop()
        elif kind is Kind.EDIT:
            undo.append(setup)
            redo.clear()
            setup = f"edit {number}"
        elif kind is not None:
            continue
        # None stands for what is no edit of the user's, such as the choice of an engine.
        edit: Any = Configure() if kind is not None else UseEngine("tape")
        journal = journal.with_entry(Entry(0, edit, kind or Kind.EDIT, named(setup)))
        expected: tuple[Any, ...] = journal.expected(number + 1)
        assert expected == (setup, tuple(undo), tuple(redo))


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.REDO])
def test_as_many_edits_can_be_undone_as_memory_is_kept_for(kind: Kind) -> None:
    expected = Expected(named(0), redo=(named("again"),) * (MAX_UNDO + 5))
    for number in range(1, MAX_UNDO + 4):
        expected = expected.after(kind, named(number), Configure())
    last: tuple[Any, ...] = expected
    assert last[:2] == (MAX_UNDO + 3, tuple(range(3, MAX_UNDO + 3)))
