"""Slots outside a task's active hours, and starts that come too late for them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import HOURLY, NOON, once, recurring, rows, save, shell, task, wait_for
from ncp.ledger.compiled import CompiledTiming
from ncp.process import me
from ncp.runner import claiming, run_now, run_timing
from ncp.runner.claiming import claim

if TYPE_CHECKING:
    from pathlib import Path

UNTIL_ONE = (0, 13 * 60, 0b1111111)
"""NOON is a Wednesday."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def started(home: Path, hours: tuple[int, ...], *minutes: int, offset: int = 0) -> list[int]:
    """The hours of NOON's day and later at which a firing on time starts the task."""
    masks: Any = (HOURLY,)
    offsets = ((0, offset),)
    timing = CompiledTiming(id="t", identity="x", rules=masks, offsets=offsets, since=NOON - 1)
    book = save(home, timing, task("a", active_hours=hours))
    return [
        12 + minute // 60
        for minute in minutes
        for job in claim(book, timing, (NOON + minute) * 60.0, me())
        if job.slot
    ]


def test_a_task_starts_in_its_hours_only(home: Path) -> None:
    assert started(home, UNTIL_ONE, 0) == [12]


def test_the_hours_are_those_of_the_timings_zone(home: Path) -> None:
    assert started(home, UNTIL_ONE, 0, offset=60) == []


def test_slots_outside_in_a_row_are_one_skipped_execution(home: Path) -> None:
    timing = recurring(HOURLY)
    book = save(home, timing, task("a", active_hours=(780, 840, 0b1111111), overlap="allow"))
    for minute in (0, 60, 120, 180, 300):
        claim(book, timing, (NOON + minute) * 60.0, me())
    before, ran, after = rows(book, "a")
    assert (before["status"], before["missed"]) == ("skipped", 0)
    assert before["reason"] == "outside its active hours (13:00-14:00)"
    assert ran["status"] == "planned"
    assert (after["status"], after["missed"]) == ("skipped", 3)
    assert after["slot"] == "2025-02-19T17:00:00Z"


def test_slots_outside_are_one_execution_however_its_reason_is_worded(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timing = recurring(HOURLY)
    book = save(home, timing, task("a", active_hours=(780, 840, 0b1111111)))
    claim(book, timing, NOON * 60.0, me())
    monkeypatch.setattr(claiming, "_outside", lambda _: "hors des heures actives")
    claim(book, timing, (NOON - 60 + 1440) * 60.0, me())
    assert [row["missed"] for row in rows(book, "a")] == [23]


def test_slots_outside_of_other_hours_are_another_execution(home: Path) -> None:
    timing = recurring(HOURLY)
    for minute, hours in ((0, (780, 840, 127)), (180, (780, 900, 127))):
        book = save(home, timing, task("a", active_hours=hours))
        claim(book, timing, (NOON + minute) * 60.0, me())
    said = [row["reason"] for row in rows(book, "a")]
    assert said == [
        f"outside its active hours ({hours})" for hours in ("13:00-14:00", "13:00-15:00")
    ]


@pytest.mark.parametrize(("slot", "now"), [("outside", "inside"), ("inside", "outside")])
def test_a_late_wake_runs_what_was_and_is_inside(home: Path, slot: str, now: str) -> None:
    hours = (750, 800, 127) if slot == "outside" else (700, 730, 127)
    timing = recurring(HOURLY)
    book = save(home, timing, task("a", active_hours=hours, catchup=True))
    assert claim(book, timing, (NOON + 40) * 60.0, me()) == [], now
    assert rows(book, "a")[0]["status"] == "skipped"


def test_a_retry_that_comes_after_the_hours_is_skipped(home: Path) -> None:
    now = int(time.time() // 60) % 1440
    hours = ((now - 60) % 1440, (now + 60) % 1440, 127)
    one = shell("x", "exit 1", active_hours=hours, retries=(1, 500, 500, 100, 3))
    book = save(home, once(), one)
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(run_timing(str(home), "t")))
    thread.start()
    wait_for(lambda: len(rows(book, "x")) == 2)
    book.execute("UPDATE tasks SET active_hours = ?", (f"{(now + 60) % 1440},{now},127",))
    thread.join(10)
    assert codes == [1]
    assert [row["status"] for row in rows(book, "x")] == ["failure", "skipped"]
    assert rows(book, "x")[1]["reason"] == "its active hours were over"


def test_a_run_by_hand_takes_no_notice_of_the_hours(home: Path) -> None:
    minute = int(time.time() // 60) % 1440
    later = ((minute + 120) % 1440, (minute + 180) % 1440, 127)
    book = save(home, once(), task("a", active_hours=later))
    assert run_now(str(home), ["a"], None) == 0
    assert rows(book, "a")[0]["status"] == "success"
