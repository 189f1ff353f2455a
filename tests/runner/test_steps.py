"""Pipelines inside one task, with real processes."""

from __future__ import annotations

import signal
import subprocess
import time
from sqlite3 import connect
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from ledgers import (
    FIRE,
    day_log,
    install_launcher,
    is_running,
    keep_clear_of_the_turn,
    once,
    printed_by,
    recurring,
    rows,
    save,
    task,
    this_minute,
    wait_for,
)
from ncp.ledger import history, retention
from ncp.ledger.orphans import close_dead
from ncp.ledger.steps import Step, encoded
from ncp.process import alive
from ncp.runner import run_now, run_timing
from ncp.runner.job import Job
from ncp.runner.pipeline import Pipeline

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path
    from typing import Any

    from ncp.ledger.compiled import CompiledTask


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def step(name: str, script: str, timeout: float = 0) -> Step:
    return Step(name, timeout, ("sh", "-c", script))


def piped(*steps: Step, name: str = "x", **values: Any) -> CompiledTask:
    made = task(name, steps=encoded(steps), **values)
    made.argv = ()
    return made


def ran(book: Connection, number: int = 0) -> list[tuple[object, object]]:
    """The names and statuses of the steps of the x-th execution."""
    return [(one["name"], one["status"]) for one in records(book, number)]


def records(book: Connection, number: int = 0) -> list[dict[str, Any]]:
    found: Any = history.steps(book, str(rows(book, "x")[number]["executionId"]))["steps"]
    return list(found)


def test_steps_run_in_their_order_each_with_a_record(home: Path) -> None:
    first, second = step("dump", "echo one; echo $NCP_STEP"), step("step 2", "echo two >&2")
    book = save(home, once(), piped(first, second))
    assert run_timing(str(home), "t") == 0
    (row,) = rows(book, "x")
    assert (row["status"], row["reason"], row["exitCode"]) == ("success", None, 0)
    assert ran(book) == [("dump", "success"), ("step 2", "success")]
    assert printed_by(row) == "[ncp] step 1 'dump'\none\ndump\n[ncp] step 2\ntwo\n"
    one, two = records(book)
    assert one["startedAt"] <= one["endedAt"] <= two["startedAt"] <= two["endedAt"]
    assert one["maxRssBytes"] > 0
    assert row["cpuSeconds"] == pytest.approx(one["cpuSeconds"] + two["cpuSeconds"])
    assert row["maxRssBytes"] == max(one["maxRssBytes"], two["maxRssBytes"])
    assert "[x] STDOUT: one" in day_log(home)


def test_steps_that_print_nothing_leave_no_file(home: Path) -> None:
    book = save(home, once(), piped(step("a", "true"), step("b", "true")))
    run_timing(str(home), "t")
    assert rows(book, "x")[0]["outputPath"] is None


@pytest.mark.parametrize(
    ("script", "reason", "code", "number"),
    [
        ("exit 3", "step 2 'upload' ended with exit code 3", 3, None),
        ("kill -9 $$", "step 2 'upload' ended by signal 9", None, 9),
    ],
)
def test_the_first_step_that_fails_ends_them_all(
    home: Path, script: str, reason: str, code: int | None, number: int | None
) -> None:
    steps = step("dump", "true"), step("upload", script), step("tell", "touch told")
    book = save(home, once(), piped(*steps, cwd=str(home)))
    assert run_timing(str(home), "t") == 1
    (row,) = rows(book, "x")
    assert (row["status"], row["reason"]) == ("failure", reason)
    assert (row["exitCode"], row["signal"]) == (code, number)
    assert ran(book) == [("dump", "success"), ("upload", "failure")]
    assert not (home / "told").exists()
    assert reason in day_log(home)


def test_a_step_that_cannot_be_started_says_which_and_why(home: Path) -> None:
    missing = Step("up", 0, ("no-such",))
    book = save(home, once(), piped(step("a", "true"), missing))
    assert run_timing(str(home), "t") == 1
    (row,) = rows(book, "x")
    assert row["exitCode"] == 127
    assert str(row["reason"]).startswith("step 2 'up': The program no-such is in no folder")
    assert ran(book) == [("a", "success"), ("up", "failure")]
    assert "no-such" in records(book)[1]["reason"]


