"""What a slot does while an execution of the task still runs, with real runners."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import (
    EVERY_MINUTE,
    FIRE,
    keep_clear_of_the_turn,
    once,
    recurring,
    rows,
    save,
    shell,
    this_minute,
    wait_for,
)
from ncp.ledger import record
from ncp.ledger.compiled import compiled_timing, set_meta
from ncp.process import me
from ncp.runner import claiming, firing, run_now, run_timing
from ncp.runner.group import Group

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterator
    from pathlib import Path

FIRST_IS_SLOW = "test -e first && exit 0; : > first; sleep {}"
"""Takes its time when it runs first, and none after that."""

FIRE_AND_LOOK = """
import sys
from ncp.runner import firing, handover
firing.LONGEST_NAP = handover.LOOK_SECONDS = 0.1  # slots here do not come when the clock says
sys.exit(firing.run_timing(sys.argv[1], "t"))
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


@pytest.fixture
def runner(home: Path) -> Iterator[Any]:
    """Start real runner processes of timing `t`; those still there at the end are killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([FIRE[0], "-c", FIRE_AND_LOOK, str(home)]))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def due(home: Path, overlap: str, script: str, **values: Any) -> Connection:
    """A task whose slot of this minute is due, and that of a minute ago still free."""
    keep_clear_of_the_turn()
    here = str(home)
    task = shell("x", script, cwd=here, overlap=overlap, grace=1, catchup=True, **values)
    return save(home, recurring(EVERY_MINUTE), task, since=this_minute() - 1)


def next_slot(book: Connection) -> None:
    """Let the present slot be due again, as if a minute had passed."""
    book.execute("UPDATE slots SET slot = slot - 1")
    book.execute("UPDATE executions SET slot = slot - 1")
    book.execute("UPDATE timings SET since = since - 1")


def second_firing(home: Path, book: Connection, runner: Any) -> tuple[Any, Any]:
    """Start a runner, and as soon as its task runs another one for the next slot, as cron does."""
    first = runner()
    wait_for((home / "first").exists)
    wait_for(lambda: book.execute("SELECT child_pid FROM executions").fetchone()[0])
    next_slot(book)
    second = runner()
    return first, second


EXPECTED = {
    "skip": ["success", "skipped"],
    "queue": ["success", "success"],
    "replace": ["interrupted", "success"],
    "allow": ["success", "success"],
}


@pytest.mark.parametrize(("overlap", "expected"), EXPECTED.items())
def test_a_second_runner_keeps_to_the_policy(
    home: Path, runner: Any, overlap: str, expected: list[str]
) -> None:
    book = due(home, overlap, FIRST_IS_SLOW.format(2))
    first, second = second_firing(home, book, runner)
    assert [second.wait(10), first.wait(10)] == [0, 0]
    old, new = rows(book, "x")[:2]
    assert [old["status"], new["status"]] == expected
    overlapped = str(new["startedAt"]) < str(old["endedAt"])
    assert overlapped is (overlap == "allow")
    if overlap == "replace":
        assert old["reason"] == "replaced by the run of the next slot"
        assert old["signal"] == 15
    assert ("still running since" in str(new["reason"])) is (overlap != "allow")


@pytest.mark.parametrize(("overlap", "expected"), EXPECTED.items())
def test_a_runner_that_serves_its_own_slots_keeps_to_the_policy(
    home: Path, monkeypatch: pytest.MonkeyPatch, overlap: str, expected: list[str]
) -> None:
    book = due(home, overlap, FIRST_IS_SLOW.format(1.5))
    turns: list[int] = []

    def pass_a_minute(group: Group, seconds: float) -> None:
        turn(group, min(seconds, 0.2))
        if not turns and (home / "first").exists():
            turns.append(1)
            next_slot(book)

    turn = Group.turn
    monkeypatch.setattr(Group, "turn", pass_a_minute)
    monkeypatch.setattr(firing, "_next_due", lambda *_: time.time() + 0.3)
    assert run_timing(str(home), "t") == 0
    assert [row["status"] for row in rows(book, "x")[:2]] == expected


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        ("skip", ["failure", "planned", "skipped"]),
        ("queue", ["failure", "planned", "planned"]),
        ("replace", ["failure", "skipped", "success"]),
        ("allow", ["failure", "planned", "success"]),
    ],
)
def test_a_slot_that_comes_while_a_retry_waits_keeps_to_the_policy(
    home: Path, runner: Any, overlap: str, expected: list[str]
) -> None:
    script = "test -e first && exit 0; : > first; exit 1"
    book = due(home, overlap, script, retries=(1, 60_000, 60_000, 100, 3))
    runner()
    wait_for(lambda: len(rows(book, "x")) == 2)
    next_slot(book)
    assert runner().wait(10) == 0
    wait_for(lambda: [row["status"] for row in rows(book, "x")] == expected)
    new = str(rows(book, "x")[2]["reason"])
    assert ("waiting to be tried again" in new) is (overlap != "allow")


def test_one_waits_and_further_slots_are_skipped(home: Path, runner: Any) -> None:
    book = due(home, "queue", FIRST_IS_SLOW.format(2))
    first, second = second_firing(home, book, runner)
    assert second.wait(10) == 0
    next_slot(book)
    assert runner().wait(10) == 0
    assert first.wait(10) == 0
    assert [row["status"] for row in rows(book, "x")[:3]] == ["success", "success", "skipped"]


def test_what_waits_for_a_killed_runner_runs_at_the_next_firing(home: Path, runner: Any) -> None:
    book = due(home, "queue", FIRST_IS_SLOW.format(60))
    first, second = second_firing(home, book, runner)
    assert second.wait(10) == 0
    first.kill()
    first.wait(10)
    assert run_timing(str(home), "t") == 0
    assert [row["status"] for row in rows(book, "x")[:2]] == ["interrupted", "success"]


def test_a_run_by_hand_makes_a_slot_wait_too(home: Path, runner: Any) -> None:
    book = due(home, "queue", FIRST_IS_SLOW.format(1))
    by_hand = subprocess.Popen(
        [FIRE[0], "-c", f"from ncp.runner import run_now; run_now({str(home)!r}, ['x'], None)"]
    )
    wait_for((home / "first").exists)
    assert runner().wait(10) == 0
    assert by_hand.wait(10) == 0
    hand, slot = rows(book, "x")[:2]
    assert (hand["slot"], hand["status"], slot["status"]) == (None, "success", "success")
    assert str(hand["endedAt"]) <= str(slot["startedAt"])


def test_what_was_planned_for_a_deleted_task_is_closed(home: Path) -> None:
    book = due(home, "queue", "exit 0")
    record.add(book, ("gone", "gone", "t"), this_minute(), me())
    assert run_now(str(home), ["x"], None) == 0
    (row,) = rows(book, "gone")
    assert (row["status"], row["reason"]) == ("interrupted", "its task was deleted")


def test_what_waits_its_turn_does_not_start_when_its_task_is_paused(
    home: Path, runner: Any
) -> None:
    book = due(home, "queue", FIRST_IS_SLOW.format(3))
    first, second = second_firing(home, book, runner)
    assert second.wait(10) == 0
    book.execute("UPDATE tasks SET status = 'paused'")
    set_meta(book, "document", "another one")
    assert first.wait(10) == 0
    ended = [(row["status"], row["reason"]) for row in rows(book, "x")[:2]]
    assert ended == [("success", None), ("skipped", "its task is paused")]


@pytest.mark.parametrize(
    ("change", "why"),
    [("UPDATE tasks SET status = 'paused'", "paused"), ("DELETE FROM tasks", "deleted")],
)
def test_what_waits_for_a_place_does_not_start_when_its_task_is_paused_or_deleted(
    home: Path, runner: Any, change: str, why: str
) -> None:
    slow, late = shell("x", ": > first; sleep 1", cwd=str(home)), shell("y", "true")
    book = save(home, once(), slow, late, concurrency="1")
    first = runner()
    wait_for((home / "first").exists)
    book.execute(change)
    set_meta(book, "document", "another one")
    assert first.wait(10) == 0
    assert rows(book, "y")[0]["reason"] == f"its task is {why}"


@pytest.mark.parametrize(
    ("script", "moment", "status"),
    [
        ("exit 1", lambda group: group._unrecorded.ended, "failure"),  # noqa: SLF001  nothing else tells
        ("trap '' TERM; sleep 9", lambda group: any(j.kill_at for j in _live(group)), "timeout"),
    ],
    ids=["ended", "in its grace"],
)
def test_what_is_replaced_while_it_ends_is_not_tried_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, script: str, moment: Any, status: str
) -> None:
    first = f"test -e first && exit 0; : > first; {script}"
    book = due(home, "replace", first, timeout=1, retries=(1, 0, 0, 100, 3))
    came: list[int] = []

    def pass_a_minute(group: Group, seconds: float) -> None:
        turn(group, seconds)
        if not came and moment(group):
            came.append(1)
            next_slot(book)
            timing = compiled_timing(book, "t")
            assert timing is not None
            group.add(claiming.claim(book, timing, time.time(), me()))

    turn = Group.turn
    monkeypatch.setattr(Group, "turn", pass_a_minute)
    assert run_timing(str(home), "t") == 1
    old, new = rows(book, "x")[:2]
    assert [old["status"], new["status"], new["attempt"]] == [status, "success", 1]
    assert "not tried again, as the next slot came" in str(old["reason"])
    assert len({row["slot"] for row in rows(book, "x")}) == len(rows(book, "x"))


def _live(group: Group) -> list[Any]:
    return list(group._running)  # noqa: SLF001  same
