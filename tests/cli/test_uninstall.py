from __future__ import annotations

import shutil
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab
from cli.terminal import Terminal

if TYPE_CHECKING:
    from cli.conftest import Ncp


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    return Crontab(ncp, monkeypatch)


def test_every_entry_goes_and_the_schedule_stays(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    ncp.create("0 9 * * *")
    said = ncp("uninstall", "-y")
    assert said.out.splitlines() == ["- daily-9am (cron)", "- hourly (cron)"]
    assert (said.code, crontab.text) == (0, "")
    assert "Removed 2 entries." in said.err
    assert "(the schedule, the ledger of what happened)" in said.err
    assert "To put the entries back: ncp schedule sync" in said.err
    assert ncp("schedule", "sync").out.splitlines() == ["+ daily-9am", "+ hourly"]


def test_what_is_left_is_said_with_the_command_that_removes_it(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    (ncp.home / "logs").mkdir(exist_ok=True)
    ncp("mcp", "add", "files", "--", "true")
    found = ncp("uninstall", "-y", "--json").json
    assert found["removed"] == {"cron": ["hourly"]}
    (home,) = found["left"]
    assert [
        one for one in (str(ncp.home), "MCP servers", "the logs") if one not in home["what"]
    ] == []
    assert home["remove"] == f"rm -r '{ncp.home}'"
    assert crontab.lines == []


def test_entries_of_others_stay(ncp: Ncp, crontab: Crontab) -> None:
    crontab.table.write_text("5 4 * * * /bin/true\n")
    ncp.create("hourly")
    ncp("uninstall", "-y")
    assert crontab.text == "5 4 * * * /bin/true\n"


def test_a_home_that_is_not_there_is_not_made(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    ncp.home.rmdir()
    said = ncp("uninstall", "-y")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("There were no entries.")
    assert not ncp.home.exists()


def test_entries_of_a_home_that_is_gone_are_found_and_removed(
    ncp: Ncp, crontab: Crontab, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncp.create("hourly")
    shutil.rmtree(ncp.home)
    look = import_module("ncp.host.look")
    monkeypatch.setattr(look, "processes", lambda: frozenset({"cron"}))
    said = ncp("uninstall", "-y")
    assert (said.out, crontab.text) == ("- hourly (cron)\n", "")


def test_nobody_to_ask_means_no(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    said = ncp("uninstall")
    assert (said.code, len(crontab.lines)) == (2, 1)
    assert "-y" in said.err


@pytest.mark.parametrize(("answer", "left"), [("n", 1), ("y", 0)])
def test_a_person_is_asked(ncp: Ncp, crontab: Crontab, answer: str, left: int) -> None:
    ncp.create("hourly")
    path = f"{crontab.folder}/bin:{ncp.environment['PATH']}"
    with Terminal(ncp.program("uninstall"), {**ncp.environment, "PATH": path}) as terminal:
        terminal.until("[y/N]")
        terminal.type(answer)
        terminal.rest()
        assert terminal.code == 0
    assert len(crontab.lines) == left


def test_lingering_is_said_to_be_left_on(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = ncp.user_home / "bin"
    programs.mkdir()
    for name, answer in (("systemctl", "echo running"), ("loginctl", "echo Linger=yes")):
        (programs / name).write_text(f"#!/bin/sh\n{answer}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{ncp.environment['PATH']}")
    left = ncp("uninstall", "-y", "--json").json["left"]
    assert left[-1]["remove"] == "loginctl disable-linger"
    assert "lingering" in left[-1]["what"]
