"""Calls of a real MCP server, fired by real schedulers."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import servers
from ledgers import printed_by, wait_for
from real.rooms import ncp_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from real.rooms import Room

    Ncp = Callable[..., str]


def schedule_listing(ncp: Ncp, folder: Path, target: str) -> None:
    """Have the real filesystem server list a folder every minute."""
    folder.mkdir()
    (folder / "backup.tar").write_text("x")
    server = servers.filesystem(folder)
    ncp("mcp", "add", server.name, "--", server.command, *server.args)
    call = (
        "--tool",
        f"{server.name}:list_directory",
        "--params",
        json.dumps({"path": str(folder)}),
    )
    ncp("schedule", "create", "every minute", "--target", target, *call)


def executions(ncp: Ncp) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ncp("schedule", "executions", "--json"))["executions"]
    return found


def await_listing(ncp: Ncp) -> None:
    """Wait for the first slot; its result is in `executions` and `show`."""
    wait_for(lambda: any(row["status"] != "running" for row in executions(ncp)), 90)
    found = executions(ncp)[-1]
    assert (found["status"], found["exitCode"], found["reason"]) == ("success", 0, None)
    assert found["slot"] is not None
    assert "[FILE] backup.tar\n" in printed_by(found)
    assert "[FILE] backup.tar" in ncp("schedule", "show", found["executionId"])


@pytest.mark.slow
def test_a_real_systemd_timer_has_a_real_server_list_a_folder(systemd_room: Room) -> None:
    def ncp(*arguments: str) -> str:
        return systemd_room.ncp(*arguments).stdout

    schedule_listing(ncp, systemd_room.home / "backups", "systemd")
    await_listing(ncp)
    left = systemd_room.run("pgrep", "-f", "server-filesystem/dist/index.js", check=False)
    assert left.stdout == ""


@pytest.mark.slow
def test_the_embedded_scheduler_has_a_real_server_list_a_folder(tmp_path: Path) -> None:
    env = {**os.environ, "HOME": str(tmp_path), "NCP_HOME": str(tmp_path / "ncp")}

    def ncp(*arguments: str) -> str:
        argv = [ncp_command(), *arguments]
        return subprocess.run(argv, check=True, capture_output=True, text=True, env=env).stdout

    schedule_listing(ncp, tmp_path / "backups", "embedded")
    with subprocess.Popen([ncp_command(), "daemon", "run"], env=env) as daemon:
        try:
            await_listing(ncp)
        finally:
            daemon.terminate()
