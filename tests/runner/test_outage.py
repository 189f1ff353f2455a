"""After an outage, what was missed is said with times: in the record and in the daily log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import HOURLY, NOON, recurring, rows, save, task
from ncp.daylog import Daylog
from ncp.process import me
from ncp.runner.claiming import claim

if TYPE_CHECKING:
    from pathlib import Path

    from ncp.ledger.compiled import CompiledTask


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def wake(home: Path, late: int, *tasks: CompiledTask, since: int = NOON) -> str:
    """Let an hourly timing wake so many minutes after noon for the first time; return the log."""
    timing = recurring(HOURLY, since=since - 1)
    book, log = save(home, timing, *tasks), Daylog(str(home))
    claim(book, timing, (NOON + late) * 60.0, me(), log)
    log.flush()
    book.close()
    return "".join(path.read_text() for path in (home / "logs").glob("*.log"))


def of(minute: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(minute * 60))


def shown(minute: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(minute * 60))


Expected = tuple[int, tuple[int, int], str]
CASES: list[tuple[int, dict[str, Any], Expected]] = [
    (180, {}, (3, (NOON, NOON + 120), "missed 3 slots, {} to {}\n")),
    (60, {}, (1, (NOON, NOON), "missed 1 slot, {}\n")),
    (210, {"catchup": True}, (3, (NOON, NOON + 120), "missed 3 slots, {} to {}\n")),
    (
        *(210, {"catchup": False}),
        (
            4,
            (NOON, NOON + 180),
            "missed 4 slots, {} to {} and is skipped now (woken 30 min late)\n",
        ),
    ),
    (
        *(180, {"active_since": (NOON + 60) * 60}),
        (2, (NOON + 60, NOON + 120), "missed 2 slots, {} to {}\n"),
    ),
]


@pytest.mark.parametrize(("late", "options", "expected"), CASES)
def test_missed_slots_are_recorded_and_logged_with_times(
    tmp_path: Path, late: int, options: dict[str, Any], expected: Expected
) -> None:
    count, span, words = expected
    log = wake(tmp_path, late, task("a", **options))
    times = sorted({shown(slot) for slot in span})
    assert f"INFO: Task 'a' {words.format(*times)}" in log
    book = save(tmp_path, recurring(HOURLY, since=NOON - 1), task("a", **options))
    (row,) = rows(book, "a")
    assert row["missed"] == count
    assert (row["missedFrom"], row["missedTo"]) == (of(span[0]), of(span[1]))


def test_where_nothing_was_missed_nothing_is_said(tmp_path: Path) -> None:
    assert wake(tmp_path, 0, task("a")) == ""
    book = save(tmp_path, recurring(HOURLY, since=NOON - 1), task("a"))
    (row,) = rows(book, "a")
    assert (row["missed"], row["missedFrom"], row["missedTo"]) == (0, None, None)
