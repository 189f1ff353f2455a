"""Commands that hear how an execution ended, with real processes."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ledgers import (
    FIRE,
    day_log,
    install_launcher,
    is_running,
    once,
    rows,
    save,
    shell,
    task,
    wait_for,
)
from ncp.ledger import history
from ncp.ledger.orphans import close_dead
from ncp.ledger.steps import Step, encoded
from ncp.process import alive
from ncp.runner import hooks, run_now, run_timing

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path
    from typing import Any


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def hook(script: str, name: str = "onFailure", seconds: float = 60) -> bytes:
    return encoded([Step(name, seconds, ("sh", "-c", script))])


def ended(book: Connection, number: int = 0) -> dict[str, Any] | None:
    found: Any = history.steps(book, str(rows(book, "x")[number]["executionId"]))["hook"]
    return None if found is None else dict(found)


TELL = "env | grep ^NCP_ | sort > told"


@pytest.mark.parametrize(
    ("script", "status", "code"), [("exit 3", "failure", "3"), ("sleep 9", "timeout", "")]
)
def test_on_failure_hears_the_facts(home: Path, script: str, status: str, code: str) -> None:
    values = {"cwd": str(home), "timeout": 0.5, "on_success": hook(": > wrong")}
    book = save(home, once(), shell("x", f"echo out; {script}", on_failure=hook(TELL), **values))
    assert run_timing(str(home), "t") == 1
    (row,) = rows(book, "x")
    told = dict(line.split("=", 1) for line in (home / "told").read_text().splitlines())
    assert told.pop("NCP_SIGNAL") == ("" if row["signal"] is None else str(row["signal"]))
    seconds = float(told.pop("NCP_DURATION_SECONDS"))
    assert 1000 * seconds == pytest.approx(row["durationMs"])
    assert told == {
        "NCP_TASK_ID": "x",
        "NCP_TASK_NAME": "x",
        "NCP_TIMING_ID": "t",
        "NCP_EXECUTION_ID": row["executionId"],
        "NCP_SLOT": str(row["slot"]),
        "NCP_ATTEMPT": "1",
        "NCP_STATUS": status,
        "NCP_REASON": row["reason"] or "",
        "NCP_EXIT_CODE": code,
        "NCP_STARTED_AT": row["startedAt"],
        "NCP_ENDED_AT": row["endedAt"],
        "NCP_OUTPUT_FILE": row["outputPath"],
    }
    assert not (home / "wrong").exists()
    found = ended(book)
    assert found is not None
    assert (found["name"], found["status"], found["exitCode"]) == ("onFailure", "success", 0)


def test_on_success_runs_after_a_success_only(home: Path) -> None:
    values = {"cwd": str(home), "on_failure": hook(": > wrong")}
    fine = hook("echo $NCP_STATUS > fine", "onSuccess")
    book = save(home, once(), shell("x", "true", on_success=fine, **values))
    assert run_timing(str(home), "t") == 0
    assert (home / "fine").read_text() == "success\n"
    assert not (home / "wrong").exists()
    found = ended(book)
    assert found is not None
    assert found["name"] == "onSuccess"


def test_without_a_hook_for_it_nothing_runs(home: Path) -> None:
    book = save(home, once(), shell("x", "exit 1", on_success=hook("true", "onSuccess")))
    assert run_timing(str(home), "t") == 1
    assert ended(book) is None


def test_a_hook_waits_for_the_last_attempt(home: Path) -> None:
    script = hook("echo $NCP_ATTEMPT >> tries")
    values = {"cwd": str(home), "on_failure": script, "retries": (2, 0, 0, 100, 3)}
    book = save(home, once(), shell("x", "exit 1", **values))
    run_timing(str(home), "t")
    assert (home / "tries").read_text() == "3\n"
    assert [ended(book, number) is None for number in range(3)] == [True, True, False]


def test_a_retry_that_is_given_up_by_a_stop_makes_the_failure_final(home: Path) -> None:
    told = hook("echo $NCP_ATTEMPT $NCP_STATUS $NCP_REASON > told")
    values = {"cwd": str(home), "on_failure": told, "retries": (1, 60_000, 60_000, 100, 3)}
    book = save(home, once(), shell("x", "exit 1", **values))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: len(rows(book, "x")) == 2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 130
    assert (home / "told").read_text() == "2 interrupted ncp was stopped before it started\n"
    assert ended(book, 1) is not None


def test_a_retry_of_a_task_that_was_paused_makes_the_failure_final(home: Path) -> None:
    told = hook("echo $NCP_ATTEMPT $NCP_STATUS $NCP_REASON > told")
    values = {"cwd": str(home), "on_failure": told, "retries": (1, 500, 500, 100, 3)}
    book = save(home, once(), shell("x", "exit 1", **values))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: len(rows(book, "x")) == 2)
    book.execute("UPDATE tasks SET status = 'paused'")
    assert process.wait(5) == 1
    assert (home / "told").read_text() == "2 skipped its task is paused\n"


def test_what_never_began_tells_nobody(home: Path) -> None:
    told = hook(": > told")
    tasks = shell("x", "sleep 60"), shell("y", "true", cwd=str(home), on_failure=told)
    book = save(home, once(), *tasks, concurrency="1")
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "x") and rows(book, "x")[0]["status"] == "running")
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 130
    assert not (home / "told").exists()


def test_a_failing_hook_changes_nothing_and_is_told_of(home: Path) -> None:
    fine = hook("echo oh; echo no >&2; exit 5", "onSuccess")
    book = save(home, once(), task("x", "true", on_success=fine))
    assert run_timing(str(home), "t") == 0
    (row,) = rows(book, "x")
    assert (row["status"], row["exitCode"], row["reason"]) == ("success", 0, None)
    found = ended(book)
    assert found is not None
    assert (found["status"], found["exitCode"]) == ("failure", 5)
    log = day_log(home)
    assert "[x onSuccess] STDOUT: oh" in log
    assert "[x onSuccess] STDERR: no" in log
    assert re.search(
        r"ERROR: onSuccess of 'x' ended as failure after \d\.\ds \(exit code: 5\)", log
    )


def test_a_hook_that_cannot_start_says_why(home: Path) -> None:
    missing = encoded([Step("onFailure", 60, ("no-such",))])
    book = save(home, once(), shell("x", "exit 1", on_failure=missing))
    assert run_timing(str(home), "t") == 1
    found = ended(book)
    assert found is not None
    assert (found["status"], found["exitCode"]) == ("failure", 127)
    assert "no-such" in found["reason"]
    assert "no-such" in day_log(home)


def test_what_a_hook_prints_is_not_kept_for_ever(home: Path) -> None:
    loud = hook("yes 0123456789 | head -c 1000000")
    save(home, once(), shell("x", "exit 1", on_failure=loud))
    run_timing(str(home), "t")
    lines = [line for line in day_log(home).splitlines() if "onFailure] STDOUT" in line]
    assert hooks.MOST_PRINTED // 11 <= len(lines) <= hooks.MOST_PRINTED // 11 + 1


def test_a_hook_has_a_deadline_and_its_whole_tree_ends(home: Path) -> None:
    script = "trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$ > pid; sleep 60' & sleep 60"
    values = {"cwd": str(home), "grace": 0.2, "on_failure": hook(script, seconds=0.5)}
    book = save(home, once(), shell("x", "exit 1", **values))
    begun = time.monotonic()
    subprocess.run([*FIRE, str(home), "t"], check=False)
    assert time.monotonic() - begun < 4
    found = ended(book)
    assert found is not None
    assert (found["status"], found["reason"]) == ("timeout", "ran longer than 0.5 s")
    assert not is_running(int((home / "pid").read_text()))


def test_a_hook_holds_neither_the_record_nor_another_task_up(home: Path) -> None:
    slow = shell("x", "exit 1", on_failure=hook("sleep 1.5"))
    book = save(home, once(), slow, task("y", "true", priority=3), concurrency="1")
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "y") and rows(book, "y")[0]["status"] == "success", 5)
    found = ended(book)
    assert found is not None
    assert (rows(book, "x")[0]["status"], found["status"]) == ("failure", "running")
    assert process.wait(10) == 1
    found = ended(book)
    assert found is not None
    assert found["status"] == "success"


def test_a_run_by_hand_runs_them_too(home: Path) -> None:
    save(home, once(), shell("x", "exit 1", cwd=str(home), on_failure=hook(": > told")))
    assert run_now(str(home), ["x"], None) == 1
    assert (home / "told").exists()


def test_more_hooks_than_may_run_at_once_all_run(home: Path) -> None:
    words = {"cwd": str(home), "on_failure": hook("echo . >> all; sleep 0.05")}
    save(home, once(), *(shell(f"x{number}", "exit 1", **words) for number in range(20)))
    run_timing(str(home), "t")
    assert (home / "all").read_text() == 20 * ".\n"


def test_a_stopped_runner_still_tells_of_the_interruption_but_not_for_long(
    home: Path,
) -> None:
    script = "echo $NCP_STATUS $NCP_REASON > told; sleep 60"
    values = {"cwd": str(home), "on_failure": hook(script), "grace": 0.2}
    book = save(home, once(), shell("x", "sleep 60", **values))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: rows(book, "x") and rows(book, "x")[0]["status"] == "running")
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 130
    assert time.monotonic() - begun < hooks.STOP_SECONDS + 2
    assert (home / "told").read_text() == "interrupted ncp was stopped\n"
    assert rows(book, "x")[0]["status"] == "interrupted"


def test_a_stop_gives_a_hook_that_runs_little_time_only(home: Path) -> None:
    told = hook(": > began; sleep 60")
    book = save(home, once(), shell("x", "exit 1", cwd=str(home), on_failure=told))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for((home / "began").exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(hooks.STOP_SECONDS + 3) == 130
    found = ended(book)
    assert found is not None
    assert (found["status"], found["reason"]) == ("interrupted", "ncp was stopped")


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_dead_runners_hook_is_closed_and_ended(home: Path, *, by_hand: bool) -> None:
    values = {"cwd": str(home), "on_failure": hook("echo $$ > pid; exec sleep 60")}
    book = save(home, once(), shell("x", "exit 1", **values))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: (home / "pid").exists() and (home / "pid").read_text())
    found = ended(book)
    assert found is not None
    assert found["status"] == "running"
    process.kill()
    process.wait()
    if by_hand:
        close_dead(book, alive)
    else:
        run_timing(str(home), "t")
    found = ended(book)
    assert found is not None
    assert found["status"] == "interrupted"
    assert rows(book, "x")[0]["status"] == "failure"
    run_timing(str(home), "t")
    assert not is_running(int((home / "pid").read_text()))


def test_a_hook_sees_the_secrets_of_its_task(home: Path) -> None:
    (home / "key").write_text("hunter2\n")
    (home / "key").chmod(0o600)
    install_launcher(home)
    script = f"test $KEY = hunter2 && echo $NCP_STATUS $NCP_DURATION_SECONDS > {home}/told"
    values = {"own": {"KEY": f"file:{home}/key"}, "direct": False, "on_failure": hook(script)}
    save(home, once(), shell("x", "exit 1", **values))
    assert run_timing(str(home), "t") == 1
    assert (home / "told").read_text().startswith("failure 0.")


def test_the_ledger_knows_of_a_hook_before_it_starts(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ncp.runner.running.Running.run_hook", lambda *_: None)
    told, after = hook("true"), (1, 500, 500, 100, 3)
    tasks = shell("x", "exit 1", on_failure=told), shell("y", "exit 1", on_failure=told)
    tasks[1].retries = after
    book = save(home, once(), *tasks)
    thread = threading.Thread(target=lambda: run_timing(str(home), "t"))
    thread.start()
    wait_for(lambda: len(rows(book, "y")) == 2)
    book.execute("UPDATE tasks SET status = 'paused'")
    thread.join(10)
    known = book.execute("SELECT execution_id, status FROM steps").fetchall()
    over = [rows(book, "x")[0]["executionId"], rows(book, "y")[1]["executionId"]]
    assert sorted(known) == sorted((one, "running") for one in over)
