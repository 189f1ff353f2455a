from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp import planning
from ncp.errors import SchedulerError
from ncp.model import Changes, Entry

WANTED = Entry("a.timer", "text")


def entry(key: str, text: str = "text", *, loaded: bool = True, ours: bool = True) -> Entry:
    return Entry(key, text, loaded=loaded, ours=ours)


@pytest.mark.parametrize(
    ("wanted", "found", "changes"),
    [
        ([], [], Changes()),
        ([WANTED], [], Changes(add=(WANTED,))),
        ([WANTED], [WANTED], Changes(keep=(WANTED,))),
        ([WANTED], [entry("a.timer", "edited by hand")], Changes(change=(WANTED,))),
        ([WANTED], [entry("a.timer", loaded=False)], Changes(change=(WANTED,))),
        ([], [WANTED], Changes(remove=(WANTED,))),
        ([], [entry("a.timer", loaded=False)], Changes(remove=(entry("a.timer", loaded=False),))),
        ([], [entry("a.timer", ours=False)], Changes()),
        (
            [WANTED, entry("b"), entry("c")],
            [entry("d"), entry("c", "old"), entry("b")],
            Changes((WANTED,), (entry("c"),), (entry("d"),), (entry("b"),)),
        ),
    ],
)
def test_a_plan_adds_changes_removes_and_keeps(
    wanted: list[Entry], found: list[Entry], changes: Changes
) -> None:
    assert planning.plan(wanted, found) == changes


def test_what_others_wrote_at_a_wanted_key_stops_everything() -> None:
    with pytest.raises(SchedulerError, match="did not write") as caught:
        planning.plan([entry("b"), WANTED], [entry("b"), replace(WANTED, ours=False)])
    assert caught.value.where == "a.timer"
    assert "ncp schedule sync" in caught.value.next_step


ENTRIES = st.builds(entry, st.sampled_from("abcdef"), st.sampled_from("xy"), loaded=st.booleans())


@given(st.lists(ENTRIES, unique_by=lambda e: e.key), st.lists(ENTRIES, unique_by=lambda e: e.key))
def test_a_plan_carried_out_leaves_exactly_what_is_wanted(
    wanted: list[Entry], found: list[Entry]
) -> None:
    changes = planning.plan(wanted, found)
    after = {e.key: e.text for e in found}
    for gone in changes.remove:
        del after[gone.key]
    after |= {e.key: e.text for e in (*changes.add, *changes.change)}
    assert after == {e.key: e.text for e in wanted}
    settled = [replace(e, loaded=True) for e in wanted]
    assert planning.plan(wanted, settled).empty


@given(st.lists(ENTRIES, unique_by=lambda e: e.key))
def test_every_wanted_entry_is_in_one_part_of_the_plan(wanted: list[Entry]) -> None:
    found = [replace(e, text="x") for e in wanted[::2]]
    changes = planning.plan(wanted, found)
    parts = [*changes.add, *changes.change, *changes.keep]
    assert sorted(e.key for e in parts) == sorted(e.key for e in wanted)
    assert changes.empty == (not (changes.add or changes.change or changes.remove))
