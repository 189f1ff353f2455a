from __future__ import annotations

import os
import time

import pytest

from ncp.process import Children, identity
from ncp.process.identity import StartClock, start_of

ENV = {"PATH": "/usr/bin:/bin"}
BOOT = "CLOCK_BOOTTIME"


def test_children_start_when_the_process_table_says_so() -> None:
    children = Children()
    started = [children.spawn(["sleep", "60"], ENV, None) for _ in range(20)]
    assert [child.start for child in started] == [start_of(child.pid) for child in started]
    for child in started:
        child.kill()
    while not all(child.over for child in started):
        children.wait(1)
    children.close()


def starts(clock: StartClock, ticks: list[int], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a clock says of children, each between two readings of the clock since boot."""
    readings = iter(ticks)
    monkeypatch.setattr(StartClock, "_tick", lambda _: next(readings))
    said = []
    for number in range(len(ticks) // 2):
        clock.starts()
        said.append(clock.started(number))
    return said


@pytest.mark.parametrize(
    ("told", "ticks", "said"),
    [
        (["7"], [7, 7, 8, 8], ["7", "8"]),  # it agreed once: trusted
        (["7", "9"], [7, 7, 8, 9], ["7", "9"]),  # between two ticks
        (["6", "9"], [6, 7, 9, 9], ["6", "9"]),  # not told apart until it is
        (["4"], [7, 7], ["4"]),  # another clock, as in a sandbox
        (["", "8"], [7, 7, 8, 8, 9, 9], ["", "8", "9"]),  # it had ended already
    ],
)
def test_a_start_is_computed_only_where_it_is_sure(
    monkeypatch: pytest.MonkeyPatch, told: list[str], ticks: list[int], said: list[str]
) -> None:
    table = iter(told)
    monkeypatch.setattr(identity, "start_of", lambda _: next(table))
    assert starts(StartClock(), ticks, monkeypatch) == said


def test_a_clock_that_once_disagreed_is_never_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "start_of", lambda _: "4")
    clock = StartClock()
    assert starts(clock, [7, 7], monkeypatch) == ["4"]
    clock.starts()
    assert clock.started(1) == "4"


@pytest.mark.skipif(not hasattr(time, BOOT), reason="only Linux has it")
def test_without_a_clock_since_boot_the_process_table_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(time, BOOT)
    clock = StartClock()
    clock.starts()
    assert clock.started(os.getpid()) == start_of(os.getpid())
