from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.conftest import Ncp

PATIENCE = 30.0


@contextmanager
def running(ncp: Ncp) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon in a process of its own, which ends with the block."""
    program = subprocess.Popen(
        ncp.program("daemon", "run"), env=ncp.environment, stderr=subprocess.PIPE
    )
    try:
        assert program.stderr is not None
        assert b"Firing what is due" in program.stderr.readline()
        yield program
    finally:
        program.kill()
        program.communicate()


def appears(path: Path) -> bool:
    until = time.monotonic() + PATIENCE
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return path.exists()


def started(ncp: Ncp) -> bool:
    """The daemon has its lock and handles signals: it says so in the daily log."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        logs = (ncp.home / "logs").glob("*.log")
        if any("The embedded scheduler started" in log.read_text() for log in logs):
            return True
        time.sleep(0.05)
    return False


def test_a_slot_that_was_missed_is_fired_and_sigterm_stops_cleanly(ncp: Ncp) -> None:
    trace = ncp.user_home / "trace"
    ncp.create("every minute", "touch", str(trace))
    ncp.overdue(1)
    with running(ncp) as program:
        assert appears(trace)
        program.send_signal(signal.SIGTERM)
        assert program.wait(PATIENCE) == 0
    (one,) = ncp("schedule", "executions", "--json").json["executions"]
    assert (one["status"], one["timingId"]) == ("success", "every-minute")


def test_a_task_that_runs_when_the_daemon_stops_is_stopped_too(ncp: Ncp) -> None:
    pid = ncp.user_home / "pid"
    ncp.create("every minute", "sh", "-c", f"echo $$ > {pid}.new; mv {pid}.new {pid}; sleep 600")
    ncp.overdue(1)
    with running(ncp) as program:
        assert appears(pid)
        program.send_signal(signal.SIGTERM)
        assert program.wait(PATIENCE) == 0
    assert not alive(int(pid.read_text()))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_second_daemon_of_one_home_is_refused(ncp: Ncp) -> None:
    ncp.create("hourly")
    with running(ncp):
        assert started(ncp)
        said = subprocess.run(
            ncp.program("daemon", "run"), env=ncp.environment, capture_output=True, check=False
        )
        assert said.returncode == 5
        assert b"is running already" in said.stderr
        assert b"Firing" not in said.stderr


def test_a_home_that_is_not_there_is_made(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    ncp.home.rmdir()
    with running(ncp) as program:
        assert started(ncp)
        assert (ncp.home / "bin" / "ncp").exists()
        program.send_signal(signal.SIGINT)
        assert program.wait(PATIENCE) == 0


def test_beside_another_target_the_daemon_says_how_to_take_over(ncp: Ncp) -> None:
    ncp.create("hourly")
    (ncp.home / "config.toml").write_text('target = "cron"\n')
    program = subprocess.Popen(
        ncp.program("daemon", "run"), env=ncp.environment, stderr=subprocess.PIPE
    )
    try:
        assert program.stderr is not None
        assert b"ncp schedule sync --target embedded" in program.stderr.readline()
    finally:
        program.kill()
        program.communicate()