def test_a_step_has_a_deadline_of_its_own(home: Path) -> None:
    book = save(home, once(), piped(step("a", "true"), step("slow", "sleep 9", 0.3)))
    begun = time.monotonic()
    assert run_timing(str(home), "t") == 1
    assert time.monotonic() - begun < 3
    (row,) = rows(book, "x")
    assert (row["status"], row["reason"]) == ("timeout", "step 2 'slow' ran longer than 0.3 s")
    assert ran(book) == [("a", "success"), ("slow", "timeout")]


def test_the_deadline_of_the_task_covers_all_steps(home: Path) -> None:
    steps = [step(f"s{number}", "sleep 0.3", 5) for number in range(9)]
    book = save(home, once(), piped(*steps, timeout=0.75))
    assert run_timing(str(home), "t") == 1
    (row,) = rows(book, "x")
    assert (row["status"], row["reason"]) == ("timeout", "ran longer than 0.75 s, in step 3 's2'")
    assert ran(book) == [("s0", "success"), ("s1", "success"), ("s2", "timeout")]


def test_what_a_step_leaves_running_is_ended_before_the_next_one(home: Path) -> None:
    hidden = (
        "setsid sh -c 'trap \"\" TERM; echo $$ > pid; sleep 60' & while ! test -s pid; do :; done"
    )
    look = "kill -0 $(cat pid) 2>&- && exit 1; exit 0"
    book = save(home, once(), piped(step("a", hidden), step("b", look), cwd=str(home)))
    subprocess.run([*FIRE, str(home), "t"], check=True)  # threads would hold a sweep up
    assert ran(book) == [("a", "success"), ("b", "success")]


def test_what_a_later_step_starts_in_the_background_lives_as_long_as_the_step(home: Path) -> None:
    hidden = "(setsid sh -c 'sleep 0.8; : > done' &) ; sleep 1.2; test -e done"
    steps = step("a", "true"), step("b", hidden)
    swept = task("y", "sleep", "0.4")  # whose end has the runner look for strays
    book = save(home, once(), piped(*steps, cwd=str(home)), swept)
    assert run_timing(str(home), "t") == 0, rows(book, "x")


def test_a_retry_begins_with_the_first_step(home: Path) -> None:
    steps = step("a", "echo $NCP_ATTEMPT >> tries"), step("b", "test -e b && exit 0; : > b; exit 1")
    retrying = piped(*steps, cwd=str(home), retries=(1, 0, 0, 100, 3))
    book = save(home, once(), retrying)
    assert run_timing(str(home), "t") == 0
    assert (home / "tries").read_text().split() == ["1", "2"]
    assert ran(book, 0) == [("a", "success"), ("b", "failure")]
    assert ran(book, 1) == [("a", "success"), ("b", "success")]


def test_only_the_first_step_reads_the_tasks_text(home: Path) -> None:
    book = save(home, once(), piped(step("a", "cat"), step("b", "cat; echo end"), stdin=b"text\n"))
    run_timing(str(home), "t")
    expected = "[ncp] step 1 'a'\ntext\n[ncp] step 2 'b'\nend\n"
    assert printed_by(rows(book, "x")[0]) == expected


def test_steps_hold_one_place_and_others_run_beside_them(home: Path) -> None:
    steps = [step(f"s{number}", "sleep 0.2") for number in range(3)]
    book = save(home, once(), piped(*steps), task("y", "sleep", "0.2"), concurrency="1")
    run_timing(str(home), "t")
    (x,), (y,) = rows(book, "x"), rows(book, "y")
    assert str(x["endedAt"]) <= str(y["startedAt"])


def test_a_run_by_hand_goes_through_all_steps(home: Path) -> None:
    book = save(home, once(), piped(step("a", "true"), step("b", "exit 4")))
    assert run_now(str(home), ["x"], None) == 1
    assert ran(book) == [("a", "success"), ("b", "failure")]


def test_a_stop_ends_the_step_that_runs_and_starts_no_other(home: Path) -> None:
    book = save(home, once(), piped(step("a", "sleep 60"), step("b", ": > b"), cwd=str(home)))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "x") and ran(book) == [("a", "running")])
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 130
    (row,) = rows(book, "x")
    assert (row["status"], row["reason"]) == ("interrupted", "ncp was stopped, in step 1 'a'")
    assert ran(book) == [("a", "interrupted")]
    assert not (home / "b").exists()


