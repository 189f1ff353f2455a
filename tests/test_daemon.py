from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import (
    EVERY_MINUTE,
    calls,
    day_log,
    fake_ncp,
    install_launcher,
    once,
    recurring,
    save,
    shell,
    statuses,
    this_minute,
    wait_for,
)
from ncp import daemon
from ncp.errors import BusyError
from ncp.process import identity, locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SERVE = "import sys; from ncp.daemon import serve; sys.exit(serve(sys.argv[1]))"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start real daemons; those still there at the end are killed."""
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        started.append(
            subprocess.Popen([sys.executable, "-c", SERVE, str(tmp_path)], stderr=subprocess.PIPE)
        )
        return started[-1]

    yield begin
    for one in started:
        one.kill()
        one.communicate()


def stop(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(10)


def test_a_daemon_catches_up_at_its_start_and_stops_cleanly(tmp_path: Path, start: Any) -> None:
    book = save(tmp_path, once(this_minute() - 100), shell("x", "exit 0"))
    install_launcher(tmp_path)
    process = start()
    wait_for(lambda: statuses(book) == {"x": "success"})
    assert stop(process) == 0
    assert "INFO: The embedded scheduler started" in day_log(tmp_path)
    assert "INFO: The embedded scheduler stopped" in day_log(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_a_daemon_stops_runners_and_their_tasks(
    tmp_path: Path, start: Any, number: signal.Signals
) -> None:
    task = shell("x", "echo $$ > pid; sleep 60", cwd=str(tmp_path))
    book = save(tmp_path, once(), task)
    install_launcher(tmp_path)
    process = start()
    wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip())
    process.send_signal(number)
    assert process.wait(10) == 0
    assert statuses(book) == {"x": "interrupted"}
    pid = int((tmp_path / "pid").read_text())
    assert identity.start_of(pid) == ""


def test_a_home_has_one_daemon(tmp_path: Path) -> None:
    lock = locked(str(tmp_path / "daemon.lock"))
    assert isinstance(lock, int)
    try:
        with pytest.raises(BusyError, match=f"as process {os.getpid()}") as caught:
            daemon.serve(str(tmp_path))
    finally:
        os.close(lock)
    assert caught.value.where == str(tmp_path)


class Scripted:
    """A clock that tests move; after its last instant the daemon is told to stop."""

    def __init__(self, *instants: float) -> None:
        self.instants = [*instants]

    def __call__(self) -> float:
        if len(self.instants) > 1:
            return self.instants.pop(0)
        os.kill(os.getpid(), signal.SIGTERM)
        return self.instants[0]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a daemon changes its folder; this puts it back
    monkeypatch.setattr(daemon, "LONGEST_NAP", 0.05)
    return tmp_path


def test_a_daemon_fires_at_each_slot(home: Path) -> None:
    minute = this_minute()
    # The fake claims nothing, so each slot is tried once and not without end.
    fake_ncp(home, "exit 1")
    save(home, recurring(EVERY_MINUTE, since=minute), since=minute)
    times = [(minute + step / 4) * 60 for step in range(24) for _ in range(2)]
    assert daemon.serve(str(home), now=Scripted(*times)) == 0
    fired = calls(home)
    assert set(fired) == {"_timing-run t"}
    assert 3 <= len(fired) <= 5


def test_a_daemon_does_not_fire_while_a_runner_lives(home: Path) -> None:
    minute = this_minute()
    fake_ncp(home, "sleep 20")
    save(home, recurring(EVERY_MINUTE, since=minute), since=minute)
    times = [(minute + step) * 60.0 for step in range(1, 12)]
    assert daemon.serve(str(home), now=Scripted(*times)) == 0
    assert calls(home) == ["_timing-run t"]


def test_a_daemon_fires_again_after_a_clock_was_set_back(home: Path) -> None:
    minute = this_minute()
    fake_ncp(home, "exit 1")
    save(home, recurring(EVERY_MINUTE, since=minute - 100), since=minute - 100)
    times = [minute * 60.0] * 12 + [(minute - 50) * 60.0] * 12
    assert daemon.serve(str(home), now=Scripted(*times)) == 0
    assert len(calls(home)) == 2


def test_a_daemon_compiles_a_changed_document(home: Path) -> None:
    fake_ncp(home, "exit 0")
    save(home, once())
    (home / "schedule.json").write_text("{}")
    daemon.serve(str(home), now=Scripted(time.time()))
    assert calls(home)[0] == "_refresh"


def test_what_a_launcher_says_is_logged(home: Path) -> None:
    fake_ncp(home, "echo it is gone >&2; exit 127")
    now = time.time()
    save(home, once())
    daemon.serve(str(home), now=Scripted(*[now] * 12))
    assert "ERROR: it is gone" in day_log(home)
