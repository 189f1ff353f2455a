"""A change says where nothing will fire what it made."""

from __future__ import annotations

import fcntl
import importlib
import os
import shutil
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab
from ncp import daemon
from ncp.host.locks import is_held
from ncp.process import locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.conftest import Ncp

NOBODY = "Nothing fires until ncp daemon run runs. To mend it: ncp daemon run"
NO_CRON = "No cron daemon runs. To mend it: sudo service cron start"


@pytest.fixture
def served(ncp: Ncp) -> Iterator[subprocess.Popen[str]]:
    """A daemon that fires the home."""
    with ncp.running("daemon", "run") as program:
        until = time.monotonic() + 20
        while not is_held(str(ncp.home / "daemon.lock")) and time.monotonic() < until:
            time.sleep(0.05)
        yield program
        program.kill()


def test_a_task_on_embedded_without_a_daemon_comes_with_a_warning(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "hourly", "--json", "--", "true")
    assert said.json["advice"] == [NOBODY]
    said = ncp("schedule", "create", "daily", "--", "true")
    assert (said.code, NOBODY in said.err) == (0, True)


def test_any_change_that_leaves_something_to_fire_warns(ncp: Ncp) -> None:
    ncp.create("hourly", name="a")
    ncp.create("daily", name="b")
    assert ncp("schedule", "pause", "a", "--json").json["advice"] == [NOBODY]
    assert ncp("schedule", "sync", "--json").json["advice"] == [NOBODY]
    assert ncp("schedule", "pause", "b", "--json").json["advice"] == []


def test_no_warning_comes_while_a_daemon_runs(ncp: Ncp, served: subprocess.Popen[str]) -> None:
    assert ncp("schedule", "create", "hourly", "--json", "--", "true").json["advice"] == []
    assert "ncp daemon run is running." in ncp("doctor").out
    assert served.poll() is None


def test_a_daemon_that_was_killed_is_not_said_to_run(
    ncp: Ncp, served: subprocess.Popen[str]
) -> None:
    served.kill()
    served.wait()
    assert (ncp.home / "daemon.lock").exists()
    assert "Nothing fires until ncp daemon run runs." in ncp("doctor").out
    assert ncp("schedule", "create", "hourly", "--json", "--", "true").json["advice"] == [NOBODY]


@pytest.mark.parametrize(("runs", "advice"), [((), [NO_CRON]), (("crond",), [])])
def test_a_task_on_cron_says_where_its_daemon_is_dead(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, runs: tuple[str, ...], advice: list[str]
) -> None:
    Crontab(ncp, monkeypatch)
    monkeypatch.setattr(
        importlib.import_module("ncp.host.look"), "processes", lambda: frozenset(runs)
    )
    said = ncp("schedule", "create", "hourly", "--json", "--", "true")
    assert said.json["advice"] == advice


@pytest.mark.skipif(not shutil.which("flock"), reason="flock of util-linux takes the lock")
def test_a_lock_is_seen_while_another_program_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_held(str(path))
    assert not path.exists()
    path.touch()
    assert not is_held(str(path))
    with subprocess.Popen(
        ["flock", str(path), "sh", "-c", "echo held; read _"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_held(str(path))
        holder.communicate("\n")
    assert not is_held(str(path))


@pytest.mark.skipif(sys.platform == "win32", reason="locks files as POSIX does")
def test_two_who_look_at_once_do_not_see_each_other(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    with path.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not is_held(str(path))


@pytest.mark.skipif(sys.platform == "win32", reason="locks files as POSIX does")
def test_a_daemon_starts_although_somebody_looks_just_then(tmp_path: Path) -> None:
    path = tmp_path / "daemon.lock"
    path.touch()
    looking = os.open(path, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    assert isinstance(locked(str(path)), str)
    threading.Timer(0.03, os.close, (looking,)).start()
    lock = daemon._lock(str(path))  # noqa: SLF001  serving would need a stop
    assert isinstance(lock, int)
    os.close(lock)


def test_an_uninstall_names_the_daemon_that_goes_on_firing(
    ncp: Ncp, served: subprocess.Popen[str]
) -> None:
    assert f"To remove: kill {served.pid}\n" in ncp("uninstall", "-y").err
    served.kill()
    served.wait()
    assert "kill" not in ncp("uninstall", "-y").err
