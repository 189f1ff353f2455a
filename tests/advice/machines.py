"""Rows for homes, ledgers and schedulers that are not as they should be."""

from __future__ import annotations

import os
import re
import stat
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from advice.following import Case
from cli.crontab import Crontab

if TYPE_CHECKING:
    from cli.conftest import Ncp

A = "ncp schedule create daily --name a -- true"
LIST = "ncp schedule list"
SYNC = "ncp schedule sync"
LEDGER = '"$NCP_HOME/state.db"'
FILE = '"$NCP_HOME/schedule.json"'


def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crontab program, with an empty table."""
    Crontab(ncp, monkeypatch)


def marked_twice(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crontab in which a block of ncp does not end."""
    table = Crontab(ncp, monkeypatch).table
    ncp.create("hourly")
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:-1]))


def newer(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  one shape for all
    """A ledger of a later version."""
    with ncp.ledger() as book:
        book.execute("PRAGMA user_version = 999")


def elsewhere(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  same
    """A ledger that another machine has used."""
    with ncp.ledger() as book:
        book.execute("UPDATE meta SET value = 'another' WHERE key = 'machine'")


def deaf(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crontab program that takes a table and keeps nothing."""
    table = Crontab(ncp, monkeypatch)
    program = table.folder / "bin" / "crontab"
    program.write_text(program.read_text().replace("cat >table", "cat >/dev/null"))


def refusing(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crontab program that refuses."""
    Crontab(ncp, monkeypatch).refuse()


def forgotten(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry of a home that has lost its document and its ledger."""
    Crontab(ncp, monkeypatch)
    ncp.create("hourly")
    for path in (*ncp.home.glob("state.db*"), ncp.home / "schedule.json"):
        path.unlink()


def modes_count(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user for whom modes count, as they do not for root."""

    def may(path: str, kind: int) -> bool:
        there = Path(path).exists() and not Path(path).stat().st_mode & stat.S_IWUSR
        return not (kind & os.W_OK and there)

    monkeypatch.setattr(os, "access", may)
    ncp.home.chmod(0o500)


def on_a_network(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home on a file system of another machine."""
    homes = import_module("ncp.store.home")
    kind = {ncp.home: "nfs4"}
    monkeypatch.setattr(homes, "_file_system", lambda path: kind.get(path, "ext4"))


def of_another(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that belongs to another user; the proposal is one of this room."""
    if os.getuid() != 0:
        pytest.skip("only root may give a folder away")
    os.chown(ncp.home, 12345, 12345)
    monkeypatch.setattr(import_module("ncp.trust"), "_elsewhere", lambda _: ncp.user_home / "own")


def without_sdk(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python without the SDK of MCP, whose pip notes what it is told to install."""
    python, noted = ncp.user_home / "python", ncp.user_home / "installed"
    python.write_text(f'#!/bin/sh\necho "$@" >>{noted}\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    checking = import_module("ncp.mcp.checking")
    monkeypatch.setattr(checking, "find_spec", lambda _: noted.exists() or None)


def from_the_future(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  same
    """A task that was made while the clock was ahead."""
    text = (ncp.home / "schedule.json").read_text()
    (ncp.home / "schedule.json").write_text(
        re.sub(r'"activeSince": "\d+', '"activeSince": "2090', text)
    )


def another_zone(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  same
    """A machine that has moved."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")


CASES: tuple[Case, ...] = (
    Case(
        "applying.absent:require_there",
        SYNC,
        before=(A, f"$ rm {FILE}"),
        then=("«ncp schedule sync --empty»", SYNC),
    ),
    Case(
        "ledger.schema:damaged",
        LIST,
        before=(A, f"$ rm {LEDGER}*; head -c 9000 /dev/urandom > {LEDGER}"),
    ),
    Case(
        "ledger.schema:_opened",
        SYNC,
        before=(A,),
        set_up=newer,
        then=(f"$ mv {LEDGER} x", SYNC),
        says="Upgrade ncp",
    ),
    Case(
        "store.home:require_same_machine",
        SYNC,
        before=(A,),
        set_up=elsewhere,
        then=("«ncp schedule sync --adopt»", SYNC),
    ),
    Case(
        "store.home:locate",
        LIST,
        before=(A, "export NCP_HOME='a\nb'"),
        then=("export NCP_HOME=/var/tmp/ncp-room", LIST),
        says="Choose another folder.",
    ),
    Case(
        "store.home:locate#2",
        LIST,
        before=("export NCP_HOME=~nobody-here/x",),
        then=("export NCP_HOME=/var/tmp/ncp-room", LIST),
        says="Write the whole path.",
    ),
    Case(
        "targets.cron.table:_damaged",
        "ncp schedule create daily --name b -- true",
        set_up=marked_twice,
        then=(
            "$ printf '0 9 * * * true\\n' | crontab -",
            "ncp schedule create daily --name b -- true",
        ),
        says="crontab -e",
    ),
    Case(
        "applying.choosing:_present",
        "ncp schedule sync --target systemd",
        then=("ncp",),
        says="Run ncp alone",
    ),
    Case(
        "api.upkeep:require_schedule",
        "ncp _timing-run daily",
        before=(A, "export NCP_HOME=/var/tmp/ncp-none"),
        then=("export «NCP_HOME»='../n & c 100%'", "ncp _timing-run daily-9am"),
    ),
    Case(
        "cli.commands.timing_run:command",
        "ncp _timing-run",
        before=(A,),
        fill={"weekdays-9am": "daily-9am"},
    ),
    Case(
        "cli.commands.timing_run:command#2",
        "ncp _timing-run --missed --explain",
        before=(A,),
        fill={"weekdays-9am": "daily-9am"},
    ),
    Case(
        "cli.commands.timing_run:_refuse_what_explains",
        "ncp _timing-run daily-9am --json",
        before=(A,),
        then=("ncp _timing-run daily-9am --json «--explain»",),
    ),
    Case(
        "api.deciding:decision",
        "ncp _timing-run nope --explain",
        before=(A,),
        then=("«ncp schedule list»", "ncp _timing-run daily-9am --explain"),
    ),
    Case(
        "targets.cron.deploy:current",
        A,
        set_up=refusing,
        then=("$ rm fake/refuses", A),
        says="Make that command work first",
    ),
    Case(
        "applying.installing:_require_there",
        A,
        set_up=deaf,
        then=("«ncp doctor»",),
        code=(0, 1, 4),
    ),
    Case(
        "applying.absent:require_known",
        SYNC,
        set_up=forgotten,
        then=("«ncp schedule sync --empty»", SYNC),
    ),
    Case(
        "applying.moving:require_no_copy",
        SYNC,
        before=(A, '$ cp -a "$NCP_HOME" copy', "export NCP_HOME=copy"),
        then=("«ncp schedule sync --adopt»", SYNC),
    ),
    Case("store.home:require_writable", A, set_up=modes_count),
    Case(
        "store.home:require_safe",
        A,
        set_up=on_a_network,
        then=("export «NCP_HOME»=local", A),
    ),
    Case(
        "store.home:prepare",
        A,
        before=("export NCP_HOME=/proc/none/x",),
        then=("export «NCP_HOME»=mine", A),
    ),
    Case(
        "trust:_require_own",
        LIST,
        set_up=of_another,
        then=("«~export NCP_HOME=\\S+own'»", LIST),
    ),
    Case(
        "mcp.checking:require_sdk",
        "ncp mcp test x",
        before=("ncp mcp add x -- true",),
        set_up=without_sdk,
        then=("$ «~\\S+python -m pip install 'ncp-scheduler.mcp.'»", "ncp mcp test x"),
        code=(1,),
    ),
    Case(
        "doctor.machine:begins",
        "ncp doctor",
        before=(A,),
        set_up=from_the_future,
        about="2090",
        code=(0, 1),
    ),
    Case(
        "doctor.machine:zone",
        "ncp doctor",
        before=(A,),
        set_up=another_zone,
        about="Asia/Tokyo",
        code=(0, 1),
    ),
    Case(
        "doctor.entries:orphans#2",
        "ncp doctor",
        before=(A, '$ cp -a "$NCP_HOME" copy', "export NCP_HOME=copy"),
        about="is a copy",
        code=(0, 1),
    ),
)
