from __future__ import annotations

import importlib
import sqlite3
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab

if TYPE_CHECKING:
    from cli.conftest import Ncp


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    monkeypatch.setattr(
        importlib.import_module("ncp.host.look"), "processes", lambda: frozenset({"crond"})
    )
    return Crontab(ncp, monkeypatch)


def test_a_sync_with_nothing_to_do_writes_nothing(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    writes = crontab.writes
    said = ncp("schedule", "sync")
    assert (said.code, said.out) == (0, "")
    assert said.err == "Nothing to do on cron; 1 as wanted.\n"
    assert crontab.writes == writes


def test_a_sync_repairs_what_was_edited_and_removed_by_hand(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    ncp.create("0 9 * * *")
    before = crontab.text
    crontab.table.write_text(before.replace("0 9 * * * /bin", "0 8 * * * /bin"))
    said = ncp("schedule", "sync")
    assert (said.out, crontab.text) == ("~ daily-9am\n", before)
    assert said.err == "Done: 0 added, 1 changed, 0 removed, 1 as wanted on cron.\n"
    crontab.table.unlink()
    assert ncp("schedule", "sync").out.splitlines() == ["+ daily-9am", "+ hourly"]
    assert crontab.text == before


def test_lines_of_others_are_left_byte_for_byte(ncp: Ncp, crontab: Crontab) -> None:
    theirs = b"# mine\r\nMAILTO=ann\n\n5 4 * * * /bin/true # \xff\n"
    crontab.table.write_bytes(theirs)
    ncp.create("hourly", name="a")
    assert theirs in crontab.table.read_bytes()
    ncp("schedule", "delete", "a", "-y")
    assert crontab.table.read_bytes() == theirs


def test_a_target_that_is_asked_for_gets_the_entries_and_the_old_one_loses_them(
    ncp: Ncp, crontab: Crontab
) -> None:
    ncp.create("hourly")
    said = ncp("schedule", "sync", "--target", "embedded")
    assert (said.code, crontab.lines) == (0, [])
    assert "Target: embedded (asked for)." in said.err
    assert 'target = "embedded"' in (ncp.home / "config.toml").read_text()
    assert ncp("schedule", "sync", "--target", "cron").out == "+ hourly\n"
    assert len(crontab.lines) == 1


def test_the_json_lists_what_was_done_and_kept(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    crontab.table.unlink()
    found = ncp("schedule", "sync", "--json").json
    assert (found["target"], found["added"], found["kept"]) == ("cron", ["hourly"], [])
    assert ncp("schedule", "sync", "--json").json["kept"] == ["hourly"]


def test_a_scheduler_that_refuses_is_quoted(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    crontab.refuse()
    said = ncp("schedule", "sync")
    assert said.code == 4
    assert "you are not allowed to use this program" in said.err


def test_an_unknown_target_changes_nothing(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    said = ncp("schedule", "sync", "--target", "sytemd")
    assert said.code == 2
    assert "The targets are systemd" in said.err
    assert len(crontab.lines) == 1


def test_a_home_of_another_machine_is_refused_until_it_is_adopted(ncp: Ncp) -> None:
    ncp.create("hourly")
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("UPDATE meta SET value = 'another' WHERE key = 'machine'")
    book.close()
    said = ncp("schedule", "sync")
    assert said.code == 2
    assert "ncp schedule sync --adopt" in said.err
    assert ncp("schedule", "sync", "--adopt").code == 0
    assert ncp("schedule", "sync").code == 0
