"""Rows for what doctor finds, and the notes of other commands: the line to mend it with."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from advice.following import Case
from advice.machines import modes_count
from cli.crontab import Crontab

if TYPE_CHECKING:
    import pytest

    from cli.conftest import Ncp

A = "ncp schedule create daily --name a -- true"
DOCTOR = "ncp doctor"
LAUNCHER = '"$NCP_HOME/bin/ncp"'
ANY = (0, 1, 4)


def emptied(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crontab that somebody has emptied."""
    crontab = Crontab(ncp, monkeypatch)
    ncp.create("hourly")
    crontab.table.unlink()


def edited(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that somebody has changed."""
    crontab = Crontab(ncp, monkeypatch)
    ncp.create("hourly")
    crontab.table.write_text(crontab.text.replace("0 * * * *", "5 * * * *"))


def restored(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that has come back after its task was deleted."""
    crontab = Crontab(ncp, monkeypatch)
    task = ncp.create("hourly")
    ncp.create("daily")
    text = crontab.text
    ncp("schedule", "delete", task["id"], "-y")
    crontab.table.write_text(text)


def without_daemon(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose cron waits for a sudo, which notes what it is told, to start it."""
    crontab, noted = Crontab(ncp, monkeypatch), ncp.user_home / "told"
    sudo = crontab.folder / "bin" / "sudo"
    sudo.write_text(f'#!/bin/sh\n[ "$1 $3" = "service start" ] && echo "$2" >>{noted}\n')
    sudo.chmod(0o755)
    ncp.create("hourly")

    def running() -> frozenset[str]:
        return frozenset(noted.read_text().split() if noted.exists() else ())

    monkeypatch.setattr(import_module("ncp.host.look"), "processes", running)


def unlimited(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  one shape for all
    """A machine that cannot hold a task to its limits."""
    enforcing = import_module("ncp.host.enforcing")
    monkeypatch.setattr(enforcing, "gaps", lambda *_: ("It cannot be held.",))


CASES: tuple[Case, ...] = (
    Case("doctor.entries:as_wanted#3", DOCTOR, set_up=emptied, about=" missing.", code=ANY),
    Case("doctor.entries:as_wanted#3", DOCTOR, set_up=edited, about="not as wanted.", code=ANY),
    Case("doctor.entries:as_wanted#4", DOCTOR, set_up=restored, about=" not wanted.", code=ANY),
    Case("doctor.arming:_said", "ncp", set_up=emptied, about="Nothing fires"),
    Case(
        "targets.cron.deploy:_trouble#3",
        DOCTOR,
        set_up=without_daemon,
        about="No cron daemon runs.",
        then=("$ «sudo service cron start»", DOCTOR),
        code=ANY,
    ),
    Case(
        "doctor.machine:ledger",
        DOCTOR,
        before=(A, """$ sed -i 's/"0 9 /"0 8 /' "$NCP_HOME/schedule.json\""""),
        about="older than the file",
        code=ANY,
    ),
    Case(
        "doctor.machine:launcher",
        DOCTOR,
        before=(A, f"$ rm {LAUNCHER}"),
        about="so nothing fires",
        code=ANY,
    ),
    Case(
        "doctor.machine:launcher#2",
        DOCTOR,
        before=(A, f"$ echo 'exit 3' > {LAUNCHER}"),
        about="does not run",
        code=ANY,
    ),
    Case(
        "doctor.machine:home",
        DOCTOR,
        before=(A,),
        set_up=modes_count,
        about="may not write",
        code=ANY,
    ),
    Case(
        "doctor.tasks:limits",
        DOCTOR,
        before=("ncp schedule create daily --name a --limit-memory 1GB -- true",),
        set_up=unlimited,
        about="It cannot be held.",
        code=ANY,
    ),
    Case(
        "doctor.servers:_of#3",
        DOCTOR,
        before=(
            "$ touch s; chmod 600 s",
            "ncp mcp add x --env K=file:~/s -- true",
            "ncp schedule create daily --name a --tool x:y --skip-validation",
            "$ rm s",
        ),
        about="cannot be read",
        then=("$ touch s; chmod 600 s", DOCTOR),
        says="Make the file",
        code=ANY,
    ),
)