def test_the_next_slot_replaces_a_task_between_its_steps_too(home: Path) -> None:
    keep_clear_of_the_turn(30)
    short = [step(f"s{number}", "sleep 0.05") for number in range(40)]
    steps = [*short, step("last", f"until [ -e '{home}/go' ]; do sleep 0.05; done")]
    book = save(home, recurring(since=this_minute() - 1), piped(*steps, overlap="replace"))
    first = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "x") and len(ran(book)) > 1)
    book.execute("DELETE FROM slots")
    book.execute("UPDATE executions SET slot = slot - 5")
    second = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: len(rows(book, "x")) > 1 and rows(book, "x")[0]["status"] != "running", 30)
    (home / "go").touch()
    assert (first.wait(20), second.wait(20)) == (0, 0)
    old, new = rows(book, "x")
    assert (old["status"], new["status"]) == ("interrupted", "success")
    assert str(old["reason"]).startswith("replaced by the run of the next slot, in step ")
    assert len(ran(book, 1)) == 41


@pytest.mark.parametrize(("name", "live"), [("two", True), ("one", False)])
def test_a_job_whose_step_has_ended_can_be_stopped_where_others_are_to_come(
    name: str, *, live: bool
) -> None:
    steps = [step("a", "true"), step("b", "true")][: 2 if name == "two" else 1]
    job = Job("e", piped(*steps), 0)
    Pipeline(job, connect(":memory:"), lambda _: None)
    job.child = Mock(gone_at=1.0)
    assert job.live is live
    job.stop("interrupted", "why")
    job.child.terminate.assert_not_called()  # its number may be another's
    assert not job.live


def test_a_dead_runners_step_is_closed_with_its_execution(home: Path) -> None:
    book = save(home, once(), piped(step("a", "true"), step("b", "sleep 60"), step("c", "true")))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "x") and len(ran(book)) == 2)
    (pid,) = book.execute("SELECT child_pid FROM executions").fetchone()
    process.kill()
    process.wait()
    run_timing(str(home), "t")
    assert ran(book) == [("a", "success"), ("b", "interrupted")]
    assert rows(book, "x")[0]["status"] == "interrupted"
    assert not is_running(pid)


def test_whoever_closes_an_execution_closes_its_step(home: Path) -> None:
    book = save(home, once(), piped(step("b", "sleep 60")))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "x") and ran(book) == [("b", "running")])
    process.kill()
    process.wait()
    assert close_dead(book, alive) == 1
    assert ran(book) == [("b", "interrupted")]
    run_timing(str(home), "t")  # ends what is left


def test_steps_go_with_their_execution(home: Path) -> None:
    book = save(home, once(), piped(step("a", "true")))
    for _ in range(3):
        run_now(str(home), ["x"], None)
    retention.forget(book, retention.surplus(book, "x", 1))
    assert len(rows(book, "x")) == 1
    assert book.execute("SELECT count(*) FROM steps").fetchone() == (1,)


def test_steps_with_secrets_run_in_processes_of_their_own(home: Path) -> None:
    (home / "key").write_text("hunter2\n")
    (home / "key").chmod(0o600)
    install_launcher(home)
    seen = (
        step("a", f"test $KEY = hunter2 && : > {home}/ok"),
        step("b", "echo $NCP_STEP $NCP_ATTEMPT"),
    )
    own = {"KEY": f"file:{home}/key"}
    book = save(home, once(), piped(*seen, own=own, direct=False))
    assert run_timing(str(home), "t") == 0, day_log(home)
    assert (home / "ok").exists()
    assert "b 1\n" in printed_by(rows(book, "x")[0])


def test_a_step_without_its_secret_says_so_in_both_records(home: Path) -> None:
    install_launcher(home)
    own = {"KEY": f"file:{home}/none"}
    book = save(home, once(), piped(step("a", "true"), own=own, direct=False))
    assert run_timing(str(home), "t") == 1
    reason = str(rows(book, "x")[0]["reason"])
    assert reason.startswith("step 1 'a' ended with exit code 126: KEY cannot be read")
    assert str(records(book)[0]["reason"]).startswith("KEY cannot be read")


def test_steps_go_on_while_the_ledger_is_locked_and_are_recorded_afterwards(home: Path) -> None:
    hold = step("a", "while ! test -e locked; do sleep 0.02; done")
    steps = hold, step("b", "true"), step("c", ": > all")
    book = save(home, once(), piped(*steps, cwd=str(home)))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "x") and ran(book) == [("a", "running")])
    book.execute("BEGIN IMMEDIATE")
    (home / "locked").touch()
    wait_for((home / "all").exists)
    book.execute("ROLLBACK")
    assert process.wait(10) == 0
    assert ran(book) == [("a", "success"), ("b", "success"), ("c", "success")]
    assert rows(book, "x")[0]["status"] == "success"
