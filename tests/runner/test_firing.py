from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import (
    EVERY_MINUTE,
    FIRE,
    calls,
    day_log,
    fake_ncp,
    once,
    recurring,
    rows,
    save,
    shell,
    statuses,
    task,
    this_minute,
    wait_for,
)
from ncp.ledger import history
from ncp.ledger.compiled import get_meta
from ncp.runner import firing, run_timing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Clock:
    """A clock that tests set; its seconds pass as real ones do, so many times as fast."""

    def __init__(self, start: float, speed: float = 1) -> None:
        self.start, self.speed, self.begun = start, speed, time.monotonic()

    def time(self) -> float:
        return self.start + (time.monotonic() - self.begun) * self.speed

    def time_ns(self) -> int:
        return int(self.time() * 1e9)

    @staticmethod
    def sleep(seconds: float) -> None:
        time.sleep(seconds)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


@pytest.fixture
def runner(home: Path) -> Iterator[Any]:
    """Start real runner processes of timing `t`; those still there at the end are killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([*FIRE, str(home), "t"]))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def test_two_runners_at_once_make_one_execution(home: Path, runner: Any) -> None:
    book = save(home, once(), shell("x", "sleep 0.3"))
    assert [one.wait(10) for one in [runner(), runner(), runner()]] == [0, 0, 0]
    assert len(history.executions(book)) == 1


def test_an_unknown_timing_is_said_so(home: Path) -> None:
    save(home, once(), task("x"))
    assert run_timing(str(home), "nowhere") == 3
    assert "ERROR: There is no timing nowhere" in day_log(home)


def test_a_crash_of_the_runner_is_one_line_in_the_log(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(home, once(), task("x"))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr(firing, "claim", broken)
    assert run_timing(str(home), "t") == 1
    (line,) = day_log(home).splitlines()
    assert "ERROR: ncp itself failed: ZeroDivisionError: odd (" in line
    assert "in broken" in line


def test_a_ledger_that_is_not_as_it_should_be_is_one_line_in_the_log(home: Path) -> None:
    book = save(home, once(), task("x"))
    book.execute("DROP TABLE slots")
    assert run_timing(str(home), "t") == 1
    (line,) = day_log(home).splitlines()
    assert f'{home}/state.db: The ledger cannot be read: its table "slots" is missing.' in line


def test_a_failing_runner_leaves_no_task_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(home, once(), shell("x", "echo $$ > pid; sleep 60", cwd=str(home)))

    def fail(*_: object) -> float:
        wait_for((home / "pid").exists)
        raise OSError("disk on fire")

    monkeypatch.setattr("ncp.runner.running.Running._look_after", fail)
    monkeypatch.setattr(firing, "LONGEST_NAP", 0.1)
    assert run_timing(str(home), "t") == 1
    assert "disk on fire" in day_log(home)
    _, status = os.waitpid(int((home / "pid").read_text()), 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    with pytest.raises(ChildProcessError):  # noqa: PT012  what the task started was adopted: reap all
        while True:
            os.waitpid(-1, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_runner_that_is_stopped_stops_its_tasks(
    home: Path, runner: Any, number: signal.Signals
) -> None:
    stubborn = 'trap "" TERM; : > started; while :; do sleep 0.05; done'
    book = save(
        home,
        once(),
        shell("polite", ": > polite; exec sleep 60", cwd=str(home)),
        shell("stubborn", stubborn, grace=0.3, cwd=str(home)),
        task("waiting"),
        concurrency="2",
    )
    process = runner()
    wait_for(lambda: (home / "started").exists() and (home / "polite").exists())
    process.send_signal(number)
    assert process.wait(5) == 130
    assert set(statuses(book).values()) == {"interrupted"}
    assert rows(book, "stubborn")[0]["signal"] == 9
    assert rows(book, "polite")[0]["signal"] == 15
    assert rows(book, "waiting")[0]["reason"] == "ncp was stopped before it started"


def test_a_task_may_stop_its_own_runner(home: Path) -> None:
    script = "kill -TERM $PPID; exec sleep 60"
    book = save(home, once(), shell("x", script), task("y"), concurrency="1")
    assert run_timing(str(home), "t") == 130
    assert statuses(book) == {"x": "interrupted", "y": "interrupted"}


def test_after_a_killed_runner_the_next_firing_starts_what_was_planned(
    home: Path, runner: Any
) -> None:
    book = save(
        home,
        once(),
        shell("first", ": > started; sleep 60", cwd=str(home)),
        shell("second", "exit 0"),
        concurrency="1",
    )
    process = runner()
    wait_for((home / "started").exists)
    wait_for(lambda: book.execute("SELECT child_pid FROM executions").fetchone()[0])
    child = book.execute("SELECT child_pid FROM executions").fetchone()[0]
    process.kill()
    process.wait()
    assert statuses(book) == {"first": "running", "second": "planned"}
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == {"first": "interrupted", "second": "success"}
    wait_for(lambda: not os.path.exists(f"/proc/{child}"))  # noqa: PTH110  the kernel's folder


def test_while_a_task_runs_its_siblings_run_at_each_slot(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = this_minute() + 10
    clock = Clock(start * 60 + 59.0, speed=100)
    monkeypatch.setattr(firing, "time", clock)
    monkeypatch.setattr("ncp.ledger.record.time.time_ns", clock.time_ns)
    book = save(
        home,
        recurring(EVERY_MINUTE),
        shell("slow", "sleep 1.5", timeout=0),
        shell("quick", "exit 0"),
        since=start - 1,
    )
    monkeypatch.setattr(firing, "LONGEST_NAP", 0.05)  # real seconds, between looks at the clock
    assert run_timing(str(home), "t") == 0
    slow, quick = rows(book, "slow"), rows(book, "quick")
    assert [row["status"] for row in slow[:3]] == ["success", "skipped", "skipped"]
    assert str(slow[1]["reason"]).startswith("still running since 20")
    assert [row["status"] for row in quick[:3]] == ["success"] * 3
    assert len({row["slot"] for row in quick}) == len(quick)


def test_an_early_wake_waits_for_its_slot(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slot = this_minute() + 10
    clock = Clock(slot * 60 - 0.4)
    monkeypatch.setattr(firing, "time", clock)
    book = save(home, once(slot), task("x"))
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == {"x": "success"}
    assert clock.time() >= slot * 60


def test_a_wake_that_is_too_early_does_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slot = this_minute() + 10
    monkeypatch.setattr(firing, "time", Clock(slot * 60 - 3))
    book = save(home, once(slot), task("x"))
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == {}
    assert history.wakes(book)["t"]["outcome"] == "nothing due"


def test_finished_tasks_are_put_away(home: Path) -> None:
    fake_ncp(home, "exit 0")
    save(home, once(), task("x"))
    assert run_timing(str(home), "t") == 0
    assert calls(home) == ["_settle"]


def test_a_failure_to_put_away_is_logged(home: Path) -> None:
    fake_ncp(home, "echo the bus is gone; exit 4")
    save(home, once(), task("x"))
    assert run_timing(str(home), "t") == 0
    assert "could not be put away: the bus is gone" in day_log(home)


def test_a_group_that_goes_on_is_not_settled(home: Path) -> None:
    fake_ncp(home, "exit 0")
    save(home, recurring(since=this_minute() - 1), task("x"), since=this_minute() - 1)
    assert run_timing(str(home), "t") == 0
    assert calls(home) == []


def test_a_changed_document_is_compiled_before_the_firing(home: Path) -> None:
    book = save(home, once(), task("x"))
    (home / "schedule.json").write_text("{}")
    fake_ncp(home, "exit 0")
    run_timing(str(home), "t")
    assert calls(home)[0] == "_refresh"
    assert statuses(book) == {"x": "success"}


def test_a_document_that_does_not_parse_fires_the_last_good_copy_and_is_tried_once(
    home: Path,
) -> None:
    book = save(home, recurring(since=this_minute() - 1), task("x"), since=this_minute() - 1)
    (home / "schedule.json").write_text("{")
    fake_ncp(home, "echo 'schedule.json: line 1'; exit 2")
    for _ in range(2):
        run_timing(str(home), "t")
    assert statuses(book) == {"x": "success"}
    assert calls(home) == ["_refresh"]
    assert "ERROR: schedule.json or the time zone has changed" in day_log(home)
    assert "schedule.json: line 1" in day_log(home)
    (home / "schedule.json").write_text("{ ")
    run_timing(str(home), "t")
    assert calls(home) == ["_refresh"] * 2


def test_a_home_that_is_private_again_is_compiled_again(home: Path) -> None:
    save(home, once(), task("x"))
    (home / "schedule.json").write_text("{}")
    fake_ncp(home, "exit 2")
    run_timing(str(home), "t")
    (home / "schedule.json").chmod(0o640)
    run_timing(str(home), "t")
    home.chmod(0o710)
    run_timing(str(home), "t")
    assert calls(home).count("_refresh") == 3


def test_a_busy_home_is_tried_again(home: Path) -> None:
    book = save(home, once(), task("x"))
    (home / "schedule.json").write_text("{}")
    fake_ncp(home, "exit 5")
    run_timing(str(home), "t")
    assert get_meta(book, "rejected") is None


def test_a_home_without_a_ledger_says_so(home: Path) -> None:
    assert run_timing(str(home / "nowhere"), "t") == 1
    assert not (home / "nowhere" / "state.db").exists()


@pytest.mark.parametrize(
    ("said", "line"), [("['--days', '30']", " with args ['--days', '30']"), ("", "")]
)
def test_the_daily_log_says_what_a_program_is_given(home: Path, said: str, line: str) -> None:
    save(home, once(), task("x", "echo", "--days", "30", said=said))
    run_timing(str(home), "t")
    (found,) = [one for one in day_log(home).splitlines() if "Executing" in one]
    assert found.partition("Executing 'x'")[2] == line
